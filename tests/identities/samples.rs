//! The gradients of `importance(M)` against the exact one, over many networks.

use nemlang::model::EStep;
use nemlang::verify::{Law, Written};

use super::COUNT;
use super::networks::Network;

/// What the slope of one network may be off −½ by: three standard errors and what few samples add.
const SLACK: f64 = 0.1;

/// In so many networks at least the samples are worth enough for the law to be seen.
const MOST: usize = 90;

/// The same for the mean of all networks, whose own standard error is below 0.005.
const MEAN_SLACK: f64 = 0.02;

#[test]
fn the_error_of_samples_falls_as_the_root_of_their_number() {
    let mut slopes = vec![];
    for seed in 0..COUNT {
        let network = Network::new(seed);
        let numbers = network.numbers();
        let exact = numbers.gradient(EStep::Exact).unwrap().concat();
        let worth = Written::new(numbers.model).worth(&numbers.parameters, &numbers.examples);
        let law = Law::new(&numbers, &exact, worth).unwrap();
        let Some((slope, error)) = law.slope else { continue };
        assert!((slope + 0.5).abs() <= 3.0 * error + SLACK, "network {seed}: slope {slope}\n{}", network.text);
        assert!(law.standard_errors < 5.0, "network {seed}: {} standard errors\n{}", law.standard_errors, network.text);
        slopes.push(slope);
    }
    let mean = slopes.iter().sum::<f64>() / slopes.len() as f64;
    println!("the slopes of {} networks are −½ on average: {mean}", slopes.len());
    assert!(slopes.len() >= MOST, "{} networks", slopes.len());
    assert!((mean + 0.5).abs() <= MEAN_SLACK, "mean slope {mean}");
}
