//! Regions of a density that falls with a distance: ln f = c − κ G(y), so that noise helps where G(φ(y, n)) ≤ G(y).

use super::super::condition::distance;
use super::super::problem::Problem;
use super::Kind;
use crate::expr::{Dim, Expr, Func, Node, Shape, Trace, contains, expand, is_affine, replace, simplify};

pub fn kind(p: &Problem, trace: &mut Trace) -> Option<Kind> {
    let distance = distance(p)?;
    form(p, distance, trace).or_else(|| mapped(p, distance, trace)).or_else(|| cross_polytope(p, distance, trace))
}

/// G = rᵀ M r with r = y − μ: an ellipsoid about μ − y with the axes of M.
fn form(p: &Problem, distance: Expr, trace: &mut Trace) -> Option<Kind> {
    let (r, matrix) = distance.as_quadratic_form()?;
    p.outcome.shape().join(r.shape())?;
    let shift = if contains(p.outcome - r, p.outcome) { p.outcome + r } else { p.outcome - r };
    if contains(shift, p.outcome) || !p.affine?.scale.is_num(1.0) {
        return None;
    }
    Some(Kind::Form { centre: simplify(shift - p.outcome + p.still(), trace), matrix, level: distance })
}

/// G = ‖v‖² or v² with v affine in the noise, through a matrix or an inner product: v(φ(y, n)) = v(y) + M n, and noise
/// helps where ‖M n + v(y)‖ ≤ ‖v(y)‖.
fn mapped(p: &Problem, distance: Expr, trace: &mut Trace) -> Option<Kind> {
    let square = |e: Expr| match e.node() {
        Node::Pow(v, n) if n.is_num(2.0) => Some(v),
        _ => None,
    };
    let (v, dim) = match distance.node() {
        Node::Sum(inside, dim) => (square(inside)?, Some(dim)),
        _ => (square(distance)?, None),
    };
    let noisy = replace(v, p.outcome, p.noisy());
    let map = simplify(expand(simplify(noisy - v, trace)), trace);
    if p.is_line() || !is_affine(map, p.noise) || contains_constant(map, p.noise) {
        return None;
    }
    Some(match dim {
        Some(dim) => Kind::Mapped { map, centre: -v, radius: v.powi(2).sum(dim).sqrt() },
        None => Kind::Slab { height: map, other: simplify(-2.0 * v, trace) },
    })
}

/// Whether a term is free of the noise.
fn contains_constant(map: Expr, noise: Expr) -> bool {
    map.terms().iter().any(|t| !contains(*t, noise))
}

/// G = Σ w |y − μ|: the region of the noise is an ℓ₁ ball about μ − y.
fn cross_polytope(p: &Problem, distance: Expr, trace: &mut Trace) -> Option<Kind> {
    let scale = p.affine?.scale;
    let inside = match distance.node() {
        Node::Sum(inside, _) => inside,
        _ if p.dim().is_none() => distance,
        _ => return None,
    };
    let (absolute, weights): (Vec<Expr>, Vec<Expr>) =
        inside.factors().into_iter().partition(|f| matches!(f.node(), Node::Call(Func::Abs, _)));
    let [absolute] = absolute[..] else { return None };
    let Node::Call(_, argument) = absolute.node() else { return None };
    p.outcome.shape().join(argument.shape())?;
    let shift = if contains(p.outcome - argument, p.outcome) { p.outcome + argument } else { p.outcome - argument };
    if contains(shift, p.outcome) {
        return None;
    }
    let offset = simplify(expand((shift - p.outcome) / scale), trace);
    let still = p.still();
    if p.is_line() {
        return Some(Kind::Between { other: simplify(expand(2.0 * offset + still), trace) });
    }
    let weight = simplify(Expr::mul_all(&weights) * scale.abs(), trace);
    let total = |dim: Dim| (Expr::mul_all(&weights) * absolute).sum(dim);
    let radius = match p.noise.shape() {
        Shape::Vector(dim) => total(dim),
        _ => absolute,
    };
    Some(Kind::CrossPolytope { centre: offset + still, weight, radius })
}
