//! Regions of a Δ that is a polynomial in the noise of degree two at most.
//!
//! A linear Δ gives a half-space through the noise that changes nothing ([K] Theorem 3: normal ln a; logistic: the
//! logits). A negative quadratic gives a ball or an ellipsoid. Erratum: the ball of [K] Theorem 4 and Fig. 9 has its
//! centre at a − t, not t − a as printed after (122); from ‖t + n − a‖² ≤ ‖t − a‖² the centre is −(t − a).

use super::super::condition::essential;
use super::super::problem::Problem;
use super::Kind;
use crate::expr::{Expr, Node, Quadratic, Shape, Trace, depends_on, expand, gradient, simplify, tidy};

pub fn kind(p: &Problem, trace: &mut Trace) -> Option<Kind> {
    match p.form {
        Some(q) => of_form(p, q, trace),
        None => linear(p, trace),
    }
}

fn of_form(p: &Problem, q: Quadratic, trace: &mut Trace) -> Option<Kind> {
    let weight = simplify(-q.quadratic, trace);
    let zero = |e: Expr| e.is_num(0.0);
    let (shrinks, grows) = (weight.range(), (-weight).range());
    match (zero(q.linear), zero(weight)) {
        (true, true) => Some(Kind::Everything),
        (true, false) if grows.is_non_negative() => Some(Kind::Everything),
        (true, false) if shrinks.is_non_negative() => Some(Kind::Only),
        (false, true) => Some(Kind::HalfSpace { normal: essential(q.linear) }),
        _ if shrinks.is_non_negative() => Some(round(p, q, weight, trace)),
        _ if grows.is_non_negative() => Some(Kind::Outside(Box::new(round(p, q, weight, trace)))),
        _ => None,
    }
}

/// Completes the square: −weight m² + linear m is −weight (m − c)² + weight c² with c = linear / (2 weight).
fn round(p: &Problem, q: Quadratic, weight: Expr, trace: &mut Trace) -> Kind {
    let still = p.still();
    let offset = simplify(expand(simplify(q.linear / (2.0 * weight), trace)), trace);
    if p.is_line() {
        return Kind::Between { other: tidy(2.0 * offset + still, trace) };
    }
    let centre = simplify(offset + still, trace);
    match p.dim() {
        Some(dim) if weight.shape() == Shape::Scalar => Kind::Ball { centre, radius: offset.powi(2).sum(dim).sqrt() },
        _ => Kind::Ellipsoid {
            centre,
            weight: essential(if weight.range().is_non_positive() { -weight } else { weight }),
        },
    }
}

/// What Δ vanishes with, whatever the noise: the factors of its strength that can be 0, such as y in y n.
pub fn free(p: &Problem, kind: &Kind, trace: &mut Trace) -> Option<Expr> {
    let divides = match kind {
        Kind::Outside(inside) => inside,
        kind => kind,
    };
    if !matches!(
        divides,
        Kind::Ball { .. } | Kind::Ellipsoid { .. } | Kind::CrossPolytope { .. } | Kind::Between { .. } | Kind::Only
    ) {
        return None;
    }
    let strength = p.form.map_or(p.scale(), |q| simplify(q.quadratic, trace));
    let base = |f: Expr| match f.node() {
        Node::Pow(base, _) => base,
        _ => f,
    };
    let can_vanish = |f: &Expr| f.as_num().is_none() && !f.is_positive() && !f.range().is_negative();
    let factors: Vec<Expr> = strength.factors().into_iter().map(base).filter(can_vanish).collect();
    (!factors.is_empty()).then(|| Expr::mul_all(&factors))
}

/// Noise that reaches the outcome through a matrix: Δ is linear when its gradient is free of the noise.
fn linear(p: &Problem, trace: &mut Trace) -> Option<Kind> {
    if p.affine.is_some() {
        return None;
    }
    let normal = simplify(gradient(simplify(expand(p.delta), trace), p.noise), trace);
    let moves = !normal.is_num(0.0) && !depends_on(normal, &[p.noise]);
    moves.then_some(Kind::HalfSpace { normal })
}
