//! Central differences of the log-likelihood in f64.

use nemlang::model::EStep;
use nemlang::plan::network::evaluation;

use crate::network::Network;

/// The finer of two steps.
const STEP: f64 = 1e-5;

/// A parameter's derived gradient and the measured one.
pub struct Pair {
    pub name: String,
    pub derived: Vec<f64>,
    pub measured: Vec<f64>,
    /// What rounding of the log-likelihood may make of the measured one.
    pub rounding: f64,
}

/// For each parameter, without the coordinates at which a kink (relu, absolute value) lies within the difference's reach:
/// there two step sizes disagree.
pub fn compare(network: &Network, derived: &[(String, Vec<f64>)]) -> Vec<Pair> {
    let plan = evaluation(&network.model(), EStep::MeanField);
    let slope = |which: usize, at: usize, step: f64| {
        let moved = |sign: f64| {
            let mut parameters = network.parameters.clone();
            parameters[which][at] += sign * step;
            network.log_likelihood(&plan, &parameters)
        };
        (moved(1.0) - moved(-1.0)) / (2.0 * step)
    };
    let height = 1.0 + network.log_likelihood(&plan, &network.parameters).abs();
    let pair = |(which, (name, gradient)): (usize, &(String, Vec<f64>))| {
        let mut pairs = (vec![], vec![]);
        for (at, derived) in gradient.iter().enumerate() {
            let (coarse, fine) = (slope(which, at, 2.0 * STEP), slope(which, at, STEP));
            if (coarse - fine).abs() < 1e-6 * (1.0 + fine.abs()) {
                pairs.0.push(*derived);
                // Richardson extrapolation: the error of order h² cancels.
                pairs.1.push((4.0 * fine - coarse) / 3.0);
            }
        }
        let rounding = (pairs.0.len() as f64).sqrt() * 8.0 * f64::EPSILON * height / STEP;
        Pair { name: name.clone(), derived: pairs.0, measured: pairs.1, rounding }
    };
    derived.iter().enumerate().map(pair).collect()
}
