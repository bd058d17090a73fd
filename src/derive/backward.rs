//! The derived gradient of a whole network: backpropagation as one generalized-EM step ([K] Theorem 1, (94)-(97)).
//!
//! The network's log-likelihood factors by layer ([K] (133)), so each variable's equation is differentiated on its own, in
//! reverse order, and simplified on its own. Hidden variables stand at their means, or are given from outside: as samples or
//! as states, each of which counts with its weight ([K] (108)-(110)). The result is a list of equations, one variable each,
//! that a tensor program can be made of.

use super::hidden::hidden_target;
use crate::expr::{Domain, Expr, Shape, Trace, normal_form, pull_back, simplify};
use crate::model::{Instance, Kind, Model, Node};
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

/// Where the hidden variables are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// At their means (`mean_field`).
    Means,
    /// Given from outside. Each is the target of its own layer, and no gradient passes through it.
    Given,
}

/// What is maximised: for each random variable, the value that stands in its place in its own log-density and whether facts
/// about the target (Σ t = 1) may be used.
pub struct Objective<'a> {
    /// The (noisy) target of a variable; itself when there is no noise.
    pub target: &'a dyn Fn(&Node) -> Expr,
    pub hidden: Hidden,
    /// For a hidden variable at its mean that takes noise: letters for its target without and with the noise.
    pub hidden_target: &'a dyn Fn(&Node) -> Option<(Expr, Expr)>,
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
    /// ln p(observed | hidden, inputs, parameters) of one example, for the noiseless target.
    pub log_likelihood: Expr,
    /// ln p(hidden | inputs, parameters) of one example.
    pub log_prior: Expr,
    pub backward: Vec<Step>,
    /// For each parameter node, in order: ∂ ln p / ∂(node.var) of one example.
    pub gradients: Vec<Expr>,
}

fn forward(model: &Model, hidden: Hidden) -> Vec<Step> {
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
            Kind::Random { observed: false, instance } if hidden == Hidden::Means => {
                let mean = instance.mean(node.var)?;
                Some(step(node, simplify(mean, &mut trace), format!("mean of {}", node.name)))
            }
            _ => None,
        })
        .collect()
}

/// Σ ln f over the observed, or over the hidden, variables.
fn log_density(model: &Model, of_observed: bool) -> Expr {
    let mut trace = Trace::default();
    let wanted = model.random().filter(|(_, observed, _)| *observed == of_observed);
    let terms = wanted.map(|(node, _, instance)| normal_form(instance.log_density(node.var), &mut trace));
    Expr::add_all(&terms.collect::<Vec<_>>())
}

pub fn backward(model: &Model, objective: &Objective) -> Backward {
    let forward = forward(model, objective.hidden);
    let mut adjoints = Adjoints::new(model, objective);
    for (node, observed, instance) in model.random() {
        if observed || objective.hidden == Hidden::Given {
            adjoints.own_density(node, instance);
        }
    }
    let mut steps = vec![];
    for node in model.nodes.iter().rev() {
        let Some(step) = forward.iter().find(|s| s.var == node.var) else { continue };
        let total = (objective.through)(step.var, adjoints.of(node));
        if total.is_num(0.0) {
            continue;
        }
        let adjoint = adjoint_step(total, step, format!("∂L/∂({})", step.what));
        adjoints.through(step.value, adjoint.var);
        steps.push(adjoint.clone());
        steps.extend(adjoints.hidden_noise(model, node, adjoint.var));
    }
    let gradients = model.parameters().map(|(node, _)| adjoints.of(node)).collect();
    Backward {
        forward,
        log_likelihood: log_density(model, true),
        log_prior: log_density(model, false),
        backward: steps,
        gradients,
    }
}

/// What has come back to every variable of a model so far, term by term.
struct Adjoints<'a> {
    objective: &'a Objective<'a>,
    vars: Vec<Expr>,
    terms: Vec<Vec<Expr>>,
    trace: Trace,
}

impl<'a> Adjoints<'a> {
    fn new(model: &Model, objective: &'a Objective) -> Self {
        let vars: Vec<Expr> = model.nodes.iter().map(|n| n.var).collect();
        Adjoints { objective, terms: vec![vec![]; vars.len()], vars, trace: Trace::default() }
    }

    fn of(&self, node: &Node) -> Expr {
        let at = self.vars.iter().position(|v| *v == node.var);
        at.map_or(Expr::num(0.0), |at| Expr::add_all(&self.terms[at]))
    }

    fn add(&mut self, parts: Vec<Expr>) {
        self.terms.iter_mut().zip(parts).for_each(|(list, part)| list.push(part));
    }

    /// From the log-density of a variable at its (noisy) target to its parameters.
    fn own_density(&mut self, node: &Node, instance: &Instance) {
        let Objective { printed, weight, .. } = *self.objective;
        let target = (self.objective.target)(node);
        let assumed = if printed { node.var } else { target };
        let parts = self.slopes(instance.log_density(assumed));
        let placed = |part: Expr| if printed { crate::expr::replace(part, node.var, target) } else { part };
        self.add(parts.into_iter().map(|part| weight * placed(part)).collect());
    }

    fn slopes(&mut self, density: Expr) -> Vec<Expr> {
        let density = normal_form(density, &mut self.trace);
        let parts = pull_back(density, Expr::num(1.0), &self.vars);
        parts.into_iter().map(|part| normal_form(part, &mut self.trace)).collect()
    }

    /// From the value of an equation to what it is made of.
    fn through(&mut self, value: Expr, adjoint: Expr) {
        let mut parts = pull_back(value, adjoint, &self.vars);
        parts.iter_mut().for_each(|part| *part = simplify(*part, &mut self.trace));
        self.add(parts);
    }

    /// What noise in the target of a hidden variable at its mean adds to its δ: the difference of the layer's scores. The
    /// target, which the difference is taken at, is a step of its own.
    fn hidden_noise(&mut self, model: &Model, node: &Node, adjoint: Expr) -> Option<Step> {
        let Kind::Random { observed: false, instance } = &node.kind else { return None };
        let (target, noisy) = (self.objective.hidden_target)(node)?;
        let weight = self.objective.weight;
        let value = hidden_target(model, node, instance, adjoint / weight)?;
        let (after, before) = (self.slopes(instance.log_density(noisy)), self.slopes(instance.log_density(target)));
        let parts = after.into_iter().zip(before).map(|(after, before)| weight * (after - before));
        self.add(parts.collect());
        Some(Step { var: target, value, span: node.span, what: format!("target of {}", node.name) })
    }
}

fn adjoint_step(total: Expr, step: &Step, what: String) -> Step {
    let value = match step.var.shape() {
        Shape::Vector(dim) => total.spread(dim),
        _ => total,
    };
    let var = Expr::var(&what, step.var.shape(), Domain::REAL);
    Step { var, value, span: step.span, what }
}
