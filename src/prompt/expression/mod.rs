//! Expressions: what they are worth. A likelihood with its arguments is a value here, of which parts can be asked for.
//!
//! `reader` finds the answer to a term; what is inside of distributions is worked out first, the rest is checked and
//! evaluated as a term of a program is.

mod answer;
mod blame;
mod distribution;
mod numbers;
mod parts;
mod reader;

use std::collections::BTreeMap;

use super::{Listener, Next, Prompt};
use crate::diag::{Diagnostic, Problems, codes};
use crate::source::SourceFile;
use crate::syntax;
use crate::syntax::ast::Name;

pub use answer::Answer;
pub use parts::names as part_names;
use reader::Reader;

/// The name of the last answer.
pub const ANS: &str = "ans";

/// What was answered, by name.
#[derive(Default)]
pub struct Memory(BTreeMap<String, Kept>);

struct Kept {
    /// What was entered.
    text: String,
    answer: Answer,
}

impl Memory {
    pub fn get(&self, name: &str) -> Option<&Answer> {
        self.0.get(name).map(|kept| &kept.answer)
    }

    /// The inputs that gave names to values, in the order of the names.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(name, _)| *name != ANS).map(|(_, kept)| kept.text.as_str())
    }

    /// The names that were given to values.
    pub fn kept(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str).filter(|name| *name != ANS)
    }

    /// Forgets a value; whether there was one.
    pub fn forget(&mut self, name: &str) -> bool {
        self.0.remove(name).is_some()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&String, &Answer)> {
        self.0.iter().map(|(name, kept)| (name, &kept.answer))
    }
}

/// Tells the value of an expression, and keeps it under its name.
pub fn answer(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Result<Next, Problems> {
    let name = prompt.program.line().unwrap_or("input".into());
    let file = prompt.session.sources.add(SourceFile { name, text: text.into() });
    let entered = syntax::parse_entered(file, text)?;
    let declarations = &prompt.session.declarations;
    if let Some(name) = entered.name.as_ref().filter(|name| declarations.knows(name)) {
        return Err(taken(name).into());
    }
    let mut reader = Reader::new(declarations, &prompt.memory, (prompt.seed, &mut prompt.draws), (file, text));
    let answer = reader.answer(&entered.value)?;
    let shown = format!("{answer:.*}", prompt.precision);
    match entered.name {
        Some(name) => {
            let indent = " ".repeat(name.text.chars().count() + 3);
            listener.say(&format!("{} = {}", name.text, shown.replace('\n', &format!("\n{indent}"))));
            prompt.memory.0.insert(name.text, Kept { text: text.into(), answer: answer.clone() });
        }
        None => listener.say(&shown),
    }
    prompt.memory.0.insert(ANS.into(), Kept { text: text.into(), answer });
    Ok(Next::Go)
}

fn taken(name: &Name) -> Diagnostic {
    Diagnostic::new(codes::DUPLICATE_NAME, format!("`{}` is declared already", name.text))
        .at(name.span, "this name is taken")
        .help("choose another name for the value")
}
