//! The programs of a network: one training step of an arm, evaluation on data, and the gradients alone.

use super::draw::drawn;
use super::energy;
use super::estep::{self, Samples};
use super::ir::*;
use super::lower::Lowering;
use super::noise::{Against, NoisyVariable, inject_noise, noisy_variables};
use super::optimizer;
use crate::derive::{Backward, Hidden, Objective, Step, backward};
use crate::diag::Problems;
use crate::expr::{Domain, Expr, Shape, Trace, pull_back, simplify};
use crate::model::{
    Arm, EStep, GradientLaw, Kind, Method, Model, Node, Noise, Optimizer, Parameter, Renormalise, Select, Sparsity,
};

/// What a training step needs to know besides the model.
pub struct StepSpec<'a> {
    pub model: &'a Model,
    pub noise: &'a [Noise],
    pub arm: Arm,
    pub select: Select,
    pub estep: EStep,
    pub method: Method,
    pub sparsity: Option<Sparsity>,
    pub normaliser: Renormalise,
    /// Examples in a batch, of which an epoch's last may have fewer.
    pub batch: usize,
    pub gradient: GradientLaw,
    pub optimizer: Optimizer,
    pub task: Task,
}

/// What a step is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// To change the parameters.
    Train,
    /// To tell what the noise does ([`super::noise::raised_output`]); the parameters stay.
    Audit,
    /// The same, with one value of each hidden variable given as a column of the data, where the E-step draws them.
    AuditGiven,
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

/// Outputs [`LOG_LIKELIHOOD`] and the mean of each observed variable ([`mean_output`]), both over the hidden variables as
/// the E-step has them.
pub fn evaluation(model: &Model, estep: EStep) -> Plan {
    let mut l = Lowering::default();
    enter(&mut l, model, &|var| var);
    let derived = backward(model, &sum_over_batch(estep::hidden(model, estep)));
    let samples = go_forward(&mut l, model, &derived.forward, &[], Some(estep));
    let observed: Vec<_> = model.observed().collect();
    match observed[..] {
        [(node, instance)] => l.builder.origin(format!("the log-density of {}", node.name), Some(instance.span)),
        _ => l.builder.origin("the log-likelihood", Some(model.span)),
    }
    let total = match &samples {
        Some(samples) => samples.log_marginal(&mut l, &derived),
        None => l.lower(derived.log_likelihood),
    };
    l.output(LOG_LIKELIHOOD, total);
    let weights = samples.as_ref().map(|samples| (samples, samples.prior_weights(&mut l, &derived)));
    for (node, instance) in model.observed() {
        l.builder.origin(format!("mean of {}", node.name), Some(node.span));
        if let Some(mean) = instance.mean(node.var) {
            let mean = simplify(mean, &mut Trace::default());
            let mean = match weights {
                Some((samples, weights)) => samples.average(&mut l, weights, mean),
                None => l.lower(mean),
            };
            l.output(&mean_output(&node.name), mean);
        }
    }
    l.builder.plan
}

/// The evaluation of any model: an energy is judged by what can be known of its likelihood.
///
/// Errors: those of the energy's derivation.
pub fn evaluation_of(model: &Model, estep: EStep, method: Method) -> Result<Plan, Problems> {
    match model.energy {
        Some(energy) => energy::evaluation(model, energy, method),
        None => Ok(evaluation(model, estep)),
    }
}

/// Outputs the gradient of every parameter, summed over the batch (`gradient of NAME`, in its own coordinates), for tests
/// and for `verify`: that of the log-likelihood with the hidden variables at their means, or that of the Q-function at the
/// parameters its samples or states come from.
pub fn gradients(model: &Model, estep: EStep) -> Plan {
    let mut l = Lowering::default();
    enter(&mut l, model, &|var| var);
    let hidden = estep::hidden(model, estep);
    let objective = sum_over_batch(hidden);
    let gamma = Expr::var("γ", Shape::Scalar, Domain::POSITIVE);
    let weight = if hidden == Hidden::Given { gamma } else { objective.weight };
    let derived = backward(model, &Objective { weight, ..objective });
    if let Some(samples) = go_forward(&mut l, model, &derived.forward, &[], Some(estep)) {
        let weights = samples.weights(&mut l, &derived);
        l.bind(gamma, weights);
    }
    define_all(&mut l, &derived.backward);
    let totals = batch_sums(&mut l, model, &derived.gradients);
    for ((node, parameter), total) in model.parameters().zip(totals) {
        let gradient = parameter_gradient(&mut l, node, parameter, total, false);
        l.output(&format!("gradient of {}", node.name), gradient);
    }
    l.builder.plan
}

