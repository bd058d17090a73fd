//! `nem derive FILE [NAME]`, `nem derive NAME`

use std::path::Path;

use clap::{Args, ValueEnum};

use super::{Failure, Outcome, say, tell};
use crate::derive::ProgramDerivation;
use crate::diag::MessageFormat;
use crate::report::{derivation, derivation_json, derivation_latex, derivation_sympy};
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
    /// A page to read
    Text,
    /// A document with numbered steps
    Latex,
    /// A Python file that defines what was derived
    Sympy,
    /// For other programs
    Json,
}

impl Format {
    fn write(self, derived: &ProgramDerivation, session: &Session) -> String {
        match self {
            Format::Text => derivation::program(derived),
            Format::Latex => derivation_latex::document(derived),
            Format::Sympy => derivation_sympy::file(derived),
            Format::Json => format!("{:#}", derivation_json::document(derived, &session.sources)),
        }
    }
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
                say(self.format.write(&derived, &session).trim_end());
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
