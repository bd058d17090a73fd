//! A session at a prompt: what is entered, and what is answered. Nothing here knows of a terminal.

mod commands;
mod complete;
mod cursor;
mod expression;
mod hint;
mod paths;
mod program;
pub mod unicode;

use crate::diag::{self, Diagnostic, MessageFormat, Problems};
use crate::session::Session;
use crate::source::Sources;
use crate::syntax;

pub use commands::{COMMANDS, Command};
pub use complete::{Completion, complete};
pub use hint::{Hint, hint};
pub use program::{Entry, Program};

/// Where answers go.
pub trait Listener {
    /// A finished piece of an answer.
    fn say(&mut self, text: &str);
    /// Problems, as people read them.
    fn tell(&mut self, text: &str);
    /// What a long command is at; each piece takes the place of the one before.
    fn show(&mut self, _text: &str) {}
}

/// What comes after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Go,
    Quit,
}

/// A prompt between two inputs.
pub struct Prompt {
    pub program: Program,
    /// The program, checked.
    pub session: Session,
    /// Whether problems are told in colour.
    pub colour: bool,
    /// Whether an error was told.
    pub failed: bool,
}

impl Default for Prompt {
    fn default() -> Self {
        Prompt { program: Program::default(), session: Session::library(), colour: false, failed: false }
    }
}

impl Prompt {
    /// Answers one input: declarations, a command, or an expression.
    pub fn enter(&mut self, text: &str, listener: &mut dyn Listener) -> Next {
        let text = text.trim();
        let answer = match text.strip_prefix(':') {
            _ if text.is_empty() => Ok(Next::Go),
            Some(command) => commands::run(self, command, listener),
            None if syntax::declares(text) => self.declare(text, listener),
            None => expression::answer(self, text, listener),
        };
        answer.unwrap_or_else(|problems| {
            self.tell(&problems, listener);
            Next::Go
        })
    }

    /// Takes declarations in, unless they are wrong. What else is wrong with the program because of them is told.
    fn declare(&mut self, text: &str, listener: &mut dyn Listener) -> Result<Next, Problems> {
        let mut program = self.program.clone();
        let replaced = program.declare(text);
        self.check(program, &replaced, listener);
        Ok(Next::Go)
    }

    /// Puts a changed program in the place of the present one, unless what is new in it is wrong.
    fn check(&mut self, program: Program, replaced: &[String], listener: &mut dyn Listener) {
        let session = program.session();
        let rendered = |problems: &Problems| diag::render(problems, &session.sources, MessageFormat::Text, self.colour);
        let told = rendered(&session.problems);
        if !told.is_empty() {
            listener.tell(&told);
        }
        let _ = replaced;
        self.failed |= session.problems.has_errors();
        if !session.problems.has_errors() {
            (self.program, self.session) = (program, session);
        }
    }

    fn tell(&mut self, problems: &Problems, listener: &mut dyn Listener) {
        self.failed |= problems.has_errors();
        listener.tell(&diag::render(problems, &self.session.sources, MessageFormat::Text, self.colour));
    }
}

/// Problems that speak of no source.
pub fn bare(diagnostic: Diagnostic, colour: bool) -> String {
    diag::render(&diagnostic.into(), &Sources::default(), MessageFormat::Text, colour)
}
