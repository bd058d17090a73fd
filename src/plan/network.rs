//! The programs of a network: one training step of an arm, evaluation on data, and the gradients alone.

use super::ir::*;
use super::lower::Lowering;
use super::noise::{NoisyVariable, inject_noise, noisy_variables};
use super::optimizer;
use crate::derive::{Backward, Objective, Step, backward};
use crate::diag::Problems;
use crate::expr::{Domain, Expr, Shape, Trace, pull_back, simplify};
use crate::model::{Arm, GradientLaw, Kind, Model, Node, Noise, Optimizer, Parameter, Select};

/// What a training step needs to know besides the model.
pub struct StepSpec<'a> {
    pub model: &'a Model,
    pub noise: &'a [Noise],
    pub arm: Arm,
    pub select: Select,
    pub gradient: GradientLaw,
    pub optimizer: Optimizer,
}

/// Slots of a training step: 1 over the examples in the batch, and over those in the data.
pub const ONE_OVER_ROWS: &str = "1/rows";
pub const ONE_OVER_DATA_ROWS: &str = "1/data rows";

/// Output of the evaluation: ln p of each example, in nats.
pub const LOG_LIKELIHOOD: &str = "log_likelihood";

/// Output of the evaluation: the mean of an observed variable.
pub fn mean_output(name: &str) -> String {
    format!("mean of {name}")
}

/// Outputs [`LOG_LIKELIHOOD`] and the mean of each observed variable ([`mean_output`]).
pub fn evaluation(model: &Model) -> Plan {
    let mut lowering = Lowering::default();
    enter(&mut lowering, model, &|var| var);
    let derived = backward(model, &sum_over_batch());
    define_all(&mut lowering, &derived.forward);
    let observed: Vec<_> = model.observed().collect();
    match observed[..] {
        [(node, instance)] => lowering.builder.origin(format!("the log-density of {}", node.name), Some(instance.span)),
        _ => lowering.builder.origin("the log-likelihood", Some(model.span)),
    }
    let total = lowering.lower(derived.log_likelihood);
    lowering.output(LOG_LIKELIHOOD, total);
    for (node, instance) in model.observed() {
        lowering.builder.origin(format!("mean of {}", node.name), Some(node.span));
        if let Some(mean) = instance.mean(node.var) {
            let mean = lowering.lower(simplify(mean, &mut Trace::default()));
            lowering.output(&mean_output(&node.name), mean);
        }
    }
    lowering.builder.plan
}

/// Outputs the gradient of every parameter, summed over the batch (`gradient of NAME`, in its own coordinates), for tests
/// and for `verify`.
pub fn gradients(model: &Model) -> Plan {
    let mut lowering = Lowering::default();
    enter(&mut lowering, model, &|var| var);
    let derived = backward(model, &sum_over_batch());
    define_all(&mut lowering, &derived.forward);
    define_all(&mut lowering, &derived.backward);
    for ((node, parameter), gradient) in model.parameters().zip(&derived.gradients) {
        let gradient = parameter_gradient(&mut lowering, node, parameter, *gradient, false);
        lowering.output(&format!("gradient of {}", node.name), gradient);
    }
    lowering.builder.plan
}

/// One step of training in one arm. Outputs, where the arm selects, which draws of noise were used: see
/// [`super::noise::accepted_output`].
pub fn training_step(spec: &StepSpec) -> Result<Plan, Problems> {
    let mut lowering = Lowering::default();
    let noisy = if spec.arm == Arm::None { vec![] } else { noisy_variables(spec)? };
    let inner = |var: Expr| noisy.iter().find_map(|n| Some((n, n.as_inner(var)?)));
    let parameters = enter(&mut lowering, spec.model, &|var| inner(var).map_or(var, |(_, clean)| clean));
    let target = |node: &Node| noisy.iter().find_map(|n| n.as_target(node.var)).unwrap_or(node.var);
    let through = |var: Expr, adjoint: Expr| inner(var).map_or(adjoint, |(n, _)| n.through(adjoint));
    let printed = spec.gradient == GradientLaw::Printed && !noisy.is_empty();
    let weight = Expr::var(ONE_OVER_ROWS, Shape::Scalar, Domain::POSITIVE);
    lowering.bind_slot(weight, ONE_OVER_ROWS);
    let objective = Objective { target: &target, through: &through, printed, weight };
    let Backward { forward, backward, gradients, .. } = backward(spec.model, &objective);
    forward_with_noise(&mut lowering, spec.model, &forward, &noisy);
    define_all(&mut lowering, &backward);
    // Every gradient before any update: no gradient may see a parameter that has moved.
    let gradients: Vec<BufferId> = spec
        .model
        .parameters()
        .zip(gradients)
        .map(|((node, parameter), gradient)| parameter_gradient(&mut lowering, node, parameter, gradient, true))
        .collect();
    for ((node, _), (parameter, gradient)) in spec.model.parameters().zip(parameters.into_iter().zip(gradients)) {
        lowering.builder.origin(format!("update of {}", node.name), Some(node.span));
        optimizer::update(&mut lowering.builder, spec.optimizer, &node.name, parameter, gradient);
    }
    Ok(lowering.builder.plan)
}

