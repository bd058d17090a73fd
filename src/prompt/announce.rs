//! What is said of a declaration as soon as it is there: the mathematics of a likelihood or a model in a few lines.

use super::{Listener, Prompt};
use crate::derive::{derive_likelihood, derive_model};
use crate::report::derivation;

/// A few lines for each declaration of a source.
pub fn declared(prompt: &Prompt, source: &str, listener: &mut dyn Listener) {
    let entries = prompt.program.entries().iter().filter(|e| e.source == source);
    for (kind, name) in entries.filter_map(|e| Some((&e.kind, e.name.as_ref()?))) {
        if let Some(text) = told(prompt, kind, name) {
            listener.say(text.trim_end());
        }
    }
}

/// A model that cannot be derived was said to be wrong already.
fn told(prompt: &Prompt, kind: &str, name: &str) -> Option<String> {
    let Prompt { session, .. } = prompt;
    match kind {
        "likelihood" => {
            let derived = derive_likelihood(&session.declarations.likelihood(name).ok()?).ok()?;
            Some(derivation::brief_likelihood(&derived))
        }
        "model" => session.checked.models.iter().find(|m| m.name == *name).and_then(|model| {
            let derived = derive_model(model).ok()?;
            Some(if model.energy.is_some() { derivation::model(&derived) } else { derivation::brief(&derived) })
        }),
        "data" => session.checked.data.iter().find(|d| d.name == *name).map(|data| {
            let columns = data.train.iter().map(|c| match c.width {
                1 => format!("{}: {}", c.name, c.support),
                width => format!("{}: {}[{width}]", c.name, c.support),
            });
            format!("data {name}: {}", columns.collect::<Vec<_>>().join(", "))
        }),
        "train" => Some(format!(":train {name} runs this")),
        _ => None,
    }
}
