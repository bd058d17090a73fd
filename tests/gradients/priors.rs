//! Priors in training: weight decay and the lasso, done by hand between the steps of a training without priors.

use std::collections::HashMap;

use nemlang::exec::{Call, Feed, Program, Reference, State, Streams, run};
use nemlang::train::network::{Network, StepAt, Trained};

use super::noise::{numbers, parameters, session};
use super::relative_distance;

const RATE: f64 = 0.3;
const DATA_ROWS: usize = 24;
const BATCH: usize = 5;
const STEPS: u64 = 12;

fn network(spread: &str, hidden: &str, last: &str) -> Network {
    let program = format!(
        "data d {{ x: real[2] = draw gaussian(0, 1) take {DATA_ROWS}  y: real[2] = x }}
         model M {{
             input x: real[2]
             param spread: positive{spread} = 0.7
             h ~ bernoulli(logistic(affine(x, 3{hidden})))
             observe y: real[2] ~ gaussian(affine(h, 2{last}), spread)
         }}
         train M on d {{ batch {BATCH}  optimizer sgd({RATE})  noise y += gaussian(0, 0.4)  noise h += gaussian(0, 0.3)  compare none, nem }}"
    );
    Network::new(&session(&program).checked.trainings[0]).unwrap_or_else(|problems| panic!("{:?}", problems.sorted()))
}

fn data() -> HashMap<&'static str, Vec<f64>> {
    HashMap::from([("x", numbers(2 * BATCH, 0.3)), ("y", numbers(2 * BATCH, 0.9))])
}

/// What a program gives at these parameters, and the parameters afterwards.
fn ran(program: &Program, parameters: &[Vec<f64>], slots: &[f64], step: u64) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut state = State::new(&Reference, &program.plan().persistent, parameters.to_vec()).unwrap();
    let (data, rows) = (data(), Vec::from_iter(0..BATCH));
    let feeds = program.data_names().map(|name| Feed::Values(data[name].clone())).collect();
    let call = Call { rows: &rows, step, streams: &Streams::new(5), feeds, slots };
    let outputs = run(&Reference, program, &mut state, call).unwrap().iter().flat_map(|m| m.values.clone()).collect();
    (outputs, (0..parameters.len()).map(|i| state.download(&Reference, i).unwrap()).collect())
}

/// The parameters at the end of training; `between` adds to those after a step what it makes of those before.
fn trained(trained: &Trained, between: impl Fn(usize, f64) -> f64) -> Vec<Vec<f64>> {
    let mut now = parameters(trained.program.plan());
    for step in 1..=STEPS {
        let slots = trained.slots(StepAt { epoch: 1, step, rows: BATCH, data_rows: DATA_ROWS });
        let (_, mut after) = ran(&trained.program, &now, &slots, step);
        for (which, (after, before)) in after.iter_mut().zip(&now).enumerate() {
            after.iter_mut().zip(before).for_each(|(after, before)| *after += between(which, *before));
        }
        now = after;
    }
    now
}

#[test]
fn a_prior_is_a_pull_on_every_step_of_every_arm() {
    let plain = network("", "", "");
    let with = network(" ~ exponential(2)", ", prior = gaussian(0, 0.5)", ", prior = laplace(0, 0.1)");
    let names: Vec<&str> = plain.parameters.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["spread", "h.W", "h.b", "y.W", "y.b"]);
    let by_hand = |which: usize, raw: f64| {
        let pull = match names[which] {
            // Of s = exp(raw): the slope of −2 s.
            "spread" => -2.0 * raw.exp(),
            "h.W" => -raw / (0.5 * 0.5),
            "y.W" => -raw.signum() / 0.1,
            _ => 0.0,
        };
        RATE * pull / DATA_ROWS as f64
    };
    assert_eq!(plain.variants.len(), 2);
    for (plain, decayed) in plain.variants.iter().zip(&with.variants) {
        let untouched = trained(plain, |_, _| 0.0);
        let expected = trained(plain, by_hand);
        let found = trained(decayed, |_, _| 0.0);
        for ((name, found), (expected, untouched)) in names.iter().zip(&found).zip(expected.iter().zip(&untouched)) {
            let distance = relative_distance(found, expected);
            assert!(distance < 1e-12, "{}, {name}: {distance:e}", plain.name);
            assert!(relative_distance(found, untouched) > 1e-3, "{}, {name}: the prior changed nothing", plain.name);
        }
    }
}

#[test]
fn the_loss_is_that_of_the_data_alone() {
    let networks = [network("", "", ""), network(" ~ exponential(2)", ", prior = gaussian(0, 0.5)", "")];
    let told = networks.each_ref().map(|n| ran(&n.evaluation, &parameters(n.evaluation.plan()), &[], 0).0);
    assert_eq!(told[0], told[1]);
}
