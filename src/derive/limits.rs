//! When a derivation is refused: an expression without a value, or one that outgrew its budget.

use crate::diag::{Diagnostic, codes};
use crate::expr::{Expr, Func, Node, Trace, find, print};
use crate::source::Span;

/// Refuses a log-density with a part that has no value wherever it is evaluated: `1/0`, `ln 0`.
pub fn has_value(log_density: Expr, name: &str, span: Span) -> Result<(), Diagnostic> {
    let Some(part) = find(log_density, is_undefined) else { return Ok(()) };
    Err(Diagnostic::new(codes::CANNOT_DERIVE, format!("the log-density of `{name}` has no value"))
        .at(span, format!("it contains {}", print::text(part)))
        .help("write a log-density that is a number wherever its parameters lie in their supports"))
}

fn is_undefined(e: Expr) -> bool {
    let negative = |x: Expr| x.as_num().is_some_and(|x| x < 0.0);
    match e.node() {
        Node::Num(bits) => !f64::from_bits(bits).is_finite(),
        Node::Pow(base, n) => (base.is_num(0.0) && negative(n)) || (negative(base) && n.as_num().is_some()),
        Node::Call(Func::Ln, x) => x.is_num(0.0) || negative(x),
        _ => false,
    }
}

/// Refuses a derivation that ran out of its budget.
pub fn within_budget<'a>(
    traces: impl IntoIterator<Item = &'a Trace>,
    name: &str,
    span: Span,
) -> Result<(), Diagnostic> {
    if !traces.into_iter().any(Trace::is_exhausted) {
        return Ok(());
    }
    Err(Diagnostic::new(codes::TOO_LARGE, format!("what follows for `{name}` grew beyond the budget for derivations"))
        .at(span, "derived from here")
        .help("write the log-density with fewer or simpler terms; products of long sums grow fastest"))
}
