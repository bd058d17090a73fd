//! Whether a value lies in a support: by what it is, by what its range is, or by what was declared for it.

use std::ops::Bound;

use super::problem::{Check, fail};
use super::scope::Value;
use super::terms::Evaluator;
use crate::diag::{Diagnostic, codes};
use crate::expr::{Domain, Node, Range, Trace, simplify};
use crate::model::Support;
use crate::source::{FileId, Span};
use crate::syntax::ast::{Decl, FnDecl, Name};

/// The parameter that a value is given to.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub formal: &'a str,
    pub callee: &'a str,
    pub span: Span,
}

impl Evaluator<'_> {
    /// Errors: `SUPPORT`, when the value is not in the support, or is not known to be.
    pub fn lies_in(&self, value: Value, support: Support, place: Place) -> Check<()> {
        let constant = self.constant(value);
        let holds = match constant {
            _ if self.is_known() => self.numbers_lie(value.expr, support).unwrap_or(false),
            Some(x) if !support.is_vector() => support.contains(x),
            _ => value.claim.is_some_and(|claim| within(claim, support)) || by_range(value, support),
        };
        match (holds, constant) {
            (true, _) => Ok(()),
            (false, Some(x)) => fail(number_outside(x, support, place)),
            (false, None) => fail(self.unproven(value, support, place)),
        }
    }

    /// Errors: `SUPPORT`, when no value of the expression can be in the support that the function claims.
    pub fn not_outside(&self, value: Value, support: Support, name: &Name, span: Span) -> Check<()> {
        let wrong_number = value.constant().is_some_and(|x| !support.is_vector() && !support.contains(x));
        if !wrong_number {
            return self.between_ends(value, support, name, span);
        }
        fail(never_lies(support, name, span))
    }

    /// Checks that a value can lie between the least and the greatest value of a support, as a mean does.
    pub fn between_ends(&self, value: Value, support: Support, name: &Name, span: Span) -> Check<()> {
        let (range, wanted) = (value.expr.range(), Range::from(support.closure()));
        match range.lower <= wanted.upper && range.upper >= wanted.lower {
            true => Ok(()),
            false => fail(never_lies(support, name, span)),
        }
    }

    fn unproven(&self, value: Value, support: Support, place: Place) -> Diagnostic {
        let Place { formal, callee, span } = place;
        let message = format!("`{formal}` of `{callee}` must lie in {}", described(support));
        if self.is_known() {
            let problem = Diagnostic::new(codes::SUPPORT, message).at(span, format!("outside `{support}`"));
            return problem.help(format!("`{support}` holds {}", support.holds()));
        }
        let problem = Diagnostic::new(codes::SUPPORT, message).at(span, known_range(value, support));
        match self.maps_into(support, span.file) {
            Some(link) => problem.help(format!("map it there, as in `{callee}({formal} = {link}(…))`")),
            None if support.is_discrete() => problem.help(format!("give a variable that is declared `{support}`")),
            None => problem.help(format!("map it there by a function of your own: `fn f(o: real) -> {support} = …`")),
        }
    }

    /// A declared function from real numbers into the support, the closest fit first.
    fn maps_into(&self, support: Support, file: FileId) -> Option<String> {
        let visible = |decl: &&FnDecl| {
            let found = self.declarations.lookup(&decl.name.text, file);
            found.is_some_and(|f| f.span() == decl.span)
        };
        let declarations = self.declarations.library().chain(self.declarations.own());
        let functions =
            declarations.filter_map(|d| if let Decl::Fn(f) = &**d { Some(f) } else { None }).filter(visible);
        let links: Vec<(&FnDecl, Support)> = functions.filter_map(|f| Some((f, link_into(f)?))).collect();
        let exact = links.iter().find(|(_, s)| *s == support);
        let (link, _) = exact.or_else(|| links.iter().find(|(_, s)| within(*s, support)))?;
        Some(link.name.text.clone())
    }
}

