//! `nem fmt`: the canonical look of a program. Works on tokens, so comments and line breaks stay where they are; what
//! changes is indentation, blanks, repeated empty lines, and the alignment of `=` and of trailing comments.

use super::chunk::Brackets;
use super::scan::{Kind, Token, scan};
use crate::diag::Problems;
use crate::source::FileId;

const INDENT: usize = 4;

/// The text in canonical form; formatting that again changes nothing. Errors: those of [`super::parse`].
pub fn format(file: FileId, text: &str) -> Result<String, Problems> {
    let (_, problems) = super::parse(file, text);
    if problems.has_errors() { Err(problems) } else { Ok(layout(text)) }
}

/// As [`format`], for a text that is known to be a program.
pub fn layout(text: &str) -> String {
    let tokens = scan(text);
    let mut setter = Setter { tokens: &tokens, open: Brackets::default(), aligns: false };
    let (mut lines, mut start) = (vec![], 0);
    for row in tokens.chunk_by(|a, b| a.line == b.line) {
        lines.push(setter.line(start, row));
        start += row.len();
    }
    align(&mut lines, Line::equals_column, Line::pad_equals);
    align(&mut lines, Line::comment_column, Line::pad_comment);
    lines.iter().map(Line::show).collect()
}

/// One line of the result, still in movable parts.
struct Line {
    empty_line_above: bool,
    indent: usize,
    code: String,
    /// Where in `code` stands the `=` that is to be aligned with those above and below.
    equals: Option<usize>,
    comment: Option<String>,
    comment_gap: usize,
    /// Not the first line of its item.
    continues: bool,
}

impl Line {
    fn show(&self) -> String {
        let above = if self.empty_line_above { "\n" } else { "" };
        let comment = self.comment.as_deref().unwrap_or("");
        format!(
            "{above}{:indent$}{}{:gap$}{comment}\n",
            "",
            self.code,
            "",
            indent = self.indent,
            gap = self.comment_gap
        )
    }

    fn equals_column(&self) -> Column {
        match self.equals {
            _ if self.continues => Column::Skip,
            Some(at) => Column::At(self.indent, self.code[..at].chars().count()),
            None => Column::Break,
        }
    }

    fn pad_equals(&mut self, by: usize) {
        if let Some(at) = self.equals {
            self.code.insert_str(at, &" ".repeat(by));
        }
    }

    fn comment_column(&self) -> Column {
        match self.comment {
            Some(_) if !self.code.is_empty() => Column::At(0, self.indent + self.code.chars().count()),
            _ => Column::Break,
        }
    }

    fn pad_comment(&mut self, by: usize) {
        self.comment_gap += by;
    }
}

/// What a line has to do with alignment: it has something at a column (only lines of one group are aligned), it stands
/// between such lines without disturbing, or it ends their run.
#[derive(Clone, Copy, PartialEq)]
enum Column {
    At(usize, usize),
    Skip,
    Break,
}

/// Moves what `column` tells of to the right-most column of its run of lines.
fn align(lines: &mut [Line], column: fn(&Line) -> Column, pad: fn(&mut Line, usize)) {
    let mut run: Vec<(usize, usize)> = vec![];
    let mut group = None;
    for i in 0..lines.len() {
        let here = column(&lines[i]);
        let same_run = matches!(here, Column::At(g, _) if group == Some(g)) && !lines[i].empty_line_above;
        if here != Column::Skip && !same_run {
            flush(lines, &mut run, pad);
            group = None;
        }
        if let Column::At(g, at) = here {
            group = Some(g);
            run.push((i, at));
        }
    }
    flush(lines, &mut run, pad);
}

fn flush(lines: &mut [Line], run: &mut Vec<(usize, usize)>, pad: fn(&mut Line, usize)) {
    let furthest = run.iter().map(|(_, at)| *at).max().unwrap_or(0);
    for (i, at) in run.drain(..) {
        pad(&mut lines[i], furthest - at);
    }
}

/// Sets the lines one after the other.
struct Setter<'a> {
    tokens: &'a [Token<'a>],
    /// What is open before the current token.
    open: Brackets<'a>,
    /// Whether the current declaration is one whose `=` are all aligned; elsewhere those of parameters are.
    aligns: bool,
}

