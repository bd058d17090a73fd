//! Whether the noise helped: each arm against the noiseless one, paired over the seeds.
//!
//! Runs of one seed share their random numbers, so the change is taken seed by seed, and only then the median over the
//! seeds. A run that diverged counts as worse than any number (+∞): leaving it out would flatter the arm.

use serde::{Deserialize, Serialize};

use super::choice::{Choice, choices};
pub use super::difference::{Difference, Reading};
pub use super::measure::{Measure, Unit};
use crate::train::{
    record::{ArmRun, Design, Experiment},
    stats::median,
};

/// The arm without noise that the others are compared with.
pub const BASELINE: &str = "none";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diverged {
    pub seed: u64,
    /// The last epoch with a record.
    pub epoch: usize,
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Level {
    pub measure: Measure,
    /// +∞ when half of the runs or more diverged.
    #[serde(with = "crate::train::lossless_f64")]
    pub median: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmSummary {
    pub arm: String,
    /// `None` with a single design.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<Design>,
    /// Runs that went through or diverged.
    pub runs: usize,
    pub diverged: Vec<Diverged>,
    /// Seeds without a run, or with one that was interrupted: they are in none of the numbers.
    pub missing: Vec<u64>,
    pub levels: Vec<Level>,
    /// The share of the noise that the arm's condition let through: mean over the epochs, median over the seeds. `None` for
    /// arms that select nothing.
    #[serde(default)]
    pub accepted: Option<f64>,
    /// Empty for the baseline, and for every arm when there is no baseline.
    pub differences: Vec<Difference>,
}

impl ArmSummary {
    pub fn level(&self, measure: Measure) -> Option<f64> {
        self.levels.iter().find(|l| l.measure == measure).map(|l| l.median)
    }

    pub fn difference(&self, measure: Measure) -> Option<&Difference> {
        self.differences.iter().find(|d| d.measure == measure)
    }

    /// `nem`, in whatever design.
    pub fn kind(&self) -> &str {
        self.design.as_ref().map_or(&self.arm, |design| &design.arm)
    }

    pub fn is_baseline(&self) -> bool {
        self.kind() == BASELINE
    }
}

/// The arms of an experiment, and each against the noiseless one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Name and unit of the loss and of the error, as the experiment has them.
    pub loss: String,
    pub error: String,
    pub error_is_share: bool,
    pub seeds: Vec<u64>,
    pub epochs: usize,
    pub has_test: bool,
    pub arms: Vec<ArmSummary>,
    /// Which design of each arm did best; empty with a single design.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
}

impl Comparison {
    pub fn new(experiment: &Experiment) -> Self {
        Comparison {
            loss: experiment.loss.clone(),
            error: experiment.error.clone(),
            error_is_share: experiment.error_is_share,
            seeds: experiment.seeds.clone(),
            epochs: experiment.last_epoch(),
            has_test: experiment.has_test(),
            arms: experiment.arms.iter().map(|arm| summary(experiment, arm)).collect(),
            choices: choices(experiment),
        }
    }

    /// Every arm once, whatever its designs.
    pub fn kinds(&self) -> Vec<&str> {
        let mut kinds: Vec<&str> = self.arms.iter().map(ArmSummary::kind).collect();
        kinds.dedup();
        kinds
    }

    pub fn has_designs(&self) -> bool {
        self.arms.iter().any(|arm| arm.design.is_some())
    }

    /// What an arm is compared with.
    pub fn baseline_name(&self) -> String {
        match self.arms.iter().filter(|arm| arm.is_baseline()).count() {
            0 | 1 => BASELINE.into(),
            _ => format!("{BASELINE} at the same rate"),
        }
    }

    pub fn has_baseline(&self) -> bool {
        self.arms.iter().any(ArmSummary::is_baseline)
    }
}

fn summary(experiment: &Experiment, arm: &str) -> ArmSummary {
    let runs: Vec<&ArmRun> = experiment.runs_of(arm).filter(|r| experiment.is_complete(r)).collect();
    let missing = experiment.seeds.iter().copied().filter(|seed| runs.iter().all(|r| r.seed != *seed)).collect();
    let measures = || Measure::ALL.into_iter().filter(|m| is_measured(experiment, *m));
    let seeds = &experiment.seeds;
    let against = baseline(experiment, arm).filter(|against| *against != arm);
    let differences =
        against.map(|from| measures().filter_map(|m| Difference::new(experiment, from, arm, m, seeds)).collect());
    ArmSummary {
        arm: arm.to_string(),
        design: experiment.design(arm).cloned(),
        runs: runs.len(),
        diverged: runs.iter().filter_map(|r| diverged(r)).collect(),
        missing,
        levels: measures().filter_map(|m| level(m, &runs)).collect(),
        accepted: median(&runs.iter().filter_map(|r| r.mean_accepted()).collect::<Vec<_>>()),
        differences: differences.unwrap_or_default(),
    }
}

/// The noiseless arm that an arm is compared with. With several designs it has all the numbers that concern it from the
/// arm's own.
fn baseline<'e>(experiment: &'e Experiment, arm: &str) -> Option<&'e str> {
    let own = experiment.design(arm);
    let fits = |name: &&String| match (experiment.design(name), own) {
        (Some(design), Some(own)) => design.arm == BASELINE && design.values.iter().all(|v| own.values.contains(v)),
        _ => *name == BASELINE,
    };
    experiment.arms.iter().find(fits).map(String::as_str)
}