/// One step of training in one arm. Outputs, where the arm selects, which draws of noise were used (see
/// [`super::noise::accepted_output`]), and with `importance` what the samples are worth ([`estep::EFFECTIVE`]).
pub fn training_step(spec: &StepSpec) -> Result<Plan, Problems> {
    if let Some(energy) = spec.model.energy {
        return energy::training_step(spec, energy);
    }
    let mut l = Lowering::default();
    let noisy = if spec.arm == Arm::None { vec![] } else { noisy_variables(spec)? };
    let inner = |var: Expr| noisy.iter().find_map(|n| Some((n, n.as_inner(var)?)));
    let parameters = enter(&mut l, spec.model, &|var| inner(var).map_or(var, |(_, clean)| clean));
    let target = |node: &Node| noisy.iter().find_map(|n| n.as_target(node.var)).unwrap_or(node.var);
    let hidden_target = |node: &Node| noisy.iter().find_map(|n| n.as_hidden(node.var));
    let through = |var: Expr, adjoint: Expr| inner(var).map_or(adjoint, |(n, _)| n.through(adjoint));
    let printed = spec.gradient == GradientLaw::Printed && !noisy.is_empty();
    let mean = Expr::var(ONE_OVER_ROWS, Shape::Scalar, Domain::POSITIVE);
    l.bind_slot(mean, ONE_OVER_ROWS);
    let hidden = estep::hidden(spec.model, spec.estep);
    let gamma = Expr::var("γ", Shape::Scalar, Domain::POSITIVE);
    let drawn_by = (spec.task != Task::AuditGiven).then_some(spec.estep);
    let weight = if hidden == Hidden::Given && drawn_by.is_some() { mean * gamma } else { mean };
    let (target, hidden_target, through) = (&target, &hidden_target, &through);
    let objective = Objective { target, hidden, hidden_target, through, printed, weight };
    let derived = backward(spec.model, &objective);
    let samples = go_forward(&mut l, spec.model, &derived.forward, &noisy, drawn_by);
    let weighed = samples.as_ref().map(|samples| (samples, weigh(&mut l, samples, &derived, (gamma, spec.model))));
    let against = Against { samples: weighed, normaliser: None };
    noisy.iter().filter(|n| n.is_between()).for_each(|n| inject_noise(&mut l, n, against));
    for step in &derived.backward {
        define_all(&mut l, std::slice::from_ref(step));
        noisy.iter().filter(|n| n.follows(step.var)).for_each(|n| inject_noise(&mut l, n, against));
    }
    if spec.task != Task::Train {
        return Ok(l.builder.plan);
    }
    let gradients = batch_sums(&mut l, spec.model, &derived.gradients);
    move_parameters(&mut l, spec, parameters, gradients);
    Ok(l.builder.plan)
}

/// Moves every parameter by what the gradient in its value is; each gradient is computed before any update: none may see a parameter
/// that has moved.
pub(super) fn move_parameters(l: &mut Lowering, spec: &StepSpec, parameters: Vec<BufferId>, totals: Vec<BufferId>) {
    let own = spec.model.parameters().zip(totals);
    let gradients: Vec<BufferId> =
        own.map(|((node, parameter), total)| parameter_gradient(l, node, parameter, total, true)).collect();
    for ((node, _), (parameter, gradient)) in spec.model.parameters().zip(parameters.into_iter().zip(gradients)) {
        l.builder.origin(format!("update of {}", node.name), Some(node.span));
        optimizer::update(&mut l.builder, spec.optimizer, &node.name, parameter, gradient);
    }
}

/// Σ_rows of each parameter's gradient, in the shape of the parameter.
pub(super) fn batch_sums(l: &mut Lowering, model: &Model, gradients: &[Expr]) -> Vec<BufferId> {
    let sum = |((node, _), gradient): ((&Node, &Parameter), &Expr)| {
        l.builder.origin(format!("gradient of {}", node.name), Some(node.span));
        let total = l.batch_sum(*gradient);
        l.builder.filled(total, node.shape)
    };
    model.parameters().zip(gradients).map(sum).collect()
}

