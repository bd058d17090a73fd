//! Noise in the samples, or the states, of a Bernoulli layer: a training step against the same worked out by hand. Each
//! sample h_m is the target of its layer, so its noise n_m makes δ of that layer Σ_m γ_m (h_m + n_m − a); the weights γ are
//! those of the samples without noise, and the layer above sees these too ([K] (108)-(110), Algorithm 1).

use nemlang::exec::{Call, Feed, Program, Purpose, Reference, State, Streams, run};
use nemlang::model::{Arm, EStep, Method, Renormalise, Training};
use nemlang::plan::network::{StepSpec, Task, training_step};
use nemlang::plan::{Fill, FillKind, Plan, Role};
use nemlang::session::Session;

const ROWS: usize = 3;
const UNITS: usize = 2;
const SEED: u64 = 5;
const X: [[f64; 2]; ROWS] = [[0.5, -1.0], [1.5, 0.3], [-0.7, 2.0]];
const Y: [f64; ROWS] = [0.2, -1.1, 0.9];

/// W and b of the hidden layer, then of the outcome.
const START: [&[f64]; 4] = [&[0.3, -0.8, 1.1, 0.4], &[0.2, -0.5], &[1.3, -0.9], &[0.1]];

fn plan(estep: &str) -> (Training, Plan) {
    let text = format!(
        "data d {{ x: real[2] = draw gaussian(0, 1) take 3 seed 1  y: real = 0 * draw gaussian(0, 1) }}
         model M {{ input x: real[2]  h ~ bernoulli(logistic(affine(x, 2)))  observe y: real ~ gaussian(affine(h, 1), 0.7) }}
         train M on d {{ estep {estep}  noise h += gaussian(0, 0.3)  compare none, blind }}"
    );
    let session = Session::from_text("noise.nem", &text, None);
    assert!(!session.problems.has_errors(), "{:?}", session.problems.sorted());
    let training = session.checked.trainings[0].clone();
    let Training { model, noise, select, gradient, optimizer, estep, .. } = &training;
    let (select, gradient, optimizer, estep) = (*select, *gradient, *optimizer, *estep);
    let spec = StepSpec {
        model,
        noise,
        arm: Arm::Blind,
        select,
        gradient,
        optimizer,
        estep,
        method: Method::Exact,
        batch: ROWS,
        sparsity: None,
        normaliser: Renormalise::Shared,
        task: Task::Train,
    };
    let plan = training_step(&spec).unwrap_or_else(|problems| panic!("{:?}", problems.sorted()));
    (training, plan)
}

/// How far a step moves the parameters; every slot is 1, so that it is by the summed gradient.
fn moved(plan: Plan) -> Vec<f64> {
    let program = Program::new(plan).unwrap();
    let persistent = &program.plan().persistent;
    let start = (0..persistent.len()).map(|i| START.get(i).map_or(vec![], |s| s.to_vec()));
    let mut state = State::new(&Reference, persistent, start.collect()).unwrap();
    let values = |name: &str| if name == "x" { X.concat() } else { Y.to_vec() };
    let feeds = program.data_names().map(|name| Feed::Values(values(name))).collect();
    let (rows, slots) = (Vec::from_iter(0..ROWS), vec![1.0; program.plan().slots.len()]);
    let call = Call { rows: &rows, step: 1, streams: &Streams::new(SEED), feeds, slots: &slots };
    run(&Reference, &program, &mut state, call).unwrap();
    let after = |i: usize| state.download(&Reference, i).unwrap();
    (0..4).flat_map(|i| after(i).into_iter().zip(START[i]).map(|(after, before)| after - before)).collect()
}

/// The random numbers of this kind that the plan asks for, `count` samples an example.
fn random(plan: &Plan, kind: FillKind, count: usize) -> Vec<f64> {
    let is_wanted = |fill: &&Fill| fill.kind == kind;
    let fills = plan.buffers.iter().filter_map(|b| if let Role::Random(fill) = &b.role { Some(fill) } else { None });
    let mut numbers = vec![];
    for fill in fills.filter(is_wanted) {
        Streams::new(SEED).fill(Purpose::Hidden, fill, 1, &Vec::from_iter(0..ROWS), count * UNITS, &mut numbers);
    }
    numbers
}

fn logistic(o: f64) -> f64 {
    1.0 / (1.0 + (-o).exp())
}

/// The gradient, by hand: `hidden` has each sample and its noise, and `by_prior` says whether p(h) is part of its weight.
fn by_hand(hidden: &[[f64; 4]], by_prior: bool) -> Vec<f64> {
    let [w, b, v, c] = START;
    let mut gradient = vec![0.0; 9];
    for ((x, y), samples) in X.iter().zip(Y).zip(hidden.chunks(hidden.len() / ROWS)) {
        let a: Vec<f64> = (0..UNITS).map(|k| logistic(x[0] * w[k] + x[1] * w[UNITS + k] + b[k])).collect();
        let residual = |h: &[f64; 4]| y - (h[0] * v[0] + h[1] * v[1] + c[0]);
        let prior = |h: &[f64; 4]| (0..UNITS).map(|k| if h[k] == 1.0 { a[k] } else { 1.0 - a[k] }).product::<f64>();
        let weight = |h: &[f64; 4]| (-residual(h).powi(2) / 0.98).exp() * if by_prior { prior(h) } else { 1.0 };
        let total: f64 = samples.iter().map(weight).sum();
        for h in samples {
            let (gamma, error) = (weight(h) / total, residual(h) / 0.49);
            for k in 0..UNITS {
                let delta = gamma * (h[k] + h[UNITS + k] - a[k]);
                gradient[k] += x[0] * delta;
                gradient[UNITS + k] += x[1] * delta;
                gradient[4 + k] += delta;
                gradient[6 + k] += gamma * error * h[k];
            }
            gradient[8] += gamma * error;
        }
    }
    gradient
}

fn assert_near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    let off = found.iter().zip(expected).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
    assert!(off < 1e-12, "{found:?}, not {expected:?}");
}

#[test]
fn noise_in_samples_is_noise_in_the_targets_of_their_layer() {
    const COUNT: usize = 5;
    let (_, plan) = plan("importance(5)");
    let noise = random(&plan, FillKind::StandardNormal, COUNT);
    let uniform = random(&plan, FillKind::StandardUniform, COUNT);
    let [w, b, ..] = START;
    let sample = |at: usize| {
        let x = X[at / COUNT];
        let unit = |k: usize| logistic(x[0] * w[k] + x[1] * w[UNITS + k] + b[k]);
        let h = |k: usize| f64::from(u8::from(unit(k) >= uniform[at * UNITS + k]));
        [h(0), h(1), 0.3 * noise[at * UNITS], 0.3 * noise[at * UNITS + 1]]
    };
    let hidden: Vec<[f64; 4]> = (0..ROWS * COUNT).map(sample).collect();
    assert_near(&moved(plan), &by_hand(&hidden, false));
}

#[test]
fn noise_in_states_is_noise_in_the_targets_of_their_layer() {
    let (training, plan) = plan("exact");
    assert_eq!(training.estep, EStep::Exact);
    let noise = random(&plan, FillKind::StandardNormal, 4);
    let state = |at: usize| {
        let digit = |k: usize| ((at % 4) >> k & 1) as f64;
        [digit(0), digit(1), 0.3 * noise[at * UNITS], 0.3 * noise[at * UNITS + 1]]
    };
    let hidden: Vec<[f64; 4]> = (0..ROWS * 4).map(state).collect();
    assert_near(&moved(plan), &by_hand(&hidden, true));
}
