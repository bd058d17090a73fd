//! The prompt in a terminal, and the same without one: scripts and single inputs.

mod answer;
mod colour;
mod config;
mod fold;
mod helper;
mod history;
mod input;
mod keys;
mod places;
mod screen;
mod script;
mod terminal;

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use crate::diag::{Diagnostic, MessageFormat, codes, paths};
use crate::prompt::{Listener, Next, Prompt, Style};

pub use answer::{answer, guarded};
pub use colour::highlight;
pub use config::{Config, read as read_config};
use screen::{Quiet, Screen};
use script::{Input, Inputs};

/// What the command line asks of the prompt.
pub struct Options {
    /// Inputs to answer, after which nem leaves.
    pub eval: Vec<String>,
    /// Whether the init file is read.
    pub init: bool,
    pub messages: MessageFormat,
}

/// Answers what the options, a script at standard input, or a person at a terminal asks.
pub fn run(options: &Options) -> ExitCode {
    answer::hush();
    let (config, style) = settings(options.messages);
    let mut prompt = Prompt { style, ..Prompt::default() };
    let mut screen = Screen::new();
    if options.init {
        initialise(&mut prompt, &config, &mut screen);
    }
    if !options.eval.is_empty() {
        let inputs = options.eval.iter().map(|text| Ok(Input { text: text.clone(), line: 1 }));
        answer_all(&mut prompt, inputs, None, &mut screen);
        return ended(&prompt);
    }
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        return terminal::run(prompt, &config, &mut screen);
    }
    answer_all(&mut prompt, Inputs::new(io::stdin().lock()), Some("script"), &mut screen);
    ended(&prompt)
}

/// What the config file says. What is wrong in it is told, and the rest holds.
fn settings(messages: MessageFormat) -> (Config, Style) {
    let (config, problems, sources) = places::config_file().map(|path| config::load(&path)).unwrap_or_default();
    let style = Style { messages, colour: config.colours(&io::stderr()) };
    eprint!("{}", style.render(&problems, &sources));
    (config, style)
}

/// Enters the init file, of which nothing but problems is heard. There need be none where none is named.
fn initialise(prompt: &mut Prompt, config: &Config, screen: &mut Screen) {
    let usual = places::init_file().filter(|path| path.exists());
    let Some(path) = config.init.clone().or(usual) else { return };
    match paths::read_program(&path) {
        Ok(text) => {
            let name = path.display().to_string();
            answer_all(prompt, Inputs::new(text.as_bytes()), Some(&name), &mut Quiet(screen));
        }
        Err(problem) => screen.tell(&prompt.style.bare(problem)),
    }
    prompt.failed = false;
}

/// Answers each input in turn, until one says to leave. Messages name the script that they are of.
fn answer_all(
    prompt: &mut Prompt,
    inputs: impl Iterator<Item = io::Result<Input>>,
    script: Option<&str>,
    listener: &mut dyn Listener,
) -> Next {
    let mut next = Next::Go;
    for input in inputs {
        next = match input {
            Ok(Input { text, line }) => {
                prompt.program.script = script.map(|name| (name.into(), line));
                answer(prompt, &text, listener)
            }
            Err(error) => {
                prompt.failed = true;
                listener.tell(&prompt.style.bare(not_text(&error)));
                Next::Quit
            }
        };
        if next == Next::Quit {
            break;
        }
    }
    prompt.program.script = None;
    next
}

fn not_text(error: &io::Error) -> Diagnostic {
    Diagnostic::new(codes::NOT_TEXT, format!("the script cannot be read: {}", paths::reason(error)))
        .help("scripts are text in UTF-8")
}

fn ended(prompt: &Prompt) -> ExitCode {
    if prompt.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
