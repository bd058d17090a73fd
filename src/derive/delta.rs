//! The noise difference Δ(n) = ln f(φ(y, n) | θ) − ln f(y | θ), of which everything about noise is said.
//!
//! Noise helps on average when E[Δ] ≥ 0 (NEM positivity, [K] Theorem 2, [G] Theorem 1); Δ(n) ≥ 0 for each draw is
//! sufficient. `y += n` has φ = y + n, `y *= n` has φ = y n. Priors and normalisers without noise in them cancel
//! ([K] (126)); they do so here by the arithmetic of like terms. A density on a discrete support is evaluated by its own
//! formula off that support, as the papers do.

use super::condition::{Condition, condition};
use super::region::{Region, region};
use crate::expr::{Dim, Expr, Shape, Trace, simplify};
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
    /// The noise: a scalar, or a vector as long as the outcome.
    pub noise: Expr,
    pub delta: Expr,
    pub condition: Condition,
    pub region: Region,
    pub rules: Vec<&'static str>,
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
    let delta = simplify(after - before, &mut trace);
    let problem = Problem { before, delta, outcome, noise, injection, support: likelihood.support };
    NoiseDerivation {
        injection,
        noise,
        delta,
        condition: condition(&problem, &mut trace),
        region: region(&problem, &mut trace),
        rules: trace.rules,
    }
}

/// What the condition and the region are read from.
pub struct Problem {
    /// ln f(y | θ)
    pub before: Expr,
    pub delta: Expr,
    pub outcome: Expr,
    pub noise: Expr,
    pub injection: Injection,
    pub support: Support,
}

impl Problem {
    /// The length of the noise, or `None` for a scalar.
    pub fn dim(&self) -> Option<Dim> {
        match self.noise.shape() {
            Shape::Vector(dim) => Some(dim),
            _ => None,
        }
    }

    /// Whether the noise has one component.
    pub fn is_line(&self) -> bool {
        matches!(self.dim(), None | Some(Dim::Fixed(1)))
    }

    /// How far the noise is from the one that changes nothing: n, or n − 1.
    pub fn deviation(&self) -> Expr {
        self.noise - identity_element(self.injection)
    }

    /// ln f with noise added, whatever the injection: y n is y + y (n − 1), so a multiplicative condition is the
    /// additive one with y ∘ (n − 1) in the place of n.
    pub fn additive_change(&self) -> Expr {
        match self.injection {
            Injection::Add => Expr::num(1.0),
            Injection::Multiply => self.outcome,
        }
    }
}
