//! Evaluation in f64: the plain meaning of every node, against which everything derived is checked.

use std::collections::HashMap;

use super::careful;
use super::node::{Expr, Func, Node};
use super::shape::Dim;
use crate::special::matrix;

/// The value of an expression for one example; a matrix lies row after row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Scalar(f64),
    Vector(Vec<f64>),
    Matrix(usize, usize, Vec<f64>),
}

/// Values of variables (named dimensions included).
pub type Bindings = HashMap<Expr, Value>;

impl Value {
    pub fn numbers(&self) -> &[f64] {
        match self {
            Value::Scalar(x) => std::slice::from_ref(x),
            Value::Vector(v) | Value::Matrix(_, _, v) => v,
        }
    }

    /// The first number: the value itself for a scalar.
    pub fn scalar(&self) -> f64 {
        self.numbers().first().copied().unwrap_or(f64::NAN)
    }

    pub(super) fn map(&self, f: impl Fn(f64) -> f64) -> Value {
        let mapped = |v: &Vec<f64>| v.iter().map(|x| f(*x)).collect();
        match self {
            Value::Scalar(x) => Value::Scalar(f(*x)),
            Value::Vector(v) => Value::Vector(mapped(v)),
            Value::Matrix(r, c, v) => Value::Matrix(*r, *c, mapped(v)),
        }
    }

    pub(super) fn zip(&self, other: &Value, f: impl Fn(f64, f64) -> f64) -> Value {
        let paired = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| f(*x, *y)).collect();
        match (self, other) {
            (Value::Scalar(x), other) => other.map(|y| f(*x, y)),
            (this, Value::Scalar(y)) => this.map(|x| f(x, *y)),
            (Value::Matrix(r, c, a), b) => Value::Matrix(*r, *c, paired(a, b.numbers())),
            (a, b) => Value::Vector(paired(a.numbers(), b.numbers())),
        }
    }
}

/// The value of `e`, or the variable that has no binding.
pub fn evaluate(e: Expr, bindings: &Bindings) -> Result<Value, Expr> {
    let mut memo = HashMap::new();
    eval(e, bindings, &mut memo)
}

fn eval(e: Expr, bindings: &Bindings, memo: &mut HashMap<Expr, Value>) -> Result<Value, Expr> {
    if let Some(value) = bindings.get(&e).or_else(|| memo.get(&e)) {
        return Ok(value.clone());
    }
    let parts = e.children().iter().copied().map(|c| eval(c, bindings, memo)).collect::<Result<Vec<_>, _>>()?;
    let value = apply(e, &parts, bindings)?;
    memo.insert(e, value.clone());
    Ok(value)
}

fn apply(e: Expr, parts: &[Value], bindings: &Bindings) -> Result<Value, Expr> {
    let fold = |start: f64, f: fn(f64, f64) -> f64| parts.iter().fold(Value::Scalar(start), |a, b| a.zip(b, f));
    Ok(match e.node() {
        Node::Num(bits) => Value::Scalar(f64::from_bits(bits)),
        Node::Pi => Value::Scalar(std::f64::consts::PI),
        Node::Var(_) => return Err(e),
        Node::Add(terms) => {
            let plain = fold(0.0, |a, b| a + b);
            if plain.numbers().iter().any(|x| x.is_nan()) { careful::sum(&terms, parts, &plain) } else { plain }
        }
        Node::Mul(factors) => {
            let plain = fold(1.0, |a, b| a * b);
            let settled = careful::is_settled(&plain) && !parts.iter().any(careful::is_blurred);
            if settled { plain } else { careful::product(&factors, parts, bindings)? }
        }
        Node::Pow(..) => parts[0].zip(&parts[1], power),
        Node::Call(Func::Ln, x) if !careful::is_settled(&parts[0]) => careful::logarithm(x, &parts[0], bindings)?,
        Node::Call(f @ (Func::Sign | Func::Step), x) if !careful::is_settled(&parts[0]) => {
            careful::signs(x, &parts[0], bindings)?.map(|sign| function(f, sign))
        }
        Node::Call(f, _) => parts[0].map(|x| function(f, x)),
        Node::Max(..) => parts[0].zip(&parts[1], f64::max),
        Node::Min(..) => parts[0].zip(&parts[1], f64::min),
        Node::Sum(_, dim) => match &parts[0] {
            Value::Scalar(x) => Value::Scalar(x * size(dim, bindings)? as f64),
            other => Value::Scalar(other.numbers().iter().sum()),
        },
        Node::Softmax(_) => softmax(&parts[0]),
        Node::LogSumExp(_) => Value::Scalar(log_sum_exp(parts[0].numbers())),
        Node::Dot(..) => dot(&parts[0], &parts[1]),
        Node::Transpose(_) => transpose(&parts[0]),
        Node::Outer(..) => {
            let (a, b) = (parts[0].numbers(), parts[1].numbers());
            Value::Matrix(a.len(), b.len(), a.iter().flat_map(|x| b.iter().map(move |y| x * y)).collect())
        }
        Node::Spread(_, dim) => Value::Vector(vec![parts[0].scalar(); size(dim, bindings)?]),
        Node::Special(f, _) => together(parts, |x| f.value(x)),
        Node::Concat(_) => Value::Vector(parts.iter().flat_map(|p| p.numbers()).copied().collect()),
        Node::Slice(..) => {
            let [skipped, length] = [&parts[1], &parts[2]].map(|v| v.scalar() as usize);
            Value::Vector(parts[0].numbers().iter().skip(skipped).take(length).copied().collect())
        }
        Node::Inverse(_) => match &parts[0] {
            Value::Matrix(n, _, m) => Value::Matrix(*n, *n, matrix::inverse(*n, m)),
            number => number.map(f64::recip),
        },
        Node::LnDet(_) => match &parts[0] {
            Value::Matrix(n, _, m) => Value::Scalar(matrix::ln_det(*n, m)),
            number => number.map(|x| x.abs().ln()),
        },
    })
}

