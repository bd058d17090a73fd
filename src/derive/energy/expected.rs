//! E[−E] where some groups are independent of each other and of everything else, each with its own moments: what the E-step
//! makes of the energy, and what the M-step raises ([K] (162)-(166)).

use super::free::free_of;
use crate::expr::{Dim, Expr, by_slope};

/// What is known of a group: a number or a vector as long as the group each.
#[derive(Clone, Copy, Debug)]
pub struct Moments {
    pub group: Expr,
    pub mean: Expr,
    /// E[x²]
    pub square: Expr,
}

/// The expectation over these groups, of which `e` is a polynomial up to the second degree; `None` where it is another function
/// of one.
pub fn expected(e: Expr, moments: &[Moments]) -> Option<Expr> {
    moments.iter().try_fold(e, |e, m| one_expected(e, *m))
}

fn one_expected(e: Expr, Moments { group, mean, square }: Moments) -> Option<Expr> {
    let (linear, quadratic) = by_slope(e, group)?;
    let dim = group.shape().dim().unwrap_or(Dim::Fixed(1));
    let total = |coefficient: Expr, moment: Expr| match coefficient.is_zero() {
        true => Expr::num(0.0),
        false => (coefficient * moment).spread(dim).sum(dim),
    };
    Some(free_of(e, &[group]) + total(linear, mean) + total(quadratic, square))
}
