//! What an audit of the noise comes to: numbers with intervals for every kept epoch, and a verdict in words.

use serde::{Deserialize, Serialize};

use super::comparison::{Comparison, Measure, Reading};
use super::format;
use super::table::aligned;
use crate::train::audit::Found;
use crate::train::stats::mean_and_error;

/// The version of the file's layout; a change that an older reader would misread gets a new number.
pub const SCHEMA: &str = "nem-audit/1";

/// The contents of `audit.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    pub schema: String,
    pub model: String,
    pub data: String,
    pub arms: Vec<ArmAudit>,
    /// One paragraph an arm.
    pub verdict: Vec<String>,
}

/// What was found of one arm, over all seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmAudit {
    pub arm: String,
    pub seeds: Vec<u64>,
    pub epochs: Vec<EpochAudit>,
}

/// What was found at the parameters of one epoch, in nats an example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochAudit {
    pub epoch: usize,
    /// E[ln f(y + n, h | Θₙ) − ln f(y, h | Θₙ)], y and h drawn under the final parameters.
    pub premise: Option<Estimate>,
    /// The same at the data's own y: Q_N − Q.
    pub on_data: Option<Estimate>,
    /// Log-likelihood after a step with the noise, less that after a step without.
    pub promise: Option<Estimate>,
    /// Share of the noise that was used; `None` where the arm uses all of it.
    pub accepted: Option<f64>,
}

/// A mean with its 95 % interval by the normal approximation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    #[serde(with = "crate::train::lossless_f64")]
    pub mean: f64,
    #[serde(with = "crate::train::lossless_f64")]
    pub low: f64,
    #[serde(with = "crate::train::lossless_f64")]
    pub high: f64,
    pub count: usize,
}

/// Half the width of a 95 % interval, in standard errors.
const NORMAL_95: f64 = 1.959_963_984_540_054;

impl Estimate {
    fn of(values: &[f64]) -> Option<Estimate> {
        let (mean, error) = mean_and_error(values)?;
        let half = NORMAL_95 * error;
        Some(Estimate { mean, low: mean - half, high: mean + half, count: values.len() })
    }
}

impl ArmAudit {
    /// Puts the seeds' findings together, epoch by epoch.
    pub fn new(arm: &str, seeds: Vec<u64>, found: &[Vec<Found>]) -> ArmAudit {
        let epochs = found.iter().map(Vec::len).max().unwrap_or(0);
        ArmAudit { arm: arm.into(), seeds, epochs: (0..epochs).filter_map(|at| epoch(found, at)).collect() }
    }

    fn tally(&self, of: impl Fn(&EpochAudit) -> Option<Estimate>) -> Tally {
        let estimates = self.epochs.iter().filter_map(of);
        estimates.fold(Tally::default(), |tally, e| tally.with(&e))
    }
}

fn epoch(found: &[Vec<Found>], at: usize) -> Option<EpochAudit> {
    let all: Vec<&Found> = found.iter().filter_map(|list| list.get(at)).collect();
    let together = |of: fn(&Found) -> &[f64]| {
        let values: Vec<f64> = all.iter().flat_map(|f| of(f)).copied().collect();
        Estimate::of(&values)
    };
    let shares: Vec<f64> = all.iter().filter_map(|f| f.accepted).collect();
    Some(EpochAudit {
        epoch: all.first()?.epoch,
        premise: together(|f| &f.premise),
        on_data: together(|f| &f.on_data),
        promise: together(|f| &f.promise),
        accepted: crate::train::stats::mean(&shares),
    })
}

/// How often an estimate was surely above 0, surely below, and neither.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
    above: usize,
    below: usize,
    level: usize,
}

/// What most of the epochs say.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trend {
    Above,
    Below,
    Neither,
}

impl Tally {
    fn with(self, e: &Estimate) -> Tally {
        match e {
            e if e.low > 0.0 => Tally { above: self.above + 1, ..self },
            e if e.high < 0.0 => Tally { below: self.below + 1, ..self },
            _ => Tally { level: self.level + 1, ..self },
        }
    }

    fn total(self) -> usize {
        self.above + self.below + self.level
    }

    fn trend(self) -> Trend {
        match self.total() {
            0 => Trend::Neither,
            n if 2 * self.above > n => Trend::Above,
            n if 2 * self.below > n => Trend::Below,
            _ => Trend::Neither,
        }
    }

