//! README and book stay true: every nem program in them is checked, every derivation they show is derived again, links
//! lead somewhere, and generated parts are what the program would generate today.
//!
//! A fence says what is done with its block. `nem`: it has no errors and the canonical layout. `nem,fragment`: it parses.
//! `nem,bad,E0302`: it gives that code. `nem,file=line.nem`: besides, it is a file for the commands below it on its page.
//! In `console` blocks, commands that begin with one of `RUN` are run where the page's files and `examples/` are; a line
//! `…` stands for lines left out.
//!
//! In `prompt` blocks, what stands after `nem>` is entered at one prompt for the page.
//!
//! `NEM_BLESS=1 cargo test --test docs` writes what is generated, and the output of commands, anew.

mod generated;
mod links;
mod pages;
mod prompt;

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, MutexGuard};

use nemlang::diag::{MessageFormat, render};
use nemlang::session::Session;
use nemlang::source::FileId;
use nemlang::syntax;
use pages::{Block, Page, pages};

/// Commands that are quick and print the same on every machine.
const RUN: &[&str] = &["nem derive", "nem region", "nem check", "nem fmt --check", "nem inspect", "nem --", "nem help"];

fn blessing() -> bool {
    std::env::var_os("NEM_BLESS").is_some()
}

/// Two tests write the same pages when blessing; whoever reads a page to write it holds this.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn assert_none(failures: &[String], what: &str) {
    assert!(failures.is_empty(), "{what}:\n\n{}", failures.join("\n\n"));
}

#[test]
fn programs_are_what_their_fences_say() {
    let failures: Vec<String> = pages().iter().flat_map(wrong_programs).collect();
    assert_none(&failures, "programs");
}

fn wrong_programs(page: &Page) -> Vec<String> {
    let folder = workplace();
    let mut failures = vec![];
    for block in page.blocks().iter().filter(|b| b.language() == "nem") {
        lay_down(block, folder.path());
        let why = if block.has("fragment") { unparsed(block) } else { unlike_its_fence(block, folder.path()) };
        failures.extend(why.map(|why| format!("{}:{}: {why}", page.name, block.line)));
    }
    failures
}

/// Where else than at the top of a file a fragment may stand.
const PLACES: &[(&str, &str)] = &[
    ("", ""),
    ("model M {\n", "\n}"),
    ("train M on d {\n", "\n}"),
    ("data d {\n", "\n}"),
    ("likelihood f() over y: real {\n", "\n}"),
    ("fn f(x) =\n", ""),
];

fn unparsed(block: &Block) -> Option<String> {
    let parses = |(before, after): &(&str, &str)| {
        let text = format!("{before}{}{after}", block.body);
        syntax::parse(FileId(0), &text).1.is_empty()
    };
    (!PLACES.iter().any(parses)).then(|| "the fragment parses nowhere".into())
}

fn unlike_its_fence(block: &Block, folder: &Path) -> Option<String> {
    let mut session = Session::from_text("page.nem", &block.body, Some(folder));
    if !session.problems.has_errors() {
        // As `nem check` does.
        session.problems.extend(session.derived_problems());
    }
    let told = || render(&session.problems, &session.sources, MessageFormat::Text, false);
    let wanted = block.codes();
    let has = |code: &str| session.problems.iter().any(|d| d.code.id == code);
    match wanted.iter().find(|code| !has(code)) {
        Some(missing) => Some(format!("`{missing}` is not found:\n{}", told())),
        None if wanted.is_empty() && session.problems.has_errors() => Some(told()),
        None if wanted.is_empty() => not_laid_out(block),
        None => None,
    }
}

fn not_laid_out(block: &Block) -> Option<String> {
    let laid_out = syntax::format(FileId(0), &block.body).ok()?;
    (laid_out != block.body).then(|| format!("`nem fmt` writes\n{laid_out}"))
}

#[test]
fn commands_print_what_the_pages_show() {
    let _turn = turn();
    let failures = pages().into_iter().flat_map(|page| commands_of(&page));
    assert_none(&failures.collect::<Vec<_>>(), "commands");
}

fn commands_of(page: &Page) -> Vec<String> {
    let folder = workplace();
    let (mut failures, mut rewritten) = (vec![], vec![]);
    for block in page.blocks() {
        lay_down(&block, folder.path());
        if block.language() != "console" {
            continue;
        }
        let mut body = String::new();
        for (command, shown) in block.commands() {
            let printed = if is_run(command) { run(command, folder.path()) } else { shown.clone() };
            let same = alike(&lines(&shown), &lines(&printed));
            let shortened = lines(&shown).contains(&"…");
            if !same && (shortened || !blessing()) {
                failures.push(format!("{}:{}: `{command}` prints\n{printed}", page.name, block.line));
            }
            body += &format!("$ {command}\n{}", if same { &shown } else { &printed });
        }
        rewritten.push((block.range.clone(), body));
    }
    if blessing() && failures.is_empty() {
        page.replace(rewritten);
    }
    failures
}

fn is_run(command: &str) -> bool {
    RUN.iter().any(|start| command.starts_with(start)) || command.ends_with("--help")
}

/// A folder with the example programs; their data are left out, for nothing that is run here reads any.
fn workplace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("examples");
    std::fs::create_dir(&to).unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for entry in from.read_dir().unwrap().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|e| e == "nem") {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
    folder
}

/// A block that is a file becomes one.
fn lay_down(block: &Block, folder: &Path) {
    if let Some(name) = block.file() {
        std::fs::write(folder.join(name), &block.body).unwrap();
    }
}

/// What a command prints: its answer, then its messages.
fn run(command: &str, folder: &Path) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_nem")).args(words(command).skip(1)).current_dir(folder).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let lines = text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    lines.trim_end().to_string() + "\n"
}

/// The words of a command line; double quotes hold one together.
fn words(command: &str) -> impl Iterator<Item = &str> {
    let parts = command.split('"').enumerate();
    parts.flat_map(|(i, part)| if i % 2 == 1 { vec![part] } else { part.split_whitespace().collect() })
}

fn lines(text: &str) -> Vec<&str> {
    text.trim_end().lines().map(str::trim_end).collect()
}

/// Whether the printed lines are those shown, where `…` stands for any number of lines.
fn alike(shown: &[&str], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((&"…", rest)) => (0..=printed.len()).any(|n| alike(rest, &printed[n..])),
        Some((line, rest)) => printed.first() == Some(line) && alike(rest, &printed[1..]),
    }
}
