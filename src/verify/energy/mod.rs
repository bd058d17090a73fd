//! What was derived of an energy against the energy itself, summed or integrated over states one by one: conditionals,
//! free energy, learning law and Δ. Nothing here knows a link or a normaliser.

mod checks;
mod states;

use serde_json::{Map, Value as Json, json};

use super::REMEDY_OF_ENERGY;
use super::point;
use crate::derive::energy::{EnergyDerivation, derive_energy};
use crate::diag::Problems;
use crate::model::{Energy, Model};
use crate::sample::Certificate;
use crate::train::stop;

/// Checks an energy at two points near the initial values of its parameters. Errors: those of the derivation.
pub fn certificate(
    model: &Model,
    energy: Energy,
    (title, subject): (String, Map<String, Json>),
) -> Result<Certificate, Problems> {
    let derived: EnergyDerivation = derive_energy(model, energy)?;
    let mut certificate = Certificate::new(title, subject, model.span, REMEDY_OF_ENERGY);
    for point in &point::POINTS {
        stop::check()?;
        let place = states::Place::at(model, &derived, point);
        let text = format!("{}, units drawn at random", point.text());
        certificate.add(text, json!({ "seed": point.seed, "deviation": point.deviation }), checks::all(&place));
    }
    Ok(certificate)
}
