//! Curves over the seeds: at each epoch the median of an arm's runs, and the band that holds the middle half of them.

use std::collections::BTreeSet;

use crate::train::{
    record::{ArmRun, Epoch, Experiment},
    stats::{median, quantile},
};

/// One measure on one part of the data: what one panel of a figure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    TrainLoss,
    TestLoss,
    TrainError,
    TestError,
}

impl Panel {
    pub fn is_loss(self) -> bool {
        matches!(self, Panel::TrainLoss | Panel::TestLoss)
    }

    pub fn is_test(self) -> bool {
        matches!(self, Panel::TestLoss | Panel::TestError)
    }

    fn of(self, epoch: &Epoch) -> Option<f64> {
        match self {
            Panel::TrainLoss => Some(epoch.train_loss),
            Panel::TestLoss => epoch.test_loss,
            Panel::TrainError => Some(epoch.train_error),
            Panel::TestError => epoch.test_error,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub epoch: usize,
    /// The quartiles about a median; infinite where that many runs diverged.
    pub low: f64,
    pub middle: f64,
    pub high: f64,
}

/// One point an epoch that any arm recorded. A run that diverged stays on at +∞, so that the curve does not seem to
/// recover when its worst runs end.
pub fn curve(experiment: &Experiment, arm: &str, panel: Panel) -> Vec<Point> {
    let runs: Vec<&ArmRun> = experiment.runs_of(arm).filter(|r| experiment.is_complete(r)).collect();
    let recorded: BTreeSet<usize> = experiment.runs.iter().flat_map(|r| &r.epochs).map(|e| e.epoch).collect();
    let values = |epoch| runs.iter().filter_map(|r| value(r, epoch, panel)).collect::<Vec<f64>>();
    recorded.into_iter().filter_map(|epoch| point(epoch, &values(epoch))).collect()
}

fn value(run: &ArmRun, epoch: usize, panel: Panel) -> Option<f64> {
    match run.at(epoch) {
        Some(record) => panel.of(record).map(|v| if v.is_finite() { v } else { f64::INFINITY }),
        None if run.stopped.is_some() && epoch > run.last_epoch() => Some(f64::INFINITY),
        None => None,
    }
}

fn point(epoch: usize, values: &[f64]) -> Option<Point> {
    Some(Point { epoch, low: quantile(values, 0.25)?, middle: median(values)?, high: quantile(values, 0.75)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::demo::{self, run};

    #[test]
    fn the_band_holds_the_middle_half_and_divergence_stays() {
        let mut runs: Vec<ArmRun> = (1..=5).map(|s| run("nem", s, &[9.0, s as f64, s as f64])).collect();
        let before = curve(&demo::of(runs.clone()), "nem", Panel::TrainLoss);
        assert_eq!(before[2], Point { epoch: 2, low: 2.0, middle: 3.0, high: 4.0 });
        for run in &mut runs[..2] {
            run.epochs.pop();
            run.stopped = Some("infinite".into());
        }
        let after = curve(&demo::of(runs), "nem", Panel::TrainLoss);
        assert_eq!(after[1], before[1]);
        assert_eq!(after[2], Point { epoch: 2, low: 4.0, middle: 5.0, high: f64::INFINITY });
    }
}
