//! The region of noise with Δ(n) ≥ 0: what shape it has and where it lies.
//!
//! A linear Δ gives a half-space through the noise that changes nothing ([K] Theorem 3: normal ln a; logistic: the
//! logits). A negative quadratic gives a ball or an ellipsoid. Erratum: the ball of [K] Theorem 4 and Fig. 9 has its
//! centre at a − t, not t − a as printed after (122); from ‖t + n − a‖² ≤ ‖t − a‖² the centre is −(t − a).

use std::ops::Bound::{Excluded, Included, Unbounded};

use super::condition::{distance, essential};
use super::delta::{Problem, identity_element, inject};
use crate::expr::{Expr, Func, Node, Quadratic, Shape, Trace, expand, simplify};
use crate::model::{Injection, Support};

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Σ normal (n − identity) ≥ 0
    HalfSpace {
        normal: Expr,
    },
    /// ‖n − centre‖ ≤ radius
    Ball {
        centre: Expr,
        radius: Expr,
    },
    /// Σ weight (n − centre)² ≤ Σ weight (identity − centre)²
    Ellipsoid {
        centre: Expr,
        weight: Expr,
    },
    /// Σ weight |n − centre| ≤ radius
    CrossPolytope {
        centre: Expr,
        weight: Expr,
        radius: Expr,
    },
    /// One component: from `lower` to `upper` (a missing end is unbounded).
    Interval {
        lower: Option<Expr>,
        upper: Option<Expr>,
    },
    /// One component: between the identity and `other`, whichever is larger.
    Between {
        other: Expr,
    },
    Everything,
    /// No name fits; membership is Δ(n) ≥ 0.
    General,
}

impl Kind {
    pub fn name(&self) -> &'static str {
        match self {
            Kind::HalfSpace { .. } => "half-space",
            Kind::Ball { .. } => "ball",
            Kind::Ellipsoid { .. } => "ellipsoid",
            Kind::CrossPolytope { .. } => "cross-polytope",
            Kind::Interval { .. } | Kind::Between { .. } => "interval",
            Kind::Everything => "everything",
            Kind::General => "general",
        }
    }
}

/// A bound that the support puts on the noisy outcome: `lower ≤ φ(y, n)` or `φ(y, n) ≤ upper`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    Lower(f64),
    Upper(f64),
}

