//! What the symbolic core knows of special functions: derivatives, ranges, and values that are exact.

use std::rc::Rc;

use super::Range;
use super::node::{Expr, Node};
use super::shape::Shape;
use crate::special::Special::{self, *};

impl Expr {
    /// A special function, element by element.
    pub fn special(f: Special, args: &[Expr]) -> Expr {
        exact(f, args).unwrap_or_else(|| {
            let shape = args.iter().fold(Shape::Scalar, |shape, x| shape.join(x.shape()).unwrap_or(shape));
            Expr::intern(Node::Special(f, Rc::from(args)), shape)
        })
    }
}

/// Values that lose nothing when they are worked out.
fn exact(f: Special, args: &[Expr]) -> Option<Expr> {
    let numbers: Option<Vec<f64>> = args.iter().map(|x| x.as_num()).collect();
    match (f, args) {
        (Piecewise, [_, a, b]) if a == b => Some(*a),
        (Piecewise, [c, a, b]) if a.shape() == b.shape() => c.as_num().map(|c| if c >= 0.0 { *a } else { *b }),
        _ => {
            let value = f.value(&numbers?);
            let at_root = value == 0.0 && matches!(f, LnGamma | Erf | Atan | NormalQuantile | LnBesselI0 | BesselRatio);
            (f == Floor || at_root).then(|| Expr::num(value))
        }
    }
}

/// ∂f/∂(argument i). NaN where no form is known, which refuses the derivation that would need it.
pub fn derivative(f: Special, args: &[Expr], i: usize) -> Expr {
    let one = |f: Special, x: Expr| Expr::special(f, &[x]);
    let unknown = Expr::num(f64::NAN);
    let normal = |x: Expr| (-0.5 * x.powi(2)).exp() / (2.0 * Expr::pi()).sqrt();
    // φ(x) over a probability, as one exponential so that neither part underflows.
    let share = |x: Expr| (-0.5 * x.powi(2) - 0.5 * (2.0 * Expr::pi()).ln() - Expr::special(f, args)).exp();
    match (f, args, i) {
        (LnGamma, [x], _) => one(Digamma, *x),
        (Digamma, [x], _) => one(Trigamma, *x),
        (Erf, [x], _) => 2.0 * (-x.powi(2)).exp() / Expr::pi().sqrt(),
        (NormalCdf, [x], _) => normal(*x),
        // The inverse Mills ratio.
        (LnNormalCdf, [x], _) => share(*x),
        (LnNormalBetween, [a, _], 0) => -share(*a),
        (LnNormalBetween, [_, b], _) => share(*b),
        (NormalQuantile, [_], _) => normal(Expr::special(f, args)).powi(-1),
        (LnBesselI0, [x], _) => one(BesselRatio, *x),
        // I₁/I₀ follows a Riccati equation: A′ = 1 − A/κ − A².
        (BesselRatio, [x], _) => 1.0 - one(BesselRatio, *x) / *x - one(BesselRatio, *x).powi(2),
        (Atan, [x], _) => (x.powi(2) + 1.0).powi(-1),
        (Floor, ..) | (Piecewise, _, 0) => Expr::num(0.0),
        (Piecewise, [c, ..], 1) => Expr::special(Piecewise, &[*c, Expr::num(1.0), Expr::num(0.0)]),
        (Piecewise, [c, ..], _) => Expr::special(Piecewise, &[*c, Expr::num(0.0), Expr::num(1.0)]),
        (GammaCdf, [a, x], 1) => ((*a - 1.0) * x.ln() - *x - one(LnGamma, *a)).exp(),
        (BetaCdf, [a, b, x], 2) => {
            let ln_beta = one(LnGamma, *a) + one(LnGamma, *b) - one(LnGamma, *a + *b);
            ((*a - 1.0) * x.ln() + (*b - 1.0) * (1.0 - *x).ln() - ln_beta).exp()
        }
        (VonMisesCdf, [kappa, x], 1) => {
            (*kappa * x.call(super::Func::Cos) - (2.0 * Expr::pi()).ln() - one(LnBesselI0, *kappa)).exp()
        }
        _ => unknown,
    }
}

/// The values that a special function can take.
pub fn range(f: Special, args: &[Expr]) -> Range {
    let half_pi = std::f64::consts::FRAC_PI_2;
    match f {
        Trigamma => Range::open(0.0, f64::INFINITY),
        Erf | BesselRatio => Range::closed(-1.0, 1.0),
        NormalCdf | GammaCdf | BetaCdf | VonMisesCdf | BetaQuantile => Range::closed(0.0, 1.0),
        LnNormalCdf | LnNormalBetween => Range { upper: 0.0, upper_closed: true, ..Range::ALL },
        LnBesselI0 | GammaQuantile | PoissonQuantile | BinomialQuantile => {
            Range { lower: 0.0, lower_closed: true, ..Range::ALL }
        }
        Atan => Range::open(-half_pi, half_pi),
        VonMisesQuantile => Range::closed(-std::f64::consts::PI, std::f64::consts::PI),
        Piecewise => args[1].range().or(args[2].range()),
        LnGamma | Digamma | NormalQuantile | Floor => Range::ALL,
    }
}
