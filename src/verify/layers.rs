//! Layer by layer: whether backpropagation is invariant there ([K] §4-5), and what a hidden variable at its mean has for a
//! target.
//!
//! δ of a layer is compared with differences of the layer's own log-density. The target of a hidden layer is the one whose
//! δ is what comes back from the layers above: that is compared with differences of the whole log-likelihood.

use serde_json::json;

use super::compare::{distance, norm};
use super::differences::{Direction, derivative};
use super::numbers::{Lists, Numbers};
use super::slopes::{Compared, Slopes};
use super::written::{Written, value};
use crate::derive::{Delta, Failure, Invariance, LayerDerivation, ModelDerivation, hidden_target};
use crate::exec::ExecError;
use crate::expr::{Bindings, Domain, Expr, Trace, Value, depends_on, print, simplify, substitute};
use crate::model::Model;
use crate::sample::{Check, Verdict};

/// How far δ may be from the differences.
const TOLERANCE: f64 = 1e-8;

/// What is compared with differences that are exact to `TOLERANCE` beside this is compared with nothing.
const SMALL: f64 = 1e-3;

/// On the first example.
pub fn checks(numbers: &Numbers, derived: &ModelDerivation) -> Result<Vec<Check>, ExecError> {
    let written = Written::new(numbers.model);
    let Some(start) = written.examples(&numbers.parameters, &numbers.examples).into_iter().next() else {
        return Ok(vec![]);
    };
    let mut known = start.clone();
    written.at_means(&mut known, None);
    let mut checks = vec![];
    for layer in &derived.layers {
        let hidden = Hidden { model: numbers.model, written: &written, start: &start, known: &known, layer };
        let target = if layer.observed { None } else { hidden.target()? };
        let mut known = known.clone();
        known.extend(target.as_ref().map(|t| (layer.target, Value::Vector(t.clone()))));
        for delta in &layer.deltas {
            checks.push(own(layer, delta, &known)?);
        }
        if !layer.observed {
            checks.push(hidden.check(target.as_deref())?);
        }
    }
    Ok(checks)
}

/// The numbers of an expression, as many as `like` has.
fn numbers_of(e: Expr, like: Expr, known: &Bindings) -> Vec<f64> {
    let width = value(like, known).numbers().len();
    match value(e, known) {
        Value::Scalar(x) => vec![x; width],
        other => other.numbers().to_vec(),
    }
}

fn each_element(width: usize) -> Vec<Direction> {
    (0..width).map(|i| vec![(0, i, 1.0)]).collect()
}

/// A gradient at a variable against differences of a function of its value.
fn compared(gradient: Vec<f64>, at: Vec<f64>, f: impl Fn(&[f64]) -> f64) -> Result<Compared, ExecError> {
    let (width, unit) = (at.len(), SMALL * (1.0 + norm(&gradient)));
    let f = |lists: &Lists| Ok(f(&lists[0]));
    Ok(Slopes::new(&vec![gradient], f, &vec![at], &each_element(width))?.compare(TOLERANCE, unit))
}

/// δ by differences of the layer's log-density, and as a multiple of t − a where it is one.
fn own(layer: &LayerDerivation, delta: &Delta, known: &Bindings) -> Result<Check, ExecError> {
    let what = format!("δ at {}", delta.source);
    let density = simplify(layer.instance.log_density(layer.target), &mut Trace::default());
    let derived = numbers_of(delta.delta, delta.o, known);
    let moved = |o: &[f64]| {
        let mut known = known.clone();
        known.insert(delta.o, Value::Vector(o.to_vec()));
        value(density, &known).scalar()
    };
    let mut compared = compared(derived.clone(), value(delta.o, known).numbers().to_vec(), moved)?;
    if let (Invariance::Holds { scale }, Some(mean)) = (&delta.invariance, layer.mean) {
        let multiple = numbers_of(*scale * (layer.target - mean), delta.o, known);
        compared.distance = compared.distance.max(distance(&multiple, &derived) / (1.0 + norm(&derived)));
    }
    let figures = json!({ "invariant": matches!(delta.invariance, Invariance::Holds { .. }) });
    Ok(compared.check(what, TOLERANCE, &words(&delta.invariance), figures))
}

