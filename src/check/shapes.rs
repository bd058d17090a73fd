//! Shapes that meet: how numbers repeat along vectors, and what to say when they do not fit.

use crate::expr::{Dim, Expr, Shape, print};

/// What one value of this shape is, in words.
pub fn words(shape: Shape) -> String {
    match shape {
        Shape::Scalar => "a number".into(),
        Shape::Vector(Dim::Fixed(1)) => "a number".into(),
        Shape::Vector(dim) => format!("a vector of length {}", length(dim)),
        Shape::Matrix(rows, columns) => format!("a {} × {} matrix", length(rows), length(columns)),
    }
}

pub fn length(dim: Dim) -> String {
    match dim {
        Dim::Fixed(n) => n.to_string(),
        Dim::Named(length) => print::text(length),
    }
}

/// Both operands in shapes that an element-wise operation can join, or `None`. In a model every number that examples
/// have is a vector of length 1; it repeats along longer vectors.
pub fn lift(a: Expr, b: Expr) -> Option<(Expr, Expr)> {
    let candidates = [(a, b), (single(a), b), (a, single(b))];
    candidates.into_iter().find(|(a, b)| a.shape().join(b.shape()).is_some())
}

/// A vector of length 1 as the number in it; anything else stays.
pub fn single(e: Expr) -> Expr {
    match e.shape() {
        Shape::Vector(dim @ Dim::Fixed(1)) => e.sum(dim),
        _ => e,
    }
}

/// `a @ b`, when the inner lengths agree.
pub fn dot(a: Expr, b: Expr) -> Option<Expr> {
    let fits = match (a.shape(), b.shape()) {
        (Shape::Vector(n), Shape::Vector(m) | Shape::Matrix(m, _)) => n == m,
        (Shape::Matrix(_, n), Shape::Vector(m) | Shape::Matrix(m, _)) => n == m,
        _ => false,
    };
    fits.then(|| a.dot(b))
}

/// The length of a vector, or of a number seen as one.
pub fn width(shape: Shape) -> Option<usize> {
    match shape {
        Shape::Scalar => Some(1),
        Shape::Vector(Dim::Fixed(n)) => Some(n),
        _ => None,
    }
}
