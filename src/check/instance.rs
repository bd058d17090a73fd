//! A likelihood with its parameters filled in: `bernoulli(logistic(affine(x, 40)))`.

use std::rc::Rc;

use super::calls::arrange;
use super::lengths::Lengths;
use super::problem::{Check, all, both, fail, told_already};
use super::scope::{Scope, Value, constant};
use super::shapes;
use super::support::Place;
use super::terms::Evaluator;
use crate::diag::{Diagnostic, codes, listed};
use crate::expr::{Dim, Expr, Shape, substitute};
use crate::model::{Bound, Instance, Likelihood, dims};
use crate::source::Span;
use crate::syntax::ast::{Decl, Term, TermKind};

/// The value of each parameter, with where it was written.
type Written = Vec<(Value, Span)>;

impl Evaluator<'_> {
    /// The likelihood of a random variable. `width` is the declared length of the variable; without one it follows
    /// from the arguments. Returns the instance and the length.
    pub fn instance(&mut self, scope: &Scope, term: &Term, width: Option<(usize, Span)>) -> Check<(Instance, usize)> {
        let (likelihood, values) = self.likelihood_call(scope, term)?;
        let (args, width) = match likelihood.dim {
            None => fit_numbers(&likelihood, &values, width, term.span)?,
            Some(_) => fit_vectors(&likelihood, &values, width, term.span)?,
        };
        let arg_spans = values.iter().map(|(_, span)| *span).collect();
        Ok((Instance { likelihood, args, arg_spans, span: term.span }, width))
    }

    /// A likelihood over one number whose arguments are numbers: priors, initialisers, noise.
    pub fn instance_of_numbers(&mut self, scope: &Scope, term: &Term) -> Check<Instance> {
        let (likelihood, values) = self.likelihood_call(scope, term)?;
        if likelihood.dim.is_some() {
            return fail(
                Diagnostic::new(
                    codes::SHAPE,
                    format!("`{}` is over vectors, and one over numbers is needed", likelihood.name),
                )
                .at(term.span, "acts element by element here")
                .help("take a likelihood whose outcome is a number"),
            );
        }
        let args = all(values.iter().map(|(value, span)| match constant(value.expr) {
            Some(x) => Ok(Expr::num(x)),
            None => fail(
                Diagnostic::new(codes::WRONG_KIND, format!("the arguments of `{}` are numbers here", likelihood.name))
                    .at(*span, "not a number")
                    .help("write a number, or an expression of numbers and sizes"),
            ),
        }))?;
        let arg_spans = values.iter().map(|(_, span)| *span).collect();
        Ok(Instance { likelihood, args, arg_spans, span: term.span })
    }

    /// A likelihood and the values of its parameters, each in its support, with where it was written.
    pub fn likelihood_call(&mut self, scope: &Scope, term: &Term) -> Check<(Rc<Likelihood>, Written)> {
        let TermKind::Call { callee, args } = &term.kind else { return fail(self.no_likelihood(term)) };
        let decl = self.declarations.expect(callee, "likelihood")?;
        let Decl::Likelihood(decl) = &*decl else { return told_already() };
        let given = arrange(callee, &decl.formals, args, term.span);
        let (given, likelihood) = both(given, self.declarations.likelihood_of(decl))?;
        let written = likelihood.formals.iter().zip(given).map(|(formal, term)| {
            let Some(term) = term else { return Ok(None) };
            let value = self.value(scope, term)?;
            let place = Place { formal: &formal.name, callee: &callee.text, span: term.span };
            self.lies_in(value, formal.support, place)?;
            Ok(Some((value, term.span)))
        });
        let written = all(written.collect::<Vec<_>>())?;
        let values = with_defaults(&likelihood, written, term.span);
        self.holds_outcomes(&likelihood, &values, term.span)?;
        Ok((likelihood.clone(), values))
    }

    /// Errors: `SUPPORT` where the ends of the outcome's support are numbers, and nothing lies between them.
    fn holds_outcomes(&self, likelihood: &Likelihood, values: &Written, call: Span) -> Check<()> {
        let args: Vec<Expr> = values.iter().map(|(value, _)| value.expr).collect();
        let (mut lower, mut upper) = (None, None);
        for bound in likelihood.bounds_at(likelihood.outcome, &args) {
            match bound {
                Bound::Lower(e) => lower = self.constant(e.into()),
                Bound::Upper(e) => upper = self.constant(e.into()),
                Bound::Total(_) => {}
            }
        }
        let (Some(lower), Some(upper)) = (lower, upper) else { return Ok(()) };
        let empty = if likelihood.support.is_discrete() { lower > upper } else { lower >= upper };
        if empty { fail(no_outcomes(likelihood, [lower, upper], call)) } else { Ok(()) }
    }

    fn no_likelihood(&self, term: &Term) -> Diagnostic {
        let problem = Diagnostic::new(codes::WRONG_KIND, "a likelihood with its arguments is needed here");
        let problem = problem.at(term.span, "not a call of a likelihood");
        match &term.kind {
            TermKind::Name(name) => problem.help(format!("write `{name}(…)`")),
            _ => problem.help(format!("known: {}", listed(&self.declarations.names_of("likelihood")))),
        }
    }
}

fn no_outcomes(likelihood: &Likelihood, [lower, upper]: [f64; 2], call: Span) -> Diagnostic {
    let message = format!("`{}` has no outcomes here: they lie between its ends", likelihood.name);
    Diagnostic::new(codes::SUPPORT, message).at(call, format!("from {lower} to {upper}")).help(if lower > upper {
        "give the lower end first"
    } else {
        "give ends that are apart"
    })
}

