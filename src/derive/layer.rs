//! What follows for a random variable of a model: its likelihood together with its link.

use super::ascent::{Slope, ascent};
use super::chain::Chain;
use super::delta::{NoiseDerivation, Site, noise_derivation};
use super::injection::noise_shape;
use super::invariance::{Invariance, proportion};
use super::limits::{has_value, within_budget};
use crate::diag::Problems;
use crate::expr::{
    Domain, Expr, Trace, depends_on, free_variables, gradient, normal_form, replace, shortest, simplify, tidy,
};
use crate::model::{Criterion, Formal, Injection, Instance, Kind, Model, NOISE, Node};
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
    /// The same with the mean written as `a`, where the mean is a parameter of the likelihood.
    pub log_density_in_mean: Expr,
    /// The mean activation as an expression of the pre-activation.
    pub mean: Option<Expr>,
    /// The letter that stands for the mean in `delta.in_mean` and in `noise_in_mean`.
    pub a: Expr,
    /// ∂ ln f / ∂θ for each parameter of the likelihood that is not a number; the mean is called `a`, others by their names.
    pub scores: Vec<(String, Expr)>,
    pub deltas: Vec<Delta>,
    /// In terms of the mean activation where the mean is a parameter of the likelihood.
    pub noise: Vec<NoiseDerivation>,
    /// In terms of the pre-activation.
    pub noise_in_o: Vec<NoiseDerivation>,
    /// The ascent condition by δ at every pre-activation; empty where there is none.
    pub ascent: Vec<NoiseDerivation>,
    pub rules: Vec<&'static str>,
}

/// ∂L/∂o at one pre-activation.
#[derive(Clone, Debug)]
pub struct Delta {
    pub o: Expr,
    pub target: Expr,
    /// The letter for the mean.
    pub a: Expr,
    /// The name of the definition whose value it is, and that value.
    pub source: String,
    pub value: Expr,
    /// The layer whose value it is.
    pub layer: Option<String>,
    pub span: Span,
    pub delta: Expr,
    /// The same with the mean activation written as `a`.
    pub in_mean: Expr,
    /// The gradient when the target is noisy, so that nothing is known of it but that it is a number: t′ = φ(t, n).
    pub noisy: Expr,
    pub noisy_target: Expr,
    pub invariance: Invariance,
}

impl Delta {
    /// δ as the ascent condition sees it, in terms of the mean.
    fn slope(&self) -> Slope {
        Slope { noisy: self.noisy_target, at_noisy: self.noisy, value: self.in_mean }
    }

    /// δ with the noisy target put into it: the law as the papers print it, which is the gradient only where `noisy` is the
    /// same.
    pub fn target_replaced(&self) -> Expr {
        replace(self.in_mean, self.target, self.noisy_target)
    }
}

/// Everything about one random variable. Fails when an expression has no value or grows beyond its budget.
pub fn derive_layer(
    model: &Model,
    node: &Node,
    observed: bool,
    instance: &Instance,
) -> Result<LayerDerivation, Problems> {
    has_value(instance.likelihood.log_density, &instance.likelihood.name, instance.span)?;
    let mut trace = Trace::default();
    let target = node.var;
    let written = instance.log_density(target);
    let log_density = shortest(&[normal_form(written, &mut trace), simplify(written, &mut trace)]).unwrap_or(written);
    let mean = instance.mean(target).map(|m| simplify(m, &mut trace));
    let a = Expr::var("a", target.shape(), mean_domain(instance));
    let deltas: Vec<Delta> = pre_activations(model, instance)
        .into_iter()
        .map(|pre| delta(pre, log_density, Chain { instance, target, o: pre.var, mean, a }, &mut trace))
        .collect();
    let with_mean = instance.args_by_mean(a);
    const BOTH: [Injection; 2] = [Injection::Add, Injection::Multiply];
    let both = |args: &[Expr]| {
        let ln_f = instance.likelihood.log_density_at(target, args);
        BOTH.map(|i| noise_derivation(ln_f, site(instance, target, i, args))).to_vec()
    };
    let (noise, noise_in_o) = (both(&with_mean), both(&instance.args));
    let slopes: Vec<Slope> = deltas.iter().map(Delta::slope).collect();
    let rising = |i: Injection| ascent(&slopes, site(instance, target, i, &with_mean));
    let ascent = if slopes.is_empty() { vec![] } else { BOTH.map(rising).to_vec() };
    let scores = scores(instance, target, a, &mut trace);
    let log_density_in_mean = tidy(instance.likelihood.log_density_at(target, &with_mean), &mut trace);
    within_budget(noise.iter().chain(&noise_in_o).map(|n| &n.trace).chain([&trace]), &node.name, node.span)?;
    Ok(LayerDerivation {
        name: node.name.clone(),
        observed,
        span: node.span,
        instance: instance.clone(),
        target,
        log_density,
        log_density_in_mean,
        mean,
        a,
        scores,
        deltas,
        noise,
        noise_in_o,
        ascent,
        rules: trace.rules,
    })
}

