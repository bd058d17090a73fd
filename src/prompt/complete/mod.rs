//! What a word at the cursor could become.

mod command;

use super::cursor::{Cursor, open_quote};
use super::expression::part_names;
use super::{Prompt, paths, unicode};
use crate::check::{ENTRIES, function_names, setting_keys};
use crate::model::Support;
use crate::syntax::DECLARATION_WORDS;
use crate::syntax::ast::{Decl, Item};

/// A way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What stands in the place of the word.
    pub text: String,
    /// What it is: `likelihood`, `model`, `command`.
    pub what: String,
}

impl Completion {
    pub fn new(text: impl Into<String>, what: impl Into<String>) -> Completion {
        Completion { text: text.into(), what: what.into() }
    }
}

/// Where the word at byte `at` of a line begins, and what it could become.
pub fn complete(prompt: &Prompt, line: &str, at: usize) -> (usize, Vec<Completion>) {
    let before = line.get(..at).unwrap_or(line);
    if let Some(found) = unicode::complete(before) {
        return found;
    }
    match (before.strip_prefix(':'), open_quote(before)) {
        (Some(command), _) => shifted(command::complete(prompt, command), 1),
        (None, Some(start)) => (start, paths::complete(&before[start..])),
        (None, None) => in_program(prompt, before),
    }
}

fn shifted((start, found): (usize, Vec<Completion>), by: usize) -> (usize, Vec<Completion>) {
    (start + by, found)
}

/// What finds completions.
type Source = fn(&Prompt, &Cursor) -> Vec<Completion>;

/// What can stand behind a token.
const AFTER: &[(&[&str], Source)] = &[
    (&[":", "->"], |_, _| words(Support::ALL_NAMES, "support")),
    (&["."], |_, _| words(&part_names().collect::<Vec<_>>(), "part")),
    (&["~"], |p, _| declared(p, &["likelihood"])),
    (&["train", "pretrain"], |p, _| declared(p, &["model"])),
    (&["on"], |p, _| declared(p, &["data"])),
    (&["noise", "through"], |p, c| c.declaration().map_or(vec![], |(_, model)| variables(p, model))),
    (&["fn", "likelihood", "layer", "model", "data", "input", "param", "observe", "latent"], |_, _| vec![]),
];

/// What a line in the body of a declaration can begin with.
const LINES: &[(&str, Source)] = &[
    ("likelihood", |_, _| ENTRIES.iter().map(|name| Completion::new(format!("{name} = "), "entry")).collect()),
    ("layer", |_, _| words(&["param", "return"], "word")),
    ("model", |_, _| words(&["input", "param", "observe", "latent", "energy"], "word")),
    ("data", |_, _| words(&["test"], "word")),
    ("train", |_, _| setting_keys().chain(["noise", "pretrain"]).map(|key| Completion::new(key, "setting")).collect()),
];

fn in_program(prompt: &Prompt, before: &str) -> (usize, Vec<Completion>) {
    let Some(cursor) = Cursor::new(before) else { return (before.len(), vec![]) };
    let after = AFTER.iter().find(|(tokens, _)| tokens.contains(&cursor.before())).map(|(_, source)| source);
    let line = LINES.iter().find(|(kind, _)| cursor.begins_line() && cursor.body() == Some(*kind));
    let source = line.map(|(_, source)| source).or(after).unwrap_or(&(expressions as Source));
    (cursor.start, fitting(source(prompt, &cursor), cursor.word))
}

/// Where an expression stands: arguments of a call by name, then every name with a value. An empty word could be too much.
fn expressions(prompt: &Prompt, cursor: &Cursor) -> Vec<Completion> {
    let mut found = arguments(prompt, cursor);
    if !cursor.word.is_empty() {
        found.extend(cursor.given_names().map(|name| Completion::new(name, "name")));
        found.extend(declared(prompt, KINDS));
        found.extend(function_names().chain(["pi"]).map(|name| Completion::new(name, "function")));
        if cursor.before().is_empty() || cursor.begins_line() {
            found.extend(words(DECLARATION_WORDS, "declaration"));
        }
    }
    found
}

fn arguments(prompt: &Prompt, cursor: &Cursor) -> Vec<Completion> {
    let decl = cursor.callee().filter(|_| cursor.begins_argument()).and_then(|name| prompt.declaration(name));
    let formals = decl.iter().flat_map(|decl| decl.formals());
    formals.map(|formal| Completion::new(format!("{} = ", formal.name.text), "parameter")).collect()
}

/// The variables of a model, or the parameters and the outcome of a likelihood.
fn variables(prompt: &Prompt, name: &str) -> Vec<Completion> {
    let Some(decl) = prompt.declaration(name) else { return vec![] };
    let names: Vec<&str> = match &*decl {
        Decl::Model(model) => {
            let items = model.items.iter().filter(|item| !matches!(item, Item::Energy { .. }));
            items.map(|item| item.name().text.as_str()).collect()
        }
        Decl::Likelihood(d) => d.formals.iter().map(|f| &f.name).chain([&d.outcome]).map(|n| n.text.as_str()).collect(),
        _ => vec![],
    };
    words(&names, "variable")
}

/// The kinds of declarations that have names.
const KINDS: &[&str] = &["fn", "likelihood", "layer", "model", "data"];

fn declared(prompt: &Prompt, kinds: &[&str]) -> Vec<Completion> {
    let of_kind = |kind: &&str| words(&prompt.session.declarations.names_of(kind), kind);
    kinds.iter().flat_map(of_kind).collect()
}

fn words(words: &[&str], what: &str) -> Vec<Completion> {
    words.iter().map(|word| Completion::new(*word, what)).collect()
}

/// Those that begin with the word, in order and each once.
fn fitting(mut found: Vec<Completion>, word: &str) -> Vec<Completion> {
    found.retain(|completion| completion.text.starts_with(word));
    found.sort_by(|a, b| a.text.cmp(&b.text));
    found.dedup_by(|a, b| a.text == b.text);
    found
}
