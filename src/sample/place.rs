//! A likelihood with a number in the place of every letter.
//!
//! Where a likelihood of numbers is given a vector of outcomes, they are independent; each parameter is one number for
//! all of them or one for each.

use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::noise::NoiseAt;
use super::point::Assignment;
use crate::derive::layer_noise;
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::{Bindings, Dim, Domain, Expr, Shape, Value, evaluate, print};
use crate::model::{Bound, Criterion, Formal, Injection, Instance, Likelihood, Support};
use crate::source::Span;

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

    /// What a point says, and the noise in it if there is one. `text` is where the whole point stands. Errors:
    /// `UNKNOWN_NAME`, `ARGUMENTS`, `SHAPE`, `SUPPORT`, `NO_VALUE`.
    pub fn read(
        likelihood: &Rc<Likelihood>,
        point: &[Assignment],
        text: Span,
    ) -> Result<(Place, Option<Value>), Problems> {
        let mut problems = Problems::new();
        let names = names(likelihood);
        for stranger in point.iter().filter(|a| !names.contains(&a.name)) {
            problems.push(unknown(likelihood, stranger, &names));
        }
        let find = |name: &str| point.iter().find(|a| a.name == name);
        let missing: Vec<&str> = required(likelihood).into_iter().filter(|name| find(name).is_none()).collect();
        if !missing.is_empty() {
            problems.push(lacking(likelihood, &missing, text));
        }
        if problems.has_errors() {
            return Err(problems);
        }
        let mut values: Vec<Value> = vec![];
        for formal in &likelihood.formals {
            values.push(find(&formal.name).map_or_else(|| default(likelihood, formal, &values), |a| a.value.clone()));
        }
        let outcome = find(&likelihood.outcome_name).map_or(Value::Scalar(f64::NAN), |a| a.value.clone());
        fits(likelihood, &values, &outcome, point)?;
        let place = Place::new(likelihood, &values, outcome);
        place.within_support(point)?;
        place.has_density(text)?;
        let noise = find(NOISE).map(|a| place.noise_fits(a).map(|()| a.value.clone())).transpose()?;
        Ok((place, noise))
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
        Some(NoiseAt::new(derived, criterion, &self.values))
    }

    /// `y = 2, μ = 0`
    pub fn text(&self) -> String {
        let letters = std::iter::once(self.outcome).chain(self.instance.args.iter().copied());
        let each = letters.map(|e| format!("{} = {}", print::text(e), shown(&self.value(e))));
        each.collect::<Vec<_>>().join(", ")
    }

    /// The point by the names of the program.
    pub fn json(&self) -> Json {
        let letters = std::iter::once(self.outcome).chain(self.instance.args.iter().copied());
        let named = letters.map(|e| {
            let value = match self.value(e) {
                Value::Scalar(x) => json!(x),
                Value::Vector(v) => json!(v),
                Value::Matrix(_, columns, m) => json!(m.chunks(columns.max(1)).collect::<Vec<_>>()),
            };
            (e.name().unwrap_or_default().to_string(), value)
        });
        Json::Object(named.collect())
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
        broken(e).then(|| e.children().into_iter().find_map(|part| self.culprit(part)).unwrap_or(e))
    }

    /// A bound of the support, which may depend on the parameters, that the outcome does not keep.
    fn broken_bound(&self) -> Option<Bound> {
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

    /// Errors: `SUPPORT`.
    fn within_support(&self, point: &[Assignment]) -> Result<(), Problems> {
        let Some(bound) = self.broken_bound() else { return Ok(()) };
        let (relation, end) = match bound {
            Bound::Lower(x) => ("at least", x),
            Bound::Upper(x) => ("at most", x),
            Bound::Total(x) => ("of the sum", x),
        };
        let end = shown(&self.value(end));
        let name = &self.instance.likelihood.outcome_name;
        let problem = Diagnostic::new(codes::SUPPORT, format!("`{name}` lies outside its support"));
        Err(placed(problem, point, name, "outside").help(format!("here it is {relation} {end}")).into())
    }

    /// Errors: `NO_VALUE`.
    fn has_density(&self, text: Span) -> Result<(), Problems> {
        let ln_f = self.value(self.log_density).scalar();
        if ln_f.is_finite() {
            return Ok(());
        }
        let why =
            if ln_f == f64::NEG_INFINITY { "the outcome is impossible there" } else { "it has no finite value there" };
        let message = format!("the log-density of `{}` is {ln_f} at this point", self.instance.likelihood.name);
        let problem = Diagnostic::new(codes::NO_VALUE, message).at(text, why);
        let wanted = "choose a point at which ln f is a number: Δ compares the density of the noisy outcome with it";
        let culprit = self.culprit(self.log_density).map_or(String::new(), print::text);
        Err(problem.note(format!("the part without a value: {culprit}")).help(wanted).into())
    }

    fn noise_fits(&self, given: &Assignment) -> Result<(), Problems> {
        if shape(&given.value) == self.outcome.shape() {
            return Ok(());
        }
        let message = format!("`{NOISE}` is as long as `{}`", self.instance.likelihood.outcome_name);
        Err(Diagnostic::new(codes::SHAPE, message)
            .at(given.span, format!("{} here", words(shape(&given.value))))
            .help(format!("give {}", words(self.outcome.shape())))
            .into())
    }
}

