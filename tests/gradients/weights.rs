//! Matrices that are computed from parameters before they multiply, and matrices of a density: their gradients against
//! central differences.

use nemlang::exec::{Call, Device, Feed, Program, Reference, State, Streams, run};
use nemlang::model::EStep;
use nemlang::plan::{Plan, network};
use nemlang::session::Session;

const ROWS: usize = 4;

fn numbers(count: usize, seed: usize) -> Vec<f64> {
    (0..count).map(|i| ((i * 37 + seed * 11) % 29) as f64 / 29.0 - 0.4).collect()
}

fn parameters(plan: &Plan) -> Vec<Vec<f64>> {
    plan.persistent.iter().enumerate().map(|(i, p)| numbers(p.rows * p.columns, i + 1)).collect()
}

/// The outputs, each summed where it has one row an example.
fn outputs(plan: &Plan, parameters: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let program = Program::new(plan.clone()).unwrap();
    let mut state = State::new(&Reference, &plan.persistent, parameters.to_vec()).unwrap();
    let width = |name: &str| if name == "x" { 3 } else { 2 };
    let feeds = program.data_names().map(|n| Feed::Values(numbers(ROWS * width(n), n.len()))).collect();
    let slots = vec![ROWS as f64; plan.slots.len()];
    let rows: Vec<usize> = (0..ROWS).collect();
    let call = Call { rows: &rows, step: 0, streams: &Streams::new(0), feeds, slots: &slots };
    let results = run(&Reference, &program, &mut state, call).unwrap();
    results.iter().map(|b| Reference.download(b).unwrap()).collect()
}

fn check(weight: &str) {
    let text = format!(
        "model M {{\n input x: real[3]\n param W: real[3, 2]\n param V: real[3, 2]\n param s: real\n param c: real[2]\n \
         h ~ gaussian(logistic(x @ W), 1)\n observe y: real[2] ~ gaussian(x @ ({weight}) + h, 1)\n}}\n"
    );
    check_model(&text);
}

fn check_model(text: &str) {
    let session = Session::from_text("weights.nem", text, None);
    assert!(!session.problems.has_errors(), "{text}: {:?}", session.problems);
    let model = &session.checked.models[0];
    let (gradients, evaluation) =
        (network::gradients(model, EStep::MeanField), network::evaluation(model, EStep::MeanField));
    let start = parameters(&gradients);
    let log_likelihood = |parameters: &[Vec<f64>]| outputs(&evaluation, parameters)[0].iter().sum::<f64>();
    for (which, derived) in outputs(&gradients, &start).iter().enumerate() {
        assert_eq!(derived.len(), start[which].len(), "{text}");
        for (at, derived) in derived.iter().enumerate() {
            let moved = |step: f64| {
                let mut parameters = start.clone();
                parameters[which][at] += step;
                log_likelihood(&parameters)
            };
            let measured = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!(
                (derived - measured).abs() < 1e-6 * (1.0 + measured.abs()),
                "{text}: {which}: {derived}, not {measured}"
            );
        }
    }
}

#[test]
fn computed_weights_have_the_right_gradients() {
    for weight in [
        "exp(W)",
        "W * V",
        "2 * W + W^2",
        "(W + V) * exp(W)",
        "W * s",
        "V * exp(s) + W / (1 + s^2)",
        "s + W",
        "V * sum(c) + W",
    ] {
        check(weight);
    }
}

/// Their gradients are transposed inverses, which no symmetry hides in L.
#[test]
fn matrices_of_a_density_have_the_right_gradients() {
    for (parameter, likelihood) in [
        ("L: real[2, 2]", "multivariate_gaussian(x @ W, L)"),
        ("L: real[2, 2]", "multivariate_student_t(x @ W, L, 3)"),
        ("S: positive_definite[2, 2] = init gaussian(0, 1)", "gaussian_covariance(x @ W, S)"),
        ("S: positive_definite[2, 2] = init gaussian(0, 1)", "gaussian_precision(x @ W, S)"),
    ] {
        check_model(&format!(
            "model M {{\n input x: real[3]\n param W: real[3, 2]\n param {parameter}\n observe y: real[2] ~ {likelihood}\n}}\n"
        ));
    }
}

#[test]
fn a_matrix_for_each_example_is_refused() {
    let text =
        "model M {\n input x: real[3]\n param W: real[3, 2]\n observe y: real[2] ~ gaussian(x @ (W * sum(x)), 1)\n}\n";
    let session = Session::from_text("weights.nem", text, None);
    let told: Vec<&str> = session.problems.iter().map(|p| p.message.as_str()).collect();
    assert_eq!(told, ["this version does not know matrices that differ from example to example"]);
}
