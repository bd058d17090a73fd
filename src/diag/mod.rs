//! What is wrong with a program, told to the person who wrote it.

pub mod codes;
pub mod paths;
mod render;
mod suggest;

pub use codes::Code;
pub use render::{MessageFormat, render};
pub use suggest::did_you_mean;

use std::collections::BTreeSet;

use crate::source::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// One thing to tell: what, where, why, and what to write instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    /// Where it is, and the few words that stand under the underlined text.
    pub primary: Option<(Span, String)>,
    pub related: Vec<(Span, String)>,
    pub notes: Vec<String>,
    /// The remedy. Every diagnostic that reaches a user should have one.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic whose severity follows from its code: `W…` warns, everything else is an error.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let severity = if code.id.starts_with('W') { Severity::Warning } else { Severity::Error };
        Diagnostic {
            code,
            severity,
            message: message.into(),
            primary: None,
            related: vec![],
            notes: vec![],
            help: None,
        }
    }

    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.primary = Some((span, label.into()));
        self
    }

    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds «did you mean …?» when one of `known` is close to `name`, else lists what there is.
    pub fn suggest<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let mut known: Vec<&str> = known.into_iter().collect();
        let mut seen = BTreeSet::new();
        known.retain(|name| seen.insert(*name));
        match did_you_mean(name, known.iter().copied()) {
            Some(close) => self.help(format!("did you mean `{close}`?")),
            None if known.is_empty() && self.help.is_some() => self,
            None if known.is_empty() => self.help(format!("nothing here could be meant: declare `{name}` first")),
            None => self.help(format!("known here: {}", listed(&known))),
        }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Names in a row, the first ones where there are many.
pub fn listed(names: &[&str]) -> String {
    const MOST: usize = 12;
    match names.len().checked_sub(MOST).filter(|more| *more > 0) {
        Some(more) => format!("{} and {more} more", names[..MOST].join(", ")),
        None => names.join(", "),
    }
}

/// The diagnostics of one run, errors and warnings together.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    list: Vec<Diagnostic>,
}

impl Problems {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.list.contains(&diagnostic) {
            self.list.push(diagnostic);
        }
    }

    pub fn extend(&mut self, other: Problems) {
        other.list.into_iter().for_each(|d| self.push(d));
    }

    pub fn has_errors(&self) -> bool {
        self.list.iter().any(Diagnostic::is_error)
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// In the order of the source, errors before warnings at one place.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<&Diagnostic> = self.list.iter().collect();
        sorted.sort_by_key(|d| (d.primary.as_ref().map(|(span, _)| *span), d.severity));
        sorted
    }

    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }
}

impl From<Diagnostic> for Problems {
    fn from(diagnostic: Diagnostic) -> Self {
        Problems { list: vec![diagnostic] }
    }
}
