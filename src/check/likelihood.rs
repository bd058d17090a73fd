//! Likelihood declarations: a log-density and what else is known of it, as expressions of symbolic parameters.

use super::calls::RANDOMNESS;
use super::declarations::{Declarations, duplicate};
use super::problem::{Check, all, both, fail};
use super::scope::{Scope, Value};
use super::shapes;
use super::support::Place as Where;
use super::terms::{Evaluator, Place};
use super::types::typed;
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::{Domain, Expr, Shape, print};
use crate::model::{Bound, Draw, Formal, Likelihood, NOISE, Support};
use crate::plan::FillKind;
use crate::source::Span;
use crate::syntax::ast::{self, Entry, LikelihoodDecl, Name, Term, TermKind};

/// What a likelihood can say about itself.
pub const ENTRIES: &[&str] = &["log_density", "mean", "draw", "cdf"];

/// Checks a declaration. Lengths that its types name, such as `K`, are shared by everything in it.
pub fn likelihood(declarations: &Declarations, decl: &LikelihoodDecl) -> Check<Likelihood> {
    let mut evaluator = Evaluator::new(declarations, Place::Declaration);
    let mut scope = Scope::default();
    let formals = decl.formals.iter().map(|f| evaluator.formal(&mut scope, decl, f)).collect::<Vec<_>>();
    let parameters = scope.clone();
    let outcome = evaluator.outcome(&mut scope, decl);
    let shape = outcome.as_ref().map(|(var, ..)| var.shape()).map_err(|_| Problems::new());
    let log_density = evaluator.log_density(&scope, decl);
    let mean = optional(decl, "mean", |entry| {
        let (var, support, _) = outcome.as_ref().map_err(|_| Problems::new())?;
        evaluator.mean(&parameters, entry, var.shape(), *support)
    });
    let cdf = optional(decl, "cdf", |entry| evaluator.cdf(&scope, entry, shape.clone()?));
    let draw = optional(decl, "draw", |entry| evaluator.draw_entry(&parameters, entry, shape.clone()?));
    let types = both(all(formals), outcome);
    let entries = both(all([entry_names(decl), names(decl)]), both(both(log_density, cdf), both(mean, draw)));
    let ((formals, (outcome, support, bounds)), (_, ((log_density, cdf), (mean, draw)))) = both(types, entries)?;
    let dim = outcome.shape().dim();
    Ok(Likelihood {
        name: decl.name.text.clone(),
        doc: decl.doc.clone(),
        span: decl.name.span,
        formals,
        outcome,
        outcome_name: decl.outcome.text.clone(),
        support,
        bounds,
        dim,
        log_density,
        mean,
        draw,
        cdf,
    })
}