/// Noise on the target of a layer, by what is learned in it: the values of its pre-activations. `None` for the ascent
/// condition where nothing is learned.
pub fn layer_noise(
    instance: &Instance,
    target: Expr,
    learned: &[Expr],
    injection: Injection,
    criterion: Criterion,
) -> Option<NoiseDerivation> {
    let site = site(instance, target, injection, &instance.args);
    match criterion {
        Criterion::Nem | Criterion::Anti => Some(noise_derivation(instance.log_density(target), site)),
        Criterion::Ascent if learned.is_empty() => None,
        Criterion::Ascent => {
            let slope = |o: &Expr| Slope::of(&|y| instance.log_density(y), *o, target);
            Some(ascent(&learned.iter().map(slope).collect::<Vec<_>>(), site))
        }
    }
}

/// Noise on the target, whose bounds these arguments of the likelihood give.
pub(super) fn site(instance: &Instance, target: Expr, injection: Injection, args: &[Expr]) -> Site {
    Site {
        variable: target,
        noise: Expr::var(NOISE, noise_shape(injection, target.shape()), Domain::REAL),
        injection,
        bounds: instance.likelihood.bounds_at(target, args),
    }
}

fn scores(instance: &Instance, target: Expr, a: Expr, trace: &mut Trace) -> Vec<(String, Expr)> {
    let likelihood = &instance.likelihood;
    // Each parameter as a letter of its own, of the argument's shape: a shared one collects from every component.
    let letter = |(formal, arg): (&Formal, &Expr)| match arg.as_num() {
        Some(_) => *arg,
        None if likelihood.mean == Some(formal.var) => a,
        None => Expr::var(&formal.name, arg.shape(), formal.support.interior()),
    };
    let letters: Vec<Expr> = likelihood.formals.iter().zip(&instance.args).map(letter).collect();
    let log_density = simplify(likelihood.log_density_at(target, &letters), trace);
    let mut score = |letter: Expr| Some((letter.name()?.to_string(), tidy(gradient(log_density, letter), trace)));
    letters.into_iter().filter_map(&mut score).collect()
}

pub fn mean_domain(instance: &Instance) -> Domain {
    let likelihood = &instance.likelihood;
    let formal = likelihood.formals.iter().find(|f| likelihood.mean == Some(f.var));
    formal.map_or(likelihood.support.interior(), |f| f.support.interior())
}

/// The values of layers, or other definitions, that the likelihood's parameters are made of.
pub fn pre_activations<'m>(model: &'m Model, instance: &Instance) -> Vec<&'m Node> {
    let used: Vec<Expr> = instance.args.iter().flat_map(|a| free_variables(*a)).collect();
    let is_definition = |n: &&Node| matches!(&n.kind, Kind::Definition { .. });
    model.nodes.iter().filter(is_definition).filter(|n| used.contains(&n.var)).collect()
}

fn delta(pre: &Node, log_density: Expr, chain: Chain, trace: &mut Trace) -> Delta {
    let Chain { instance, target, o, mean, a } = chain;
    let delta = normal_form(gradient(log_density, o), trace);
    let name = target.name().unwrap_or_default();
    let noisy_target = Expr::var(&format!("{name}′"), target.shape(), Domain::REAL);
    let noisy_chain = Chain { target: noisy_target, ..chain };
    let scale = |e: Expr, target: Expr, trace: &mut Trace| {
        mean.filter(|m| depends_on(*m, &[o])).and_then(|m| proportion(e, target, m, o, trace))
    };
    let invariance = match scale(delta, target, trace) {
        Some(scale) => Invariance::Holds { scale },
        None if mean.is_none_or(|m| !depends_on(m, &[o])) => Invariance::NoMean,
        None => Invariance::Fails(chain.failure(trace)),
    };
    let in_mean = match &invariance {
        Invariance::Holds { scale } => *scale * (target - a),
        _ => chain.delta(trace),
    };
    let noisy = normal_form(gradient(instance.log_density(noisy_target), o), trace);
    let noisy = match scale(noisy, noisy_target, trace) {
        Some(scale) => scale * (noisy_target - a),
        None => noisy_chain.delta(trace),
    };
    let (value, layer) = match &pre.kind {
        Kind::Definition { value, layer } => (*value, layer.clone()),
        _ => (o, None),
    };
    let source = pre.name.clone();
    Delta { o, target, a, source, value, layer, span: pre.span, delta, in_mean, noisy, noisy_target, invariance }
}
