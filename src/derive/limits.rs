//! When a derivation is refused: an expression without a value, or one that outgrew its budget.

use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::{Expr, Func, Node, Trace, find, print};
use crate::source::Span;

/// Refuses a log-density with a part that has no value wherever it is evaluated: `1/0`, `ln 0`.
pub fn has_value(log_density: Expr, name: &str, span: Span) -> Result<(), Problems> {
    let Some(part) = find(log_density, is_undefined) else { return Ok(()) };
    Err(Diagnostic::new(codes::CANNOT_DERIVE, format!("the log-density of `{name}` has no value"))
        .at(span, format!("it contains {}", print::text(part)))
        .help("write a log-density that is a number wherever its parameters lie in their supports")
        .into())
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
pub fn within_budget<'a>(traces: impl IntoIterator<Item = &'a Trace>, name: &str, span: Span) -> Result<(), Problems> {
    if !traces.into_iter().any(Trace::is_exhausted) {
        return Ok(());
    }
    Err(Diagnostic::new(codes::TOO_LARGE, format!("what follows for `{name}` grew beyond the budget for derivations"))
        .at(span, "derived from here")
        .help("write the log-density with fewer or simpler terms; products of long sums grow fastest")
        .into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Domain, Shape};
    use crate::source::FileId;

    #[test]
    fn a_part_without_a_value_is_refused() {
        let y = Expr::var("y", Shape::Scalar, Domain::REAL);
        let span = Span::new(FileId(0), 0, 0);
        for (part, text) in [(y / Expr::num(0.0), "1/0"), (y + Expr::num(0.0).ln(), "ln 0")] {
            let problems = has_value(part, "f", span).unwrap_err();
            let label = problems.iter().find_map(|p| p.primary.clone()).map(|(_, label)| label);
            assert_eq!(label.as_deref(), Some(format!("it contains {text}").as_str()));
        }
        assert!(has_value(y.abs().ln(), "f", span).is_ok());
    }
}