    /// «held at 8 of 10 kept epochs, failed at 1, and cannot be told at 1»
    fn told(self, above: &str, below: &str) -> String {
        let mut parts = vec![format!("{above} at {} of {}", self.above, format::count(self.total(), "kept epoch"))];
        if self.below > 0 {
            parts.push(format!("{below} at {}", self.below));
        }
        if self.level > 0 {
            parts.push(format!("cannot be told from 0 at {}", self.level));
        }
        parts.join(", ")
    }
}

impl Audit {
    /// `comparison` says how each arm ended against the noiseless one.
    pub fn new(model: &str, data: &str, arms: Vec<ArmAudit>, comparison: &Comparison) -> Audit {
        let verdict = arms.iter().map(|arm| paragraph(arm, comparison)).collect();
        Audit { schema: SCHEMA.into(), model: model.into(), data: data.into(), arms, verdict }
    }

    pub fn to_json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// A table an arm.
    pub fn table(&self) -> String {
        self.arms.iter().filter(|arm| !arm.epochs.is_empty()).map(table).collect::<Vec<_>>().join("\n")
    }
}

fn paragraph(arm: &ArmAudit, comparison: &Comparison) -> String {
    if arm.epochs.is_empty() {
        return format!("{}: Every run diverged, and there are no final parameters to look back from.", arm.arm);
    }
    let (premise, on_data, promise) = (arm.tally(|e| e.premise), arm.tally(|e| e.on_data), arm.tally(|e| e.promise));
    let mut sentences = vec![];
    match premise.total() {
        0 => sentences.push("The premise was not looked at: an observed variable has no draw.".to_string()),
        _ => sentences.push(format!(
            "The premise, that the noise makes what the final parameters expect more probable, {}.",
            premise.told("held", "failed")
        )),
    }
    sentences.push(format!("On the data itself, Q_N − Q was {}.", on_data.told("above 0", "below 0")));
    sentences.push(format!(
        "The promise, that a step with the noise raises the likelihood more than one without, was {}.",
        promise.told("kept", "broken")
    ));
    let ended = reading(arm, comparison);
    sentences.extend(ended.map(|r| ending(r).to_string()));
    sentences.push(conclusion(premise.trend(), promise.trend(), ended).to_string());
    format!("{}: {}", arm.arm, sentences.join(" "))
}

fn reading(arm: &ArmAudit, comparison: &Comparison) -> Option<Reading> {
    let summary = comparison.arms.iter().find(|a| a.arm == arm.arm)?;
    summary.difference(Measure::MeanTrainLoss).map(|d| d.reading())
}

fn ending(reading: Reading) -> &'static str {
    match reading {
        Reading::Better => "Over the whole training the loss was lower than without noise.",
        Reading::Worse => "Over the whole training the loss was higher than without noise.",
        Reading::SeemsBetter => "Over the whole training the loss seems to have been lower than without noise.",
        Reading::SeemsWorse => "Over the whole training the loss seems to have been higher than without noise.",
        Reading::Unclear => "Over the whole training the seeds show no difference to none.",
        Reading::Identical => "The whole training was identical to that without noise.",
    }
}

/// Premise, promise and outcome in one sentence.
fn conclusion(premise: Trend, promise: Trend, ended: Option<Reading>) -> &'static str {
    let worse = matches!(ended, Some(Reading::Worse | Reading::SeemsWorse));
    let better = matches!(ended, Some(Reading::Better | Reading::SeemsBetter));
    match (premise, promise) {
        (Trend::Above, Trend::Above) if worse => {
            "The condition held and single steps gained, and training as a whole got worse: the gains did not add up."
        }
        (Trend::Above, Trend::Above) => "The condition held, and the theory's promise was kept.",
        (Trend::Above, _) if worse => "The condition held and training got worse.",
        (Trend::Above, Trend::Below | Trend::Neither) if better => {
            "The condition held and training got better, and not by single steps: the noisy step was not the better one."
        }
        (Trend::Above, Trend::Below) => "The condition held, and the noisy step was the worse one all the same.",
        (Trend::Above, Trend::Neither) => "The condition held, and single steps do not show a gain.",
        (Trend::Below, Trend::Above) => "The condition failed, and the noisy step was the better one all the same.",
        (Trend::Below, Trend::Below) => "The condition failed, and the noisy step was the worse one.",
        (Trend::Below, Trend::Neither) => "The condition failed, and single steps show no difference.",
        (Trend::Neither, Trend::Above) => "Whether the condition held is not clear; the noisy step was the better one.",
        (Trend::Neither, Trend::Below) => "Whether the condition held is not clear; the noisy step was the worse one.",
        (Trend::Neither, Trend::Neither) => "Neither the condition nor a gain can be told from chance here.",
    }
}

