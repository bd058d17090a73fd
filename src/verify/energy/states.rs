//! The states of units, one by one: those of discrete units all of them, those of continuous ones on a grid on which the
//! trapezoidal rule is exact to rounding for what falls as e^−x².

use crate::derive::energy::{Conditional, EnergyDerivation, Family, Group};
use crate::expr::{Bindings, Dim, Expr, Shape, Value, evaluate};
use crate::model::{Model, Support};
use crate::sample::Random;
use crate::verify::numbers::{Use, random};
use crate::verify::point::Point;

/// Numbers for parameters and units.
pub struct Place<'m> {
    pub model: &'m Model,
    pub derived: &'m EnergyDerivation,
    pub at: Bindings,
    pub seed: u64,
}

/// What one unit, or a whole group of one-hot units, can be: its places in the group's vector, and its states with the
/// logarithms of their weights in a sum or an integral.
pub struct Axis {
    pub var: Expr,
    pub first: usize,
    pub states: Vec<(Vec<f64>, f64)>,
}

impl<'m> Place<'m> {
    pub fn at(model: &'m Model, derived: &'m EnergyDerivation, point: &Point) -> Place<'m> {
        let mut random = random(Use::Units, point.seed);
        let mut place = Place { model, derived, at: Bindings::new(), seed: point.seed };
        place.bind_parameters(&point.parameters(model));
        for group in &derived.groups {
            let units = start(group.support, width(group), &mut random);
            place.at.insert(group.var, Value::Vector(units));
        }
        for input in model.inputs() {
            place.at.insert(input.var, Value::Vector(random.normals(input.shape.1)));
        }
        place
    }

    /// Gives every parameter the value of its raw numbers.
    fn bind_parameters(&mut self, raw: &[Vec<f64>]) {
        for ((node, parameter), raw) in self.model.parameters().zip(raw) {
            let value = match node.var.shape() {
                Shape::Scalar => Value::Scalar(raw[0]),
                Shape::Vector(_) => Value::Vector(raw.clone()),
                Shape::Matrix(..) => Value::Matrix(node.shape.0, node.shape.1, raw.clone()),
            };
            self.at.insert(parameter.raw, value);
            let value = evaluate(parameter.value, &self.at).unwrap_or(Value::Scalar(f64::NAN));
            self.at.insert(node.var, value);
        }
    }

    pub fn numbers(&self, e: Expr) -> Vec<f64> {
        evaluate(e, &self.at).map_or(vec![f64::NAN], |value| value.numbers().to_vec())
    }

    pub fn number(&self, e: Expr) -> f64 {
        self.numbers(e)[0]
    }

    /// A number for each unit, where the expression may be the same for all.
    pub fn each(&self, e: Expr, group: &Group) -> Vec<f64> {
        self.numbers(e.spread(Dim::Fixed(width(group))))
    }

    pub fn axes<'g>(&self, groups: impl Iterator<Item = &'g Group>) -> Vec<Axis> {
        groups.flat_map(|group| self.axes_of(group)).collect()
    }

    /// One for each unit of a group.
    pub fn axes_of(&self, group: &Group) -> Vec<Axis> {
        let n = width(group);
        let axis = |first: usize, states: Vec<(Vec<f64>, f64)>| Axis { var: group.var, first, states };
        let grid = |points: Vec<(f64, f64)>| points.into_iter().map(|(x, w)| (vec![x], w)).collect::<Vec<_>>();
        match group.support {
            Support::Binary => (0..n).map(|i| axis(i, grid(vec![(0.0, 0.0), (1.0, 0.0)]))).collect(),
            Support::Bipolar => (0..n).map(|i| axis(i, grid(vec![(-1.0, 0.0), (1.0, 0.0)]))).collect(),
            Support::OneHot => vec![axis(0, (0..n).map(|k| (one_hot(n, k), 0.0)).collect())],
            _ => {
                let (centre, deviation) = self.scale(group);
                let points = |i: usize| match group.support {
                    Support::Positive => on_half_line(centre[i], deviation[i]),
                    _ => on_line(centre[i], deviation[i]),
                };
                (0..n).map(|i| axis(i, grid(points(i)))).collect()
            }
        }
    }

    /// Where the mass of continuous units lies, to lay a grid over it.
    fn scale(&self, group: &Group) -> (Vec<f64>, Vec<f64>) {
        let Conditional { family, input, precision, .. } = &group.conditional;
        match (family, precision) {
            (Family::Exponential, _) | (_, None) => {
                let scale: Vec<f64> = self.each(*input, group).iter().map(|rate| 3.0 / rate).collect();
                (scale.clone(), scale)
            }
            (_, Some(precision)) => {
                let deviations = self.each(*precision, group).iter().map(|p| p.powf(-0.5)).collect();
                (self.each(*input, group), deviations)
            }
        }
    }

    /// ln Σ e^−E over all states of the axes, and the mean of each of some expressions under them.
    pub fn sum(&mut self, axes: &[Axis], of: &[Expr]) -> (f64, Vec<Vec<f64>>) {
        let kept: Vec<(Expr, Value)> = axes.iter().map(|a| (a.var, self.at[&a.var].clone())).collect();
        let (mut total, mut means) = (LogSum::default(), vec![vec![]; of.len()]);
        let mut state = vec![0; axes.len()];
        loop {
            let weight: f64 = axes.iter().zip(&state).map(|(axis, s)| self.set(axis, *s)).sum();
            let ln = weight - self.number(self.derived.energy);
            let rescale = total.add(ln);
            for (mean, e) in means.iter_mut().zip(of) {
                accumulate(mean, &self.numbers(*e), rescale, (ln - total.largest).exp());
            }
            if !advance(&mut state, axes) {
                break;
            }
        }
        kept.into_iter().for_each(|(var, value)| drop(self.at.insert(var, value)));
        means.iter_mut().flatten().for_each(|x| *x /= total.scaled);
        (total.largest + total.scaled.ln(), means)
    }

    fn set(&mut self, axis: &Axis, state: usize) -> f64 {
        let (values, weight) = &axis.states[state];
        if let Some(Value::Vector(units)) = self.at.get_mut(&axis.var) {
            units[axis.first..axis.first + values.len()].copy_from_slice(values);
        }
        *weight
    }
}

