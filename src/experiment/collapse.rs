//! Whether the weights of the samples of the hidden variables collapse onto a few of them.

use crate::diag::{Diagnostic, codes};
use crate::model::{EStep, Training};
use crate::train::record::{ArmRun, Experiment};
use crate::train::stats::mean;

/// What fewer samples of equal weight than this are worth is no average over the hidden variables.
const LEAST_EFFECTIVE: f64 = 2.0;

/// The share of the samples that should count.
const LEAST_SHARE: f64 = 0.1;

/// A warning where the samples of an arm were worth too few, on average over its epochs and seeds.
pub fn collapse(training: &Training, experiment: &Experiment) -> Option<Diagnostic> {
    let EStep::Importance(count) = training.estep else { return None };
    let least = LEAST_EFFECTIVE.min(count as f64 / 2.0).max(LEAST_SHARE * count as f64);
    let arms = experiment.arms.iter().filter_map(|arm| Some((arm, effective(experiment, arm)?)));
    let (arm, worth) = arms.min_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, worth)| *worth < least)?;
    Some(
        Diagnostic::new(codes::COLLAPSED, "the weights of the samples collapse onto a few of them")
            .at(training.estep_span, format!("{count} samples are worth {worth:.1} of equal weight in the arm {arm}"))
            .note("the gradient is then that of the few hidden values that explain the example best, and jumps with them")
            .help("draw more samples, or write `estep mean_field`; `curves.csv` has the effective sample size of every epoch"),
    )
}

fn effective(experiment: &Experiment, arm: &str) -> Option<f64> {
    let epochs = |run: &ArmRun| run.epochs.iter().filter_map(|e| e.effective).collect::<Vec<_>>();
    mean(&experiment.runs_of(arm).flat_map(epochs).collect::<Vec<_>>())
}
