//! The ascent condition δᵀ(δ_n − δ) ≥ 0: noise whose injection turns the exact gradient towards where the noiseless one
//! points. Ours; no theorem of the papers speaks of it. With δ(y) the gradient of ln f at what is learned, it asks that
//! noise does not lower the linear function δᵀ δ(y′) of the noisy outcome y′, δ held fixed.

use super::delta::{NoiseDerivation, Site, derivation};
use crate::expr::{Domain, Expr, Quadratic, Trace, gradient, normal_form, replace, shortest, tidy};
use crate::model::Criterion;

/// The gradient of ln f at one thing that is learned.
#[derive(Clone, Copy, Debug)]
pub struct Slope {
    /// A letter for an outcome of which nothing is known but that its components are numbers.
    pub noisy: Expr,
    /// The gradient at that outcome.
    pub at_noisy: Expr,
    /// The gradient at the outcome itself.
    pub value: Expr,
}

impl Slope {
    /// ∂ ln f/∂learned, `ln_f` being the log-density of an outcome.
    pub fn of(ln_f: &dyn Fn(Expr) -> Expr, learned: Expr, outcome: Expr) -> Slope {
        let noisy = Expr::var("y", outcome.shape(), Domain::REAL);
        let trace = &mut Trace::default();
        let mut at = |y: Expr| {
            let slope = gradient(normal_form(ln_f(y), trace), learned);
            let forms = [normal_form(slope, trace), tidy(slope, trace)];
            shortest(&forms).unwrap_or(slope)
        };
        Slope { noisy, at_noisy: at(noisy), value: at(outcome) }
    }
}

/// The condition for noise at `site`.
pub fn ascent(slopes: &[Slope], site: Site) -> NoiseDerivation {
    let letter = |(i, slope): (usize, &Slope)| Expr::var(&format!("d{i}"), slope.value.shape(), Domain::REAL);
    let letters: Vec<Expr> = slopes.iter().enumerate().map(letter).collect();
    let raised = slopes.iter().zip(&letters).map(|(slope, d)| {
        let at_noisy = replace(slope.at_noisy, slope.noisy, site.variable);
        let product = *d * at_noisy;
        Quadratic::total(product, product.shape().dim())
    });
    let raised = Expr::add_all(&raised.collect::<Vec<_>>());
    let values: Vec<(Expr, Expr)> = letters.iter().copied().zip(slopes.iter().map(|s| s.value)).collect();
    derivation(Criterion::Ascent, raised, site, &values)
}
