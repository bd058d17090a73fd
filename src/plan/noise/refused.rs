//! Noise that cannot be put where a program asks for it, and why.

use super::NoisyVariable;
use crate::diag::{Diagnostic, codes};
use crate::model::{Instance, Model, Node, Noise};

pub(super) fn before_hidden(statement: &Noise, hidden: &Node) -> Diagnostic {
    let (name, hidden_name) = (&statement.target_name, &hidden.name);
    let message = format!("noise on `{name}` does not go with samples or states of `{hidden_name}`");
    Diagnostic::new(codes::NOISE_TARGET, message)
        .at(statement.span, format!("`{hidden_name}` depends on it"))
        .note("its condition looks at what the noise does to everything behind it, hidden variables at their means")
        .help("write `estep mean_field`, or put the noise into a random variable")
}

pub(super) fn not_visible(model: &Model, statement: &Noise) -> Diagnostic {
    let visible: Vec<String> = model.units().filter(|(_, o)| *o).map(|(node, _)| format!("`{}`", node.name)).collect();
    Diagnostic::new(codes::NOISE_TARGET, format!("`{}` is no visible group of the energy", statement.target_name))
        .at(statement.span, "noise enters what data hold visible")
        .help(format!("put the noise into {}", visible.join(" or ")))
}

pub(super) fn no_layers(statement: &Noise) -> Diagnostic {
    Diagnostic::new(
        codes::NOISE_TARGET,
        format!("the noise of `{}` is carried to no other units", statement.target_name),
    )
    .at(statement.span, "an energy has no layers through which noise comes back")
    .help("leave out `through`")
}

pub(super) fn no_target(node: &Node, instance: &Instance, statement: &Noise) -> Diagnostic {
    let (name, likelihood) = (&node.name, &instance.likelihood.name);
    Diagnostic::new(codes::NOISE_TARGET, format!("`{name}` has no target to put noise into at its mean"))
        .at(statement.span, format!("the score of `{likelihood}` is no multiple of t − a"))
        .related(node.span, "declared here")
        .note("where hidden variables stand at their means, backpropagation gives a layer the target t at which its score is ∂L/∂h")
        .help("write `estep importance(10)`: the targets are then samples, whatever the likelihood")
}

pub(super) fn not_carried(statement: &Noise, name: &str, why: &str) -> Diagnostic {
    let target = &statement.target_name;
    Diagnostic::new(codes::NOISE_TARGET, format!("the noise of `{target}` is not carried to `{name}`"))
        .at(statement.span, why)
        .help(format!("leave out `through {name}`, or give `{name}` noise of its own"))
}

pub(super) fn no_ascent(statement: &Noise) -> Diagnostic {
    let name = &statement.target_name;
    Diagnostic::new(codes::NO_REGION, format!("there is no ascent condition for noise on `{name}`"))
        .at(statement.span, "no pre-activation of its own to look at")
        .note("the ascent condition compares the gradient at a layer's pre-activation with and without noise in its target")
        .help("put the noise into an observed variable, or compare `nem` in the place of `ascent`")
}

pub(super) fn no_reflection(noisy: &NoisyVariable) -> Diagnostic {
    let region = noisy.derived.region.kind.name();
    Diagnostic::new(
        codes::NO_REGION,
        match noisy.carried.is_empty() {
            true => format!("`select reflect` needs a half-space, and the region here is another: {region}"),
            false => "`select reflect` needs one half-space, and `through` asks for several at once".into(),
        },
    )
    .at(noisy.statement.span, format!("the condition for this noise gives the region: {region}"))
    .note("mirroring a draw at a plane keeps its distribution; no other region has a plane for its whole boundary")
    .help("write `select drop`, which keeps the draws inside the region and drops the others")
}
