//! How a region is drawn from: the best way that its shape and the proposal allow.
//!
//! Each way is a [`Source`] that gives points of the proposal restricted to the region. What is not applicable falls back:
//! on the distribution function for a line, on hit-and-run for a convex region, on rejection for everything else.

use super::ball;
use super::line;
use super::mirror;
use super::noise::NoiseAt;
use super::plane::Plane;
use super::proposal::Proposal;
use super::random::Random;
use super::walk;
use crate::derive::Sampler;

/// Where draws come from.
pub trait Source {
    /// The next point, and how many proposals it took; `None` when none was found within the bound.
    fn next(&mut self, random: &mut Random) -> Option<(Vec<f64>, u64)>;
}

/// What a source is made from.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    pub noise: &'a NoiseAt,
    pub proposal: &'a Proposal,
    /// The plane that the region lies in, where its components have a fixed sum.
    pub plane: Option<&'a Plane>,
}

/// How many proposals one draw may take by rejection.
pub const TRIES: u64 = 100_000;

/// The way that is taken, and its source.
pub fn source<'a>(task: Task<'a>) -> (Sampler, Box<dyn Source + 'a>) {
    let best = Sampler::of(&task.noise.derived);
    // Whatever a region is called, on a line its ends are found by number, and where it is convex at these numbers it can be
    // walked through.
    let without_name = if task.noise.is_line() { Sampler::Inverse } else { Sampler::HitAndRun };
    let named = Some(best).filter(|way| *way != Sampler::Rejection);
    let first = named.into_iter().chain([without_name]).find_map(|way| Some((way, of(way, task)?)));
    first.unwrap_or_else(|| (Sampler::Rejection, Box::new(Rejection(task))))
}

fn of<'a>(way: Sampler, task: Task<'a>) -> Option<Box<dyn Source + 'a>> {
    // Most ways know nothing of a plane.
    if task.plane.is_some() && !matches!(way, Sampler::HitAndRun | Sampler::Rejection | Sampler::Still) {
        return None;
    }
    match way {
        Sampler::All => Some(Box::new(Rejection(task))),
        Sampler::Mirror => Some(Box::new(mirror::Mirror::new(task)?)),
        Sampler::Inverse => Some(Box::new(line::Inverse::new(task)?)),
        Sampler::ByComponent => Some(Box::new(line::ByComponent::new(task)?)),
        Sampler::Direct => ball::direct(task),
        Sampler::HitAndRun => Some(Box::new(walk::Walk::new(task)?)),
        Sampler::Rejection => Some(Box::new(Rejection(task))),
        Sampler::Still => Some(Box::new(Still(task.noise.still()?))),
    }
}

/// Proposals until one falls inside.
pub struct Rejection<'a>(pub Task<'a>);

impl Source for Rejection<'_> {
    fn next(&mut self, random: &mut Random) -> Option<(Vec<f64>, u64)> {
        let Task { noise, proposal, plane } = self.0;
        let propose = |random: &mut Random| {
            let n = proposal.draws(noise.dim(), random);
            plane.map_or(n.clone(), |plane| plane.project(&n))
        };
        (1..=TRIES).find_map(|tries| Some(propose(random)).filter(|n| noise.contains(n)).map(|n| (n, tries)))
    }
}

/// Only the noise that changes nothing.
struct Still(Vec<f64>);

impl Source for Still {
    fn next(&mut self, _: &mut Random) -> Option<(Vec<f64>, u64)> {
        Some((self.0.clone(), 1))
    }
}
