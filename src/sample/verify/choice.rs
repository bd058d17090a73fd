//! Values for a check: from the supports, a few of each, the same in every run.

use std::rc::Rc;

use super::super::place::Place;
use super::super::random::Random;
use crate::expr::{Bindings, Dim, Expr, Shape, Trace, Value, evaluate, simplify};
use crate::model::{Bound, Likelihood, Support};
use crate::plan::FillKind;

/// How many points are chosen.
const POINTS: usize = 3;

/// Points at which the log-density is finite.
pub fn places(likelihood: &Rc<Likelihood>) -> Vec<Place> {
    (0..POINTS).filter_map(|trial| place(likelihood, trial)).collect()
}

fn place(likelihood: &Rc<Likelihood>, trial: usize) -> Option<Place> {
    let lengths = lengths(likelihood);
    let mut known: Bindings = lengths.clone();
    let mut parameters = vec![];
    for (i, formal) in likelihood.formals.iter().enumerate() {
        let default = formal.default.filter(|_| trial == 0).and_then(|e| evaluate(e, &known).ok());
        let value = default.unwrap_or_else(|| {
            // A binary parameter is a mask, and what is masked out has no density.
            let values = |size| match formal.support {
                Support::Binary => vec![1.0; size],
                support => row(support, size, i, trial),
            };
            shaped(formal.var.shape(), &lengths, values, formal.support)
        });
        known.insert(formal.var, value.clone());
        parameters.push(value);
    }
    let fits = |outcome: &Value| {
        let place = Place::new(likelihood, &parameters, outcome.clone());
        (place.is_possible() && place.value(place.log_density).scalar().is_finite()).then_some(place)
    };
    let possible: Vec<Place> = outcomes(likelihood, &known, &lengths, trial).iter().filter_map(fits).collect();
    // At an end of the support there is little to see.
    let inner = possible.iter().find(|place| !place.is_at_an_end());
    inner.or(possible.first()).cloned()
}

/// A length for each that the types name: 3 where components have a sum, for of two one says everything; else 2.
fn lengths(likelihood: &Likelihood) -> Bindings {
    let formals = likelihood.formals.iter().map(|f| (f.var.shape(), f.support));
    let all: Vec<(Shape, Support)> = formals.chain([(likelihood.outcome.shape(), likelihood.support)]).collect();
    let with_sum = all.iter().any(|(_, s)| s.sums_to_one()) || likelihood.bounds.iter().any(is_total);
    let size = if with_sum { 3.0 } else { 2.0 };
    let dims = all.iter().flat_map(|(shape, _)| match shape {
        Shape::Scalar => vec![],
        Shape::Vector(d) => vec![*d],
        Shape::Matrix(r, c) => vec![*r, *c],
    });
    let name = |dim: Dim| if let Dim::Named(e) = dim { e.name().map(|_| e) } else { None };
    dims.filter_map(name).map(|e| (e, Value::Scalar(size))).collect()
}

fn is_total(bound: &Bound) -> bool {
    matches!(bound, Bound::Total(_))
}

fn size(dim: Dim, lengths: &Bindings) -> usize {
    match dim {
        Dim::Fixed(n) => n,
        Dim::Named(e) => evaluate(e, lengths).map_or(2, |n| n.scalar() as usize),
    }
}

/// A value of this shape, made of rows.
fn shaped(shape: Shape, lengths: &Bindings, row: impl Fn(usize) -> Vec<f64>, support: Support) -> Value {
    match shape {
        Shape::Scalar => Value::Scalar(row(1)[0]),
        Shape::Vector(dim) => Value::Vector(row(size(dim, lengths))),
        Shape::Matrix(r, c) => {
            let (rows, columns) = (size(r, lengths), size(c, lengths));
            let entries = match support {
                Support::Real | Support::PositiveDefinite => triangle(rows, columns, support),
                _ => (0..rows).flat_map(|_| row(columns)).collect(),
            };
            Value::Matrix(rows, columns, entries)
        }
    }
}

/// A matrix with a large diagonal; zeros above it but for symmetric ones, for it may be a Cholesky factor.
fn triangle(rows: usize, columns: usize, support: Support) -> Vec<f64> {
    let symmetric = support == Support::PositiveDefinite;
    let entry = |r: usize, c: usize| match r.cmp(&c) {
        std::cmp::Ordering::Equal => 1.0 + 0.5 * r as f64,
        std::cmp::Ordering::Less if !symmetric => 0.0,
        _ => 0.3,
    };
    (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c))).map(|(r, c)| entry(r, c)).collect()
}

/// Shares of an interval that the trials use.
const SHARES: [f64; POINTS] = [0.3, 0.7, 0.55];

