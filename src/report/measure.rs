//! What is compared between runs, and how a change is expressed.

use serde::{Deserialize, Serialize};

use crate::train::record::ArmRun;

/// What is compared; less is better in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The measure of the papers: training loss, averaged over the epochs from 1 on.
    MeanTrainLoss,
    FinalTrainLoss,
    FinalTestLoss,
    FinalTrainError,
    FinalTestError,
}

impl Measure {
    pub const ALL: [Measure; 5] = [
        Measure::MeanTrainLoss,
        Measure::FinalTrainLoss,
        Measure::FinalTestLoss,
        Measure::FinalTrainError,
        Measure::FinalTestError,
    ];

    pub fn is_loss(self) -> bool {
        !matches!(self, Measure::FinalTrainError | Measure::FinalTestError)
    }

    /// The measure of a run as recorded; `None` without test data or without epochs.
    pub fn of(self, run: &ArmRun) -> Option<f64> {
        match self {
            Measure::MeanTrainLoss => run.mean_train_loss(),
            Measure::FinalTrainLoss => run.last().map(|e| e.train_loss),
            Measure::FinalTestLoss => run.last().and_then(|e| e.test_loss),
            Measure::FinalTrainError => run.last().map(|e| e.train_error),
            Measure::FinalTestError => run.last().and_then(|e| e.test_error),
        }
    }

    /// The measure of a run; +∞ for one that diverged, whatever its last record says.
    pub fn value(self, run: &ArmRun) -> f64 {
        let value = self.of(run).filter(|v| v.is_finite() && run.stopped.is_none());
        value.unwrap_or(f64::INFINITY)
    }
}

/// How a change is expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Relative to the noiseless run of the same seed.
    Percent,
    /// Difference of two shares, in hundredths.
    Points,
    /// Difference in the measure's own unit: for losses that are not positive, such as a negative log-density below 0.
    Own,
}

impl Unit {
    /// The change of one value to another; infinite when just one of them is.
    pub fn change(self, from: f64, to: f64) -> f64 {
        match (from.is_finite(), to.is_finite()) {
            (true, false) => f64::INFINITY,
            (false, true) => f64::NEG_INFINITY,
            _ => match self {
                Unit::Percent => 100.0 * (to - from) / from,
                Unit::Points => 100.0 * (to - from),
                Unit::Own => to - from,
            },
        }
    }
}
