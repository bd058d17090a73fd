//! One step of annealed importance sampling (Neal 2001): what the chains weigh by the change of β, and a sweep at the new one.

use super::chain::Chain;
use super::{enter_parameters, keep, kept_groups, write_back};
use crate::derive::energy::{Annealed, Group, annealed};
use crate::diag::Problems;
use crate::expr::{Dim, Domain, Expr, Trace, simplify, substitute};
use crate::model::{Energy, Model};
use crate::plan::draw::width;
use crate::plan::ir::*;
use crate::plan::lower::Lowering;
use crate::plan::network::mean_output;

/// Slots: β before the step and after it.
pub const BETA_BEFORE: &str = "β before";
pub const BETA: &str = "β";

/// Output: for each chain, ln e^−E at the new β less that at the old one, hidden groups summed out where they can be.
pub const LOG_WEIGHT: &str = "log weight";

/// Output: ln Z at β = 0.
pub const LOG_NORMALISER: &str = "ln Z at 0";

/// The step with so many chains, which are state. The chains may start anywhere: a step that stays at β = 0 draws them from there.
/// Outputs besides the above [`mean_output`] of each visible group, given the others as they were drawn.
///
/// Errors: those of the derivation, where a group alone has no distribution.
pub fn anneal(model: &Model, energy: Energy, chains: usize) -> Result<Plan, Problems> {
    let Annealed { derived, beta, log_normaliser } = annealed(model, energy)?;
    let mut l = Lowering::default();
    enter_parameters(&mut l, model);
    l.bind_slot(beta, BETA);
    let before = Expr::var(BETA_BEFORE, beta.shape(), Domain::ZERO_TO_ONE);
    l.bind_slot(before, BETA_BEFORE);
    let kept = kept_groups(&derived);
    let mut chain = Chain::new(&derived.groups, Rows::Fixed(chains));
    let buffers = keep(&mut l, &mut chain, &kept, (chains, ""));

    l.builder.origin("the weights of the chains", Some(derived.span));
    let lowered = derived.free_energy.clone().unwrap_or(derived.energy);
    let change = substitute(lowered, &[(beta, before)]) - lowered;
    let change = l.lower(simplify(chain.at(change), &mut Trace::default()));
    l.output(LOG_WEIGHT, change);
    let start = l.lower(simplify(log_normaliser, &mut Trace::default()));
    l.output(LOG_NORMALISER, start);

    chain.sweep(&mut l, &derived.blocks);
    derived.groups.iter().filter(|g| g.observed).for_each(|group| tell_mean(&mut l, &chain, group));
    write_back(&mut l, &chain, &kept, buffers);
    Ok(l.builder.plan)
}

fn tell_mean(l: &mut Lowering, chain: &Chain, group: &Group) {
    l.builder.origin(format!("mean of {}", group.name), Some(group.span));
    let mean = chain.at(group.conditional.mean).spread(Dim::Fixed(width(group.var)));
    let mean = l.lower(simplify(mean, &mut Trace::default()));
    l.output(&mean_output(&group.name), mean);
}
