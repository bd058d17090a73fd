//! Cuts tokens into chunks that hold about one declaration each.

use super::scan::{Kind, Token};

/// The chunks of a program. A chunk begins with a declaration word at the start of a line, outside of all brackets or in
/// the very first column; it ends, too, after the `}` that leaves all brackets. Since declaration words are reserved,
/// no cut falls inside a correct declaration.
pub fn chunks<'a, 't>(tokens: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    let mut chunks = vec![];
    let mut open = Brackets::default();
    let (mut start, mut body_closed) = (0, false);
    for (i, token) in tokens.iter().enumerate() {
        let begins = token.begins_declaration() && token.first_of_line && (open.is_empty() || token.at_column_zero());
        if i > start && (begins || body_closed) {
            chunks.push(&tokens[start..i]);
            (start, open) = (i, Brackets::default());
        }
        open.step(i, token);
        body_closed = token.text == "}" && open.is_empty();
    }
    chunks.push(&tokens[start..]);
    chunks
}

/// The declarations of a chunk: several may stand on one line.
pub fn declarations<'a, 't>(chunk: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    let mut open = Brackets::default();
    let mut cuts = vec![0];
    for (i, token) in chunk.iter().enumerate() {
        let follows = |text: &[&str]| chunk.get(i + 2).is_some_and(|t| text.contains(&t.text));
        if i > 0 && open.is_empty() && heading(&chunk[i..]).is_some() && follows(&["(", "{", "on"]) {
            cuts.push(i);
        }
        open.step(i, token);
    }
    cuts.push(chunk.len());
    cuts.windows(2).map(|cut| &chunk[cut[0]..cut[1]]).collect()
}

/// The word that begins a chunk and the name that it declares, as far as can be told from its first words.
pub fn heading<'t>(chunk: &[Token<'t>]) -> Option<(&'t str, &'t str)> {
    match chunk {
        [word, name, ..] if word.begins_declaration() && name.kind == Kind::Word => Some((word.text, name.text)),
        _ => None,
    }
}

/// The brackets that are open at some place, as indices of tokens.
#[derive(Default)]
pub struct Brackets<'t> {
    open: Vec<(usize, &'t str)>,
}

/// What is wrong with a closing bracket.
pub enum Mismatch {
    /// The bracket at this index was still open and of another kind.
    Unclosed(usize),
    /// There was nothing to close.
    Unopened,
}

impl<'t> Brackets<'t> {
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The bracket opened last, as the index of its token.
    pub fn innermost(&self) -> Option<usize> {
        self.open.last().map(|(index, _)| *index)
    }

    /// The open brackets from the outside in.
    pub fn indices(&self) -> &[(usize, &'t str)] {
        &self.open
    }

    /// Takes in the next token. After a mismatch it goes on as if the missing bracket stood there: a `}` closes what is
    /// open inside its `{`, and a `)` or `]` never closes a `{`.
    pub fn step(&mut self, index: usize, token: &Token<'t>) -> Option<Mismatch> {
        match token.kind {
            Kind::Open => self.open.push((index, token.text)),
            Kind::Close => return self.close(token.text),
            _ => {}
        }
        None
    }

    fn close(&mut self, closing: &str) -> Option<Mismatch> {
        let wanted = partner(closing);
        let inside_body = self.open.iter().rposition(|(_, text)| *text == "{").filter(|_| closing != "}");
        let found = self.open.iter().rposition(|(_, text)| *text == wanted).filter(|at| Some(*at) >= inside_body);
        let unclosed =
            self.open.last().filter(|(_, text)| *text != wanted).map(|(index, _)| Mismatch::Unclosed(*index));
        match found {
            Some(at) => self.open.truncate(at),
            None if self.open.len() > inside_body.map_or(0, |at| at + 1) => return unclosed,
            None => return Some(Mismatch::Unopened),
        }
        unclosed
    }
}

/// The bracket that belongs to this one.
pub fn partner(bracket: &str) -> &'static str {
    match bracket {
        "(" => ")",
        "[" => "]",
        "{" => "}",
        ")" => "(",
        "]" => "[",
        _ => "{",
    }
}

#[cfg(test)]
mod tests {
    use super::super::scan::scan;
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let tokens = scan(text);
        chunks(&tokens).iter().map(|c| c.iter().map(|t| t.text).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn declarations_fall_into_chunks_of_their_own() {
        assert_eq!(
            cut("use \"a\"\nfn f(x) =\n  x\n  model M { a = 1 } b"),
            ["use \"a\"", "fn f ( x ) = x", "model M { a = 1 }", "b"]
        );
    }

    #[test]
    fn a_chunk_may_hold_several_declarations_on_one_line() {
        let tokens = scan("fn f(x) = x  fn g(x) = model + data  data d { }");
        let parts: Vec<String> = declarations(&tokens).iter().map(|part| part[1].text.into()).collect();
        assert_eq!(parts, ["f", "g", "d"]);
    }

    #[test]
    fn an_open_bracket_ends_at_a_declaration_in_the_first_column() {
        assert_eq!(cut("model M { f(\n  data\ndata d { }"), ["model M { f ( data", "data d { }"]);
    }

    #[test]
    fn a_brace_closes_the_brackets_left_open_inside_it() {
        assert_eq!(cut("model M { f(a } )\nmodel N { }"), ["model M { f ( a }", ")", "model N { }"]);
    }
}
