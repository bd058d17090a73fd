//! Networks that start from energies: what their layers compute against sums over the states of these, and what each energy is
//! trained on.

use nemlang::data::{Column, Table};
use nemlang::exec::Reference;
use nemlang::expr::{Bindings, Value, evaluate, substitute};
use nemlang::model::{Kind, Model, Training};
use nemlang::session::Session;
use nemlang::train::crew::Start;
use nemlang::train::pretrain::{Storey, initial, pretrain_all};
use nemlang::train::start::initial_values;

/// A kind of units: what confines them, the layer that is their mean, and the states that a sum goes over.
struct Units {
    kind: &'static str,
    confined: &'static str,
    layer: &'static str,
    states: fn(usize) -> Vec<Vec<f64>>,
}

const UNITS: [Units; 4] = [
    Units { kind: "binary", confined: "", layer: "logistic", states: |n| corners(n, 0.0) },
    Units { kind: "bipolar", confined: "", layer: "tanh", states: |n| corners(n, -1.0) },
    Units { kind: "one_hot", confined: "", layer: "softmax", states: |n| (0..n).map(|k| one_hot(n, k)).collect() },
    Units { kind: "real", confined: " + sum(U^2) / 2", layer: "", states: grid },
];

fn corners(n: usize, lower: f64) -> Vec<Vec<f64>> {
    (0..1 << n).map(|state| (0..n).map(|i| if state >> i & 1 == 1 { 1.0 } else { lower }).collect()).collect()
}

fn one_hot(n: usize, k: usize) -> Vec<f64> {
    (0..n).map(|i| f64::from(u8::from(i == k))).collect()
}

/// The trapezoidal rule, which is exact to rounding for gaussians this far out and this fine.
fn grid(n: usize) -> Vec<Vec<f64>> {
    let line: Vec<f64> = (-48..=48).map(|i| f64::from(i) / 4.0).collect();
    (0..n).fold(vec![vec![]], |begun, _| {
        begun.iter().flat_map(|b: &Vec<f64>| line.iter().map(|x| [&b[..], &[*x]].concat())).collect()
    })
}

/// An encoder and a decoder of an energy of 3 visible and 2 hidden units.
fn program(visible: &Units, hidden: &Units) -> String {
    let confined = |units: &Units, name: &str| units.confined.replace('U', name);
    format!(
        "data d {{
            x: real[3] = draw uniform(0, 1) take 12
            y: real[3] = x
        }}
        model E {{
            observe v: {}[3]
            latent h: {}[2]
            param W: real[3, 2] = init gaussian(0, 0.5)
            param b: real[3] = init gaussian(0, 0.5)
            param c: real[2] = init gaussian(0, 0.5)
            energy -(v @ W @ h) - b @ v - c @ h{}{}
        }}
        model M {{
            input x: real[3]
            h = {}(affine(x, 2))
            g = {}(affine(h, 3))
            observe y: real[3] ~ gaussian(g, 1)
        }}
        train M on d {{
            epochs 1
            pretrain E {{ epochs 3  batch 5  optimizer sgd(rate = 0.3) }}
            compare pretrained
        }}",
        visible.kind,
        hidden.kind,
        confined(visible, "v"),
        confined(hidden, "h"),
        hidden.layer,
        visible.layer,
    )
}

fn training(text: &str) -> Training {
    let session = Session::from_text("stack.nem", text, None);
    assert!(!session.problems.has_errors(), "{text}\n{:?}", session.problems.sorted());
    session.checked.trainings[0].clone()
}

/// 12 rows of which each is a mean of every kind of units.
fn means(name: &str, width: usize) -> Table {
    let row = |r: usize| {
        let raw: Vec<f64> = (0..width).map(|i| 1.5 + (1.3 * r as f64 + 2.1 * i as f64).sin()).collect();
        let sum: f64 = raw.iter().sum();
        raw.into_iter().map(move |x| x / sum)
    };
    Table { columns: vec![Column { name: name.into(), width, values: (0..12).flat_map(row).collect() }] }
}

/// Pretrains with seed 1: the start afterwards.
fn pretrained(training: &Training, ground: &Table) -> Start {
    let storeys: Vec<Storey> = training.pretraining.iter().map(|s| Storey::new(s).unwrap()).collect();
    let values = initial_values(&training.model, 1);
    let start = Start { seed: 1, pretrained: vec![], values, energies: initial(&training.pretraining, 1) };
    pretrained_from(&storeys, ground, start)
}

