//! A model as it is written: its equations and densities evaluated one after the other for one example, in forms that do
//! not overflow, and without anything that was differentiated, lowered or enumerated by a plan. The oracle for the plans.

use serde_json::json;

use super::compare::short;
use super::numbers::Lists;
use crate::data::Table;
use crate::expr::{Bindings, Expr, Shape, Trace, Value, evaluate, simplify};
use crate::model::{Kind, Model, Node, Support};
use crate::sample::{Check, number};

/// One variable after the other.
enum Line<'m> {
    Defined(&'m Node, Expr),
    /// With its log-density.
    Observed(Expr),
    /// With its log-density and its mean.
    Hidden(&'m Node, Expr, Option<Expr>),
}

pub struct Written<'m> {
    model: &'m Model,
    lines: Vec<Line<'m>>,
}

impl<'m> Written<'m> {
    pub fn new(model: &'m Model) -> Written<'m> {
        Written { model, lines: model.nodes.iter().filter_map(line).collect() }
    }

    /// ln p(observed | inputs) of all examples, every hidden variable at its mean.
    pub fn mean_field(&self, parameters: &Lists, examples: &Table) -> f64 {
        self.examples(parameters, examples).iter_mut().map(|known| self.at_means(known, None)).sum()
    }

    /// ln p(observed | inputs) of all examples: the sum over all states of the hidden variables.
    pub fn marginal(&self, parameters: &Lists, examples: &Table) -> f64 {
        let of = |known: &mut Bindings| log_sum_exp(self.states(known).map(|s| s.prior + s.likelihood));
        self.examples(parameters, examples).iter_mut().map(of).sum()
    }

    /// How many samples of equal weight a sample of the hidden variables is worth, in the limit of many (Kong 1992):
    /// (Σ p(h) p(y | h))² / Σ p(h) p(y | h)², of the example for which it is least.
    pub fn worth(&self, parameters: &Lists, examples: &Table) -> f64 {
        let of = |known: &mut Bindings| {
            let mean = log_sum_exp(self.states(known).map(|s| s.prior + s.likelihood));
            let square = log_sum_exp(self.states(known).map(|s| s.prior + 2.0 * s.likelihood));
            (2.0 * mean - square).exp()
        };
        self.examples(parameters, examples).iter_mut().map(of).fold(1.0, f64::min)
    }

    fn states(&self, known: &mut Bindings) -> impl Iterator<Item = State> {
        let mut states = vec![];
        walk(&self.lines, known, State { prior: 0.0, likelihood: 0.0 }, &mut states);
        states.into_iter()
    }

    /// Parameters, inputs and observed variables of each example.
    pub fn examples(&self, parameters: &Lists, examples: &Table) -> Vec<Bindings> {
        let known = bound(self.model, parameters);
        let example = |row: usize| {
            let mut known = known.clone();
            for column in &examples.columns {
                if let Some(node) = self.model.node(&column.name) {
                    known.insert(node.var, Value::Vector(column.row(row).to_vec()));
                }
            }
            known
        };
        (0..examples.rows()).map(example).collect()
    }

    /// Finds every value of an example, hidden variables at their means and one variable at a value of its own, and gives
    /// ln p(observed | inputs).
    pub fn at_means(&self, known: &mut Bindings, fixed: Option<(Expr, &[f64])>) -> f64 {
        let mut total = 0.0;
        for line in &self.lines {
            match line {
                Line::Defined(node, _) | Line::Hidden(node, ..) if fixed.is_some_and(|(var, _)| var == node.var) => {
                    known.extend(fixed.map(|(var, numbers)| (var, Value::Vector(numbers.to_vec()))));
                }
                Line::Defined(node, e) | Line::Hidden(node, _, Some(e)) => define(node, *e, known),
                Line::Observed(density) => total += value(*density, known).scalar(),
                Line::Hidden(_, _, None) => {}
            }
        }
        total
    }
}

fn line(node: &Node) -> Option<Line<'_>> {
    let stable = |e: Expr| simplify(e, &mut Trace::default());
    match &node.kind {
        Kind::Definition { value, .. } => Some(Line::Defined(node, *value)),
        Kind::Random { observed: true, instance } => Some(Line::Observed(stable(instance.log_density(node.var)))),
        Kind::Random { instance, .. } => {
            let density = stable(instance.log_density(node.var));
            Some(Line::Hidden(node, density, instance.mean(node.var).map(stable)))
        }
        _ => None,
    }
}

