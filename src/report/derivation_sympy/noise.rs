//! What noise of one kind does: Δ, the condition, the region's data.

use super::script::Script;
use crate::derive::request::Requested;
use crate::derive::{Condition, NoiseDerivation, Relation};
use crate::expr::{Expr, Quadratic};
use crate::model::{Bound, Injection};

/// Defines `PREFIX_add_delta` and so on; `put` brings expressions into the letters of the part.
pub fn define(script: &mut Script, prefix: &str, derived: &NoiseDerivation, put: &dyn Fn(Expr) -> Expr) {
    let kind = kind(derived.injection);
    let name = |part: &str| format!("{prefix}_{kind}_{part}");
    script.define(&name("delta"), put(derived.delta));
    let Condition { left, relation, right } = derived.condition;
    let (left, right) = (script.expression(put(left)), script.expression(put(right)));
    script.line(&format!("{} = {}({left}, {right})", name("condition"), relation_name(relation)));
    script.line(&format!("{} = '{}'", name("region"), derived.region.kind.name()));
    for (part, value) in derived.region.kind.data() {
        match value {
            Some(value) => script.define(&name(part), put(value)),
            None => script.line(&format!("{} = {}oo", name(part), if part == "lower" { "-" } else { "" })),
        }
    }
    if !derived.support.is_empty() {
        let noisy = put(derived.noisy());
        let bounds: Vec<String> = derived.support.iter().map(|b| bound(script, b.map(put), noisy)).collect();
        script.line(&format!("{} = [{}]", name("support"), bounds.join(", ")));
    }
}

/// What an injection is called in names.
pub fn kind(injection: Injection) -> &'static str {
    match injection {
        Injection::Add => "add",
        Injection::Multiply => "multiply",
        Injection::Custom(_) => "custom",
    }
}

/// Noises that somebody asked about, by number: `PREFIX_asked1_add_delta`.
pub fn requested(script: &mut Script, prefix: &str, list: &[Requested]) {
    let letters = script.names();
    for (at, asked) in list.iter().enumerate() {
        let name = format!("{prefix}_asked{}", at + 1);
        script.comment("noise that was asked for");
        let parts = [("", Some(&asked.nem)), ("_ascent", asked.ascent.as_ref())];
        let further = [("_shared", asked.shared.as_ref()), ("_outcomes", asked.joint.as_ref())];
        for (suffix, derived) in parts.into_iter().chain(further) {
            script.return_to(&letters);
            derived.into_iter().for_each(|n| define(script, &format!("{name}{suffix}"), n, &|e| e));
        }
    }
}

fn relation_name(relation: Relation) -> &'static str {
    match relation {
        Relation::AtLeast => "Ge",
        Relation::AtMost => "Le",
    }
}

fn bound(script: &Script, bound: Bound, noisy: Expr) -> String {
    let (relation, left, right) = match bound {
        Bound::Lower(x) => ("Ge", noisy, x),
        Bound::Upper(x) => ("Le", noisy, x),
        Bound::Total(x) => ("Eq", Quadratic::total(noisy, noisy.shape().dim()), x),
    };
    format!("{relation}({}, {})", script.expression(left), script.expression(right))
}
