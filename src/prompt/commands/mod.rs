//! What begins with a colon: one line of a table each.

mod files;
mod live;
mod look;
mod networks;
mod noise;
mod predict;
mod session;
mod tour;
mod train;
mod words;

use super::{Listener, Next, Prompt};
use crate::diag::{Diagnostic, Problems, codes};
pub use look::{head, kinds};
pub use networks::Trained;
pub use session::settings;
use words::Words;

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
    /// What the session itself has a name for.
    Own,
    /// Likelihoods and models.
    Derived,
    Models,
    Kinds,
    Settings,
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

#[rustfmt::skip]
pub const COMMANDS: &[Command] = &[
    command("help", "[COMMAND]", "what can be entered, or what a command does", Completes::Commands, look::help),
    command("info", "NAME", "doc comment, signature and source of a declaration", Completes::Names, look::info),
    command("list", "[KIND | all]", "what is declared here, or in the standard library too", Completes::Kinds, look::list),
    command("derive", "NAME [at y=2 mu=0] [noise=\"y *= n\"]", "what follows from a likelihood or a model", Completes::Derived, look::derive),
    command("region", "NAME at y=2 mu=0 [noise=\"y *= n\"] [from PROPOSAL] [to FILE]", "draw a region of noise", Completes::Derived, noise::region),
    command("noise", "NAME at y=2 mu=0 from PROPOSAL [count=8]", "draw noise from a region", Completes::Derived, noise::draw),
    command("verify", "NAME", "check what was derived against numbers", Completes::Derived, look::verify),
    command("shapes", "MODEL", "every variable of a model with its shape", Completes::Models, look::shapes),
    command("train", "MODEL [on DATA] [epochs=5 ...]", "train, compare and judge; Ctrl-C stops and keeps the networks", Completes::Models, train::train),
    command("predict", "MODEL on DATA [rows=5] or x=0.5", "means of what a trained network observes", Completes::Models, predict::predict),
    command("params", "MODEL [NAME]", "what a trained network has learned", Completes::Models, networks::params),
    command("set", "[seed 7 | device cuda | precision 4 | threads 2]", "settings of this session", Completes::Settings, session::set),
    command("load", "FILE", "take in the declarations of a program", Completes::Files, files::load),
    command("reload", "", "read the loaded files again", Completes::Nothing, files::reload),
    command("save", "FILE [replace]", "write the session as a program", Completes::Files, files::save),
    command("time", "INPUT", "how long an input takes", Completes::Nothing, session::time),
    command("clear", "[NAME | all]", "clear the screen, or forget declarations and values", Completes::Own, session::clear),
    command("tour", "[try | SECTION]", "the tutorial, a section at a time; `try` enters its lines", Completes::Nothing, tour::tour),
    command("quit", "", "leave; Ctrl-D does the same", Completes::Nothing, |_, _, _| Ok(Next::Quit)),
];

/// The likelihood or model that is spoken of, perhaps with sizes; `at` says nothing by itself. Errors: `USAGE`, and those of
/// the sizes.
fn subject(prompt: &mut Prompt, words: &mut Words) -> Result<String, Problems> {
    words.skip("at");
    match &words.plain[..] {
        [call] => prompt.session.called(call).map_err(|problems| with_numbers(prompt, call).unwrap_or(problems)),
        [] => {
            let last = prompt.program.entries().iter().rev().find(|e| matches!(&e.kind[..], "likelihood" | "model"));
            last.and_then(|entry| entry.name.clone()).ok_or_else(|| {
                let problem = Diagnostic::new(codes::USAGE, "nothing says which likelihood or model is meant");
                problem.help("name one: `:derive gaussian`").into()
            })
        }
        [_, other, ..] => {
            let problem = Diagnostic::new(codes::USAGE, format!("`{other}` has no meaning here"));
            Err(problem
                .help("give numbers by their names: `y=2 mu=0`; `:help` shows how each command is written")
                .into())
        }
    }
}

