//! Values as a point writes them, and their shapes in words.

use crate::expr::{Bindings, Dim, Expr, Shape, Value, evaluate};

/// A value as a point writes it.
pub fn shown(value: &Value) -> String {
    let row = |numbers: &[f64]| format!("[{}]", numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(", "));
    match value {
        Value::Scalar(x) => x.to_string(),
        Value::Vector(v) => row(v),
        Value::Matrix(_, columns, m) => {
            format!("[{}]", m.chunks((*columns).max(1)).map(row).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Numbers in the form of another value.
pub fn like(value: &Value, numbers: &[f64]) -> Value {
    match value {
        Value::Scalar(_) => Value::Scalar(numbers.first().copied().unwrap_or(f64::NAN)),
        Value::Vector(_) => Value::Vector(numbers.to_vec()),
        Value::Matrix(r, c, _) => Value::Matrix(*r, *c, numbers.to_vec()),
    }
}

/// The shape of a value.
pub fn shape(value: &Value) -> Shape {
    match value {
        Value::Scalar(_) => Shape::Scalar,
        Value::Vector(v) => Shape::Vector(Dim::Fixed(v.len())),
        Value::Matrix(r, c, _) => Shape::Matrix(Dim::Fixed(*r), Dim::Fixed(*c)),
    }
}

pub fn words(shape: Shape) -> String {
    match shape {
        Shape::Vector(Dim::Fixed(n)) => format!("a vector of length {n}"),
        Shape::Matrix(Dim::Fixed(r), Dim::Fixed(c)) => format!("a {r} × {c} matrix"),
        Shape::Scalar => "a number".into(),
        Shape::Vector(_) => "a vector".into(),
        Shape::Matrix(..) => "a matrix".into(),
    }
}

/// The lengths known so far.
#[derive(Default)]
pub struct Lengths(Vec<(Dim, usize)>);

impl Lengths {
    pub fn fit(&mut self, wanted: Shape, found: Shape) -> bool {
        match (wanted, found) {
            (Shape::Scalar, Shape::Scalar) => true,
            (Shape::Vector(w), Shape::Vector(Dim::Fixed(n))) => self.same(w, n),
            (Shape::Matrix(r, c), Shape::Matrix(Dim::Fixed(m), Dim::Fixed(n))) => self.same(r, m) && self.same(c, n),
            _ => false,
        }
    }

    fn same(&mut self, dim: Dim, n: usize) -> bool {
        let known = match dim {
            Dim::Fixed(m) => Some(m),
            // A length such as K − 1 is worked out when K is known.
            Dim::Named(e) => self.0.iter().find(|(d, _)| *d == dim).map(|(_, m)| *m).or_else(|| self.worked_out(e)),
        };
        self.0.push((dim, n));
        known.is_none_or(|m| m == n)
    }

    fn worked_out(&self, e: Expr) -> Option<usize> {
        let named = |(dim, n): &(Dim, usize)| match dim {
            Dim::Named(name) => Some((*name, Value::Scalar(*n as f64))),
            Dim::Fixed(_) => None,
        };
        let known: Bindings = self.0.iter().filter_map(named).collect();
        evaluate(e, &known).ok().map(|n| n.scalar() as usize)
    }

    /// A shape in words, with the lengths that are known.
    pub fn wanted(&self, shape: Shape) -> String {
        let length = |dim: Dim| self.0.iter().find(|(d, _)| *d == dim).map_or(dim, |(_, n)| Dim::Fixed(*n));
        words(match shape {
            Shape::Vector(dim) => Shape::Vector(length(dim)),
            Shape::Matrix(r, c) => Shape::Matrix(length(r), length(c)),
            scalar => scalar,
        })
    }
}
