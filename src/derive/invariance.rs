//! Invariance of backpropagation: δ = ∂L/∂o is proportional to t − a ([K] Theorem 1 and §4-5, [R] Theorem 1). The
//! compiler checks it for each pair of likelihood and link; where it fails (a Gaussian with a logistic link, [F]
//! (65.69)) the true δ = J ∂L/∂a stands in its place.

use crate::expr::{Expr, Trace, depends_on, normal_form, prove_equal, simplify};

#[derive(Clone, Debug, PartialEq)]
pub enum Invariance {
    /// δ = scale · (t − a), the scale free of target and pre-activation.
    Holds { scale: Expr },
    /// δ = J · ∂L/∂a: the slope of the link stays in the way.
    Fails,
    /// The likelihood declares no mean, or the pre-activation does not feed it.
    NoMean,
}

/// Compares δ with target minus mean.
pub fn invariance(delta: Expr, target: Expr, mean: Option<Expr>, o: Expr, trace: &mut Trace) -> Invariance {
    let Some(mean) = mean.filter(|m| depends_on(*m, &[o])) else { return Invariance::NoMean };
    match proportion(delta, target, mean, o, trace) {
        Some(scale) => Invariance::Holds { scale },
        None => Invariance::Fails,
    }
}

fn proportion(delta: Expr, target: Expr, mean: Expr, o: Expr, trace: &mut Trace) -> Option<Expr> {
    // δ is linear in the target if it is proportional, so its slope there is the only candidate.
    let slope = slope(delta, target, trace)?;
    let free = !depends_on(slope, &[target, o]);
    (free && prove_equal(delta, slope * (target - mean), trace)).then_some(slope)
}

/// The factor of the target in an expression linear in it, component by component.
fn slope(delta: Expr, target: Expr, trace: &mut Trace) -> Option<Expr> {
    let expanded = normal_form(delta, trace);
    let coefficients = expanded.terms().into_iter().filter(|t| depends_on(*t, &[target])).map(|term| {
        let rest = simplify(term / target, trace);
        (!depends_on(rest, &[target])).then_some(rest)
    });
    let sum: Option<Vec<Expr>> = coefficients.collect();
    sum.filter(|list| !list.is_empty()).map(|list| Expr::add_all(&list))
}

/// `e` with the mean written as `a` where the mean is, up to a linear change, a single function of the pre-activation:
/// a = c u + d gives u = (a − d)/c.
pub fn in_terms_of_mean(e: Expr, mean: Expr, a: Expr, trace: &mut Trace) -> Expr {
    let terms = mean.terms();
    let (numbers, rest): (Vec<Expr>, Vec<Expr>) = terms.into_iter().partition(|t| t.as_num().is_some());
    let [term] = rest[..] else { return e };
    let (c, u) = term.split_coefficient();
    let replaced = crate::expr::replace(e, u, (a - Expr::add_all(&numbers)) / Expr::num(c));
    normal_form(replaced, trace)
}