/// How many states the axes have together.
pub fn count(axes: &[Axis]) -> usize {
    axes.iter().fold(1usize, |n, axis| n.saturating_mul(axis.states.len()))
}

pub fn width(group: &Group) -> usize {
    match group.var.shape() {
        Shape::Vector(Dim::Fixed(n)) => n,
        _ => 1,
    }
}

/// To the next state, the last axis fastest; `false` after the last.
fn advance(state: &mut [usize], axes: &[Axis]) -> bool {
    for (at, axis) in state.iter_mut().zip(axes).rev() {
        *at += 1;
        if *at < axis.states.len() {
            return true;
        }
        *at = 0;
    }
    false
}

fn accumulate(mean: &mut Vec<f64>, values: &[f64], rescale: f64, weight: f64) {
    mean.resize(values.len(), 0.0);
    mean.iter_mut().zip(values).for_each(|(m, x)| *m = *m * rescale + weight * x);
}

/// Σ e^x without overflow.
struct LogSum {
    largest: f64,
    scaled: f64,
}

impl Default for LogSum {
    fn default() -> LogSum {
        LogSum { largest: f64::NEG_INFINITY, scaled: 0.0 }
    }
}

impl LogSum {
    /// Adds e^x, and gives the factor by which what was weighted before shrinks.
    fn add(&mut self, x: f64) -> f64 {
        let largest = self.largest.max(x);
        let rescale = (self.largest - largest).exp();
        self.scaled = self.scaled * rescale + (x - largest).exp();
        self.largest = largest;
        rescale
    }
}

fn start(support: Support, n: usize, random: &mut Random) -> Vec<f64> {
    let mut unit = || match support {
        Support::Binary => f64::from(random.uniform() < 0.5),
        Support::Bipolar => f64::from(random.uniform() < 0.5) * 2.0 - 1.0,
        Support::Positive => -random.uniform().ln(),
        _ => random.normal(),
    };
    match support {
        Support::OneHot => one_hot(n, (random.uniform() * n as f64) as usize),
        _ => (0..n).map(|_| unit()).collect(),
    }
}

fn one_hot(n: usize, k: usize) -> Vec<f64> {
    (0..n).map(|i| f64::from(i == k)).collect()
}

/// Steps of half a deviation leave an error of e^−79 of the integral of a gaussian (Trefethen and Weideman 2014).
fn on_line(centre: f64, deviation: f64) -> Vec<(f64, f64)> {
    let step = 0.5 * deviation;
    (-30..=30).map(|i| (centre + f64::from(i) * step, step.ln())).collect()
}

/// The same rule in ln x, which falls off on both sides.
fn on_half_line(centre: f64, deviation: f64) -> Vec<(f64, f64)> {
    let step: f64 = 0.125;
    let last = (centre.max(0.0) + 14.0 * deviation).ln();
    (0..330).map(|i| last - f64::from(i) * step).map(|t| (t.exp(), step.ln() + t)).collect()
}
