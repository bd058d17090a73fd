//! The condition Δ(n) ≥ 0 in the form in which it is easiest to read.

use super::problem::Problem;
use crate::expr::{Expr, Node, Quadratic, Shape, Trace, collect, depends_on, expand, simplify};
use crate::model::Injection;

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

impl Condition {
    /// The same with both sides changed.
    pub fn map(self, mut f: impl FnMut(Expr) -> Expr) -> Condition {
        Condition { left: f(self.left), right: f(self.right), ..self }
    }
}

/// The readable form: a linear form that must not be negative, a distance that must not grow, a product, or Δ ≥ 0 itself.
pub fn condition(p: &Problem, trace: &mut Trace) -> Condition {
    let additive = p.injection == Injection::Add;
    let linear = p.form.filter(|q| q.quadratic.is_num(0.0)).map(|q| linear_condition(p, q, trace));
    linear
        .or_else(|| if additive { distance_condition(p, trace) } else { product_condition(p, trace) })
        .or_else(|| distance_condition(p, trace))
        .unwrap_or(Condition { left: p.delta, relation: Relation::AtLeast, right: Expr::num(0.0) })
}

fn linear_condition(p: &Problem, q: Quadratic, trace: &mut Trace) -> Condition {
    let left = simplify(Quadratic::total(p.deviation() * essential(q.linear), p.dim()), trace);
    Condition { left, relation: Relation::AtLeast, right: Expr::num(0.0) }
}

/// Without the scale that all components share: positive numbers, and powers of positive scalars.
pub fn essential(e: Expr) -> Expr {
    let scale = |f: &Expr| match f.node() {
        // A number before a sum may belong to it, as in (ln a − ln b)/2.
        Node::Num(bits) => f64::from_bits(bits) > 0.0 && !e.factors().iter().any(|f| f.terms().len() > 1),
        Node::Pow(..) => f.shape() == Shape::Scalar && f.is_positive(),
        _ => false,
    };
    let sign = if e.split_coefficient().0 < 0.0 { -1.0 } else { 1.0 };
    let factors = (sign * e).factors();
    let divisor = factors.iter().copied().filter(scale).collect::<Vec<_>>();
    e / Expr::mul_all(&divisor)
}

/// ln f = c − κ G(y) with κ > 0: noise helps where G(φ(y, n)) ≤ G(y).
fn distance_condition(p: &Problem, trace: &mut Trace) -> Option<Condition> {
    let distance = distance(p)?;
    let noisy = crate::expr::replace(distance, p.outcome, p.noisy());
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
    let q = p.form?;
    let scale = p.scale();
    let strength = simplify(-q.quadratic / scale.powi(2), trace);
    if !strength.is_positive() {
        return None;
    }
    let inner = simplify(expand(-q.linear / scale / strength), trace) + scale * p.deviation();
    let inner = collect(inner, p.outcome)?;
    let weight = if strength.shape() == Shape::Scalar { Expr::num(1.0) } else { essential(strength) };
    let left = Quadratic::total(weight * scale * p.deviation() * inner, p.dim());
    Some(Condition { left, relation: Relation::AtMost, right: Expr::num(0.0) })
}
