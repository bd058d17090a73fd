//! Draws from a region: all inside, and distributed as plain rejection would draw them.

use super::super::draw::{Wish, draws};
use super::super::goodness::vectors;
use super::super::method::{Rejection, Source, Task};
use super::super::noise::NoiseAt;
use super::super::plane::Plane;
use super::super::proposal::Proposal;
use super::super::random::Random;
use super::super::values::number;
use super::{Check, Verdict};
use crate::derive::Sampler;
use crate::expr::print;

const COUNT: usize = 500;

/// Below this p-value draws are not believed. Many are looked at, and each always draws the same.
const LEAST: f64 = 1e-4;

pub fn check(noise: &NoiseAt) -> Check {
    let what = format!("draws for {}", print::text(noise.derived.noisy()));
    let plane = Plane::of(noise);
    let Some(proposal) = proposal(noise, plane.as_ref()) else {
        return Check::new(what, Verdict::Skipped, "no proposal reaches the region: it is too thin");
    };
    let found = match draws(noise, &proposal, Wish { count: COUNT, seed: 11, best_of: 1 }) {
        Ok(found) => found,
        Err(problem) => return Check::new(what, Verdict::Failed, problem.message),
    };
    let all_inside = found.noises.iter().all(|n| noise.contains(n));
    let name = found.sampler.words().split(':').next().unwrap_or_default().to_string();
    if matches!(found.sampler, Sampler::Still | Sampler::All) {
        return Check::holds(what, all_inside, name);
    }
    let mut random = Random::new(12, 2);
    let mut source = Rejection(Task { noise, proposal: &proposal, plane: plane.as_ref() });
    let plain: Option<Vec<Vec<f64>>> = (0..COUNT).map(|_| source.next(&mut random).map(|(n, _)| n)).collect();
    let Some(plain) = plain else { return Check::holds(what, all_inside, name) };
    let p = vectors(&found.noises, &plain);
    Check::holds(what, all_inside && p > LEAST, format!("{name}; against rejection p = {}", number(p)))
}

/// A normal proposal about the noise that changes nothing, so wide that rejection reaches the region; the noise that
/// changes nothing may be its only point, which needs no width.
fn proposal(noise: &NoiseAt, plane: Option<&Plane>) -> Option<Proposal> {
    let mean = noise.middle()[0];
    let only = matches!(Sampler::of(&noise.derived), Sampler::Still);
    let reaches = |proposal: &Proposal| {
        let mut random = Random::new(13, 3);
        let propose = |random: &mut Random| {
            let n = proposal.draws(noise.dim(), random);
            plane.map_or(n.clone(), |plane| plane.project(&n))
        };
        (0..400).filter(|_| noise.contains(&propose(&mut random))).count() >= 20
    };
    (0..12).map(|i| Proposal::normal(mean, 0.5f64.powi(i))).find(|p| only || reaches(p))
}
