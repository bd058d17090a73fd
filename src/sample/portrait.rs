//! A region as a picture shows it: in two of its dimensions, or Δ, or what else a criterion asks about, along its only one.
//!
//! With more than two dimensions the picture is a slice: the other components are held, or keep the sum where the outcome
//! has one. Everything is looked up by membership, so that it shows the region itself and not its name.

use super::contour::{Contour, contour};
use super::ends::{Interval, ends};
use super::noise::NoiseAt;
use super::plane::Plane;
use super::proposal::Proposal;
use super::random::Random;
use super::scene::Scene;
use super::values::MOST_PIECES;
use super::words::Words;
use crate::expr::print;

pub struct Portrait {
    /// `gaussian, y + n: ball`
    pub title: String,
    /// The numbers of the point, as far as there is room for them.
    pub subtitle: String,
    pub words: &'static Words,
    pub content: Content,
}

pub enum Content {
    Curve(Curve),
    Map(Map),
}

/// A point of a sample, and whether it lies inside.
pub type Point = ((f64, f64), bool);

pub struct Curve {
    pub window: Interval,
    pub curve: Vec<(f64, f64)>,
    pub region: Vec<Interval>,
    pub still: Option<f64>,
    /// (n, what the words speak of)
    pub sample: Vec<Point>,
}

pub struct Map {
    /// Which components, counted from 1.
    pub axes: (usize, usize),
    pub window: (Interval, Interval),
    pub shape: Contour,
    pub still: Option<(f64, f64)>,
    pub centre: Option<(f64, f64)>,
    pub sample: Vec<Point>,
}

/// What a picture shows besides the region.
pub struct View<'a> {
    /// Which two components, counted from 0.
    pub axes: (usize, usize),
    /// Where the other components are held; the noise that changes nothing without it.
    pub held: Option<Vec<f64>>,
    pub proposal: Option<&'a Proposal>,
    pub count: usize,
    pub seed: u64,
}

pub fn portrait(scene: &Scene, noise: &NoiseAt, view: &View) -> Portrait {
    let kind = noise.derived.region.kind.name();
    let content = match noise.is_line() {
        true => Content::Curve(line(noise, view)),
        false => Content::Map(plane(&Slice::new(noise, view), view)),
    };
    Portrait {
        title: format!("{}, {}{}: {kind}", scene.name, print::text(noise.derived.noisy()), noise.words().title),
        subtitle: shortened(&scene.text),
        words: noise.words(),
        content,
    }
}

/// How many characters of a point stand beside each other in a picture.
const WIDTH: usize = 72;

fn shortened(text: &str) -> String {
    let cut = text.char_indices().nth(WIDTH).map(|(at, _)| at);
    cut.map_or(text.to_string(), |at| format!("{}…", &text[..at]))
}

/// The plain proposal, whether inside or not.
fn proposals(dim: usize, view: &View) -> Vec<Vec<f64>> {
    let mut random = Random::new(view.seed, 0);
    let proposal = view.proposal.into_iter().flat_map(|p| std::iter::repeat_n(p, view.count));
    proposal.map(|p| p.draws(dim, &mut random)).collect()
}

const CURVE: i32 = 600;

fn line(noise: &NoiseAt, view: &View) -> Curve {
    let region = ends(noise);
    let sample: Vec<f64> = proposals(1, view).concat();
    let distance = |i: &&Interval| (i.lower.max(-f64::MAX) - noise.middle()[0]).abs();
    let mut near: Vec<&Interval> = region.iter().collect();
    near.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
    let finite = near.iter().take(MOST_PIECES).flat_map(|i| [i.lower, i.upper]).filter(|x| x.is_finite());
    let window = around(finite.chain(sample.iter().copied()).chain([noise.middle()[0]]));
    let n = |i: i32| window.lower + (window.upper - window.lower) * f64::from(i) / f64::from(CURVE);
    let curve = (0..=CURVE).map(|i| (n(i), noise.shown(&[n(i)]))).filter(|(_, d)| d.is_finite()).collect();
    Curve {
        window,
        curve,
        region,
        still: noise.still().map(|s| s[0]),
        sample: sample.into_iter().map(|n| ((n, noise.shown(&[n])), noise.contains(&[n]))).collect(),
    }
}

