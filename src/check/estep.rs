//! Whether the hidden variables of a model can be drawn, or gone through.

use super::instance::lacks;
use super::problem::{Check, all, fail};
use crate::diag::{Diagnostic, codes};
use crate::model::{EStep, Model};
use crate::plan::estep::{MOST_STATES, all_states, hidden_nodes, states};
use crate::source::Span;

/// How many numbers one hidden variable may have in a batch: 1 GiB of them. What runs out of memory ends without a word.
const MOST_NUMBERS: usize = 1 << 28;

/// Errors: `INCOMPLETE` for a hidden variable without `draw`, `BAD_SETTING` for too many states or samples.
pub fn possible(model: &Model, estep: EStep, batch: usize, place: Span) -> Check<()> {
    match estep {
        EStep::MeanField => Ok(()),
        EStep::Importance(count) => {
            let without = hidden_nodes(model).filter(|(_, instance)| instance.likelihood.draw.is_none());
            all(without.map(|(_, i)| fail::<()>(lacks(&i.likelihood, "draw", i.span))))?;
            fits(model, count, batch, place)
        }
        EStep::Exact => match all_states(model) {
            Some(count) if count <= MOST_STATES => fits(model, count, batch, place),
            _ => fail(too_many_states(model, place)),
        },
    }
}

fn fits(model: &Model, count: usize, batch: usize, place: Span) -> Check<()> {
    let widest = hidden_nodes(model).map(|(node, _)| node.shape.1).max().unwrap_or(0);
    let numbers = count.saturating_mul(batch).saturating_mul(widest);
    if numbers <= MOST_NUMBERS {
        return Ok(());
    }
    let message = format!("{count} samples or states of each of {batch} examples do not fit in memory");
    fail(
        Diagnostic::new(codes::BAD_SETTING, message)
            .at(place, format!("{numbers} numbers for one hidden variable"))
            .help(format!("write a smaller `batch`: at most {}", (MOST_NUMBERS / count / widest.max(1)).max(1))),
    )
}

fn too_many_states(model: &Model, place: Span) -> Diagnostic {
    let infinite = hidden_nodes(model).find(|(node, _)| !node.support.is_discrete());
    let message = match infinite {
        Some((node, _)) => format!("`exact` cannot go through all values of `{}`", node.name),
        None => format!("`exact` cannot go through all states of the hidden variables of `{}`", model.name),
    };
    let label = match infinite {
        Some((node, _)) => format!("`{}` is {}", node.name, node.support),
        None => format!("they have {}", counted(model)),
    };
    Diagnostic::new(codes::BAD_SETTING, message)
        .at(place, label)
        .note(format!("`exact` goes through at most {MOST_STATES} states: those of 16 binary units in all"))
        .help("write `estep importance(10)`, which draws some of them, or make the layers narrower")
}

/// How many states there are, in powers of two where they are too many to count.
fn counted(model: &Model) -> String {
    let bits: f64 = hidden_nodes(model)
        .map(|(node, _)| states(node).map_or(node.shape.1 as f64, |count| (count as f64).log2()))
        .sum();
    let units: usize = hidden_nodes(model).map(|(node, _)| node.shape.1).sum();
    format!("{units} units and 2^{} states", bits.round())
}
