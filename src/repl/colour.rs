//! Colours of a line while it is written.

use std::ops::Range;

use crate::prompt::Prompt;
use crate::syntax::{self, Class};

/// What is written before a token of a class; the colours are those that a terminal's theme gives to these numbers.
const STYLES: &[(Class, &str)] = &[
    (Class::Declaration, "\x1b[1;35m"),
    (Class::Item, "\x1b[35m"),
    (Class::Number, "\x1b[36m"),
    (Class::Text, "\x1b[32m"),
    (Class::Comment, "\x1b[2m"),
    (Class::Stray, "\x1b[31m"),
];
const LIKELIHOOD: &str = "\x1b[34m";
const COMMAND: &str = "\x1b[1;36m";
const PARTNERS: &str = "\x1b[1;4m";
pub const HINT: &str = "\x1b[2m";
pub const END: &str = "\x1b[0m";

/// A line in colours. Where the cursor touches a bracket, that and its partner stand out.
pub fn highlight(prompt: &Prompt, line: &str, cursor: Option<usize>) -> String {
    let likelihoods = prompt.session.declarations.names_of("likelihood");
    let tokens = syntax::tokens(line);
    let partners = cursor.and_then(|at| partners(&tokens, at)).unwrap_or_default();
    let style = |range: &Range<usize>, class: Class| match class {
        _ if partners.contains(&range.start) => Some(PARTNERS),
        Class::Name if likelihoods.contains(&&line[range.clone()]) => Some(LIKELIHOOD),
        class => STYLES.iter().find(|(of, _)| *of == class).map(|(_, style)| *style),
    };
    let (begin, mut coloured) = command(line);
    let mut end = begin;
    for (range, class) in tokens.iter().filter(|(range, _)| range.start >= begin) {
        coloured += &line[end..range.start];
        coloured += &styled(style(range, *class), &line[range.clone()]);
        end = range.end;
    }
    coloured + &line[end..]
}

fn styled(style: Option<&str>, text: &str) -> String {
    style.map_or(text.to_string(), |style| format!("{style}{text}{END}"))
}

/// The end of the colon and the name of a command, and both in colours; nothing where there is no command.
fn command(line: &str) -> (usize, String) {
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    if line.starts_with(':') { (end, styled(Some(COMMAND), &line[..end])) } else { (0, String::new()) }
}

/// Where the bracket under the cursor, or else before it, begins, and where its partner does.
fn partners(tokens: &[(Range<usize>, Class)], cursor: usize) -> Option<Vec<usize>> {
    let mut open = vec![];
    let mut pairs = vec![];
    for (range, class) in tokens {
        match class {
            Class::Open => open.push(range.start),
            Class::Close => pairs.extend(open.pop().map(|start| [start, range.start])),
            _ => {}
        }
    }
    let touched = |at: usize| pairs.iter().find(|pair| pair.contains(&at)).map(|pair| pair.to_vec());
    touched(cursor).or_else(|| touched(cursor.checked_sub(1)?))
}
