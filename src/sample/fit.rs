//! Whether a point fits a likelihood: its names, shapes and supports.

use std::rc::Rc;

use super::place::Place;
use super::point::Assignment;
use super::shape::{Lengths, shape, shown, words};
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::{Bindings, Shape, Value, evaluate, print};
use crate::model::{Bound, Formal, Likelihood, NOISE, Support};
use crate::source::Span;

impl Place {
    /// What a point says; the noise in it is left aside. `text` is where the whole point stands. Errors:
    /// `UNKNOWN_NAME`, `ARGUMENTS`, `SHAPE`, `SUPPORT`, `NO_VALUE`.
    pub fn read(likelihood: &Rc<Likelihood>, point: &[Assignment], text: Span) -> Result<Place, Problems> {
        let mut problems = Problems::new();
        let names = names(likelihood);
        for stranger in point.iter().filter(|a| !names.iter().any(|name| a.is(name))) {
            problems.push(unknown(&likelihood.name, "parameter", stranger, names.iter().copied()));
        }
        let find = |name: &str| point.iter().find(|a| a.is(name));
        let missing: Vec<&str> = required(likelihood).into_iter().filter(|name| find(name).is_none()).collect();
        if !missing.is_empty() {
            problems.push(lacking(&likelihood.name, &missing, text));
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
        Ok(place)
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
}

fn names(likelihood: &Likelihood) -> Vec<&str> {
    let formals = likelihood.formals.iter().map(|f| f.name.as_str());
    std::iter::once(likelihood.outcome_name.as_str()).chain(formals).chain([NOISE]).collect()
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

/// Shapes and supports of what is given. Errors: `SHAPE`, `SUPPORT`.
fn fits(likelihood: &Likelihood, values: &[Value], outcome: &Value, point: &[Assignment]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let mut lengths = Lengths::default();
    let count = if likelihood.takes_several() { shape(outcome).dim() } else { None };
    let declared = [(likelihood.outcome_name.as_str(), likelihood.outcome.shape(), likelihood.support, outcome)];
    let formals = likelihood.formals.iter().zip(values).map(|(f, v)| (f.name.as_str(), f.var.shape(), f.support, v));
    for (name, wanted, support, value) in declared.into_iter().chain(formals) {
        // One value for each of several independent outcomes is as good as one for all.
        let for_each = wanted == Shape::Scalar && count.is_some() && shape(value).dim() == count;
        if !for_each && !lengths.fit(wanted, shape(value)) {
            let wanted = lengths.wanted(wanted);
            problems.push(placed(misshapen(name, &wanted, value), point, name, "does not fit"));
        } else if !lies_in(support, value) {
            problems.push(placed(outside(name, support), point, name, &format!("outside `{support}`")));
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(()) }
}

/// A value of another shape than is wanted, without its place.
pub fn misshapen(name: &str, wanted: &str, value: &Value) -> Diagnostic {
    Diagnostic::new(codes::SHAPE, format!("`{name}` is {wanted}, and {} is given", words(shape(value))))
        .help(format!("give {wanted}"))
}

/// A value outside of its support, without its place.
pub fn outside(name: &str, support: Support) -> Diagnostic {
    Diagnostic::new(codes::SUPPORT, format!("`{name}` lies outside its support `{support}`"))
        .help(format!("`{support}` holds {}", support.holds()))
}

pub fn lies_in(support: Support, value: &Value) -> bool {
    match value {
        Value::Matrix(_, columns, m) if support.is_vector() => m.chunks(*columns).all(|row| support.contains_row(row)),
        value => support.contains_row(value.numbers()),
    }
}

fn placed(problem: Diagnostic, point: &[Assignment], name: &str, label: &str) -> Diagnostic {
    match point.iter().find(|a| a.is(name)) {
        Some(given) => problem.at(given.span, label),
        None => problem,
    }
}

pub fn unknown<'n>(owner: &str, kind: &str, given: &Assignment, names: impl Iterator<Item = &'n str>) -> Diagnostic {
    let message = format!("`{owner}` has no {kind} `{}`", given.name);
    Diagnostic::new(codes::UNKNOWN_NAME, message).at(given.name_span, "not known").suggest(&given.name, names)
}

/// A value that a point lacks.
pub fn lacking(owner: &str, missing: &[&str], text: Span) -> Diagnostic {
    let list = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let example = missing.iter().map(|name| format!("{name}=…")).collect::<Vec<_>>().join(", ");
    Diagnostic::new(codes::ARGUMENTS, format!("the point says nothing of {list}"))
        .at(text, format!("`{owner}` needs a value for each"))
        .help(format!("add {example}"))
}