/// Each noise as soon as its variable is there: inputs first, computed values where they are computed, outcomes last.
fn forward_with_noise(l: &mut Lowering, model: &Model, forward: &[Step], noisy: &[NoisyVariable]) {
    for node in model.inputs() {
        noisy.iter().filter(|n| n.as_inner(node.var).is_some()).for_each(|n| inject_noise(l, n));
    }
    for step in forward {
        let inner = noisy.iter().find_map(|n| Some((n, n.as_inner(step.var)?)));
        let Some((noise, clean)) = inner else {
            define_all(l, std::slice::from_ref(step));
            continue;
        };
        define_all(l, &[Step { var: clean, ..step.clone() }]);
        inject_noise(l, noise);
    }
    noisy.iter().filter(|n| n.is_outcome()).for_each(|n| inject_noise(l, n));
}

/// The noiseless targets, every example counted once.
fn sum_over_batch<'a>() -> Objective<'a> {
    Objective { target: &|n| n.var, through: &|_, adjoint| adjoint, printed: false, weight: Expr::num(1.0) }
}

/// Gives every input, observed variable and parameter its buffer; parameters come first. Returns the parameters'
/// buffers, in the model's order. `named` says which variable stands for a column of data.
fn enter(lowering: &mut Lowering, model: &Model, named: &dyn Fn(Expr) -> Expr) -> Vec<BufferId> {
    let own = |(node, parameter): (&Node, &Parameter)| {
        let raw = lowering.builder.persistent(&node.name, node.shape.0, node.shape.1);
        lowering.bind(parameter.raw, raw);
        raw
    };
    let parameters = model.parameters().map(own).collect();
    for (node, parameter) in model.parameters() {
        if parameter.raw != node.var {
            lowering.builder.origin(node.name.clone(), Some(node.span));
            lowering.define(node.var, simplify(parameter.value, &mut Trace::default()));
        }
    }
    for node in &model.nodes {
        if matches!(node.kind, Kind::Input | Kind::Random { observed: true, .. }) {
            let buffer = lowering.builder.buffer(Rows::Batch, node.shape.1, Role::Data(node.name.clone()));
            lowering.bind(named(node.var), buffer);
        }
    }
    parameters
}

fn define_all(lowering: &mut Lowering, steps: &[Step]) {
    for step in steps {
        lowering.builder.origin(step.what.clone(), Some(step.span));
        lowering.define(step.var, step.value);
    }
}

/// ∂ ln p / ∂raw over the batch: the per-example gradients summed, with the prior's pull added in training, and carried
/// through the map from raw to value.
fn parameter_gradient(
    l: &mut Lowering,
    node: &Node,
    parameter: &Parameter,
    gradient: Expr,
    with_prior: bool,
) -> BufferId {
    l.builder.origin(format!("gradient of {}", node.name), Some(node.span));
    let total = l.batch_sum(gradient);
    let mut total = l.builder.filled(total, node.shape);
    if let Some(score) = prior_score(node, parameter).filter(|_| with_prior) {
        let score = l.lower(score);
        let inverse = l.builder.slot(ONE_OVER_DATA_ROWS);
        let score = l.builder.scale(score, inverse);
        total = l.builder.binary(Binary::Add, total, score);
    }
    if parameter.raw == node.var {
        return total;
    }
    let summed = Expr::var("gradient", node.var.shape(), Domain::REAL);
    l.bind(summed, total);
    let through = pull_back(parameter.value, summed, &[parameter.raw])[0];
    l.lower(simplify(through, &mut Trace::default()))
}

/// The slope of the log prior at each element of a parameter. It pulls on every step, but does not enter Δ: the prior has
/// no noise in it ([K] (126)).
fn prior_score(node: &Node, parameter: &Parameter) -> Option<Expr> {
    let prior = parameter.prior.as_ref()?;
    let density = prior.likelihood.apply(prior.likelihood.log_density, node.var, &prior.args);
    let score = pull_back(density, Expr::num(1.0), &[node.var])[0];
    Some(simplify(score, &mut Trace::default()))
}
