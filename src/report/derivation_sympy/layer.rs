//! The parts of a model: one for each random variable; those that differ in their name alone share one.

use super::script::Script;
use super::{energy, noise, prior};
use crate::derive::{LayerDerivation, ModelDerivation};
use crate::expr::Expr;
use crate::expr::print::identifier;
use crate::report::derivation::layer::{Letters, groups, letter, names, pre_activation, signature};

pub fn define(script: &mut Script, model: &ModelDerivation) {
    for layers in groups(&model.layers) {
        if let Some(first) = layers.first() {
            let letters = Letters::new(first, &letter(&layers));
            script.part(&format!("{}: {} ~ {}", model.name, names(&layers), signature(first, &letters)));
            let name = identifier(&format!("{}_{}", model.name, first.name));
            layer(script, &name, first, &letters);
            prior::deltas(script, &name, (model, first), &letters);
        }
    }
    prior::define(script, model);
    model.energy.iter().for_each(|derived| energy::define(script, &model.name, derived));
    let name = identifier(&model.name);
    if !model.carried.is_empty() || !model.requested.is_empty() {
        script.part(&format!("{name}: other noise"));
    }
    for one in &model.carried {
        script.comment(&format!("the noise of {}, carried back to {}", one.from, one.to));
        noise::define(script, &identifier(&format!("{name}_{}_at_{}", one.from, one.to)), &one.nem, &|e| e);
    }
    noise::requested(script, &name, &model.requested);
}

fn layer(script: &mut Script, name: &str, derived: &LayerDerivation, letters: &Letters) {
    let put = |e: Expr| letters.put(e);
    script.define(&format!("{name}_log_density"), put(derived.log_density));
    if let Some(mean) = derived.mean {
        script.comment("by the mean a");
        script.define(&format!("{name}_mean"), put(mean));
        script.define(&format!("{name}_log_density_by_mean"), put(derived.log_density_in_mean));
    }
    for (parameter, score) in &derived.scores {
        script.define(&identifier(&format!("{name}_score_{parameter}")), put(*score));
    }
    for (i, delta) in derived.deltas.iter().enumerate() {
        let o = pre_activation(derived, i);
        script.comment(&format!("the gradient at the pre-activation {o}"));
        script.define(&format!("{name}_delta_{o}"), put(delta.delta));
        script.define(&format!("{name}_delta_{o}_by_mean"), put(delta.in_mean));
        script.define(&format!("{name}_delta_{o}_of_noisy_target"), put(delta.noisy));
    }
    script.comment("noise, by the mean where that is a parameter");
    derived.noise.iter().for_each(|n| noise::define(script, name, n, &put));
    if !derived.ascent.is_empty() {
        script.comment("noise that turns the gradient towards where it points");
        derived.ascent.iter().for_each(|n| noise::define(script, &format!("{name}_ascent"), n, &put));
    }
    script.comment("noise, by the pre-activation");
    derived.noise_in_o.iter().for_each(|n| noise::define(script, &format!("{name}_by_o"), n, &put));
}