fn diverged(run: &ArmRun) -> Option<Diverged> {
    let why = run.diverged()?.to_string();
    Some(Diverged { seed: run.seed, epoch: run.last_epoch(), why })
}

/// Whether any run has this measure. Without test data, none has its measures.
pub fn is_measured(experiment: &Experiment, measure: Measure) -> bool {
    experiment.runs.iter().any(|r| measure.of(r).is_some())
}

fn level(measure: Measure, runs: &[&ArmRun]) -> Option<Level> {
    let values: Vec<f64> = runs.iter().map(|r| measure.value(r)).collect();
    median(&values).map(|median| Level { measure, median })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::demo::{self, run};
    use crate::train::record::ArmRun;
    use crate::train::stats::Interval;

    fn difference_of(c: &Comparison, arm: &str, measure: Measure) -> Difference {
        c.arms.iter().find(|a| a.arm == arm).unwrap().difference(measure).unwrap().clone()
    }

    #[test]
    fn the_change_is_taken_seed_by_seed() {
        // Between seeds the loss differs tenfold; within each, the noise halves it.
        let runs = (1..=6).flat_map(|s| {
            let base = 10f64.powi(s as i32);
            [run("none", s, &[base, base]), run("nem", s, &[base, base / 2.0])]
        });
        let found = difference_of(&Comparison::new(&demo::of(runs.collect())), "nem", Measure::MeanTrainLoss);
        assert_eq!((found.median, found.unit, found.better_seeds()), (-50.0, Unit::Percent, 6));
        assert_eq!(found.interval.unwrap(), Interval { low: -50.0, high: -50.0, coverage: 0.96875 });
        assert_eq!(found.reading(), Reading::Better);
    }

    #[test]
    fn interrupted_runs_are_compared_as_far_as_the_shortest_that_had_begun() {
        let diverged = ArmRun { stopped: Some("not a number".into()), ..run("nem", 2, &[1.0, 0.9]) };
        let runs = vec![run("none", 1, &[1.0; 9]), run("nem", 1, &[1.0; 5]), run("none", 2, &[1.0]), diverged];
        let common: Vec<usize> = demo::of(runs).common().runs.iter().map(ArmRun::last_epoch).collect();
        assert_eq!(common, [4, 4, 1], "one that diverged ends no other, and one that never began is left out");
        let finished = demo::of(vec![run("none", 1, &[1.0; 4]), run("none", 2, &[1.0; 4])]);
        assert_eq!(finished.common(), finished);
    }

    #[test]
    fn five_seeds_that_agree_only_seem_to_show_something_and_three_show_nothing() {
        let read = |seeds| {
            let runs = (1..=seeds).flat_map(|s| [run("none", s, &[2.0, 1.0]), run("nem", s, &[2.0, 0.9])]);
            difference_of(&Comparison::new(&demo::of(runs.collect())), "nem", Measure::FinalTrainLoss).reading()
        };
        assert_eq!([read(1), read(3), read(5), read(6)].map(|r| format!("{r:?}")).join(" "), {
            "Unclear Unclear SeemsBetter Better"
        });
    }

    #[test]
    fn a_diverged_run_counts_as_worse_than_any_number() {
        let mut e = demo::boosted(10);
        for seed in [2, 5] {
            let run = e.runs.iter_mut().find(|r| r.arm == "nem" && r.seed == seed).unwrap();
            run.epochs.truncate(3);
            run.stopped = Some("the loss is not a number".into());
        }
        let c = Comparison::new(&e);
        let found = difference_of(&c, "nem", Measure::MeanTrainLoss);
        assert_eq!(found.by_seed.len(), 10);
        assert_eq!(found.interval.unwrap().high, f64::INFINITY);
        assert!(found.median.is_finite() && found.reading() == Reading::Unclear);
        let nem = c.arms.iter().find(|a| a.arm == "nem").unwrap();
        assert_eq!(nem.diverged.iter().map(|d| (d.seed, d.epoch)).collect::<Vec<_>>(), [(2, 2), (5, 2)]);
    }

    #[test]
    fn an_infinite_loss_is_named_even_when_nothing_stopped_the_run() {
        let mut e = demo::boosted(6);
        e.runs.iter_mut().find(|r| r.arm == "blind").unwrap().epochs[40].test_loss = Some(f64::NAN);
        let c = Comparison::new(&e);
        let blind = c.arms.iter().find(|a| a.arm == "blind").unwrap();
        assert_eq!((blind.diverged.len(), blind.diverged[0].seed), (1, 1));
        assert_eq!(blind.difference(Measure::FinalTestLoss).unwrap().by_seed[0].change, f64::INFINITY);
        assert!(blind.difference(Measure::FinalTrainLoss).unwrap().by_seed[0].change.is_finite());
    }

    #[test]
    fn a_baseline_that_diverged_counts_for_the_arm_and_two_make_no_pair() {
        let mut e = demo::boosted(7);
        for (arm, seed) in [("none", 1), ("none", 2), ("nem", 2)] {
            e.runs.iter_mut().find(|r| r.arm == arm && r.seed == seed).unwrap().stopped = Some("infinite".into());
        }
        let found = difference_of(&Comparison::new(&e), "nem", Measure::FinalTestError);
        assert_eq!(found.by_seed.len(), 6);
        assert_eq!(found.by_seed[0].change, f64::NEG_INFINITY);
    }

    #[test]
    fn an_interrupted_run_is_named_and_left_out() {
        let mut e = demo::boosted(6);
        e.runs.iter_mut().find(|r| r.arm == "nem" && r.seed == 4).unwrap().epochs.pop();
        let c = Comparison::new(&e);
        let nem = c.arms.iter().find(|a| a.arm == "nem").unwrap();
        assert_eq!((nem.missing.as_slice(), nem.runs), ([4].as_slice(), 5));
        assert_eq!(nem.difference(Measure::FinalTrainLoss).unwrap().by_seed.len(), 5);
    }

    #[test]
    fn losses_below_zero_are_compared_in_their_own_unit() {
        let runs = (1..=6).flat_map(|s| [run("none", s, &[1.0, -1.0]), run("nem", s, &[1.0, -1.5])]);
        let found = difference_of(&Comparison::new(&demo::of(runs.collect())), "nem", Measure::FinalTrainLoss);
        assert_eq!((found.unit, found.median), (Unit::Own, -0.5));
    }

    #[test]
    fn without_a_baseline_there_are_levels_and_no_differences() {
        let mut e = demo::boosted(6);
        e.arms.retain(|a| a != BASELINE);
        e.runs.retain(|r| r.arm != BASELINE);
        let c = Comparison::new(&e);
        assert!(!c.has_baseline() && c.arms.iter().all(|a| a.differences.is_empty() && a.levels.len() == 5));
    }

    #[test]
    fn every_arm_is_compared_with_the_noiseless_one_of_its_rate() {
        let e = demo::rates(6);
        let c = Comparison::new(&e);
        assert_eq!((c.kinds(), c.baseline_name()), (vec!["none", "nem"], "none at the same rate".into()));
        assert!(c.arms[..3].iter().all(|arm| arm.is_baseline() && arm.differences.is_empty()));
        let medians = [3, 5].map(|at: usize| c.arms[at].difference(Measure::MeanTrainLoss).unwrap().median);
        assert!(medians[0] < -30.0 && medians[1] > 5.0, "{medians:?}");
    }
}
