//! Recall ends at states of which no unit could lower the energy, and no energy rises on the way, whatever the weights ([K]
//! Theorem 7).

use nemlang::data::{Column, Table};
use nemlang::exec::Reference;
use nemlang::model::Model;
use nemlang::session::Session;
use nemlang::train::arm::state;
use nemlang::train::recall::{Recall, Recalled, Update};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::programs::{FORMS, HIDDEN, VISIBLE, program};

const PROBES: usize = 4;

fn model(text: &str) -> Model {
    let session = Session::from_text("energy.nem", text, None);
    assert!(!session.problems.has_errors(), "{text}\n{:?}", session.problems.sorted());
    session.checked.models[0].clone()
}

/// A BAM of two visible groups, with fields.
fn bam(kinds: (&str, &str), (n, m): (usize, usize)) -> Model {
    let (x, y) = kinds;
    model(&format!(
        "model Bam {{
             param W: real[{n}, {m}] = 0  param b: real[{n}] = 0  param c: real[{m}] = 0
             observe x: {x}[{n}]  observe y: {y}[{m}]
             energy -(x @ W @ y) - b @ x - c @ y
         }}"
    ))
}

fn numbers(random: &mut ChaCha8Rng, count: usize) -> Vec<f64> {
    (0..count).map(|_| random.random_range(-1.0..1.0)).collect()
}

/// A row of states.
fn states(kind: &str, width: usize, random: &mut ChaCha8Rng) -> Vec<f64> {
    let class = random.random_range(0..width);
    let mut unit = |i: usize| match kind {
        "one_hot" => f64::from(u8::from(i == class)),
        "bipolar" => 2.0 * f64::from(random.random_range(0u8..2)) - 1.0,
        "binary" => f64::from(random.random_range(0u8..2)),
        _ => random.random_range(0.0..2.0),
    };
    (0..width).map(&mut unit).collect()
}

fn probes(machine: &Recall, random: &mut ChaCha8Rng) -> Table {
    let column = |u: &nemlang::train::recall::Units| {
        let kind = u.support.to_string();
        let values = (0..PROBES).flat_map(|_| states(&kind, u.width, random)).collect();
        Column { name: u.name.clone(), width: u.width, values }
    };
    Table { columns: machine.units.iter().map(column).collect() }
}

fn recalled(machine: &Recall, start: &[Vec<f64>], probes: &Table) -> Recalled {
    let mut state = state(&Reference, &machine.blocks[0], start).unwrap();
    machine.from(&Reference, &mut state, probes).unwrap()
}

fn machine(model: &Model, update: Update, seed: u64) -> Recall {
    Recall::new(model, model.energy.unwrap(), (update, 2000), seed).unwrap()
}

/// −x W y − b x − c y, in plain loops.
fn energy(start: &[Vec<f64>], x: &[f64], y: &[f64]) -> f64 {
    let [weights, b, c] = start else { panic!("three parameters") };
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let rows = x.iter().zip(weights.chunks(y.len()));
    -rows.map(|(x, row)| x * dot(row, y)).sum::<f64>() - dot(b, x) - dot(c, y)
}

/// Every state that differs in one unit.
fn neighbours(kind: &str, row: &[f64]) -> Vec<Vec<f64>> {
    let other = |i: usize| match kind {
        "one_hot" => (0..row.len()).map(|k| f64::from(u8::from(k == i))).collect(),
        _ => {
            let mut other = row.to_vec();
            other[i] = if kind == "bipolar" { -row[i] } else { 1.0 - row[i] };
            other
        }
    };
    (0..row.len()).map(other).collect()
}

#[test]
fn no_energy_rises_and_recall_stops_for_a_thousand_random_matrices() {
    const KINDS: &[(&str, &str)] =
        &[("binary", "binary"), ("bipolar", "bipolar"), ("binary", "bipolar"), ("bipolar", "one_hot")];
    const SIZES: &[(usize, usize)] = &[(1, 2), (3, 2), (8, 5), (20, 20), (60, 12)];
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut tried = 0;
    for kinds in KINDS {
        for size in SIZES {
            let model = bam(*kinds, *size);
            for update in [Update::Synchronous, Update::Subset(0.5)] {
                let machine = machine(&model, update, 1);
                for _ in 0..25 {
                    let start = [size.0 * size.1, size.0, size.1].map(|count| numbers(&mut random, count)).to_vec();
                    let end = recalled(&machine, &start, &probes(&machine, &mut random));
                    let scale: f64 = start.iter().flatten().map(|x| x.abs()).sum();
                    assert!(end.rise <= 1e-12 * scale, "{kinds:?} {size:?}: {:e}", end.rise);
                    assert!(end.settled.iter().all(Option::is_some), "{kinds:?} {size:?}");
                    is_lowest_nearby(*kinds, &start, &end, 1e-12 * scale);
                    tried += 1;
                }
            }
        }
    }
    assert_eq!(tried, 1000);
}

