//! A likelihood with a number in the place of every letter.
//!
//! Where a likelihood of numbers is given a vector of outcomes, they are independent; each parameter is one number for
//! all of them or one for each.

use std::rc::Rc;

use serde_json::Value as Json;

use super::fit::lies_in;
use super::noise::NoiseAt;
use super::scene::{Scene, named};
use super::shape::{like, shape, shown};
use crate::derive::layer_noise;
use crate::derive::request::{Request, parameter_noise};
use crate::expr::{Bindings, Dim, Domain, Expr, Shape, Value, evaluate, print};
use crate::model::{Bound, Criterion, Formal, Injection, Instance, Likelihood};

#[derive(Clone, Debug)]
pub struct Place {
    /// Its arguments are variables, bound to numbers.
    pub instance: Instance,
    pub outcome: Expr,
    /// ln f of the outcome.
    pub log_density: Expr,
    pub values: Bindings,
}

impl Place {
    /// These values of the parameters, in their order, and of the outcome.
    pub fn new(likelihood: &Rc<Likelihood>, parameters: &[Value], outcome: Value) -> Place {
        let letter = |name: &str, value: &Value, domain: Domain| Expr::var(name, shape(value), domain);
        let letters = likelihood.formals.iter().zip(parameters);
        let args: Vec<Expr> = letters.map(|(f, v)| letter(&f.name, v, f.support.interior())).collect();
        let variable = letter(&likelihood.outcome_name, &outcome, likelihood.support.closure());
        let mut values: Bindings = args.iter().copied().zip(parameters.iter().cloned()).collect();
        values.insert(variable, outcome);
        lengths(likelihood, parameters).into_iter().for_each(|(name, n)| {
            values.insert(name, Value::Scalar(n as f64));
        });
        let arg_spans = vec![likelihood.span; args.len()];
        let instance = Instance { likelihood: likelihood.clone(), args, arg_spans, span: likelihood.span };
        let log_density = instance.log_density(variable);
        Place { instance, outcome: variable, log_density, values }
    }

    /// The value of an expression of the letters; NaN where a letter is unknown.
    pub fn value(&self, e: Expr) -> Value {
        evaluate(e, &self.values).unwrap_or(Value::Scalar(f64::NAN))
    }

    /// The variable's numbers.
    pub fn outcome_numbers(&self) -> Vec<f64> {
        self.value(self.outcome).numbers().to_vec()
    }

    /// What is derived about noise on the outcome; `None` for the ascent condition where nothing is learned.
    pub fn noise(&self, injection: Injection, criterion: Criterion) -> Option<NoiseAt> {
        let likelihood = &self.instance.likelihood;
        let is_mean = |(f, _): &(&Formal, &Expr)| likelihood.mean == Some(f.var);
        let learned: Vec<Expr> =
            likelihood.formals.iter().zip(&self.instance.args).filter(is_mean).map(|(_, arg)| *arg).collect();
        let derived = layer_noise(&self.instance, self.outcome, &learned, injection, criterion)?;
        Some(NoiseAt::new(derived, self.outcome, criterion, &self.values))
    }

    /// The same for noise in any variable; a parameter has no ascent condition.
    pub fn noise_in(&self, request: Request, criterion: Criterion) -> Option<NoiseAt> {
        let formals = self.instance.likelihood.formals.iter().zip(&self.instance.args);
        let parameter = formals.into_iter().find(|(_, arg)| **arg == request.variable);
        match parameter.map(|(formal, _)| formal.support) {
            None => self.noise(request.injection, criterion),
            Some(_) if criterion == Criterion::Ascent => None,
            Some(support) => {
                let derived = parameter_noise(self.log_density, request, support);
                Some(NoiseAt::new(derived, request.variable, criterion, &self.values))
            }
        }
    }

    /// `y = 2, μ = 0`
    pub fn text(&self) -> String {
        let letters = std::iter::once(self.outcome).chain(self.instance.args.iter().copied());
        let each = letters.map(|e| format!("{} = {}", print::text(e), shown(&self.value(e))));
        each.collect::<Vec<_>>().join(", ")
    }

    /// The point by the names of the program.
    pub fn json(&self) -> Json {
        named(self.variables().into_iter().map(|(name, variable)| (name, self.value(variable))))
    }

