//! A session at a prompt: what is entered, and what is answered. Nothing here knows of a terminal.

mod announce;
mod commands;
mod complete;
mod cursor;
mod expression;
mod hint;
mod paths;
mod program;
pub mod unicode;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::diag::{self, Diagnostic, MessageFormat, Problems};
use crate::experiment::DeviceChoice;
use crate::session::Session;
use crate::source::Sources;
use crate::syntax;
pub use commands::{COMMANDS, Command, Trained};
pub use complete::{Completion, complete};
pub use expression::{Answer, Memory};
pub use hint::{Hint, hint};
pub use program::{Entry, Program};

/// Where answers go.
pub trait Listener: Send {
    /// A finished piece of an answer.
    fn say(&mut self, text: &str);
    /// Problems, as people read them.
    fn tell(&mut self, text: &str);
    /// What a long command is at; each piece takes the place of the one before.
    fn show(&mut self, _text: &str) {}
    /// How many characters a line holds.
    fn columns(&self) -> usize {
        WIDEST
    }
    /// Clears the screen, where there is one.
    fn clear(&mut self) {}
}

/// Lines are never longer than this, so that they are easy to read.
pub const WIDEST: usize = 100;

/// How problems are told.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub messages: MessageFormat,
    pub colour: bool,
}

impl Default for Style {
    fn default() -> Self {
        Style { messages: MessageFormat::Text, colour: false }
    }
}

impl Style {
    pub fn render(self, problems: &Problems, sources: &Sources) -> String {
        diag::render(problems, sources, self.messages, self.colour)
    }

    /// A problem that speaks of no source.
    pub fn bare(self, diagnostic: Diagnostic) -> String {
        self.render(&diagnostic.into(), &Sources::default())
    }
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
    pub style: Style,
    /// Of draws and pictures, and of trainings that name no seeds.
    pub seed: u64,
    /// How often numbers were drawn with it.
    pub draws: u32,
    /// The answers that have names.
    pub memory: Memory,
    pub device: DeviceChoice,
    /// How many digits numbers have.
    pub precision: usize,
    /// Runs trained at the same time.
    pub threads: usize,
    /// Where run folders are made.
    pub out: PathBuf,
    /// The networks of the last training of each model.
    pub trained: BTreeMap<String, Trained>,
    /// The section of the tour that was shown last, from 0; `None` before the first.
    pub section: Option<usize>,
    /// Whether an error was told.
    pub failed: bool,
}

impl Default for Prompt {
    fn default() -> Self {
        Prompt {
            program: Program::default(),
            session: Program::default().session(),
            style: Style::default(),
            seed: 1,
            draws: 0,
            memory: Memory::default(),
            device: DeviceChoice::Cpu,
            precision: 6,
            threads: std::thread::available_parallelism().map_or(1, |n| n.get()),
            out: "runs".into(),
            trained: BTreeMap::new(),
            section: None,
            failed: false,
        }
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

    pub fn reseed(&mut self, seed: u64) {
        (self.seed, self.draws) = (seed, 0);
    }

    /// Takes declarations in, and tells what follows from them.
    fn declare(&mut self, text: &str, listener: &mut dyn Listener) -> Result<Next, Problems> {
        let mut program = self.program.clone();
        let source = program.declare(text);
        if self.take(program, &source, listener) {
            announce::declared(self, &source, listener);
        }
        Ok(Next::Go)
    }

    /// Puts a changed program in the place of the present one, unless what is new in it, of this source, is wrong. What is wrong
    /// elsewhere because of it is told, and can be mended.
    fn take(&mut self, program: Program, source: &str, listener: &mut dyn Listener) -> bool {
        let session = program.session();
        let before: Vec<String> = rendered(&self.session, Style::default()).into_iter().map(|(_, text)| text).collect();
        let found = rendered(&session, self.style);
        let plain = rendered(&session, Style::default());
        let is_new = |(at, (file, _)): &(usize, &(String, String))| file == source || !before.contains(&plain[*at].1);
        found.iter().enumerate().filter(is_new).for_each(|(_, (_, text))| listener.tell(text));
        let taken = !session.problems.iter().any(|d| d.is_error() && source_of(&session, d) == source);
        self.failed |= session.problems.has_errors();
        if taken {
            // A declaration takes the place of a value of the same name.
            let new = program.entries().iter().filter(|entry| entry.source == source);
            for name in new.filter_map(|entry| entry.name.as_ref()) {
                self.memory.forget(name);
            }
            (self.program, self.session) = (program, session);
        }
        taken
    }

    /// Of a script, what has no place is in the line that is answered.
    fn located(&self, problems: &Problems) -> Problems {
        let mut located = Problems::new();
        for problem in problems.iter() {
            let line = self.program.line().filter(|_| problem.primary.is_none());
            located.push(line.into_iter().fold(problem.clone(), |problem, line| problem.note(format!("in {line}"))));
        }
        located
    }

    fn tell(&mut self, problems: &Problems, listener: &mut dyn Listener) {
        self.failed |= problems.has_errors();
        if problems.is_empty() {
            return;
        }
        listener.tell(&self.style.render(&self.located(problems), &self.session.sources));
    }
}

/// Each problem of a program with the source it speaks of.
fn rendered(session: &Session, style: Style) -> Vec<(String, String)> {
    let text = |d: &Diagnostic| style.render(&d.clone().into(), &session.sources);
    session.problems.sorted().into_iter().map(|d| (source_of(session, d), text(d))).collect()
}

fn source_of(session: &Session, problem: &Diagnostic) -> String {
    problem.primary.as_ref().map_or(String::new(), |(span, _)| session.sources.get(span.file).name.clone())
}
