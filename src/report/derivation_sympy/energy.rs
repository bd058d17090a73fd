//! The part of an energy: the energy, what each group is given all others, the free energy, the statistics and the noise.

use super::noise;
use super::script::Script;
use crate::derive::energy::EnergyDerivation;
use crate::expr::print::identifier;

pub fn define(script: &mut Script, model: &str, derived: &EnergyDerivation) {
    script.part(&format!("{model}: energy"));
    let name = |what: &str| identifier(&format!("{model}_{what}"));
    script.define(&name("energy"), derived.energy);
    if let Ok(free_energy) = derived.free_energy {
        script.define(&name("free_energy"), free_energy);
    }
    for group in &derived.groups {
        script.comment(&format!("{} given all others", group.name));
        script.define(&name(&format!("{}_input", group.name)), group.conditional.input);
        script.define(&name(&format!("{}_mean", group.name)), group.conditional.mean);
        script.define(&name(&format!("{}_log_normaliser", group.name)), group.conditional.log_normaliser);
    }
    for one in &derived.noise {
        script.comment(&format!("noise in {}", one.variable));
        let name = name(&one.variable);
        one.noise.iter().for_each(|derived| noise::define(script, &name, derived, &|e| e));
    }
}
