//! Shapes: a number, a vector, a matrix, of lengths that may be known by name only.

use super::node::Expr;

/// The length of a vector: known, or a name such as `K`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dim {
    Fixed(usize),
    /// A dimension known only by name; the expression is the scalar that stands for it.
    Named(Expr),
}

impl Dim {
    /// The length that an expression stands for.
    pub fn of(length: Expr) -> Dim {
        length.as_num().map_or(Dim::Named(length), |n| Dim::Fixed(n as usize))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    Scalar,
    Vector(Dim),
    Matrix(Dim, Dim),
}

impl Shape {
    /// The length of a vector.
    pub fn dim(self) -> Option<Dim> {
        match self {
            Shape::Vector(dim) => Some(dim),
            _ => None,
        }
    }

    /// The shape of an element-wise operation on both, or `None` when they do not fit.
    pub fn join(self, other: Shape) -> Option<Shape> {
        match (self, other) {
            (Shape::Scalar, s) | (s, Shape::Scalar) => Some(s),
            (a, b) if a == b => Some(a),
            _ => None,
        }
    }
}
