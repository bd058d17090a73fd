//! What was checked, and how it came out: for people, for programs, and as problems.

use serde_json::{Map, Value as Json, json};

use crate::diag::{Diagnostic, Problems, codes};
use crate::source::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    /// A figure that can be neither right nor wrong.
    Measured,
    /// Suspicious, but nothing that was derived depends on it.
    Warned,
    Failed,
    /// Not looked at, for the reason that is told.
    Skipped,
}

const WORDS: [(Verdict, &str); 5] = [
    (Verdict::Ok, "ok"),
    (Verdict::Measured, "measured"),
    (Verdict::Warned, "warning"),
    (Verdict::Failed, "failed"),
    (Verdict::Skipped, "skipped"),
];

impl Verdict {
    fn word(self) -> &'static str {
        WORDS.iter().find(|(v, _)| *v == self).map_or("", |(_, word)| word)
    }
}

/// One line of a certificate.
#[derive(Clone, Debug)]
pub struct Check {
    pub what: String,
    pub verdict: Verdict,
    pub detail: String,
    /// The numbers of the detail, for programs; `null` where there are none.
    pub figures: Json,
}

impl Check {
    pub fn new(what: impl Into<String>, verdict: Verdict, detail: impl Into<String>) -> Check {
        Check { what: what.into(), verdict, detail: detail.into(), figures: Json::Null }
    }

    pub fn holds(what: impl Into<String>, holds: bool, detail: impl Into<String>) -> Check {
        Check::new(what, if holds { Verdict::Ok } else { Verdict::Failed }, detail)
    }

    pub fn with(self, figures: Json) -> Check {
        Check { figures, ..self }
    }

    fn json(&self) -> Json {
        let mut check = json!({ "check": self.what, "verdict": self.verdict.word(), "detail": self.detail });
        if let (Json::Object(check), false) = (&mut check, self.figures.is_null()) {
            check.insert("figures".into(), self.figures.clone());
        }
        check
    }
}

/// Numbers at which checks were made.
struct Place {
    text: String,
    point: Json,
    checks: Vec<Check>,
}

/// Everything that was checked of one likelihood or model.
pub struct Certificate {
    title: String,
    /// What it is of, by the names of the program.
    subject: Map<String, Json>,
    span: Span,
    /// What to do when a check fails.
    remedy: &'static str,
    places: Vec<Place>,
}

impl Certificate {
    pub fn new(title: String, subject: Map<String, Json>, span: Span, remedy: &'static str) -> Certificate {
        Certificate { title, subject, span, remedy, places: vec![] }
    }

    /// Adds what was checked at some numbers: these as text, and for programs.
    pub fn add(&mut self, text: String, point: Json, checks: Vec<Check>) {
        self.places.push(Place { text, point, checks });
    }

    /// Ends with a line break.
    pub fn text(&self) -> String {
        let all = self.places.iter().flat_map(|p| &p.checks);
        let width = all.map(|c| c.what.chars().count()).max().unwrap_or(0).max(28);
        let line = |c: &Check| format!("    {:<8} {:<width$} {}\n", c.verdict.word(), c.what, c.detail);
        let place = |p: &Place| format!("  at {}\n{}", p.text, p.checks.iter().map(line).collect::<String>());
        format!("{}\n{}", self.title, self.places.iter().map(place).collect::<String>())
    }

    pub fn json(&self) -> Json {
        let place =
            |p: &Place| json!({ "point": p.point, "checks": p.checks.iter().map(Check::json).collect::<Vec<_>>() });
        let mut document = self.subject.clone();
        document.insert("places".into(), self.places.iter().map(place).collect());
        Json::Object(document)
    }

    /// What failed as errors, what is suspicious as warnings.
    pub fn problems(&self) -> Problems {
        let mut problems = Problems::new();
        let each = self.places.iter().flat_map(|place| place.checks.iter().map(move |check| (place, check)));
        each.filter_map(|(place, check)| self.problem(place, check)).for_each(|problem| problems.push(problem));
        problems
    }

    fn problem(&self, place: &Place, check: &Check) -> Option<Diagnostic> {
        let Check { what, verdict, detail, .. } = check;
        let at = if place.text.is_empty() { String::new() } else { format!(" at {}", place.text) };
        let told = |code, help: &str| {
            Diagnostic::new(code, format!("`{}`{at}: {what}: {detail}", self.title))
                .at(self.span, "declared here")
                .help(help)
        };
        match verdict {
            Verdict::Ok | Verdict::Measured | Verdict::Skipped => None,
            Verdict::Warned => Some(told(
                codes::NOT_NORMALISED,
                "add what is missing to `log_density`: it changes no noise condition, but where it depends on a parameter it changes the score",
            )),
            Verdict::Failed => Some(told(codes::CHECK_FAILED, self.remedy)),
        }
    }
}
