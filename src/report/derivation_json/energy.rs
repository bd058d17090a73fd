//! What follows from an energy, in the schema.

use serde_json::{Value, json};

use super::noise::noises;
use super::{expression, place};
use crate::derive::energy::{EnergyDerivation, EnergyNoise, Family, Group, Normaliser};
use crate::source::Sources;

pub fn energy(derived: &EnergyDerivation, sources: &Sources) -> Value {
    let name = |at: &usize| derived.groups[*at].name.clone();
    let phases =
        derived.phases.iter().map(|p| json!({ "parameter": p.parameter, "statistic": expression(p.statistic) }));
    json!({
        "place": place(derived.span, sources),
        "energy": expression(derived.energy),
        "groups": derived.groups.iter().map(|g| group(g, sources)).collect::<Vec<_>>(),
        "blocks": derived.blocks.iter().map(|b| b.iter().map(name).collect::<Vec<_>>()).collect::<Vec<_>>(),
        "free_energy": derived.free_energy.as_ref().ok().map(|f| expression(*f)),
        "interacting": derived.free_energy.as_ref().err().map(|(a, b)| [a, b]),
        "phases": phases.collect::<Vec<_>>(),
        "noise": derived.noise.iter().map(noise).collect::<Vec<_>>(),
        "rules": derived.rules,
    })
}

fn group(group: &Group, sources: &Sources) -> Value {
    let conditional = &group.conditional;
    json!({
        "name": group.name,
        "place": place(group.span, sources),
        "observed": group.observed,
        "support": group.support.name(),
        "family": family(conditional.family),
        "linear": expression(conditional.field.linear),
        "quadratic": expression(conditional.field.quadratic),
        "input": expression(conditional.input),
        "precision": conditional.precision.map(expression),
        "mean": expression(conditional.mean),
        "log_normaliser": expression(conditional.log_normaliser),
    })
}

fn family(family: Family) -> &'static str {
    match family {
        Family::Logistic => "logistic",
        Family::Tanh => "tanh",
        Family::Softmax => "softmax",
        Family::Gaussian => "gaussian",
        Family::TruncatedGaussian => "truncated gaussian",
        Family::Exponential => "exponential",
    }
}

fn noise(one: &EnergyNoise) -> Value {
    let over = match &one.normaliser {
        Normaliser::Unchanged => json!([]),
        Normaliser::Expected(over) => json!(over),
    };
    json!({
        "variable": one.variable,
        "nem": noises(&one.noise),
        "normaliser": { "unchanged": one.normaliser == Normaliser::Unchanged, "expectation_over": over },
    })
}