impl Evaluator<'_> {
    fn formal(&mut self, scope: &mut Scope, decl: &LikelihoodDecl, formal: &ast::Formal) -> Check<Formal> {
        let made = self.typed_formal(scope, decl, formal);
        if made.is_err() {
            scope.broken(&formal.name.text);
        }
        made
    }

    fn typed_formal(&mut self, scope: &mut Scope, decl: &LikelihoodDecl, formal: &ast::Formal) -> Check<Formal> {
        let name = &formal.name;
        let Some(ty) = &formal.ty else { return fail(no_support(name)) };
        let (support, shape) = both(self.support(scope, ty), self.declared_shape(scope, ty))?;
        let default = formal.default.as_ref().map(|term| {
            let value = self.value(scope, term)?;
            let place = Where { formal: &name.text, callee: &decl.name.text, span: term.span };
            self.lies_in(value, support, place)?;
            match (shape, value.expr.shape()) {
                (Shape::Scalar, Shape::Vector(_)) => fail(default_shape(name, value.expr.shape(), term.span)),
                _ => Ok(value.expr),
            }
        });
        let default = default.transpose()?;
        // A mask can be 0, where a probability that is 0 has no logarithm.
        let domain = if support.is_discrete() { support.closure() } else { support.interior() };
        let var = Expr::var(&name.text, shape, domain);
        scope.insert(&name.text, typed(var, support));
        Ok(Formal { name: name.text.clone(), var, support, default })
    }

    fn outcome(&mut self, scope: &mut Scope, decl: &LikelihoodDecl) -> Check<(Expr, Support, Vec<Bound>)> {
        let (name, ty) = (&decl.outcome, &decl.outcome_ty);
        let made = both(self.outcome_support(scope, ty), self.vector_shape(scope, ty));
        let made = made.map(|((support, bounds), shape)| {
            let var = Expr::var(&name.text, shape, support.closure());
            scope.insert(&name.text, typed(var, support));
            (var, support, bounds)
        });
        made.inspect_err(|_| scope.broken(&name.text))
    }

    /// The support of the outcome and its ends, which may depend on the parameters: `interval(low, high)`.
    fn outcome_support(&mut self, scope: &Scope, ty: &ast::Type) -> Check<(Support, Vec<Bound>)> {
        let ends = all(ty.args.iter().map(|t| self.value(scope, t)))?;
        if ends.iter().all(|end| end.constant().is_some()) {
            return self.support(scope, ty).map(|support| (support, Bound::of(support)));
        }
        let ends: Vec<Expr> = ends.iter().map(|v| v.expr).collect();
        let (hull, bounds) = match (ty.support.text.as_str(), &ends[..]) {
            ("interval", [low, high]) => (hull(*low, Some(*high)), vec![Bound::Lower(*low), Bound::Upper(*high)]),
            ("above", [low]) => (hull(*low, None), vec![Bound::Lower(*low)]),
            ("whole", [low, high]) if low.range().lower >= 0.0 => {
                (Support::Count, vec![Bound::Lower(*low), Bound::Upper(*high)])
            }
            _ => return self.support(scope, ty).map(|support| (support, Bound::of(support))),
        };
        Ok((hull, bounds))
    }

    /// The distribution function: an expression of the outcome, which is one number.
    fn cdf(&mut self, scope: &Scope, entry: &Entry, outcome: Shape) -> Check<Expr> {
        let e = self.without_randomness(scope, entry)?.expr;
        if outcome == Shape::Scalar && e.shape() == Shape::Scalar {
            return Ok(e);
        }
        fail(
            Diagnostic::new(codes::SHAPE, "a distribution function is of one number")
                .at(entry.value.span, "of or with a vector")
                .help("leave it out: it is there to draw from intervals"),
        )
    }

    fn vector_shape(&mut self, scope: &mut Scope, ty: &ast::Type) -> Check<Shape> {
        match self.declared_shape(scope, ty)? {
            Shape::Matrix(..) => fail(
                Diagnostic::new(codes::SHAPE, "the outcome of a likelihood is a number or a vector")
                    .at(ty.span, "a matrix")
                    .help("put the elements into one vector, such as `real[K]`"),
            ),
            shape => Ok(shape),
        }
    }

    fn log_density(&mut self, scope: &Scope, decl: &LikelihoodDecl) -> Check<Expr> {
        let Some(entry) = find(decl, "log_density") else { return fail(no_log_density(decl)) };
        let e = self.without_randomness(scope, entry)?.expr;
        match e.shape() {
            Shape::Scalar => Ok(e),
            shape => fail(
                Diagnostic::new(
                    codes::SHAPE,
                    format!("a log-density is one number, and this is {}", shapes::words(shape)),
                )
                .at(entry.value.span, "not one number")
                .help("add up the elements: `sum(…)`"),
            ),
        }
    }

    fn mean(&mut self, scope: &Scope, entry: &Entry, outcome: Shape, support: Support) -> Check<Expr> {
        let value = self.without_randomness(scope, entry)?;
        self.between_ends(value, support, &entry.name, entry.value.span)?;
        like_outcome(value.expr, outcome, &entry.name, entry.value.span)
    }

    fn without_randomness(&mut self, scope: &Scope, entry: &Entry) -> Check<Value> {
        if let Some((name, _)) = entry.randomness.first() {
            return fail(randomness_elsewhere(&entry.name, name));
        }
        self.value(scope, &entry.value)
    }

    fn draw_entry(&mut self, scope: &Scope, entry: &Entry, outcome: Shape) -> Check<Draw> {
        let mut scope = scope.clone();
        let randomness = entry.randomness.iter().map(|(name, term)| {
            let made = fill_kind(term).map(|kind| (Expr::var(&name.text, outcome, domain(kind)), kind));
            match &made {
                Ok((var, _)) => scope.value(&name.text, *var),
                Err(_) => scope.broken(&name.text),
            }
            made
        });
        let randomness = all(randomness.collect::<Vec<_>>());
        let value = self.value(&scope, &entry.value).map_err(say_where_randomness_comes_from);
        let (randomness, value) = both(randomness, value)?;
        let value = like_outcome(value.expr, outcome, &entry.name, entry.value.span)?;
        Ok(Draw { value, randomness })
    }
}

/// A name that is not declared in a draw is most often its randomness.
fn say_where_randomness_comes_from(problems: Problems) -> Problems {
    let mut told = Problems::new();
    for problem in problems.iter().cloned() {
        told.push(match problem.code == codes::UNKNOWN_NAME {
            true => problem.note("randomness is declared after the draw: `draw = … u … where u ~ standard_uniform()`"),
            false => problem,
        });
    }
    told
}

/// The smallest support without parameters that holds everything between two ends.
fn hull(low: Expr, high: Option<Expr>) -> Support {
    let (low, high) = (low.range().lower, high.map_or(f64::INFINITY, |h| h.range().upper));
    match (low.is_finite(), high.is_finite()) {
        (true, true) => Support::Interval(low, high),
        (true, false) => Support::Above(low),
        _ => Support::Real,
    }
}

