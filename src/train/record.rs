//! What a training run leaves behind: one record an epoch, one run an arm and seed, one experiment a program.

use serde::{Deserialize, Serialize};

use super::stats::mean;

/// The measures after one epoch; epoch 0 is before training.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    pub epoch: usize,
    /// Mean loss an example, in the unit that `Experiment::loss` names.
    #[serde(with = "super::lossless_f64")]
    pub train_loss: f64,
    #[serde(with = "super::lossless_option", default)]
    pub test_loss: Option<f64>,
    /// A share from 0 to 1 when `Experiment::error_is_share`, else in the unit of the data.
    #[serde(with = "super::lossless_f64")]
    pub train_error: f64,
    #[serde(with = "super::lossless_option", default)]
    pub test_error: Option<f64>,
    /// Share of the noise draws that met the condition; `None` for arms without one.
    #[serde(with = "super::lossless_option", default)]
    pub accepted: Option<f64>,
    /// How many samples of equal weight the samples of the hidden variables were worth on average; `None` without samples.
    #[serde(with = "super::lossless_option", default)]
    pub effective: Option<f64>,
}

/// An arm, and what sets it apart from the others of its name where a program compares several designs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Design {
    /// `nem`, where the whole is called `nem 0.28 cooled 1`.
    pub arm: String,
    /// `sigma` and 0.28, `cooled` and 1: what varies and concerns this arm, in the order of the program.
    pub values: Vec<(String, f64)>,
}

/// One arm trained from one seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmRun {
    /// As `Experiment::arms` has it.
    pub arm: String,
    pub seed: u64,
    /// In ascending order; not every epoch needs a record.
    pub epochs: Vec<Epoch>,
    /// Why the run diverged, if it did; the epochs then end early.
    pub stopped: Option<String>,
    /// Wall-clock time.
    pub seconds: f64,
}

impl ArmRun {
    pub fn last(&self) -> Option<&Epoch> {
        self.epochs.last()
    }

    /// The number of the last epoch recorded; 0 when nothing was trained.
    pub fn last_epoch(&self) -> usize {
        self.last().map_or(0, |e| e.epoch)
    }

    /// Mean of the training loss over the epochs from 1 on: the area under the training curve, an epoch.
    pub fn mean_train_loss(&self) -> Option<f64> {
        let losses: Vec<f64> = self.epochs.iter().filter(|e| e.epoch > 0).map(|e| e.train_loss).collect();
        mean(&losses)
    }

    /// The share of noise accepted, over the epochs that drew some; `None` when no arm's condition was asked.
    pub fn mean_accepted(&self) -> Option<f64> {
        let shares: Vec<f64> = self.epochs.iter().filter_map(|e| e.accepted).collect();
        mean(&shares)
    }

    /// Why the run diverged: as it was stopped, or because what it ends with is not finite.
    pub fn diverged(&self) -> Option<&str> {
        let last =
            self.last().into_iter().flat_map(|e| [Some(e.train_loss), e.test_loss, Some(e.train_error), e.test_error]);
        let ends = last.chain([self.mean_train_loss()]).flatten().all(f64::is_finite);
        self.stopped.as_deref().or((!ends).then_some("a measure is infinite or not a number"))
    }

    pub fn at(&self, epoch: usize) -> Option<&Epoch> {
        self.epochs.binary_search_by_key(&epoch, |e| e.epoch).ok().map(|i| &self.epochs[i])
    }
}

/// An energy that was trained before a network, with one seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pretrained {
    pub model: String,
    /// The layers that start from it.
    pub layers: Vec<String>,
    pub seed: u64,
    pub epochs: usize,
    /// Root-mean-square error of what it reconstructs, in the unit of the data.
    #[serde(with = "super::lossless_f64")]
    pub error_before: f64,
    #[serde(with = "super::lossless_f64")]
    pub error_after: f64,
    /// Wall-clock time.
    pub seconds: f64,
}

