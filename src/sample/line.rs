//! One component: the proposal between the ends of the region, by its distribution function and the inverse.

use super::ends::{Interval, ends, turn};
use super::method::{Source, Task};
use super::proposal::{Proposal, truncated_normal};
use super::random::Random;
use super::values::MOST_PIECES;
use crate::derive::Kind;

/// A proposal with less probability than this inside cannot be told from one with none; a gaussian's tails can.
const LEAST: f64 = 1e-12;

/// Intervals of one component, each with its probability.
struct Pieces<'a> {
    proposal: &'a Proposal,
    pieces: Vec<(Interval, f64)>,
}

impl<'a> Pieces<'a> {
    fn new(proposal: &'a Proposal, intervals: Vec<Interval>) -> Option<Pieces<'a>> {
        let usable = proposal.gaussian.is_some() || proposal.is_invertible();
        let pieces: Vec<(Interval, f64)> =
            intervals.into_iter().map(|i| Some((i, probability(proposal, i)?))).collect::<Option<_>>()?;
        let total: f64 = pieces.iter().map(|(_, p)| p).sum();
        let least = if proposal.gaussian.is_some() { 0.0 } else { LEAST };
        (usable && total > least).then_some(Pieces { proposal, pieces })
    }

    fn draw(&self, random: &mut Random) -> f64 {
        let total: f64 = self.pieces.iter().map(|(_, p)| p).sum();
        let mut left = random.uniform() * total;
        let mut chosen = self.pieces.first();
        for piece in &self.pieces {
            chosen = Some(piece);
            left -= piece.1;
            if left < 0.0 {
                break;
            }
        }
        chosen.map_or(f64::NAN, |(interval, _)| between(self.proposal, *interval, random.uniform()))
    }
}

fn probability(proposal: &Proposal, i: Interval) -> Option<f64> {
    // In the upper tail of a gaussian the lower one's mirror image is the more exact.
    if let Some(g) = proposal.gaussian.filter(|g| i.lower > g.mean) {
        return Some(proposal.cdf(2.0 * g.mean - i.lower)? - proposal.cdf(2.0 * g.mean - i.upper)?);
    }
    Some((proposal.cdf(i.upper)? - proposal.cdf(i.lower)?).max(0.0))
}

/// The quantile of the proposal restricted to an interval.
fn between(proposal: &Proposal, i: Interval, u: f64) -> f64 {
    if let Some(g) = proposal.gaussian {
        let standard = |x: f64| (x - g.mean) / g.deviation;
        return g.mean + g.deviation * truncated_normal(standard(i.lower), standard(i.upper), u);
    }
    let ends = proposal.cdf(i.lower).zip(proposal.cdf(i.upper));
    let x = ends.and_then(|(a, b)| proposal.quantile(a + u * (b - a)));
    x.map_or(f64::NAN, |x| x.clamp(i.lower, i.upper))
}

/// The draw between the ends of a region on a line.
pub struct Inverse<'a>(Pieces<'a>);

impl<'a> Inverse<'a> {
    pub fn new(task: Task<'a>) -> Option<Inverse<'a>> {
        // An angle's region repeats with every turn, and of a list so long the grid may have missed parts.
        if !task.noise.is_line() || turn(task.noise).is_some() {
            return None;
        }
        let pieces = Some(ends(task.noise)).filter(|pieces| pieces.len() <= MOST_PIECES && is_whole(pieces, task))?;
        Pieces::new(task.proposal, pieces).map(Inverse)
    }
}

/// How many proposals a list of pieces is tested with.
const TESTS: usize = 2_000;

/// Whether proposals fall into the region just where they fall into its pieces: the grid on which these were found may have missed
/// some, or a gap in one. What is missed then is drawn less than once in hundreds of times.
fn is_whole(pieces: &[Interval], Task { noise, proposal, .. }: Task) -> bool {
    let mut random = Random::new(0, 0);
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-7 * (1.0 + b.abs());
    (0..TESTS).all(|_| {
        let n = proposal.draws(1, &mut random)[0];
        let listed = pieces.iter().any(|piece| (piece.lower..=piece.upper).contains(&n));
        let at_an_end = || pieces.iter().any(|piece| near(n, piece.lower) || near(n, piece.upper));
        listed == noise.contains(&[n]) || at_an_end()
    })
}

impl Source for Inverse<'_> {
    fn next(&mut self, random: &mut Random) -> Option<(Vec<f64>, u64)> {
        Some((vec![self.0.draw(random)], 1))
    }
}

/// A box: the components do not depend on each other.
pub struct ByComponent<'a>(Vec<Pieces<'a>>);

impl<'a> ByComponent<'a> {
    pub fn new(task: Task<'a>) -> Option<ByComponent<'a>> {
        let noise = task.noise;
        let Kind::Box { lower, upper } = noise.derived.region.kind else { return None };
        let open = |end: f64| vec![end; noise.dim()];
        let lower = lower.map_or(open(f64::NEG_INFINITY), |e| noise.data(e));
        let upper = upper.map_or(open(f64::INFINITY), |e| noise.data(e));
        let sides = lower.into_iter().zip(upper).map(|(lower, upper)| Interval { lower, upper });
        let pieces = sides.map(|side| Pieces::new(task.proposal, vec![side])).collect::<Option<Vec<_>>>()?;
        noise.derived.region.support.is_empty().then_some(ByComponent(pieces))
    }
}

impl Source for ByComponent<'_> {
    fn next(&mut self, random: &mut Random) -> Option<(Vec<f64>, u64)> {
        Some((self.0.iter().map(|pieces| pieces.draw(random)).collect(), 1))
    }
}
