//! Invariance of backpropagation: δ = ∂L/∂o is proportional to t − a ([K] Theorem 1 and §4-5, [R] Theorem 1). The
//! compiler checks it for each pair of likelihood and link; where it fails (a Gaussian with a logistic link, [F]
//! (65.69)) the true δ = J ∂L/∂a stands in its place.

use crate::expr::{Expr, Trace, depends_on, normal_form, prove_equal, replace, simplify, tidy};

#[derive(Clone, Debug, PartialEq)]
pub enum Invariance {
    /// δ = scale · (t − a), the scale free of target and pre-activation.
    Holds {
        scale: Expr,
    },
    Fails(Failure),
    /// The likelihood declares no mean, or the pre-activation does not feed it.
    NoMean,
}

/// Why δ is no multiple of t − a.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// ∂L/∂a is a multiple of t − a, but this slope of the link stays beside it.
    Slope(Expr),
    /// The link mixes components, and the mixing stays.
    Mixing,
    /// ∂L/∂a is this, which is no multiple of t − a, and the link does not make up for it.
    Score(Expr),
    /// The mean is not itself a parameter.
    Indirect,
}

impl Failure {
    /// Whether another link for the same likelihood would restore the invariance.
    pub fn is_the_links(&self) -> bool {
        matches!(self, Failure::Slope(_) | Failure::Mixing)
    }
}

/// The scale with `e = scale · (target − mean)`, free of target and pre-activation.
pub fn proportion(e: Expr, target: Expr, mean: Expr, o: Expr, trace: &mut Trace) -> Option<Expr> {
    // What is proportional is linear in the target, so its slope there is the only candidate.
    let scale = slope(e, target, trace)?;
    let free = !depends_on(scale, &[target, o]);
    (free && prove_equal(e, scale * (target - mean), trace)).then_some(scale)
}

/// The factor of the target in an expression linear in it, component by component.
fn slope(e: Expr, target: Expr, trace: &mut Trace) -> Option<Expr> {
    let expanded = normal_form(e, trace);
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
    tidy(replace(e, u, (a - Expr::add_all(&numbers)) / Expr::num(c)), trace)
}
