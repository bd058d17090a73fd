//! Whether a density integrates, or sums, to 1. Where it does not, a factor without the outcome may be missing, of which no
//! noise condition knows: a warning, not a failure.

use super::super::place::Place;
use super::super::quadrature::{Range, double, integral, sum};
use super::super::values::number;
use super::{Check, Verdict};
use crate::expr::{Shape, print};
use crate::model::{Bound, Support};

/// How far from 1 a total may be: in one dimension, and in two.
const TOLERANCE: (f64, f64) = (1e-6, 1e-4);

/// Constants that were forgotten are not of this size.
const ENDLESS: f64 = 1e12;

/// Counts of several components are summed up to here.
const COUNTS: usize = 150;

pub fn check(place: &Place) -> Check {
    let discrete = place.instance.likelihood.support.is_discrete();
    let what = if discrete { "density sums to 1" } else { "density integrates to 1" };
    let Some((total, tolerance)) = total(place) else {
        return Check::new(what, Verdict::Skipped, "not for independent outcomes, nor for many dimensions");
    };
    match (total - 1.0).abs() {
        error if error <= tolerance => Check::new(what, Verdict::Ok, number(total)),
        error if error.is_nan() => {
            Check::new(what, Verdict::Failed, format!("ln f = {}", print::text(place.log_density)))
        }
        _ if total > ENDLESS => {
            Check::new(what, Verdict::Warned, format!("{} instead: it seems to have no finite total", number(total)))
        }
        _ => Check::new(what, Verdict::Warned, format!("{} instead", number(total))),
    }
}

/// The total, and how exact it is; `None` where it cannot be worked out.
fn total(place: &Place) -> Option<(f64, f64)> {
    let likelihood = &place.instance.likelihood;
    let f = |y: &[f64]| {
        let ln_f = place.ln_density(y);
        // Beyond the support of a truncated or extended density nothing is there.
        if ln_f.is_nan() && !place.allows(y) { 0.0 } else { ln_f.exp() }
    };
    let dim = match (likelihood.dim, place.outcome.shape()) {
        (None, Shape::Scalar) => None,
        // Independent outcomes are checked one by one.
        (None, _) => return None,
        _ => Some(place.outcome_numbers().len()),
    };
    let one = TOLERANCE.0;
    match (likelihood.support, dim) {
        (Support::OneHot, Some(n)) => Some(((0..n).map(|k| f(&unit(n, k))).sum(), one)),
        (Support::Binary | Support::Bipolar, _) => {
            let low = if likelihood.support == Support::Binary { 0.0 } else { -1.0 };
            codes(dim.unwrap_or(1), low).map(|all| (all.iter().map(|y| f(y)).sum(), one))
        }
        (_, None) if likelihood.support.is_discrete() => {
            let Range { lower, upper, .. } = range(place, 0);
            Some((sum(&|k| f(&[k]), lower.max(0.0), upper), one))
        }
        (_, None) => Some((distribution(place, f64::INFINITY), one)),
        (Support::Simplex, Some(2)) => Some((integral(&|y| f(&[y, 1.0 - y]), 0.0, 1.0, &[]), one)),
        (Support::Simplex, Some(3)) => {
            let up_to = |upper: f64| Range { lower: 0.0, upper, cuts: vec![] };
            let density = |x: f64, y: f64| f(&[x, y, 1.0 - x - y]);
            Some((double(&density, up_to(1.0), &|x| up_to(1.0 - x)), TOLERANCE.1))
        }
        (support, Some(n)) if support.is_discrete() => {
            counts(place, n).map(|all| (all.iter().map(|y| f(y)).sum(), 1e-5))
        }
        (Support::Simplex | Support::Ordered, _) => None,
        (_, Some(1)) => {
            let Range { lower, upper, cuts } = range(place, 0);
            Some((integral(&|y| f(&[y]), lower, upper, &cuts), one))
        }
        (_, Some(2)) => Some((double(&|x, y| f(&[x, y]), range(place, 0), &|_| range(place, 1)), TOLERANCE.1)),
        _ => None,
    }
}

