//! The declared draws against the declared mean, distribution function and density.

use super::super::goodness::one_sample;
use super::super::place::Place;
use super::super::quadrature::{Range, integral};
use super::super::random::Random;
use super::super::values::number;
use super::Check;
use super::choice::{draw, letters};
use super::density::range;
use crate::expr::{Shape, Value, evaluate};

const DRAWS: usize = 20_000;

/// How many standard errors a mean may be away.
const ERRORS: f64 = 5.0;

/// How many draws are compared with the integral of the density.
const COMPARED: usize = 200;

pub fn checks(place: &Place) -> Vec<Check> {
    let mut random = Random::new(17, 4);
    let known = letters(place);
    let likelihood = &place.instance.likelihood;
    let shape = likelihood.outcome.shape();
    if likelihood.draw.is_none() || (likelihood.dim.is_none() && place.outcome.shape() != Shape::Scalar) {
        return vec![];
    }
    let drawn: Vec<Value> = (0..DRAWS).filter_map(|_| draw(likelihood, &known, shape, &mut random)).collect();
    let mut checks = vec![];
    if let Some(mean) = likelihood.mean.and_then(|e| evaluate(e, &known).ok()) {
        checks.push(mean_check(&mean, &drawn));
    }
    if shape == Shape::Scalar && !likelihood.support.is_discrete() {
        let numbers: Vec<f64> = drawn.iter().take(COMPARED).map(Value::scalar).collect();
        checks.extend(distribution(place, &numbers));
    }
    checks
}

fn mean_check(mean: &Value, drawn: &[Value]) -> Check {
    let dim = drawn.first().map_or(0, |v| v.numbers().len());
    let errors = (0..dim).map(|k| {
        let numbers: Vec<f64> = drawn.iter().map(|v| v.numbers()[k]).collect();
        let count = numbers.len() as f64;
        let found = numbers.iter().sum::<f64>() / count;
        let variance = numbers.iter().map(|x| (x - found).powi(2)).sum::<f64>() / (count - 1.0);
        let wanted = mean.numbers().get(k).copied().unwrap_or(mean.scalar());
        (found - wanted).abs() / (variance / count).sqrt().max(1e-12 * (1.0 + wanted.abs()))
    });
    let worst = errors.fold(0.0, |a: f64, b| if b.is_nan() { b } else { a.max(b) });
    Check::holds("draws have the mean", worst <= ERRORS, format!("{} standard errors away", number(worst)))
}

/// Draws by a test of Kolmogorov and Smirnov, and the entry `cdf` by comparison, both with the integral of the density.
fn distribution(place: &Place, drawn: &[f64]) -> Vec<Check> {
    let Range { lower, upper, cuts } = range(place, 0);
    let density = |y: f64| place.ln_density(&[y]).exp();
    let up_to = |y: f64| integral(&density, lower, y.min(upper), &cuts);
    let p = one_sample(drawn, up_to);
    let mut checks = vec![Check::holds("draws have the density", p > 1e-4, format!("p = {}", number(p)))];
    let likelihood = &place.instance.likelihood;
    if let Some(cdf) = likelihood.cdf {
        let cdf = likelihood.apply(cdf, place.outcome, &place.instance.args);
        let error = |y: &f64| (place.moved(&[*y]).value(cdf).scalar() - up_to(*y)).abs();
        let worst = drawn.iter().take(20).map(error).fold(0.0, |a: f64, b| if b.is_nan() { b } else { a.max(b) });
        checks.push(Check::holds("cdf is the integral", worst <= 1e-6, format!("error {}", number(worst))));
    }
    checks
}
