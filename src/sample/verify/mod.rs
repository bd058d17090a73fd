//! Certificates: whether what was derived of a likelihood agrees with its numbers.
//!
//! Every check looks at the same thing in two ways that share as little as possible: the density against its integral, a
//! score against differences, a region's own data against the log-density, draws against plain rejection.

mod choice;
mod density;
mod draws;
mod mean;
mod region;
mod score;

use serde_json::{Value as Json, json};

use super::place::Place;
use crate::derive::LikelihoodDerivation;
use crate::diag::{Diagnostic, Problems, codes};
use crate::model::{Criterion, Injection};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    /// Suspicious, but nothing that was derived depends on it.
    Warned,
    Failed,
    /// Not looked at, for the reason that is told.
    Skipped,
}

/// One line of a certificate.
#[derive(Clone, Debug)]
pub struct Check {
    pub what: String,
    pub verdict: Verdict,
    pub detail: String,
}

impl Check {
    fn new(what: impl Into<String>, verdict: Verdict, detail: impl Into<String>) -> Check {
        Check { what: what.into(), verdict, detail: detail.into() }
    }

    fn holds(what: impl Into<String>, holds: bool, detail: impl Into<String>) -> Check {
        Check::new(what, if holds { Verdict::Ok } else { Verdict::Failed }, detail)
    }
}

/// Everything that was checked of one likelihood.
pub struct Certificate {
    pub name: String,
    span: crate::source::Span,
    places: Vec<(String, Json, Vec<Check>)>,
}

/// Checks a likelihood at a place, or at several that are chosen from the supports.
pub fn verify(derived: &LikelihoodDerivation, at: Option<Place>) -> Certificate {
    let places = at.map_or_else(|| choice::places(&derived.likelihood), |place| vec![place]);
    let mut certificate =
        Certificate { name: derived.likelihood.name.clone(), span: derived.likelihood.span, places: vec![] };
    if places.is_empty() {
        let what = Check::new("parameters", Verdict::Skipped, "no point with a finite log-density was found: use --at");
        certificate.places.push((String::new(), Json::Null, vec![what]));
    }
    for place in &places {
        certificate.places.push((place.text(), place.json(), checks(derived, place)));
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

const WORDS: [(Verdict, &str); 4] =
    [(Verdict::Ok, "ok"), (Verdict::Warned, "warning"), (Verdict::Failed, "failed"), (Verdict::Skipped, "skipped")];

impl Verdict {
    fn word(self) -> &'static str {
        WORDS.iter().find(|(v, _)| *v == self).map_or("", |(_, word)| word)
    }
}

impl Certificate {
    /// Ends with a line break.
    pub fn text(&self) -> String {
        let line = |c: &Check| format!("    {:<8} {:<28} {}\n", c.verdict.word(), c.what, c.detail);
        let place = |(text, _, checks): &(String, Json, Vec<Check>)| {
            format!("  at {text}\n{}", checks.iter().map(line).collect::<String>())
        };
        format!("{}\n{}", self.name, self.places.iter().map(place).collect::<String>())
    }

    pub fn json(&self) -> Json {
        let check = |c: &Check| json!({ "check": c.what, "verdict": c.verdict.word(), "detail": c.detail });
        let places = self.places.iter().map(
            |(_, point, checks)| json!({ "point": point, "checks": checks.iter().map(check).collect::<Vec<_>>() }),
        );
        json!({ "likelihood": self.name, "places": places.collect::<Vec<_>>() })
    }

    /// What failed as errors, what is suspicious as warnings.
    pub fn problems(&self) -> Problems {
        let mut problems = Problems::new();
        for (at, _, checks) in &self.places {
            for check in checks {
                if let Some(problem) = self.problem(at, check) {
                    problems.push(problem);
                }
            }
        }
        problems
    }

    fn problem(&self, at: &str, check: &Check) -> Option<Diagnostic> {
        let Check { what, verdict, detail } = check;
        let at = if at.is_empty() { String::new() } else { format!(" at {at}") };
        let told = |code, help: &str| {
            Diagnostic::new(code, format!("`{}`{at}: {what}: {detail}", self.name))
                .at(self.span, "declared here")
                .help(help)
        };
        match verdict {
            Verdict::Ok | Verdict::Skipped => None,
            Verdict::Warned => Some(told(
                codes::NOT_NORMALISED,
                "add what is missing to `log_density`: it changes no noise condition, but where it depends on a parameter it changes the score",
            )),
            Verdict::Failed => {
                Some(told(codes::CHECK_FAILED, "check the declaration, and its supports, at this point"))
            }
        }
    }
}
