//! Log-densities, distribution functions and means against the table, and what happens at the ends and at extremes.

use nemlang::derive::derive_likelihood;
use nemlang::expr::{Expr, evaluate};
use nemlang::model::{Bound, Support};

use super::assert_none;
use super::table::{Case, cases, value};

/// How far a result of these terms may be off: twelve digits, and what cancels between large terms.
fn tolerance(e: Expr, case: &Case, y: &[f64], expected: f64) -> f64 {
    let sizes = e.terms().into_iter().flat_map(|t| value(t, &case.at(y)));
    let largest = sizes.map(f64::abs).filter(|x| x.is_finite()).fold(1.0, f64::max);
    1e-12 * expected.abs().max(1.0) + 1e-14 * largest
}

#[test]
fn log_densities_are_those_of_the_references() {
    let mut wrong = vec![];
    for case in cases() {
        let e = derive_likelihood(&case.likelihood).unwrap().log_density;
        for point in &case.points {
            let (found, expected) = (value(e, &case.at(&point.y))[0], point.log_density);
            let close = found == expected || (found - expected).abs() <= tolerance(e, &case, &point.y, expected);
            wrong.extend((!close).then(|| format!("{}: {found}, not {expected}", case.label(&point.y))));
        }
    }
    assert_none(&wrong);
}

#[test]
fn distribution_functions_are_those_of_the_references() {
    let mut wrong = vec![];
    for case in cases().iter().filter(|c| !c.extreme) {
        for point in &case.points {
            let found = case.likelihood.cdf.map_or(f64::NAN, |cdf| value(cdf, &case.at(&point.y))[0]);
            let close = (found.is_nan() && point.cdf.is_nan()) || (found - point.cdf).abs() <= 1e-12;
            wrong.extend((!close).then(|| format!("{}: {found}, not {}", case.label(&point.y), point.cdf)));
        }
    }
    assert_none(&wrong);
}

#[test]
fn means_are_those_of_the_references() {
    let mut wrong = vec![];
    for case in cases().iter().filter(|c| !c.extreme) {
        let Some(mean) = case.likelihood.mean else {
            assert!(case.mean[0].is_nan(), "{} has a mean", case.likelihood.name);
            continue;
        };
        for (found, expected) in value(mean, &case.at(&case.points[0].y)).iter().zip(&case.mean) {
            let close = found == expected || (found - expected).abs() <= 1e-12 * expected.abs().max(1.0);
            wrong.extend((!close).then(|| format!("{:?}: {found}, not {expected}", case.label(&[]))));
        }
    }
    assert_none(&wrong);
}

/// At an end that belongs to the support the log-density is a number or infinite, and the distribution function is 0 or 1, or all of
/// the probability that stands at that end.
#[test]
fn nothing_is_lost_at_the_ends_of_a_support() {
    let mut wrong = vec![];
    for case in cases().iter().filter(|c| !c.extreme && c.points[0].y.len() == 1) {
        let likelihood = &case.likelihood;
        for bound in &likelihood.bounds {
            let (Bound::Lower(end) | Bound::Upper(end) | Bound::Total(end)) = *bound;
            let end = value(end, &case.at(&[f64::NAN]));
            let at = case.at(&end);
            let density = if likelihood.support.contains(end[0]) { value(likelihood.log_density, &at)[0] } else { 0.0 };
            let below = likelihood.cdf.map(|cdf| value(cdf, &at)[0]);
            let expected = if matches!(bound, Bound::Lower(_)) { 0.0 } else { 1.0 };
            let right = below.is_none_or(|p| (p - expected).abs() < 1e-12 || (p - density.exp()).abs() < 1e-12);
            wrong.extend((density.is_nan() || !right).then(|| format!("{}: {density}, {below:?}", case.label(&[]))));
        }
    }
    assert_none(&wrong);
}

/// Values at the far ends of a support.
fn extremes(support: Support, usual: &[f64]) -> Vec<Vec<f64>> {
    let times = |by: f64| usual.iter().map(|x| x * by).collect();
    let all = |x: f64| vec![x; usual.len()];
    match support {
        Support::Real => vec![times(1e-200), times(1e200), times(-1e200)],
        Support::Positive => vec![times(1e-200), times(1e200)],
        Support::Unit | Support::Binary => vec![all(0.0), all(1.0)],
        Support::Ordered => vec![times(1e-200), times(1e3), times(1e200)],
        Support::Interval(low, high) => vec![all(low), all(high)],
        Support::Count => vec![all(0.0), all(1e6)],
        _ => vec![],
    }
}

/// Whether an outcome lies in the support, whose ends move with the arguments.
fn inside(case: &Case, args: &[Vec<f64>], y: &[f64]) -> bool {
    let bindings = case.bindings(args, y);
    case.likelihood.bounds.iter().all(|bound| match bound {
        Bound::Lower(end) => y.iter().all(|y| *y >= evaluate(*end, &bindings).unwrap().scalar()),
        Bound::Upper(end) => y.iter().all(|y| *y <= evaluate(*end, &bindings).unwrap().scalar()),
        Bound::Total(_) => true,
    })
}

#[test]
fn extreme_arguments_never_give_nan() {
    let mut wrong = vec![];
    for case in cases().iter().filter(|c| !c.extreme) {
        let e = derive_likelihood(&case.likelihood).unwrap().log_density;
        for (i, formal) in case.likelihood.formals.iter().enumerate() {
            for extreme in extremes(formal.support, &case.args[i]) {
                let mut args = case.args.clone();
                args[i] = extreme;
                for point in case.points.iter().filter(|p| inside(case, &args, &p.y)) {
                    let found = value(e, &case.bindings(&args, &point.y))[0];
                    let name = &case.likelihood.name;
                    wrong.extend(found.is_nan().then(|| format!("{name} {args:?} at {:?} is NaN", point.y)));
                }
            }
        }
    }
    assert_none(&wrong);
}