impl<'a> Setter<'a> {
    /// The line of the tokens `row`, the first of which has the index `start`.
    fn line(&mut self, start: usize, row: &[Token<'a>]) -> Line {
        if row[0].begins_declaration() && self.innermost().is_none() {
            self.aligns = matches!(row[0].text, "likelihood" | "data");
        }
        let continues = self.continues(start);
        let mut line = Line {
            empty_line_above: self.empty_line_above(start),
            indent: INDENT * (self.levels(row) + usize::from(continues && self.in_body())),
            code: String::new(),
            equals: None,
            comment: None,
            comment_gap: 0,
            continues,
        };
        self.set(start, row, &mut line);
        line
    }

    fn set(&mut self, start: usize, row: &[Token<'a>], line: &mut Line) {
        let body = self.innermost().filter(|_| self.aligns || row[0].text == "param");
        for (i, token) in (start..).zip(row) {
            if token.is_comment() {
                line.comment = Some(token.text.to_string());
                line.comment_gap = if line.code.is_empty() { 0 } else { 2 };
                continue;
            }
            line.code += &" ".repeat(if i == start { 0 } else { self.gap(i) });
            if token.text == "=" && line.equals.is_none() && body.is_some() && self.innermost() == body {
                line.equals = Some(line.code.len());
            }
            line.code += token.text;
            self.open.step(i, token);
        }
    }

    fn innermost(&self) -> Option<usize> {
        self.open.innermost()
    }

    /// Directly in a body or outside of everything, not between `(` or `[`.
    fn in_body(&self) -> bool {
        self.innermost().is_none_or(|i| self.tokens[i].text == "{")
    }

    fn previous(&self, index: usize) -> Option<&Token<'a>> {
        self.tokens[..index].iter().rev().find(|t| !t.is_comment())
    }

    fn empty_line_above(&self, start: usize) -> bool {
        let Some(above) = start.checked_sub(1).map(|i| self.tokens[i]) else { return false };
        let closes = self.tokens[start].kind == Kind::Close;
        self.tokens[start].line > above.line + 1 && above.kind != Kind::Open && !closes
    }

    /// Levels of indentation: brackets opened on one line count once, those closed at the start of this line do not.
    fn levels(&self, row: &[Token]) -> usize {
        let closing = row.iter().take_while(|t| t.kind == Kind::Close).count();
        let kept = self.open.indices().len().saturating_sub(closing);
        let mut lines: Vec<usize> = self.open.indices()[..kept].iter().map(|(i, _)| self.tokens[*i].line).collect();
        lines.dedup();
        lines.len()
    }

    /// Whether a line goes on with what the line above began.
    fn continues(&self, start: usize) -> bool {
        let first = self.tokens[start];
        if matches!(first.kind, Kind::Comment | Kind::Close | Kind::Open) {
            return false;
        }
        let next = self.tokens.get(start + 1).map_or("", |t| t.text);
        let clause = CLAUSE_WORDS.contains(&first.text) && !matches!(next, "=" | ":" | "~");
        let after_symbol = self.previous(start).is_some_and(|t| t.kind == Kind::Symbol);
        first.kind == Kind::Symbol || after_symbol || clause || !self.in_body()
    }

    /// Blanks before a token that is not the first of its line.
    fn gap(&self, index: usize) -> usize {
        let (before, token) = (&self.tokens[index - 1], &self.tokens[index]);
        match (before.text, token.text) {
            ("{", "}") | ("(" | "[", _) | (_, ")" | "]" | "," | ":") => 0,
            ("^" | ".." | ".", _) | (_, "^" | ".." | ".") => 0,
            ("-", _) if self.is_sign(index - 1) => 0,
            (_, "(" | "[") if before.ends_operand() => usize::from(token.gap > 0 && self.stands_apart(index - 1)),
            _ if token.kind == Kind::Word && self.may_end_item(index - 1) => token.gap.clamp(1, 2),
            _ => 1,
        }
    }

    /// Whether a new item may begin after this place; the author shows it by two blanks.
    fn may_end_item(&self, index: usize) -> bool {
        self.innermost().is_some() && self.in_body() && self.tokens[index].ends_operand() && !self.stands_apart(index)
    }

    /// Whether the `-` at this place is a sign and not a difference.
    fn is_sign(&self, index: usize) -> bool {
        let after_operand = self.previous(index).is_some_and(Token::ends_operand);
        !after_operand || self.stands_apart(index - 1)
    }

    /// Whether the word at this place takes what follows as its own, without being called: `return -x`, `draw (…)`,
    /// and the key of a setting.
    fn stands_apart(&self, index: usize) -> bool {
        let token = &self.tokens[index];
        let is_part = self.previous(index).is_some_and(|t| t.text == ".");
        token.kind == Kind::Word && !is_part && (APART_WORDS.contains(&token.text) || self.begins_item(index))
    }

    fn begins_item(&self, index: usize) -> bool {
        let opens_body = self.previous(index).is_some_and(|t| t.text == "{");
        let opens_line = self.tokens[index].first_of_line && !self.continues(index);
        self.innermost().is_some() && self.in_body() && (opens_body || opens_line)
    }
}

/// Words that begin a clause of the item before them.
const CLAUSE_WORDS: &[&str] = &["where", "cooled", "through", "take", "seed", "over", "on"];
/// Words that are never called: what follows belongs to them, one blank apart.
const APART_WORDS: &[&str] = &[
    "input", "param", "observe", "latent", "energy", "return", "noise", "pretrain", "draw", "init", "where", "take",
    "seed", "cooled", "through", "over", "on",
];
