//! The priors of a model: ln p and its derivative, and what Δ is with them on both sides.

use super::noise::kind;
use super::script::Script;
use crate::derive::{LayerDerivation, ModelDerivation};
use crate::expr::print::identifier;
use crate::report::derivation::layer::Letters;
use crate::report::derivation::prior::{alike, both, names};

pub fn define(script: &mut Script, model: &ModelDerivation) {
    for priors in alike(&model.priors) {
        let Some(first) = priors.first() else { continue };
        script.part(&format!("{}: prior of {}", model.name, names(&priors)));
        let name = identifier(&format!("{}_{}", model.name, first.parameter));
        script.define(&format!("{name}_log_prior"), first.log_density);
        script.define(&format!("{name}_log_prior_score"), first.score);
    }
}

/// In the part of the layer, and in its letters.
pub fn deltas(
    script: &mut Script,
    name: &str,
    (model, layer): (&ModelDerivation, &LayerDerivation),
    letters: &Letters,
) {
    if !model.priors.is_empty() {
        script.comment("noise, with the priors of the parameters on both sides");
    }
    for (noise, with) in both(model, layer) {
        script.define(&format!("{name}_{}_delta_with_priors", kind(noise.injection)), letters.put(with));
    }
}
