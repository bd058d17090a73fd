//! What a word at the cursor could become.

use super::{COMMANDS, Prompt};

/// A way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What stands in the place of the word.
    pub text: String,
    /// What it is: `likelihood`, `model`, `a command`.
    pub what: String,
}

/// Where the word at byte `at` of a line begins, and what it could become.
pub fn complete(_prompt: &Prompt, line: &str, at: usize) -> (usize, Vec<Completion>) {
    let before = line.get(..at).unwrap_or(line);
    let Some(word) = before.strip_prefix(':') else { return (at, vec![]) };
    let fitting = COMMANDS.iter().filter(|c| c.name.starts_with(word));
    (1, fitting.map(|c| Completion { text: c.name.into(), what: "a command".into() }).collect())
}
