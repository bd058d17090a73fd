//! What can stand in a line that begins with a colon.

use super::super::commands::{COMMANDS, Command, Completes, command_called, kinds, settings};
use super::super::{Prompt, cursor::Cursor, paths};
use super::{Completion, KINDS, Source, declared, expressions, fitting, in_program, shifted, variables, words};
use crate::check::setting_keys;

type Found = (usize, Vec<Completion>);

/// What the first word after a command can be.
const FIRST: &[(Completes, Source)] = &[
    (Completes::Own, |p, _| own(p)),
    (Completes::Names, |p, _| declared(p, KINDS)),
    (Completes::Derived, |p, _| declared(p, &["likelihood", "model"])),
    (Completes::Kinds, |_, _| words(&kinds().collect::<Vec<_>>(), "kind")),
    (Completes::Settings, |_, _| words(&settings().collect::<Vec<_>>(), "setting")),
    (Completes::Models, |p, _| declared(p, &["model"])),
    (Completes::Commands, |_, _| commands()),
];

/// What can follow it, in commands that take more.
const FOLLOWING: &[(&str, &[&str])] = &[
    ("derive", &["at", "noise="]),
    ("region", &["at", "noise=", "from", "to", "criterion=", "dims="]),
    ("noise", &["at", "noise=", "from", "criterion=", "count=", "best_of="]),
    ("train", &["on"]),
    ("predict", &["on", "rows=", "arm=", "seed="]),
    ("params", &["arm=", "seed="]),
];

/// What can stand behind a word, or behind a key.
const BEHIND: &[(&str, Source)] = &[
    ("on ", |p, _| declared(p, &["data"])),
    ("from ", |p, _| declared(p, &["likelihood"])),
    ("device ", |_, _| words(&["cpu", "cuda"], "device")),
    ("criterion=", |_, _| words(&["nem", "anti", "ascent"], "criterion")),
];

/// The name of a command, or what can follow it.
pub fn complete(prompt: &Prompt, text: &str) -> Found {
    let Some((name, rest)) = text.split_once(char::is_whitespace) else { return (0, fitting(commands(), text)) };
    let Ok(command) = command_called(name) else { return (text.len(), vec![]) };
    let rest = rest.trim_start();
    let found = match (command.completes, path(rest)) {
        (Completes::Nothing, _) => (0, vec![]),
        (Completes::Files, _) => (0, paths::complete(rest)),
        (_, Some(start)) => (start, paths::complete(&rest[start..])),
        _ => argument(prompt, command, rest),
    };
    shifted(found, text.len() - rest.len())
}

fn own(prompt: &Prompt) -> Vec<Completion> {
    let declared = prompt.program.entries().iter().filter_map(|entry| entry.name.as_deref());
    words(&declared.chain(prompt.memory.kept()).chain(["all"]).collect::<Vec<_>>(), "name")
}

fn commands() -> Vec<Completion> {
    COMMANDS.iter().map(|c| Completion::new(c.name, "command")).collect()
}

/// Where the path begins that is being written behind `to`.
fn path(rest: &str) -> Option<usize> {
    let start = rest.len() - rest.rsplit(char::is_whitespace).next()?.len();
    rest[..start].trim_end().ends_with(" to").then_some(start)
}

/// The first word names what the command is about. Behind it stand words of the command, variables of what it is about, and
/// expressions as their values.
fn argument(prompt: &Prompt, command: &Command, rest: &str) -> Found {
    let Some(cursor) = Cursor::new(rest) else { return (rest.len(), vec![]) };
    let found = match rest.split_once(|c: char| !c.is_alphanumeric() && c != '_') {
        None => {
            FIRST.iter().find(|(of, _)| *of == command.completes).map_or(vec![], |(_, first)| first(prompt, &cursor))
        }
        Some((subject, _)) => following(prompt, command, (subject, rest), &cursor),
    };
    if command.name == "train" && cursor.is_inside() {
        return within_train(prompt, rest);
    }
    (cursor.start, fitting(found, cursor.word))
}

fn following(prompt: &Prompt, command: &Command, (subject, rest): (&str, &str), cursor: &Cursor) -> Vec<Completion> {
    let before = &rest[..cursor.start];
    let stands_before = |word: &str| {
        let earlier = before.strip_suffix(word);
        earlier.is_some_and(|earlier| earlier.is_empty() || earlier.ends_with(char::is_whitespace))
    };
    if let Some((_, source)) = BEHIND.iter().find(|(word, _)| stands_before(word)) {
        return source(prompt, cursor);
    }
    if cursor.is_inside() || cursor.before() == "=" {
        return [variables(prompt, subject), expressions(prompt, cursor)].concat();
    }
    let Some((_, own)) = FOLLOWING.iter().find(|(name, _)| *name == command.name) else { return vec![] };
    let keys: Vec<String> = match command.name {
        "train" => setting_keys().map(String::from).collect(),
        "params" => vec![],
        _ => variables(prompt, subject).into_iter().map(|variable| variable.text).collect(),
    };
    let keys = keys.into_iter().map(|key| Completion::new(format!("{key}="), "value"));
    keys.chain(words(own, "word")).collect()
}

/// The settings in braces are those of a declaration.
fn within_train(prompt: &Prompt, rest: &str) -> Found {
    const WORD: &str = "train ";
    let (start, found) = in_program(prompt, &format!("{WORD}{rest}"));
    (start.saturating_sub(WORD.len()), found)
}