fn size(dim: Dim, bindings: &Bindings) -> Result<usize, Expr> {
    match dim {
        Dim::Fixed(n) => Ok(n),
        Dim::Named(length) => evaluate(length, bindings).map(|v| v.scalar() as usize),
    }
}

/// A function of several values, element by element; numbers are repeated along vectors.
fn together(parts: &[Value], f: impl Fn(&[f64]) -> f64) -> Value {
    let longest = parts.iter().max_by_key(|p| p.numbers().len()).unwrap_or(&Value::Scalar(f64::NAN));
    let at = |i: usize| {
        let args: Vec<f64> = parts.iter().map(|p| p.numbers()[if p.numbers().len() == 1 { 0 } else { i }]).collect();
        f(&args)
    };
    let values: Vec<f64> = (0..longest.numbers().len()).map(at).collect();
    match longest {
        Value::Scalar(_) => Value::Scalar(values[0]),
        Value::Vector(_) => Value::Vector(values),
        Value::Matrix(rows, columns, _) => Value::Matrix(*rows, *columns, values),
    }
}

fn power(x: f64, n: f64) -> f64 {
    if n.fract() == 0.0 && n.abs() < 64.0 { x.powi(n as i32) } else { x.powf(n) }
}

pub(super) fn function(f: Func, x: f64) -> f64 {
    match f {
        Func::Exp => x.exp(),
        Func::Ln => x.ln(),
        Func::Abs => x.abs(),
        Func::Sign => {
            if x == 0.0 {
                0.0
            } else {
                x.signum()
            }
        }
        Func::Step => {
            if x >= 0.0 {
                1.0
            } else {
                0.0
            }
        }
        Func::Sin => x.sin(),
        Func::Cos => x.cos(),
        Func::Tanh => x.tanh(),
        Func::Logistic => {
            if x >= 0.0 {
                1.0 / (1.0 + (-x).exp())
            } else {
                x.exp() / (1.0 + x.exp())
            }
        }
        Func::Softplus => x.max(0.0) + (-x.abs()).exp().ln_1p(),
    }
}

fn log_sum_exp(x: &[f64]) -> f64 {
    let top = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    top + x.iter().map(|v| (v - top).exp()).sum::<f64>().ln()
}

fn softmax(x: &Value) -> Value {
    let normaliser = log_sum_exp(x.numbers());
    x.map(|v| (v - normaliser).exp())
}

fn dot(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Matrix(rows, inner, m), Value::Matrix(_, columns, n)) => {
            let entry = |r: usize, c: usize| (0..*inner).map(|k| m[r * inner + k] * n[k * columns + c]).sum();
            let entries = (0..*rows).flat_map(|r| (0..*columns).map(move |c| entry(r, c)));
            Value::Matrix(*rows, *columns, entries.collect())
        }
        (Value::Matrix(rows, columns, m), v) => {
            let v = v.numbers();
            Value::Vector((0..*rows).map(|r| (0..*columns).map(|c| m[r * columns + c] * v[c]).sum()).collect())
        }
        (v, Value::Matrix(rows, columns, m)) => {
            let v = v.numbers();
            Value::Vector((0..*columns).map(|c| (0..*rows).map(|r| v[r] * m[r * columns + c]).sum()).collect())
        }
        (a, b) => Value::Scalar(a.zip(b, |x, y| x * y).numbers().iter().sum()),
    }
}

fn transpose(x: &Value) -> Value {
    match x {
        Value::Matrix(rows, columns, m) => {
            let flipped = (0..*columns).flat_map(|c| (0..*rows).map(move |r| m[r * columns + c])).collect();
            Value::Matrix(*columns, *rows, flipped)
        }
        other => other.clone(),
    }
}