/// The support that a function of one real argument maps into.
fn link_into(f: &FnDecl) -> Option<Support> {
    let real = |ty: &crate::syntax::ast::Type| ty.support.text == "real";
    let [formal] = &f.formals[..] else { return None };
    let result = f.result.as_ref().filter(|_| formal.ty.as_ref().is_some_and(real))?;
    let bounds: Option<Vec<f64>> = result.args.iter().map(literal).collect();
    Support::named(&result.support.text, &bounds?)
}

fn literal(term: &crate::syntax::ast::Term) -> Option<f64> {
    use crate::syntax::ast::TermKind;
    match &term.kind {
        TermKind::Number(x) => Some(*x),
        TermKind::Negate(inner) => literal(inner).map(|x| -x),
        _ => None,
    }
}

/// Whether every value of the one support is one of the other.
pub fn within(inner: Support, outer: Support) -> bool {
    let sums_to_one = inner.closure().sums_to_one && outer.closure().sums_to_one;
    let same_form = !outer.is_vector() || sums_to_one;
    let contained = match (inner.is_discrete(), outer.is_discrete()) {
        (_, false) => inside(inner.closure(), outer.closure()),
        // Both on a grid: the bounded ones have their two ends for values, and reals are on no grid.
        (true, true) => inner == outer || bounds(inner).is_some_and(|ends| ends.iter().all(|x| outer.contains(*x))),
        (false, true) => false,
    };
    inner == outer || (same_form && contained)
}

fn bounds(support: Support) -> Option<[f64; 2]> {
    match (support.lower(), support.upper()) {
        (Bound::Included(a), Bound::Included(b)) => Some([a, b]),
        _ => None,
    }
}

fn inside(inner: Domain, outer: Domain) -> bool {
    range_inside(inner.into(), outer)
}

fn range_inside(inner: Range, outer: Domain) -> bool {
    let above =
        inner.lower > outer.lower || (inner.lower == outer.lower && (outer.lower_closed || !inner.lower_closed));
    let below =
        inner.upper < outer.upper || (inner.upper == outer.upper && (outer.upper_closed || !inner.upper_closed));
    above && below
}

/// Whether the range of the expression shows that it lies in a continuous support.
fn by_range(value: Value, support: Support) -> bool {
    if support == Support::Real {
        return true;
    }
    let e = simplify(value.expr, &mut Trace::default());
    let sums_to_one = matches!(e.node(), Node::Softmax(_)) || e.domain().is_some_and(|d| d.sums_to_one);
    let form = !support.is_vector() || sums_to_one;
    !support.is_discrete() && form && range_inside(e.range(), support.closure())
}

/// What is known of a value that may lie outside a support.
fn known_range(value: Value, support: Support) -> String {
    let range = value.expr.range();
    match (range.lower.is_finite(), range.upper.is_finite()) {
        _ if support.is_vector() || support.is_discrete() => "not known to lie there".into(),
        (false, false) => "can be any number".into(),
        (true, false) => format!("can be any number from {}", range.lower),
        (false, true) => format!("can be any number up to {}", range.upper),
        (true, true) => format!("can be any number from {} to {}", range.lower, range.upper),
    }
}

/// `unit` (numbers from 0 to 1)
pub fn described(support: Support) -> String {
    format!("`{support}` ({})", support.holds())
}

fn number_outside(x: f64, support: Support, place: Place) -> Diagnostic {
    let Place { formal, callee, span } = place;
    let wanted = match support {
        s if s.is_vector() => format!("be a vector in {}", described(s)),
        s => format!("be {}", adjective(s)),
    };
    Diagnostic::new(codes::SUPPORT, format!("`{formal}` of `{callee}` must {wanted}, and {x} is not"))
        .at(span, format!("outside `{support}`"))
        .help(format!("`{support}` holds {}", support.holds()))
}

/// How one says that a number lies in the support.
fn adjective(support: Support) -> String {
    match support {
        Support::Positive | Support::Binary | Support::Bipolar => support.to_string(),
        other => format!("in `{other}`"),
    }
}

fn never_lies(support: Support, name: &Name, span: Span) -> Diagnostic {
    Diagnostic::new(codes::SUPPORT, format!("`{}` never lies in {}", name.text, described(support)))
        .at(span, format!("outside `{support}`"))
        .help("correct the expression, or declare another support for it")
}