fn find<'d>(decl: &'d LikelihoodDecl, name: &str) -> Option<&'d Entry> {
    decl.entries.iter().find(|e| e.name.text == name)
}

fn optional<T>(decl: &LikelihoodDecl, name: &str, check: impl FnMut(&Entry) -> Check<T>) -> Check<Option<T>> {
    find(decl, name).map(check).transpose()
}

/// Every entry is known and stands there once.
fn entry_names(decl: &LikelihoodDecl) -> Check<()> {
    let known = decl.entries.iter().enumerate().map(|(i, entry)| {
        let name = &entry.name;
        let first = decl.entries[..i].iter().find(|first| first.name.text == name.text);
        match first {
            Some(first) => fail(duplicate(name, &first.name)),
            None if ENTRIES.contains(&name.text.as_str()) => Ok(()),
            None => fail(unknown_entry(name)),
        }
    });
    all(known).map(drop)
}

/// Parameters and outcome have names of their own.
fn names(decl: &LikelihoodDecl) -> Check<()> {
    let names: Vec<&Name> = decl.formals.iter().map(|f| &f.name).chain([&decl.outcome]).collect();
    let taken = names.iter().filter(|name| name.text == NOISE).map(|name| fail::<()>(of_the_noise(name)));
    all(taken.chain([distinct(&names)])).map(drop)
}

fn of_the_noise(name: &Name) -> Diagnostic {
    Diagnostic::new(codes::DUPLICATE_NAME, format!("`{NOISE}` is the noise in all that is derived"))
        .at(name.span, "this name is taken")
        .help("call it otherwise, such as `trials` or `count`")
}

/// Errors: `DUPLICATE_NAME`.
pub fn distinct(names: &[&Name]) -> Check<()> {
    let again = names.iter().enumerate().filter_map(|(i, name)| {
        let first = names[..i].iter().find(|first| print::alike(&first.text, &name.text))?;
        Some(fail::<()>(duplicate(name, first)))
    });
    all(again).map(drop)
}

fn fill_kind(term: &Term) -> Check<FillKind> {
    let callee = match &term.kind {
        TermKind::Call { callee, args } if args.is_empty() => callee.text.as_str(),
        _ => "",
    };
    match callee {
        "standard_normal" => Ok(FillKind::StandardNormal),
        "standard_uniform" => Ok(FillKind::StandardUniform),
        _ => fail(
            Diagnostic::new(codes::RANDOMNESS, "randomness comes from one of two sources")
                .at(term.span, "not a source of randomness")
                .help(format!(
                    "write `{}()` or `{}()`, and shift and scale it in the draw",
                    RANDOMNESS[0], RANDOMNESS[1]
                )),
        ),
    }
}

fn domain(kind: FillKind) -> Domain {
    match kind {
        FillKind::StandardNormal => Domain::REAL,
        FillKind::StandardUniform => Domain::UNIT,
    }
}

fn like_outcome(e: Expr, outcome: Shape, entry: &Name, span: Span) -> Check<Expr> {
    if e.shape() == outcome || e.shape() == Shape::Scalar {
        return Ok(e);
    }
    let (found, wanted) = (shapes::words(e.shape()), shapes::words(outcome));
    fail(
        Diagnostic::new(codes::SHAPE, format!("`{}` is {found}, and the outcome is {wanted}", entry.text))
            .at(span, found)
            .help(format!("make it {wanted}")),
    )
}

fn no_support(name: &Name) -> Diagnostic {
    Diagnostic::new(codes::INCOMPLETE, format!("the parameter `{}` of a likelihood needs a support", name.text))
        .at(name.span, "no type")
        .help(format!("write `{}: real`, `{}: positive`, `{}: unit`, …", name.text, name.text, name.text))
}

fn default_shape(name: &Name, shape: Shape, span: Span) -> Diagnostic {
    Diagnostic::new(codes::SHAPE, format!("`{}` is a number, and its default is {}", name.text, shapes::words(shape)))
        .at(span, "not a number")
        .help("give a number as the default")
}

fn no_log_density(decl: &LikelihoodDecl) -> Diagnostic {
    Diagnostic::new(codes::INCOMPLETE, format!("the likelihood `{}` has no log-density", decl.name.text))
        .at(decl.name.span, "lacks `log_density`")
        .help(format!("add a line `log_density = …`, the logarithm of the density of `{}`", decl.outcome.text))
}

fn unknown_entry(name: &Name) -> Diagnostic {
    Diagnostic::new(codes::UNKNOWN_SETTING, format!("a likelihood has no entry `{}`", name.text))
        .at(name.span, "not known")
        .suggest(&name.text, ENTRIES.iter().copied())
}

fn randomness_elsewhere(entry: &Name, name: &Name) -> Diagnostic {
    Diagnostic::new(codes::RANDOMNESS, format!("`{}` is not random", entry.text))
        .at(name.span, "randomness")
        .help("only `draw` uses randomness; remove the `where`")
}
