//! Commands that read and write programs.

use std::path::{Path, PathBuf};

use super::Done;
use super::words::unquoted;
use crate::diag::{Diagnostic, Problems, codes, paths};
use crate::prompt::{Listener, Next, Prompt};
use crate::train::folder::write_atomically;

/// Takes in what a file declares.
pub fn load(prompt: &mut Prompt, path: &str, listener: &mut dyn Listener) -> Done {
    if path.is_empty() {
        return Err(needs_path("load", "examples/digits.nem").into());
    }
    let loaded = read(prompt, Path::new(&unquoted(path)), listener)?;
    listener.say(&loaded);
    Ok(Next::Go)
}

/// Reads every loaded file again.
pub fn reload(prompt: &mut Prompt, _: &str, listener: &mut dyn Listener) -> Done {
    let files = prompt.program.loaded().to_vec();
    if files.is_empty() {
        return Err(Diagnostic::new(codes::USAGE, "no file was loaded")
            .help("load one: `:load examples/digits.nem`")
            .into());
    }
    for file in files {
        let loaded = read(prompt, &file, listener)?;
        listener.say(&loaded);
    }
    Ok(Next::Go)
}

/// Declares what a file holds: a line about it.
fn read(prompt: &mut Prompt, path: &Path, listener: &mut dyn Listener) -> Result<String, Problems> {
    let text = paths::read_program(path)?;
    let mut program = prompt.program.clone();
    program.load(path, &text);
    let own = program.entries().iter().filter(|entry| entry.file.as_deref() == Some(path));
    let names: Vec<String> = own.map(|entry| entry.title()).collect();
    let replaced = prompt.program.replaced_in(&program).map(|old| format!("{} of {}", old.title(), old.source));
    let replaced: Vec<String> = replaced.collect();
    let replaced = if replaced.is_empty() { String::new() } else { format!("; gone is {}", replaced.join(", ")) };
    let source = path.display().to_string();
    Ok(match prompt.take(program, &source, listener) {
        true => format!("{source}: {}{replaced}", names.join(", ")),
        false => format!("{source}: nothing of it was taken in"),
    })
}

/// Writes the session as a program.
pub fn save(prompt: &mut Prompt, path: &str, listener: &mut dyn Listener) -> Done {
    if path.is_empty() {
        return Err(needs_path("save", "mine.nem").into());
    }
    if prompt.program.is_empty() {
        return Err(Diagnostic::new(codes::USAGE, "nothing was declared that could be saved")
            .help("declare something first: a value alone is no program")
            .into());
    }
    let (path, replaces) = path.strip_suffix(" replace").map_or((path, false), |path| (path.trim_end(), true));
    let path = PathBuf::from(unquoted(path));
    if path.exists() && !replaces {
        let problem = Diagnostic::new(codes::USAGE, format!("`{}` is there already", path.display()));
        return Err(problem.help(format!("write `:save {} replace`, or choose another name", path.display())).into());
    }
    let text = prompt.program.text(path.parent()) + &values(prompt);
    write_atomically(&path, text.as_bytes())?;
    let count = crate::report::count(prompt.program.entries().len(), "declaration");
    let values = if prompt.memory.kept().next().is_none() { "" } else { "; values of the prompt as comments" };
    listener.say(&format!("{}: {count}{values}", path.display()));
    let wrong = prompt.session.problems.clone();
    if wrong.has_errors() {
        prompt.tell(&wrong, listener);
    }
    Ok(Next::Go)
}

/// Programs have no values of their own: comments say what they were.
fn values(prompt: &Prompt) -> String {
    let inputs = prompt.memory.inputs().flat_map(|input| input.lines().map(|line| format!("// {line}\n")));
    let text: String = inputs.collect();
    if text.is_empty() { text } else { format!("\n// Values of the prompt:\n{text}") }
}

fn needs_path(command: &str, example: &str) -> Diagnostic {
    Diagnostic::new(codes::USAGE, format!("`:{command}` needs a file"))
        .help(format!("name one: `:{command} {example}`"))
}
