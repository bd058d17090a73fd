//! Parameters: how a learned value is kept in its support, and where it starts.

use std::f64::consts::PI;

use super::problem::{Check, both, fail, told_already};
use super::scope::Scope;
use super::shapes;
use super::support::described;
use super::terms::Evaluator;
use crate::diag::{Diagnostic, codes};
use crate::expr::{Dim, Domain, Expr, Shape};
use crate::model::{Init, Kind, Node, Parameter, Support};
use crate::source::Span;
use crate::syntax::ast::{self, Item};

impl Evaluator<'_> {
    /// The node of a `param` line.
    pub fn parameter(&mut self, scope: &Scope, item: &Item, node_name: &str) -> Check<Node> {
        let Item::Param { name, ty, prior, init, span } = item else { return told_already() };
        let (support, shape) = both(self.support(scope, ty), self.known_shape(scope, ty))?;
        if support.is_discrete() {
            return fail(discrete(&name.text, support, ty.span));
        }
        let raw_name = if support == Support::Real { name.text.clone() } else { format!("raw_{}", name.text) };
        let raw = Expr::var(&raw_name, shape, Domain::REAL);
        let value = constrained(raw, support);
        let var = if value == raw { raw } else { Expr::var(&name.text, shape, support.interior()) };
        let prior = prior.as_ref().map_or(Ok(None), |term| self.prior_over(scope, term, support, &name.text));
        let (prior, init) = both(prior, self.init(scope, init.as_ref(), support, shape, ty.span))?;
        let kind = Kind::Parameter(Parameter { raw, value, init, prior });
        let Some(shape) = rows_and_columns(shape) else { return told_already() };
        Ok(Node { name: node_name.to_string(), var, span: *span, support, shape, kind })
    }

    fn init(
        &mut self,
        scope: &Scope,
        init: Option<&ast::Init>,
        support: Support,
        shape: Shape,
        place: Span,
    ) -> Check<Init> {
        match init {
            None if support == Support::PositiveDefinite => fail(no_start(shape, place)),
            None => Ok(Init::Constant(0.0)),
            Some(ast::Init::Value(term)) => {
                let x = self.number(scope, term)?;
                match unconstrained(x, support, shape) {
                    Some(raw) if raw.is_finite() => Ok(Init::Constant(raw)),
                    _ => fail(outside(x, support, term.span)),
                }
            }
            Some(ast::Init::Draw(term)) => {
                let Some(instance) = self.prior(scope, term)? else { return fail(draws_nothing(term.span)) };
                if !matches!(support, Support::Real | Support::PositiveDefinite) {
                    return fail(drawn_elsewhere(support, term.span));
                }
                if instance.likelihood.draw.is_none() {
                    return fail(super::instance::lacks(&instance.likelihood, "draw", term.span));
                }
                Ok(Init::Draw(instance))
            }
        }
    }
}

/// The value in the support that an unconstrained number stands for.
fn constrained(raw: Expr, support: Support) -> Expr {
    let logistic = || Expr::num(1.0) / (Expr::num(1.0) + (-raw).exp());
    match (support, raw.shape()) {
        (Support::Positive, _) => raw.exp(),
        (Support::Unit, _) => logistic(),
        (Support::Interval(low, high), _) => (high - low) * logistic() + low,
        (Support::Above(low), _) => raw.exp() + low,
        (Support::Circle, _) => Expr::pi() * (2.0 * logistic() - 1.0),
        (Support::Simplex, Shape::Vector(dim)) => raw.exp() / raw.exp().sum(dim),
        (Support::Ordered, Shape::Vector(Dim::Fixed(n))) => increasing(raw, n),
        // A square root that need not be triangular.
        (Support::PositiveDefinite, _) => raw.dot(raw.transpose()),
        _ => raw,
    }
}

/// The first component, and from then on each the one before and a positive step.
fn increasing(raw: Expr, n: usize) -> Expr {
    let steps = (0..n).map(|i| if i == 0 { raw.component(0) } else { raw.component(i).exp() });
    let sums = steps.scan(Expr::num(0.0), |sum, step| {
        *sum = *sum + step;
        Some(*sum)
    });
    Expr::concat(&sums.collect::<Vec<_>>())
}

/// The unconstrained number for a value that all elements start from; `None` or infinite when it is not inside.
fn unconstrained(x: f64, support: Support, shape: Shape) -> Option<f64> {
    let logit = |p: f64| (p / (1.0 - p)).ln();
    match (support, shape) {
        (Support::Real, _) => Some(x),
        (Support::Positive, _) => (x > 0.0).then(|| x.ln()),
        (Support::Unit, _) => (x > 0.0 && x < 1.0).then(|| logit(x)),
        (Support::Interval(low, high), _) => (x > low && x < high).then(|| logit((x - low) / (high - low))),
        (Support::Above(low), _) => (x > low).then(|| (x - low).ln()),
        (Support::Circle, _) => (x.abs() < PI).then(|| logit(0.5 + x / (2.0 * PI))),
        (Support::Simplex, Shape::Vector(Dim::Fixed(n))) => ((x * n as f64 - 1.0).abs() < 1e-9).then_some(0.0),
        _ => None,
    }
}

fn rows_and_columns(shape: Shape) -> Option<(usize, usize)> {
    match shape {
        Shape::Scalar => Some((1, 1)),
        Shape::Vector(Dim::Fixed(n)) => Some((1, n)),
        Shape::Matrix(Dim::Fixed(n), Dim::Fixed(m)) => Some((n, m)),
        _ => None,
    }
}

fn discrete(name: &str, support: Support, span: Span) -> Diagnostic {
    Diagnostic::new(codes::SUPPORT, format!("the parameter `{name}` cannot be {}", described(support)))
        .at(span, "gradients do not move discrete values")
        .help(format!(
            "declare it `real`, `positive`, `unit` or an interval, or make it a hidden variable: `{name} ~ …`"
        ))
}

fn outside(x: f64, support: Support, span: Span) -> Diagnostic {
    let inside = if support.is_vector() { "equal shares that sum to 1" } else { "a number strictly inside" };
    Diagnostic::new(codes::SUPPORT, format!("a parameter in {} cannot start at {x}", described(support)))
        .at(span, format!("not inside `{support}`"))
        .help(format!("start from {inside}, or leave the start out"))
}

fn no_start(shape: Shape, place: Span) -> Diagnostic {
    Diagnostic::new(codes::INCOMPLETE, format!("a parameter that is {} needs a start", shapes::words(shape)))
        .at(place, "no start")
        .note("a positive definite matrix is learned as R Rᵀ, which does not move from R = 0")
        .help("draw the elements of R: `= init gaussian(0, 1)`")
}

fn drawn_elsewhere(support: Support, span: Span) -> Diagnostic {
    Diagnostic::new(
        codes::UNSUPPORTED,
        format!("only real parameters can start from a draw, and this one is `{support}`"),
    )
    .at(span, "a draw")
    .help("start from a number, as in `= 1`, or leave the start out")
}

fn draws_nothing(span: Span) -> Diagnostic {
    Diagnostic::new(codes::WRONG_KIND, "a parameter cannot start from a draw of `flat`")
        .at(span, "draws nothing")
        .help("start from a likelihood with numbers, as in `= init gaussian(0, 0.1)`, or from a number")
}
