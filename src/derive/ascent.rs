//! The ascent condition δᵀ(δ_n − δ) ≥ 0: noise whose injection turns the exact gradient towards where the noiseless one
//! points. Ours; no theorem of the papers speaks of it. With δ(y) the gradient of ln f at what is learned, it asks that
//! noise does not lower the linear function δᵀ δ(y′) of the noisy outcome y′, δ held fixed.

use super::delta::{NoiseDerivation, Site, derivation};
use crate::expr::{Domain, Expr, Quadratic, Trace, gradient, replace, tidy};
use crate::model::Criterion;

/// The condition for noise at `site`. `ln_f` is the log-density of an outcome; `learned` are what it is differentiated by.
pub fn ascent(ln_f: &dyn Fn(Expr) -> Expr, learned: &[Expr], site: Site) -> NoiseDerivation {
    let trace = &mut Trace::default();
    // Of a noisy outcome nothing is known but that its components are numbers.
    let noisy = Expr::var("y", site.variable.shape(), Domain::REAL);
    let mut raised = vec![];
    let mut letters = vec![];
    for (i, wrt) in learned.iter().enumerate() {
        let slope = tidy(gradient(ln_f(noisy), *wrt), trace);
        let letter = Expr::var(&format!("d{i}"), wrt.shape(), Domain::REAL);
        raised.push(Quadratic::total(letter * slope, wrt.shape().dim()));
        letters.push((letter, tidy(gradient(ln_f(site.variable), *wrt), trace)));
    }
    let raised = replace(Expr::add_all(&raised), noisy, site.variable);
    derivation(Criterion::Ascent, raised, site, &letters)
}
