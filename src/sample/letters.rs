//! Noise in variables of a model, at a point. Numbers are needed for what the conditions speak of, and for nothing else.

use super::fit::{lacking, lies_in, misshapen, outside, unknown};
use super::noise::NoiseAt;
use super::point::{self, Assignment};
use super::shape::{shape, words};
use crate::derive::NoiseDerivation;
use crate::derive::request::{Request, of_model};
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::{Bindings, Dim, Expr, Shape, Value, free_variables};
use crate::model::{Criterion, Kind, Model, NOISE, Node, apart};
use crate::source::Span;

/// What is derived about each noise; `None` in the place of an ascent condition that there is not.
pub fn noises(
    model: &Model,
    requests: &[Request],
    criterion: Criterion,
    (point, text): (&[Assignment], Span),
) -> Result<Vec<Option<NoiseAt>>, Problems> {
    let derived: Vec<_> = requests.iter().map(|request| of_model(model, *request).by(criterion)).collect();
    let letters: Vec<Expr> = derived.iter().flatten().flat_map(letters).collect();
    let values = bound(model, &letters, point, text)?;
    let at = |(derived, request): (Option<NoiseDerivation>, &Request)| {
        derived.map(|d| NoiseAt::new(d, request.variable, criterion, &values))
    };
    let noises: Vec<Option<NoiseAt>> = derived.into_iter().zip(requests).map(at).collect();
    match noises.iter().flatten().find(|noise| !has_value(noise)) {
        Some(_) => Err(no_value(model, text).into()),
        None => Ok(noises),
    }
}

/// The variables that Δ, its condition and the region speak of.
fn letters(derived: &NoiseDerivation) -> Vec<Expr> {
    let NoiseDerivation { delta, condition, region, still, noise, .. } = derived;
    let slacks = region.slacks(derived.noisy(), *noise, *still, *delta);
    let all = [*delta, condition.left, condition.right].into_iter().chain(slacks).chain(*still);
    all.flat_map(free_variables).collect()
}

/// The numbers of a point for the variables of a model. Errors: `UNKNOWN_NAME`, `SHAPE`, `SUPPORT`, and `ARGUMENTS` when
/// one of `letters` has none.
fn bound(model: &Model, letters: &[Expr], point: &[Assignment], text: Span) -> Result<Bindings, Problems> {
    let mut problems = Problems::new();
    let mut values = Bindings::new();
    for given in point.iter().filter(|a| a.name != NOISE) {
        match meant(model, given) {
            Some((name, node)) => match fitted(node, given) {
                Ok(_) if values.contains_key(&node.var) => problems.push(point::again(name, given)),
                Ok(value) => drop(values.insert(node.var, value)),
                Err(problem) => problems.push(problem),
            },
            None => problems.push(unknown(&model.name, "variable", given, model.named().map(|(name, _)| name))),
        }
    }
    let given = |name: &str| point.iter().any(|a| meant(model, a).is_some_and(|(meant, _)| meant == name));
    let needed = model.named().filter(|(_, node)| letters.contains(&node.var)).map(|(name, _)| name);
    let missing: Vec<String> =
        needed.filter(|name| !given(name)).map(|name| if name == NOISE { apart(name) } else { name.into() }).collect();
    let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
    if !missing.is_empty() {
        problems.push(lacking(&model.name, &missing, text));
    }
    if problems.has_errors() { Err(problems) } else { Ok(values) }
}

/// The variable that a value is for. `o` is the pre-activation `y.o`, as pages write it, where there is one alone.
/// A variable that is called as the noise is written as pages write it.
fn meant<'m>(model: &'m Model, given: &Assignment) -> Option<(&'m str, &'m Node)> {
    if given.is(&apart(NOISE)) {
        return model.named().find(|(name, _)| *name == NOISE);
    }
    let last = |name: &'m str| name.rsplit_once('.').map_or(name, |(_, last)| last);
    let mut inside = model.named().filter(|(name, _)| given.is(last(name)));
    let only = inside.next().filter(|_| inside.next().is_none());
    model.named().find(|(name, _)| given.is(name)).or(only)
}

/// The value for a variable; one number counts for all of its components.
fn fitted(node: &Node, given: &Assignment) -> Result<Value, Diagnostic> {
    let wanted = node.var.shape();
    let value = match given.value {
        Value::Scalar(x) => filled(x, wanted),
        ref value => value.clone(),
    };
    if shape(&value) != wanted {
        return Err(misshapen(&given.name, &words(wanted), &value).at(given.span, "does not fit"));
    }
    // A hidden variable may be at its mean, which its support need not hold.
    let is_hidden = matches!(node.kind, Kind::Random { observed: false, .. });
    if !is_hidden && !lies_in(node.support, &value) {
        return Err(outside(&given.name, node.support).at(given.span, format!("outside `{}`", node.support)));
    }
    Ok(value)
}

fn filled(x: f64, shape: Shape) -> Value {
    match shape {
        Shape::Vector(Dim::Fixed(n)) => Value::Vector(vec![x; n]),
        Shape::Matrix(Dim::Fixed(r), Dim::Fixed(c)) => Value::Matrix(r, c, vec![x; r * c]),
        _ => Value::Scalar(x),
    }
}

/// Whether Δ is 0 where noise changes nothing, as far as that noise is known.
fn has_value(noise: &NoiseAt) -> bool {
    noise.still().is_none_or(|still| noise.delta(&still).is_finite())
}

fn no_value(model: &Model, text: Span) -> Diagnostic {
    Diagnostic::new(codes::NO_VALUE, format!("the log-density in `{}` has no finite value at this point", model.name))
        .at(text, "not a number, or impossible")
        .help("choose a point at which ln f is a number: Δ compares the density with noise and without")
}
