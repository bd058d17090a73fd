//! Types as they are written: a support and a shape whose lengths are terms.

use super::problem::{Check, all, fail};
use super::scope::{Meaning, Scope, Value};
use super::shapes;
use super::terms::Evaluator;
use crate::diag::{Diagnostic, codes};
use crate::expr::{Dim, Expr, Shape};
use crate::model::Support;
use crate::model::support::Form;
use crate::source::Span;
use crate::syntax::ast::{Term, TermKind, Type};

impl Evaluator<'_> {
    /// The support of a type. Errors: `UNKNOWN_TYPE`; `ARGUMENTS` for other than two ordered numbers after `interval`;
    /// `SHAPE` for a vector support without a length, such as `simplex`.
    pub fn support(&mut self, scope: &Scope, ty: &Type) -> Check<Support> {
        let name = &ty.support;
        if !Support::ALL_NAMES.contains(&name.text.as_str()) {
            let unknown = Diagnostic::new(codes::UNKNOWN_TYPE, format!("`{}` is not a support", name.text));
            let unknown = unknown.at(name.span, "not known");
            return fail(unknown.suggest(&name.text, Support::ALL_NAMES.iter().copied()));
        }
        let bounds = all(ty.args.iter().map(|t| self.number(scope, t)))?;
        let support = Support::named(&name.text, &bounds).filter(|_| bounds.windows(2).all(|w| w[0] < w[1]));
        let Some(support) = support else { return fail(wrong_bounds(ty)) };
        if support.form() == Form::Square && ty.shape.len() != 2 {
            return fail(
                Diagnostic::new(codes::SHAPE, format!("`{support}` is a support of square matrices"))
                    .at(ty.span, "not two lengths here")
                    .help(format!("write `{support}[K, K]`")),
            );
        }
        if support.is_vector() && ty.shape.len() != 1 {
            return fail(
                Diagnostic::new(codes::SHAPE, format!("`{support}` is a support of vectors and needs a length"))
                    .at(ty.span, "no length here")
                    .help(format!("write `{support}[10]`, or `{support}[K]` where the length is free")),
            );
        }
        Ok(support)
    }

    /// The shape of a type in a declaration where lengths may be named freely: a new name is declared by its use.
    pub fn declared_shape(&mut self, scope: &mut Scope, ty: &Type) -> Check<Shape> {
        for axis in &ty.shape {
            if let Some(name) = free_name(scope, axis) {
                scope.value(name, Expr::length(Expr::dimension(name)));
            }
        }
        self.known_shape(scope, ty)
    }

    /// The shape of a type whose lengths are all known. Errors: `SHAPE` for more than two axes, `SIZE`.
    pub fn known_shape(&mut self, scope: &Scope, ty: &Type) -> Check<Shape> {
        match all(ty.shape.iter().map(|axis| self.dim(scope, axis)))?[..] {
            [] => Ok(Shape::Scalar),
            [n] => Ok(Shape::Vector(n)),
            [n, m] => Ok(Shape::Matrix(n, m)),
            _ => fail(
                Diagnostic::new(codes::SHAPE, "values have at most two axes")
                    .at(ty.span, format!("{} axes", ty.shape.len()))
                    .help("put the elements into one vector, such as `real[784]`"),
            ),
        }
    }

    /// Checks that a value has the shape of a formal parameter's type, and binds the lengths that the type names. A
    /// number's type takes any shape: what is declared for numbers acts on vectors element by element.
    pub fn bind_shape(&mut self, scope: &mut Scope, ty: &Type, value: Value, name: &str, span: Span) -> Check<()> {
        let dims = match (ty.shape.len(), value.expr.shape()) {
            (0, _) => return Ok(()),
            (1, Shape::Vector(n)) if !self.in_data() => vec![n],
            (2, Shape::Matrix(n, m)) => vec![n, m],
            (_, shape) => return fail(self.not_of_form(ty, name, shape, span)),
        };
        for (axis, dim) in ty.shape.iter().zip(dims) {
            if let Some(free) = free_name(scope, axis) {
                scope.value(free, Expr::length(dim));
                continue;
            }
            let wanted = self.dim(scope, axis)?;
            if wanted != dim {
                let (wanted, found) = (shapes::length(wanted), shapes::length(dim));
                let message = format!("`{name}` needs length {wanted} here, and has length {found}");
                let problem = Diagnostic::new(codes::SHAPE, message).at(span, format!("length {found}"));
                let help = format!("make both lengths {wanted}, or both {found}");
                return fail(problem.related(axis.span, format!("length {wanted}")).help(help));
            }
        }
        Ok(())
    }

    fn not_of_form(&self, ty: &Type, name: &str, shape: Shape, span: Span) -> Diagnostic {
        let form = if ty.shape.len() == 1 { "a vector" } else { "a matrix" };
        let found = if self.in_data() { "a column".into() } else { shapes::words(shape) };
        let problem = Diagnostic::new(codes::SHAPE, format!("`{name}` takes {form}, and this is {found}"));
        let problem = problem.at(span, format!("{form} is needed")).related(ty.span, "declared here");
        match self.in_data() {
            true => {
                problem.help("a column is computed element by element; functions of whole vectors belong in the model")
            }
            false => problem.help(format!("give {form} here")),
        }
    }

    /// A length: a positive whole number, or the name of one.
    pub fn dim(&mut self, scope: &Scope, term: &Term) -> Check<Dim> {
        let value = self.value(scope, term)?;
        match self.constant(value) {
            Some(n) => size(n, term.span).map(Dim::Fixed),
            None if is_length(value.expr) => Ok(Dim::Named(value.expr)),
            None => fail(not_a_size("this", term.span)),
        }
    }
}

