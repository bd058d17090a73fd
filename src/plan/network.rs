//! The two programs of a network: one training step of an arm, and evaluation on data.

use super::ir::*;
use super::lower::Lowering;
use super::optimizer;
use crate::derive::{Backward, NoiseDerivation, Objective, Step, backward, derive_layer, inject, select};
use crate::diag::{Diagnostic, Problems, codes};
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

/// Slot: the noise's scale in this epoch, k^−τ of noise statement `i`.
pub fn cooling_slot(i: usize) -> String {
    format!("cooling {i}")
}

/// Outputs the per-example log-likelihood (`log_likelihood`, natural units) and the mean of each observed variable
/// (`mean of NAME`).
pub fn evaluation(model: &Model) -> Plan {
    let mut lowering = Lowering::default();
    enter(&mut lowering, model);
    let derived = backward(model, &sum_over_batch());
    define_all(&mut lowering, &derived.forward);
    let observed: Vec<_> = model.observed().collect();
    match observed[..] {
        [(node, instance)] => lowering.builder.origin(format!("the log-density of {}", node.name), Some(instance.span)),
        _ => lowering.builder.origin("the log-likelihood", Some(model.span)),
    }
    let total = lowering.lower(derived.log_likelihood);
    lowering.output("log_likelihood", total);
    for (node, instance) in model.observed() {
        lowering.builder.origin(format!("mean of {}", node.name), Some(node.span));
        if let Some(mean) = instance.mean(node.var) {
            let mean = lowering.lower(simplify(mean, &mut Trace::default()));
            lowering.output(&format!("mean of {}", node.name), mean);
        }
    }
    lowering.builder.plan
}

/// Outputs the gradient of every parameter, summed over the batch (`gradient of NAME`, in its own coordinates), for tests
/// and for `verify`.
pub fn gradients(model: &Model) -> Plan {
    let mut lowering = Lowering::default();
    enter(&mut lowering, model);
    let derived = backward(model, &sum_over_batch());
    define_all(&mut lowering, &derived.forward);
    define_all(&mut lowering, &derived.backward);
    for ((node, parameter), gradient) in model.parameters().zip(&derived.gradients) {
        let gradient = parameter_gradient(&mut lowering, node, parameter, *gradient, false);
        lowering.output(&format!("gradient of {}", node.name), gradient);
    }
    lowering.builder.plan
}

/// One step of training in one arm. Output `accepted`, where the arm selects: the share of noise used, by example.
pub fn training_step(spec: &StepSpec) -> Result<Plan, Problems> {
    let mut lowering = Lowering::default();
    enter(&mut lowering, spec.model);
    let noisy = if spec.arm == Arm::None { vec![] } else { noisy_targets(spec)? };
    let target = |node: &Node| noisy.iter().find(|n| n.of == node.var).map_or(node.var, |n| n.target);
    let printed = spec.gradient == GradientLaw::Printed && !noisy.is_empty();
    let weight = Expr::var("1/rows", Shape::Scalar, Domain::POSITIVE);
    lowering.bind_slot(weight, "1/rows");
    let objective = Objective { target: &target, printed, weight };
    let Backward { forward, backward, gradients, .. } = backward(spec.model, &objective);
    define_all(&mut lowering, &forward);
    for noise in &noisy {
        inject_noise(&mut lowering, noise);
    }
    define_all(&mut lowering, &backward);
    // Every gradient before any update: no gradient may see a parameter that has moved.
    let gradients: Vec<BufferId> = spec
        .model
        .parameters()
        .zip(gradients)
        .map(|((node, parameter), gradient)| parameter_gradient(&mut lowering, node, parameter, gradient, true))
        .collect();
    for (at, ((node, _), gradient)) in spec.model.parameters().zip(gradients).enumerate() {
        lowering.builder.origin(format!("update of {}", node.name), Some(node.span));
        let place = persistent(&lowering, at);
        optimizer::update(&mut lowering.builder, spec.optimizer, &node.name, place, gradient);
    }
    Ok(lowering.builder.plan)
}

/// The noiseless targets, every example counted once.
fn sum_over_batch<'a>() -> Objective<'a> {
    Objective { target: &|n| n.var, printed: false, weight: Expr::num(1.0) }
}

/// Gives every input, observed variable and parameter its buffer; parameters come first and in the model's order.
fn enter(lowering: &mut Lowering, model: &Model) {
    for (node, parameter) in model.parameters() {
        let (rows, columns) = node.shape;
        let raw = lowering.builder.persistent(&node.name, rows, columns);
        lowering.bind(parameter.raw, raw);
    }
    for (node, parameter) in model.parameters() {
        if parameter.raw != node.var {
            lowering.builder.origin(node.name.clone(), Some(node.span));
            lowering.define(node.var, simplify(parameter.value, &mut Trace::default()));
        }
    }
    for node in &model.nodes {
        if matches!(node.kind, Kind::Input | Kind::Random { observed: true, .. }) {
            let buffer = lowering.builder.buffer(Rows::Batch, node.shape.1, Role::Data(node.name.clone()));
            lowering.bind(node.var, buffer);
        }
    }
}

