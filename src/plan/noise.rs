//! Noise in a training step: drawn, cooled, selected by the derived region, and put into the target.

use super::ir::*;
use super::lower::Lowering;
use super::network::StepSpec;
use crate::derive::request::{Request, of_model};
use crate::derive::{NoiseDerivation, Selected, layer_noise, pre_activations, select};
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::{Dim, Domain, Expr, Shape, Trace, pull_back, simplify, substitute};
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

/// A variable with noise in it, and how the noise comes about.
///
/// An outcome keeps its own variable without noise, because its likelihood is evaluated there, and the gradient is taken at
/// another. An input or a computed value is the other way round: what follows from it follows from its noisy value.
pub struct NoisyVariable<'a> {
    /// The variable of the model.
    node: Expr,
    pub clean: Expr,
    pub noisy: Expr,
    /// Letters for the noise as selected, and for which of it is used.
    used: Selected,
    derived: NoiseDerivation,
    statement: &'a Noise,
    index: usize,
    spec: &'a StepSpec<'a>,
}

impl NoisyVariable<'_> {
    /// The noisy outcome, if this is the outcome.
    pub fn as_target(&self, node: Expr) -> Option<Expr> {
        (self.clean == node).then_some(self.noisy)
    }

    /// The noiseless value, if this is the input or the computed value.
    pub fn as_inner(&self, node: Expr) -> Option<Expr> {
        (self.noisy == node).then_some(self.clean)
    }

    pub fn is_outcome(&self) -> bool {
        self.clean == self.node
    }

    /// What the adjoint of the noisy value is for the noiseless one, the noise held fixed.
    pub fn through(&self, adjoint: Expr) -> Expr {
        let noisy = self.used.applied(self.derived.injection, self.clean);
        simplify(pull_back(noisy, adjoint, &[self.clean])[0], &mut Trace::default())
    }
}

pub fn noisy_variables<'a>(spec: &'a StepSpec<'a>) -> Result<Vec<NoisyVariable<'a>>, Problems> {
    spec.noise.iter().enumerate().map(|(index, statement)| noisy_variable(spec, index, statement)).collect()
}

fn noisy_variable<'a>(
    spec: &'a StepSpec<'a>,
    index: usize,
    statement: &'a Noise,
) -> Result<NoisyVariable<'a>, Problems> {
    let node = statement.target;
    let letter = |what: &str| Expr::var(&format!("{what} {}", statement.target_name), node.shape(), Domain::REAL);
    let criterion = spec.arm.criterion().unwrap_or(Criterion::Nem);
    let outcome = spec.model.random().find(|(n, ..)| n.var == node);
    let (clean, noisy, derived) = match outcome {
        Some((_, _, instance)) => {
            let learned: Vec<Expr> = pre_activations(spec.model, instance).iter().map(|n| n.var).collect();
            let derived = layer_noise(instance, node, &learned, statement.injection, criterion);
            (node, letter("noisy"), derived.ok_or_else(|| no_ascent(statement))?)
        }
        None if criterion == Criterion::Ascent => return Err(no_ascent(statement).into()),
        None => {
            let request = Request { variable: node, injection: statement.injection };
            let clean = letter("noiseless");
            (clean, node, of_model(spec.model, request).nem.renamed(clean))
        }
    };
    let used = Selected {
        noise: Expr::var("used noise", derived.noise.shape(), Domain::REAL),
        accepted: Expr::var("accepted", Shape::Scalar, Domain::ZERO_TO_ONE),
    };
    let noisy = NoisyVariable { node, clean, noisy, used, derived, statement, index, spec };
    // Asked here so that an impossible choice is refused before anything runs.
    select(&noisy.derived, clean, noisy.derived.noise, spec.arm, spec.select).ok_or_else(|| no_reflection(&noisy))?;
    Ok(noisy)
}

fn no_ascent(statement: &Noise) -> Diagnostic {
    let name = &statement.target_name;
    Diagnostic::new(codes::NO_REGION, format!("there is no ascent condition for noise on `{name}`"))
        .at(statement.span, "no pre-activation of its own to look at")
        .note("the ascent condition compares the gradient at a layer's pre-activation with and without noise in its target")
        .help("put the noise into an observed variable, or compare `nem` in the place of `ascent`")
}

fn no_reflection(noisy: &NoisyVariable) -> Diagnostic {
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
pub fn inject_noise(l: &mut Lowering, noisy: &NoisyVariable) {
    let NoisyVariable { statement, derived, spec, .. } = noisy;
    l.builder.origin(format!("noise on {}", statement.target_name), Some(statement.span));
    let cooling = Expr::var("cooling", Shape::Scalar, Domain::POSITIVE);
    l.bind_slot(cooling, &cooling_slot(noisy.index));
    let drawn = proposal(l, noisy);
    let cooled = derived.still.map_or(cooling * drawn, |still| cooling * (drawn - still) + still);
    let draw = Expr::var("draw", derived.noise.shape(), Domain::REAL);
    l.define(draw, simplify(cooled, &mut Trace::default()));
    if let Some(selected) = select(derived, noisy.clean, draw, spec.arm, spec.select) {
        let value = selected.applied(derived.injection, noisy.clean);
        l.define(noisy.noisy, simplify(value, &mut Trace::default()));
        l.define(noisy.used.noise, selected.noise);
        let accepted = l.define(noisy.used.accepted, selected.accepted);
        if spec.arm.criterion().is_some() {
            l.output(&accepted_output(noisy.index), accepted);
        }
    }
}

/// The proposal's draw, one for each component of the target, over fresh standard random numbers.
fn proposal(l: &mut Lowering, noisy: &NoisyVariable) -> Expr {
    let instance = &noisy.statement.proposal;
    let Some(draw) = &instance.likelihood.draw else { return Expr::num(f64::NAN) };
    let width = match noisy.derived.noise.shape() {
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
            let vector = Expr::var("u", noisy.derived.noise.shape(), var.domain().unwrap_or(Domain::REAL));
            l.bind(vector, buffer);
            (*var, vector)
        })
        .collect();
    let value = instance.likelihood.apply(draw.value, noisy.derived.noise, &instance.args);
    substitute(value, &fresh)
}
