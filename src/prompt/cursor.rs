//! What stands before the cursor: the word that is being written, and what it is written in.

use std::ops::Range;

use crate::syntax::{self, Class};

/// A place in a text that may be half written.
pub struct Cursor<'t> {
    text: &'t str,
    /// The word that ends at the cursor, which may be empty.
    pub word: &'t str,
    /// Where it begins.
    pub start: usize,
    /// The code before the word.
    tokens: Vec<(Range<usize>, Class)>,
}

impl<'t> Cursor<'t> {
    /// The cursor at the end of a text; `None` inside a comment or a text in quotes, where no word of nem stands.
    pub fn new(text: &'t str) -> Option<Cursor<'t>> {
        let mut tokens = syntax::tokens(text);
        let touched = tokens.last().filter(|(range, class)| range.end == text.len() || goes_on(text, range, *class));
        let start = match touched {
            Some((_, Class::Comment | Class::Stray | Class::Number)) => return None,
            Some((range, Class::Name | Class::Item | Class::Declaration)) => range.start,
            _ => text.len(),
        };
        tokens.retain(|(range, class)| range.start < start && *class != Class::Comment);
        Some(Cursor { text, word: &text[start..], start, tokens })
    }

    /// The token before the word, or nothing.
    pub fn before(&self) -> &'t str {
        self.tokens.last().map_or("", |(range, _)| &self.text[range.clone()])
    }

    /// Whether the word is the first one of a body, or of a line.
    pub fn begins_line(&self) -> bool {
        let blank = self.tokens.last().map_or(0..0, |(range, _)| range.end..self.start);
        self.tokens.is_empty() || self.before() == "{" || self.text[blank].contains('\n')
    }

    /// Whether an argument of a call, or of anything else in brackets, begins here.
    pub fn begins_argument(&self) -> bool {
        matches!(self.before(), "(" | ",")
    }

    /// What is called here: the name before the innermost open bracket.
    pub fn callee(&self) -> Option<&'t str> {
        let open = self.innermost()?;
        let (bracket, name) = (&self.tokens[open].0, self.tokens.get(open.checked_sub(1)?)?);
        let touches = &self.text[bracket.clone()] == "(" && name.1 == Class::Name && name.0.end == bracket.start;
        touches.then(|| &self.text[name.0.clone()])
    }

    /// The word that begins the declaration in whose braces, and no brackets inside them, the cursor stands.
    pub fn body(&self) -> Option<&'t str> {
        let open = self.innermost()?;
        let braced = &self.text[self.tokens[open].0.clone()] == "{";
        braced.then(|| self.declaration().map(|(word, _)| word))?
    }

    /// The declaration that the cursor stands in: the word that begins it, and what comes next.
    pub fn declaration(&self) -> Option<(&'t str, &'t str)> {
        let at = self.tokens.iter().rposition(|(_, class)| *class == Class::Declaration)?;
        let text = |at: usize| self.tokens.get(at).map_or("", |(range, _)| &self.text[range.clone()]);
        Some((text(at), text(at + 1)))
    }

    /// The names that the text gives to something: what stands before `:`, `=` or `~`.
    pub fn given_names(&self) -> impl Iterator<Item = &'t str> {
        self.tokens.windows(2).filter_map(|pair| {
            let gives = matches!(&self.text[pair[1].0.clone()], ":" | "=" | "~");
            (pair[0].1 == Class::Name && gives).then(|| &self.text[pair[0].0.clone()])
        })
    }

    /// Whether a bracket is open here.
    pub fn is_inside(&self) -> bool {
        self.innermost().is_some()
    }

    /// The innermost bracket that is open, as the index of its token.
    fn innermost(&self) -> Option<usize> {
        let mut open = vec![];
        for (index, (_, class)) in self.tokens.iter().enumerate() {
            match class {
                Class::Open => open.push(index),
                Class::Close => drop(open.pop()),
                _ => {}
            }
        }
        open.pop()
    }
}

/// Whether a token that no bracket or blank ends goes on to the end of its line, where the cursor is.
fn goes_on(text: &str, range: &Range<usize>, class: Class) -> bool {
    matches!(class, Class::Comment | Class::Stray) && !text[range.end..].contains('\n')
}

/// Where the text in quotes that is open at the end begins, behind its quote.
pub fn open_quote(text: &str) -> Option<usize> {
    let tokens = syntax::tokens(text);
    let (range, class) = tokens.last()?;
    (goes_on(text, range, *class) && text[range.start..].starts_with('"')).then_some(range.start + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Cursor<'_> {
        Cursor::new(text).unwrap_or_else(|| panic!("no word in {text}"))
    }

    #[test]
    fn the_word_and_what_stands_before_it_are_found() {
        let cursor = at("h ~ bern");
        assert_eq!((cursor.word, cursor.start, cursor.before()), ("bern", 4, "~"));
        assert_eq!((at("h ~ ").word, at("").word), ("", ""));
    }

    #[test]
    fn no_word_stands_in_comments_texts_and_numbers() {
        for text in ["// gau", "csv(\"gau", "csv(\"a b ", "12"] {
            assert!(Cursor::new(text).is_none(), "{text}");
        }
        assert_eq!(open_quote("csv(\"da"), Some(5));
        assert_eq!(open_quote("csv(\"da\""), None);
        assert_eq!(open_quote("// \"a"), None);
    }

    #[test]
    fn a_call_ends_with_its_bracket() {
        assert_eq!(at("gaussian(logistic(x), ").callee(), Some("gaussian"));
        assert_eq!(at("gaussian(logistic(").callee(), Some("logistic"));
        assert_eq!(at("(").callee(), None);
        assert_eq!(at("f(x)").callee(), None);
    }

    #[test]
    fn a_body_belongs_to_the_declaration_that_opened_it() {
        assert_eq!(at("model M {\n  ").body(), Some("model"));
        assert_eq!(at("model M { f(").body(), None);
        assert_eq!(at("model M { }\ntrain M on d {").body(), Some("train"));
        assert_eq!(at("train M on d {").declaration(), Some(("train", "M")));
    }
}