fn pretrained_from(storeys: &[Storey], ground: &Table, start: Start) -> Start {
    let mut starts = [start];
    pretrain_all(|| Ok(Reference), storeys, ground, &mut starts, 1, &|_, _, _, _| {}).unwrap();
    let [start] = starts;
    start
}

/// The numbers of a parameter of the network.
fn numbers<'s>(model: &Model, start: &'s Start, name: &str) -> &'s [f64] {
    let at = model.parameters().position(|(node, _)| node.name == name).unwrap();
    &start.pretrained[at]
}

/// A variable of the network, its input given.
fn value(model: &Model, start: &Start, name: &str, given: (&str, &[f64])) -> Vec<f64> {
    let var = |name: &str| model.named().find(|(n, _)| *n == name).unwrap().1.var;
    let from = var(given.0);
    let written = model.nodes.iter().rev().fold(var(name), |e, node| match &node.kind {
        Kind::Definition { value, .. } if node.var != from => substitute(e, &[(node.var, *value)]),
        Kind::Random { instance, observed: false } if node.var != from => {
            substitute(e, &[(node.var, instance.mean(node.var).unwrap())])
        }
        _ => e,
    });
    let mut bindings: Bindings = [(from, Value::Vector(given.1.to_vec()))].into();
    for ((node, _), values) in model.parameters().zip(&start.pretrained) {
        let (rows, columns) = node.shape;
        let is_matrix = rows > 1;
        let value =
            if is_matrix { Value::Matrix(rows, columns, values.clone()) } else { Value::Vector(values.clone()) };
        bindings.insert(node.var, value);
    }
    evaluate(written, &bindings).unwrap().numbers().to_vec()
}

/// E[units | the other group] ∝ e^−E by a sum over all states: `field(states)` is the slope of −E without what confines them.
fn mean_by_states(units: &Units, field: &[f64]) -> Vec<f64> {
    let states = (units.states)(field.len());
    let confining = |s: &[f64]| if units.kind == "real" { s.iter().map(|x| x * x / 2.0).sum() } else { 0.0 };
    let weight = |s: &[f64]| (s.iter().zip(field).map(|(s, f)| s * f).sum::<f64>() - confining(s)).exp();
    let total: f64 = states.iter().map(|s| weight(s)).sum();
    (0..field.len()).map(|i| states.iter().map(|s| s[i] * weight(s)).sum::<f64>() / total).collect()
}

fn assert_close(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len());
    let off = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(off < 1e-10, "{what}: {found:?} and not {expected:?}");
}

#[test]
fn layers_compute_what_units_are_on_average() {
    for (visible, hidden) in UNITS.iter().flat_map(|v| UNITS.iter().map(move |h| (v, h))) {
        let training = training(&program(visible, hidden));
        let start = pretrained(&training, &means("v", 3));
        let model = &training.model;
        let [w, c, back, b] = ["h.W", "h.b", "g.W", "g.b"].map(|name| numbers(model, &start, name));
        let moved = start.values.iter().zip(&start.pretrained).all(|(a, b)| a != b);
        assert!(moved, "{} {}: every parameter comes from the energy", visible.kind, hidden.kind);
        // W stands row after row in the encoder, and the decoder's is its transpose.
        assert!((0..3).all(|i| (0..2).all(|j| w[2 * i + j] == back[3 * j + i])));
        let v = [0.2, 0.5, 0.3];
        let of_hidden: Vec<f64> = (0..2).map(|j| c[j] + (0..3).map(|i| v[i] * w[2 * i + j]).sum::<f64>()).collect();
        let what = format!("{} given {}", hidden.kind, visible.kind);
        assert_close(&value(model, &start, "h", ("x", &v)), &mean_by_states(hidden, &of_hidden), &what);
        let h = [0.4, 0.6];
        let of_visible: Vec<f64> = (0..3).map(|i| b[i] + (0..2).map(|j| w[2 * i + j] * h[j]).sum::<f64>()).collect();
        let what = format!("{} given {}", visible.kind, hidden.kind);
        assert_close(&value(model, &start, "g", ("h", &h)), &mean_by_states(visible, &of_visible), &what);
    }
}

