//! Products where the plain way fails: 0 ln 0, and squares that overflow although their quotient does not.
//!
//! 0 · ln 0 is 0 here, the limit of x ln x, so that a density at the edge of its support is what it tends to. A power
//! with an exponent that over- or underflows on its own is put together from the logarithms of the factors.

use super::eval::{Bindings, Value, evaluate};
use super::node::{Expr, Func, Node};

/// One factor at one component.
struct Factor {
    value: f64,
    /// ln |value|, exact where the value itself over- or underflowed.
    log: f64,
    is_log: bool,
}

/// The product, component by component. `parts` are the values of the factors.
pub fn careful(factors: &[Expr], parts: &[Value], bindings: &Bindings) -> Result<Value, Expr> {
    let logs = factors.iter().zip(parts).map(|(f, part)| log_of(*f, part, bindings)).collect::<Result<Vec<_>, _>>()?;
    let longest = parts.iter().max_by_key(|p| p.numbers().len()).unwrap_or(&Value::Scalar(1.0));
    let at = |list: &[f64], i: usize| list[if list.len() == 1 { 0 } else { i }];
    let component = |i: usize| {
        let list = factors.iter().zip(parts).zip(&logs).map(|((f, part), log)| Factor {
            value: at(part.numbers(), i),
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
        Node::Call(Func::Ln, _) => true,
        Node::Add(parts) | Node::Mul(parts) => parts.iter().any(|part| grows_like_a_log(*part)),
        _ => false,
    }
}

fn log_of(factor: Expr, part: &Value, bindings: &Bindings) -> Result<Vec<f64>, Expr> {
    Ok(match factor.node() {
        Node::Call(Func::Exp, x) => evaluate(x, bindings)?.numbers().to_vec(),
        Node::Pow(base, n) => {
            let (base, n) = (evaluate(base, bindings)?, evaluate(n, bindings)?);
            base.zip(&n, |x, n| n * x.abs().ln()).numbers().to_vec()
        }
        _ => part.numbers().iter().map(|x| x.abs().ln()).collect(),
    })
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
