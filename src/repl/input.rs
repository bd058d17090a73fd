//! Where an input ends.

use crate::syntax::{self, Class};

/// Whether there is more than blanks and comments.
pub fn has_code(text: &str) -> bool {
    syntax::tokens(text).iter().any(|(_, class)| *class != Class::Comment)
}

/// Whether an input goes on in the next line. Commands do while a block is open, and comments that document a declaration wait for it.
pub fn wants_more(text: &str) -> bool {
    match text.trim_start() {
        command if command.starts_with(':') => command.contains('{') && syntax::is_unfinished(command),
        comment if !has_code(comment) => comment.starts_with("///"),
        code => syntax::is_unfinished(code),
    }
}