fn is_lowest_nearby(kinds: (&str, &str), start: &[Vec<f64>], end: &Recalled, rounding: f64) {
    let [x, y] = ["x", "y"].map(|name| end.values.column(name).unwrap());
    let rows = || x.values.chunks(x.width).zip(y.values.chunks(y.width));
    for (x, y) in rows() {
        let lowest = energy(start, x, y) - rounding;
        assert!(neighbours(kinds.0, x).iter().all(|other| energy(start, other, y) >= lowest));
        assert!(neighbours(kinds.1, y).iter().all(|other| energy(start, x, other) >= lowest));
    }
    let mean = rows().map(|(x, y)| energy(start, x, y)).sum::<f64>() / PROBES as f64;
    assert!((mean - end.trace.last().unwrap()).abs() <= rounding, "{mean} {:?}", end.trace);
}

/// Real units too, and three groups.
#[test]
fn no_energy_of_any_kind_of_units_rises() {
    let mut random = ChaCha8Rng::seed_from_u64(8);
    for (visible, hidden) in VISIBLE.iter().flat_map(|v| HIDDEN.iter().map(move |h| (v, h))) {
        for form in FORMS {
            let model = model(&program(visible, hidden, form));
            for update in [Update::Synchronous, Update::Subset(0.5)] {
                let machine = machine(&model, update, 1);
                let sizes = machine.blocks[0].plan().persistent.iter().map(|p| p.rows * p.columns);
                let start: Vec<Vec<f64>> = sizes.map(|count| numbers(&mut random, count)).collect();
                let end = recalled(&machine, &start, &probes(&machine, &mut random));
                assert!(end.rise <= 1e-12, "{visible} {hidden}: {:e}", end.rise);
                assert!(end.settled.iter().all(Option::is_some), "{visible} {hidden} {:?}", end.trace);
            }
        }
    }
}

fn column(name: &str, width: usize, values: &[f64]) -> Column {
    Column { name: name.into(), width, values: values.to_vec() }
}

#[test]
fn units_without_input_stay_and_the_present_one_of_equal_classes_stays() {
    let still = |kinds, x: &[f64], y: &[f64]| {
        let model = bam(kinds, (2, 3));
        let start = [vec![0.0; 6], vec![0.0; 2], vec![0.0; 3]];
        let probes = Table { columns: vec![column("x", 2, x), column("y", 3, y)] };
        let end = recalled(&machine(&model, Update::Synchronous, 1), &start, &probes);
        assert_eq!(end.settled, [Some(0), Some(0)]);
        assert_eq!((end.rise, end.trace), (0.0, vec![0.0]));
        assert_eq!(end.values, probes);
    };
    still(("binary", "one_hot"), &[0.0, 1.0, 1.0, 0.0], &[0.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
    still(("bipolar", "binary"), &[-1.0, 1.0, 1.0, -1.0], &[0.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
}

/// W = x yᵀ, as Hebbian learning makes it ([K] (157)).
#[test]
fn a_stored_pair_comes_back_from_either_side_and_from_distorted_units() {
    let model = bam(("bipolar", "bipolar"), (6, 4));
    let (x, y) = ([1.0, -1.0, 1.0, 1.0, -1.0, -1.0], [1.0, 1.0, -1.0, -1.0]);
    let weights = x.iter().flat_map(|x| y.iter().map(move |y| x * y)).collect();
    let start = [weights, vec![0.0; 6], vec![0.0; 4]];
    let machine = machine(&model, Update::Synchronous, 1);
    let distorted = [1.0, -1.0, 1.0, -1.0, -1.0, -1.0];
    for given in [column("x", 6, &x), column("y", 4, &y), column("x", 6, &distorted)] {
        let end = recalled(&machine, &start, &Table { columns: vec![given] });
        assert_eq!(end.values.column("x").unwrap().values, x);
        assert_eq!(end.values.column("y").unwrap().values, y);
        assert_eq!(*end.trace.last().unwrap(), -24.0);
    }
}

#[test]
fn a_share_of_the_units_is_flipped_and_classes_become_other_ones() {
    const ROWS: usize = 2000;
    let model = bam(("bipolar", "one_hot"), (5, 4));
    let machine = machine(&model, Update::Synchronous, 3);
    let mut x = column("x", 5, &[1.0; 5 * ROWS]);
    let mut y = column("y", 4, &[0.0, 1.0, 0.0, 0.0].repeat(ROWS));
    [&mut x, &mut y].into_iter().for_each(|column| machine.flip(column, 0.2));
    let flipped = x.values.iter().filter(|x| **x == -1.0).count();
    assert!((flipped as f64 / (5 * ROWS) as f64 - 0.2).abs() < 0.02, "{flipped}");
    let of_class = |k: usize| y.values.chunks(4).filter(|row| row[k] == 1.0 && row.iter().sum::<f64>() == 1.0).count();
    let shares = [0, 1, 2, 3].map(|k| of_class(k) as f64 / ROWS as f64);
    for (share, expected) in shares.iter().zip([0.2 / 3.0, 0.8, 0.2 / 3.0, 0.2 / 3.0]) {
        assert!((share - expected).abs() < 0.03, "{shares:?}");
    }
}
