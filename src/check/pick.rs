//! `x[2..K]`: components of a vector, counted from 1, both ends included.

use super::problem::{Check, both, fail};
use super::scope::{Scope, Value};
use super::shapes;
use super::terms::{Evaluator, unsupported};
use super::types::is_length;
use crate::diag::{Diagnostic, codes};
use crate::expr::{Dim, Expr, Shape, print};
use crate::source::Span;
use crate::syntax::ast::{Term, TermKind};

impl Evaluator<'_> {
    /// Errors: `UNSUPPORTED` for one element in a program, `SHAPE` for what is no vector, `SIZE` for what may lie beyond its ends.
    pub fn components(&mut self, scope: &Scope, base: &Term, index: &[Term], span: Span) -> Check<Value> {
        let (first, last) = match index {
            [Term { kind: TermKind::Range(first, last), .. }] => (&**first, &**last),
            [only] if self.is_known() => (only, only),
            _ => return fail(unsupported("elements picked by brackets", span)),
        };
        let is_one = std::ptr::eq(first, last);
        let ends = both(self.position(scope, first), self.position(scope, last));
        let (vector, (first, last)) = both(self.value(scope, base), ends)?;
        let Shape::Vector(dim) = vector.expr.shape() else { return fail(no_vector(vector.expr, base.span)) };
        let (skipped, length) = (first - 1.0, last - first + 1.0);
        let inside = [skipped, Expr::length(dim) - last].iter().all(|rest| rest.range().is_non_negative());
        // A whole number above −1: a range may be empty, as `x[2..K]` is for K = 1.
        if !inside || !(length + 1.0).is_positive() {
            return fail(beyond(first, last, dim, span));
        }
        let picked = vector.expr.slice(Dim::of(skipped), Dim::of(length));
        Ok(if is_one { shapes::single(picked) } else { picked }.into())
    }

    /// A whole number, or the name of a length with a whole number added.
    fn position(&mut self, scope: &Scope, term: &Term) -> Check<Expr> {
        let value = self.value(scope, term)?;
        let position = self.constant(value).map_or(value.expr, Expr::num);
        if is_length(position) { Ok(position) } else { fail(no_position(term.span)) }
    }
}

fn no_vector(e: Expr, span: Span) -> Diagnostic {
    let message = format!("brackets pick components of a vector, and this is {}", shapes::words(e.shape()));
    Diagnostic::new(codes::SHAPE, message).at(span, "not a vector").help("give it a length, such as `x: real[K]`")
}

fn no_position(span: Span) -> Diagnostic {
    Diagnostic::new(codes::SIZE, "a place in a vector is a whole number")
        .at(span, "not one")
        .help("write a number such as 4, or the name of a length, as in `x[2..K]`")
}

fn beyond(first: Expr, last: Expr, dim: Dim, span: Span) -> Diagnostic {
    let (range, length) = (format!("{}..{}", print::text(first), print::text(last)), shapes::length(dim));
    Diagnostic::new(codes::SIZE, format!("the components {range} are not all within 1..{length}"))
        .at(span, "beyond the ends")
        .help("components count from 1, both ends are included")
}
