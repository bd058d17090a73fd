//! What is shown behind the cursor while a line is written.

use std::rc::Rc;

use super::cursor::Cursor;
use super::{Prompt, complete};
use crate::syntax::ast::Decl;
use crate::syntax::print_call;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// The rest of the only word that fits.
    Rest(String),
    /// How what is being called is called.
    Call(String),
}

/// Fewer letters than this fit too much to guess.
const ENOUGH: usize = 2;

/// The hint for a cursor at the end of a line.
pub fn hint(prompt: &Prompt, line: &str) -> Option<Hint> {
    rest(prompt, line).or_else(|| call(prompt, line))
}

fn rest(prompt: &Prompt, line: &str) -> Option<Hint> {
    let (start, found) = complete(prompt, line, line.len());
    let written = line.get(start..).filter(|word| word.chars().count() >= ENOUGH)?;
    let [only] = &found[..] else { return None };
    only.text.strip_prefix(written).filter(|rest| !rest.is_empty()).map(|rest| Hint::Rest(rest.into()))
}

fn call(prompt: &Prompt, line: &str) -> Option<Hint> {
    let cursor = Cursor::new(line).filter(|cursor| cursor.begins_argument())?;
    print_call(&*prompt.declaration(cursor.callee()?)?).map(Hint::Call)
}

impl Prompt {
    /// The declaration of a name, in the program or else in the library.
    pub(super) fn declaration(&self, name: &str) -> Option<Rc<Decl>> {
        self.session.declarations.named(name)
    }
}
