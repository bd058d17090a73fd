//! What noise of one kind does: Δ, the condition, the region's data.

use super::script::Script;
use crate::derive::{Bound, Condition, NoiseDerivation, Relation, inject};
use crate::expr::Expr;
use crate::model::Injection;
use crate::report::derivation_json::data;

/// Defines `PREFIX_add_delta` and so on; `put` brings expressions into the letters of the part.
pub fn define(script: &mut Script, prefix: &str, derived: &NoiseDerivation, put: &dyn Fn(Expr) -> Expr) {
    let kind = match derived.injection {
        Injection::Add => "add",
        Injection::Multiply => "multiply",
    };
    let name = |part: &str| format!("{prefix}_{kind}_{part}");
    script.define(&name("delta"), put(derived.delta));
    let Condition { left, relation, right } = derived.condition;
    let (left, right) = (script.expression(put(left)), script.expression(put(right)));
    script.line(&format!("{} = {}({left}, {right})", name("condition"), relation_name(relation)));
    script.line(&format!("{} = '{}'", name("region"), derived.region.kind.name()));
    for (part, value) in data(&derived.region.kind) {
        match value {
            Some(value) => script.define(&name(part), put(value)),
            None => script.line(&format!("{} = {}oo", name(part), if part == "lower" { "-" } else { "" })),
        }
    }
    if !derived.support.is_empty() {
        let noisy = script.expression(put(inject(derived.injection, derived.outcome, derived.noise)));
        let bounds: Vec<String> = derived.support.iter().map(|b| bound(script, *b, &noisy)).collect();
        script.line(&format!("{} = [{}]", name("support"), bounds.join(", ")));
    }
}

fn relation_name(relation: Relation) -> &'static str {
    match relation {
        Relation::AtLeast => "Ge",
        Relation::AtMost => "Le",
    }
}

fn bound(script: &Script, bound: Bound, noisy: &str) -> String {
    let (relation, x) = match bound {
        Bound::Lower(x) => (Relation::AtLeast, x),
        Bound::Upper(x) => (Relation::AtMost, x),
    };
    format!("{}({noisy}, {})", relation_name(relation), script.expression(Expr::num(x)))
}
