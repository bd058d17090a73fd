//! The noise difference Δ(n) = ln f(φ(y, n) | θ) − ln f(y | θ), of which everything about noise is said.
//!
//! Noise helps on average when E[Δ] ≥ 0 (NEM positivity, [K] Theorem 2, [G] Theorem 1); Δ(n) ≥ 0 for each draw is
//! sufficient. `y += n` has φ = y + n, `y *= n` has φ = y n. Priors and normalisers without noise in them cancel
//! ([K] (126)); they do so here by the arithmetic of like terms. A density on a discrete support is evaluated by its own
//! formula off that support, as the papers do.

use super::condition::{Condition, condition, distance};
use super::region::{Bound, Region, bounds, region};
use crate::expr::{
    Bindings, Dim, Domain, Expr, Func, Node, Quadratic, Trace, evaluate, gathered, normal_form, quadratic, replace,
    simplify, tidy,
};
use crate::model::{Injection, Likelihood, Support};

/// The noise that changes nothing: 0 added, 1 multiplied.
pub fn identity_element(injection: Injection) -> f64 {
    match injection {
        Injection::Add => 0.0,
        Injection::Multiply => 1.0,
    }
}

/// φ(y, n)
pub fn inject(injection: Injection, y: Expr, n: Expr) -> Expr {
    match injection {
        Injection::Add => y + n,
        Injection::Multiply => y * n,
    }
}

/// What is derived about noise of one kind on one random variable.
#[derive(Clone, Debug)]
pub struct NoiseDerivation {
    pub injection: Injection,
    pub outcome: Expr,
    /// The noise: a scalar, or a vector as long as the outcome.
    pub noise: Expr,
    pub delta: Expr,
    /// Bounds that the support puts on the noisy outcome, whatever the region.
    pub support: Vec<Bound>,
    pub condition: Condition,
    pub region: Region,
    pub trace: Trace,
}

impl NoiseDerivation {
    /// Whether the noise among these values lies in the region: by the region's own data, or by Δ where it has none.
    /// Fails with the variable that has no value.
    pub fn contains(&self, at: &Bindings) -> Result<bool, Expr> {
        let slacks = self.region.slacks(self.outcome, self.noise, self.injection).unwrap_or(vec![self.delta]);
        for slack in slacks {
            if !evaluate(slack, at)?.numbers().iter().all(|x| *x >= 0.0) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Derives Δ, the condition and the region for noise `n` on `outcome`, whose likelihood has these arguments.
pub fn noise_derivation(
    likelihood: &Likelihood,
    args: &[Expr],
    outcome: Expr,
    noise: Expr,
    injection: Injection,
) -> NoiseDerivation {
    let mut trace = Trace::default();
    let noisy = inject(injection, outcome, noise);
    let before = simplify(likelihood.log_density_at(outcome, args), &mut trace);
    let after = simplify(likelihood.log_density_at(noisy, args), &mut trace);
    let mut problem =
        Problem { before, delta: after - before, outcome, noise, injection, support: likelihood.support, form: None };
    problem.form = deviation_form(&problem, &mut trace);
    problem.delta = shortest_delta(&problem, &mut trace);
    let told = monotone(&problem, &mut trace).unwrap_or_else(|| problem.clone());
    let condition = condition(&told, &mut trace);
    let region = region(&told, &mut trace);
    let support = bounds(problem.support);
    NoiseDerivation { injection, outcome, noise, delta: problem.delta, support, condition, region, trace }
}

/// A linear Δ as the sum it is; any other as the difference of log-densities.
fn shortest_delta(p: &Problem, trace: &mut Trace) -> Expr {
    match p.form {
        Some(q) if q.quadratic.is_num(0.0) => simplify(Quadratic::total(p.deviation() * q.linear, p.dim()), trace),
        _ => gathered(simplify(p.delta, trace)),
    }
}

/// Δ = Σ c₁ m + Σ c₂ m² with m the deviation of the noise from the one that changes nothing. The constant is zero,
/// because that noise changes nothing; an expression where this is not shown is not used.
fn deviation_form(p: &Problem, trace: &mut Trace) -> Option<Quadratic> {
    let change = Expr::var("m", p.noise.shape(), Domain::REAL);
    let noisy = replace(p.before, p.outcome, p.outcome + change);
    let delta = normal_form(simplify(noisy, trace) - p.before, trace);
    let q = quadratic(delta, change)?;
    let scale = p.additive_change();
    let constant = simplify(q.constant, trace);
    constant.is_num(0.0).then(|| Quadratic {
        constant,
        linear: tidy(q.linear * scale, trace),
        quadratic: simplify(q.quadratic * scale.powi(2), trace),
    })
}

/// ln f = c − κ ln g(y) with κ > 0, and one outcome: the logarithm rises with g, so noise helps where −g rises. This is how
/// Student's t has the interval of the gaussian. Of several outcomes nothing follows, for a sum of logarithms has no such g.
fn monotone(p: &Problem, trace: &mut Trace) -> Option<Problem> {
    if !p.is_line() || p.form.is_some() {
        return None;
    }
    let distance = distance(p)?;
    let inside = match distance.node() {
        Node::Sum(inside, _) => inside,
        _ => distance,
    };
    let Node::Call(Func::Ln, g) = inside.node() else { return None };
    let mut told = Problem { before: simplify(-Quadratic::total(g, p.dim()), trace), ..p.clone() };
    told.form = Some(deviation_form(&told, trace)?);
    Some(told)
}

/// What the condition and the region are read from.
#[derive(Clone)]
pub struct Problem {
    /// ln f(y | θ)
    pub before: Expr,
    pub delta: Expr,
    pub outcome: Expr,
    pub noise: Expr,
    pub injection: Injection,
    pub support: Support,
    /// Δ as a polynomial of the deviation, where it is one of degree two at most.
    pub form: Option<Quadratic>,
}

impl Problem {
    /// The length of the noise, or `None` for a scalar.
    pub fn dim(&self) -> Option<Dim> {
        self.noise.shape().dim()
    }

    /// Whether the noise has one component.
    pub fn is_line(&self) -> bool {
        matches!(self.dim(), None | Some(Dim::Fixed(1)))
    }

    /// How far the noise is from the one that changes nothing: n, or n − 1.
    pub fn deviation(&self) -> Expr {
        self.noise - identity_element(self.injection)
    }

    /// What the deviation is multiplied with to give the change of the outcome: 1, or y because y n is y + y (n − 1). A
    /// multiplicative condition is thus the additive one with y ∘ (n − 1) in the place of n.
    pub fn additive_change(&self) -> Expr {
        match self.injection {
            Injection::Add => Expr::num(1.0),
            Injection::Multiply => self.outcome,
        }
    }
}
