//! Training steps with noise inside the network, against the gradients of a network that is given the same noise as input.

use std::collections::HashMap;

use nemlang::exec::{Call, Feed, Program, Purpose, Reference, State, Streams, run};
use nemlang::model::{Arm, EStep, Method, Renormalise, Training};
use nemlang::plan::network::{self, StepSpec, Task};
use nemlang::plan::{Plan, Role};
use nemlang::session::Session;

use super::relative_distance;

pub const BATCH: usize = 3;
const SEED: u64 = 5;

/// Noise in the input, in a pre-activation and in the target, by three injections.
const NOISY: &str = "
    data d { x: real[2] = draw gaussian(0, 1) take 3 seed 1  y: real[2] = x }
    model M {
        input x: real[2]
        h ~ bernoulli(logistic(affine(x, 3)))
        o = affine(h, 2)
        observe y: real[2] ~ gaussian(o, 0.7)
    }
    train M on d {
        noise x += gaussian(0, 0.2)
        noise o <- o * (1 + n) where n ~ gaussian(0, 0.3)
        noise y *= gaussian(1, 0.1)
        compare none, blind
    }";

/// The same with the draws as inputs. The noise of the target is in the data.
const GIVEN: &str = "
    model M {
        input x: real[2]
        input a: real[2]
        input b: real[2]
        h ~ bernoulli(logistic(affine(x + 0.2 * a, 3)))
        o = affine(h, 2)
        observe y: real[2] ~ gaussian(o * (1 + 0.3 * b), 0.7)
    }";

pub fn session(program: &str) -> Session {
    let session = Session::from_text("test.nem", program, None);
    assert!(!session.problems.has_errors(), "{:?}", session.problems.sorted());
    session
}

pub fn step(training: &Training) -> Plan {
    let Training { model, noise, select, gradient, optimizer, .. } = training;
    let spec = StepSpec {
        model,
        noise,
        arm: Arm::Blind,
        select: *select,
        gradient: *gradient,
        optimizer: *optimizer,
        estep: EStep::MeanField,
        method: Method::Exact,
        batch: 1,
        sparsity: None,
        normaliser: Renormalise::Shared,
        task: Task::Train,
    };
    network::training_step(&spec).unwrap_or_else(|problems| panic!("{:?}", problems.sorted()))
}

/// Numbers that are all different.
pub fn numbers(count: usize, shift: f64) -> Vec<f64> {
    (0..count).map(|i| (1.7 * i as f64 + shift).sin()).collect()
}

pub fn parameters(plan: &Plan) -> Vec<Vec<f64>> {
    plan.persistent.iter().enumerate().map(|(i, p)| numbers(p.rows * p.columns, i as f64)).collect()
}

/// The standard normals of each noise statement.
pub fn draws(plan: &Plan) -> Vec<Vec<f64>> {
    let rows: Vec<usize> = (0..BATCH).collect();
    let fills = plan
        .buffers
        .iter()
        .filter_map(|b| if let Role::Random(fill) = &b.role { Some((fill, b.columns)) } else { None });
    let mut fills: Vec<_> = fills.collect();
    fills.sort_by_key(|(fill, _)| fill.source);
    let draw = |(fill, columns): (&nemlang::plan::Fill, usize)| {
        let mut out = vec![];
        Streams::new(SEED).fill(Purpose::Fill, fill, 1, &rows, columns, &mut out);
        out
    };
    fills.into_iter().map(draw).collect()
}

/// Parameters after the run, and its outputs; every slot is 1, so that a step moves by the summed gradient.
pub fn ran(plan: Plan, data: &HashMap<&str, Vec<f64>>) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let start = parameters(&plan);
    let program = Program::new(plan).unwrap();
    let mut state = State::new(&Reference, &program.plan().persistent, start.clone()).unwrap();
    let feeds = program.data_names().map(|name| Feed::Values(data[name].clone())).collect();
    let (rows, slots) = (Vec::from_iter(0..BATCH), vec![1.0; program.plan().slots.len()]);
    let call = Call { rows: &rows, step: 1, streams: &Streams::new(SEED), feeds, slots: &slots };
    let outputs = run(&Reference, &program, &mut state, call).unwrap().iter().map(|m| m.values.clone()).collect();
    let after = (0..start.len()).map(|i| state.download(&Reference, i).unwrap()).collect();
    (after, outputs)
}

#[test]
fn noise_inside_a_network_moves_it_by_the_gradient_behind_the_noise() {
    let training = session(NOISY).checked.trainings[0].clone();
    let plan = step(&training);
    let start = parameters(&plan);
    let [a, b, c] = &draws(&plan)[..] else { panic!("three sources of noise") };
    let (x, y) = (numbers(2 * BATCH, 0.3), numbers(2 * BATCH, 0.9));
    let (after, _) = ran(plan, &HashMap::from([("x", x.clone()), ("y", y.clone())]));

    let given = session(GIVEN).checked.models[0].clone();
    let noisy_y = y.iter().zip(c).map(|(y, c)| y * (1.0 + 0.1 * c)).collect();
    let data = HashMap::from([("x", x), ("a", a.clone()), ("b", b.clone()), ("y", noisy_y)]);
    let (_, gradients) = ran(network::gradients(&given, EStep::MeanField), &data);

    let [before, after] = [start, after].map(|list| list.concat());
    let moved: Vec<f64> = after.iter().zip(&before).map(|(after, before)| after - before).collect();
    let distance = relative_distance(&moved, &gradients.concat());
    assert!(distance < 1e-12, "{distance:e}");
}
