//! What the line editor asks while a line is written.

use std::borrow::Cow;
use std::cell::Cell;

use rustyline::completion::{Candidate, Completer};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper, Result};

use super::colour::{self, END, HINT};
use super::terminal::PROMPT;
use super::{guarded, input, screen};
use crate::prompt::{self, Completion, Prompt};

/// Answers the line editor by the prompt. A fault in it leaves the line as it is.
pub struct Assistant {
    pub prompt: Prompt,
    /// Without colours a hint could not be told from what is written.
    hints: bool,
    /// The line is entered: the cursor does not matter any more.
    entered: Cell<bool>,
}

impl Assistant {
    pub fn new(prompt: Prompt, hints: bool) -> Assistant {
        Assistant { prompt, hints, entered: Cell::new(false) }
    }
}

impl Helper for Assistant {}

/// A completion as it stands in a list of them.
pub struct Choice {
    text: String,
    shown: String,
}

impl From<Completion> for Choice {
    /// The name of a sign says little without the sign.
    fn from(completion: Completion) -> Choice {
        let Completion { text, what } = completion;
        let shown = if text.starts_with('\\') { format!("{text} {what}") } else { text.clone() };
        Choice { text, shown }
    }
}

impl Candidate for Choice {
    fn display(&self) -> &str {
        &self.shown
    }

    fn replacement(&self) -> &str {
        &self.text
    }
}

impl Completer for Assistant {
    type Candidate = Choice;

    fn complete(&self, line: &str, at: usize, _: &Context) -> Result<(usize, Vec<Choice>)> {
        let found = guarded(line, || prompt::complete(&self.prompt, line, at));
        let (start, found) = found.unwrap_or((at, vec![]));
        Ok((start, found.into_iter().map(Choice::from).collect()))
    }
}

/// What is shown behind the cursor, as far as the line has room for it, and what of it the right-arrow key takes.
pub struct Shown {
    text: String,
    shown: String,
    taken: bool,
}

impl Shown {
    /// Behind a line. The editor cannot take back what goes on below; nothing is shown where there is hardly any room.
    fn behind(line: &str, text: String, taken: bool) -> Option<Shown> {
        let written = PROMPT.len() + line.rsplit('\n').next().map_or(0, |last| last.chars().count());
        let room = screen::width().checked_sub(written).filter(|room| *room > LEAST)?;
        let fits = text.chars().count() <= room && !text.contains('\n');
        let cut = || text.lines().next().unwrap_or("").chars().take(room - 1).collect::<String>() + "…";
        let shown = if fits { text.clone() } else { cut() };
        Some(Shown { text, shown, taken })
    }
}

/// Room that is not worth a hint.
const LEAST: usize = 5;

impl Hint for Shown {
    fn display(&self) -> &str {
        &self.shown
    }

    fn completion(&self) -> Option<&str> {
        self.taken.then_some(&self.text)
    }
}

impl Hinter for Assistant {
    type Hint = Shown;

    fn hint(&self, line: &str, at: usize, context: &Context) -> Option<Shown> {
        if !self.hints || line.is_empty() || at < line.len() {
            return None;
        }
        match guarded(line, || prompt::hint(&self.prompt, line)).ok()? {
            Some(prompt::Hint::Rest(text)) => Shown::behind(line, text, true),
            Some(prompt::Hint::Call(text)) => Shown::behind(line, format!("  {text}"), false),
            None => HistoryHinter {}.hint(line, at, context).and_then(|text| Shown::behind(line, text, true)),
        }
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, at: usize) -> Cow<'l, str> {
        let cursor = (!self.entered.get()).then_some(at);
        let coloured = guarded(line, || colour::highlight(&self.prompt, line, cursor));
        coloured.map_or(Cow::Borrowed(line), Cow::Owned)
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(format!("{HINT}{hint}{END}"))
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        Cow::Owned(format!("\x1b[1m{prompt}{END}"))
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.entered.set(kind == CmdKind::ForcedRefresh);
        true
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext) -> Result<ValidationResult> {
        let unfinished = input::wants_more(context.input());
        Ok(if unfinished { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}