/// Defaults may speak of the parameters before them.
fn with_defaults(likelihood: &Likelihood, written: Vec<Option<(Value, Span)>>, call: Span) -> Written {
    let mut values: Written = vec![];
    for (formal, written) in likelihood.formals.iter().zip(written) {
        let before: Vec<(Expr, Expr)> =
            likelihood.formals.iter().map(|f| f.var).zip(values.iter().map(|(v, _)| v.expr)).collect();
        let default = || formal.default.map(|d| (Value::claimed(substitute(d, &before), formal.support), call));
        values.extend(written.or_else(default));
    }
    values
}

/// Independent numbers: every argument is one number for all, or one for each.
fn fit_numbers(
    likelihood: &Likelihood,
    values: &[(Value, Span)],
    declared: Option<(usize, Span)>,
    span: Span,
) -> Check<(Vec<Expr>, usize)> {
    let per_element = values.iter().zip(&likelihood.formals).filter(|(_, f)| f.var.shape() == Shape::Scalar);
    let widths = per_element.filter_map(|((v, span), _)| Some((shapes::width(v.expr.shape())?, *span)));
    let (width, from) = declared.or_else(|| widths.max_by_key(|(w, _)| *w)).unwrap_or((1, span));
    let args = values.iter().zip(&likelihood.formals).map(|((value, span), formal)| {
        let e = value.expr;
        match (formal.var.shape(), e.shape()) {
            (Shape::Vector(_), Shape::Vector(_)) if width == 1 => Ok(e),
            (Shape::Scalar, Shape::Scalar) => Ok(e),
            (Shape::Scalar, Shape::Vector(Dim::Fixed(n))) if n == width => Ok(e),
            (Shape::Scalar, Shape::Vector(Dim::Fixed(1))) => Ok(shapes::single(e)),
            (Shape::Scalar, shape) => fail(wrong_length(likelihood, &formal.name, shape, *span, width, from)),
            (_, shape) => fail(wrong_form(likelihood, &formal.name, shape, *span)),
        }
    });
    Ok((all(args.collect::<Vec<_>>())?, width))
}

/// Whole vectors: the lengths that the likelihood names must agree.
fn fit_vectors(
    likelihood: &Likelihood,
    values: &[(Value, Span)],
    declared: Option<(usize, Span)>,
    span: Span,
) -> Check<(Vec<Expr>, usize)> {
    let mut lengths = Lengths::default();
    let outcome = likelihood.dim.zip(declared).map(|(dim, (n, at))| lengths.meet(dim, n, at, likelihood.span));
    if let (Some(Err((wanted, from))), Some((n, at))) = (outcome, declared) {
        return fail(wrong_length(
            likelihood,
            &likelihood.outcome_name,
            Shape::Vector(Dim::Fixed(n)),
            at,
            wanted,
            from,
        ));
    }
    let args = values.iter().zip(&likelihood.formals).map(|((value, span), formal)| {
        let (wanted, found) = (formal.var.shape(), value.expr.shape());
        if let (Shape::Scalar, Shape::Scalar | Shape::Vector(Dim::Fixed(1))) = (wanted, found) {
            return Ok(shapes::single(value.expr));
        }
        if wanted == Shape::Scalar || dims(wanted).len() != dims(found).len() {
            return fail(wrong_form(likelihood, &formal.name, found, *span));
        }
        for pair in dims(wanted).into_iter().zip(dims(found)) {
            let (dim, Dim::Fixed(n)) = pair else { continue };
            if let Err((m, from)) = lengths.meet(dim, n, *span, likelihood.span) {
                return fail(wrong_length(likelihood, &formal.name, found, *span, m, from));
            }
        }
        Ok(value.expr)
    });
    let args = all(args.collect::<Vec<_>>())?;
    let width = likelihood.dim.and_then(|dim| lengths.of(dim, likelihood.span));
    width.map_or_else(|| fail(no_length(likelihood, span)), |(width, _)| Ok((args, width)))
}

fn wrong_length(l: &Likelihood, formal: &str, shape: Shape, span: Span, width: usize, from: Span) -> Diagnostic {
    let (found, wanted) = (shapes::words(shape), shapes::words(Shape::Vector(Dim::Fixed(width))));
    let message = format!("`{formal}` of `{}` is {found}, and the variable is {wanted}", l.name);
    let problem = Diagnostic::new(codes::SHAPE, message).at(span, found);
    problem.related(from, wanted).help("make the two lengths equal")
}

fn wrong_form(l: &Likelihood, formal: &str, shape: Shape, span: Span) -> Diagnostic {
    let wanted = match l.formals.iter().find(|f| f.name == formal).map(|f| f.var.shape()) {
        Some(Shape::Matrix(..)) => "a matrix",
        Some(Shape::Vector(_)) => "a vector",
        _ => "a number",
    };
    let message = format!("`{formal}` of `{}` is {wanted}, and {} is given", l.name, shapes::words(shape));
    Diagnostic::new(codes::SHAPE, message).at(span, format!("{wanted} is needed")).help(format!("give {wanted}"))
}

fn no_length(l: &Likelihood, span: Span) -> Diagnostic {
    Diagnostic::new(codes::SHAPE, format!("the length of this `{}` variable is not known", l.name))
        .at(span, "no argument says it")
        .help(format!("declare it: `y: {}[10] ~ {}(…)`", l.support, l.name))
}

/// A likelihood without an entry that is needed here.
pub fn lacks(likelihood: &Likelihood, entry: &str, span: Span) -> Diagnostic {
    Diagnostic::new(codes::INCOMPLETE, format!("`{}` has no `{entry}`, which is needed here", likelihood.name))
        .at(span, format!("needs its `{entry}`"))
        .related(likelihood.span, "declared here")
        .help(format!("add a line `{entry} = …` to the likelihood"))
}