fn plane(slice: &Slice, view: &View) -> Map {
    let sample: Vec<(f64, f64)> = proposals(2, view).into_iter().map(|p| (p[0], p[1])).collect();
    let centre = slice.noise.centre().map(|c| slice.shadow(&c));
    let still = slice.noise.still().map(|s| slice.shadow(&s));
    let start = slice.shadow(&slice.held);
    let shown: Vec<(f64, f64)> =
        slice.extent(start, scale(&sample, start)).into_iter().chain(centre).chain([start]).collect();
    let window = square(&[shown, most(&sample, start)].concat());
    Map {
        axes: (slice.axes.0 + 1, slice.axes.1 + 1),
        shape: contour(&|x, y| slice.contains(x, y), window),
        window,
        still,
        centre,
        sample: sample.into_iter().map(|(x, y)| ((x, y), slice.contains(x, y))).collect(),
    }
}

/// Two components of the noise, the others held.
struct Slice<'a> {
    noise: &'a NoiseAt,
    axes: (usize, usize),
    held: Vec<f64>,
    plane: Option<Plane>,
}

impl<'a> Slice<'a> {
    fn new(noise: &'a NoiseAt, view: &View) -> Slice<'a> {
        let held = view.held.clone().unwrap_or_else(|| noise.middle());
        Slice { noise, axes: view.axes, held, plane: Plane::of(noise) }
    }

    fn contains(&self, x: f64, y: f64) -> bool {
        let mut n = self.held.clone();
        (n[self.axes.0], n[self.axes.1]) = (x, y);
        let fixed = |k: usize| k == self.axes.0 || k == self.axes.1;
        self.noise.contains(&self.plane.as_ref().map_or(n.clone(), |plane| plane.kept(&n, fixed)))
    }

    fn shadow(&self, n: &[f64]) -> (f64, f64) {
        (n[self.axes.0], n[self.axes.1])
    }

    /// How far the region reaches from a point in 32 directions, no farther than 20 times the scale: the last point inside
    /// of each, of a coarse search.
    fn extent(&self, (x, y): (f64, f64), scale: f64) -> Vec<(f64, f64)> {
        let direction = |i: i32| (std::f64::consts::TAU * f64::from(i) / 32.0).sin_cos();
        let reach = |i: i32| {
            let (sin, cos) = direction(i);
            let at = |k: i32| (x + cos * scale * f64::from(k) / 8.0, y + sin * scale * f64::from(k) / 8.0);
            let inside = (1..=160).map(at).take_while(|p| self.contains(p.0, p.1));
            inside.last().filter(|p| *p != at(160))
        };
        (0..32).filter_map(reach).collect()
    }
}

/// The spread of a sample; without one that of 1, which noise most often has.
fn scale(sample: &[(f64, f64)], (x, y): (f64, f64)) -> f64 {
    let mut distances: Vec<f64> = sample.iter().map(|p| (p.0 - x).abs().max((p.1 - y).abs())).collect();
    distances.sort_by(f64::total_cmp);
    distances.get(distances.len() / 2).copied().filter(|d| *d > 0.0 && d.is_finite()).unwrap_or(1.0)
}

/// The points of a sample but for the two percent farthest out.
fn most(sample: &[(f64, f64)], (x, y): (f64, f64)) -> Vec<(f64, f64)> {
    let distance = |p: &(f64, f64)| (p.0 - x).abs().max((p.1 - y).abs());
    let mut near = sample.to_vec();
    near.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
    near.truncate(sample.len() - sample.len() / 50);
    near
}

/// An interval around numbers, with a margin.
fn around(numbers: impl Iterator<Item = f64>) -> Interval {
    let finite: Vec<f64> = numbers.filter(|x| x.is_finite()).collect();
    let lower = finite.iter().copied().fold(f64::INFINITY, f64::min);
    let upper = finite.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let margin = if upper > lower { 0.12 * (upper - lower) } else { 1.0 };
    Interval { lower: lower - margin, upper: upper + margin }
}

/// A window as wide as it is high, so that balls are round.
fn square(points: &[(f64, f64)]) -> (Interval, Interval) {
    let (x, y) = (around(points.iter().map(|p| p.0)), around(points.iter().map(|p| p.1)));
    let half = ((x.upper - x.lower) / 2.0).max((y.upper - y.lower) / 2.0);
    let about = |i: Interval| {
        let middle = (i.lower + i.upper) / 2.0;
        Interval { lower: middle - half, upper: middle + half }
    };
    (about(x), about(y))
}