    /// The outcome and the parameters by their names.
    pub fn variables(&self) -> Vec<(&str, Expr)> {
        let likelihood = &self.instance.likelihood;
        let formals = likelihood.formals.iter().map(|f| f.name.as_str()).zip(self.instance.args.iter().copied());
        std::iter::once((likelihood.outcome_name.as_str(), self.outcome)).chain(formals).collect()
    }

    /// What is seen from here.
    pub fn scene(&self) -> Scene {
        Scene {
            name: self.instance.likelihood.name.clone(),
            text: self.text(),
            json: self.json(),
            log_density: Some(self.value(self.log_density).scalar()),
        }
    }

    /// ln f of another outcome.
    pub fn ln_density(&self, outcome: &[f64]) -> f64 {
        self.moved(outcome).value(self.log_density).scalar()
    }

    /// The same parameters with another outcome.
    pub fn moved(&self, outcome: &[f64]) -> Place {
        let mut place = self.clone();
        place.values.insert(self.outcome, like(&self.value(self.outcome), outcome));
        place
    }

    /// Whether an outcome keeps the ends of the support.
    pub fn allows(&self, outcome: &[f64]) -> bool {
        self.moved(outcome).broken_bound().is_none()
    }

    /// Whether the outcome lies in its support, and keeps its ends.
    pub fn is_possible(&self) -> bool {
        lies_in(self.instance.likelihood.support, &self.value(self.outcome)) && self.broken_bound().is_none()
    }

    /// Whether a component of the outcome lies at an end of the support.
    pub fn is_at_an_end(&self) -> bool {
        let numbers = self.outcome_numbers();
        let bounds = self.instance.likelihood.bounds_at(self.outcome, &self.instance.args);
        bounds.iter().any(|bound| match *bound {
            Bound::Lower(e) | Bound::Upper(e) => {
                let end = self.value(e);
                let end = |k: usize| end.numbers().get(k).copied().unwrap_or(end.scalar());
                numbers.iter().enumerate().any(|(k, y)| *y == end(k))
            }
            Bound::Total(_) => false,
        })
    }

    /// The innermost part of an expression that is no finite number, though its own parts are.
    pub fn culprit(&self, e: Expr) -> Option<Expr> {
        let broken = |e: Expr| self.value(e).numbers().iter().any(|x| !x.is_finite());
        broken(e).then(|| e.children().iter().copied().find_map(|part| self.culprit(part)).unwrap_or(e))
    }

    /// A bound of the support, which may depend on the parameters, that the outcome does not keep.
    pub fn broken_bound(&self) -> Option<Bound> {
        let value = self.value(self.outcome);
        let numbers = value.numbers();
        let each = |e: Expr, keeps: fn(f64, f64) -> bool| {
            let end = self.value(e);
            let end = |k: usize| end.numbers().get(k).copied().unwrap_or(end.scalar());
            numbers.iter().enumerate().all(|(k, y)| keeps(*y, end(k)))
        };
        let holds = |bound: &Bound| match *bound {
            Bound::Lower(x) => each(x, |y, end| y >= end),
            Bound::Upper(x) => each(x, |y, end| y <= end),
            Bound::Total(x) => {
                let total = self.value(x).scalar();
                (numbers.iter().sum::<f64>() - total).abs() <= 1e-6 * (1.0 + total.abs())
            }
        };
        self.instance.likelihood.bounds_at(self.outcome, &self.instance.args).into_iter().find(|b| !holds(b))
    }
}

/// The lengths that the likelihood's types name, by the values that have them.
fn lengths(likelihood: &Likelihood, parameters: &[Value]) -> Vec<(Expr, usize)> {
    let of = |(formal, value): (&Formal, &Value)| match (formal.var.shape(), value) {
        (Shape::Vector(dim), Value::Vector(v)) => vec![(dim, v.len())],
        (Shape::Matrix(rows, columns), Value::Matrix(r, c, _)) => vec![(rows, *r), (columns, *c)],
        _ => vec![],
    };
    let named = |(dim, n): (Dim, usize)| if let Dim::Named(name) = dim { Some((name, n)) } else { None };
    likelihood.formals.iter().zip(parameters).flat_map(of).filter_map(named).collect()
}
