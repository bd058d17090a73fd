//! The mathematical functions that every program knows.

use std::sync::LazyLock;

use crate::expr::{Expr, Func};
use crate::special::Special;

/// How a function combines its arguments.
#[derive(Clone, Copy)]
pub enum Apply {
    /// To each component.
    One(fn(Expr) -> Expr),
    /// To each pair of components.
    Two(fn(Expr, Expr) -> Expr),
    /// To all components of a vector together.
    Sum,
    /// To the components of all arguments.
    Special(Special),
    /// To a square matrix.
    Square(fn(Expr) -> Expr),
}

pub struct Function {
    pub name: &'static str,
    pub apply: Apply,
    /// Whether a number may stand here.
    pub defined_at: fn(f64) -> bool,
}

const fn one(name: &'static str, apply: fn(Expr) -> Expr) -> Function {
    Function { name, apply: Apply::One(apply), defined_at: |_| true }
}

const fn two(name: &'static str, apply: fn(Expr, Expr) -> Expr) -> Function {
    Function { name, apply: Apply::Two(apply), defined_at: |_| true }
}

const FUNCTIONS: &[Function] = &[
    one("exp", Expr::exp),
    Function { defined_at: |x| x > 0.0, ..one("ln", Expr::ln) },
    Function { defined_at: |x| x >= 0.0, ..one("sqrt", Expr::sqrt) },
    one("abs", Expr::abs),
    one("sign", |x| x.call(Func::Sign)),
    one("step", |x| x.call(Func::Step)),
    one("sin", |x| x.call(Func::Sin)),
    one("cos", |x| x.call(Func::Cos)),
    two("max", Expr::max),
    two("min", Expr::min),
    Function { name: "sum", apply: Apply::Sum, defined_at: |_| true },
    square("inverse", Expr::inverse),
    square("ln_det", Expr::ln_det),
];

const fn square(name: &'static str, apply: fn(Expr) -> Expr) -> Function {
    Function { name, apply: Apply::Square(apply), defined_at: |_| true }
}

impl Function {
    pub fn arity(&self) -> usize {
        match self.apply {
            Apply::Two(_) => 2,
            Apply::Special(f) => f.arity(),
            _ => 1,
        }
    }
}

/// Every function: those above, and the special ones.
static ALL: LazyLock<Vec<Function>> = LazyLock::new(|| {
    let special = |f: &Special| Function { name: f.name(), apply: Apply::Special(*f), defined_at: |_| true };
    let plain = FUNCTIONS.iter().map(|f| Function { name: f.name, apply: f.apply, defined_at: f.defined_at });
    plain.chain(Special::ALL.iter().map(special)).collect()
});

pub fn find(name: &str) -> Option<&'static Function> {
    ALL.iter().find(|f| f.name == name)
}

pub fn names<'a>() -> impl Iterator<Item = &'a str> {
    ALL.iter().map(|f| f.name)
}
