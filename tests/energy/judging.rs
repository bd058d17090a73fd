//! How energies are judged, against sums over hidden states by hand: pseudo-log-likelihood, class probabilities, reconstruction.

use nemlang::model::{EStep, Method, Model};
use nemlang::plan::network::{LOG_LIKELIHOOD, evaluation_of, mean_output};

use super::training::{data, model, ran, start};

const TEXT: &str = "model M { param W: real[4, 2] = init gaussian(0, 1)  param U: real[3, 2] = init gaussian(0, 1)
    param b: real[4] = 0  param d: real[3] = 0  param c: real[2] = 0
    observe v: binary[4]  observe y: one_hot[3]  latent h: binary[2]
    energy -(v @ W @ h) - y @ U @ h - b @ v - d @ y - c @ h }";

struct Numbers(Vec<Vec<f64>>);

impl Numbers {
    fn field(&self, v: &[f64], y: &[f64], j: usize) -> f64 {
        let [w, u, .., c] = &self.0[..] else { panic!("five parameters") };
        c[j] + (0..4).map(|i| v[i] * w[2 * i + j]).sum::<f64>() + (0..3).map(|k| y[k] * u[2 * k + j]).sum::<f64>()
    }

    /// ln Σ_h e^−E, state by state.
    fn log_weight(&self, v: &[f64], y: &[f64]) -> f64 {
        let [_, _, b, d, _] = &self.0[..] else { panic!("five parameters") };
        let alone: f64 = v.iter().zip(b).chain(y.iter().zip(d)).map(|(x, field)| x * field).sum();
        let state = |h: usize| (0..2).map(|j| (h >> j & 1) as f64 * self.field(v, y, j)).sum::<f64>().exp();
        alone + (0..4).map(state).sum::<f64>().ln()
    }
}

fn class(k: usize) -> Vec<f64> {
    (0..3).map(|i| f64::from(u8::from(i == k))).collect()
}

fn judged(model: &Model, rows: usize) -> (Numbers, Vec<Vec<f64>>, Vec<String>) {
    let plan = evaluation_of(model, EStep::MeanField, Method::ContrastiveDivergence(1)).unwrap();
    let names = plan.outputs.iter().map(|(name, _)| name.clone()).collect();
    let start = start(&plan);
    let outputs = ran(plan, model, rows, &start).1;
    (Numbers(start), outputs, names)
}

#[test]
fn classes_have_their_probabilities_given_the_other_units() {
    let model = model(TEXT);
    let (numbers, outputs, names) = judged(&model, 4);
    let at = names.iter().position(|name| *name == mean_output("y")).unwrap();
    for (v, found) in data(&model, "v", 4).chunks(4).zip(outputs[at].chunks(3)) {
        let weights: Vec<f64> = (0..3).map(|k| numbers.log_weight(v, &class(k)).exp()).collect();
        let total: f64 = weights.iter().sum();
        for (weight, found) in weights.iter().zip(found) {
            assert!((weight / total - found).abs() < 1e-12, "{weights:?} {found}");
        }
    }
}

/// The average over 40,000 draws of the unit that is flipped, within four standard errors.
#[test]
fn the_pseudo_log_likelihood_is_right_on_average() {
    const ROWS: usize = 40_000;
    let model = model(TEXT);
    let (numbers, outputs, names) = judged(&model, ROWS);
    assert_eq!(names[0], LOG_LIKELIHOOD);
    let (v, y) = (data(&model, "v", 4), data(&model, "y", 4));
    for row in 0..4 {
        let (v, y) = (&v[4 * row..4 * row + 4], &y[3 * row..3 * row + 3]);
        let own = numbers.log_weight(v, y);
        let given = |other: f64| -(other - own).exp().ln_1p();
        let flipped = |i: usize| {
            let mut other = v.to_vec();
            other[i] = 1.0 - other[i];
            given(numbers.log_weight(&other, y))
        };
        let classes: f64 = (0..3).map(|k| (numbers.log_weight(v, &class(k)) - own).exp()).sum();
        let exact = (0..4).map(flipped).sum::<f64>() - classes.ln();
        let found: Vec<f64> = outputs[0].iter().skip(row).step_by(4).copied().collect();
        let count = found.len() as f64;
        let mean = found.iter().sum::<f64>() / count;
        let error = (found.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count / count).sqrt();
        assert!(error > 0.0 && (mean - exact).abs() < 4.0 * error, "{mean} ± {error}, not {exact}");
    }
}

#[test]
fn the_reconstruction_goes_through_the_means_of_the_hidden_units() {
    let model = model(TEXT);
    let (numbers, outputs, names) = judged(&model, 4);
    let at = names.iter().position(|name| *name == mean_output("v")).unwrap();
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let (v, y) = (data(&model, "v", 4), data(&model, "y", 4));
    for row in 0..4 {
        let (v, y) = (&v[4 * row..4 * row + 4], &y[3 * row..3 * row + 3]);
        let h = [0, 1].map(|j| logistic(numbers.field(v, y, j)));
        let Numbers(parameters) = &numbers;
        for i in 0..4 {
            let mean = logistic(parameters[2][i] + h[0] * parameters[0][2 * i] + h[1] * parameters[0][2 * i + 1]);
            assert!((mean - outputs[at][4 * row + i]).abs() < 1e-12);
        }
    }
}
