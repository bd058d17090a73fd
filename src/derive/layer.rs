//! What follows for a random variable of a model: its likelihood together with its link.

use super::delta::{NoiseDerivation, noise_derivation};
use super::invariance::{Invariance, in_terms_of_mean, invariance};
use crate::diag::Diagnostic;
use crate::expr::{Domain, Expr, Trace, free_variables, gradient, normal_form, replace, simplify};
use crate::model::{Injection, Instance, Kind, Model, Node};
use crate::source::Span;

#[derive(Clone, Debug)]
pub struct LayerDerivation {
    pub name: String,
    pub observed: bool,
    pub span: Span,
    pub instance: Instance,
    pub target: Expr,
    /// ln f(target | parameters as functions of the pre-activation), simplified.
    pub log_density: Expr,
    /// The mean activation as an expression of the pre-activation.
    pub mean: Option<Expr>,
    /// The letter that stands for the mean in `delta.in_mean` and in `noise_in_mean`.
    pub a: Expr,
    pub deltas: Vec<Delta>,
    /// In terms of the mean activation where the mean is a parameter of the likelihood.
    pub noise: Vec<NoiseDerivation>,
    /// In terms of the pre-activation.
    pub noise_in_o: Vec<NoiseDerivation>,
    pub rules: Vec<&'static str>,
}

/// ∂L/∂o at one pre-activation.
#[derive(Clone, Debug)]
pub struct Delta {
    pub o: Expr,
    /// What the pre-activation is: `affine`, of `h1`.
    pub source: String,
    pub span: Span,
    pub delta: Expr,
    /// The same with the mean activation written as `a`.
    pub in_mean: Expr,
    /// The gradient when the target is noisy, so that nothing is known of it but that it is a number: t′ = φ(t, n).
    pub noisy: Expr,
    pub noisy_target: Expr,
    pub invariance: Invariance,
}

/// Everything about one random variable. Fails when an expression has no value or grows beyond its budget.
pub fn derive_layer(
    model: &Model,
    node: &Node,
    observed: bool,
    instance: &Instance,
) -> Result<LayerDerivation, Diagnostic> {
    let mut trace = Trace::default();
    let target = node.var;
    let log_density = normal_form(instance.log_density(target), &mut trace);
    let mean = instance.mean(target).map(|m| simplify(m, &mut trace));
    let a = Expr::var("a", target.shape(), mean_domain(instance));
    let deltas = pre_activations(model, instance)
        .into_iter()
        .map(|pre| delta(pre, target, log_density, instance, mean, a, &mut trace))
        .collect();
    let noise = Expr::var("n", target.shape(), Domain::REAL);
    let with_mean: Vec<Expr> = instance
        .likelihood
        .formals
        .iter()
        .zip(&instance.args)
        .map(|(f, arg)| if instance.likelihood.mean == Some(f.var) { a } else { *arg })
        .collect();
    let both = |args: &[Expr]| {
        [Injection::Add, Injection::Multiply]
            .map(|i| noise_derivation(&instance.likelihood, args, target, noise, i))
            .to_vec()
    };
    Ok(LayerDerivation {
        name: node.name.clone(),
        observed,
        span: node.span,
        instance: instance.clone(),
        target,
        log_density,
        mean,
        a,
        deltas,
        noise: both(&with_mean),
        noise_in_o: both(&instance.args),
        rules: trace.rules,
    })
}

fn mean_domain(instance: &Instance) -> Domain {
    let likelihood = &instance.likelihood;
    let formal = likelihood.formals.iter().find(|f| likelihood.mean == Some(f.var));
    formal.map_or(likelihood.support.interior(), |f| f.support.interior())
}

/// The values of layers that the likelihood's parameters are made of.
fn pre_activations<'m>(model: &'m Model, instance: &Instance) -> Vec<&'m Node> {
    let used: Vec<Expr> = instance.args.iter().flat_map(|a| free_variables(*a)).collect();
    let is_layer = |n: &&Node| matches!(&n.kind, Kind::Definition { layer: Some(_), .. });
    model.nodes.iter().filter(is_layer).filter(|n| used.contains(&n.var)).collect()
}

fn delta(
    pre: &Node,
    target: Expr,
    log_density: Expr,
    instance: &Instance,
    mean: Option<Expr>,
    a: Expr,
    trace: &mut Trace,
) -> Delta {
    let o = pre.var;
    let delta = normal_form(gradient(log_density, o), trace);
    let noisy_target = Expr::var(&format!("{}′", target.name().unwrap_or_default()), target.shape(), Domain::REAL);
    let noisy_density = normal_form(instance.log_density(noisy_target), trace);
    let noisy = normal_form(gradient(noisy_density, o), trace);
    let invariance = invariance(delta, target, mean, o, trace);
    let in_mean = match (&invariance, mean) {
        (Invariance::Holds { scale }, _) => *scale * (target - a),
        (_, Some(mean)) => in_terms_of_mean(delta, mean, a, trace),
        _ => delta,
    };
    let source = match &pre.kind {
        Kind::Definition { layer: Some(layer), .. } => layer.clone(),
        _ => String::new(),
    };
    let noisy = mean.map_or(noisy, |m| replace(noisy, m, a));
    Delta { o, source, span: pre.span, delta, in_mean, noisy, noisy_target, invariance }
}