fn table(arm: &ArmAudit) -> String {
    let titles = ["epoch", "premise under Θ*", "Q_N − Q on the data", "gain of a noisy step", "noise used"];
    let rows: Vec<Vec<String>> = std::iter::once(titles.map(String::from).to_vec())
        .chain(arm.epochs.iter().map(|e| {
            let used = e.accepted.map_or("–".into(), |share| format!("{:.0} %", 100.0 * share));
            vec![e.epoch.to_string(), told(e.premise), told(e.on_data), told(e.promise), used]
        }))
        .collect();
    let seeds = format::count(arm.seeds.len(), "seed");
    format!("{}, {seeds}: mean and 95 % interval, in nats an example\n\n{}", arm.arm, aligned(&rows, 1))
}

fn told(estimate: Option<Estimate>) -> String {
    estimate.map_or("–".into(), |e| format!("{} ({} to {})", short(e.mean), short(e.low), short(e.high)))
}

/// Three significant digits with a sign.
fn short(x: f64) -> String {
    let digits = match x.abs() {
        0.0 => return "0".into(),
        size if !size.is_finite() => return format!("{x}"),
        size => 2 - size.log10().floor() as i32,
    };
    match digits {
        0..=5 => format!("{x:+.*}", digits as usize),
        ..0 => format!("{x:+.0}"),
        _ => format!("{x:+.2e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::demo;

    /// Found at two epochs with one seed: the mean of each series, with little spread.
    fn audit(premise: f64, promise: f64) -> ArmAudit {
        let around = |mean: f64| vec![mean - 0.1, mean, mean + 0.1];
        let at = |epoch| Found {
            epoch,
            premise: around(premise),
            on_data: around(premise),
            promise: around(promise),
            accepted: Some(0.5),
        };
        ArmAudit::new("nem", vec![1], &[vec![at(0), at(5)]])
    }

    fn verdict(premise: f64, promise: f64) -> String {
        let comparison = Comparison::new(&demo::boosted(6));
        Audit::new("M", "d", vec![audit(premise, promise)], &comparison).verdict.remove(0)
    }

    #[test]
    fn the_interval_is_that_of_the_normal_approximation() {
        let e = Estimate::of(&[1.0, 2.0, 3.0]).unwrap();
        // The standard error of 1, 2, 3 is 1/√3.
        assert!((e.high - e.mean - 1.959_963_984_540_054 / 3f64.sqrt()).abs() < 1e-12 && e.count == 3);
        assert_eq!(Estimate::of(&[1.0]), None);
    }

    #[test]
    fn premise_and_promise_are_told_apart() {
        let told = verdict(1.0, -1.0);
        assert!(
            told.contains("held at 2 of 2 kept epochs") && told.contains("kept at 0 of 2 kept epochs, broken at 2")
        );
        // The demo's arm ends with a lower loss than the noiseless one.
        assert!(told.ends_with("not by single steps: the noisy step was not the better one."), "{told}");
        assert!(verdict(1.0, 1.0).ends_with("the theory's promise was kept."));
        assert!(verdict(-1.0, 1.0).contains("The condition failed"));
        assert!(verdict(0.01, 0.01).ends_with("can be told from chance here."));
    }

    #[test]
    fn an_arm_whose_runs_all_diverged_is_told_so() {
        let comparison = Comparison::new(&demo::boosted(6));
        let audit = Audit::new("M", "d", vec![ArmAudit::new("nem", vec![], &[])], &comparison);
        assert!(audit.table().is_empty() && audit.verdict[0].contains("Every run diverged"));
    }

    #[test]
    fn a_condition_that_held_while_training_got_worse_is_said_to() {
        assert_eq!(
            conclusion(Trend::Above, Trend::Below, Some(Reading::Worse)),
            "The condition held and training got worse."
        );
        assert!(conclusion(Trend::Above, Trend::Above, Some(Reading::Worse)).contains("training as a whole got worse"));
    }

    #[test]
    fn numbers_have_three_digits_and_a_sign() {
        assert_eq!(
            [0.0, 1.2345, -0.001234, 12345.0, 3.2e-9].map(short),
            ["0", "+1.23", "-0.00123", "+12345", "+3.20e-9"]
        );
    }
}
