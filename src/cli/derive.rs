//! `nem derive FILE [NAME]`, `nem derive NAME`

use std::path::Path;

use clap::{Args, ValueEnum};

use super::{Failure, Outcome, say, tell};
use crate::diag::MessageFormat;
use crate::report::{derivation, derivation_json};
use crate::session::Session;

#[derive(Args)]
pub struct Derive {
    /// A program, or the name of a likelihood of the standard library
    file: String,
    /// Only this likelihood or model
    name: Option<String>,
    /// Also derive this noise, called n: "sigma *= n", "y <- y * (1 + n)", "x += n"
    #[arg(long, value_name = "STATEMENT")]
    noise: Vec<String>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Derive {
    pub fn run(self, messages: MessageFormat) -> Outcome {
        let (mut session, name) = self.session();
        if session.problems.has_errors() {
            return Err(Failure { problems: session.problems, sources: session.sources });
        }
        let derived = session.derive(name.as_deref());
        let asked = derived.and_then(|mut derived| session.request(&mut derived, &self.noise).map(|()| derived));
        match asked {
            Ok(derived) => {
                match self.format {
                    Format::Text => say(derivation::program(&derived).trim_end()),
                    Format::Json => say(format!("{:#}", derivation_json::document(&derived, &session.sources))),
                }
                tell(&session.problems, &session.sources, messages);
                Ok(())
            }
            Err(problems) => Err(Failure { problems, sources: session.sources }),
        }
    }

    /// A first argument that is no file but looks like a name is one of the stdlib.
    fn session(&self) -> (Session, Option<String>) {
        let is_name = self.file.chars().all(|c| c.is_alphanumeric() || c == '_');
        if self.name.is_none() && is_name && !Path::new(&self.file).exists() {
            return (Session::library(), Some(self.file.clone()));
        }
        (Session::open(Path::new(&self.file)), self.name.clone())
    }
}
