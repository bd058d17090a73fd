//! The condition Δ(n) ≥ 0 in the form in which it is easiest to read.

use super::delta::{Problem, inject};
use crate::expr::{Expr, Quadratic, Trace, collect, depends_on, expand, normal_form, quadratic, simplify};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    AtLeast,
    AtMost,
}

/// `left ≥ right` or `left ≤ right`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Condition {
    pub left: Expr,
    pub relation: Relation,
    pub right: Expr,
}

/// The readable form: a distance that must not grow, a linear form that must not be negative, a product, or Δ ≥ 0 itself.
pub fn condition(p: &Problem, trace: &mut Trace) -> Condition {
    let additive = p.injection == crate::model::Injection::Add;
    let linear = deviation_form(p, trace).filter(|q| q.quadratic.is_num(0.0)).map(|q| linear_condition(p, q, trace));
    linear
        .or_else(|| if additive { distance_condition(p, trace) } else { product_condition(p, trace) })
        .or_else(|| distance_condition(p, trace))
        .unwrap_or(Condition { left: p.delta, relation: Relation::AtLeast, right: Expr::num(0.0) })
}

/// Δ = Σ c₁ m + Σ c₂ m² with m the deviation of the noise from the one that changes nothing. The constant is zero,
/// because that noise changes nothing; an expression where this is not shown is not used.
pub fn deviation_form(p: &Problem, trace: &mut Trace) -> Option<Quadratic> {
    let change = Expr::var("m", p.noise.shape(), crate::expr::Domain::REAL);
    let noisy = crate::expr::replace(p.before, p.outcome, p.outcome + change);
    let delta = normal_form(simplify(noisy, trace) - p.before, trace);
    let q = quadratic(delta, change)?;
    let scale = p.additive_change();
    let constant = simplify(q.constant, trace);
    constant.is_num(0.0).then(|| Quadratic {
        constant,
        linear: simplify(q.linear * scale, trace),
        quadratic: simplify(q.quadratic * scale.powi(2), trace),
    })
}

fn linear_condition(p: &Problem, q: Quadratic, trace: &mut Trace) -> Condition {
    let normal = without_positive_factor(q.linear, p);
    let left = simplify(Quadratic::total(p.deviation() * normal, p.dim()), trace);
    Condition { left, relation: Relation::AtLeast, right: Expr::num(0.0) }
}

/// Drops scalar factors known to be positive: they do not change a sign.
fn without_positive_factor(e: Expr, p: &Problem) -> Expr {
    let keep = |f: &Expr| {
        let scalar = f.shape() == crate::expr::Shape::Scalar;
        let noise_free = !depends_on(*f, &[p.noise, p.outcome]);
        !(scalar
            && noise_free
            && f.is_positive()
            && matches!(f.node(), crate::expr::Node::Pow(..) | crate::expr::Node::Num(_)))
    };
    let kept: Vec<Expr> = e.factors().into_iter().filter(keep).collect();
    let sign =
        if e.split_coefficient().0 < 0.0 && e.factors().iter().any(|f| f.as_num().is_some()) { -1.0 } else { 1.0 };
    let kept: Vec<Expr> = kept.into_iter().filter(|f| f.as_num().is_none()).collect();
    sign * Expr::mul_all(&kept)
}

/// ln f = c − κ G(y) with κ > 0: noise helps where G(φ(y, n)) ≤ G(y).
fn distance_condition(p: &Problem, trace: &mut Trace) -> Option<Condition> {
    let distance = distance(p)?;
    let noisy = crate::expr::replace(distance, p.outcome, inject(p.injection, p.outcome, p.noise));
    Some(Condition { left: simplify(noisy, trace), relation: Relation::AtMost, right: distance })
}

/// G of ln f = c − κ G(y), where the part that depends on the outcome is a single term with a factor of known sign.
pub fn distance(p: &Problem) -> Option<Expr> {
    let with_outcome: Vec<Expr> = p.before.terms().into_iter().filter(|t| depends_on(*t, &[p.outcome])).collect();
    let [term] = with_outcome[..] else { return None };
    let (core, outside): (Vec<Expr>, Vec<Expr>) =
        term.factors().into_iter().partition(|f| depends_on(*f, &[p.outcome]));
    let core = Expr::mul_all(&core);
    let strictly_convex_or_norm = !core.is_num(1.0) && core != p.outcome;
    (Expr::mul_all(&outside).range().is_negative() && strictly_convex_or_norm).then_some(core)
}

/// A quadratic in multiplicative noise as a product: Σ y (n − 1) [y (n + 1) − 2 a] ≤ 0 ([G] (25); [R] (49) prints the
/// sign otherwise, an erratum).
fn product_condition(p: &Problem, trace: &mut Trace) -> Option<Condition> {
    let q = deviation_form(p, trace)?;
    let scale = p.additive_change();
    let strength = simplify(-q.quadratic / scale.powi(2), trace);
    if !strength.is_positive() {
        return None;
    }
    let inner = simplify(expand(-q.linear / scale / strength), trace) + scale * p.deviation();
    let inner = collect(inner, p.outcome)?;
    let weight = if strength.shape() == crate::expr::Shape::Scalar { Expr::num(1.0) } else { strength };
    let left = Quadratic::total(weight * scale * p.deviation() * inner, p.dim());
    Some(Condition { left, relation: Relation::AtMost, right: Expr::num(0.0) })
}
