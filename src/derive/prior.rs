//! Priors of parameters: their pull on the gradient, and that they are in no noise condition.
//!
//! With priors training maximises ln f(y|Θ) + ln p(Θ). Noise in a variable turns y into φ(y, n) and leaves Θ alone, so that
//! ln p(Θ) stands on both sides of the difference Δ(n) and cancels ([K] (117)-(118), (126)). That is not taken for granted:
//! each Δ is derived a second time, from ln f + ln p(Θ).

use super::delta::{NoiseDerivation, Site, noise_derivation};
use super::layer::{LayerDerivation, site};
use super::limits::has_value;
use crate::diag::Problems;
use crate::expr::{Dim, Expr, Shape, Trace, gradient, normal_form, shortest, simplify, tidy};
use crate::model::{Instance, Model, Node};
use crate::source::Span;

/// What follows from the prior of one parameter.
#[derive(Clone, Debug)]
pub struct PriorDerivation {
    /// The parameter's name.
    pub parameter: String,
    pub span: Span,
    pub instance: Instance,
    /// The parameter with all its elements in one vector: they are independent under the prior.
    pub variable: Expr,
    /// ln p(variable)
    pub log_density: Expr,
    /// ∂ ln p/∂variable
    pub score: Expr,
    pub rules: Vec<&'static str>,
}

impl PriorDerivation {
    /// How many elements the parameter has.
    pub fn elements(&self) -> usize {
        match self.variable.shape() {
            Shape::Vector(Dim::Fixed(n)) => n,
            _ => 1,
        }
    }
}

/// Δ(n) of ln f + ln p(Θ) for one random variable.
#[derive(Clone, Debug)]
pub struct WithPriors {
    /// The variable's name.
    pub variable: String,
    /// One for each noise that is derived of the variable, in its order.
    pub deltas: Vec<Expr>,
}

/// One for each parameter with a prior, in the model's order. Fails when a log-density has no value.
pub fn priors(model: &Model) -> Result<Vec<PriorDerivation>, Problems> {
    model.parameters().filter_map(|(node, parameter)| Some(prior(node, parameter.prior.as_ref()?))).collect()
}

fn prior(node: &Node, instance: &Instance) -> Result<PriorDerivation, Problems> {
    has_value(instance.likelihood.log_density, &instance.likelihood.name, instance.span)?;
    let mut trace = Trace::default();
    let variable = elements(node);
    let written = instance.log_density(variable);
    let forms = [normal_form(written, &mut trace), simplify(written, &mut trace)];
    let log_density = shortest(&forms).unwrap_or(written);
    let score = tidy(gradient(log_density, variable), &mut trace);
    let (parameter, span, instance) = (node.name.clone(), node.span, instance.clone());
    Ok(PriorDerivation { parameter, span, instance, variable, log_density, score, rules: trace.rules })
}

fn elements(node: &Node) -> Expr {
    let shape = match node.shape {
        (1, 1) => Shape::Scalar,
        (rows, columns) => Shape::Vector(Dim::Fixed(rows * columns)),
    };
    Expr::var(&node.var.name().unwrap_or_default(), shape, node.support.interior())
}

/// The noise of each variable, derived with the priors; nothing where there are none.
pub fn with_priors(layers: &[LayerDerivation], priors: &[PriorDerivation]) -> Vec<WithPriors> {
    let log_prior = Expr::add_all(&priors.iter().map(|prior| prior.log_density).collect::<Vec<_>>());
    let derived = layers.iter().filter(|_| !priors.is_empty());
    derived.map(|layer| WithPriors { variable: layer.name.clone(), deltas: deltas(layer, log_prior) }).collect()
}

fn deltas(layer: &LayerDerivation, log_prior: Expr) -> Vec<Expr> {
    let args = layer.instance.args_by_mean(layer.a);
    let raised = layer.instance.likelihood.log_density_at(layer.target, &args) + log_prior;
    let derive = |noise: &NoiseDerivation| {
        // The same letter for the noise, so that the two can be compared.
        let site = site(&layer.instance, layer.target, noise.injection, &args);
        noise_derivation(raised, Site { noise: noise.noise, ..site }).delta
    };
    layer.noise.iter().map(derive).collect()
}
