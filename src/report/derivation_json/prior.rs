//! Priors in the schema.

use serde_json::{Value, json};

use super::{expression, place};
use crate::derive::{ModelDerivation, PriorDerivation, WithPriors};
use crate::expr::print;
use crate::source::Sources;

pub fn priors(derived: &ModelDerivation, sources: &Sources) -> Vec<Value> {
    derived.priors.iter().map(|one| prior(one, sources)).collect()
}

fn prior(derived: &PriorDerivation, sources: &Sources) -> Value {
    let args = derived.instance.likelihood.formals.iter().zip(&derived.instance.args);
    json!({
        "parameter": derived.parameter,
        "place": place(derived.span, sources),
        "likelihood": derived.instance.likelihood.name,
        "arguments": args.map(|(f, x)| json!({ "name": f.name, "value": expression(*x) })).collect::<Vec<_>>(),
        "elements": derived.elements(),
        "variable": print::text(derived.variable),
        "log_density": expression(derived.log_density),
        "score": expression(derived.score),
        "rules": derived.rules,
    })
}

/// What Δ is with the priors, for each noise of each variable.
pub fn deltas(derived: &ModelDerivation) -> Vec<Value> {
    let one = |with: &WithPriors| {
        json!({
            "variable": with.variable,
            "delta": with.deltas.iter().map(|delta| expression(*delta)).collect::<Vec<_>>(),
        })
    };
    derived.with_priors.iter().map(one).collect()
}
