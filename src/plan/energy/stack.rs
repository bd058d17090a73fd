//! Energies on top of each other, fitted to the layers of a network.

use crate::derive::energy::{Storey, derive_energy, stack};
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::print;
use crate::model::{Given, Model, Support};
use crate::plan::draw::width;
use crate::source::Span;

/// What one energy gives a network, by the names of groups and variables.
pub struct Fitted {
    pub visible: String,
    pub hidden: String,
    pub below: String,
    pub given: Vec<Given>,
}

/// Fits energies, from the data upwards, to the layers of a network; each comes with the place where it is asked for.
///
/// Errors: those of the derivation; `UNSUPPORTED` for an energy of other than one visible and one hidden group, for a network that is an
/// energy itself, and for a parameter that two energies would give; `BAD_SETTING` where no layer fits, and where means of hidden units are no means of the units above them.
pub fn stacked(network: &Model, energies: &[(&Model, Span)]) -> Result<Vec<Fitted>, Problems> {
    if let (Some(energy), Some((_, place))) = (network.energy, energies.first()) {
        return Err(no_network(network, energy.span, *place).into());
    }
    let derive = |(model, place): &(&Model, Span)| match model.energy {
        Some(energy) => derive_energy(model, energy),
        None => Err(no_energy(model, *place).into()),
    };
    let derived = energies.iter().map(derive).collect::<Result<Vec<_>, _>>()?;
    let with_derived = energies.iter().zip(&derived);
    let storey = with_derived.map(|((model, at), d)| Storey::of(model, d).ok_or_else(|| other_groups(model, *at)));
    let storeys = storey.collect::<Result<Vec<_>, _>>()?;
    for (pair, (_, place)) in storeys.windows(2).zip(energies.iter().skip(1)) {
        if !takes_means(pair[1].visible.support, pair[0].hidden.support) {
            return Err(no_means([&pair[0], &pair[1]], *place).into());
        }
    }
    let levels = stack(network, &storeys).map_err(|at| no_layer(network, &storeys[at], at, energies[at].1))?;
    for (at, (_, place)) in energies.iter().enumerate() {
        let earlier = |p| levels[..at].iter().any(|level| level.parameters().any(|other| other == p));
        if let Some(twice) = levels[at].parameters().find(|p| earlier(*p)) {
            return Err(given_twice(network, twice, *place).into());
        }
    }
    let fitted = levels.into_iter().zip(&storeys).map(|(level, storey)| Fitted {
        visible: storey.visible.name.clone(),
        hidden: storey.hidden.name.clone(),
        below: level.below,
        given: level.given,
    });
    Ok(fitted.collect())
}

fn given_twice(network: &Model, parameter: usize, place: Span) -> Diagnostic {
    let name = network.parameters().nth(parameter).map_or(String::new(), |(node, _)| node.name.clone());
    Diagnostic::new(codes::UNSUPPORTED, format!("two energies would give `{}` its parameter `{name}`", network.name))
        .at(place, "the second of them")
        .help(format!("give each layer a parameter of its own, or pretrain one of the layers that share `{name}`"))
}

/// Whether every mean of units of one kind is a mean of units of the other.
fn takes_means(above: Support, below: Support) -> bool {
    let (above, below) = (above.closure(), below.closure());
    above.lower <= below.lower && below.upper <= above.upper && (below.sums_to_one || !above.sums_to_one)
}

fn no_network(network: &Model, energy: Span, place: Span) -> Diagnostic {
    Diagnostic::new(codes::UNSUPPORTED, format!("`{}` is an energy, and networks are pretrained", network.name))
        .at(place, "not for an energy")
        .related(energy, "its energy")
        .help("train energies by declarations of their own, and give the network that they are for `pretrain`")
}

fn no_energy(model: &Model, place: Span) -> Diagnostic {
    Diagnostic::new(codes::BAD_SETTING, format!("`{}` has no energy to pretrain with", model.name))
        .at(place, "layers are made by likelihoods here")
        .help("name a model with an energy, such as `energy -(v @ W @ h) - b @ v - c @ h`")
}

fn other_groups(model: &Model, place: Span) -> Diagnostic {
    let message = format!("`{}` is not an energy of one visible and one hidden group of units", model.name);
    Diagnostic::new(codes::UNSUPPORTED, message)
        .at(place, "cannot stand for one layer")
        .note("a layer computes what the hidden units are on average given the visible ones, and nothing else")
        .help("write an energy of `observe v: …` and `latent h: …` alone, without inputs")
}

fn no_means([below, above]: [&Storey; 2], place: Span) -> Diagnostic {
    let ((lower, upper), (v, h)) = ((below.hidden, above.visible), (&above.model.name, &below.model.name));
    let message = format!("the means of `{}` in `{h}` are no means of `{}` in `{v}`", lower.name, upper.name);
    Diagnostic::new(codes::BAD_SETTING, message)
        .at(place, format!("its visible units are `{}`", upper.support))
        .related(lower.span, format!("`{}` here", lower.support))
        .help(format!("declare `{}` as `{}`", upper.name, lower.support))
}

fn no_layer(network: &Model, storey: &Storey, at: usize, place: Span) -> Diagnostic {
    let (visible, hidden) = (storey.visible, storey.hidden);
    let mean = print::text(hidden.conditional.mean);
    let from = if at == 0 { "an input" } else { "the layer before" };
    let message = format!(
        "no layer of `{}` computes what `{}` of `{}` is on average",
        network.name, hidden.name, storey.model.name
    );
    Diagnostic::new(codes::BAD_SETTING, message)
        .at(place, format!("{} units from {from} of width {}", width(hidden.var), width(visible.var)))
        .related(network.span, "in this network")
        .note(format!("the mean of `{}` given `{}` is {mean}; a layer is that with other names", hidden.name, visible.name))
        .help("name the energies from the data upwards, with the sizes of the layers: `h ~ bernoulli(logistic(affine(x, 200)))` takes binary hidden units")
}
