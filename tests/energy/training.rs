//! The steps that training takes against what they are to find: slopes of the log-likelihood, and for chains the same in the
//! limit of many sweeps.

use nemlang::exec::{Call, Feed, Program, Reference, State, Streams, run};
use nemlang::model::{Arm, EStep, GradientLaw, Method, Model, Noise, Optimizer, Renormalise, Select, Sparsity};
use nemlang::plan::energy::possible;
use nemlang::plan::network::{LOG_LIKELIHOOD, ONE_OVER_ROWS, StepSpec, Task, evaluation_of, training_step};
use nemlang::plan::{Plan, ROWS};
use nemlang::session::Session;

use super::programs::{FORMS, every, program};

pub fn model(text: &str) -> Model {
    let session = Session::from_text("energy.nem", text, None);
    assert!(!session.problems.has_errors(), "{text}\n{:?}", session.problems.sorted());
    session.checked.models[0].clone()
}

/// Numbers that are all different.
fn numbers(count: usize, shift: f64) -> Vec<f64> {
    (0..count).map(|i| 0.8 * (1.7 * i as f64 + shift).sin()).collect()
}

pub fn start(plan: &Plan) -> Vec<Vec<f64>> {
    let values = |(i, p): (usize, &nemlang::plan::Persistent)| match p.name.contains("chains") {
        true => vec![0.0; p.rows * p.columns],
        false => numbers(p.rows * p.columns, i as f64),
    };
    plan.persistent.iter().enumerate().map(values).collect()
}

/// Visible units of so many examples, every kind of state among them.
pub fn data(model: &Model, name: &str, rows: usize) -> Vec<f64> {
    let node = model.node(name).unwrap();
    let width = node.shape.1;
    let unit = |row: usize, i: usize| {
        let bit = f64::from(u8::from((row + i * (row + 1)).is_multiple_of(3)));
        match node.support.to_string().as_str() {
            "binary" => bit,
            "bipolar" => 2.0 * bit - 1.0,
            "one_hot" => f64::from(u8::from(row % width == i)),
            _ => (row as f64 + 0.7 * i as f64).cos(),
        }
    };
    (0..rows).flat_map(|row| (0..width).map(move |i| unit(row % 4, i))).collect()
}

/// The state after a run, and the outputs.
pub fn ran(plan: Plan, model: &Model, rows: usize, start: &[Vec<f64>]) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    ran_at(1, plan, model, rows, start)
}

/// The same in a step that has random numbers of its own.
pub fn ran_at(step: u64, plan: Plan, model: &Model, rows: usize, start: &[Vec<f64>]) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let program = Program::new(plan).unwrap();
    let mut state = State::new(&Reference, &program.plan().persistent, start.to_vec()).unwrap();
    let feeds = program.data_names().map(|name| Feed::Values(data(model, name, rows))).collect();
    let slot = |name: &String| match name.as_str() {
        ROWS => rows as f64,
        ONE_OVER_ROWS => 1.0 / rows as f64,
        _ => 1.0,
    };
    let (ids, slots): (Vec<usize>, Vec<f64>) = ((0..rows).collect(), program.plan().slots.iter().map(slot).collect());
    let call = Call { rows: &ids, step, streams: &Streams::new(3), feeds, slots: &slots };
    let outputs = run(&Reference, &program, &mut state, call).unwrap();
    let after = (0..start.len()).map(|i| state.download(&Reference, i).unwrap()).collect();
    (after, outputs.iter().map(|m| m.values.clone()).collect())
}

