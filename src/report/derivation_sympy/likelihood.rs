//! The part of a likelihood.

use super::noise;
use super::script::Script;
use crate::derive::{LikelihoodDerivation, NoiseDerivation};
use crate::expr::print::identifier;
use crate::report::derivation::likelihood_signature;

pub fn define(script: &mut Script, derived: &LikelihoodDerivation) {
    let declared = &derived.likelihood;
    let name = identifier(&declared.name);
    script.part(&likelihood_signature(declared));
    script.define(&format!("{name}_log_density"), derived.log_density);
    for (parameter, score) in &derived.scores {
        script.define(&identifier(&format!("{name}_score_{parameter}")), *score);
    }
    if let Some(mean) = declared.mean {
        script.define(&format!("{name}_mean"), mean);
    }
    let letters = script.names();
    let groups = [
        (&derived.single, "noise on one outcome", ""),
        (&derived.ascent, "noise that turns the score of the mean towards where it points", "_ascent"),
        (&derived.joint, "noise on K independent outcomes, which share every parameter but the mean", "_outcomes"),
        (&derived.separate, "noise on K independent outcomes with parameters of their own", "_components"),
    ];
    for (list, about, suffix) in groups {
        script.return_to(&letters);
        several(script, about, &format!("{name}{suffix}"), list);
    }
    script.return_to(&letters);
    noise::requested(script, &name, &derived.requested);
}

fn several(script: &mut Script, about: &str, prefix: &str, list: &[NoiseDerivation]) {
    if !list.is_empty() {
        script.comment(about);
        list.iter().for_each(|derived| noise::define(script, prefix, derived, &|e| e));
    }
}
