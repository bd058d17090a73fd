//! The gradient of `importance(M)` against the exact one, and how far that of mean field is from both.
//!
//! The estimate of [K] (102)-(113) is a quotient of means: its error falls as M^−½, and its bias as 1/M.

use serde_json::json;

use super::compare::{angle, distance, norm, short};
use super::marginal::States;
use super::numbers::{Numbers, outputs};
use super::written::Written;
use crate::exec::{Dfdx, ExecError, Program};
use crate::model::EStep;
use crate::plan::estep::hidden_nodes;
use crate::plan::network::gradients;
use crate::sample::{Check, Verdict, number};

/// How many samples, and how many gradients of each number of samples.
const COUNTS: [usize; 4] = [10, 40, 160, 640];
const MOST: usize = COUNTS[COUNTS.len() - 1];
const RUNS: usize = 32;

/// The same where there is no sum over states to compare with.
const MANY: usize = 2560;
const MANY_RUNS: usize = 64;

/// How many standard errors the mean of the gradients may be from what it estimates.
const ERRORS: f64 = 5.0;

/// What so many samples have to be worth for the law to have begun. Of two numbers of samples the larger is then worth
/// four times as much, and enough for the bias to hide behind the standard error.
const LEAST: f64 = 5.0;

/// How far the fitted slope may be from −½, beside three of its standard errors: at few samples the law is not yet one.
const SLACK: f64 = 0.1;

/// Gradients of several runs, each of all parameters in one list.
struct Runs(Vec<Vec<f64>>);

impl Runs {
    /// In f32, as training has it: the errors of sampling are thousands of times larger. `first` names the random numbers.
    fn new(numbers: &Numbers, count: usize, runs: usize, first: usize) -> Result<Runs, ExecError> {
        let program = Program::new(gradients(numbers.model, EStep::Importance(count)))?;
        let device = Dfdx::cpu();
        let one = |run| outputs(&device, &program, &numbers.at((first + run) as u64));
        (0..runs).map(|run| Ok(one(run)?.concat())).collect::<Result<_, ExecError>>().map(Runs)
    }

    fn mean(&self) -> Vec<f64> {
        let size = self.0.first().map_or(0, Vec::len);
        (0..size).map(|i| self.0.iter().map(|run| run[i]).sum::<f64>() / self.0.len() as f64).collect()
    }

    /// Root-mean-square distance, and the standard error of its logarithm.
    fn error(&self, from: &[f64]) -> (f64, f64) {
        let squares: Vec<f64> = self.0.iter().map(|run| distance(run, from).powi(2)).collect();
        let count = squares.len() as f64;
        let mean = squares.iter().sum::<f64>() / count;
        let variance = squares.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (mean.sqrt(), (variance / count).sqrt() / (2.0 * mean))
    }

    /// The standard error of the mean, over all components together.
    fn standard_error(&self) -> f64 {
        let (spread, _) = self.error(&self.mean());
        spread / ((self.0.len() - 1) as f64).sqrt()
    }
}

/// How the error of the estimates falls with the number of their samples.
pub struct Law {
    /// Root-mean-square errors relative to the target, for each number of samples.
    pub errors: Vec<f64>,
    /// Of ln error against ln M and its standard error, fitted with weights where the samples are worth enough; `None`
    /// where fewer than two numbers of samples are.
    pub slope: Option<(f64, f64)>,
    /// What the most samples are worth.
    pub worth: f64,
    /// How far the mean of the estimates with most samples is from the target: in standard errors, and one of these
    /// relative to the target.
    pub standard_errors: f64,
    pub standard_error: f64,
}

impl Law {
    /// `worth` is what one sample is worth.
    pub fn new(numbers: &Numbers, target: &[f64], worth: f64) -> Result<Law, ExecError> {
        let runs = COUNTS.iter().map(|count| Runs::new(numbers, *count, RUNS, 0));
        let runs = runs.collect::<Result<Vec<_>, _>>()?;
        let errors: Vec<(f64, f64)> = runs.iter().map(|r| r.error(target)).collect();
        let enough = errors.iter().zip(COUNTS).filter(|(_, m)| *m as f64 * worth >= LEAST);
        let point = |((rms, error), m): (&(f64, f64), usize)| ((m as f64).ln(), rms.ln(), error.powi(-2));
        let points: Vec<(f64, f64, f64)> = enough.map(point).collect();
        let most = &runs[COUNTS.len() - 1];
        let standard_error = most.standard_error();
        Ok(Law {
            errors: errors.iter().map(|(rms, _)| rms / norm(target)).collect(),
            slope: (points.len() > 1).then(|| fitted(&points)),
            worth: worth * MOST as f64,
            standard_errors: distance(&most.mean(), target) / standard_error,
            standard_error: standard_error / norm(target),
        })
    }

