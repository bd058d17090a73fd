//! The schema `nem-derivation/2`, described in `docs/reference/derivation-json.md`.

mod energy;
mod noise;
mod prior;

use serde_json::{Value, json};

use noise::{carried, noises, requests};

use crate::derive::{
    Delta, Failure, Invariance, LayerDerivation, LikelihoodDerivation, ModelDerivation, ProgramDerivation,
};
use crate::expr::{Dim, Expr, Node, Shape, print};
use crate::model::Bound;
use crate::source::{Sources, Span};

pub const SCHEMA: &str = "nem-derivation/2";

/// Expressions of more nodes than this are given as text alone.
const LARGEST: u32 = 2_000;

/// The whole program.
pub fn document(derived: &ProgramDerivation, sources: &Sources) -> Value {
    json!({
        "schema": SCHEMA,
        "likelihoods": derived.likelihoods.iter().map(|l| likelihood(l, sources)).collect::<Vec<_>>(),
        "models": derived.models.iter().map(|m| model(m, sources)).collect::<Vec<_>>(),
    })
}

fn likelihood(derived: &LikelihoodDerivation, sources: &Sources) -> Value {
    let declared = &derived.likelihood;
    let parameters = declared.formals.iter().zip(&derived.scores).map(|(formal, (_, score))| {
        json!({ "name": formal.name, "support": formal.support.name(), "default": formal.default.map(expression),
                "score": expression(*score) })
    });
    json!({
        "name": declared.name,
        "place": place(declared.span, sources),
        "outcome": {
            "name": declared.outcome_name,
            "support": declared.support.name(),
            "bounds": declared.bounds.iter().map(bound).collect::<Vec<_>>(),
        },
        "parameters": parameters.collect::<Vec<_>>(),
        "log_density": expression(derived.log_density),
        "mean": declared.mean.map(expression),
        "corners": derived.corners.iter().map(|e| expression(*e)).collect::<Vec<_>>(),
        "noise": {
            "one_outcome": noises(&derived.single),
            "independent_outcomes": noises(&derived.joint),
            "parameters_by_component": noises(&derived.separate),
            "ascent": noises(&derived.ascent),
        },
        "requested": requests(&derived.requested),
        "rules": derived.rules,
    })
}

fn model(derived: &ModelDerivation, sources: &Sources) -> Value {
    let sizes: serde_json::Map<String, Value> = derived.sizes.iter().map(|(n, v)| (n.clone(), json!(v))).collect();
    json!({
        "name": derived.name,
        "place": place(derived.span, sources),
        "sizes": sizes,
        "variables": derived.layers.iter().map(|l| layer(l, sources)).collect::<Vec<_>>(),
        "priors": prior::priors(derived, sources),
        "with_priors": prior::deltas(derived),
        "carried_back": derived.carried.iter().map(carried).collect::<Vec<_>>(),
        "energy": derived.energy.as_ref().map(|e| energy::energy(e, sources)),
        "requested": requests(&derived.requested),
    })
}

fn layer(derived: &LayerDerivation, sources: &Sources) -> Value {
    let instance = &derived.instance;
    let args = instance.likelihood.formals.iter().zip(&instance.args);
    let width = match derived.target.shape() {
        Shape::Vector(Dim::Fixed(n)) => json!(n),
        _ => json!(1),
    };
    json!({
        "name": derived.name,
        "place": place(derived.span, sources),
        "observed": derived.observed,
        "width": width,
        "likelihood": instance.likelihood.name,
        "arguments": args.map(|(f, a)| json!({ "name": f.name, "value": expression(*a) })).collect::<Vec<_>>(),
        "log_density": expression(derived.log_density),
        "mean": derived.mean.map(expression),
        "scores": derived.scores.iter().map(|(name, score)| json!({ "parameter": name, "score": expression(*score) })).collect::<Vec<_>>(),
        "pre_activations": derived.deltas.iter().map(|d| delta(d, sources)).collect::<Vec<_>>(),
        "noise": noises(&derived.noise),
        "noise_by_pre_activation": noises(&derived.noise_in_o),
        "ascent": noises(&derived.ascent),
        "rules": derived.rules,
    })
}

fn delta(delta: &Delta, sources: &Sources) -> Value {
    json!({
        "variable": print::text(delta.o),
        "layer": delta.layer,
        "definition": delta.source,
        "place": place(delta.span, sources),
        "delta": expression(delta.delta),
        "delta_by_mean": expression(delta.in_mean),
        "noisy_target": print::text(delta.noisy_target),
        "delta_of_noisy_target": expression(delta.noisy),
        "invariance": invariance(&delta.invariance),
    })
}

fn invariance(invariance: &Invariance) -> Value {
    let fails = |because: &str, what: Option<Expr>| json!({ "holds": false, "because": because, "expression": what.map(expression) });
    match invariance {
        Invariance::Holds { scale } => json!({ "holds": true, "scale": expression(*scale) }),
        Invariance::Fails(Failure::Slope(slope)) => fails("slope", Some(*slope)),
        Invariance::Fails(Failure::Mixing) => fails("mixing", None),
        Invariance::Fails(Failure::Score(score)) => fails("score", Some(*score)),
        Invariance::Fails(Failure::Indirect) => fails("indirect", None),
        Invariance::NoMean => fails("no mean", None),
    }
}

/// As text, and for programs.
fn expression(e: Expr) -> Value {
    let shown = print::present(e);
    let prefix = if e.size() > LARGEST { Value::Null } else { prefix(shown) };
    json!({ "text": print::text(e), "prefix": prefix })
}

/// Numbers are numbers, variables strings, and operations arrays that begin with their name.
fn prefix(e: Expr) -> Value {
    let name = match e.node() {
        Node::Num(bits) => return json!(f64::from_bits(bits)),
        Node::Var(_) => return json!(e.name().unwrap_or_default().as_ref()),
        Node::Pi => "pi".into(),
        Node::Add(_) => "+".into(),
        Node::Mul(_) => "*".into(),
        Node::Pow(..) => "^".into(),
        Node::Call(f, _) => format!("{f:?}").to_lowercase(),
        Node::Max(..) => "max".into(),
        Node::Min(..) => "min".into(),
        Node::Sum(..) => "sum".into(),
        Node::Softmax(_) => "softmax".into(),
        Node::LogSumExp(_) => "logsumexp".into(),
        Node::Dot(..) => "dot".into(),
        Node::Transpose(_) => "transpose".into(),
        Node::Outer(..) => "outer".into(),
        Node::Spread(..) => "spread".into(),
        Node::Special(f, _) => f.name().into(),
        Node::Concat(_) => "concat".into(),
        Node::Slice(..) => "slice".into(),
        Node::Inverse(_) => "inverse".into(),
        Node::LnDet(_) => "ln_det".to_string(),
    };
    let parts = e.children().iter().copied().map(prefix);
    Value::Array(std::iter::once(json!(name)).chain(parts).collect())
}

/// File, line and column, counted from 1.
fn place(span: Span, sources: &Sources) -> Value {
    let (line, column) = sources.line_column(span);
    json!({ "file": sources.get(span.file).name, "line": line, "column": column })
}

fn bound(bound: &Bound) -> Value {
    match bound {
        Bound::Lower(x) => json!({ "relation": ">=", "value": expression(*x) }),
        Bound::Upper(x) => json!({ "relation": "<=", "value": expression(*x) }),
        Bound::Total(x) => json!({ "relation": "sum =", "value": expression(*x) }),
    }
}
