//! Keys that mean more in a program of several lines.

use rustyline::{Cmd, ConditionalEventHandler, EditMode, Event, EventContext, Movement, RepeatCount};

use super::input;
use crate::syntax::{self, Class};

/// Blanks for each bracket that is open.
pub const INDENT: u8 = 4;

/// Enter begins a line below an unfinished one, as deep as its brackets are.
pub struct Enter;

impl ConditionalEventHandler for Enter {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext) -> Option<Cmd> {
        let unfinished = at_end(context) && input::wants_more(context.line());
        unfinished.then(|| Cmd::Insert(1, format!("\n{}", " ".repeat(usize::from(INDENT) * depth(context.line())))))
    }
}

/// Backspace in the blanks that begin a line goes one step to the left, to where the brace stands that closes a body.
pub struct Backspace;

impl ConditionalEventHandler for Backspace {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext) -> Option<Cmd> {
        let (_, line) = context.line().rsplit_once('\n')?;
        let indented = at_end(context) && line.len() >= usize::from(INDENT) && line.chars().all(|c| c == ' ');
        indented.then_some(Cmd::Dedent(Movement::WholeLine))
    }
}

/// In vi mode keys are left as they are: there an insertion ends before the cursor.
fn at_end(context: &EventContext) -> bool {
    context.mode() == EditMode::Emacs && context.pos() == context.line().len()
}

fn depth(text: &str) -> usize {
    syntax::tokens(text).iter().fold(0, |depth: usize, (_, class)| match class {
        Class::Open => depth + 1,
        Class::Close => depth.saturating_sub(1),
        _ => depth,
    })
}
