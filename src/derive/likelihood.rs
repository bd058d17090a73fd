//! What follows from a likelihood alone, before it meets a link: its score and its noise conditions.

use std::rc::Rc;

use super::ascent::{Slope, ascent};
use super::corners::corners;
use super::delta::{NoiseDerivation, Site, noise_derivation};
use super::limits::{has_value, within_budget};
use super::request::Requested;
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::{Domain, Expr, Shape, Trace, gradient, print, replace, tidy};
use crate::model::{Injection, Likelihood, NOISE};

#[derive(Clone, Debug)]
pub struct LikelihoodDerivation {
    pub likelihood: Rc<Likelihood>,
    /// ln f of one outcome, simplified.
    pub log_density: Expr,
    /// ∂ ln f / ∂θ for each parameter, by name.
    pub scores: Vec<(String, Expr)>,
    /// Where the derivative may jump: the zeros of these.
    pub corners: Vec<Expr>,
    /// For one outcome; for a likelihood of vectors, for the vector.
    pub single: Vec<NoiseDerivation>,
    /// For K independent outcomes with a common value of every parameter but the mean; empty for a likelihood of vectors.
    pub joint: Vec<NoiseDerivation>,
    /// Like `joint`, with every parameter different for each component.
    pub separate: Vec<NoiseDerivation>,
    /// Noise that turns the score of the mean towards where it points, for one outcome or one vector; empty where the mean
    /// is no parameter.
    pub ascent: Vec<NoiseDerivation>,
    /// What somebody asked for besides.
    pub requested: Vec<Requested>,
    pub rules: Vec<&'static str>,
}

impl LikelihoodDerivation {
    /// Legal, and worth knowing: where the derivative may jump.
    pub fn corner_warning(&self) -> Diagnostic {
        let zeros: Vec<String> = self.corners.iter().map(|e| format!("{} = 0", print::text(*e))).collect();
        let name = &self.likelihood.name;
        Diagnostic::new(codes::CORNERS, format!("the derivative of the log-density of `{name}` may jump"))
            .at(self.likelihood.span, format!("where {}", zeros.join(", ")))
            .note("gradients take sign(0) = 0, and one of the two pieces, at such a point")
            .help("round the corner off, as in `sqrt(x^2 + 1e-6)` for `abs(x)`, or keep it on purpose")
    }
}

/// Everything about one likelihood. Fails when an expression has no value or grows beyond its budget.
pub fn derive_likelihood(likelihood: &Rc<Likelihood>) -> Result<LikelihoodDerivation, Problems> {
    has_value(likelihood.log_density, &likelihood.name, likelihood.span)?;
    let mut trace = Trace::default();
    let log_density = tidy(likelihood.log_density, &mut trace);
    let mut score = |var: Expr| tidy(gradient(log_density, var), &mut trace);
    let scores = likelihood.formals.iter().map(|f| (f.name.clone(), score(f.var))).collect();
    let lifted = |separate: bool| {
        if likelihood.takes_several() { both(likelihood, Some(separate)) } else { vec![] }
    };
    let (single, joint, separate) = (both(likelihood, None), lifted(false), lifted(true));
    let ascent = rising(likelihood, &single);
    let traces = [&single, &joint, &separate, &ascent].into_iter().flatten().map(|n| &n.trace);
    within_budget(traces.chain([&trace]), &likelihood.name, likelihood.span)?;
    let letters: Vec<Expr> = likelihood.formals.iter().map(|f| f.var).chain([likelihood.outcome]).collect();
    let corners = corners(log_density, &letters);
    let likelihood = likelihood.clone();
    Ok(LikelihoodDerivation {
        likelihood,
        log_density,
        scores,
        corners,
        single,
        joint,
        separate,
        ascent,
        requested: vec![],
        rules: trace.rules,
    })
}

/// Additive and multiplicative noise; `lift` says whether on K outcomes, and with parameters of their own.
fn both(likelihood: &Likelihood, lift: Option<bool>) -> Vec<NoiseDerivation> {
    let dim = Expr::dimension("K");
    let vector = |name: &str, domain: Domain| Expr::var(name, Shape::Vector(dim), domain);
    let argument = |f: &crate::model::Formal| match lift {
        Some(separate) if separate || likelihood.mean == Some(f.var) => vector(&f.name, f.support.interior()),
        _ => f.var,
    };
    let args: Vec<Expr> = likelihood.formals.iter().map(argument).collect();
    let outcome = match lift {
        Some(_) => vector(&likelihood.outcome_name, likelihood.support.closure()),
        None => likelihood.outcome,
    };
    let noise = Expr::var(NOISE, outcome.shape(), Domain::REAL);
    let ln_f = likelihood.log_density_at(outcome, &args);
    let bounds = likelihood.bounds_at(outcome, &args);
    let site = |injection| Site { variable: outcome, noise, injection, bounds: bounds.clone() };
    [Injection::Add, Injection::Multiply].into_iter().map(|i| noise_derivation(ln_f, site(i))).collect()
}

/// The ascent condition by the score of the mean, for the noise of these derivations.
fn rising(likelihood: &Likelihood, single: &[NoiseDerivation]) -> Vec<NoiseDerivation> {
    let Some(mean) = likelihood.formals.iter().find(|f| likelihood.mean == Some(f.var)) else { return vec![] };
    let ln_f = |outcome| replace(likelihood.log_density, likelihood.outcome, outcome);
    let slope = Slope::of(&ln_f, mean.var, likelihood.outcome);
    let of = |derived: &NoiseDerivation| {
        let site = Site {
            variable: derived.outcome,
            noise: derived.noise,
            injection: derived.injection,
            bounds: derived.support.clone(),
        };
        ascent(&[slope], site)
    };
    single.iter().map(of).collect()
}