/// A name, or the sum of one and whole numbers, such as `J + 1`.
pub fn is_length(e: Expr) -> bool {
    let part = |t: &Expr| t.as_num().is_some_and(|n| n.fract() == 0.0) || t.name().is_some();
    e.shape() == Shape::Scalar && e.terms().iter().all(part)
}

/// The name of a length that has no meaning yet.
fn free_name<'t>(scope: &Scope, axis: &'t Term) -> Option<&'t str> {
    match &axis.kind {
        TermKind::Name(name) if scope.get(name).is_none() => Some(name),
        _ => None,
    }
}

/// The largest size that a program may ask for; a slip such as `1e12` is told apart from a wish.
const LARGEST: f64 = 1e8;

/// A size from a number. Errors: `SIZE`.
pub fn size(n: f64, span: Span) -> Check<usize> {
    match n {
        n if n > LARGEST => fail(
            Diagnostic::new(codes::SIZE, format!("the size {n} is beyond the limit of {LARGEST}"))
                .at(span, "too large")
                .help("make it smaller"),
        ),
        n if n >= 1.0 && n.fract() == 0.0 => Ok(n as usize),
        n => fail(not_a_size(&n.to_string(), span)),
    }
}

fn not_a_size(what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(codes::SIZE, format!("a size is a positive whole number, and {what} is not"))
        .at(span, "used as a size")
        .help("write a number such as 40, or a size that the model takes: `model M(hidden = 40)`")
}

fn wrong_bounds(ty: &Type) -> Diagnostic {
    let name = &ty.support.text;
    let problem = Diagnostic::new(codes::ARGUMENTS, format!("`{name}` has the wrong numbers in brackets"));
    match Support::named(name, &[]) {
        Some(_) => problem.at(ty.span, "takes none").help(format!("write `{name}`")),
        None => problem.at(ty.span, "takes its two ends, the lower one first").help(format!("write `{name}(-1, 1)`")),
    }
}

/// The meaning of a variable of this type.
pub fn typed(expr: Expr, support: Support) -> Meaning {
    Meaning::Value(Value::claimed(expr, support))
}
