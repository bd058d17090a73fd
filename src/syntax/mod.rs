//! From text to syntax tree and back.
//!
//! The text is cut into chunks, one for each declaration, and every chunk is parsed on its own: a slip in one leaves
//! the others whole, and each wrong chunk gives one error.

pub mod ast;
mod build;
mod chunk;
mod depth;
mod explain;
mod format;
mod grammar;
mod phrases;
mod print;
mod scan;
mod term;

pub use format::format;
pub use print::{print, print_term};

use std::ops::Range;

use crate::diag::{Diagnostic, Problems, codes};
use crate::source::{FileId, Span};
use ast::{Decl, Program, Setting, Term};
use build::{Builder, Built, Pair};
use grammar::Rule;
use scan::Token;

/// After this many errors the rest of a file is not read: it is most likely not a nem program at all.
const ERROR_LIMIT: usize = 20;

/// Reads a program: every declaration that could be read, and what is wrong with the rest. Never panics, whatever the
/// text. Errors: `SYNTAX`, `TOO_DEEP`, and `EMPTY_FILE` for a text without any declaration.
pub fn parse(file: FileId, text: &str) -> (Program, Problems) {
    let tokens = code_tokens(text);
    if tokens.is_empty() {
        return (Program { decls: vec![], unread: vec![] }, empty_file(file).into());
    }
    let (mut decls, mut unread, mut wrong) = (vec![], vec![], vec![]);
    for chunk in chunk::chunks(&tokens) {
        match parse_chunk(file, text, chunk) {
            Ok(good) => decls.extend(good),
            Err(diagnostic) => {
                wrong.push(*diagnostic);
                unread.extend(chunk::name(chunk).map(String::from));
            }
        }
        if wrong.len() == ERROR_LIMIT {
            break;
        }
    }
    let mut problems = Problems::new();
    wrong.into_iter().for_each(|d| problems.push(d));
    (Program { decls, unread }, problems)
}

/// Reads one expression and nothing else, for a prompt or a command-line argument.
pub fn parse_term(file: FileId, text: &str) -> Result<Term, Problems> {
    let tokens = code_tokens(text);
    let built = tree(Rule::lone_term, file, text, &tokens, 0..text.len())
        .and_then(|tree| Builder::new(file, 0, text, &tokens).lone_term(tree));
    built.map_err(|diagnostic| Problems::from(*diagnostic))
}

/// Reads settings of a `train` declaration and nothing else, for a command-line argument.
pub fn parse_settings(file: FileId, text: &str) -> Result<Vec<Setting>, Problems> {
    let tokens = code_tokens(text);
    let built = tree(Rule::settings, file, text, &tokens, 0..text.len())
        .and_then(|tree| Builder::new(file, 0, text, &tokens).settings(tree));
    built.map_err(|diagnostic| Problems::from(*diagnostic))
}

fn code_tokens(text: &str) -> Vec<Token<'_>> {
    scan::scan(text).into_iter().filter(|t| !t.is_comment()).collect()
}

fn parse_chunk(file: FileId, text: &str, chunk: &[Token]) -> Built<Vec<Decl>> {
    let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { return Ok(vec![]) };
    let tree = tree(Rule::file, file, text, chunk, first.start..last.end)?;
    Builder::new(file, first.start, text, chunk).decls(tree)
}

/// The parse tree of a part of the text, of which `tokens` are the tokens.
fn tree<'t>(rule: Rule, file: FileId, text: &'t str, tokens: &[Token], part: Range<usize>) -> Built<Pair<'t>> {
    depth::check(file, tokens)?;
    let tree = grammar::parse(rule, &text[part.clone()], part.start);
    tree.map_err(|failure| Box::new(explain::explain(rule, file, text, tokens, &failure)))
}

fn empty_file(file: FileId) -> Diagnostic {
    Diagnostic::new(codes::EMPTY_FILE, "this file declares nothing")
        .at(Span::new(file, 0, 0), "no declaration here")
        .help("a program holds declarations such as `model M { … }`, `data d { … }` and `train M on d { … }`")
}
