//! Text as tokens: enough to find brackets, comments and line starts without knowing the grammar.

use std::ops::Range;

/// The words that begin a declaration. They are kept from being names, so that one at the start of a line always begins
/// a declaration, even after a mistake. Those that the grammar does not know yet are kept for later versions.
pub const DECLARATION_WORDS: &[&str] = &["use", "fn", "likelihood", "layer", "cell", "model", "data", "train"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Word,
    Number,
    Text,
    Open,
    Close,
    Symbol,
    Comment,
    /// What no program may hold: a text that is not closed, `'text'`, `# …`.
    Stray,
}

/// One token and its place: bytes `start..end`, its line counted from 0, the blanks since the last token on that line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token<'t> {
    pub kind: Kind,
    pub text: &'t str,
    pub start: usize,
    pub end: usize,
    pub line: usize,
    pub gap: usize,
    pub first_of_line: bool,
}

impl Token<'_> {
    pub fn is_comment(&self) -> bool {
        self.kind == Kind::Comment
    }

    /// Whether an expression may end with this token.
    pub fn ends_operand(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Number | Kind::Text | Kind::Close)
    }

    pub fn begins_declaration(&self) -> bool {
        self.kind == Kind::Word && DECLARATION_WORDS.contains(&self.text)
    }

    pub fn at_column_zero(&self) -> bool {
        self.first_of_line && self.gap == 0
    }
}

/// Symbols of more than one character, legal ones and slips, the longest first.
const LONG_SYMBOLS: &[&str] =
    &["..", "->", "<-", "+=", "*=", "-=", "/=", "**", "==", ":=", "=>", "<=", ">=", "!=", "&&", "||"];

pub fn scan(text: &str) -> Vec<Token<'_>> {
    scan_part(text, 0..text.len())
}

/// The tokens of a part that begins and ends between two lines of the text; lines are counted from its first.
pub fn scan_part(text: &str, part: Range<usize>) -> Vec<Token<'_>> {
    let text = &text[..part.end];
    let mut tokens: Vec<Token> = vec![];
    let (mut at, mut line, mut gap, mut first_of_line) = (part.start, 0, 0, true);
    while let Some(c) = text[at..].chars().next() {
        if c == '\n' {
            (line, gap, first_of_line) = (line + 1, 0, true);
        } else if is_blank(c) {
            gap += usize::from(c == ' ' || c == '\t');
        } else {
            let (kind, length) = token(&text[at..], c);
            let end = at + length;
            tokens.push(Token { kind, text: &text[at..end], start: at, end, line, gap, first_of_line });
            (at, gap, first_of_line) = (end, 0, false);
            continue;
        }
        at += c.len_utf8();
    }
    tokens
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\u{FEFF}')
}

fn is_name_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || ('₀'..='₉').contains(&c) || c.is_alphabetic()
}

/// Kind and length in bytes of the token at the start of `rest`, whose first character is `c`.
fn token(rest: &str, c: char) -> (Kind, usize) {
    match c {
        '/' if rest.starts_with("//") => (Kind::Comment, to_line_end(rest)),
        '#' => (Kind::Stray, to_line_end(rest)),
        '"' => quoted(rest, '"').map_or_else(|| (Kind::Stray, to_line_end(rest)), |length| (Kind::Text, length)),
        '\'' => (Kind::Stray, quoted(rest, '\'').unwrap_or(1)),
        '(' | '[' | '{' => (Kind::Open, 1),
        ')' | ']' | '}' => (Kind::Close, 1),
        '0'..='9' => (Kind::Number, number(rest)),
        '.' if rest[1..].starts_with(|d: char| d.is_ascii_digit()) => (Kind::Number, number(rest)),
        '_' => (Kind::Word, run(rest, is_name_part)),
        _ if c.is_alphabetic() => (Kind::Word, run(rest, is_name_part)),
        _ => (Kind::Symbol, LONG_SYMBOLS.iter().find(|s| rest.starts_with(**s)).map_or(c.len_utf8(), |s| s.len())),
    }
}

/// Length of the rest of the line, without blanks at its end.
fn to_line_end(rest: &str) -> usize {
    rest[..run(rest, |c| c != '\n')].trim_end().len()
}

/// Length of a text that ends on its line, with both quotes.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let inner = rest[1..].find([quote, '\n'])?;
    rest[1 + inner..].starts_with(quote).then_some(inner + 2)
}

fn run(rest: &str, wanted: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !wanted(c)).unwrap_or(rest.len())
}

fn digits(rest: &str) -> usize {
    run(rest, |c| c.is_ascii_digit())
}

/// Length of `12`, `0.5`, `.5`, `1e-3`; in `1..10` the number is `1`.
fn number(rest: &str) -> usize {
    let mut end = digits(rest);
    let fraction = rest[end..].strip_prefix('.').map_or(0, digits);
    if fraction > 0 {
        end += 1 + fraction;
    }
    if let Some(power) = rest[end..].strip_prefix(['e', 'E']) {
        let sign = usize::from(power.starts_with(['+', '-']));
        let exponent = digits(&power[sign..]);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        scan(text).iter().map(|t| t.text).collect()
    }

    #[test]
    fn numbers_ranges_and_names_are_told_apart() {
        assert_eq!(texts("1..10 .5 1e-3 2x σ₁^2"), ["1", "..", "10", ".5", "1e-3", "2", "x", "σ₁", "^", "2"]);
        assert_eq!(texts("1.e 1e+ -3"), ["1", ".", "e", "1", "e", "+", "-", "3"]);
    }

    #[test]
    fn quotes_and_comments_end_with_their_line() {
        assert_eq!(texts("\"a b\" // c \"\r\n'd' # \"e\nf 'g"), ["\"a b\"", "// c \"", "'d'", "# \"e", "f", "'", "g"]);
    }

    #[test]
    fn a_token_knows_its_line_and_the_gap_before_it() {
        let tokens = scan("a  b\n\n  c");
        let places: Vec<_> = tokens.iter().map(|t| (t.line, t.gap, t.first_of_line)).collect();
        assert_eq!(places, [(0, 0, true), (0, 2, false), (2, 2, true)]);
    }
}
