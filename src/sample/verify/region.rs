//! A region's verdict, by its own data, against the sign of ln f(φ(y, n)) − ln f(y), both evaluated as declared.
//!
//! Points are drawn about the noise that changes nothing, near and far; and where two of them fall on different sides, the
//! boundary between them is often found, and a point close to it is looked at. Where the difference cannot be told from 0 in
//! f64 nothing is said.

use super::super::noise::NoiseAt;
use super::super::place::Place;
use super::super::plane::Plane;
use super::super::random::Random;
use super::super::values::number;
use super::super::vector::{along, minus};
use super::Check;
use crate::expr::{Expr, print};
use crate::model::Bound;

/// Points for each noise at each place.
const POINTS: usize = 10_000;

/// What a difference of log-densities must exceed to have a sign, times their sizes and 1; and the same for a bound.
const ROUNDING: f64 = 1e-9;

/// What the numbers say of one noise.
enum Told {
    Inside,
    Outside,
    /// Within rounding of the boundary.
    Unclear,
    NotANumber,
}

pub fn check(place: &Place, noise: &NoiseAt) -> Check {
    let what = format!("region of {}", print::text(noise.derived.noisy()));
    let (mut clear, mut near) = (0, 0);
    for n in points(noise) {
        match by_density(place, noise, &n) {
            Told::Unclear => near += 1,
            Told::NotANumber => {
                let part = broken(place, noise, &n).map_or(String::new(), print::text);
                return Check::holds(what, false, format!("at n = {}: not a number: {part}", list(&n)));
            }
            told => match noise.contains(&n) == matches!(told, Told::Inside) {
                true => clear += 1,
                false => return Check::holds(what, false, disagreement(place, noise, &n)),
            },
        }
    }
    let kind = noise.derived.region.kind.name();
    Check::holds(what, true, format!("{kind}: {clear} points agree, {near} within rounding of the boundary"))
}

fn points(noise: &NoiseAt) -> Vec<Vec<f64>> {
    let mut random = Random::new(7, 1);
    let plane = Plane::of(noise);
    let onto = |n: Vec<f64>| plane.as_ref().map_or(n.clone(), |plane| plane.project(&n));
    let middle = noise.middle();
    let mut points: Vec<Vec<f64>> = vec![];
    let mut last: Option<(Vec<f64>, bool)> = None;
    while points.len() < POINTS {
        let far = 10f64.powf(4.0 * random.uniform() - 3.0);
        let n = onto(along(&middle, far, &random.normals(noise.dim())));
        let inside = noise.contains(&n);
        if let Some(last) = last.take().filter(|(_, before)| inside != *before && points.len().is_multiple_of(4)) {
            let (inside, outside) = if inside { (n.clone(), last.0) } else { (last.0, n.clone()) };
            let boundary = boundary(noise, inside, outside);
            let close = 10f64.powf(-5.0 * random.uniform() - 1.0);
            points.push(onto(along(&boundary, close, &random.normals(noise.dim()))));
        }
        last = Some((n.clone(), inside));
        points.push(n);
    }
    points
}

fn boundary(noise: &NoiseAt, mut inside: Vec<f64>, mut outside: Vec<f64>) -> Vec<f64> {
    for _ in 0..30 {
        let middle = along(&inside, 0.5, &minus(&outside, &inside));
        if noise.contains(&middle) { inside = middle } else { outside = middle }
    }
    inside
}

fn by_density(place: &Place, noise: &NoiseAt, n: &[f64]) -> Told {
    let noisy = noise.noisy(n);
    for bound in &noise.derived.support {
        let room = match *bound {
            Bound::Lower(e) => least(&minus(&noisy, &noise.components(e, n))),
            Bound::Upper(e) => least(&minus(&noise.components(e, n), &noisy)),
            Bound::Total(_) => continue,
        };
        let size = noisy.iter().fold(1.0, |a: f64, x| a.max(x.abs()));
        if room.abs() <= ROUNDING * size {
            return Told::Unclear;
        }
        if room < 0.0 {
            return Told::Outside;
        }
    }
    let (after, before) = (place.ln_density(&noisy), place.value(place.log_density).scalar());
    let difference = after - before;
    if difference.is_nan() {
        Told::NotANumber
    } else if difference.abs() <= ROUNDING * (1.0 + before.abs() + if after.is_finite() { after.abs() } else { 0.0 }) {
        Told::Unclear
    } else if difference > 0.0 {
        Told::Inside
    } else {
        Told::Outside
    }
}

fn least(numbers: &[f64]) -> f64 {
    numbers.iter().copied().fold(f64::INFINITY, f64::min)
}

/// The part of ln f that has no value at the noisy outcome.
fn broken(place: &Place, noise: &NoiseAt, n: &[f64]) -> Option<Expr> {
    place.moved(&noise.noisy(n)).culprit(place.log_density)
}

fn disagreement(place: &Place, noise: &NoiseAt, n: &[f64]) -> String {
    let difference = place.ln_density(&noise.noisy(n)) - place.value(place.log_density).scalar();
    let verdict = if noise.contains(n) { "inside" } else { "outside" };
    format!("n = {} is {verdict}, and ln f(noisy) − ln f = {}", list(n), number(difference))
}

fn list(n: &[f64]) -> String {
    format!("({})", n.iter().map(f64::to_string).collect::<Vec<_>>().join(", "))
}