impl Bound {
    /// 0 or more where `noisy` keeps the bound.
    pub fn slack(self, noisy: Expr) -> Expr {
        match self {
            Bound::Lower(x) => noisy - x,
            Bound::Upper(x) => x - noisy,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    pub kind: Kind,
    /// Bounds that the noisy outcome must keep besides; already part of an `Interval`.
    pub support: Vec<Bound>,
}

impl Region {
    /// Expressions that are all 0 or more (in every component) exactly where the noise lies in the region; `None` when the
    /// region is known by Δ alone.
    pub fn slacks(&self, outcome: Expr, noise: Expr, injection: Injection) -> Option<Vec<Expr>> {
        let noisy = inject(injection, outcome, noise);
        let support = self.support.iter().map(|bound| bound.slack(noisy));
        Some(self.kind.slacks(noise, identity_element(injection))?.into_iter().chain(support).collect())
    }
}

impl Kind {
    fn slacks(&self, noise: Expr, identity: f64) -> Option<Vec<Expr>> {
        let dim = noise.shape().dim();
        let total = |e: Expr| Quadratic::total(e, dim);
        let identity = Expr::num(identity);
        Some(match *self {
            Kind::HalfSpace { normal } => vec![total(normal * (noise - identity))],
            Kind::Ball { centre, radius } => vec![radius.powi(2) - total((noise - centre).powi(2))],
            Kind::Ellipsoid { centre, weight } => {
                vec![total(weight * (identity - centre).powi(2)) - total(weight * (noise - centre).powi(2))]
            }
            Kind::CrossPolytope { centre, weight, radius } => vec![radius - total(weight * (noise - centre).abs())],
            Kind::Interval { lower, upper } => {
                lower.map(|x| noise - x).into_iter().chain(upper.map(|x| x - noise)).collect()
            }
            Kind::Between { other } => vec![(noise - identity) * (other - noise)],
            Kind::Everything => vec![],
            Kind::General => return None,
        })
    }
}

pub fn region(p: &Problem, trace: &mut Trace) -> Region {
    let kind = match p.form {
        Some(q) => polynomial(p, q, trace),
        None => cross_polytope(p, trace).unwrap_or(Kind::General),
    };
    let support = bounds(p.support);
    match ray(p, &kind, &support, trace) {
        Some(interval) => Region { kind: interval, support: vec![] },
        None => Region { kind, support },
    }
}

fn polynomial(p: &Problem, q: Quadratic, trace: &mut Trace) -> Kind {
    let weight = simplify(-q.quadratic, trace);
    let zero = |e: Expr| e.is_num(0.0);
    if zero(q.linear) && (zero(weight) || (-weight).range().is_non_negative()) {
        Kind::Everything
    } else if zero(weight) {
        Kind::HalfSpace { normal: essential(q.linear) }
    } else if weight.range().is_non_negative() {
        round(p, q, weight, trace)
    } else {
        Kind::General
    }
}

/// Completes the square: −weight m² + linear m is −weight (m − c)² + weight c² with c = linear / (2 weight).
fn round(p: &Problem, q: Quadratic, weight: Expr, trace: &mut Trace) -> Kind {
    let identity = identity_element(p.injection);
    let offset = simplify(expand(simplify(q.linear / (2.0 * weight), trace)), trace);
    if p.is_line() {
        return Kind::Between { other: simplify(expand(2.0 * offset + identity), trace) };
    }
    let centre = offset + identity;
    match p.dim() {
        Some(dim) if weight.shape() == Shape::Scalar => Kind::Ball { centre, radius: offset.powi(2).sum(dim).sqrt() },
        _ => Kind::Ellipsoid { centre, weight: essential(weight) },
    }
}

/// ln f = c − κ Σ w |y − μ|: the region of the noise is an ℓ₁ ball about μ − y.
fn cross_polytope(p: &Problem, trace: &mut Trace) -> Option<Kind> {
    let distance = distance(p)?;
    let inside = match distance.node() {
        Node::Sum(inside, _) => inside,
        _ if p.dim().is_none() => distance,
        _ => return None,
    };
    let (absolute, weights): (Vec<Expr>, Vec<Expr>) =
        inside.factors().into_iter().partition(|f| matches!(f.node(), Node::Call(Func::Abs, _)));
    let [absolute] = absolute[..] else { return None };
    let Node::Call(_, argument) = absolute.node() else { return None };
    let shift = if crate::expr::contains(p.outcome - argument, p.outcome) {
        p.outcome + argument
    } else {
        p.outcome - argument
    };
    if crate::expr::contains(shift, p.outcome) {
        return None;
    }
    let scale = p.additive_change();
    let offset = simplify(expand((shift - p.outcome) / scale), trace);
    let identity = identity_element(p.injection);
    if p.is_line() {
        return Some(Kind::Between { other: simplify(expand(2.0 * offset + identity), trace) });
    }
    let weight = simplify(Expr::mul_all(&weights) * scale.abs(), trace);
    let radius = p.dim().map_or(absolute, |d| (Expr::mul_all(&weights) * absolute).sum(d));
    Some(Kind::CrossPolytope { centre: offset + identity, weight, radius })
}

/// The bounds that a continuous support puts on the noisy outcome. Discrete supports put none: their densities are
/// extended by formula ([K], [R]).
pub fn bounds(support: Support) -> Vec<Bound> {
    if support.is_discrete() {
        return vec![];
    }
    let lower = match support.lower() {
        Included(x) | Excluded(x) => Some(Bound::Lower(x)),
        Unbounded => None,
    };
    let upper = match support.upper() {
        Included(x) | Excluded(x) => Some(Bound::Upper(x)),
        Unbounded => None,
    };
    lower.into_iter().chain(upper).collect()
}

/// A half-line with a known direction, cut by the support: an interval.
fn ray(p: &Problem, kind: &Kind, support: &[Bound], trace: &mut Trace) -> Option<Kind> {
    let Kind::HalfSpace { normal } = kind else { return None };
    // A bound on y n is one on n where the sign of y is known.
    if !p.is_line() || (p.injection == Injection::Multiply && !support.is_empty() && !p.outcome.is_positive()) {
        return None;
    }
    let identity = Expr::num(identity_element(p.injection));
    let (mut lower, mut upper) = match (normal.is_positive(), (-*normal).is_positive()) {
        (true, _) => (Some(identity), None),
        (_, true) => (None, Some(identity)),
        _ => return None,
    };
    for bound in support {
        let limit = |x: f64| match p.injection {
            Injection::Add => Expr::num(x) - p.outcome,
            Injection::Multiply => Expr::num(x) / p.outcome,
        };
        match bound {
            Bound::Lower(x) if lower.is_none() => lower = Some(simplify(limit(*x), trace)),
            Bound::Upper(x) if upper.is_none() => upper = Some(simplify(limit(*x), trace)),
            _ => {}
        }
    }
    Some(Kind::Interval { lower, upper })
}
