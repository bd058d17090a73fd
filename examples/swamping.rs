//! How often energy rises in an associative memory of which one field has units that are not monotone.
//!
//! Kosko, Audhkhasi and Osoba (2020, section 8) state that recall still descends the energy −x W y where the units of one field
//! have a bounded non-monotone activation, such as e^(−o²/2), if there are enough logistic units in the other field to swamp
//! them. Here random W, steep logistic units x and bell-shaped units y; a pass is y ← e^(−o²/2) with o = Wᵀx, then
//! x ← step(W y). With steep logistic units in both fields no energy may rise, which tests the test.
//!
//! `cargo run --release --example swamping`, or with the name of an SVG file to draw it into

use std::error::Error;

use plotters::prelude::*;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

const OTHERS: usize = 10;
const LOGISTIC: &[usize] = &[2, 5, 10, 20, 50, 100, 200, 500, 1000];
const MEMORIES: usize = 1000;
const PASSES: usize = 100;
/// Of the size of the energy: what rounding may make of a change that is none.
const ROUNDING: f64 = 1e-12;

type Activation = fn(f64) -> f64;

/// W, a row for each logistic unit, and what the units of the other field do with their inputs.
struct Memory {
    rows: Vec<[f64; OTHERS]>,
    activation: Activation,
}

struct State {
    x: Vec<bool>,
    y: [f64; OTHERS],
}

impl Memory {
    fn random(units: usize, scale: f64, activation: Activation, random: &mut impl Rng) -> Memory {
        let mut weight = || scale * random.sample::<f64, _>(StandardNormal);
        Memory { rows: (0..units).map(|_| std::array::from_fn(|_| weight())).collect(), activation }
    }

    fn answer(&self, x: &[bool]) -> [f64; OTHERS] {
        let on = || self.rows.iter().zip(x).filter(|(_, on)| **on);
        std::array::from_fn(|j| on().map(|(row, _)| row[j]).sum::<f64>()).map(self.activation)
    }

    fn input(row: &[f64; OTHERS], y: &[f64; OTHERS]) -> f64 {
        row.iter().zip(y).map(|(w, y)| w * y).sum()
    }

    fn energy(&self, State { x, y }: &State) -> f64 {
        -self.rows.iter().zip(x).filter(|(_, on)| **on).map(|(row, _)| Self::input(row, y)).sum::<f64>()
    }

    fn pass(&self, State { x, .. }: &State) -> State {
        let y = self.answer(x);
        let x = self.rows.iter().map(|row| Self::input(row, &y) > 0.0).collect();
        State { x, y }
    }

    fn run(&self, random: &mut impl Rng) -> Ran {
        let x: Vec<bool> = self.rows.iter().map(|_| random.random()).collect();
        let mut state = State { y: self.answer(&x), x };
        let mut ran = Ran { passes: 0, rises: 0, rests: false };
        while ran.passes < PASSES && !ran.rests {
            let next = self.pass(&state);
            let (before, after) = (self.energy(&state), self.energy(&next));
            ran.passes += 1;
            ran.rises += usize::from(after - before > ROUNDING * (1.0 + before.abs()));
            ran.rests = next.x == state.x;
            state = next;
        }
        ran
    }
}

struct Ran {
    passes: usize,
    /// The passes after which the energy was higher.
    rises: usize,
    rests: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("n logistic units against {OTHERS} others; {MEMORIES} random memories each, at most {PASSES} passes");
    let (bell, step): (Activation, Activation) = (|o| (-o * o / 2.0).exp(), |o| f64::from(u8::from(o > 0.0)));
    let mut curves = vec![];
    for (title, activation, power) in [
        ("bells, weights N(0, 1)", bell, 0.0),
        ("bells, weights N(0, 1/n)", bell, -0.5),
        ("bells, weights N(0, 1/n²)", bell, -1.0),
        ("logistic units, weights N(0, 1)", step, 0.0),
    ] {
        println!("\n{title}");
        println!("{:>8} {:>22} {:>22} {:>14}", "n", "passes that raise E", "memories where E rose", "came to rest");
        let measured = LOGISTIC.iter().map(|n| (*n, shares(*n, (*n as f64).powf(power), activation)));
        let measured = Vec::from_iter(measured);
        for (n, [rises, rose, rests]) in &measured {
            println!("{n:>8} {rises:>20.1} % {rose:>20.1} % {rests:>12.1} %");
        }
        curves.push((title, measured));
    }
    std::env::args().nth(1).map_or(Ok(()), |file| draw(&file, &curves))
}

/// Of a number of logistic units: the shares in percent of passes that raise E, of memories in which some do, and of those that rest.
type Measured = Vec<(usize, [f64; 3])>;

fn draw(file: &str, curves: &[(&str, Measured)]) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::new(file, (1100, 420)).into_drawing_area();
    root.fill(&WHITE)?;
    let panels = root.split_evenly((1, 2));
    for (panel, (title, at)) in
        panels.iter().zip([("passes that raise the energy", 0), ("memories that come to rest", 2)])
    {
        let mut chart = ChartBuilder::on(panel)
            .caption(title, ("sans-serif", 18))
            .margin(12)
            .margin_right(28)
            .x_label_area_size(42)
            .y_label_area_size(52)
            .build_cartesian_2d((2f64..1000f64).log_scale(), 0f64..105f64)?;
        let whole = &|x: &f64| format!("{x:.0}");
        let mesh = &mut chart.configure_mesh();
        mesh.x_desc("logistic units in the other field").x_label_formatter(whole).y_desc("%").y_label_formatter(whole);
        mesh.light_line_style(WHITE).draw()?;
        for (number, (name, measured)) in curves.iter().enumerate() {
            let colour = [BLACK, RGBColor(0, 114, 178), RGBColor(230, 159, 0), RGBColor(0, 158, 115)][number % 4];
            let points = measured.iter().map(|(n, shares)| (*n as f64, shares[at]));
            chart
                .draw_series(LineSeries::new(points, colour.stroke_width(2)).point_size(3))?
                .label(*name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
        }
        if at == 0 {
            let labels = &mut chart.configure_series_labels();
            labels
                .position(SeriesLabelPosition::UpperRight)
                .border_style(BLACK.mix(0.2))
                .background_style(WHITE)
                .draw()?;
        }
    }
    root.present()?;
    Ok(())
}

fn shares(units: usize, scale: f64, activation: Activation) -> [f64; 3] {
    let mut random = ChaCha8Rng::seed_from_u64(units as u64);
    let mut run = || Memory::random(units, scale, activation, &mut random).run(&mut random);
    let ran = Vec::from_iter((0..MEMORIES).map(|_| run()));
    let sum = |of: fn(&Ran) -> usize| ran.iter().map(of).sum::<usize>() as f64;
    let rises = 100.0 * sum(|r| r.rises) / sum(|r| r.passes);
    let memories = |of: fn(&Ran) -> usize| 100.0 * sum(of) / MEMORIES as f64;
    [rises, memories(|r| r.rises.min(1)), memories(|r| usize::from(r.rests))]
}