/// Numbers of a support. Real ones rise from parameter to parameter, so that a lower end comes before an upper one.
fn row(support: Support, size: usize, parameter: usize, trial: usize) -> Vec<f64> {
    use std::ops::Bound::{Excluded, Included, Unbounded};
    let share = |k: usize| SHARES[(trial + k + parameter) % POINTS];
    let (lower, upper) = (support.lower(), support.upper());
    let number = |k: usize| match (lower, upper) {
        _ if support.is_discrete() => on_grid(support, k + trial),
        (Unbounded, _) => -0.8 + 1.3 * parameter as f64 + 0.45 * trial as f64 + 0.6 * k as f64,
        (Included(a) | Excluded(a), Unbounded) => {
            a + [1.0, 0.6, 2.7][trial % POINTS] * (1.0 + 0.3 * (parameter + k) as f64)
        }
        (Included(a) | Excluded(a), Included(b) | Excluded(b)) => a + (b - a) * share(k),
    };
    match support {
        Support::OneHot => (0..size).map(|k| f64::from(u8::from(k == trial % size))).collect(),
        Support::Simplex => {
            let weights: Vec<f64> = (0..size).map(|k| 1.0 + ((k + trial) % size) as f64).collect();
            weights.iter().map(|w| w / weights.iter().sum::<f64>()).collect()
        }
        _ => (0..size).map(number).map(rounded).collect(),
    }
}

/// The k-th value of a discrete support; counts from 5 on, which leaves room below.
fn on_grid(support: Support, k: usize) -> f64 {
    match support {
        Support::Binary => (k % 2) as f64,
        Support::Bipolar => 2.0 * (k % 2) as f64 - 1.0,
        Support::Whole(low, high) => low + (k as f64) % (high - low + 1.0),
        _ => 5.0 + k as f64,
    }
}

/// Outcomes to try: drawn ones, then some of the support.
fn outcomes(likelihood: &Likelihood, known: &Bindings, lengths: &Bindings, trial: usize) -> Vec<Value> {
    let mut random = Random::new(trial as u64, u32::MAX - 3);
    let mut drawer = Drawer::new(likelihood, known);
    let drawn = (0..5).filter_map(|_| drawer.as_mut()?.draw(&mut random));
    let drawn: Vec<Value> = drawn.collect();
    let of_support = (0..4).map(|k| {
        // Numbers that no parameter has, or an outcome could be its own mean.
        let number = |size| row(likelihood.support, size, likelihood.formals.len() + k, trial);
        shaped(likelihood.outcome.shape(), lengths, number, likelihood.support)
    });
    let zeros = shaped(likelihood.outcome.shape(), lengths, |size| vec![0.0; size], likelihood.support);
    let shared = shared_total(likelihood, known, lengths);
    drawn.into_iter().map(short).chain(shared).chain(of_support).chain([zeros]).collect()
}

/// A number with few digits.
fn short(value: Value) -> Value {
    match value {
        Value::Scalar(x) => Value::Scalar(rounded(x)),
        row => row,
    }
}

fn rounded(x: f64) -> f64 {
    (x * 1e3).round() / 1e3
}

/// Counts with a fixed sum: as even as can be.
fn shared_total(likelihood: &Likelihood, known: &Bindings, lengths: &Bindings) -> Option<Value> {
    let total = likelihood.bounds.iter().find_map(|b| if let Bound::Total(e) = b { Some(*e) } else { None })?;
    let total = evaluate(total, known).ok()?.scalar() as usize;
    let dim = likelihood.outcome.shape().dim()?;
    let size = size(dim, lengths);
    let discrete = likelihood.support.is_discrete() && likelihood.support != Support::OneHot;
    discrete.then(|| Value::Vector((0..size).map(|k| ((total + k) / size) as f64).collect()))
}

/// How a likelihood is drawn from at these values of its letters.
pub struct Drawer {
    known: Bindings,
    value: Expr,
    randomness: Vec<(Expr, FillKind)>,
    /// The length of the outcome where that is a vector.
    size: Option<usize>,
}

impl Drawer {
    pub fn new(likelihood: &Likelihood, known: &Bindings) -> Option<Drawer> {
        let draw = likelihood.draw.as_ref()?;
        let size = likelihood.outcome.shape().dim().map(|dim| size(dim, known));
        // In its stable form: as declared, a softmax overflows.
        let value = simplify(draw.value, &mut Trace::default());
        Some(Drawer { known: known.clone(), value, randomness: draw.randomness.clone(), size })
    }

    pub fn draw(&mut self, random: &mut Random) -> Option<Value> {
        for (var, kind) in &self.randomness {
            let mut number = || match kind {
                FillKind::StandardNormal => random.normal(),
                FillKind::StandardUniform => random.uniform(),
            };
            let value = match self.size {
                Some(size) => Value::Vector((0..size).map(|_| number()).collect()),
                None => Value::Scalar(number()),
            };
            self.known.insert(*var, value);
        }
        let value = evaluate(self.value, &self.known).ok()?;
        // A draw that is one number for all components is spread over them.
        Some(match (self.size, value) {
            (Some(size), Value::Scalar(x)) => Value::Vector(vec![x; size]),
            (_, value) => value,
        })
    }
}

/// The values of a likelihood's own letters, for its expressions as declared.
pub fn letters(place: &Place) -> Bindings {
    let likelihood = &place.instance.likelihood;
    let mut known = place.values.clone();
    let args = likelihood.formals.iter().map(|f| f.var).zip(&place.instance.args);
    let outcome: [(Expr, &Expr); 1] = [(likelihood.outcome, &place.outcome)];
    let values: Vec<(Expr, Value)> = args.chain(outcome).map(|(own, letter)| (own, place.value(*letter))).collect();
    if let (Some(Dim::Named(name)), Value::Vector(v)) = (likelihood.dim, place.value(place.outcome)) {
        known.insert(name, Value::Scalar(v.len() as f64));
    }
    known.extend(values);
    known
}
