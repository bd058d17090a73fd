//! What names stand for.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::functions::Function;
use crate::expr::{Bindings, Expr, evaluate};
use crate::model::{Instance, Support};
use crate::syntax::ast::Decl;

/// What a term means: a value, something that can be called, or a prior.
#[derive(Clone)]
pub enum Meaning {
    Value(Value),
    /// A declared `fn` or `layer`.
    Declared(Rc<Decl>),
    /// A mathematical function.
    Function(&'static Function),
    /// A likelihood with numbers for its arguments; `None` for the prior that is none.
    Prior(Option<Instance>),
}

/// An expression, and the support it was declared to lie in.
#[derive(Clone, Copy, Debug)]
pub struct Value {
    pub expr: Expr,
    pub claim: Option<Support>,
}

impl Value {
    pub fn number(value: f64) -> Value {
        Expr::num(value).into()
    }

    pub fn claimed(expr: Expr, support: Support) -> Value {
        Value { expr, claim: Some(support) }
    }

    /// The number, if the value depends on nothing.
    pub fn constant(self) -> Option<f64> {
        constant(self.expr)
    }
}

impl From<Expr> for Value {
    fn from(expr: Expr) -> Value {
        Value { expr, claim: None }
    }
}

/// The number that an expression without variables stands for; several numbers are none.
pub fn constant(e: Expr) -> Option<f64> {
    match evaluate(e, &Bindings::new()).ok()?.numbers() {
        [number] => Some(*number),
        _ => None,
    }
}

/// The local names of a declaration. A name whose declaration is broken is known, but has no meaning.
#[derive(Clone, Default)]
pub struct Scope {
    names: BTreeMap<String, Option<Meaning>>,
}

impl Scope {
    pub fn insert(&mut self, name: &str, meaning: Meaning) {
        self.names.insert(name.to_string(), Some(meaning));
    }

    pub fn value(&mut self, name: &str, value: impl Into<Value>) {
        self.insert(name, Meaning::Value(value.into()));
    }

    pub fn broken(&mut self, name: &str) {
        self.names.insert(name.to_string(), None);
    }

    /// `None` for an unknown name, `Some(None)` for a broken one.
    pub fn get(&self, name: &str) -> Option<Option<&Meaning>> {
        self.names.get(name).map(Option::as_ref)
    }

    /// The names that can be written.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str).filter(|name| !name.starts_with('#'))
    }
}