/// A likelihood that is called, as distributions are.
fn with_numbers(prompt: &Prompt, call: &str) -> Option<Problems> {
    let name = call.split('(').next().filter(|name| *name != call)?.trim();
    let likelihood = prompt.session.declarations.likelihood(name).ok()?;
    let parameters = likelihood.formals.iter().map(|f| format!("{}=…", f.name));
    let point: Vec<String> = [format!("{}=…", likelihood.outcome_name)].into_iter().chain(parameters).collect();
    let problem = Diagnostic::new(codes::USAGE, format!("`{name}` is derived for all parameters at once"));
    Some(problem.help(format!("give numbers behind its name: `{name} at {}`", point.join(" "))).into())
}

/// A model of the session, perhaps with sizes. Errors: `USAGE`, `UNKNOWN_NAME`, `WRONG_KIND`, and those of the sizes.
fn model(prompt: &mut Prompt, call: &str) -> Result<String, Problems> {
    let name = model_name(prompt, call)?;
    if call.is_empty() { Ok(name) } else { prompt.session.called(call) }
}

fn model_name(prompt: &Prompt, call: &str) -> Result<String, Problems> {
    let models: Vec<&str> = prompt.session.model_names().collect();
    let name = call.split('(').next().unwrap_or(call).trim();
    match (name, &models[..]) {
        ("", [only]) => Ok(only.to_string()),
        ("", []) => Err(Diagnostic::new(codes::USAGE, "no model is declared").help(DECLARE).into()),
        ("", _) => Err(Diagnostic::new(codes::USAGE, "nothing says which model is meant").suggest("", models).into()),
        (name, _) if models.contains(&name) => Ok(name.into()),
        (name, _) => Err(no_model(prompt, name, &models).into()),
    }
}

const DECLARE: &str = "declare one, or take in a program: `:load examples/digits.nem`";

fn no_model(prompt: &Prompt, name: &str, models: &[&str]) -> Diagnostic {
    let problem = match prompt.session.declarations.named(name) {
        Some(decl) => Diagnostic::new(codes::WRONG_KIND, format!("`{name}` is a {}, not a model", decl.kind())),
        None => Diagnostic::new(codes::UNKNOWN_NAME, format!("there is no model `{name}`")),
    };
    if models.is_empty() { problem.help(DECLARE) } else { problem.suggest(name, models.iter().copied()) }
}

/// Runs what stands after the colon. Errors: `USAGE` for a command that there is not.
pub fn run(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    let text = text.trim_start();
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let command = command_called(name)?;
    prompt.session.forget_sizes();
    if command.takes.is_empty() && !rest.trim().is_empty() {
        let problem = Diagnostic::new(codes::USAGE, format!("`:{}` takes nothing", command.name));
        return Err(problem.help(format!("write `:{}` alone", command.name)).into());
    }
    if let (Some(option), true) = (words::option(rest), command.name != "time") {
        return Err(of_command_line(option, command).into());
    }
    (command.run)(prompt, rest.trim(), listener)
}

fn of_command_line(option: &str, command: &Command) -> Diagnostic {
    Diagnostic::new(codes::USAGE, format!("`{option}` is how the command line writes it"))
        .help(format!("here it is `:{} {}`", command.name, command.takes))
}

/// The command of this name, or the only one that begins so.
pub fn command_called(name: &str) -> Result<&'static Command, Diagnostic> {
    let begin_so: Vec<&Command> = COMMANDS.iter().filter(|c| !name.is_empty() && c.name.starts_with(name)).collect();
    match (COMMANDS.iter().find(|c| c.name == name), &begin_so[..]) {
        (Some(command), _) => Ok(command),
        (None, [only]) => Ok(only),
        (None, []) => Err(unknown(name)),
        (None, several) => {
            let names: Vec<String> = several.iter().map(|c| format!("`:{}`", c.name)).collect();
            let problem = Diagnostic::new(codes::USAGE, format!("several commands begin with `:{name}`"));
            Err(problem.help(format!("they are {}", names.join(", "))))
        }
    }
}

fn unknown(name: &str) -> Diagnostic {
    let problem = match name {
        "" => Diagnostic::new(codes::USAGE, "a command stands behind the colon"),
        _ => Diagnostic::new(codes::USAGE, format!("there is no command `:{name}`")),
    };
    problem.suggest(name, COMMANDS.iter().map(|c| c.name))
}