pub fn spec<'a>(model: &'a Model, method: Method, rows: usize, (noise, arm): (&'a [Noise], Arm)) -> StepSpec<'a> {
    StepSpec {
        model,
        noise,
        arm,
        select: Select::Drop,
        estep: EStep::MeanField,
        method,
        batch: rows,
        sparsity: None,
        normaliser: Renormalise::Shared,
        gradient: GradientLaw::Exact,
        optimizer: Optimizer::Sgd { rate: 1.0, momentum: 0.0 },
        task: Task::Train,
    }
}

pub fn planned(spec: &StepSpec) -> Plan {
    training_step(spec).unwrap_or_else(|problems| panic!("{:?}", problems.sorted()))
}

fn step(model: &Model, method: Method, rows: usize, noise: (&[Noise], Arm)) -> Plan {
    planned(&spec(model, method, rows, noise))
}

/// By what a step at rate 1 moves the parameters.
fn gradient(model: &Model, method: Method, rows: usize, noise: (&[Noise], Arm)) -> Vec<f64> {
    gradient_at(1.0, model, method, rows, noise)
}

/// The same where the parameters are so many times as large.
fn gradient_at(scale: f64, model: &Model, method: Method, rows: usize, noise: (&[Noise], Arm)) -> Vec<f64> {
    let plan = step(model, method, rows, noise);
    let (count, mut start) = (model.parameters().count(), start(&plan));
    start.iter_mut().flatten().for_each(|x| *x *= scale);
    let (after, _) = ran(plan, model, rows, &start);
    let [before, after] = [start, after].map(|list| list[..count].concat());
    after.iter().zip(&before).map(|(after, before)| after - before).collect()
}

fn mean_log_likelihood(model: &Model, start: &[Vec<f64>], rows: usize) -> f64 {
    let plan = evaluation_of(model, EStep::MeanField, Method::Exact).unwrap();
    assert_eq!(plan.outputs[0].0, LOG_LIKELIHOOD);
    let (_, outputs) = ran(plan, model, rows, start);
    outputs[0].iter().sum::<f64>() / rows as f64
}

/// The slopes of a function of the parameters, by differences of fourth order.
fn slopes(base: &[Vec<f64>], f: impl Fn(&[Vec<f64>]) -> f64) -> Vec<f64> {
    let mut slopes = vec![];
    for parameter in 0..base.len() {
        for i in 0..base[parameter].len() {
            let at = |by: f64| {
                let mut moved = base.to_vec();
                moved[parameter][i] += by;
                f(&moved)
            };
            let h = 1e-3;
            slopes.push((8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h));
        }
    }
    slopes
}

fn slopes_of_the_likelihood(model: &Model, rows: usize) -> Vec<f64> {
    let base = start(&evaluation_of(model, EStep::MeanField, Method::Exact).unwrap());
    slopes(&base, |moved| mean_log_likelihood(model, moved, rows))
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let of = |list: &mut dyn Iterator<Item = f64>| list.map(|x| x * x).sum::<f64>().sqrt();
    of(&mut a.iter().zip(b).map(|(a, b)| a - b)) / of(&mut b.iter().copied())
}

#[test]
fn exact_training_climbs_the_log_likelihood_of_every_kind_of_energy() {
    let mut tried = 0;
    for (visible, _, form, text) in every() {
        let model = model(&text);
        if possible(&model, Method::Exact, model.span).is_err() {
            assert!(!["binary", "bipolar", "one_hot"].contains(&visible) || form.has_second(), "{text}");
            continue;
        }
        let apart =
            distance(&gradient(&model, Method::Exact, 4, (&[], Arm::None)), &slopes_of_the_likelihood(&model, 4));
        assert!(apart < 1e-8, "{apart:e}\n{text}");
        tried += 1;
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn exact_training_climbs_where_no_group_interacts_with_another() {
    let model = model(
        "model M { param b: real[3] = 0  param c: real[2] = 0  observe v: bipolar[3]  observe u: binary[2]
         energy -(b @ v) - c @ u }",
    );
    let apart = distance(&gradient(&model, Method::Exact, 4, (&[], Arm::None)), &slopes_of_the_likelihood(&model, 4));
    assert!(apart < 1e-8, "{apart:e}");
}

/// The expected gradient of k sweeps, from 40,000 chains: the bias falls to what chance leaves.
#[test]
fn chains_tend_to_the_exact_gradient() {
    const ROWS: usize = 40_000;
    for (visible, hidden) in [("binary", "binary"), ("bipolar", "one_hot"), ("one_hot", "bipolar"), ("real", "binary")]
    {
        let model = model(&program(visible, hidden, &FORMS[0]));
        let gradient = |method, rows| gradient_at(3.0, &model, method, rows, (&[], Arm::None));
        let exact = gradient(Method::Exact, 4);
        let chain = |method| distance(&gradient(method, ROWS), &exact);
        let [one, many] = [1, 40].map(|k| chain(Method::ContrastiveDivergence(k)));
        let long = chain(Method::Persistent(40));
        assert!(one > 0.1 && many < 0.01 && long < 0.01, "{visible} {hidden}: {one} {many} {long}");
    }
}

/// One round of means: v W h at the data less that at v⁻ = logistic(b + W m), by hand.
#[test]
fn a_round_of_means_is_what_it_says() {
    let text = "model M { param W: real[3, 2] = init gaussian(0, 1)  param b: real[3] = 0
        observe v: binary[3]  latent h: binary[2]  energy -(v @ W @ h) - b @ v }";
    let model = model(text);
    let [w, b] = &start(&step(&model, Method::Exact, 4, (&[], Arm::None)))[..] else { panic!("two parameters") };
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let up = |v: &[f64]| Vec::from_iter((0..2).map(|j| logistic((0..3).map(|i| v[i] * w[2 * i + j]).sum())));
    let down =
        |h: &[f64]| Vec::from_iter((0..3).map(|i| logistic(b[i] + (0..2).map(|j| w[2 * i + j] * h[j]).sum::<f64>())));
    let mut expected = vec![0.0; 9];
    for v in data(&model, "v", 4).chunks(3) {
        let m = up(v);
        let v_model = down(&m);
        let m_model = up(&v_model);
        for i in 0..3 {
            (0..2).for_each(|j| expected[2 * i + j] += (v[i] * m[j] - v_model[i] * m_model[j]) / 4.0);
            expected[6 + i] += (v[i] - v_model[i]) / 4.0;
        }
    }
    let found = gradient(&model, Method::MeanField(1), 4, (&[], Arm::None));
    assert!(distance(&found, &expected) < 1e-12, "{found:?} {expected:?}");
}

/// ∂Q(v + n)/∂θ − ∂Q(v)/∂θ = n E[h|v]ᵀ for the weights and n for the visible fields ([K] Theorem 9).
#[test]
fn noise_moves_the_data_side_alone() {
    const TEXT: &str = "model M { param W: real[3, 2] = init gaussian(0, 1)  param b: real[3] = 0
        observe v: binary[3]  latent h: binary[2]  energy -(v @ W @ h) - b @ v }
        data d { v: binary[3] = draw bernoulli(0.5) take 20 seed 1 }
        train M on d { noise v += gaussian(0, 1)  compare none, blind, nem }";
    let session = Session::from_text("energy.nem", TEXT, None);
    assert!(!session.problems.has_errors(), "{:?}", session.problems.sorted());
    let training = &session.checked.trainings[0];
    let at = |arm| gradient(&training.model, Method::Exact, 4, (&training.noise, arm));
    let [none, blind, nem] = [Arm::None, Arm::Blind, Arm::Nem].map(at);
    assert!(distance(&blind, &none) > 0.01 && distance(&nem, &blind) > 0.01);
    let noise: Vec<f64> = (0..3).map(|i| blind[6 + i] - none[6 + i]).collect();
    assert!(noise.iter().all(|n| n.abs() > 1e-6), "{noise:?}");
    // NEM noise raises Σ (v + n)ᵀ (W h + b) over the batch.
    let (model, point) = (&training.model, start(&step(&training.model, Method::Exact, 4, (&[], Arm::None))));
    let raised = |moved: &[f64]| -> f64 {
        let all = point.concat();
        moved.iter().zip(&none).map(|(m, n)| m - n).zip(all).map(|(d, theta)| d * theta).sum()
    };
    assert_eq!(model.parameters().count(), 2);
    assert!(raised(&nem) > 0.0, "{}", raised(&nem));
}