/// Outputs one draw of every random variable ([`draw_output`]) for given inputs: from the model itself, the hidden
/// variables drawn or at their means as the E-step has them. `None` where a variable has no draw.
pub fn ancestral(model: &Model, estep: EStep) -> Option<Plan> {
    let mut l = Lowering::default();
    let given = estep::hidden(model, estep);
    enter_parameters(&mut l, model);
    for node in model.inputs() {
        enter_column(&mut l, node, node.var);
    }
    let forward = backward(model, &sum_over_batch(given)).forward;
    for (index, node) in model.nodes.iter().enumerate() {
        if let Some(step) = forward.iter().find(|s| s.var == node.var) {
            define_all(&mut l, std::slice::from_ref(step));
        } else if let Kind::Random { instance, .. } = &node.kind {
            l.builder.origin(format!("draw of {}", node.name), Some(node.span));
            let value = drawn(&mut l, instance, node.var, Rows::Batch, |k| estep::source(index, k))?;
            let buffer = l.define(node.var, simplify(value, &mut Trace::default()));
            l.output(&draw_output(&node.name), buffer);
        }
    }
    Some(l.builder.plan)
}

/// Output of [`ancestral`]: the draw of a variable.
pub fn draw_output(name: &str) -> String {
    format!("draw of {name}")
}

/// The weights of the samples, and what these are worth.
fn weigh(l: &mut Lowering, samples: &Samples, derived: &Backward, (gamma, model): (Expr, &Model)) -> BufferId {
    l.builder.origin("the weights of the samples", Some(model.span));
    let weights = samples.weights(l, derived);
    l.bind(gamma, weights);
    if samples.are_drawn() {
        let effective = samples.effective(l, weights);
        l.output(estep::EFFECTIVE, effective);
    }
    weights
}

/// Values in the model's order: hidden variables as the E-step has them, or from the data, and the noise of inputs and of computed values as
/// soon as these are there.
fn go_forward(
    l: &mut Lowering,
    model: &Model,
    forward: &[Step],
    noisy: &[NoisyVariable],
    drawn_by: Option<EStep>,
) -> Option<Samples> {
    let mut samples = drawn_by.and_then(|estep| Samples::new(model, estep));
    for (index, node) in model.nodes.iter().enumerate() {
        let inner = noisy.iter().find_map(|n| Some((n, n.as_inner(node.var)?)));
        if let Some(step) = forward.iter().find(|s| s.var == node.var) {
            let var = inner.map_or(node.var, |(_, clean)| clean);
            define_all(l, &[Step { var, ..step.clone() }]);
        } else {
            enter_hidden(l, (index, node), &mut samples);
        }
        if let Some((noise, _)) = inner {
            inject_noise(l, noise, Against::default());
        }
    }
    samples
}

/// A hidden variable that does not stand at its mean: as its samples or states, or else as a column of the data.
fn enter_hidden(l: &mut Lowering, (index, node): (usize, &Node), samples: &mut Option<Samples>) {
    let Kind::Random { observed: false, instance } = &node.kind else { return };
    match samples {
        Some(samples) => samples.enter(l, index, node, instance),
        None => enter_column(l, node, node.var),
    }
}

/// The noiseless targets, every example counted once.
fn sum_over_batch<'a>(hidden: Hidden) -> Objective<'a> {
    Objective {
        target: &|n| n.var,
        hidden,
        hidden_target: &|_| None,
        through: &|_, adjoint| adjoint,
        printed: false,
        weight: Expr::num(1.0),
    }
}

/// Gives every input, observed variable and parameter its buffer; parameters come first. Returns the parameters'
/// buffers, in the model's order. `named` says which variable stands for a column of data.
fn enter(lowering: &mut Lowering, model: &Model, named: &dyn Fn(Expr) -> Expr) -> Vec<BufferId> {
    let parameters = enter_parameters(lowering, model);
    for node in &model.nodes {
        if matches!(node.kind, Kind::Input | Kind::Random { observed: true, .. }) {
            enter_column(lowering, node, named(node.var));
        }
    }
    parameters
}

pub(super) fn enter_parameters(lowering: &mut Lowering, model: &Model) -> Vec<BufferId> {
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
    parameters
}

pub(super) fn enter_column(lowering: &mut Lowering, node: &Node, var: Expr) {
    let buffer = lowering.builder.buffer(Rows::Batch, node.shape.1, Role::Data(node.name.clone()));
    lowering.bind(var, buffer);
}

fn define_all(lowering: &mut Lowering, steps: &[Step]) {
    for step in steps {
        lowering.builder.origin(step.what.clone(), Some(step.span));
        lowering.define(step.var, step.value);
    }
}

/// ∂ ln p / ∂raw over the batch: what `total` is for the value, with the prior's pull added in training, carried through the map
/// from raw to value.
fn parameter_gradient(
    l: &mut Lowering,
    node: &Node,
    parameter: &Parameter,
    mut total: BufferId,
    with_prior: bool,
) -> BufferId {
    l.builder.origin(format!("gradient of {}", node.name), Some(node.span));
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
