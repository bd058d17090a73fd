//! Noise in hidden variables at their means: their targets by the closed forms, and a training step against the same step
//! without noise and the noise's own part of δ, worked out by hand.

use std::collections::HashMap;

use nemlang::derive::hidden_target;
use nemlang::expr::{Domain, Expr, print};
use nemlang::model::{EStep, Model};
use nemlang::plan::network::gradients;

use super::noise::{BATCH, draws, numbers, parameters, ran, session, step};
use super::relative_distance;

const WIDTH: usize = 3;

/// A layer, its target for the adjoint g, its mean of one unit, and what noise n adds to δ where the means are a.
struct Case {
    layer: &'static str,
    target: &'static str,
    mean: fn(&[f64]) -> Vec<f64>,
    added: fn(n: &[f64], a: &[f64]) -> Vec<f64>,
}

fn each(o: &[f64], f: fn(f64) -> f64) -> Vec<f64> {
    o.iter().map(|o| f(*o)).collect()
}

fn softmax(o: &[f64]) -> Vec<f64> {
    let total: f64 = o.iter().map(|o| o.exp()).sum();
    o.iter().map(|o| o.exp() / total).collect()
}

const CASES: &[Case] = &[
    Case {
        layer: "bernoulli(logistic(affine(x, 3)))",
        target: "h (g (1 − h) + 1)",
        mean: |o| each(o, |o| 1.0 / (1.0 + (-o).exp())),
        added: |n, _| n.to_vec(),
    },
    Case {
        layer: "bipolar_bernoulli(tanh(affine(x, 3)))",
        target: "h + g (1 − h²)",
        mean: |o| each(o, f64::tanh),
        added: |n, _| n.to_vec(),
    },
    // The Gaussian approximation of rectified linear units ([K] §6): nothing passes where the unit is off.
    Case {
        layer: "gaussian(relu(affine(x, 3)), 0.5)",
        target: "h + g/4",
        mean: |o| each(o, |o| o.max(0.0)),
        added: |n, a| n.iter().zip(a).map(|(n, a)| if *a > 0.0 { n / 0.25 } else { 0.0 }).collect(),
    },
    Case {
        layer: "categorical(softmax(affine(x, 3)))",
        target: "h + h (g − gᵀh)",
        mean: softmax,
        added: |n, a| n.iter().zip(a).map(|(m, a)| m - a * n.iter().sum::<f64>()).collect(),
    },
];

fn program(layer: &str) -> String {
    format!(
        "data d {{ x: real[2] = draw gaussian(0, 1) take 3 seed 1  y: real = 0 * draw gaussian(0, 1) }}
         model M {{ input x: real[2]  h ~ {layer}  observe y: real ~ gaussian(affine(h, 1), 0.7) }}
         train M on d {{ noise h += gaussian(0, 0.2)  compare none, blind }}"
    )
}

fn target(model: &Model) -> Option<String> {
    let (node, _, instance) = model.random().next()?;
    let g = Expr::var("g", node.var.shape(), Domain::REAL);
    hidden_target(model, node, instance, g).map(print::text)
}

/// x W + b, row after row.
fn affine(x: &[f64], w: &[f64], b: &[f64]) -> Vec<Vec<f64>> {
    let unit = |row: &[f64], k: usize| b[k] + row.iter().enumerate().map(|(i, x)| x * w[i * WIDTH + k]).sum::<f64>();
    x.chunks(2).map(|row| (0..WIDTH).map(|k| unit(row, k)).collect()).collect()
}

#[test]
fn noise_in_a_hidden_target_adds_the_difference_of_the_scores() {
    for case in CASES {
        let training = session(&program(case.layer)).checked.trainings[0].clone();
        assert_eq!(target(&training.model).as_deref(), Some(case.target), "{}", case.layer);
        let plan = step(&training);
        let start = parameters(&plan);
        let noise: Vec<f64> = draws(&plan)[0].iter().map(|z| 0.2 * z).collect();
        let (x, y) = (numbers(2 * BATCH, 0.3), numbers(BATCH, 0.9));
        let data = HashMap::from([("x", x.clone()), ("y", y)]);
        let (after, _) = ran(plan, &data);

        let (_, mut expected) = ran(gradients(&training.model, EStep::MeanField), &data);
        let o = affine(&x, &start[0], &start[1]);
        for ((row, o), n) in x.chunks(2).zip(&o).zip(noise.chunks(WIDTH)) {
            for (k, added) in (case.added)(n, &(case.mean)(o)).iter().enumerate() {
                row.iter().enumerate().for_each(|(i, x)| expected[0][i * WIDTH + k] += x * added);
                expected[1][k] += added;
            }
        }
        let moved: Vec<f64> = after.concat().iter().zip(start.concat()).map(|(after, before)| after - before).collect();
        let distance = relative_distance(&moved, &expected.concat());
        assert!(distance < 1e-12, "{}: {distance:e}", case.layer);
    }
}

#[test]
fn a_layer_whose_score_is_no_multiple_of_the_residual_has_no_target() {
    for layer in ["rectified_gaussian(affine(x, 3), 1)", "laplace(affine(x, 3), 1)"] {
        let training = session(&program(layer)).checked.trainings[0].clone();
        assert_eq!(target(&training.model), None, "{layer}");
    }
}