fn words(invariance: &Invariance) -> String {
    match invariance {
        Invariance::Holds { scale } if scale.is_num(1.0) => "invariant, t − a".into(),
        Invariance::Holds { scale } => format!("invariant, c (t − a) with c = {}", print::text(*scale)),
        Invariance::Fails(Failure::Slope(_)) => "not invariant: the link's slope stays".into(),
        Invariance::Fails(Failure::Mixing) => "not invariant: the link mixes the components".into(),
        Invariance::Fails(Failure::Score(_)) => "not invariant: the score is no multiple of t − a".into(),
        Invariance::Fails(Failure::Indirect) => "not invariant: the mean is no parameter".into(),
        Invariance::NoMean => "no mean to be invariant in".into(),
    }
}

/// A hidden layer of an example.
struct Hidden<'a> {
    model: &'a Model,
    written: &'a Written<'a>,
    /// What is given.
    start: &'a Bindings,
    /// All values at the means.
    known: &'a Bindings,
    layer: &'a LayerDerivation,
}

impl Hidden<'_> {
    /// The target as an expression of g = ∂L/∂h; the variable stands for its mean.
    fn expression(&self) -> Option<(Expr, Expr)> {
        let node = self.model.node(&self.layer.name)?;
        let g = Expr::var("g", node.var.shape(), Domain::REAL);
        Some((hidden_target(self.model, node, &self.layer.instance, g)?, g))
    }

    fn log_likelihood(&self, variable: Expr, numbers: &[f64]) -> f64 {
        self.written.at_means(&mut self.start.clone(), Some((variable, numbers)))
    }

    /// The target in numbers.
    fn target(&self) -> Result<Option<Vec<f64>>, ExecError> {
        let Some((target, g)) = self.expression() else { return Ok(None) };
        let mean = value(self.layer.target, self.known).numbers().to_vec();
        let slope = |k: usize| {
            let moved = |s: f64| {
                let mut at = mean.clone();
                at[k] += s;
                Ok(self.log_likelihood(self.layer.target, &at))
            };
            derivative(moved).map(|measured| measured.value)
        };
        let slopes = (0..mean.len()).map(slope).collect::<Result<Vec<f64>, _>>()?;
        let mut known = self.known.clone();
        known.insert(g, Value::Vector(slopes));
        Ok(Some(numbers_of(target, self.layer.target, &known)))
    }

    /// Whether δ at the target is what comes back to the pre-activation.
    fn check(&self, target: Option<&[f64]>) -> Result<Check, ExecError> {
        let what = format!("hidden target of {}", self.layer.name);
        let (Some(target), Some((expression, _))) = (target, self.expression()) else {
            return Ok(Check::new(what, Verdict::Measured, "none: the score is no multiple of t − a"));
        };
        let a = Expr::var("a", self.layer.target.shape(), Domain::REAL);
        let words = format!("t = {}", print::text(substitute(expression, &[(self.layer.target, a)])));
        let Some(delta) = self.only_way_back() else { return Ok(Check::new(what, Verdict::Measured, words)) };
        let mut known = self.known.clone();
        known.insert(self.layer.target, Value::Vector(target.to_vec()));
        let at = value(delta.o, self.known).numbers().to_vec();
        let back = |o: &[f64]| self.log_likelihood(delta.o, o);
        let compared = compared(numbers_of(delta.delta, delta.o, &known), at, back)?;
        let words = format!("{words}, its δ is what comes back");
        Ok(compared.check(what, TOLERANCE, &words, json!({ "target": target })))
    }

    /// The pre-activation through which alone the layers above see this one: others, such as a scale's, have a δ of their
    /// own that mean field does not bring back.
    fn only_way_back(&self) -> Option<&Delta> {
        let likelihood = &self.layer.instance.likelihood;
        let arguments = likelihood.formals.iter().zip(&self.layer.instance.args);
        let beside: Vec<Expr> =
            arguments.filter(|(f, _)| likelihood.mean != Some(f.var)).map(|(_, arg)| *arg).collect();
        match &self.layer.deltas[..] {
            [delta] if !beside.iter().any(|e| depends_on(*e, &[delta.o])) => Some(delta),
            _ => None,
        }
    }
}
