//! What is said of a declaration as soon as it is there: the mathematics of a likelihood or a model in a few lines.

use super::commands::head;
use super::{Listener, Prompt};
use crate::derive::{derive_likelihood, derive_model};
use crate::diag::Problems;
use crate::model::type_of;
use crate::report::derivation;
use crate::session::Session;

/// A few lines for each declaration of a source, and what its derivation finds suspicious or impossible.
pub fn declared(prompt: &mut Prompt, source: &str, listener: &mut dyn Listener) {
    let entries = prompt.program.entries().iter().filter(|e| e.source == source);
    let names: Vec<(String, String)> = entries.filter_map(|e| Some((e.kind.clone(), e.name.clone()?))).collect();
    for (kind, name) in names {
        match told(&prompt.session, &kind, &name) {
            Ok((text, warnings)) => {
                listener.say(text.trim_end());
                prompt.tell(&warnings, listener);
            }
            Err(problems) => prompt.tell(&problems, listener),
        }
    }
}

fn told(session: &Session, kind: &str, name: &str) -> Result<(String, Problems), Problems> {
    let text = match kind {
        "likelihood" => {
            let derived = derive_likelihood(&session.declarations.likelihood(name)?)?;
            derivation::brief_likelihood(&derived)
        }
        "model" => return model(session, name),
        "data" => columns(session, name),
        "train" => format!(":train {name} runs this"),
        _ => session.declarations.named(name).map_or(String::new(), |decl| head(&decl)),
    };
    Ok((text, Problems::new()))
}

/// Of a model with a size that has no default, how it is asked for.
fn model(session: &Session, name: &str) -> Result<(String, Problems), Problems> {
    let Some(model) = session.checked.models.iter().find(|m| m.name == *name) else {
        return Ok((with_sizes(session, name), Problems::new()));
    };
    let derived = derive_model(model)?;
    let text = if model.energy.is_some() { derivation::model(&derived) } else { derivation::brief(&derived) };
    Ok((text, derived.warnings()))
}

fn with_sizes(session: &Session, name: &str) -> String {
    let Some(decl) = session.declarations.named(name) else { return String::new() };
    let unset = decl
        .formals()
        .iter()
        .filter(|formal| formal.default.is_none())
        .map(|formal| format!("{} = …", formal.name.text));
    format!(":derive {name}({}) tells what follows, with your sizes", unset.collect::<Vec<_>>().join(", "))
}

fn columns(session: &Session, name: &str) -> String {
    let Some(data) = session.checked.data.iter().find(|d| d.name == *name) else { return String::new() };
    let columns = data.train.iter().map(|c| format!("{}: {}", c.name, type_of(c.support, (1, c.width))));
    format!("data {name}: {}", columns.collect::<Vec<_>>().join(", "))
}
