//! Half-spaces: a draw outside is mirrored at the boundary.
//!
//! This samples the restricted proposal exactly when the proposal does not change by mirroring: an even one on a line, a
//! gaussian about the noise that changes nothing in several dimensions, for independent components are isotropic in no
//! other case (Maxwell 1860).

use super::method::{Source, Task};
use super::random::Random;
use super::vector::{along, dot, minus};
use crate::derive::Kind;

pub struct Mirror<'a> {
    task: Task<'a>,
    still: Vec<f64>,
    normal: Vec<f64>,
}

impl<'a> Mirror<'a> {
    pub fn new(task: Task<'a>) -> Option<Mirror<'a>> {
        let noise = task.noise;
        let Kind::HalfSpace { normal } = noise.derived.region.kind else { return None };
        let (still, normal) = (noise.still()?, noise.data(normal));
        let even = still.iter().all(|centre| task.proposal.is_even_about(*centre));
        let isotropic = noise.is_line() || task.proposal.gaussian.is_some();
        let has_side = dot(&normal, &normal) > 0.0 && normal.iter().all(|x| x.is_finite());
        (even && isotropic && has_side).then_some(Mirror { task, still, normal })
    }
}

impl Source for Mirror<'_> {
    fn next(&mut self, random: &mut Random) -> Option<(Vec<f64>, u64)> {
        let n = self.task.proposal.draws(self.task.noise.dim(), random);
        let height = dot(&minus(&n, &self.still), &self.normal);
        let mirrored = along(&n, -2.0 * height.min(0.0) / dot(&self.normal, &self.normal), &self.normal);
        Some((mirrored, 1))
    }
}