/// The values of parameters.
fn bound(model: &Model, parameters: &Lists) -> Bindings {
    let mut known = Bindings::new();
    for ((node, parameter), raw) in model.parameters().zip(parameters) {
        known.insert(parameter.raw, shaped(node.shape, parameter.raw, raw));
        let value = value(parameter.value, &known);
        known.insert(node.var, value);
    }
    known
}

/// A state of all hidden variables: ln p(h | x) and ln p(y | h, x).
#[derive(Clone, Copy)]
struct State {
    prior: f64,
    likelihood: f64,
}

/// Goes through the states of the first hidden variable, and for each through those of the others.
fn walk(lines: &[Line], known: &mut Bindings, mut so_far: State, all: &mut Vec<State>) {
    let Some((line, rest)) = lines.split_first() else { return all.push(so_far) };
    match line {
        Line::Defined(node, e) => define(node, *e, known),
        Line::Observed(density) => so_far.likelihood += value(*density, known).scalar(),
        Line::Hidden(node, density, _) => {
            for values in states(node) {
                known.insert(node.var, Value::Vector(values));
                let prior = so_far.prior + value(*density, known).scalar();
                walk(rest, known, State { prior, ..so_far }, all);
            }
            return;
        }
    }
    walk(rest, known, so_far, all);
}

fn log_sum_exp(terms: impl Iterator<Item = f64>) -> f64 {
    let terms: Vec<f64> = terms.collect();
    let top = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    top + terms.iter().map(|t| (t - top).exp()).sum::<f64>().ln()
}

/// Every value of a hidden variable that has finitely many.
fn states(node: &Node) -> Vec<Vec<f64>> {
    let width = node.shape.1;
    let codes = |low: f64| {
        let longer = |states: Vec<Vec<f64>>, _| {
            let both = |state: Vec<f64>| [low, 1.0].map(|x| [&state[..], &[x]].concat());
            states.into_iter().flat_map(both).collect()
        };
        (0..width).fold(vec![vec![]], longer)
    };
    match node.support {
        Support::Binary => codes(0.0),
        Support::Bipolar => codes(-1.0),
        Support::OneHot => (0..width).map(|k| (0..width).map(|i| f64::from(u8::from(i == k))).collect()).collect(),
        _ => vec![],
    }
}

fn define(node: &Node, e: Expr, known: &mut Bindings) {
    // One number may stand for all components.
    let numbers = match value(e, known) {
        Value::Scalar(x) => vec![x; node.shape.1],
        other => other.numbers().to_vec(),
    };
    known.insert(node.var, Value::Vector(numbers));
}

pub fn value(e: Expr, known: &Bindings) -> Value {
    evaluate(e, known).unwrap_or(Value::Scalar(f64::NAN))
}

/// Numbers in the shape that a parameter has in expressions.
fn shaped((rows, columns): (usize, usize), var: Expr, numbers: &[f64]) -> Value {
    match var.shape() {
        Shape::Scalar => Value::Scalar(numbers[0]),
        Shape::Vector(_) => Value::Vector(numbers.to_vec()),
        Shape::Matrix(..) => Value::Matrix(rows, columns, numbers.to_vec()),
    }
}

/// How far a value of a plan may be from the one as written.
const TOLERANCE: f64 = 1e-10;

pub fn agreement(what: &str, found: f64, written: f64) -> Check {
    let distance = (found - written).abs() / (1.0 + written.abs());
    let detail = format!("{}, as written off by {}", number(found), short(distance));
    Check::holds(what, distance <= TOLERANCE, detail).with(json!({ "value": found, "distance": distance }))
}
