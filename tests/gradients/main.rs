//! Derived gradients of random networks against two oracles that are not ours: central differences in f64, and dfdx's tape.

mod differences;
mod hidden;
mod network;
mod noise;
mod priors;
mod tape;
mod weights;

use differences::Pair;
use network::{Network, networks};
use proptest::prelude::*;

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    norm(&a.iter().zip(b).map(|(x, y)| x - y).collect::<Vec<_>>())
}

/// ‖a − b‖ / ‖b‖
fn relative_distance(a: &[f64], b: &[f64]) -> f64 {
    distance(a, b) / norm(b).max(1e-12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn gradients_agree_with_central_differences(network in networks()) {
        let derived = network.derived_gradients_f64();
        for Pair { name, derived, measured, rounding } in differences::compare(&network, &derived) {
            let apart = distance(&derived, &measured);
            let allowed = 1e-6 * norm(&measured) + rounding;
            prop_assert!(apart <= allowed, "{name}: {apart:e} of {:e}\n{}", norm(&measured), network.text());
        }
    }

    /// What the tape makes of a saturated unit, 1 − a of an a near 1, is exact to the rounding of 1 and no better.
    #[test]
    fn gradients_agree_with_the_tape_of_dfdx(network in networks()) {
        let (derived, taped) = (all(network.derived_gradients_f64()), tape::gradients(&network).concat());
        let apart = distance(&derived, &taped);
        prop_assert!(apart < 1e-6 * norm(&taped) + 1e-12, "{apart:e} of {:e}\n{}", norm(&taped), network.text());
    }

    /// A saturated unit has a slope 1 − a² that f32 knows to 1e-7 and no better, however small it is. In these networks it
    /// multiplies up to four rows of weights, inputs and distances, together less than 1,000.
    #[test]
    fn gradients_in_f32_are_those_in_f64(network in networks()) {
        let (single, double) = (all(network.derived_gradients_f32()), all(network.derived_gradients_f64()));
        let apart = distance(&single, &double);
        prop_assert!(apart < 1e-4 * (1.0 + norm(&double)), "{apart:e} of {:e}\n{}", norm(&double), network.text());
    }
}

/// Over all parameters together: where one unit is saturated, others outweigh it.
fn all(gradients: Vec<(String, Vec<f64>)>) -> Vec<f64> {
    gradients.into_iter().flat_map(|(_, gradient)| gradient).collect()
}

#[test]
fn the_text_of_a_random_network_is_a_program() {
    let network = Network::example();
    assert!(
        network.text().contains("observe y: one_hot[3] ~ categorical(softmax(affine(h2, 3)))"),
        "{}",
        network.text()
    );
    assert_eq!(network.parameters.len(), 6);
}
