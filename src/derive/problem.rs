//! What the condition and the region of one noise are read from.

use std::rc::Rc;

use super::facts::Facts;
use super::injection::{Affine, inject};
use crate::expr::{Dim, Expr, Quadratic, Shape, depends_on, find};
use crate::model::{Bound, Injection};

#[derive(Clone, Debug)]
pub struct Problem {
    /// What noise must not lower, as an expression of the outcome: ln f(y | θ).
    pub before: Expr,
    pub delta: Expr,
    pub outcome: Expr,
    pub noise: Expr,
    pub injection: Injection,
    /// The injection as an affine function of the noise, where it is one.
    pub affine: Option<Affine>,
    /// The noise that changes nothing; `None` where none is found.
    pub still: Option<Expr>,
    pub bounds: Vec<Bound>,
    /// Δ as a polynomial of the deviation, where it is one of degree two at most.
    pub form: Option<Quadratic>,
}

impl Problem {
    /// φ(y, n)
    pub fn noisy(&self) -> Expr {
        inject(self.injection, self.outcome, self.noise)
    }

    /// What is known of ln f, whatever the injection.
    pub fn facts(&self) -> Rc<Facts> {
        Facts::of(self.before, self.outcome)
    }

    /// The length of the noise, or `None` for a scalar.
    pub fn dim(&self) -> Option<Dim> {
        self.noise.shape().dim()
    }

    /// Whether the noise has one component.
    pub fn is_line(&self) -> bool {
        matches!(self.dim(), None | Some(Dim::Fixed(1)))
    }

    /// Whether one component meets longer vectors: sums in ln f are then not over components of the outcome.
    pub fn is_mixed(&self) -> bool {
        let longer = |e: Expr| e.shape() != Shape::Scalar && e.shape() != self.outcome.shape();
        self.is_line() && find(self.before, |e| longer(e) && depends_on(e, &[self.outcome])).is_some()
    }

    /// The noise that changes nothing; 0 where it is not known, and nobody asks for it.
    pub fn still(&self) -> Expr {
        self.still.unwrap_or(Expr::num(0.0))
    }

    /// How far the noise is from the one that changes nothing: n, or n − 1.
    pub fn deviation(&self) -> Expr {
        self.noise - self.still()
    }

    /// What the deviation is multiplied with to give the change of the outcome.
    pub fn scale(&self) -> Expr {
        self.affine.map_or(Expr::num(1.0), |a| a.scale)
    }
}
