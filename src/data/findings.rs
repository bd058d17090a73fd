//! What is wrong in one file or column, gathered so that a thousand bad cells make one readable message.

use std::fmt::Display;

use crate::diag::{Code, Diagnostic, Problems};
use crate::source::Span;

/// How many findings of one kind are told in full.
const SHOWN: usize = 5;

/// Findings, one diagnostic a code: the first is the message, the next are notes, the others are counted.
pub(super) struct Findings {
    subject: String,
    place: Span,
    label: &'static str,
    kinds: Vec<Kind>,
}

struct Kind {
    code: Code,
    help: String,
    count: usize,
    shown: Vec<String>,
}

impl Findings {
    /// Messages begin with `subject`, the name of a file or column; `label` stands under `place`.
    pub fn new(subject: impl Display, place: Span, label: &'static str) -> Self {
        Findings { subject: format!("`{subject}`"), place, label, kinds: vec![] }
    }

    /// Adds one finding. Only the first of a code sets its help; text is made only for those that will be shown.
    pub fn add(&mut self, code: Code, text: impl FnOnce() -> String, help: impl FnOnce() -> String) {
        let at = self.kinds.iter().position(|k| k.code == code).unwrap_or_else(|| {
            self.kinds.push(Kind { code, help: help(), count: 0, shown: vec![] });
            self.kinds.len() - 1
        });
        let kind = &mut self.kinds[at];
        kind.count += 1;
        if kind.count <= SHOWN {
            kind.shown.push(text());
        }
    }

    /// `good` when nothing was found, else everything that was.
    pub fn or<T>(self, good: T) -> Result<T, Problems> {
        if self.kinds.is_empty() {
            return Ok(good);
        }
        let mut problems = Problems::new();
        for kind in self.kinds {
            problems.push(kind.diagnostic(&self.subject).at(self.place, self.label));
        }
        Err(problems)
    }
}

impl Kind {
    fn diagnostic(self, subject: &str) -> Diagnostic {
        let left = self.count - self.shown.len();
        let mut shown = self.shown.into_iter();
        let message = format!("{subject}, {}", shown.next().unwrap_or_default());
        let told = shown.fold(Diagnostic::new(self.code, message).help(self.help), Diagnostic::note);
        if left == 0 { told } else { told.note(format!("and {left} more")) }
    }
}
