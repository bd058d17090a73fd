//! Sums, products and logarithms where the plain way fails: 0 ln 0, and squares that overflow although their quotient or
//! their logarithm does not.
//!
//! 0 · ln 0 is 0 here, the limit of x ln x, so that a density at the edge of its support is what it tends to; and ∞ + ln 0
//! is ∞, that of 1/x + ln x. What over- or underflows on its own is put together from the logarithms of its parts:
//! ln(1 + x²) is 2 ln|x| far out.

use super::eval::{Bindings, Value, evaluate};
use super::node::{Expr, Func, Node};
use crate::special::Special;

/// Whether nothing over- or underflowed.
pub fn is_settled(value: &Value) -> bool {
    value.numbers().iter().all(|x| x.is_finite() && *x != 0.0)
}

/// A sum that is no number the plain way: infinite logarithms give way to what is infinite beside them.
pub fn sum(terms: &[Expr], parts: &[Value], plain: &Value) -> Value {
    let stronger = terms.iter().zip(parts).filter(|(term, _)| !grows_like_a_log(**term));
    let stronger = stronger.fold(Value::Scalar(0.0), |sum, (_, part)| sum.zip(part, |a, b| a + b));
    plain.zip(&stronger, |plain, stronger| if plain.is_nan() && stronger.is_infinite() { stronger } else { plain })
}

/// ln of an expression with this value.
pub fn logarithm(e: Expr, value: &Value, bindings: &Bindings) -> Result<Value, Expr> {
    let log = ln_abs(e, value, bindings)?;
    Ok(value.zip(&log, |x, log| if x == 0.0 || x == f64::INFINITY { log } else { x.ln() }))
}

/// ln |e|, component by component.
fn ln_abs(e: Expr, value: &Value, bindings: &Bindings) -> Result<Value, Expr> {
    let plain = value.map(|x| x.abs().ln());
    if is_settled(value) {
        return Ok(plain);
    }
    let by_parts = ln_by_parts(e, bindings)?;
    // Zeros times poles have no logarithm by parts, but may have a value.
    Ok(by_parts.map_or(plain.clone(), |log| log.zip(&plain, |log, plain| if log.is_nan() { plain } else { log })))
}

fn ln_by_parts(e: Expr, bindings: &Bindings) -> Result<Option<Value>, Expr> {
    let of = |part: Expr| ln_abs(part, &evaluate(part, bindings)?, bindings);
    let all = |parts: &[Expr]| parts.iter().map(|p| of(*p)).collect::<Result<Vec<Value>, Expr>>();
    let nothing = f64::NEG_INFINITY;
    Ok(Some(match e.node() {
        Node::Call(Func::Exp, x) => evaluate(x, bindings)?,
        Node::Pow(base, n) => of(base)?.zip(&evaluate(n, bindings)?, |log, n| n * log),
        Node::Mul(factors) => fold(&all(&factors)?, 0.0, |a, b| a + b),
        Node::Add(terms) if no_negative(&terms, bindings)? => fold(&all(&terms)?, nothing, ln_add_exp),
        Node::Sum(x, _) if no_negative(&[x], bindings)? => {
            Value::Scalar(of(x)?.numbers().iter().copied().fold(nothing, ln_add_exp))
        }
        _ => return Ok(None),
    }))
}

fn fold(parts: &[Value], start: f64, f: fn(f64, f64) -> f64) -> Value {
    parts.iter().fold(Value::Scalar(start), |sum, part| sum.zip(part, f))
}

fn no_negative(parts: &[Expr], bindings: &Bindings) -> Result<bool, Expr> {
    let values = parts.iter().map(|p| evaluate(*p, bindings)).collect::<Result<Vec<_>, _>>()?;
    Ok(values.iter().all(|v| v.numbers().iter().all(|x| *x >= 0.0)))
}

/// ln(eᵃ + eᵇ)
fn ln_add_exp(a: f64, b: f64) -> f64 {
    let top = a.max(b);
    if top.is_infinite() { top } else { top + (-(a - b).abs()).exp().ln_1p() }
}

/// One factor at one component.
struct Factor {
    value: f64,
    /// ln |value|, exact where the value itself over- or underflowed.
    log: f64,
    is_log: bool,
}

/// The product, component by component. `parts` are the values of the factors.
pub fn product(factors: &[Expr], parts: &[Value], bindings: &Bindings) -> Result<Value, Expr> {
    let logs = factors.iter().zip(parts).map(|(f, part)| ln_abs(*f, part, bindings)).collect::<Result<Vec<_>, _>>()?;
    let longest = parts.iter().max_by_key(|p| p.numbers().len()).unwrap_or(&Value::Scalar(1.0));
    let at = |part: &Value, i: usize| part.numbers()[if part.numbers().len() == 1 { 0 } else { i }];
    let component = |i: usize| {
        let list = factors.iter().zip(parts).zip(&logs).map(|((f, part), log)| Factor {
            value: at(part, i),
            log: at(log, i),
            is_log: grows_like_a_log(*f),
        });
        of(&list.collect::<Vec<_>>())
    };
    let values: Vec<f64> = (0..longest.numbers().len()).map(component).collect();
    Ok(match longest {
        Value::Scalar(_) => Value::Scalar(values[0]),
        Value::Vector(_) => Value::Vector(values),
        Value::Matrix(rows, columns, _) => Value::Matrix(*rows, *columns, values),
    })
}

/// Whether what is infinite here is a logarithm, in a sum of terms too: 0 · (ln 0 − ln 2) is 0 as well.
fn grows_like_a_log(e: Expr) -> bool {
    match e.node() {
        // This one is −∞ only for an interval without a width.
        Node::Call(Func::Ln, _) | Node::Special(Special::LnNormalBetween, _) => true,
        Node::Add(parts) | Node::Mul(parts) => parts.iter().any(|part| grows_like_a_log(*part)),
        _ => false,
    }
}

fn of(factors: &[Factor]) -> f64 {
    let plain: f64 = factors.iter().map(|f| f.value).product();
    if (plain.is_finite() && plain != 0.0) || factors.iter().any(|f| f.value.is_nan()) {
        return plain;
    }
    // A factor whose logarithm is −∞ is a true zero, one with +∞ a true pole.
    let zero = factors.iter().any(|f| f.log == f64::NEG_INFINITY);
    let pole = factors.iter().any(|f| f.log == f64::INFINITY && !f.is_log);
    match (zero, pole) {
        (true, true) => f64::NAN,
        (true, false) => 0.0,
        (false, true) => plain,
        (false, false) => factors.iter().map(|f| f.value.signum()).product::<f64>() * sum_of_logs(factors).exp(),
    }
}

fn sum_of_logs(factors: &[Factor]) -> f64 {
    factors.iter().map(|f| f.log).sum()
}