/// Against differences of −½ weight Σ_j (q_j − target)², the means q computed by hand.
#[test]
fn the_sparsity_penalty_is_climbed_by_its_gradient() {
    const ROWS: usize = 4;
    let model = model(&program("real", "binary", &FORMS[0]));
    let sparsity = Sparsity { target: 0.1, weight: 3.0 };
    let moved = |sparsity| {
        let plan = planned(&StepSpec { sparsity, ..spec(&model, Method::Exact, ROWS, (&[], Arm::None)) });
        let start = start(&plan);
        let (after, _) = ran(plan, &model, ROWS, &start);
        let [before, after] = [start, after].map(|list| list.concat());
        after.iter().zip(&before).map(|(after, before)| after - before).collect::<Vec<f64>>()
    };
    let (with, without) = (moved(Some(sparsity)), moved(None));
    let pull: Vec<f64> = with.iter().zip(&without).map(|(a, b)| a - b).collect();
    let v = data(&model, "v", ROWS);
    // W, b, c and the logarithm of tau, of which h | v = logistic(c + v W) has W and c alone.
    let names: Vec<&str> = model.parameters().map(|(node, _)| node.name.as_str()).collect();
    assert_eq!(names, ["W", "b", "c", "tau_v"]);
    let base = start(&step(&model, Method::Exact, ROWS, (&[], Arm::None)));
    let penalty = |at: &[Vec<f64>]| -> f64 {
        let mean = |j: usize| {
            let unit = |row: &f64| 1.0 / (1.0 + (-(at[2][j] + row * at[0][j])).exp());
            v.iter().map(unit).sum::<f64>() / ROWS as f64
        };
        (0..2).map(|j| -0.5 * sparsity.weight * (mean(j) - sparsity.target).powi(2)).sum()
    };
    let slopes = slopes(&base, penalty);
    assert!(distance(&pull, &slopes) < 1e-8, "{pull:?} {slopes:?}");
}
