//! Which design of an arm did best.
//!
//! The best of several looks better than it is: part of what makes it the best is luck with these seeds. So it is chosen
//! with one half of the seeds, and what it changes is measured with the other half.

use serde::{Deserialize, Serialize};

use super::comparison::{BASELINE, Difference, Measure, is_measured};
use crate::train::{record::Experiment, stats::median};

/// The design of one arm that did best by one measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// `nem`
    pub arm: String,
    pub by: Measure,
    /// How many designs it was chosen from.
    pub among: usize,
    /// As `Comparison::arms` calls it: `nem 0.28`.
    pub best: String,
    /// The noiseless arm that it is compared with, itself the best of its kind; `None` without one, and for itself.
    pub against: Option<String>,
    pub chosen_with: Vec<u64>,
    /// The same seeds as before where there is only one.
    pub measured_with: Vec<u64>,
    pub differences: Vec<Difference>,
}

/// The measures to choose by: one of training, and one of the test set if there is any.
const CHOOSING: [Measure; 2] = [Measure::MeanTrainLoss, Measure::FinalTestError];

/// What is told of every design: the measure of the papers, and those of the test set.
pub const SHOWN: [Measure; 3] = [Measure::MeanTrainLoss, Measure::FinalTestLoss, Measure::FinalTestError];

/// For every arm the best design by each measure. Empty with a single design.
pub fn choices(e: &Experiment) -> Vec<Choice> {
    let mut arms: Vec<&str> = e.designs.iter().map(|design| design.arm.as_str()).collect();
    arms.dedup();
    let measures = CHOOSING.into_iter().filter(|measure| is_measured(e, *measure));
    measures.flat_map(|by| arms.iter().filter_map(move |arm| choice(e, arm, by)).collect::<Vec<_>>()).collect()
}

fn choice(e: &Experiment, arm: &str, by: Measure) -> Option<Choice> {
    let (chosen_with, measured_with) = halves(&e.seeds);
    let best = best(e, arm, by, chosen_with)?;
    let against = if arm == BASELINE { None } else { self::best(e, BASELINE, by, chosen_with) };
    let changed = |from| Measure::ALL.into_iter().filter_map(move |m| Difference::new(e, from, best, m, measured_with));
    Some(Choice {
        arm: arm.into(),
        by,
        among: designs(e, arm).count(),
        best: best.into(),
        against: against.map(String::from),
        chosen_with: chosen_with.to_vec(),
        measured_with: measured_with.to_vec(),
        differences: against.map_or(vec![], |from| changed(from).collect()),
    })
}

/// The seeds to choose with, and those to measure with: the larger half, for the interval.
fn halves(seeds: &[u64]) -> (&[u64], &[u64]) {
    match seeds {
        [_] => (seeds, seeds),
        _ => seeds.split_at(seeds.len() / 2),
    }
}

/// The names of an arm in its designs.
fn designs<'e>(e: &'e Experiment, arm: &str) -> impl Iterator<Item = &'e str> {
    let all = e.arms.iter().zip(&e.designs);
    all.filter(move |(_, design)| design.arm == arm).map(|(name, _)| name.as_str())
}

/// The lowest median; the first of several.
fn best<'e>(e: &'e Experiment, arm: &str, by: Measure, seeds: &[u64]) -> Option<&'e str> {
    let complete = |name, seed: &u64| e.run(name, *seed).filter(|r| e.is_complete(r)).map(|r| by.value(r));
    let level = |name| median(&seeds.iter().filter_map(|seed| complete(name, seed)).collect::<Vec<_>>());
    let levels = designs(e, arm).filter_map(|name| Some((name, level(name)?)));
    levels.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::demo;

    fn by_training(e: &Experiment, arm: &str) -> Choice {
        choices(e).into_iter().find(|c| c.arm == arm && c.by == Measure::MeanTrainLoss).unwrap()
    }

    #[test]
    fn the_best_is_chosen_with_one_half_of_the_seeds_and_measured_with_the_other() {
        let mut e = demo::designs(5);
        // With the seeds that choose, another design is the best.
        for run in e.runs.iter_mut().filter(|r| r.arm == "nem 0.1 cooled 0" && r.seed <= 2) {
            run.epochs.iter_mut().for_each(|epoch| epoch.train_loss = 0.1);
        }
        let found = by_training(&e, "nem");
        assert_eq!((found.best.as_str(), found.among, found.against.as_deref()), ("nem 0.1 cooled 0", 6, Some("none")));
        assert_eq!((&found.chosen_with[..], &found.measured_with[..]), (&[1, 2][..], &[3, 4, 5][..]));
        assert!(found.differences.iter().all(|d| d.by_seed.iter().all(|c| c.seed > 2)));
    }

    #[test]
    fn each_arm_at_its_best_rate_is_compared_with_the_best_without_noise() {
        let e = demo::rates(12);
        assert_eq!((by_training(&e, "none").best, by_training(&e, "none").against), ("none rate 2".into(), None));
        let nem = by_training(&e, "nem");
        assert_eq!((nem.best.as_str(), nem.against.as_deref()), ("nem rate 0.5", Some("none rate 2")));
    }

    #[test]
    fn a_design_that_diverged_is_not_the_best() {
        let mut e = demo::designs(4);
        e.runs.iter_mut().filter(|r| r.arm == "nem 0.4 cooled 1").for_each(|r| r.stopped = Some("infinite".into()));
        assert_ne!(by_training(&e, "nem").best, "nem 0.4 cooled 1");
        assert!(choices(&demo::boosted(4)).is_empty());
    }
}
