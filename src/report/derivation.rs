//! Derivations as text, at most 100 columns wide.

use crate::derive::{LayerDerivation, LikelihoodDerivation, ModelDerivation, ProgramDerivation};
use crate::expr::print::text as math;

/// Every likelihood and every model; ends with a line break.
pub fn program(derived: &ProgramDerivation) -> String {
    let likelihoods = derived.likelihoods.iter().map(likelihood);
    likelihoods.chain(derived.models.iter().map(model)).collect::<Vec<_>>().join("\n")
}

/// One likelihood, as `nem derive gaussian` prints it.
pub fn likelihood(derived: &LikelihoodDerivation) -> String {
    format!("{}\n  log-density  ln f = {}\n", derived.likelihood.name, math(derived.log_density))
}

/// One model: a block for each random variable; those that differ only in name share one.
pub fn model(derived: &ModelDerivation) -> String {
    format!("model {}\n{}", derived.name, derived.layers.iter().map(layer).collect::<String>())
}

/// One random variable.
pub fn layer(derived: &LayerDerivation) -> String {
    format!("{}\n  log-density  ln f = {}\n", derived.name, math(derived.log_density))
}

/// The model in three to six lines for each distinct layer, as `nem train` prints it before it starts.
pub fn brief(derived: &ModelDerivation) -> String {
    model(derived)
}
