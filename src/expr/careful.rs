//! Sums, products and logarithms where the plain way fails: 0 ln 0, and squares that overflow although their quotient or
//! their logarithm does not.
//!
//! 0 · ln 0 is 0 here, the limit of x ln x, so that a density at the edge of its support is what it tends to; and ∞ + ln 0
//! is ∞, that of 1/x + ln x. What over- or underflows on its own is put together from the logarithms of its parts:
//! ln(1 + x²) is 2 ln|x| far out.

use super::eval::{Bindings, Value, evaluate};
use super::node::{Expr, Func, Node};
use crate::special::Special;

/// Whether nothing over- or underflowed, and no digits were lost on the way to that.
pub fn is_settled(value: &Value) -> bool {
    value.numbers().iter().all(|x| x.is_normal())
}

/// Whether a number lost digits because it is almost too small to be one.
pub fn is_blurred(value: &Value) -> bool {
    value.numbers().iter().any(|x| x.is_subnormal())
}

/// A sum that is no number the plain way: infinite logarithms give way to what is infinite beside them.
pub fn sum(terms: &[Expr], parts: &[Value], plain: &Value) -> Value {
    let stronger = terms.iter().zip(parts).filter(|(term, _)| !grows_like_a_log(**term));
    let stronger = stronger.fold(Value::Scalar(0.0), |sum, (_, part)| sum.zip(part, |a, b| a + b));
    plain.zip(&stronger, |plain, stronger| if plain.is_nan() && stronger.is_infinite() { stronger } else { plain })
}

/// ln of an expression with this value.
pub fn logarithm(e: Expr, value: &Value, bindings: &Bindings) -> Result<Value, Expr> {
    let logs = signed_logs(e, value, bindings)?;
    let log = |(sign, log): Log| if sign < 0.0 { f64::NAN } else { log };
    let logs = shaped(logs.into_iter().map(log).collect(), value);
    Ok(value.zip(&logs, |x, log| if x > 0.0 && x.is_normal() { x.ln() } else { log }))
}

/// Sign and logarithm of a number: of its absolute value.
type Log = (f64, f64);

/// Those of each component; one alone counts for all.
type Logs = Vec<Log>;

fn signed_logs(e: Expr, value: &Value, bindings: &Bindings) -> Result<Logs, Expr> {
    let plain: Logs = value.numbers().iter().map(|x| (sign(*x), x.abs().ln())).collect();
    if is_settled(value) {
        return Ok(plain);
    }
    // Zeros times poles have no logarithm by parts, but may have a value.
    let better = |by_parts: Log, plain: Log| if by_parts.1.is_nan() { plain } else { by_parts };
    Ok(match logs_by_parts(e, bindings)? {
        Some(by_parts) => paired(&by_parts, &plain, better),
        None => plain,
    })
}

/// 0 of 0, whichever sign that has.
fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

fn logs_by_parts(e: Expr, bindings: &Bindings) -> Result<Option<Logs>, Expr> {
    let of = |part: Expr| signed_logs(part, &evaluate(part, bindings)?, bindings);
    let all = |parts: &[Expr]| parts.iter().map(|p| of(*p)).collect::<Result<Vec<Logs>, Expr>>();
    let numbers = |part: Expr| evaluate(part, bindings).map(|value| value.numbers().to_vec());
    Ok(Some(match e.node() {
        Node::Call(Func::Exp, x) => numbers(x)?.into_iter().map(|log| (1.0, log)).collect(),
        Node::Pow(base, n) => {
            let n: Logs = numbers(n)?.into_iter().map(|n| (n, n)).collect();
            paired(&of(base)?, &n, |(sign, log), (n, _)| (sign.powf(n), n * log))
        }
        Node::Call(Func::Abs, x) => of(x)?.into_iter().map(|(sign, log)| (sign.abs(), log)).collect(),
        Node::Max(a, b) => paired(&of(a)?, &of(b)?, |a, b| if is_less(a, b) { b } else { a }),
        Node::Min(a, b) => paired(&of(a)?, &of(b)?, |a, b| if is_less(a, b) { a } else { b }),
        Node::Mul(factors) => folded(&all(&factors)?, (1.0, 0.0), |a, b| (a.0 * b.0, a.1 + b.1)),
        Node::Add(terms) => folded(&all(&terms)?, NOTHING, added),
        Node::Sum(x, _) => vec![of(x)?.into_iter().fold(NOTHING, added)],
        _ => return Ok(None),
    }))
}

