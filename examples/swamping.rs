//! How often energy rises in an associative memory of which one field has units that are not monotone.
//!
//! Kosko, Audhkhasi and Osoba (2020, section 8) state that recall still descends the energy −x W y where the units of one field
//! have a bounded non-monotone activation, such as e^(−o²/2), if there are enough logistic units in the other field to swamp
//! them. Here random W, steep logistic units x and bell-shaped units y; a pass is y ← e^(−o²/2) with o = Wᵀx, then
//! x ← step(W y).
//!
//! `cargo run --release --example swamping`

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

const BELLS: usize = 10;
const LOGISTIC: &[usize] = &[2, 5, 10, 20, 50, 100, 200, 500, 1000];
const MEMORIES: usize = 1000;
const PASSES: usize = 100;
/// Of the size of the energy: what rounding may make of a change that is none.
const ROUNDING: f64 = 1e-12;

/// W, a row for each logistic unit.
struct Memory {
    rows: Vec<[f64; BELLS]>,
}

struct State {
    x: Vec<bool>,
    y: [f64; BELLS],
}

impl Memory {
    fn random(units: usize, scale: f64, random: &mut impl Rng) -> Memory {
        let mut weight = || scale * random.sample::<f64, _>(StandardNormal);
        Memory { rows: (0..units).map(|_| std::array::from_fn(|_| weight())).collect() }
    }

    fn bells(&self, x: &[bool]) -> [f64; BELLS] {
        let on = || self.rows.iter().zip(x).filter(|(_, on)| **on);
        std::array::from_fn(|j| on().map(|(row, _)| row[j]).sum::<f64>()).map(|o: f64| (-o * o / 2.0).exp())
    }

    fn input(row: &[f64; BELLS], y: &[f64; BELLS]) -> f64 {
        row.iter().zip(y).map(|(w, y)| w * y).sum()
    }

    fn energy(&self, State { x, y }: &State) -> f64 {
        -self.rows.iter().zip(x).filter(|(_, on)| **on).map(|(row, _)| Self::input(row, y)).sum::<f64>()
    }

    fn pass(&self, State { x, .. }: &State) -> State {
        let y = self.bells(x);
        let x = self.rows.iter().map(|row| Self::input(row, &y) > 0.0).collect();
        State { x, y }
    }

    /// Whether the energy rose in any pass, and whether the units came to rest.
    fn run(&self, random: &mut impl Rng) -> (bool, bool) {
        let x: Vec<bool> = self.rows.iter().map(|_| random.random()).collect();
        let mut state = State { y: self.bells(&x), x };
        let mut rose = false;
        for _ in 0..PASSES {
            let next = self.pass(&state);
            let (before, after) = (self.energy(&state), self.energy(&next));
            rose |= after - before > ROUNDING * (1.0 + before.abs());
            if next.x == state.x {
                return (rose, true);
            }
            state = next;
        }
        (rose, false)
    }
}

fn main() {
    println!("{BELLS} bell-shaped units, {MEMORIES} random memories each, at most {PASSES} passes\n");
    println!("{:>14} {:>24} {:>24} {:>24} {:>24}", "", "weights N(0, 1)", "", "weights N(0, 1/n)", "");
    let heads = ["energy rose", "came to rest"];
    println!("{:>14} {:>24} {:>24} {:>24} {:>24}", "logistic units", heads[0], heads[1], heads[0], heads[1]);
    for units in LOGISTIC {
        let shares = [1.0, (*units as f64).powf(-0.5)].map(|scale| shares(*units, scale));
        let cells: String = shares.iter().flatten().map(|share| format!(" {:>22.1} %", 100.0 * share)).collect();
        println!("{units:>14}{cells}");
    }
}

fn shares(units: usize, scale: f64) -> [f64; 2] {
    let mut random = ChaCha8Rng::seed_from_u64(units as u64);
    let ran = Vec::from_iter((0..MEMORIES).map(|_| Memory::random(units, scale, &mut random).run(&mut random)));
    let share = |of: fn(&(bool, bool)) -> bool| ran.iter().filter(|r| of(r)).count() as f64 / MEMORIES as f64;
    [share(|r| r.0), share(|r| r.1)]
}
