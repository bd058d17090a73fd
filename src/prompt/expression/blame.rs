//! Which part of an expression has no finite value, and why.

use super::numbers::{DIGITS, one_line};
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::Value;
use crate::source::Span;
use crate::syntax::ast::{BinaryOp, Term, TermKind};

/// Where functions have values.
#[rustfmt::skip]
const DOMAINS: &[(&str, &str)] = &[
    ("ln", "`ln(x)` has a value for x above 0"),
    ("sqrt", "`sqrt(x)` has a value for x from 0 on"),
    ("ln_gamma", "`ln_gamma(x)` has a value for x above 0"),
    ("digamma", "`digamma(x)` has a value for x above 0"),
    ("trigamma", "`trigamma(x)` has a value for x above 0"),
    ("normal_quantile", "`normal_quantile(p)` has a finite value for p between 0 and 1"),
    ("ln_normal_between", "`ln_normal_between(a, b)` has a value for a below b"),
    ("gamma_quantile", "`gamma_quantile(a, p)` has a finite value for a above 0 and p between 0 and 1"),
    ("beta_quantile", "`beta_quantile(a, b, p)` has a value for a and b above 0 and p from 0 to 1"),
    ("inverse", "a matrix has an inverse if its rows are independent"),
    ("ln_det", "`ln_det(S)` has a value if the rows of S are independent"),
];

type Worth<'a> = &'a dyn Fn(&Term) -> Result<Value, Problems>;

/// The innermost part without a finite value. `text` is what was entered.
pub fn blame(term: &Term, text: &str, worth: Worth) -> Diagnostic {
    match term.children().into_iter().find(|child| is_without(child, worth)) {
        Some(child) => blame(child, text, worth),
        None => explained(term, text, worth),
    }
}

/// A part without a finite value of which no more is known.
pub fn unexplained(text: &str, span: Span) -> Diagnostic {
    let part = text.get(span.start..span.end).unwrap_or("this");
    Diagnostic::new(codes::NO_VALUE, format!("`{part}` has no finite value"))
        .at(span, "no finite value")
        .help("change the expression so that it has a value")
}

fn is_without(term: &Term, worth: Worth) -> bool {
    match worth(term) {
        Ok(value) => value.numbers().iter().any(|x| !x.is_finite()),
        Err(problems) => problems.iter().any(|p| p.code == codes::NO_VALUE),
    }
}

fn explained(term: &Term, text: &str, worth: Worth) -> Diagnostic {
    let error = unexplained(text, term.span);
    match &term.kind {
        TermKind::List(items) if items.is_empty() => error.note("an empty list has no value"),
        TermKind::Binary(BinaryOp::Divide, _, divisor) if is_zero(divisor, worth) => {
            error.note("a division by 0 has no value")
        }
        TermKind::Binary(BinaryOp::Power, base, _) if is_negative(base, worth) => {
            error.note("a power of a negative number has a value for whole exponents alone")
        }
        TermKind::Call { callee, args } => match DOMAINS.iter().find(|(name, _)| *name == callee.text) {
            Some((_, domain)) => {
                let given = args.iter().filter_map(|arg| worth(&arg.value).ok());
                let given: Vec<String> = given.map(|value| one_line(&value, DIGITS)).collect();
                error.note(format!("{domain}; here it is given {}", given.join(", ")))
            }
            None => too_large(error),
        },
        _ => too_large(error),
    }
}

fn is_zero(term: &Term, worth: Worth) -> bool {
    worth(term).is_ok_and(|value| value.numbers().contains(&0.0))
}

fn is_negative(term: &Term, worth: Worth) -> bool {
    worth(term).is_ok_and(|value| value.numbers().iter().any(|x| *x < 0.0))
}

fn too_large(error: Diagnostic) -> Diagnostic {
    error.note(format!("numbers go up to about {:.1e}; beyond, and at poles, there is no value", f64::MAX))
}
