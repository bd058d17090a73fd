//! Vectors put together and taken apart, and matrices inverted.

use std::rc::Rc;

use super::node::{Expr, Node};
use super::shape::{Dim, Shape};

impl Expr {
    /// Vectors and numbers one after the other.
    pub fn concat(parts: &[Expr]) -> Expr {
        let flat: Vec<Expr> = parts.iter().flat_map(|p| p.parts()).filter(|p| !p.count().is_num(0.0)).collect();
        let length = flat.iter().map(|p| p.count()).reduce(|a, b| a + b).unwrap_or(Expr::num(0.0));
        match flat[..] {
            [only] if only.shape() != Shape::Scalar => only,
            _ => Expr::intern(Node::Concat(Rc::from(flat)), Shape::Vector(Dim::of(length))),
        }
    }

    fn parts(self) -> Vec<Expr> {
        match self.node() {
            Node::Concat(parts) => parts.to_vec(),
            _ => vec![self],
        }
    }

    /// How many components it has.
    fn count(self) -> Expr {
        self.shape().dim().map_or(Expr::num(1.0), Expr::length)
    }

    /// `length` components, those before them left out.
    pub fn slice(self, skipped: Dim, length: Dim) -> Expr {
        match (self.node(), self.shape()) {
            (_, Shape::Vector(own)) if own == length => self,
            (_, Shape::Scalar) => self.spread(length),
            (Node::Spread(x, _), _) => x.spread(length),
            (Node::Concat(parts), _) => {
                let is_meant =
                    |(part, start): &(&Expr, Expr)| Dim::of(*start) == skipped && part.count() == Expr::length(length);
                let hit = parts.iter().zip(starts(&parts)).find(is_meant);
                hit.map_or_else(|| self.cut(skipped, length), |(part, _)| part.spread(length))
            }
            _ => self.cut(skipped, length),
        }
    }

    fn cut(self, skipped: Dim, length: Dim) -> Expr {
        Expr::intern(Node::Slice(self, skipped, length), Shape::Vector(length))
    }

    /// One component of a vector of known length, as a number.
    pub fn component(self, index: usize) -> Expr {
        self.slice(Dim::Fixed(index), Dim::Fixed(1)).sum(Dim::Fixed(1))
    }

    /// M⁻¹ of a square matrix.
    pub fn inverse(self) -> Expr {
        let (scale, rest) = self.scalar_factors();
        match rest.node() {
            _ if !scale.is_num(1.0) => rest.inverse() / scale,
            Node::Inverse(inner) => inner,
            _ => Expr::intern(Node::Inverse(self), self.shape()),
        }
    }

    /// ln |det M| of a square matrix.
    pub fn ln_det(self) -> Expr {
        let (scale, rest) = self.scalar_factors();
        match rest.node() {
            _ if !scale.is_num(1.0) => match self.shape() {
                Shape::Matrix(rows, _) => Expr::length(rows) * scale.abs().ln() + rest.ln_det(),
                _ => Expr::intern(Node::LnDet(self), Shape::Scalar),
            },
            Node::Transpose(inner) => inner.ln_det(),
            Node::Inverse(inner) => -inner.ln_det(),
            _ => Expr::intern(Node::LnDet(self), Shape::Scalar),
        }
    }

    /// What stands before a matrix, and the matrix; a vector keeps what stands before it.
    pub(super) fn number_before(self) -> (Expr, Expr) {
        match self.shape() {
            Shape::Matrix(..) => self.scalar_factors(),
            _ => (Expr::num(1.0), self),
        }
    }

    /// The numbers that a matrix is multiplied with, and the rest.
    fn scalar_factors(self) -> (Expr, Expr) {
        let (scalars, rest): (Vec<Expr>, Vec<Expr>) =
            self.factors().into_iter().partition(|f| f.shape() == Shape::Scalar);
        if rest.is_empty() { (Expr::num(1.0), self) } else { (Expr::mul_all(&scalars), Expr::mul_all(&rest)) }
    }

    /// A number repeated to the shape of another expression; what has that shape stays.
    pub(super) fn spread_like(self, other: Expr) -> Expr {
        match (self.shape(), other.shape()) {
            (Shape::Scalar, Shape::Vector(dim)) => self.spread(dim),
            (Shape::Scalar, Shape::Matrix(rows, columns)) => {
                self * Expr::num(1.0).spread(rows).outer(Expr::num(1.0).spread(columns))
            }
            _ => self,
        }
    }
}

impl Expr {
    /// Whether a matrix is known to be symmetric with positive eigenvalues.
    pub fn is_positive_definite(self) -> bool {
        match self.node() {
            Node::Var(_) => self.domain().is_some_and(|d| d.positive_definite),
            Node::Inverse(m) | Node::Transpose(m) => m.is_positive_definite(),
            _ => false,
        }
    }

    /// `(r, M)` of the quadratic form rᵀ M r with M positive definite.
    pub fn as_quadratic_form(self) -> Option<(Expr, Expr)> {
        let Node::Sum(inside, _) = self.node() else { return None };
        inside.as_form_summand()
    }

    /// The same for what stands behind the Σ.
    pub(super) fn as_form_summand(self) -> Option<(Expr, Expr)> {
        let Node::Mul(factors) = self.node() else { return None };
        let [a, b] = factors[..] else { return None };
        let of = |r: Expr, product: Expr| match product.node() {
            Node::Dot(m, v) | Node::Dot(v, m) if v == r && m.is_positive_definite() => Some((r, m)),
            _ => None,
        };
        of(a, b).or_else(|| of(b, a))
    }
}

/// Where each part of a concatenation begins.
fn starts(parts: &[Expr]) -> Vec<Expr> {
    let next = |start: &mut Expr, part: &Expr| {
        let own = *start;
        *start = own + part.count();
        Some(own)
    };
    parts.iter().scan(Expr::num(0.0), next).collect()
}

/// Each part of a concatenation with what of `whole`, a vector as long as it, stands in its place.
pub fn apart(parts: &[Expr], whole: Expr) -> Vec<(Expr, Expr)> {
    let piece = |(part, start): (&Expr, Expr)| {
        let length = Dim::of(part.count());
        let piece = whole.slice(Dim::of(start), length);
        (*part, if part.shape() == Shape::Scalar { piece.sum(length) } else { piece })
    };
    parts.iter().zip(starts(parts)).map(piece).collect()
}

/// A vector as long as `like` with `piece` behind the components skipped, and zeros elsewhere.
pub fn padded(piece: Expr, like: Expr, skipped: Dim, length: Dim) -> Expr {
    let Shape::Vector(whole) = like.shape() else { return piece };
    let before = Expr::length(skipped);
    let after = Expr::length(whole) - before - Expr::length(length);
    let zeros = |n: Expr| if n.is_num(0.0) { None } else { Some(Expr::num(0.0).spread(Dim::of(n))) };
    let parts: Vec<Expr> = [zeros(before), Some(piece), zeros(after)].into_iter().flatten().collect();
    Expr::concat(&parts)
}
