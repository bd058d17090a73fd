//! Expressions: what they are worth.

use super::{Listener, Next, Prompt};
use crate::diag::Problems;
use crate::source::{FileId, SourceFile};
use crate::syntax;

/// Tells the value of an expression.
pub fn answer(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Result<Next, Problems> {
    let file: FileId = prompt.session.sources.add(SourceFile { name: "input".into(), text: text.into() });
    let term = syntax::parse_term(file, text)?;
    listener.say(&syntax::print_term(&term));
    Ok(Next::Go)
}
