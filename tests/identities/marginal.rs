//! The exact gradient of Q against two derivatives of ln p(y | x): of the plan that sums over all states, for each
//! parameter; and of the model as it is written, which no plan has touched, along all parameters at once. Both by
//! extrapolated differences, which reach 1e-10 and say where they do not.

use nemlang::model::EStep;
use nemlang::sample::Random;
use nemlang::verify::{Compared, Direction, LogLikelihood, Numbers, Slopes, Written, all_at_once};

use super::COUNT;
use super::networks::{Network, OUTPUTS};

const TOLERANCE: f64 = 1e-10;

/// Densities with a corner, or a corner of their slope, in what depends on parameters.
const CORNERS: &[&str] = &["laplace", "asymmetric_laplace", "huber"];

/// Each element on its own, and all of them at once with signs at random.
fn directions(numbers: &Numbers) -> (Vec<Direction>, Vec<Direction>) {
    let lists = numbers.parameters.iter().enumerate();
    let elements: Vec<(usize, usize)> = lists.flat_map(|(which, p)| (0..p.len()).map(move |i| (which, i))).collect();
    let mut random = Random::new(1, 2);
    let each = elements.iter().map(|(which, i)| vec![(*which, *i, 1.0)]).collect();
    (each, vec![all_at_once(&elements, &mut random)])
}

fn norm(lists: &[Vec<f64>]) -> f64 {
    lists.iter().flatten().map(|x| x * x).sum::<f64>().sqrt()
}

/// By the plan, and as written.
fn compare(numbers: &Numbers) -> [Compared; 2] {
    let derived = numbers.gradient(EStep::Exact).unwrap();
    let (each, all) = directions(numbers);
    let plan = LogLikelihood::new(numbers, EStep::Exact).unwrap();
    let written = Written::new(numbers.model);
    let by_plan = Slopes::new(&derived, |p| plan.at(p), &numbers.parameters, &each).unwrap();
    let as_written =
        Slopes::new(&derived, |p| Ok(written.marginal(p, &numbers.examples)), &numbers.parameters, &all).unwrap();
    [by_plan, as_written].map(|slopes| slopes.compare(TOLERANCE, norm(&derived)))
}

#[test]
fn the_gradient_of_q_is_that_of_the_marginal_likelihood() {
    let mut worst: f64 = 0.0;
    for seed in 0..COUNT {
        let network = Network::new(seed);
        let has_corners = CORNERS.contains(&OUTPUTS[seed % OUTPUTS.len()].0);
        for (way, compared) in ["by the plan", "as written"].iter().zip(compare(&network.numbers())) {
            let Compared { directions, left_out, distance, .. } = compared;
            assert!(distance <= TOLERANCE, "network {seed} {way}: off by {distance:e}\n{}", network.text);
            assert!(left_out == 0 || has_corners, "network {seed} {way}: {left_out} left out\n{}", network.text);
            assert!(directions > 0 || has_corners, "network {seed} {way}: nothing compared");
            worst = worst.max(distance);
        }
    }
    println!("the worst of {COUNT} networks is off by {worst:e}");
}
