//! Annealed importance sampling: ln Z of an energy with its error, and samples of the model.

use super::arm::state;
use super::audit::FAR;
use crate::exec::{Call, Device, Element, ExecError, Program, Streams, run};
use crate::plan::energy::anneal::{BETA, BETA_BEFORE, LOG_NORMALISER, LOG_WEIGHT};

/// What the chains found.
pub struct Annealing {
    /// ln Z, the logarithm of a mean of weights.
    pub log_normaliser: f64,
    /// Its standard error: that of the mean weight, relative to it.
    pub error: f64,
    /// How many chains of equal weight theirs are worth.
    pub effective: f64,
    /// The last value of each output of the program.
    pub last: Vec<Vec<f64>>,
}

/// Runs a program of [`crate::plan::energy::anneal::anneal`] at evenly spaced β.
pub fn anneal<D: Device>(
    device: &D,
    program: &Program,
    start: &[Vec<f64>],
    steps: usize,
    seed: u64,
) -> Result<Annealing, ExecError> {
    let mut state = state(device, program, start)?;
    let streams = Streams::new(seed);
    let mut step = |at: usize, before: f64, beta: f64| {
        let slot = |name: &String| match name.as_str() {
            BETA_BEFORE => before,
            BETA => beta,
            _ => 1.0,
        };
        let slots: Vec<f64> = program.plan().slots.iter().map(slot).collect();
        let call = Call { rows: &[0], step: FAR + at as u64, streams: &streams, feeds: vec![], slots: &slots };
        let outputs = run(device, program, &mut state, call)?;
        let values = |buffer| Ok(device.download(buffer)?.iter().map(|x| x.to_f64()).collect::<Vec<f64>>());
        outputs.iter().map(values).collect::<Result<Vec<_>, ExecError>>()
    };
    let mut last = step(0, 0.0, 0.0)?;
    let weight = output(program, LOG_WEIGHT)?;
    let mut total = vec![0.0; last[weight].len()];
    for at in 1..=steps {
        let beta = |at: usize| at as f64 / steps as f64;
        last = step(at, beta(at - 1), beta(at))?;
        total.iter_mut().zip(&last[weight]).for_each(|(sum, change)| *sum += change);
    }
    let at_zero = last[output(program, LOG_NORMALISER)?][0];
    let (log_mean, error, effective) = log_mean(&total);
    Ok(Annealing { log_normaliser: at_zero + log_mean, error, effective, last })
}

fn output(program: &Program, name: &str) -> Result<usize, ExecError> {
    program.output(name).ok_or_else(|| ExecError::Plan(format!("no output `{name}`")))
}

/// ln of the mean of e^x, its standard error by the delta method, and 1/Σ w² of the weights' shares w.
fn log_mean(log_weights: &[f64]) -> (f64, f64, f64) {
    let largest = log_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = log_weights.iter().map(|x| (x - largest).exp()).collect();
    let count = weights.len() as f64;
    let mean = weights.iter().sum::<f64>() / count;
    let variance = weights.iter().map(|w| (w / mean - 1.0).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    let squares: f64 = weights.iter().map(|w| (w / (mean * count)).powi(2)).sum();
    (largest + mean.ln(), (variance / count).sqrt(), 1.0 / squares)
}
