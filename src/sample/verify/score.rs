//! Scores against differences: (f(θ + h) − f(θ − h)) / 2h, once with h and once with h/2, put together so that the error
//! of order h² goes (Richardson).

use super::super::place::Place;
use super::super::shape::like;
use super::super::values::number;
use super::Check;
use super::choice::letters;
use crate::derive::LikelihoodDerivation;
use crate::expr::{Bindings, Shape, Value, evaluate, print};

const STEP: f64 = 1e-4;

/// How far a score may be from the differences: this, times 1 and its size.
const TOLERANCE: f64 = 1e-5;

pub fn checks(derived: &LikelihoodDerivation, place: &Place) -> Vec<Check> {
    let likelihood = &derived.likelihood;
    // Several outcomes of a likelihood of numbers have one score each.
    if likelihood.dim.is_none() && place.outcome.shape() != Shape::Scalar {
        return vec![];
    }
    let at = letters(place);
    let of = |(formal, (name, score)): (&crate::model::Formal, &(String, _))| {
        let what = format!("score of {}", print::symbol(name));
        let value = at.get(&formal.var).cloned().unwrap_or(Value::Scalar(f64::NAN));
        let score = evaluate(*score, &at).unwrap_or(Value::Scalar(f64::NAN));
        let differences = differences(likelihood.log_density, formal.var, &value, &at);
        // A score that is the same for every component is one number.
        let score = |k: usize| score.numbers().get(k).copied().unwrap_or(score.scalar());
        let error = |(k, d): (usize, &f64)| (score(k) - d).abs() / (1.0 + d.abs());
        let worst =
            differences.iter().enumerate().map(error).fold(0.0, |a: f64, b| if b.is_nan() { b } else { a.max(b) });
        let detail = match differences[..] {
            [d] => format!("{}, by differences {}", number(score(0)), number(d)),
            _ => format!("{} components, relative error {}", differences.len(), number(worst)),
        };
        Check::holds(what, worst <= TOLERANCE, detail)
    };
    likelihood.formals.iter().zip(&derived.scores).map(of).collect()
}

fn differences(ln_f: crate::expr::Expr, variable: crate::expr::Expr, value: &Value, at: &Bindings) -> Vec<f64> {
    let mut at = at.clone();
    let mut moved = |k: usize, h: f64| {
        let mut numbers = value.numbers().to_vec();
        numbers[k] += h;
        at.insert(variable, like(value, &numbers));
        evaluate(ln_f, &at).map_or(f64::NAN, |v| v.scalar())
    };
    let mut one = |k: usize| {
        let step = STEP * value.numbers()[k].abs().clamp(0.01, 100.0);
        let mut central = |h: f64| (moved(k, h) - moved(k, -h)) / (2.0 * h);
        (4.0 * central(step / 2.0) - central(step)) / 3.0
    };
    (0..value.numbers().len()).map(&mut one).collect()
}
