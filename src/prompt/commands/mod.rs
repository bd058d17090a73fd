//! What begins with a colon: one line of a table each.

mod look;

use super::{Listener, Next, Prompt};
use crate::diag::{Diagnostic, Problems, codes};

/// What a command did, or what is wrong with how it was asked.
pub type Done = Result<Next, Problems>;

pub struct Command {
    /// Without the colon.
    pub name: &'static str,
    /// What follows it, for people.
    pub takes: &'static str,
    /// One line of what it does.
    pub does: &'static str,
    /// What can stand after it, for completion.
    pub completes: Completes,
    run: fn(&mut Prompt, &str, &mut dyn Listener) -> Done,
}

/// What a word after a command names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completes {
    Nothing,
    /// Any declaration, the standard library's included.
    Names,
    Likelihoods,
    Models,
    Files,
    Commands,
}

const fn command(
    name: &'static str,
    takes: &'static str,
    does: &'static str,
    completes: Completes,
    run: fn(&mut Prompt, &str, &mut dyn Listener) -> Done,
) -> Command {
    Command { name, takes, does, completes, run }
}

pub const COMMANDS: &[Command] = &[
    command("help", "[COMMAND]", "what can be entered, or what a command does", Completes::Commands, look::help),
    command("quit", "", "leave; Ctrl-D does the same", Completes::Nothing, |_, _, _| Ok(Next::Quit)),
];

/// Runs what stands after the colon. Errors: `USAGE` for a command that there is not.
pub fn run(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let command = COMMANDS.iter().find(|c| c.name == name).ok_or_else(|| unknown(name))?;
    (command.run)(prompt, rest.trim(), listener)
}

fn unknown(name: &str) -> Diagnostic {
    Diagnostic::new(codes::USAGE, format!("there is no command `:{name}`"))
        .suggest(name, COMMANDS.iter().map(|c| c.name))
}
