//! Noise in a training step: drawn, cooled, selected by the derived region, and put into the target.

use super::ir::*;
use super::lower::Lowering;
use super::network::StepSpec;
use crate::derive::{NoiseDerivation, layer_noise, pre_activations, select};
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::{Dim, Domain, Expr, Shape, Trace, simplify, substitute};
use crate::model::{Criterion, Noise};

/// Slot: the noise's scale in this epoch, k^−τ of noise statement `i`.
pub fn cooling_slot(i: usize) -> String {
    format!("cooling {i}")
}

/// Output: for each example, which share of the draws of noise statement `i` was used.
pub fn accepted_output(i: usize) -> String {
    format!("{ACCEPTED} {i}")
}

/// How the names of these outputs begin.
pub const ACCEPTED: &str = "accepted";

/// A target with noise in it, and how the noise comes about.
pub struct NoisyTarget<'a> {
    pub of: Expr,
    /// The variable that takes the target's place.
    pub target: Expr,
    derived: NoiseDerivation,
    statement: &'a Noise,
    index: usize,
    spec: &'a StepSpec<'a>,
}

pub fn noisy_targets<'a>(spec: &'a StepSpec<'a>) -> Result<Vec<NoisyTarget<'a>>, Problems> {
    spec.noise.iter().enumerate().map(|(index, statement)| noisy_target(spec, index, statement)).collect()
}

fn noisy_target<'a>(spec: &'a StepSpec<'a>, index: usize, statement: &'a Noise) -> Result<NoisyTarget<'a>, Problems> {
    let missing = || {
        Diagnostic::new(codes::NOISE_TARGET, format!("noise on `{}`, which has no likelihood", statement.target_name))
            .at(statement.span, "this noise has nothing to act on")
            .help("put the noise on an observed variable of the model")
    };
    let (node, _, instance) = spec.model.random().find(|(n, _, _)| n.var == statement.target).ok_or_else(missing)?;
    let learned: Vec<Expr> = pre_activations(spec.model, instance).iter().map(|n| n.var).collect();
    let criterion = spec.arm.criterion().unwrap_or(Criterion::Nem);
    let derived = layer_noise(instance, node.var, &learned, statement.injection, criterion).ok_or_else(missing)?;
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
pub fn inject_noise(l: &mut Lowering, noisy: &NoisyTarget) {
    let NoisyTarget { statement, derived, spec, .. } = noisy;
    l.builder.origin(format!("noise on {}", statement.target_name), Some(statement.span));
    let cooling = Expr::var("cooling", Shape::Scalar, Domain::POSITIVE);
    l.bind_slot(cooling, &cooling_slot(noisy.index));
    let drawn = proposal(l, noisy);
    let cooled = derived.still.map_or(cooling * drawn, |still| cooling * (drawn - still) + still);
    let draw = Expr::var("draw", derived.noise.shape(), Domain::REAL);
    l.define(draw, simplify(cooled, &mut Trace::default()));
    if let Some(selected) = select(derived, noisy.of, draw, spec.arm, spec.select) {
        l.define(noisy.target, simplify(selected.target, &mut Trace::default()));
        if spec.arm.criterion().is_some() {
            let accepted = l.lower(selected.accepted);
            l.output(&accepted_output(noisy.index), accepted);
        }
    }
}

/// The proposal's draw, one for each component of the target, over fresh standard random numbers.
fn proposal(l: &mut Lowering, noisy: &NoisyTarget) -> Expr {
    let instance = &noisy.statement.proposal;
    let Some(draw) = &instance.likelihood.draw else { return Expr::num(f64::NAN) };
    let width = match noisy.of.shape() {
        Shape::Vector(Dim::Fixed(n)) => n,
        _ => 1,
    };
    let fresh: Vec<(Expr, Expr)> = draw
        .randomness
        .iter()
        .enumerate()
        .map(|(k, (var, kind))| {
            let fill = Fill { kind: *kind, source: Fill::source(noisy.index, k) };
            let buffer = l.builder.buffer(Rows::Batch, width, Role::Random(fill));
            let vector = Expr::var("u", noisy.of.shape(), var.domain().unwrap_or(Domain::REAL));
            l.bind(vector, buffer);
            (*var, vector)
        })
        .collect();
    let value = instance.likelihood.apply(draw.value, noisy.of, &instance.args);
    substitute(value, &fresh)
}
