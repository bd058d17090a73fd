//! Derived gradients of random networks against two oracles that are not ours: central differences in f64, and dfdx's tape.

mod differences;
mod hidden;
mod network;
mod noise;
mod priors;
mod tape;
mod weights;

use network::{Network, networks};
use proptest::prelude::*;

/// ‖a − b‖ / ‖b‖
fn relative_distance(a: &[f64], b: &[f64]) -> f64 {
    let norm = |v: &mut dyn Iterator<Item = f64>| v.map(|x| x * x).sum::<f64>().sqrt();
    norm(&mut a.iter().zip(b).map(|(x, y)| x - y)) / norm(&mut b.iter().copied()).max(1e-12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn gradients_agree_with_central_differences(network in networks()) {
        let derived = network.derived_gradients_f64();
        for (name, derived, measured) in differences::compare(&network, &derived) {
            let distance = relative_distance(&derived, &measured);
            prop_assert!(distance < 1e-6, "{name}: {distance:e}\n{}", network.text());
        }
    }

    /// Over all parameters together: a saturated unit has a slope 1 − a² that f32 knows to few digits, on both sides. Where
    /// such a unit stands alone, no other slope outweighs it, so what f32 makes of the derived gradient itself, known from
    /// f64, says how many digits the tape can have.
    #[test]
    fn gradients_agree_with_the_tape_of_dfdx(network in networks()) {
        let all = |gradients: Vec<(String, Vec<f64>)>| gradients.into_iter().flat_map(|(_, g)| g).collect::<Vec<f64>>();
        let derived = all(network.derived_gradients_f32());
        let rounding = relative_distance(&derived, &all(network.derived_gradients_f64()));
        let distance = relative_distance(&derived, &tape::gradients(&network).concat());
        prop_assert!(distance < (10.0 * rounding).max(1e-4), "{distance:e}, {rounding:e} by f32\n{}", network.text());
    }
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
