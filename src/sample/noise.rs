//! What is derived about noise, with numbers for everything but the noise.

use std::cell::RefCell;

use super::shape::shape;
use super::vector::minus;
use super::words::Words;
use crate::derive::{Condition, Kind, NoiseDerivation, Region, Relation, Traits};
use crate::expr::{Bindings, Dim, Expr, Shape, Value, evaluate};
use crate::model::Criterion;

pub struct NoiseAt {
    pub derived: NoiseDerivation,
    /// All 0 or more exactly inside of the region.
    slacks: Vec<Expr>,
    noisy: Expr,
    /// The values of all letters; that of the noise changes.
    values: RefCell<Bindings>,
}

impl NoiseAt {
    /// Noise in this variable. Noise in a matrix is derived for the number that it is multiplied with, 1 without noise.
    pub fn new(derived: NoiseDerivation, variable: Expr, criterion: Criterion, values: &Bindings) -> NoiseAt {
        let mut values = values.clone();
        if derived.outcome != variable {
            values.insert(derived.outcome, Value::Scalar(1.0));
        }
        let derived = if criterion == Criterion::Anti { reversed(derived) } else { derived };
        let noisy = derived.noisy();
        let mut at = NoiseAt { slacks: vec![], noisy, values: RefCell::new(values), derived };
        at.slacks = at.slacks();
        at
    }

    fn slacks(&self) -> Vec<Expr> {
        let NoiseDerivation { region, noise, still, delta, .. } = &self.derived;
        let given: Vec<Expr> = region.kind.data().into_iter().filter_map(|(_, e)| e).collect();
        // Data that divide by an outcome of 0 say nothing; Δ does.
        let finite = given.iter().all(|e| self.data(*e).iter().all(|x| x.is_finite()));
        let usable = finite && !region.free.is_some_and(|e| self.data(e).contains(&0.0));
        let by_delta = || Region { kind: Kind::General, support: self.derived.support.clone(), ..region.clone() };
        let region = if usable { region.clone() } else { by_delta() };
        region.slacks(self.noisy, *noise, *still, *delta)
    }

    /// Whether a value has the shape of the noise; a number is a vector of one.
    pub fn fits(&self, value: &Value) -> bool {
        let alone = matches!(value, Value::Scalar(_)) && self.is_line();
        alone || shape(value) == self.derived.noise.shape()
    }

    /// How many components the noise has.
    pub fn dim(&self) -> usize {
        match self.derived.noise.shape() {
            Shape::Vector(Dim::Fixed(n)) => n,
            _ => 1,
        }
    }

    pub fn is_line(&self) -> bool {
        self.dim() == 1
    }

    /// The value of an expression for this noise; NaN where a letter is unknown.
    pub fn value(&self, e: Expr, n: &[f64]) -> Value {
        let mut values = self.values.borrow_mut();
        let value = match self.derived.noise.shape() {
            Shape::Scalar => Value::Scalar(n.first().copied().unwrap_or(f64::NAN)),
            _ => Value::Vector(n.to_vec()),
        };
        values.insert(self.derived.noise, value);
        evaluate(e, &values).unwrap_or(Value::Scalar(f64::NAN))
    }

    /// A value for each component: one number counts for all.
    pub fn components(&self, e: Expr, n: &[f64]) -> Vec<f64> {
        let value = self.value(e, n);
        match value.numbers() {
            [x] => vec![*x; self.dim()],
            numbers => numbers.to_vec(),
        }
    }

    /// Data of the region, which do not depend on the noise.
    pub fn data(&self, e: Expr) -> Vec<f64> {
        self.components(e, &vec![0.0; self.dim()])
    }

    /// The noise that changes nothing.
    pub fn still(&self) -> Option<Vec<f64>> {
        self.derived.still.map(|e| self.data(e))
    }

    /// A point to look from: the noise that changes nothing, or 0.
    pub fn middle(&self) -> Vec<f64> {
        self.still().unwrap_or(vec![0.0; self.dim()])
    }

    /// The centre that the region has by its name, or about which it is star-shaped.
    pub fn centre(&self) -> Option<Vec<f64>> {
        let region = &self.derived.region;
        let named = region.kind.data().into_iter().find_map(|(name, e)| e.filter(|_| name == "centre"));
        let centre = named.filter(|_| !matches!(region.kind, Kind::Mapped { .. })).or(region.traits.star)?;
        Some(self.data(centre)).filter(|c| c.iter().all(|x| x.is_finite()))
    }

    /// What is shown, and how it is called.
    pub fn words(&self) -> &'static Words {
        Words::of(self.derived.criterion)
    }

    /// The quantity that these words speak of.
    pub fn shown(&self, n: &[f64]) -> f64 {
        if self.words().falls { -self.delta(n) } else { self.delta(n) }
    }

    /// What is not negative inside.
    pub fn delta(&self, n: &[f64]) -> f64 {
        self.value(self.derived.delta, n).scalar()
    }

    /// Whether the noise lies in the region, by the region's own data where it has any.
    pub fn contains(&self, n: &[f64]) -> bool {
        self.slacks.iter().all(|slack| self.value(*slack, n).numbers().iter().all(|x| *x >= 0.0))
    }

    pub fn noisy(&self, n: &[f64]) -> Vec<f64> {
        self.components(self.noisy, n)
    }

    /// How much each component of the outcome changes with its noise, for injections that are affine in it.
    pub fn slope(&self) -> Vec<f64> {
        let dim = self.dim();
        minus(&self.noisy(&vec![1.0; dim]), &self.noisy(&vec![0.0; dim]))
    }

    /// Whether the region was shown to be convex: outright, or provided that something is not negative, and it is not.
    pub fn is_convex(&self) -> bool {
        let not_negative = |e: &Expr| self.value(*e, &self.middle()).numbers().iter().all(|x| *x >= 0.0);
        self.derived.region.traits.convex.as_ref().is_some_and(|provided| provided.iter().all(not_negative))
    }
}

/// The dual: noise with Δ(n) ≤ 0, which harms.
fn reversed(derived: NoiseDerivation) -> NoiseDerivation {
    let kind = if derived.delta.is_num(0.0) { Kind::Everything } else { derived.region.kind.opposite() };
    let convex = matches!(kind, Kind::HalfSpace { .. } | Kind::Everything | Kind::Only);
    let traits = Traits { convex: convex.then(Vec::new), star: None, cone: false };
    let Condition { left, relation, right } = derived.condition;
    let relation = match relation {
        Relation::AtLeast => Relation::AtMost,
        Relation::AtMost => Relation::AtLeast,
    };
    let mut region = derived.region.clone();
    (region.kind, region.traits, region.support) = (kind, traits, derived.support.clone());
    NoiseDerivation {
        criterion: Criterion::Anti,
        delta: -derived.delta,
        condition: Condition { left, relation, right },
        region,
        ..derived
    }
}
