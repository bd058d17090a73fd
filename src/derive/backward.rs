//! The derived gradient of a whole network: backpropagation as one generalized-EM step ([K] Theorem 1, (94)-(97)).
//!
//! The network's log-likelihood factors by layer ([K] (133)), so each variable's equation is differentiated on its own, in
//! reverse order, and simplified on its own. Latent variables stand at their means (`mean_field`). The result is a list of
//! equations, one variable each, that a tensor program can be made of.

use crate::expr::{Domain, Expr, Shape, Trace, normal_form, pull_back, simplify};
use crate::model::{Kind, Model, Node};
use crate::source::Span;

/// `var = value`, and where in the program it comes from.
#[derive(Clone, Debug)]
pub struct Step {
    pub var: Expr,
    pub value: Expr,
    pub span: Span,
    /// What is computed, in words: `mean of h1`, `∂L/∂o of h1`.
    pub what: String,
}

/// What is maximised: for each observed variable, the value that stands in its place and whether facts about the target
/// (Σ t = 1) may be used.
pub struct Objective<'a> {
    /// The (noisy) target of an observed variable; itself when there is no noise.
    pub target: &'a dyn Fn(&Node) -> Expr,
    /// The paper's printed law: the derived δ of the noiseless target, with the noisy target put into it.
    pub printed: bool,
    /// What the adjoint of a variable is for the value that is computed for it: another where noise comes between.
    pub through: &'a dyn Fn(Expr, Expr) -> Expr,
    /// What one example counts: 1 for a sum over the batch, 1/rows for its mean.
    pub weight: Expr,
}

/// Forward equations, log-likelihood of one example, backward equations, and the gradient of every parameter.
#[derive(Clone, Debug)]
pub struct Backward {
    pub forward: Vec<Step>,
    /// ln p(observed | inputs, parameters) of one example, for the noiseless target.
    pub log_likelihood: Expr,
    pub backward: Vec<Step>,
    /// For each parameter node, in order: ∂ ln p / ∂(node.var) of one example.
    pub gradients: Vec<Expr>,
}

pub fn forward(model: &Model) -> Vec<Step> {
    let mut trace = Trace::default();
    let step = |node: &Node, value: Expr, what: String| Step { var: node.var, value, span: node.span, what };
    model
        .nodes
        .iter()
        .filter_map(|node| match &node.kind {
            Kind::Definition { value, layer: Some(layer) } => {
                Some(step(node, *value, format!("{layer} of {}", node.name)))
            }
            Kind::Definition { value, .. } => Some(step(node, simplify(*value, &mut trace), node.name.clone())),
            Kind::Random { observed: false, instance } => {
                let mean = instance.mean(node.var)?;
                Some(step(node, simplify(mean, &mut trace), format!("mean of {}", node.name)))
            }
            _ => None,
        })
        .collect()
}

pub fn log_likelihood(model: &Model) -> Expr {
    let mut trace = Trace::default();
    let terms: Vec<Expr> =
        model.observed().map(|(node, instance)| normal_form(instance.log_density(node.var), &mut trace)).collect();
    Expr::add_all(&terms)
}

pub fn backward(model: &Model, objective: &Objective) -> Backward {
    let forward = forward(model);
    let vars: Vec<Expr> = model.nodes.iter().map(|n| n.var).collect();
    let mut adjoints: Vec<Vec<Expr>> = vec![vec![]; vars.len()];
    let mut trace = Trace::default();
    for (node, instance) in model.observed() {
        let target = (objective.target)(node);
        let assumed = if objective.printed { node.var } else { target };
        let density = normal_form(instance.log_density(assumed), &mut trace);
        for (list, part) in adjoints.iter_mut().zip(pull_back(density, Expr::num(1.0), &vars)) {
            let part = normal_form(part, &mut trace);
            let part = if objective.printed { crate::expr::replace(part, node.var, target) } else { part };
            list.push(objective.weight * part);
        }
    }
    let mut steps = vec![];
    for at in (0..vars.len()).rev() {
        let Some(step) = forward.iter().find(|s| s.var == vars[at]) else { continue };
        let total = (objective.through)(step.var, Expr::add_all(&adjoints[at]));
        if total.is_num(0.0) {
            continue;
        }
        let what = format!("∂L/∂({})", step.what);
        let adjoint = adjoint_step(total, step, what);
        for (list, part) in adjoints.iter_mut().zip(pull_back(step.value, adjoint.var, &vars)) {
            list.push(simplify(part, &mut trace));
        }
        steps.push(adjoint);
    }
    let of = |node: &Node| vars.iter().position(|v| *v == node.var).map(|i| Expr::add_all(&adjoints[i]));
    let gradients = model.parameters().map(|(node, _)| of(node).unwrap_or(Expr::num(0.0))).collect();
    Backward { forward, log_likelihood: log_likelihood(model), backward: steps, gradients }
}

fn adjoint_step(total: Expr, step: &Step, what: String) -> Step {
    let value = match step.var.shape() {
        Shape::Vector(dim) => total.spread(dim),
        _ => total,
    };
    let var = Expr::var(&what, step.var.shape(), Domain::REAL);
    Step { var, value, span: step.span, what }
}