const TOWER: &str = "
data d {
    x: real[4] = draw uniform(0, 1) take 12
    y: binary = step(draw gaussian(0)) take 12
}
model E(visible, hidden) {
    observe v: binary[visible]
    latent h: binary[hidden]
    param W: real[visible, hidden] = init gaussian(0, 0.5)
    param b: real[visible] = 0
    param c: real[hidden] = 0
    energy -(v @ W @ h) - b @ v - c @ h
}
model M {
    input x: real[4]
    h1 ~ bernoulli(logistic(affine(x, 3)))
    h2 ~ bernoulli(logistic(affine(h1, 2)))
    observe y: binary ~ bernoulli(logistic(affine(h2, 1)))
}
train M on d {
    pretrain E(4, 3), E(3, 2) { epochs 4  batch 5  optimizer sgd(rate = 0.5, momentum = 0.5) }
    compare none, pretrained
}";

#[test]
fn each_energy_is_trained_on_the_means_below_it() {
    let training = training(TOWER);
    let start = pretrained(&training, &means("v", 4));
    let model = &training.model;
    // The second energy alone, on the means that the first layer computes, with the same random numbers.
    let ground = means("v", 4);
    let first = |row: usize| value(model, &start, "h1", ("x", ground.columns[0].row(row)));
    let values = (0..12).flat_map(first).collect();
    let above = Table { columns: vec![Column { name: "v".into(), width: 3, values }] };
    let stages = &training.pretraining[1..];
    let storeys: Vec<Storey> = stages.iter().map(|s| Storey::new(s).unwrap()).collect();
    // The seed of the second energy of one seed is that of the first of another.
    let seed = 1 + (1 << 53);
    let values = initial_values(model, 1);
    let alone =
        pretrained_from(&storeys, &above, Start { seed, pretrained: vec![], values, energies: initial(stages, seed) });
    for name in ["h2.W", "h2.b"] {
        assert_close(numbers(model, &start, name), numbers(model, &alone, name), name);
        assert_ne!(numbers(model, &start, name), &initial_values(model, 1)[at(model, name)][..]);
    }
    assert_eq!(numbers(model, &alone, "h1.W"), &initial_values(model, 1)[at(model, "h1.W")][..]);
}

#[test]
fn what_no_energy_speaks_of_stays_as_it_is_drawn() {
    let training = training(TOWER);
    let start = pretrained(&training, &means("v", 4));
    for name in ["y.W", "y.b"] {
        assert_eq!(numbers(&training.model, &start, name), &start.values[at(&training.model, name)][..]);
    }
}

fn at(model: &Model, name: &str) -> usize {
    model.parameters().position(|(node, _)| node.name == name).unwrap()
}

/// What layers take of the energies of a `train`.
fn given(text: &str) -> Vec<Vec<String>> {
    let of_stage = |stage: &nemlang::model::Stage| stage.given.iter().map(|given| given.variable.clone()).collect();
    training(text).pretraining.iter().map(of_stage).collect()
}

#[test]
fn layers_of_one_width_are_no_decoders() {
    let square = TOWER.replace("h1 ~ bernoulli(logistic(affine(x, 3)))", "h1 ~ bernoulli(logistic(affine(x, 4)))");
    let square = square.replace("affine(h1, 2)", "affine(h1, 4)").replace("E(4, 3), E(3, 2)", "E(4, 4)");
    assert_eq!(given(&square), [["h1"]]);
    assert_eq!(given(TOWER), [["h1"], ["h2"]]);
    assert_eq!(given(&program(&UNITS[0], &UNITS[0])), [["h", "y"]]);
}

/// Two layers of one width stand on the first, and the next energy fits above the second of them alone.
#[test]
fn layers_are_those_that_later_energies_fit_too() {
    let layer = |from: &str, n: usize| format!("bernoulli(logistic(affine({from}, {n})))");
    let aside = format!("aside ~ {}\n observe z: binary ~ {}\n h2 ~ ", layer("h1", 2), layer("aside", 1));
    let above = format!("h3 ~ {}\n observe y: binary ~ {}", layer("h2", 5), layer("h3", 1));
    let text = TOWER
        .replace("h2 ~ ", &aside)
        .replace(&format!("observe y: binary ~ {}", layer("h2", 1)), &above)
        .replace("y: binary =", "z: binary = draw bernoulli(0.5) take 12\n y: binary =")
        .replace("E(3, 2)", "E(3, 2), E(2, 5)");
    assert_eq!(given(&text), [["h1"], ["h2"], ["h3"]]);
}
