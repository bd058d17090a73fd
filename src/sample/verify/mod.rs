//! Certificates: whether what was derived of a likelihood agrees with its numbers.
//!
//! Every check looks at the same thing in two ways that share as little as possible: the density against its integral, a
//! score against differences, a region's own data against the log-density, draws against plain rejection.

mod certificate;
mod choice;
mod density;
mod draws;
mod mean;
mod region;
mod score;

use serde_json::{Map, Value as Json};

use super::place::Place;
use crate::derive::LikelihoodDerivation;
use crate::model::{Criterion, Injection};
pub use certificate::{Certificate, Check, Verdict};

const REMEDY: &str = "check the declaration, and its supports, at this point";

/// Checks a likelihood at a place, or at several that are chosen from the supports.
pub fn verify(derived: &LikelihoodDerivation, at: Option<Place>) -> Certificate {
    let places = at.map_or_else(|| choice::places(&derived.likelihood), |place| vec![place]);
    let name = derived.likelihood.name.clone();
    let subject = Map::from_iter([("likelihood".to_string(), Json::from(name.clone()))]);
    let mut certificate = Certificate::new(name, subject, derived.likelihood.span, REMEDY);
    if places.is_empty() {
        let what = Check::new("parameters", Verdict::Skipped, "no point with a finite log-density was found: use --at");
        certificate.add(String::new(), Json::Null, vec![what]);
    }
    for place in &places {
        certificate.add(place.text(), place.json(), checks(derived, place));
    }
    certificate
}

fn checks(derived: &LikelihoodDerivation, place: &Place) -> Vec<Check> {
    let mut checks = vec![density::check(place)];
    checks.extend(score::checks(derived, place));
    for injection in [Injection::Add, Injection::Multiply] {
        let Some(noise) = place.noise(injection, Criterion::Nem) else { continue };
        checks.push(region::check(place, &noise));
        checks.push(draws::check(&noise));
    }
    let is_density = checks[0].verdict == Verdict::Ok;
    checks.extend(mean::checks(place, is_density));
    checks
}