/// Every run of one `train` statement. Runs of one seed share their initial parameters, batches and random numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    pub model: String,
    pub data: String,
    /// Name and unit of the loss, such as `cross-entropy (nats)`.
    pub loss: String,
    /// `error rate`, or `root-mean-square error`.
    pub error: String,
    pub error_is_share: bool,
    /// In the order that tables and plots show them; with several designs each arm in each of them, under names of their
    /// own.
    pub arms: Vec<String>,
    /// What each of `arms` is; empty with a single design.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub designs: Vec<Design>,
    pub seeds: Vec<u64>,
    pub runs: Vec<ArmRun>,
    /// Seed by seed, from the data upwards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pretraining: Vec<Pretrained>,
}

impl Experiment {
    pub fn run(&self, arm: &str, seed: u64) -> Option<&ArmRun> {
        self.runs.iter().find(|r| r.arm == arm && r.seed == seed)
    }

    /// The runs of one arm, in the order of the seeds.
    pub fn runs_of<'a>(&'a self, arm: &'a str) -> impl Iterator<Item = &'a ArmRun> {
        self.seeds.iter().filter_map(move |seed| self.run(arm, *seed))
    }

    /// What an arm is; `None` with a single design.
    pub fn design(&self, arm: &str) -> Option<&Design> {
        self.arms.iter().zip(&self.designs).find(|(name, _)| *name == arm).map(|(_, design)| design)
    }

    /// The names of all that varies, in the order of the program.
    pub fn varied(&self) -> Vec<&str> {
        let longest = self.designs.iter().max_by_key(|design| design.values.len());
        longest.map_or(vec![], |design| design.values.iter().map(|(name, _)| name.as_str()).collect())
    }

    /// The last epoch that any run reached.
    pub fn last_epoch(&self) -> usize {
        self.runs.iter().map(ArmRun::last_epoch).max().unwrap_or(0)
    }

    /// Whether the run went through every epoch, or diverged: what did neither was interrupted and cannot be compared.
    pub fn is_complete(&self, run: &ArmRun) -> bool {
        run.stopped.is_some() || run.last_epoch() == self.last_epoch()
    }

    /// What can be compared where runs were interrupted: those that had begun, as far as the shortest of them. Without
    /// interruption everything.
    pub fn common(&self) -> Experiment {
        let begun = |run: &&ArmRun| run.stopped.is_some() || run.last_epoch() > 0;
        let ends = self.runs.iter().filter(|run| run.stopped.is_none()).filter(begun).map(ArmRun::last_epoch);
        let common = ends.min().unwrap_or(self.last_epoch());
        let until = |run: &ArmRun| {
            let epochs = run.epochs.iter().filter(|epoch| epoch.epoch <= common).cloned().collect();
            ArmRun { epochs, ..run.clone() }
        };
        let interrupted = self.runs.iter().any(|run| !self.is_complete(run));
        let runs = if interrupted { self.runs.iter().filter(begun).map(until).collect() } else { self.runs.clone() };
        Experiment { runs, ..self.clone() }
    }

    pub fn has_test(&self) -> bool {
        self.runs.iter().flat_map(|r| &r.epochs).any(|e| e.test_loss.is_some() || e.test_error.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(epoch: usize, train_loss: f64) -> Epoch {
        Epoch {
            epoch,
            train_loss,
            test_loss: None,
            train_error: 0.5,
            test_error: None,
            accepted: None,
            effective: None,
        }
    }

    #[test]
    fn the_mean_leaves_out_the_epoch_before_training() {
        let epochs = vec![epoch(0, 100.0), epoch(1, 3.0), epoch(2, 1.0)];
        let run = ArmRun { arm: "none".into(), seed: 1, epochs, stopped: None, seconds: 0.0 };
        assert_eq!(run.mean_train_loss(), Some(2.0));
        assert_eq!(ArmRun { epochs: vec![epoch(0, 1.0)], ..run }.mean_train_loss(), None);
    }

    #[test]
    fn numbers_that_json_lacks_survive_a_file() {
        let there = Epoch { test_loss: Some(f64::NEG_INFINITY), ..epoch(3, f64::INFINITY) };
        let text = serde_json::to_string(&there).unwrap();
        assert!(text.contains(r#""train_loss":"inf""#) && text.contains(r#""test_error":null"#), "{text}");
        assert_eq!(serde_json::from_str::<Epoch>(&text).unwrap(), there);
        let nan = serde_json::to_string(&epoch(1, f64::NAN)).unwrap();
        assert!(serde_json::from_str::<Epoch>(&nan).unwrap().train_loss.is_nan());
    }
}