/// Sign and logarithm of 0.
const NOTHING: Log = (0.0, f64::NEG_INFINITY);

/// Whether one number is less than another, by their logarithms.
fn is_less(a: Log, b: Log) -> bool {
    if a.0 == b.0 { a.0 * a.1 < b.0 * b.1 } else { a.0 < b.0 }
}

/// The sign of an expression with this value, also where that vanished.
pub fn signs(e: Expr, value: &Value, bindings: &Bindings) -> Result<Value, Expr> {
    let signs = signed_logs(e, value, bindings)?.into_iter().map(|(sign, _)| sign);
    Ok(shaped(signs.collect(), value))
}

/// Those of a sum, from those of its two terms.
fn added(a: Log, b: Log) -> Log {
    if a.1.is_nan() || b.1.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    let top = a.1.max(b.1);
    match top.is_infinite() {
        true if a.1 == b.1 && a.0 != b.0 && top > 0.0 => return (f64::NAN, f64::NAN),
        true => return if a.1 == top { a } else { b },
        false => {}
    }
    let rest = a.0 * (a.1 - top).exp() + b.0 * (b.1 - top).exp();
    (sign(rest), top + rest.abs().ln())
}

fn folded(parts: &[Logs], start: Log, f: fn(Log, Log) -> Log) -> Logs {
    parts.iter().fold(vec![start], |sum, part| paired(&sum, part, f))
}

fn paired(a: &Logs, b: &Logs, f: impl Fn(Log, Log) -> Log) -> Logs {
    let at = |list: &Logs, i: usize| list[if list.len() == 1 { 0 } else { i }];
    (0..a.len().max(b.len())).map(|i| f(at(a, i), at(b, i))).collect()
}

/// Numbers in the shape of a value with as many.
fn shaped(numbers: Vec<f64>, like: &Value) -> Value {
    match like {
        Value::Scalar(_) => Value::Scalar(numbers[0]),
        Value::Vector(_) => Value::Vector(numbers),
        Value::Matrix(rows, columns, _) => Value::Matrix(*rows, *columns, numbers),
    }
}

/// One factor at one component.
struct Factor {
    value: f64,
    /// Sign and ln |value|, exact where the value itself over- or underflowed.
    log: Log,
    is_log: bool,
}

/// The product, component by component. `parts` are the values of the factors.
pub fn product(factors: &[Expr], parts: &[Value], bindings: &Bindings) -> Result<Value, Expr> {
    let logs = factors.iter().zip(parts).map(|(f, part)| signed_logs(*f, part, bindings));
    let logs = logs.collect::<Result<Vec<_>, _>>()?;
    let longest = parts.iter().max_by_key(|p| p.numbers().len()).unwrap_or(&Value::Scalar(1.0));
    let at = |part: &Value, i: usize| part.numbers()[if part.numbers().len() == 1 { 0 } else { i }];
    let component = |i: usize| {
        let list = factors.iter().zip(parts).zip(&logs).map(|((f, part), log)| Factor {
            value: at(part, i),
            log: log[if log.len() == 1 { 0 } else { i }],
            is_log: grows_like_a_log(*f),
        });
        of(&list.collect::<Vec<_>>())
    };
    let values: Vec<f64> = (0..longest.numbers().len()).map(component).collect();
    Ok(shaped(values, longest))
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
    let blurred = factors.iter().any(|f| f.value.is_subnormal());
    if (plain.is_normal() && !blurred) || factors.iter().any(|f| f.log.1.is_nan()) {
        return plain;
    }
    // A factor whose logarithm is −∞ is a true zero, one with +∞ a true pole.
    let zero = factors.iter().any(|f| f.log.1 == f64::NEG_INFINITY);
    let pole = factors.iter().any(|f| f.log.1 == f64::INFINITY && !f.is_log);
    match (zero, pole) {
        (true, true) => f64::NAN,
        (true, false) => 0.0,
        (false, true) => plain,
        (false, false) => factors.iter().map(|f| f.log.0).product::<f64>() * sum_of_logs(factors).exp(),
    }
}

fn sum_of_logs(factors: &[Factor]) -> f64 {
    factors.iter().map(|f| f.log.1).sum()
}
