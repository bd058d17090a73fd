//! Central differences of the log-likelihood in f64.

use nemlang::model::EStep;
use nemlang::plan::network::evaluation;

use crate::network::Network;

/// For each parameter: its name, the derived gradient and the measured one, without the coordinates at which a kink (relu,
/// absolute value) lies within the difference's reach: there two step sizes disagree.
pub fn compare(network: &Network, derived: &[(String, Vec<f64>)]) -> Vec<(String, Vec<f64>, Vec<f64>)> {
    let plan = evaluation(&network.model(), EStep::MeanField);
    let slope = |which: usize, at: usize, step: f64| {
        let moved = |sign: f64| {
            let mut parameters = network.parameters.clone();
            parameters[which][at] += sign * step;
            network.log_likelihood(&plan, &parameters)
        };
        (moved(1.0) - moved(-1.0)) / (2.0 * step)
    };
    let compared = derived.iter().enumerate().map(|(which, (name, gradient))| {
        let mut pairs = (vec![], vec![]);
        for (at, derived) in gradient.iter().enumerate() {
            let (coarse, fine) = (slope(which, at, 2e-5), slope(which, at, 1e-5));
            if (coarse - fine).abs() < 1e-6 * (1.0 + fine.abs()) {
                pairs.0.push(*derived);
                // Richardson extrapolation: the error of order h² cancels.
                pairs.1.push((4.0 * fine - coarse) / 3.0);
            }
        }
        (name.clone(), pairs.0, pairs.1)
    });
    compared.filter(|(_, _, measured)| measured.iter().any(|m| m.abs() > 1e-4)).collect()
}
