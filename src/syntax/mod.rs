//! From text to syntax tree and back.
//!
//! The text is cut into chunks, one for each declaration, and every chunk is parsed on its own: a slip in one leaves
//! the others whole, and each wrong chunk gives one error. What is cut need not be parsed at once.

pub mod ast;
mod build;
mod chunk;
mod classes;
mod depth;
mod explain;
mod format;
mod grammar;
mod phrases;
mod print;
mod scan;
mod term;

pub use classes::{Class, tokens};
pub use format::format;
pub use print::{print, print_call, print_head, print_term};
pub use scan::DECLARATION_WORDS;

use std::ops::Range;

use crate::diag::{Diagnostic, Problems, codes};
use crate::source::{FileId, Span};
use ast::{Arg, Decl, Program, Setting, Term};
use build::{Builder, Built, Pair};
use grammar::Rule;
use scan::Token;

/// After this many errors the rest of a file is not read: it is most likely not a nem program at all.
const ERROR_LIMIT: usize = 20;

/// Reads a program: every declaration that could be read, and what is wrong with the rest. Never panics, whatever the
/// text. Errors: `SYNTAX`, `TOO_DEEP`, and `EMPTY_FILE` for a text without any declaration.
pub fn parse(file: FileId, text: &str) -> (Program, Problems) {
    let tokens = code_tokens(scan::scan(text));
    if tokens.is_empty() {
        return (Program { decls: vec![], unread: vec![] }, empty_file(file).into());
    }
    let (mut decls, mut unread, mut wrong) = (vec![], vec![], vec![]);
    for chunk in chunk::chunks(&tokens) {
        match parse_chunk(file, text, chunk) {
            Ok(good) => decls.extend(good),
            Err(diagnostic) => {
                wrong.push(*diagnostic);
                unread.extend(chunk::heading(chunk).map(|(_, name)| name.to_string()));
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

/// A declaration of which no more is known than its first words and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline<'t> {
    /// The word that begins it.
    pub kind: &'t str,
    pub name: &'t str,
    part: Range<usize>,
}

/// The named declarations of a text, at a small part of the cost of parsing them.
pub fn outline(text: &str) -> Vec<Outline<'_>> {
    let tokens = code_tokens(scan::scan(text));
    chunk::chunks(&tokens).into_iter().filter_map(outline_of).collect()
}

fn outline_of<'t>(chunk: &[Token<'t>]) -> Option<Outline<'t>> {
    let (kind, name) = chunk::heading(chunk)?;
    Some(Outline { kind, name, part: chunk.first()?.start..chunk.last()?.end })
}

/// Reads the declaration of an outline of this text; `None` where it is wrong, which [`parse`] explains.
pub fn parse_outlined(file: FileId, text: &str, outline: &Outline) -> Option<Decl> {
    let tokens = code_tokens(scan::scan_part(text, outline.part.clone()));
    parse_chunk(file, text, &tokens).ok()?.pop()
}

/// A declaration, or what was meant to be one, with the comments above it.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece<'t> {
    /// The word that begins it.
    pub kind: &'t str,
    /// `None` for `use`, and where there is no name.
    pub name: Option<&'t str>,
    pub text: &'t str,
    /// The byte at which that begins.
    pub start: usize,
}

/// The declarations of a text, each of which can be read by itself.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let tokens = code_tokens(scan::scan(text));
    let mut begin = 0;
    let mut pieces = vec![];
    for chunk in chunk::chunks(&tokens).into_iter().flat_map(chunk::declarations) {
        let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { continue };
        let name = chunk::heading(chunk).map(|(_, name)| name);
        let piece = text[begin..last.end].trim_start();
        pieces.push(Piece { kind: first.text, name, text: piece, start: last.end - piece.len() });
        begin = last.end;
    }
    pieces
}

/// Whether a text begins like a declaration.
pub fn declares(text: &str) -> bool {
    code_tokens(scan::scan(text)).first().is_some_and(Token::begins_declaration)
}

/// Whether more has to follow: a bracket is open, or the last thing is an operator that wants something after it.
pub fn is_unfinished(text: &str) -> bool {
    let tokens = code_tokens(scan::scan(text));
    let mut open = chunk::Brackets::default();
    let fits = tokens.iter().enumerate().all(|(i, token)| open.step(i, token).is_none());
    let wants_more = tokens.last().is_some_and(|t| t.kind == scan::Kind::Symbol && t.text != "?");
    fits && (!open.is_empty() || wants_more)
}

/// Reads one expression and nothing else, for a prompt or a command-line argument.
pub fn parse_term(file: FileId, text: &str) -> Result<Term, Problems> {
    let tokens = code_tokens(scan::scan(text));
    let built = tree(Rule::lone_term, file, text, &tokens, 0..text.len())
        .and_then(|tree| Builder::new(file, 0, text, &tokens).lone_term(tree));
    built.map_err(|diagnostic| Problems::from(*diagnostic))
}

/// Reads what is entered at a prompt: an expression, or one with a name for its value, `x = 3 * 2`.
pub fn parse_entered(file: FileId, text: &str) -> Result<Arg, Problems> {
    let tokens = code_tokens(scan::scan(text));
    let built = tree(Rule::entered, file, text, &tokens, 0..text.len())
        .and_then(|tree| Builder::new(file, 0, text, &tokens).entered(tree));
    built.map_err(|diagnostic| Problems::from(*diagnostic))
}

/// Reads settings of a `train` declaration and nothing else, for a command-line argument.
pub fn parse_settings(file: FileId, text: &str) -> Result<Vec<Setting>, Problems> {
    let tokens = code_tokens(scan::scan(text));
    let built = tree(Rule::settings, file, text, &tokens, 0..text.len())
        .and_then(|tree| Builder::new(file, 0, text, &tokens).settings(tree));
    built.map_err(|diagnostic| Problems::from(*diagnostic))
}

fn code_tokens(tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    tokens.into_iter().filter(|t| !t.is_comment()).collect()
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