/// What a point calls the noise.
pub const NOISE: &str = "n";

/// A value as a point writes it.
pub fn shown(value: &Value) -> String {
    let row = |numbers: &[f64]| format!("[{}]", numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(", "));
    match value {
        Value::Scalar(x) => x.to_string(),
        Value::Vector(v) => row(v),
        Value::Matrix(_, columns, m) => {
            format!("[{}]", m.chunks((*columns).max(1)).map(row).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Numbers in the form of another value.
pub fn like(value: &Value, numbers: &[f64]) -> Value {
    match value {
        Value::Scalar(_) => Value::Scalar(numbers.first().copied().unwrap_or(f64::NAN)),
        Value::Vector(_) => Value::Vector(numbers.to_vec()),
        Value::Matrix(r, c, _) => Value::Matrix(*r, *c, numbers.to_vec()),
    }
}

/// The shape of a value.
pub fn shape(value: &Value) -> Shape {
    match value {
        Value::Scalar(_) => Shape::Scalar,
        Value::Vector(v) => Shape::Vector(Dim::Fixed(v.len())),
        Value::Matrix(r, c, _) => Shape::Matrix(Dim::Fixed(*r), Dim::Fixed(*c)),
    }
}

fn words(shape: Shape) -> String {
    match shape {
        Shape::Vector(Dim::Fixed(n)) => format!("a vector of length {n}"),
        Shape::Matrix(Dim::Fixed(r), Dim::Fixed(c)) => format!("a {r} × {c} matrix"),
        Shape::Scalar => "a number".into(),
        Shape::Vector(_) => "a vector".into(),
        Shape::Matrix(..) => "a matrix".into(),
    }
}

fn names(likelihood: &Likelihood) -> Vec<String> {
    let formals = likelihood.formals.iter().map(|f| f.name.clone());
    std::iter::once(likelihood.outcome_name.clone()).chain(formals).chain([NOISE.to_string()]).collect()
}

fn required(likelihood: &Likelihood) -> Vec<&str> {
    let formals = likelihood.formals.iter().filter(|f| f.default.is_none()).map(|f| f.name.as_str());
    std::iter::once(likelihood.outcome_name.as_str()).chain(formals).collect()
}

/// Defaults may speak of the parameters before them.
fn default(likelihood: &Likelihood, formal: &Formal, before: &[Value]) -> Value {
    let known: Bindings = likelihood.formals.iter().map(|f| f.var).zip(before.iter().cloned()).collect();
    formal.default.and_then(|e| evaluate(e, &known).ok()).unwrap_or(Value::Scalar(f64::NAN))
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

/// Shapes and supports of what is given. Errors: `SHAPE`, `SUPPORT`.
fn fits(likelihood: &Likelihood, values: &[Value], outcome: &Value, point: &[Assignment]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let mut lengths = Lengths(vec![]);
    let count = if likelihood.dim.is_none() { shape(outcome).dim() } else { None };
    let declared = [(likelihood.outcome_name.as_str(), likelihood.outcome.shape(), likelihood.support, outcome)];
    let formals = likelihood.formals.iter().zip(values).map(|(f, v)| (f.name.as_str(), f.var.shape(), f.support, v));
    for (name, wanted, support, value) in declared.into_iter().chain(formals) {
        // One value for each of several independent outcomes is as good as one for all.
        let for_each = wanted == Shape::Scalar && count.is_some() && shape(value).dim() == count;
        if !for_each && !lengths.fit(wanted, shape(value)) {
            let wanted = lengths.wanted(wanted);
            let problem =
                Diagnostic::new(codes::SHAPE, format!("`{name}` is {wanted}, and {} is given", words(shape(value))));
            problems.push(placed(problem, point, name, "does not fit").help(format!("give {wanted}")));
        } else if !lies_in(support, value) {
            let problem = Diagnostic::new(codes::SUPPORT, format!("`{name}` lies outside its support `{support}`"));
            let told = placed(problem, point, name, &format!("outside `{support}`"));
            problems.push(told.help(format!("`{support}` holds {}", support.holds())));
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(()) }
}

/// The lengths known so far.
struct Lengths(Vec<(Dim, usize)>);

impl Lengths {
    fn fit(&mut self, wanted: Shape, found: Shape) -> bool {
        match (wanted, found) {
            (Shape::Scalar, Shape::Scalar) => true,
            (Shape::Vector(w), Shape::Vector(Dim::Fixed(n))) => self.same(w, n),
            (Shape::Matrix(r, c), Shape::Matrix(Dim::Fixed(m), Dim::Fixed(n))) => self.same(r, m) && self.same(c, n),
            _ => false,
        }
    }

    fn same(&mut self, dim: Dim, n: usize) -> bool {
        let known = match dim {
            Dim::Fixed(m) => Some(m),
            // A length such as K − 1 is worked out when K is known.
            Dim::Named(e) => self.0.iter().find(|(d, _)| *d == dim).map(|(_, m)| *m).or_else(|| self.worked_out(e)),
        };
        self.0.push((dim, n));
        known.is_none_or(|m| m == n)
    }

    fn worked_out(&self, e: Expr) -> Option<usize> {
        let named = |(dim, n): &(Dim, usize)| match dim {
            Dim::Named(name) => Some((*name, Value::Scalar(*n as f64))),
            Dim::Fixed(_) => None,
        };
        let known: Bindings = self.0.iter().filter_map(named).collect();
        evaluate(e, &known).ok().map(|n| n.scalar() as usize)
    }

    /// A shape in words, with the lengths that are known.
    fn wanted(&self, shape: Shape) -> String {
        let length = |dim: Dim| self.0.iter().find(|(d, _)| *d == dim).map_or(dim, |(_, n)| Dim::Fixed(*n));
        words(match shape {
            Shape::Vector(dim) => Shape::Vector(length(dim)),
            Shape::Matrix(r, c) => Shape::Matrix(length(r), length(c)),
            scalar => scalar,
        })
    }
}

fn lies_in(support: Support, value: &Value) -> bool {
    match value {
        Value::Matrix(_, columns, m) if support.is_vector() => m.chunks(*columns).all(|row| support.contains_row(row)),
        value => support.contains_row(value.numbers()),
    }
}

fn placed(problem: Diagnostic, point: &[Assignment], name: &str, label: &str) -> Diagnostic {
    match point.iter().find(|a| a.name == name) {
        Some(given) => problem.at(given.span, label),
        None => problem,
    }
}

fn unknown(likelihood: &Likelihood, given: &Assignment, names: &[String]) -> Diagnostic {
    let message = format!("`{}` has no parameter `{}`", likelihood.name, given.name);
    Diagnostic::new(codes::UNKNOWN_NAME, message)
        .at(given.name_span, "not known")
        .suggest(&given.name, names.iter().map(String::as_str))
}

fn lacking(likelihood: &Likelihood, missing: &[&str], text: Span) -> Diagnostic {
    let list = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let example = missing.iter().map(|name| format!("{name}=…")).collect::<Vec<_>>().join(", ");
    Diagnostic::new(codes::ARGUMENTS, format!("the point says nothing of {list}"))
        .at(text, format!("`{}` needs a value for each", likelihood.name))
        .help(format!("add {example}"))
}
