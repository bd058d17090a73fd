//! The declared draws against the declared mean, distribution function and density.

use super::super::goodness::one_sample;
use super::super::place::Place;
use super::super::random::Random;
use super::super::values::number;
use super::choice::{Drawer, letters};
use super::density::distribution;
use super::{Check, Verdict};
use crate::expr::{Shape, Value, evaluate};
use crate::model::Support;

const DRAWS: usize = 20_000;

/// How many standard errors a mean may be away.
const ERRORS: f64 = 5.0;

/// How many draws are tested with `cdf`, and how many without; at how many `cdf` is compared with the integral.
const TESTED: usize = 2_000;
const INTEGRATED: usize = 100;
const COMPARED: usize = 12;

/// Draws are compared with the density where that is one.
pub fn checks(place: &Place, is_density: bool) -> Vec<Check> {
    let mut random = Random::new(17, 4);
    let known = letters(place);
    let likelihood = &place.instance.likelihood;
    let shape = likelihood.outcome.shape();
    let several = likelihood.dim.is_none() && place.outcome.shape() != Shape::Scalar;
    let Some(mut drawer) = Drawer::new(likelihood, &known).filter(|_| !several) else { return vec![] };
    let drawn: Vec<Value> = (0..DRAWS).filter_map(|_| drawer.draw(&mut random)).collect();
    let mut checks = vec![];
    if let Some(mean) = likelihood.mean.and_then(|e| evaluate(e, &known).ok()) {
        let circle = likelihood.support == Support::Circle;
        checks.push(mean_check(&mean, &drawn, circle));
    }
    if is_density && shape == Shape::Scalar && !likelihood.support.is_discrete() {
        checks.extend(distributions(place, &drawn.iter().map(Value::scalar).collect::<Vec<_>>()));
    }
    checks
}

fn mean_check(mean: &Value, drawn: &[Value], circle: bool) -> Check {
    let what = "draws have the mean";
    if mean.numbers().iter().any(|m| m.is_infinite()) {
        return Check::new(what, Verdict::Skipped, "it is infinite");
    }
    let dim = drawn.first().map_or(0, |v| v.numbers().len());
    let errors = (0..dim).map(|k| {
        let wanted = mean.numbers().get(k).copied().unwrap_or(mean.scalar());
        // The mean of an angle is where the sines about it cancel.
        let deviation = |y: f64| if circle { (y - wanted).sin() } else { y - wanted };
        standard_errors(drawn.iter().map(|v| deviation(v.numbers()[k])), 1.0 + wanted.abs())
    });
    let worst = worst(errors);
    // The first component shows what is meant.
    let found = drawn.iter().map(Value::scalar).sum::<f64>() / drawn.len() as f64;
    let away = if worst > 1e6 { "far away".to_string() } else { format!("{} standard errors away", number(worst)) };
    let shown = if circle { String::new() } else { format!("{} and {}: ", number(found), number(mean.scalar())) };
    Check::holds(what, worst <= ERRORS, format!("{shown}{away}"))
}

/// How many standard errors the mean of numbers is away from 0; `size` says what counts as rounding.
fn standard_errors(numbers: impl Iterator<Item = f64> + Clone, size: f64) -> f64 {
    let count = numbers.clone().count() as f64;
    let mean = numbers.clone().sum::<f64>() / count;
    let variance = numbers.map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0);
    mean.abs() / (variance / count).sqrt().max(1e-12 * size)
}

fn worst(errors: impl Iterator<Item = f64>) -> f64 {
    errors.fold(0.0, |a: f64, b| if b.is_nan() { b } else { a.max(b) })
}

/// The entry `cdf` by comparison with the integral of the density, and the draws by a test of Kolmogorov and Smirnov, with
/// `cdf` where there is one, for integrals take time.
fn distributions(place: &Place, drawn: &[f64]) -> Vec<Check> {
    let likelihood = &place.instance.likelihood;
    let cdf = likelihood.cdf.map(|e| likelihood.apply(e, place.outcome, &place.instance.args));
    let Some(cdf) = cdf else {
        let p = one_sample(&drawn[..INTEGRATED.min(drawn.len())], |y| distribution(place, y));
        return vec![density_check(p)];
    };
    let cdf = |y: f64| place.moved(&[y]).value(cdf).scalar();
    let error = worst(drawn.iter().take(COMPARED).map(|y| (cdf(*y) - distribution(place, *y)).abs()));
    let p = one_sample(&drawn[..TESTED.min(drawn.len())], cdf);
    vec![density_check(p), Check::holds("cdf is the integral", error <= 1e-6, format!("error {}", number(error)))]
}

fn density_check(p: f64) -> Check {
    Check::holds("draws have the density", p > 1e-4, format!("p = {}", number(p)))
}
