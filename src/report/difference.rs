//! The change of a measure from one arm to another, taken seed by seed, and what the seeds can show about it.

use serde::{Deserialize, Serialize};

use super::measure::{Measure, Unit};
use crate::train::{
    record::Experiment,
    stats::{Interval, mean_and_error, median, median_interval},
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub seed: u64,
    #[serde(with = "crate::train::lossless_f64")]
    pub change: f64,
}

/// The change of one measure against the baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub measure: Measure,
    pub unit: Unit,
    /// Below 0 is better, +∞ a run that diverged where the baseline did not.
    pub by_seed: Vec<Change>,
    #[serde(with = "crate::train::lossless_f64")]
    pub median: f64,
    /// `None` with a single seed.
    pub interval: Option<Interval>,
    /// Mean and standard error, for who wants to compare with papers that state these.
    pub mean_and_error: Option<(f64, f64)>,
}

/// What the seeds can show about a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reading {
    Better,
    Worse,
    /// All seeds agree, in an interval that covers 90 to 95 %: five seeds can do no more.
    SeemsBetter,
    SeemsWorse,
    /// The interval holds 0, or there are too few seeds for one.
    Unclear,
    /// Not one seed differs.
    Identical,
}

/// Below this coverage, no interval is read as evidence.
const LEAST_COVERAGE: f64 = 0.90;

impl Difference {
    /// What changes from one arm to another with these seeds. `None` when none of them has a run in both arms, or both
    /// diverged with each.
    pub fn new(e: &Experiment, from: &str, to: &str, measure: Measure, seeds: &[u64]) -> Option<Difference> {
        let unit = unit(e, measure);
        let by_seed: Vec<Change> = pairs(e, [from, to], measure, seeds)
            .map(|(seed, from, to)| Change { seed, change: unit.change(from, to) })
            .collect();
        let changes: Vec<f64> = by_seed.iter().map(|c| c.change).collect();
        Some(Difference {
            measure,
            unit,
            median: median(&changes)?,
            interval: median_interval(&changes),
            mean_and_error: mean_and_error(&changes).filter(|(mean, error)| mean.is_finite() && error.is_finite()),
            by_seed,
        })
    }

    pub fn reading(&self) -> Reading {
        if self.by_seed.iter().all(|c| c.change == 0.0) {
            return Reading::Identical;
        }
        match self.interval {
            Some(i) if i.coverage < LEAST_COVERAGE => Reading::Unclear,
            Some(i) if i.high < 0.0 && i.reaches_wanted() => Reading::Better,
            Some(i) if i.low > 0.0 && i.reaches_wanted() => Reading::Worse,
            Some(i) if i.high < 0.0 => Reading::SeemsBetter,
            Some(i) if i.low > 0.0 => Reading::SeemsWorse,
            _ => Reading::Unclear,
        }
    }

    /// How many seeds did better than the baseline.
    pub fn better_seeds(&self) -> usize {
        self.by_seed.iter().filter(|c| c.change < 0.0).count()
    }
}

/// Seed, value in the one arm, value in the other. Two runs that both diverged cannot be told apart and make no pair.
fn pairs<'a>(
    e: &'a Experiment,
    arms: [&'a str; 2],
    measure: Measure,
    seeds: &'a [u64],
) -> impl Iterator<Item = (u64, f64, f64)> + 'a {
    let complete = move |arm, seed| e.run(arm, seed).filter(|r| e.is_complete(r)).map(|r| measure.value(r));
    seeds
        .iter()
        .filter_map(move |seed| Some((*seed, complete(arms[0], *seed)?, complete(arms[1], *seed)?)))
        .filter(|(_, from, to)| from.is_finite() || to.is_finite())
}

/// One unit a measure, for every arm: percent only where every value is positive.
fn unit(experiment: &Experiment, measure: Measure) -> Unit {
    if !measure.is_loss() && experiment.error_is_share {
        return Unit::Points;
    }
    let complete = experiment.runs.iter().filter(|r| experiment.is_complete(r));
    if complete.map(|r| measure.value(r)).all(|v| v > 0.0) { Unit::Percent } else { Unit::Own }
}