    /// What cannot be judged, for there is nothing exact to compare with, is a figure.
    fn slope(&self, is_exact: bool) -> Check {
        let what = "importance against M";
        let listed: Vec<String> = self.errors.iter().zip(COUNTS).map(|(e, m)| format!("{m}: {}", short(*e))).collect();
        let listed = listed.join(", ");
        let figures = json!({
            "samples": COUNTS, "runs": RUNS, "errors": self.errors,
            "slope": self.slope.map(|s| s.0), "standard_error": self.slope.map(|s| s.1),
        });
        let Some((slope, error)) = self.slope else {
            let why = format!("{listed}: {MOST} samples are worth {}, too few", decimals(self.worth));
            return Check::new(what, Verdict::Skipped, why).with(figures);
        };
        let verdict = match (slope + 0.5).abs() <= 3.0 * error + SLACK {
            true => Verdict::Ok,
            false if is_exact => Verdict::Failed,
            false => Verdict::Measured,
        };
        let detail = format!("{listed}; slope {} ± {}", decimals(slope), decimals(error));
        Check::new(what, verdict, detail).with(figures)
    }

    fn mean(&self) -> Check {
        let Law { standard_errors, standard_error, .. } = *self;
        let detail = format!(
            "of {RUNS} with {MOST} samples, {} standard errors of {} from the exact one",
            decimals(standard_errors),
            short(standard_error)
        );
        let figures = json!({ "standard_errors": standard_errors, "standard_error": standard_error });
        Check::holds("importance on average", standard_errors <= ERRORS, detail).with(figures)
    }
}

/// The slope of weighted points (x, y, weight), and its standard error.
fn fitted(points: &[(f64, f64, f64)]) -> (f64, f64) {
    let total: f64 = points.iter().map(|(_, _, w)| w).sum();
    let mean = |of: fn(&(f64, f64, f64)) -> f64| points.iter().map(|p| p.2 * of(p)).sum::<f64>() / total;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let spread: f64 = points.iter().map(|p| p.2 * (p.0 - x).powi(2)).sum();
    (points.iter().map(|p| p.2 * (p.0 - x) * (p.1 - y)).sum::<f64>() / spread, spread.sqrt().recip())
}

pub fn checks(numbers: &Numbers, states: &States) -> Result<Vec<Check>, ExecError> {
    if hidden_nodes(numbers.model).next().is_none() {
        return Ok(vec![]);
    }
    if let Some((node, _)) = hidden_nodes(numbers.model).find(|(_, i)| i.likelihood.draw.is_none()) {
        let why = format!("{} cannot be drawn", node.name);
        return Ok(vec![Check::new("importance against M", Verdict::Skipped, why)]);
    }
    let rows = if let States::Finite { rows, .. } = states { *rows } else { numbers.examples.rows() };
    let numbers = numbers.first(rows);
    let target = Target::new(&numbers, states)?;
    if norm(&target.gradient) == 0.0 {
        return Ok(vec![Check::new("importance against M", Verdict::Skipped, "the gradient is 0")]);
    }
    let law = Law::new(&numbers, &target.gradient, target.worth)?;
    let mean = (target.is_exact && law.slope.is_some()).then(|| law.mean());
    let apart = apart(&numbers.gradient(EStep::MeanField)?.concat(), &target);
    Ok(std::iter::once(law.slope(target.is_exact)).chain(mean).chain([apart]).collect())
}

/// What the estimates are compared with.
struct Target {
    gradient: Vec<f64>,
    is_exact: bool,
    /// What one sample is worth; 1 where nobody knows.
    worth: f64,
    words: String,
}

impl Target {
    /// The sum over all states, or the mean of many samples.
    fn new(numbers: &Numbers, states: &States) -> Result<Target, ExecError> {
        if let States::Finite { .. } = states {
            let gradient = numbers.gradient(EStep::Exact)?.concat();
            let worth = Written::new(numbers.model).worth(&numbers.parameters, &numbers.examples);
            return Ok(Target { gradient, is_exact: true, worth, words: "the exact one".into() });
        }
        let runs = Runs::new(numbers, MANY, MANY_RUNS, RUNS)?;
        let gradient = runs.mean();
        let error = short(runs.standard_error() / norm(&gradient));
        let words = format!("the mean of {MANY_RUNS} with {MANY} samples, known to {error}");
        Ok(Target { gradient, is_exact: false, worth: 1.0, words })
    }
}

fn apart(mean_field: &[f64], target: &Target) -> Check {
    let (degrees, ratio) = (angle(mean_field, &target.gradient), norm(mean_field) / norm(&target.gradient));
    let detail = format!("{}° from and {} times as long as {}", decimals(degrees), decimals(ratio), target.words);
    Check::new("mean field", Verdict::Measured, detail).with(json!({ "degrees": degrees, "ratio": ratio }))
}

fn decimals(x: f64) -> String {
    number((x * 1e3).round() / 1e3)
}
