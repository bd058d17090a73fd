//! How noise n gets into a variable y: φ(y, n) is y + n, y n, or any expression ([G] Theorem 1).

use crate::expr::{Expr, Shape, Trace, by_degree, expand, one_component, replace, simplify, substitute};
use crate::model::Injection;

/// φ(y, n)
pub fn inject(injection: Injection, y: Expr, n: Expr) -> Expr {
    match injection {
        Injection::Add => y + n,
        Injection::Multiply => y * n,
        Injection::Custom(c) => substitute(c.value, &[(c.variable, y), (c.noise, n)]),
    }
}

/// The shape of the noise on a variable of this shape.
pub fn noise_shape(injection: Injection, variable: Shape) -> Shape {
    match injection {
        Injection::Custom(c) if c.noise.shape() != c.variable.shape() => c.noise.shape(),
        _ => variable,
    }
}

/// φ(y, n) = y + scale · (n − still), component by component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// What the deviation of the noise is multiplied with to give the change of the variable: 1 for y + n, y for y n. A
    /// multiplicative condition is thus the additive one with y ∘ (n − 1) in the place of n.
    pub scale: Expr,
    /// The noise that changes nothing.
    pub still: Expr,
}

/// Reads an injection as an affine function of the noise.
pub fn affine(injection: Injection, y: Expr, n: Expr) -> Option<Affine> {
    match injection {
        Injection::Add => Some(Affine { scale: Expr::num(1.0), still: Expr::num(0.0) }),
        Injection::Multiply => Some(Affine { scale: y, still: Expr::num(1.0) }),
        Injection::Custom(_) if n.shape() != y.shape() => None,
        Injection::Custom(_) => {
            let trace = &mut Trace::default();
            let change = simplify(expand(simplify(inject(injection, y, n) - y, trace)), trace);
            let powers = by_degree(change, n)?;
            let scale = *powers.get(&1).filter(|_| powers.keys().all(|d| *d <= 1))?;
            let shift = powers.get(&0).copied().unwrap_or(Expr::num(0.0));
            Some(Affine { scale, still: simplify(-shift / scale, trace) })
        }
    }
}

/// The noise that changes nothing: 0 added, 1 multiplied; `None` where none is found.
pub fn still(injection: Injection, y: Expr, n: Expr) -> Option<Expr> {
    let change = inject(injection, y, n) - y;
    let changes_nothing = |candidate: &Expr| {
        let tried = match one_component(change, n) {
            Some((change, n)) => replace(change, n, *candidate),
            None => replace(change, n, n.shape().dim().map_or(*candidate, |dim| candidate.spread(dim))),
        };
        simplify(tried, &mut Trace::default()).is_zero()
    };
    let guess = || [0.0, 1.0, -1.0].map(Expr::num).into_iter().find(changes_nothing);
    affine(injection, y, n).map(|a| a.still).or_else(guess)
}
