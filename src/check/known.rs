//! Terms in which every name has a value, as at a prompt: what they are worth, instead of what can be derived from them.

use super::declarations::Declarations;
use super::problem::{Check, fail, told_already};
use super::scope::{self, Scope};
use super::shapes;
use super::terms::{Evaluator, Place};
use crate::diag::{Diagnostic, codes};
use crate::expr::{Bindings, Dim, Domain, Expr, Shape, Trace, Value, evaluate, simplify};
use crate::model::{Instance, Support};
use crate::source::Span;
use crate::syntax::ast::{Decl, Name, Term, TermKind};

/// Names with values.
#[derive(Clone, Default)]
pub struct Known {
    scope: Scope,
    values: Bindings,
}

/// A likelihood whose arguments have values, and the length of its outcome.
pub struct Distribution {
    pub instance: Instance,
    pub width: usize,
    /// Of the letters in the arguments.
    pub values: Bindings,
}

impl Known {
    pub fn insert(&mut self, name: &str, value: Value) {
        let letter = letter(name, &mut self.values, value);
        self.scope.value(name, letter);
    }

    /// A name that stands for something else than a value.
    pub fn mention(&mut self, name: &str) {
        self.scope.broken(name);
    }
}

/// A value as an expression: a number is itself, several have a letter.
fn letter(name: &str, values: &mut Bindings, value: Value) -> Expr {
    let shape = match &value {
        Value::Scalar(x) => return Expr::num(*x),
        Value::Vector(v) => Shape::Vector(Dim::Fixed(v.len())),
        Value::Matrix(rows, columns, _) => Shape::Matrix(Dim::Fixed(*rows), Dim::Fixed(*columns)),
    };
    let var = Expr::var(name, shape, Domain::REAL);
    values.insert(var, value);
    var
}

impl Declarations {
    /// What a term is worth. It may be infinite or no number.
    pub fn worth(&self, known: &Known, term: &Term) -> Check<Value> {
        let mut evaluator = Evaluator::new(self, Place::Known(known.values.clone()));
        let e = evaluator.value(&known.scope, term)?.expr;
        evaluator.worth(e).map_or_else(told_already, Ok)
    }

    /// A call of a likelihood.
    pub fn distribution(&self, known: &Known, term: &Term) -> Check<Distribution> {
        let mut evaluator = Evaluator::new(self, Place::Known(known.values.clone()));
        let (mut instance, width) = evaluator.instance(&known.scope, term, None)?;
        let mut values = Bindings::new();
        for (arg, formal) in instance.args.iter_mut().zip(&instance.likelihood.formals) {
            let Some(value) = evaluator.worth(*arg) else { return told_already() };
            *arg = letter(&formal.name, &mut values, value);
        }
        Ok(Distribution { instance, width, values })
    }

    /// Whether a name in the text is that of a likelihood.
    pub fn is_likelihood(&self, name: &Name) -> bool {
        matches!(self.lookup(&name.text, name.span.file).map(|d| &**d), Some(Decl::Likelihood(_)))
    }

    /// Whether the program, the library or mathematics knows a name.
    pub fn knows(&self, name: &Name) -> bool {
        let declared = self.lookup(&name.text, name.span.file).is_some();
        declared || name.text == "pi" || super::functions::find(&name.text).is_some()
    }
}

impl Evaluator<'_> {
    pub fn is_known(&self) -> bool {
        matches!(self.place, Place::Known(_))
    }

    /// The value of an expression, if nothing in it waits for one. Forms that overflow are put in their stable form first.
    pub fn worth(&self, e: Expr) -> Option<Value> {
        let none = Bindings::new();
        let values = if let Place::Known(values) = &self.place { values } else { &none };
        evaluate(simplify(e, &mut Trace::default()), values).ok()
    }

    /// The number that a value is.
    pub fn constant(&self, value: scope::Value) -> Option<f64> {
        if !self.is_known() {
            return value.constant();
        }
        match self.worth(value.expr)?.numbers() {
            [number] => Some(*number),
            _ => None,
        }
    }

    /// Whether numbers lie in a support; `None` where they are not known.
    pub fn numbers_lie(&self, e: Expr, support: Support) -> Option<bool> {
        let worth = if self.is_known() { self.worth(e)? } else { return None };
        Some(support.contains_row(worth.numbers()))
    }

    /// `[[1, 2], [3, 4]]` where every value is known: a matrix, row by row. `None` for any other list.
    pub fn matrix(&mut self, scope: &Scope, items: &[Term], span: Span) -> Option<Check<scope::Value>> {
        let nested = !items.is_empty() && items.iter().all(|t| matches!(t.kind, TermKind::List(_)));
        (self.is_known() && !self.in_function && nested).then(|| self.rows_of_matrix(scope, items, span))
    }

    fn rows_of_matrix(&mut self, scope: &Scope, items: &[Term], span: Span) -> Check<scope::Value> {
        let mut numbers = vec![];
        let mut columns = None;
        for item in items {
            let row = self.value(scope, item)?.expr;
            let row = self.worth(row).map_or_else(told_already, Ok)?;
            let length = row.numbers().len();
            if *columns.get_or_insert(length) != length {
                return fail(ragged(columns.unwrap_or_default(), length, item.span));
            }
            numbers.extend_from_slice(row.numbers());
        }
        let value = Value::Matrix(items.len(), columns.unwrap_or_default(), numbers);
        let Place::Known(values) = &mut self.place else { return fail(super::terms::unsupported("matrices", span)) };
        Ok(letter("matrix", values, value).into())
    }

    /// A result as long as its operands: arithmetic takes `0 * v` for the number 0.
    pub fn as_long_as(&self, shape: Shape, e: Expr) -> Expr {
        match (shape, e.shape()) {
            (Shape::Vector(dim), Shape::Scalar) if self.is_known() => e.spread(dim),
            (Shape::Matrix(rows, columns), Shape::Scalar) if self.is_known() => {
                e.spread(rows).outer(Expr::num(1.0).spread(columns))
            }
            _ => e,
        }
    }

    /// An expression without a value. At a prompt its operands are numbers, elsewhere its support is at fault.
    pub fn undefined(&self, message: &str, span: Span) -> Diagnostic {
        let code = if self.is_known() { codes::NO_VALUE } else { codes::SUPPORT };
        Diagnostic::new(code, message).at(span, "not a number").help("change the expression so that it has a value")
    }
}

fn ragged(first: usize, other: usize, span: Span) -> Diagnostic {
    let (first, other) = [first, other].map(|n| shapes::words(Shape::Vector(Dim::Fixed(n)))).into();
    Diagnostic::new(codes::SHAPE, "the rows of a matrix have one length")
        .at(span, format!("{other}, and the first row is {first}"))
        .help("give every row as many numbers as the first")
}
