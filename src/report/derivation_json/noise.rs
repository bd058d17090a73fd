//! Noise conditions and regions in the schema.

use serde_json::{Map, Value, json};

use super::{bound, expression};
use crate::derive::request::Requested;
use crate::derive::{Carried, Condition, Kind, NoiseDerivation, Relation, Sampler, Traits};
use crate::expr::print;
use crate::model::{Criterion, Injection};

pub fn noises(list: &[NoiseDerivation]) -> Vec<Value> {
    list.iter().map(noise).collect()
}

pub fn requests(list: &[Requested]) -> Vec<Value> {
    let one = |asked: &Requested| {
        json!({
            "nem": noise(&asked.nem),
            "ascent": asked.ascent.as_ref().map(noise),
            "normaliser_shared": asked.shared.as_ref().map(noise),
            "independent_outcomes": asked.joint.as_ref().map(noise),
        })
    };
    list.iter().map(one).collect()
}

pub fn carried(carried: &Carried) -> Value {
    json!({ "from": carried.from, "to": carried.to, "nem": noise(&carried.nem) })
}

fn noise(derived: &NoiseDerivation) -> Value {
    let Condition { left, relation, right } = derived.condition;
    json!({
        "criterion": match derived.criterion {
            Criterion::Nem => "nem",
            Criterion::Anti => "anti",
            Criterion::Ascent => "ascent",
        },
        "injection": match derived.injection {
            Injection::Add => "add",
            Injection::Multiply => "multiply",
            Injection::Custom(_) => "custom",
        },
        "noisy": expression(derived.noisy()),
        "identity": derived.still.map(expression),
        "outcome": print::text(derived.outcome),
        "noise": print::text(derived.noise),
        "delta": expression(derived.delta),
        "condition": {
            "left": expression(left),
            "relation": match relation { Relation::AtLeast => ">=", Relation::AtMost => "<=" },
            "right": expression(right),
        },
        "region": region(derived),
        "sampler": format!("{:?}", Sampler::of(derived)),
        "rules": derived.trace.rules,
    })
}

fn region(derived: &NoiseDerivation) -> Value {
    let mut region = shape(&derived.region.kind);
    let Traits { convex, star, cone } = &derived.region.traits;
    let provided = convex.as_ref().map(|list| list.iter().map(|e| expression(*e)).collect::<Vec<_>>());
    region.insert("support".into(), derived.support.iter().map(bound).collect());
    region.insert("everything_where_zero".into(), json!(derived.region.free.map(expression)));
    region.insert("convex_provided".into(), json!(provided));
    region.insert("star_centre".into(), json!(star.map(expression)));
    region.insert("cone".into(), json!(cone));
    Value::Object(region)
}

fn shape(kind: &Kind) -> Map<String, Value> {
    let mut shape = Map::new();
    shape.insert("kind".into(), json!(kind.name()));
    if let Kind::Outside(inside) = kind {
        shape.insert("of".into(), Value::Object(self::shape(inside)));
        return shape;
    }
    for (name, value) in kind.data() {
        shape.insert(name.into(), json!(value.map(expression)));
    }
    shape
}