/// P(Y ≤ y) for an outcome that is one number: the integral of the density, and the points with probabilities of their
/// own, which are the ends of the support where the density jumps.
pub fn distribution(place: &Place, y: f64) -> f64 {
    let Range { lower, upper, cuts } = range(place, 0);
    let f = |y: f64| place.ln_density(&[y]).exp();
    let inwards = |end: f64, sign: f64| end + sign * 1e-9 * (1.0 + end.abs());
    let atom = |end: f64, sign: f64| {
        let (at, beside) = (f(end), f(inwards(end, sign)));
        let jumps = at.is_finite() && at > 0.0 && beside.is_finite() && (at - beside).abs() > 1e-6 * at.max(beside);
        if end.is_finite() && jumps && end <= y { at } else { 0.0 }
    };
    atom(lower, 1.0) + atom(upper, -1.0) + if y > lower { integral(&f, lower, y.min(upper), &cuts) } else { 0.0 }
}

fn unit(n: usize, k: usize) -> Vec<f64> {
    (0..n).map(|i| f64::from(u8::from(i == k))).collect()
}

/// All vectors of `low` and 1; `None` for more than 2^12.
fn codes(n: usize, low: f64) -> Option<Vec<Vec<f64>>> {
    let bit = move |code: usize, k: usize| if code >> k & 1 == 1 { 1.0 } else { low };
    (n <= 12).then(|| (0..1 << n).map(|code| (0..n).map(|k| bit(code, k)).collect()).collect())
}

/// Vectors of counts: those of a fixed sum, or all up to a bound. `None` for too many.
fn counts(place: &Place, n: usize) -> Option<Vec<Vec<f64>>> {
    let total = bounds(place).into_iter().find_map(|(b, x)| matches!(b, Bound::Total(_)).then_some(x[0] as usize));
    let most = total.unwrap_or(COUNTS);
    let free = if total.is_some() { n.saturating_sub(1) } else { n };
    if (most as f64 + 1.0).powi(free as i32) > 1e5 {
        return None;
    }
    let mut all: Vec<Vec<f64>> = vec![vec![]];
    for _ in 0..free {
        let longer = |y: Vec<f64>| (0..=most).map(move |k| [&y[..], &[k as f64]].concat());
        all = all.into_iter().flat_map(longer).collect();
    }
    let Some(total) = total else { return Some(all) };
    let rest = |y: Vec<f64>| {
        let left = total as f64 - y.iter().sum::<f64>();
        (left >= 0.0).then(|| [&y[..], &[left]].concat())
    };
    Some(all.into_iter().filter_map(rest).collect())
}

/// The bounds of the outcome with their numbers.
fn bounds(place: &Place) -> Vec<(Bound, Vec<f64>)> {
    let bounds = place.instance.likelihood.bounds_at(place.outcome, &place.instance.args);
    let end = |b: Bound| match b {
        Bound::Lower(x) | Bound::Upper(x) | Bound::Total(x) => (b, place.value(x).numbers().to_vec()),
    };
    bounds.into_iter().map(end).collect()
}

/// Where a component of the outcome lies, and where its density may have kinks or its peak: at the numbers of the
/// parameters, and at the mean.
fn range(place: &Place, component: usize) -> Range {
    let likelihood = &place.instance.likelihood;
    let circle = likelihood.support == Support::Circle;
    let (mut lower, mut upper) =
        if circle { (-std::f64::consts::PI, std::f64::consts::PI) } else { (f64::NEG_INFINITY, f64::INFINITY) };
    for (bound, end) in bounds(place) {
        let end = end.get(component).or(end.first()).copied().unwrap_or(f64::NAN);
        match bound {
            Bound::Lower(_) => lower = end,
            Bound::Upper(_) => upper = end,
            Bound::Total(_) => {}
        }
    }
    let mean = place.instance.mean(place.outcome).map(|e| place.value(e)).into_iter();
    let mean = mean.filter_map(|m| m.numbers().get(component).or(m.numbers().first()).copied());
    let scalars = place.instance.args.iter().filter(|e| e.shape() == Shape::Scalar);
    let scalars = scalars.filter(|_| component == 0 && likelihood.dim.is_none()).map(|e| place.value(*e).scalar());
    Range { lower, upper, cuts: mean.chain(scalars).collect() }
}
