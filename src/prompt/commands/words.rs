//! What stands after a command: words, and `key=value` pairs, which end at a blank outside of brackets and quotes.

use crate::diag::{Diagnostic, Problems, codes};

#[derive(Debug, Default, PartialEq)]
pub struct Words {
    pub plain: Vec<String>,
    pub pairs: Vec<(String, String)>,
}

impl Words {
    pub fn of(text: &str) -> Words {
        let mut words = Words::default();
        for piece in pieces(text) {
            match piece.split_once('=').filter(|(key, _)| is_key(key)) {
                Some((key, value)) => words.pairs.push((key.trim().into(), unquoted(value))),
                None => words.plain.push(unquoted(&piece)),
            }
        }
        words
    }

    /// Takes a pair out by its key.
    pub fn take(&mut self, key: &str) -> Option<String> {
        let at = self.pairs.iter().position(|(k, _)| k == key)?;
        Some(self.pairs.remove(at).1)
    }

    /// Takes what follows a word out: `on digits`. Errors: `USAGE` where nothing does.
    pub fn after(&mut self, word: &str) -> Result<Option<String>, Problems> {
        let Some(at) = self.plain.iter().position(|w| w == word) else { return Ok(None) };
        self.plain.remove(at);
        if at == self.plain.len() {
            let problem = Diagnostic::new(codes::USAGE, format!("nothing stands behind `{word}`"));
            return Err(problem.help("write what is meant behind it, or leave it out").into());
        }
        Ok(Some(self.plain.remove(at)))
    }

    /// Takes a word out that says nothing by itself.
    pub fn skip(&mut self, word: &str) {
        self.plain.retain(|w| w != word);
    }

    /// A whole number from 1 to a hundred thousand, by its key.
    pub fn number(&mut self, key: &str, usual: usize) -> Result<usize, Problems> {
        let Some(text) = self.take(key) else { return Ok(usual) };
        text.parse().ok().filter(|n| (1..=MOST).contains(n)).ok_or_else(|| {
            let problem =
                Diagnostic::new(codes::USAGE, format!("`{key}` is a whole number from 1 to {MOST}, and not `{text}`"));
            problem.help(format!("write it like this: `{key}={usual}`")).into()
        })
    }

    /// Errors: `USAGE` for what is left, which has no meaning.
    pub fn finish(&self, help: &str) -> Result<(), Problems> {
        let pair = self.pairs.first().map(|(key, value)| format!("{key}={value}"));
        match self.plain.first().cloned().or(pair) {
            None => Ok(()),
            Some(word) => Err(Diagnostic::new(codes::USAGE, format!("`{word}` has no meaning here")).help(help).into()),
        }
    }

    /// The pairs that are left, as points are written: `y=2, mu=0`.
    pub fn point(&self) -> String {
        self.pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
    }
}

/// More rows or draws are for a file, which the command line writes.
const MOST: usize = 100_000;

/// A word such as `--at`, outside of quotes.
pub fn option(text: &str) -> Option<&str> {
    let is_option = |word: &&str| word.strip_prefix("--").is_some_and(|name| name.starts_with(char::is_alphabetic));
    text.split('"').step_by(2).flat_map(str::split_whitespace).find(is_option)
}

/// `y`, `y.o`; not what is a call.
fn is_key(text: &str) -> bool {
    let name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    !text.is_empty() && text.chars().all(name) && !text.starts_with(|c: char| c.is_ascii_digit())
}

pub fn unquoted(text: &str) -> String {
    let text = text.trim();
    text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text).into()
}

/// At blanks outside of brackets and quotes; a comma between pieces is a blank, and one beside an `=` is not.
fn pieces(text: &str) -> Vec<String> {
    let (mut pieces, mut piece, mut depth, mut quoted) = (vec![], String::new(), 0usize, false);
    for c in joined(text).chars() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        let ends = depth == 0 && !quoted && (c.is_whitespace() || c == ',');
        if ends { pieces.push(std::mem::take(&mut piece)) } else { piece.push(c) }
    }
    pieces.push(piece);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Without the blanks about an `=`, outside of quotes.
fn joined(text: &str) -> String {
    let mut joined = String::new();
    for (i, part) in text.split('"').enumerate() {
        let quote = if i == 0 { "" } else { "\"" };
        let part = if i % 2 == 0 { without_blanks(part) } else { part.into() };
        joined += &format!("{quote}{part}");
    }
    joined
}

fn without_blanks(text: &str) -> String {
    let last = text.matches('=').count();
    let beside = |(at, part): (usize, &str)| match (at, at == last) {
        (0, true) => part.to_string(),
        (0, false) => part.trim_end().into(),
        (_, true) => part.trim_start().into(),
        _ => part.trim().into(),
    };
    text.split('=').enumerate().map(beside).collect::<Vec<_>>().join("=")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        Words::of(text).pairs
    }

    #[test]
    fn pairs_end_at_blanks_and_commas_outside_of_brackets() {
        let wanted = [("y", "[1, 2]"), ("mu", "0"), ("sigma", "2")].map(|(k, v)| (k.to_string(), v.to_string()));
        assert_eq!(pairs("y=[1, 2] mu=0, sigma = 2"), wanted);
        assert_eq!(Words::of("cauchy at y=2 mu=0").plain, ["cauchy", "at"]);
        assert_eq!(Words::of("to \"a b.png\" y=2").plain, ["to", "a b.png"]);
        assert_eq!(pairs("noise=\"y += gaussian(0, 1)\"")[0].1, "y += gaussian(0, 1)");
    }

    #[test]
    fn options_of_the_command_line_are_seen_outside_of_quotes() {
        assert_eq!(option("cauchy --at \"y=2\""), Some("--at"));
        assert_eq!(option("cauchy noise=\"y += --n\" y=--2"), None);
    }

    #[test]
    fn words_are_taken_by_what_stands_before_them() {
        let mut words = Words::of("M on digits epochs=5 seed=7");
        assert_eq!((words.after("on").unwrap(), words.after("to").unwrap()), (Some("digits".into()), None));
        assert!(Words::of("M on").after("on").is_err());
        assert_eq!((words.plain.join(" "), words.number("seed", 1).unwrap()), ("M".into(), 7));
        assert!(Words::of("count=many").number("count", 10).is_err());
        assert_eq!(words.point(), "epochs=5");
    }
}