fn persistent(lowering: &Lowering, index: usize) -> BufferId {
    let buffers = &lowering.builder.plan.buffers;
    let at = buffers.iter().position(|b| b.role == Role::Persistent(index)).unwrap_or(0);
    BufferId(at as u32)
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
        let inverse = l.builder.slot("1/data rows");
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

/// A target with noise in it, and how the noise comes about.
struct NoisyTarget<'a> {
    of: Expr,
    /// The variable that takes the target's place.
    target: Expr,
    derived: NoiseDerivation,
    statement: &'a Noise,
    index: usize,
    spec: &'a StepSpec<'a>,
}

fn noisy_targets<'a>(spec: &'a StepSpec<'a>) -> Result<Vec<NoisyTarget<'a>>, Problems> {
    spec.noise.iter().enumerate().map(|(index, statement)| noisy_target(spec, index, statement)).collect()
}

fn noisy_target<'a>(spec: &'a StepSpec<'a>, index: usize, statement: &'a Noise) -> Result<NoisyTarget<'a>, Problems> {
    let missing = || {
        Diagnostic::new(codes::NOISE_TARGET, format!("noise on `{}`, which has no likelihood", statement.target_name))
            .at(statement.span, "this noise has nothing to act on")
            .help("put the noise on an observed variable of the model")
    };
    let (node, observed, instance) =
        spec.model.random().find(|(n, _, _)| n.var == statement.target).ok_or_else(missing)?;
    let layer = derive_layer(spec.model, node, observed, instance)?;
    let derived = layer.noise_in_o.into_iter().find(|d| d.injection == statement.injection).ok_or_else(missing)?;
    let target = Expr::var(&format!("noisy {}", node.name), node.var.shape(), Domain::REAL);
    let noisy = NoisyTarget { of: node.var, target, derived, statement, index, spec };
    // Asked here so that an impossible choice is refused before anything runs.
    select(&noisy.derived, node.var, noisy.derived.noise, spec.arm, spec.select)
        .ok_or_else(|| no_reflection(&noisy))?;
    Ok(noisy)
}

fn no_reflection(noisy: &NoisyTarget) -> Diagnostic {
    let region = noisy.derived.region.kind.name();
    Diagnostic::new(
        codes::NO_REGION,
        format!("`select reflect` needs a half-space, and the region here is another: {region}"),
    )
    .at(noisy.statement.span, format!("the condition for this noise gives the region: {region}"))
    .note("mirroring a draw at a plane keeps its distribution; no other region has a plane for its whole boundary")
    .help("write `select drop`, which keeps the draws inside the region and drops the others")
}

/// Draws, cools, selects and injects: noise n = e + k^−τ (draw − e) about the noise e that changes nothing.
fn inject_noise(l: &mut Lowering, noisy: &NoisyTarget) {
    let NoisyTarget { statement, derived, spec, .. } = noisy;
    l.builder.origin(format!("noise on {}", statement.target_name), Some(statement.span));
    let cooling = Expr::var("cooling", Shape::Scalar, Domain::POSITIVE);
    l.bind_slot(cooling, &cooling_slot(noisy.index));
    let identity = crate::derive::identity_element(derived.injection);
    let cooled = cooling * (proposal(l, noisy) - identity) + identity;
    let draw = Expr::var("draw", noisy.of.shape(), Domain::REAL);
    l.define(draw, simplify(cooled, &mut Trace::default()));
    if let Some(selected) = select(derived, noisy.of, draw, spec.arm, spec.select) {
        let target = simplify(inject(derived.injection, noisy.of, selected.noise), &mut Trace::default());
        l.define(noisy.target, target);
        if matches!(spec.arm, Arm::Nem | Arm::Anti) {
            let accepted = l.lower(selected.accepted);
            l.output(&format!("accepted {}", noisy.index), accepted);
        }
    }
}

/// The proposal's draw, one for each component of the target, over fresh standard random numbers.
fn proposal(l: &mut Lowering, noisy: &NoisyTarget) -> Expr {
    let instance = &noisy.statement.proposal;
    let Some(draw) = &instance.likelihood.draw else { return Expr::num(f64::NAN) };
    let width = match noisy.of.shape() {
        Shape::Vector(crate::expr::Dim::Fixed(n)) => n,
        _ => 1,
    };
    let fresh: Vec<(Expr, Expr)> = draw
        .randomness
        .iter()
        .enumerate()
        .map(|(k, (var, kind))| {
            // Sixteen random variables to a statement is more than any sampler uses.
            let fill = Fill { kind: *kind, source: (16 * noisy.index + k) as u32 };
            let buffer = l.builder.buffer(Rows::Batch, width, Role::Random(fill));
            let vector = Expr::var("u", noisy.of.shape(), var.domain().unwrap_or(Domain::REAL));
            l.bind(vector, buffer);
            (*var, vector)
        })
        .collect();
    let value = instance.likelihood.apply(draw.value, noisy.of, &instance.args);
    crate::expr::substitute(value, &fresh)
}
