//! Convex regions: hit-and-run (Smith 1984, *Efficient Monte Carlo procedures for generating points uniformly distributed
//! over bounded regions*).
//!
//! From a point inside, a random line; on it the proposal restricted to the chord. The chord is not looked for: a point
//! is drawn from a piece of the line that holds it, and where the point falls outside the piece ends there (for a convex
//! region a chord is one piece). What is accepted has the distribution of the restriction. On a line a gaussian proposal
//! is a gaussian again, truncated to the piece; any other is drawn by slice sampling (Neal 2003) with the same shrinking.
//!
//! The walk forgets its start for `BURN_IN` moves for each component, and gives a point after every `THINNING` of them.

use super::method::{Rejection, Source, Task};
use super::proposal::{Gaussian, Proposal, truncated_normal};
use super::random::Random;
use super::vector::{along, dot, minus, unit};

const BURN_IN: usize = 100;
const THINNING: usize = 10;

/// How often a piece may shrink in one move, and how often it may be stretched before.
const SHRINKS: u64 = 200;
const STEPS: usize = 50;

pub struct Walk<'a> {
    task: Task<'a>,
    at: Vec<f64>,
    scale: f64,
    started: bool,
}

impl<'a> Walk<'a> {
    pub fn new(task: Task<'a>) -> Option<Walk<'a>> {
        let at = if task.noise.is_convex() { start(task)? } else { return None };
        Some(Walk { task, at, scale: task.proposal.scale(), started: false })
    }

    /// One move; how many points were tried.
    fn step(&mut self, random: &mut Random) -> u64 {
        let Some(direction) = self.direction(random) else { return 1 };
        let line = Line { at: &self.at, direction: &direction, proposal: self.task.proposal };
        let found = match self.task.proposal.gaussian {
            Some(g) => line.gaussian(g, |n| self.task.noise.contains(n), random),
            None => line.slice(self.scale, |n| self.task.noise.contains(n), random),
        };
        let Some((t, tries)) = found else { return SHRINKS };
        let next = along(&self.at, t, &direction);
        let next = self.task.plane.map_or(next.clone(), |plane| plane.project(&next));
        if self.task.noise.contains(&next) {
            self.at = next;
        }
        tries
    }

    fn direction(&self, random: &mut Random) -> Option<Vec<f64>> {
        let any = random.normals(self.at.len());
        unit(&self.task.plane.map_or(any.clone(), |plane| plane.flatten(&any)))
    }
}

impl Source for Walk<'_> {
    fn next(&mut self, random: &mut Random) -> Option<(Vec<f64>, u64)> {
        let moves = if self.started { THINNING } else { BURN_IN } * self.at.len();
        self.started = true;
        let tries = (0..moves).map(|_| self.step(random)).sum();
        Some((self.at.clone(), tries))
    }
}

/// A point inside, as deep as is known: the region's centre, a proposal, or the noise that changes nothing.
fn start(task: Task) -> Option<Vec<f64>> {
    let noise = task.noise;
    let onto = |n: Vec<f64>| task.plane.map_or(n.clone(), |plane| plane.project(&n));
    let inside = |n: &Vec<f64>| noise.contains(n) && ln_density(task.proposal, n).is_finite();
    let known = noise.centre().map(onto).filter(inside);
    let proposed = || {
        (0..50).find_map(|i| {
            let mut random = Random::new(i, u32::MAX - 1);
            let n = onto(task.proposal.draws(noise.dim(), &mut random));
            Some(n).filter(inside)
        })
    };
    let still = || noise.still().map(onto).filter(inside);
    known.or_else(proposed).or_else(still).or_else(|| rejected(task))
}

fn rejected(task: Task) -> Option<Vec<f64>> {
    Rejection(task).next(&mut Random::new(0, u32::MAX - 2)).map(|(n, _)| n)
}

fn ln_density(proposal: &Proposal, n: &[f64]) -> f64 {
    n.iter().map(|x| proposal.ln_density(*x)).sum()
}

/// at + t · direction
struct Line<'a> {
    at: &'a [f64],
    direction: &'a [f64],
    proposal: &'a Proposal,
}

impl Line<'_> {
    fn point(&self, t: f64) -> Vec<f64> {
        along(self.at, t, self.direction)
    }

    fn gaussian(&self, g: Gaussian, inside: impl Fn(&[f64]) -> bool, random: &mut Random) -> Option<(f64, u64)> {
        let to_mean = minus(&vec![g.mean; self.at.len()], self.at);
        let middle = dot(&to_mean, self.direction);
        let propose = |lower: f64, upper: f64, u: f64| {
            let standard = |t: f64| (t - middle) / g.deviation;
            middle + g.deviation * truncated_normal(standard(lower), standard(upper), u)
        };
        let piece = (f64::NEG_INFINITY, f64::INFINITY);
        shrink(piece, propose, |t| inside(&self.point(t)), random)
    }

    /// Uniform on the slice of the density above a random level, and inside.
    fn slice(&self, scale: f64, inside: impl Fn(&[f64]) -> bool, random: &mut Random) -> Option<(f64, u64)> {
        let level = ln_density(self.proposal, self.at) + random.uniform().ln();
        let above = |t: f64| ln_density(self.proposal, &self.point(t)) >= level;
        let within = |t: f64| above(t) && inside(&self.point(t));
        let offset = scale * random.uniform();
        let stretch = |from: f64, step: f64| {
            (0..STEPS).map(|i| from + step * i as f64).find(|t| !within(*t)).unwrap_or(from + step * STEPS as f64)
        };
        let piece = (stretch(-offset, -scale), stretch(scale - offset, scale));
        shrink(piece, |lower, upper, u| lower + u * (upper - lower), within, random)
    }
}

/// Draws from the piece; what is refused becomes an end of it. 0 always stays within.
fn shrink(
    (mut lower, mut upper): (f64, f64),
    propose: impl Fn(f64, f64, f64) -> f64,
    accepts: impl Fn(f64) -> bool,
    random: &mut Random,
) -> Option<(f64, u64)> {
    for tries in 1..=SHRINKS {
        let t = propose(lower, upper, random.uniform());
        if accepts(t) {
            return Some((t, tries));
        }
        if t < 0.0 { lower = t } else { upper = t }
    }
    None
}
