//! The checks of one place.

use serde_json::json;

use super::states::{Place, count};
use crate::derive::energy::Group;
use crate::expr::{Expr, Value, replace};
use crate::sample::{Check, Verdict};
use crate::verify::compare::{counted, short};
use crate::verify::numbers::{Use, random};

/// How far apart two ways of computing one number may be, relative to it where it is large.
const TOLERANCE: f64 = 1e-10;
/// The same for differences of ln p, which lose digits.
const TOLERANCE_OF_SLOPES: f64 = 1e-9;

/// So many units of a group are looked at, elements of a parameter, and states.
const MOST_UNITS: usize = 12;
const MOST_ELEMENTS: usize = 4;
const MOST_STATES: usize = 1 << 17;
const MOST_STATES_FOR_SLOPES: usize = 1 << 13;

pub fn all(place: &Place) -> Vec<Check> {
    let groups = &place.derived.groups;
    let mut checks: Vec<Check> = groups.iter().map(|group| conditional(place, group)).collect();
    checks.push(free_energy(place));
    checks.extend(learning(place));
    checks.extend(place.derived.noise.iter().map(|one| noise(place, &one.variable, &one.noise)));
    checks
}

/// The mean of each unit, given all others, by the derived link and by the energy of its states.
fn conditional(place: &Place, group: &Group) -> Check {
    let mut place = place.copy();
    let derived = place.each(group.conditional.mean, group);
    let axes = place.axes_of(group);
    let seen = axes.iter().take(MOST_UNITS);
    let apart = seen.map(|axis| {
        let (_, means) = place.sum(std::slice::from_ref(axis), &[group.var]);
        let units = axis.first..axis.first + axis.states[0].0.len();
        units.map(|i| difference(derived[i], means[0][i])).fold(0.0, f64::max)
    });
    let apart = apart.fold(0.0, f64::max);
    verdict(format!("{} given all others", group.name), apart, TOLERANCE, &counted(axes.len().min(MOST_UNITS), "unit"))
}

/// F(v) against −ln Σ_h e^−E.
fn free_energy(place: &Place) -> Check {
    let what = "free energy";
    let Ok(free_energy) = place.derived.free_energy else {
        return Check::new(what, Verdict::Skipped, "hidden groups interact, so that there is no closed form");
    };
    let mut place = place.copy();
    let axes = place.axes(place.derived.groups.iter().filter(|g| !g.observed));
    if count(&axes) > MOST_STATES {
        return too_many(what, "hidden ");
    }
    let (log_sum, _) = place.sum(&axes, &[]);
    let apart = difference(place.number(free_energy), -log_sum);
    verdict(what.into(), apart, TOLERANCE, &counted(count(&axes), "hidden state"))
}

/// E[−∂E/∂θ | v] − E[−∂E/∂θ] against the slope of ln p(v) = ln Σ_h e^−E − ln Σ e^−E.
fn learning(place: &Place) -> Vec<Check> {
    let mut place = place.copy();
    let groups = &place.derived.groups;
    let (hidden, all) = (place.axes(groups.iter().filter(|g| !g.observed)), place.axes(groups.iter()));
    if count(&all) > MOST_STATES_FOR_SLOPES {
        return vec![too_many("learning law", "")];
    }
    let statistics: Vec<Expr> = place.derived.phases.iter().map(|p| p.statistic).collect();
    let (clamped, free) = (place.sum(&hidden, &statistics).1, place.sum(&all, &statistics).1);
    let phases = place.derived.phases.iter().enumerate();
    let names: Vec<(usize, String)> = phases.map(|(at, phase)| (at, phase.parameter.clone())).collect();
    let check = |(at, name): (usize, String)| {
        let shape = place.model.node(&name).map_or((1, 1), |n| n.shape);
        let spread = |values: &[f64], i: usize| if values.len() == 1 { values[0] } else { values[i] };
        let elements = (shape.0 * shape.1).min(MOST_ELEMENTS);
        let apart = (0..elements).map(|i| {
            let law = spread(&clamped[at], i) - spread(&free[at], i);
            difference(law, slope(&mut place, &name, i, |p| p.sum(&hidden, &[]).0 - p.sum(&all, &[]).0))
        });
        let apart = apart.fold(0.0, f64::max);
        verdict(format!("∂ ln p/∂{name} by differences"), apart, TOLERANCE_OF_SLOPES, &counted(elements, "element"))
    };
    names.into_iter().map(check).collect()
}

/// The central difference in one element of a parameter, of fourth order.
fn slope(place: &mut Place, name: &str, i: usize, f: impl Fn(&mut Place) -> f64) -> f64 {
    let Some(var) = place.model.node(name).map(|n| n.var) else { return f64::NAN };
    let before = place.at[&var].clone();
    let mut moved = |by: f64| {
        let mut value = before.clone();
        match &mut value {
            Value::Scalar(x) => *x += by,
            Value::Vector(list) | Value::Matrix(_, _, list) => list[i] += by,
        }
        place.at.insert(var, value);
        f(place)
    };
    let h = 1e-3;
    let slope = (8.0 * (moved(h) - moved(-h)) - (moved(2.0 * h) - moved(-2.0 * h))) / (12.0 * h);
    place.at.insert(var, before);
    slope
}

/// Δ(n) against E(v, h) − E(φ(v, n), h).
fn noise(place: &Place, variable: &str, derived: &[crate::derive::NoiseDerivation]) -> Check {
    let mut random = random(Use::Noise, place.seed);
    let mut place = place.copy();
    let energy = place.derived.energy;
    let apart = derived.iter().map(|one| {
        let units = place.numbers(one.outcome).len();
        place.at.insert(one.noise, Value::Vector(random.normals(units)));
        let noisy = replace(energy, one.outcome, one.noisy());
        difference(place.number(one.delta), place.number(energy) - place.number(noisy))
    });
    let apart = apart.fold(0.0, f64::max);
    verdict(format!("Δ(n) of {variable} + n and {variable} n"), apart, TOLERANCE, "by the energies")
}

impl<'m> Place<'m> {
    fn copy(&self) -> Place<'m> {
        Place { at: self.at.clone(), ..*self }
    }
}

fn difference(a: f64, b: f64) -> f64 {
    let apart = (a - b).abs() / a.abs().max(b.abs()).max(1.0);
    if apart.is_nan() { f64::INFINITY } else { apart }
}

fn verdict(what: String, apart: f64, tolerance: f64, of: &str) -> Check {
    let check = Check::holds(what, apart <= tolerance, format!("{of}: off by {}", short(apart)));
    check.with(json!({ "difference": apart, "tolerance": tolerance }))
}

fn too_many(what: &str, kind: &str) -> Check {
    Check::new(
        what,
        Verdict::Skipped,
        format!(
            "too many {kind}states to go through, real units counted by the points of a grid; give the model smaller sizes"
        ),
    )
}
