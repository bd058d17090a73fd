//! Draws: their moments, and that a draw from one random number is the inverse of the distribution function.

use nemlang::exec::{Purpose, Streams};
use nemlang::expr::{Bindings, Expr, Shape, Value};
use nemlang::model::{Bound, Draw};
use nemlang::plan::{Fill, FillKind};
use nemlang::special::Special;

use super::assert_none;
use super::table::{Case, cases, value};

const DRAWS: usize = 20_000;

/// How many standard errors a moment may be off. The seed is fixed, so that this cannot fail by chance.
const ERRORS: f64 = 5.0;

fn numbers(kind: FillKind, source: usize, columns: usize) -> Vec<f64> {
    let mut out = vec![];
    let fill = Fill { kind, source: source as u32, coarse: false };
    Streams::new(7).fill(Purpose::Fill, &fill, 0, &Vec::from_iter(0..DRAWS), columns, &mut out);
    out
}

/// Draws, component by component.
fn draws(case: &Case, draw: &Draw) -> Vec<Vec<f64>> {
    let width = case.points[0].y.len();
    let sources: Vec<(Expr, Vec<f64>)> =
        draw.randomness.iter().enumerate().map(|(i, (var, kind))| (*var, numbers(*kind, i, width))).collect();
    let bindings = case.at(&case.points[0].y);
    if case.likelihood.outcome.shape() == Shape::Scalar {
        // Element by element, all draws are one vector.
        let all = sources.into_iter().map(|(var, list)| (var, Value::Vector(list)));
        return vec![value(draw.value, &bindings.into_iter().chain(all).collect())];
    }
    let row = |r: usize| {
        let here = sources.iter().map(|(var, list)| (*var, Value::Vector(list[r * width..][..width].to_vec())));
        value(draw.value, &bindings.clone().into_iter().chain(here).collect())
    };
    let rows: Vec<Vec<f64>> = (0..DRAWS).map(row).collect();
    (0..width).map(|k| rows.iter().map(|row| row[k]).collect()).collect()
}

fn average(list: impl Iterator<Item = f64>) -> f64 {
    list.sum::<f64>() / DRAWS as f64
}

#[test]
fn moments_of_the_draws_are_those_of_the_references() {
    let mut wrong = vec![];
    for case in cases().iter().filter(|c| !c.extreme) {
        let Some(draw) = &case.likelihood.draw else { continue };
        for (k, list) in draws(case, draw).iter().enumerate() {
            let (mean, variance) = (case.mean[k], case.variance[k]);
            let spread = |power: i32| average(list.iter().map(|y| (y - mean).powi(power)));
            // The error of the mean is σ/√N, that of the variance √((μ₄ − σ⁴)/N).
            let errors = [variance.sqrt(), (spread(4) - variance.powi(2)).sqrt()].map(|e| e / (DRAWS as f64).sqrt());
            let off = [(spread(1)) / errors[0], (spread(2) - variance) / errors[1]];
            let known = mean.is_finite() && variance.is_finite();
            let far = known && off.iter().any(|off| off.abs() > ERRORS);
            wrong.extend(far.then(|| format!("{}, component {k}: off by {off:?} errors", case.label(&[]))));
            assert!(list.iter().all(|y| !y.is_nan()), "{} draws NaN", case.likelihood.name);
        }
    }
    assert_none(&wrong);
}

/// Cases of one continuous number, with the one random number that its draw uses.
fn inverted() -> Vec<(Case, Expr, Draw)> {
    let with_cdf = |case: Case| {
        let cdf = case.likelihood.cdf?;
        let draw = case.likelihood.draw.clone()?;
        assert_eq!(draw.randomness.len(), 1, "{} is not drawn by its quantile function", case.likelihood.name);
        Some((case, cdf, draw))
    };
    cases().into_iter().filter(|c| !c.extreme).filter_map(with_cdf).collect()
}

/// The outcome below which there is the probability `p`.
fn quantile(case: &Case, draw: &Draw, p: f64) -> f64 {
    let (var, kind) = draw.randomness[0];
    let number = if kind == FillKind::StandardNormal { Special::NormalQuantile.value(&[p]) } else { p };
    let bindings: Bindings = case.at(&[f64::NAN]).into_iter().chain([(var, Value::Scalar(number))]).collect();
    value(draw.value, &bindings)[0]
}

#[test]
fn a_draw_is_the_inverse_of_the_distribution_function() {
    let mut wrong = vec![];
    for (case, cdf, draw) in inverted() {
        for point in &case.points {
            let p = value(cdf, &case.at(&point.y))[0];
            if !(1e-12..1.0 - 1e-12).contains(&p) {
                continue;
            }
            let (y, found) = (point.y[0], quantile(&case, &draw, p));
            // What a rounded probability can move.
            let close = (found - y).abs() <= 1e-10 * y.abs().max(1.0) + 1e-14 / point.log_density.exp();
            wrong.extend((!close).then(|| format!("{}: comes back as {found}", case.label(&point.y))));
        }
    }
    assert_none(&wrong);
}

#[test]
fn a_draw_rises_with_its_random_number_and_stays_between_the_ends() {
    for (case, _, draw) in inverted() {
        let list: Vec<f64> = (1..1000).map(|i| quantile(&case, &draw, f64::from(i) / 1000.0)).collect();
        let name = &case.likelihood.name;
        assert!(list.windows(2).all(|w| w[0] <= w[1]), "{name}");
        for bound in &case.likelihood.bounds {
            let inside = match bound {
                Bound::Lower(end) => list[0] >= value(*end, &case.at(&[f64::NAN]))[0],
                Bound::Upper(end) => list[998] <= value(*end, &case.at(&[f64::NAN]))[0],
                Bound::Total(_) => true,
            };
            assert!(inside, "{name}: from {} to {}", list[0], list[998]);
        }
    }
}

/// Which continuous distributions have no closed form of one or the other.
#[test]
fn continuous_numbers_have_a_distribution_function() {
    let lacks = |case: &&Case| {
        let likelihood = &case.likelihood;
        let one_number = likelihood.dim.is_none() && !likelihood.support.is_discrete();
        one_number && (likelihood.cdf.is_none() || likelihood.draw.is_none())
    };
    let cases = cases();
    let names: Vec<&str> =
        cases.iter().filter(|c| !c.extreme).filter(lacks).map(|c| c.likelihood.name.as_str()).collect();
    assert_eq!(names, ["skew_gaussian", "inverse_gaussian"]);
}
