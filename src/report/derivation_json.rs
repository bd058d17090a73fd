//! Derivations for tools: the schema `nem-derivation/1`.

use serde_json::{Value, json};

use crate::derive::ProgramDerivation;
use crate::source::Sources;

/// The whole program in the schema `nem-derivation/1`, which `docs/reference/derivation-json.md` describes.
pub fn document(derived: &ProgramDerivation, _sources: &Sources) -> Value {
    let likelihoods: Vec<&str> = derived.likelihoods.iter().map(|l| l.likelihood.name.as_str()).collect();
    json!({ "schema": "nem-derivation/1", "likelihoods": likelihoods })
}
