//! What cannot be trained as a program asks for it, and why.

use super::chain::MOST_DRAWS;
use super::exact::States;
use crate::derive::energy::{EnergyDerivation, Group, derive_energy};
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::{depends_on, is_affine};
use crate::model::{Method, Model, Support};
use crate::plan::estep::MOST_STATES;
use crate::source::Span;

/// Whether an energy can be trained in this way; `place` is where the method is said.
///
/// Errors: those of the derivation; `BAD_SETTING` for states that are too many to go through and chains that would need inputs;
/// `UNSUPPORTED` for hidden groups that interact otherwise than in pairs.
pub fn possible(model: &Model, method: Method, place: Span) -> Result<(), Problems> {
    let Some(energy) = model.energy else { return Ok(()) };
    let derived = derive_energy(model, energy)?;
    if let (Some(input), false) = (model.inputs().next(), matches!(method, Method::ContrastiveDivergence(_))) {
        return Err(Diagnostic::new(
            codes::BAD_SETTING,
            format!("`{method}` does not go with the input `{}`", input.name),
        )
        .at(place, "the model is another for each example")
        .related(input.span, "declared here")
        .help("write `method contrastive_divergence(1)`, which starts each chain at an example")
        .into());
    }
    if let Err((one, other)) = &derived.free_energy {
        let interacting = |g: &&Group| !g.observed && !is_multilinear(g, &derived.groups);
        let crooked = derived.groups.iter().find(interacting);
        if method == Method::Exact || crooked.is_some() {
            return Err(interacting_hidden(method, one, other, place).into());
        }
    }
    match method {
        Method::ContrastiveDivergence(sweeps) | Method::Persistent(sweeps)
            if sweeps * derived.groups.len() > MOST_DRAWS =>
        {
            Err(too_many_sweeps(method, derived.groups.len(), place).into())
        }
        Method::Exact if States::of(&derived).is_none() => Err(too_many(&derived, METHOD, place).into()),
        _ => Ok(()),
    }
}

/// Whether there is what a penalty on sparsity acts on: binary hidden units, of which no two groups interact.
///
/// Errors: those of the derivation; `BAD_SETTING` at `place`.
pub fn sparse_possible(model: &Model, place: Span) -> Result<(), Problems> {
    let Some(energy) = model.energy else { return Ok(()) };
    let derived = derive_energy(model, energy)?;
    if derived.free_energy.is_ok() && derived.groups.iter().any(|g| !g.observed && g.support == Support::Binary) {
        return Ok(());
    }
    Err(Diagnostic::new(codes::BAD_SETTING, "`sparsity` has no hidden units to act on")
        .at(place, "binary hidden units that do not interact are needed")
        .help("remove the line, or declare hidden units `binary`")
        .into())
}

/// Whether the field is the same at the means of the other hidden groups as on average over them.
fn is_multilinear(group: &Group, groups: &[Group]) -> bool {
    let field = group.conditional.field;
    let others = || groups.iter().filter(|g| !g.observed && g.var != group.var);
    others().all(|g| is_affine(field.linear, g.var) && !depends_on(field.quadratic, &[g.var]))
}

fn too_many_sweeps(method: Method, groups: usize, place: Span) -> Diagnostic {
    Diagnostic::new(codes::BAD_SETTING, format!("`{method}` is too long for {groups} groups of units"))
        .at(place, format!("more than {MOST_DRAWS} draws of groups in a step"))
        .help(format!("write at most {} sweeps", MOST_DRAWS / groups))
}

fn interacting_hidden(method: Method, one: &str, other: &str, place: Span) -> Diagnostic {
    let message = format!("`{method}` cannot sum over `{one}` and `{other}`, which interact");
    let help = match method {
        Method::Exact => "write `method persistent(1)`, which takes their means by mean field",
        _ => "let them interact through products of two alone: their means by mean field are exact for such",
    };
    Diagnostic::new(codes::UNSUPPORTED, message).at(place, "hidden units that interact have no closed sum").help(help)
}

/// A setting that goes through states, and what to write in its place.
pub(super) const METHOD: [&str; 2] = ["method exact", "method contrastive_divergence(1)"];
pub(super) const NORMALISER: [&str; 2] = ["normaliser exact", "normaliser sampled(100)"];

pub(super) fn too_many(derived: &EnergyDerivation, [setting, other]: [&str; 2], place: Span) -> Diagnostic {
    let names: Vec<String> = derived.groups.iter().map(|g| format!("`{}`", g.name)).collect();
    Diagnostic::new(codes::BAD_SETTING, format!("`{setting}` cannot go through the states of these units"))
        .at(place, format!("they are {}", names.join(", ")))
        .related(derived.span, "the energy")
        .note(format!(
            "it goes through those of all visible units, or of all hidden ones, and at most {MOST_STATES}: those of 16 binary units"
        ))
        .help(format!("write `{other}`, or make the model narrower"))
}
