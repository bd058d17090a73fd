//! What the target of a hidden variable is when the hidden variables stand at their means.
//!
//! Backpropagation brings g = ∂ ln p(y | h) / ∂h to a layer. Its δ is that of a layer with a target of its own, namely the t
//! at which the layer's score is g: for a mean a and variance V that is t = a + V g, since an exponential family has the
//! score (t − a)/V in its mean. To first order in g this t is the posterior mean E[h | y], which is the target that the
//! E-step of EM asks for ([K] (97)). So a hidden layer has a target without any sampling, and noise can be put into it.

use super::invariance::proportion;
use super::layer::{mean_domain, pre_activations};
use crate::expr::{Expr, Quadratic, Trace, gradient, normal_form, pull_back, replace, simplify, tidy};
use crate::model::{Instance, Model, Node};

/// The target at which the layer's own score is `g` = ∂L/∂h; `None` where its score is no multiple of t − a. The variable
/// itself stands for its mean.
pub fn hidden_target(model: &Model, node: &Node, instance: &Instance, g: Expr) -> Option<Expr> {
    in_mean(node, instance, g).or_else(|| in_pre_activation(model, node, instance, g))
}

/// By the score in the mean: t = a + V g.
fn in_mean(node: &Node, instance: &Instance, g: Expr) -> Option<Expr> {
    let mut trace = Trace::default();
    let likelihood = &instance.likelihood;
    likelihood.mean.filter(|m| likelihood.formals.iter().any(|f| f.var == *m))?;
    let a = Expr::var("a", node.var.shape(), mean_domain(instance));
    let args = instance.args_by_mean(a);
    let density = simplify(likelihood.log_density_at(node.var, &args), &mut trace);
    let score = tidy(gradient(density, a), &mut trace);
    let slope = slope_in_mean(score, node.var, a, &mut trace)?;
    Some(tidy(node.var + replace(g / slope, a, node.var), &mut trace))
}

/// The factor in score = factor · (t − a), which may depend on the mean, as 1/(a (1 − a)) does.
fn slope_in_mean(score: Expr, target: Expr, a: Expr, trace: &mut Trace) -> Option<Expr> {
    // Component by component: no component of the score depends on another of the target, or the slope does not fit.
    let slope = tidy(gradient(Quadratic::total(score, score.shape().dim()), target), trace);
    proportion(score / slope, target, a, a, trace).filter(|one| one.is_num(1.0)).map(|_| slope)
}

/// By δ at the pre-activation, where the link is what makes the score a multiple of t − a, as the softmax does.
fn in_pre_activation(model: &Model, node: &Node, instance: &Instance, g: Expr) -> Option<Expr> {
    let mut trace = Trace::default();
    let [pre] = pre_activations(model, instance)[..] else { return None };
    let mean = simplify(instance.mean(node.var)?, &mut trace);
    let delta = normal_form(gradient(instance.log_density(node.var), pre.var), &mut trace);
    let scale = proportion(delta, node.var, mean, pre.var, &mut trace)?;
    let arrived = simplify(pull_back(mean, g, &[pre.var])[0], &mut trace);
    Some(simplify(node.var + replace(arrived, mean, node.var) / scale, &mut trace))
}
