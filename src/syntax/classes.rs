//! What the tokens of a text are, for colours and completion. Nothing is parsed: a text may be half written.

use std::ops::Range;

use super::scan::{Kind, Token, scan};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A word that begins a declaration.
    Declaration,
    /// A word that begins a line of a body or a clause: `input`, `where`.
    Item,
    Name,
    Number,
    Text,
    Open,
    Close,
    Symbol,
    Comment,
    /// What no program may hold, such as a text that is not closed.
    Stray,
}

/// The words that are known by their place.
const ITEM_WORDS: &[&str] = &[
    "input", "param", "observe", "latent", "energy", "return", "init", "over", "where", "test", "take", "seed", "on",
    "noise", "pretrain", "cooled", "through", "draw",
];

/// Every token of a text, comments included.
pub fn tokens(text: &str) -> Vec<(Range<usize>, Class)> {
    let tokens = scan(text);
    let class = |(i, token): (usize, &Token)| (token.start..token.end, class(token, tokens.get(i + 1)));
    tokens.iter().enumerate().map(class).collect()
}

fn class(token: &Token, next: Option<&Token>) -> Class {
    match token.kind {
        Kind::Word if token.begins_declaration() => Class::Declaration,
        Kind::Word if ITEM_WORDS.contains(&token.text) && !is_named(next) => Class::Item,
        Kind::Word => Class::Name,
        Kind::Number => Class::Number,
        Kind::Text => Class::Text,
        Kind::Open => Class::Open,
        Kind::Close => Class::Close,
        Kind::Symbol => Class::Symbol,
        Kind::Comment => Class::Comment,
        Kind::Stray => Class::Stray,
    }
}

/// Whether what follows a word shows it to be a name, as in `noise: real` or `seed + 1`. An energy may begin with a minus.
fn is_named(next: Option<&Token>) -> bool {
    next.is_some_and(|t| matches!(t.kind, Kind::Symbol | Kind::Close) && t.text != "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(text: &str) -> Vec<(&str, Class)> {
        tokens(text).into_iter().map(|(range, class)| (&text[range], class)).collect()
    }

    #[test]
    fn a_word_that_is_known_by_its_place_may_be_a_name() {
        use Class::*;
        assert_eq!(classes("noise y"), [("noise", Item), ("y", Name)]);
        assert_eq!(classes("noise: 1"), [("noise", Name), (":", Symbol), ("1", Number)]);
        assert_eq!(classes("energy -b"), [("energy", Item), ("-", Symbol), ("b", Name)]);
    }

    #[test]
    fn half_a_program_has_classes_too() {
        use Class::*;
        assert_eq!(
            classes("model M { // c\n\"a"),
            [("model", Declaration), ("M", Name), ("{", Open), ("// c", Comment), ("\"a", Stray)]
        );
    }
}
