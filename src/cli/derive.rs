//! `nem derive FILE [NAME] [--at POINT]`, `nem derive NAME`, `nem derive --all`

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::crew::{Found, each_of_library};
use super::subject::Subjects;
use super::{Failure, Outcome, say, tell};
use crate::derive::{ProgramDerivation, derive_likelihood};
use crate::diag::{MessageFormat, Problems};
use crate::model::{Criterion, Injection};
use crate::report::{derivation, derivation_json, derivation_latex, derivation_sympy};
use crate::sample::Values;
use crate::session::{Asked, Looked, Session};

#[derive(Args)]
pub struct Derive {
    #[command(flatten)]
    subjects: Subjects,
    /// Also derive this noise, called n: "sigma *= n", "y <- y * (1 + n)", "x += n"
    #[arg(long, value_name = "STATEMENT")]
    noise: Vec<String>,
    /// Numbers for a likelihood's outcome and parameters, or for what noise in a model speaks of, and for the noise n:
    /// --at "y=2, mu=0, n=-0.5"
    #[arg(long, value_name = "POINT")]
    at: Option<String>,
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

impl Derive {
    pub fn run(self, messages: MessageFormat) -> Outcome {
        if self.subjects.all() && matches!(self.format, Format::Text) {
            return library();
        }
        let (mut session, name) = self.subjects.open()?;
        match self.derive(&mut session, name.as_deref()) {
            Ok((derived, values)) => {
                say(self.written(&session, &derived, values.as_ref()));
                session.problems.extend(session.corners(&derived));
                tell(&session.problems, &session.sources, messages);
                Ok(())
            }
            Err(problems) => Err(Failure { problems, sources: session.sources }),
        }
    }

    fn derive(
        &self,
        session: &mut Session,
        name: Option<&str>,
    ) -> Result<(ProgramDerivation, Option<Values>), Problems> {
        let mut derived = session.derive(name)?;
        session.request(&mut derived, &self.noise)?;
        let Some(point) = &self.at else { return Ok((derived, None)) };
        let injections = &[Injection::Add, Injection::Multiply];
        let asked = Asked { injections, statements: &self.noise, criterion: Criterion::Nem };
        let Looked { scene, noises, given, .. } = session.look(name, point, &asked)?;
        Ok((derived, Some(Values::new(scene, &noises, given.as_ref()))))
    }

    fn written(&self, session: &Session, derived: &ProgramDerivation, values: Option<&Values>) -> String {
        match self.format {
            Format::Text => {
                let values = values.map_or(String::new(), |v| format!("\n{}", v.text()));
                format!("{}{values}", derivation::program(derived)).trim_end().to_string()
            }
            Format::Latex => derivation_latex::document(derived),
            Format::Sympy => derivation_sympy::file(derived),
            Format::Json => {
                let mut document = derivation_json::document(derived, &session.sources);
                if let (Some(values), Value::Object(keys)) = (values, &mut document) {
                    keys.insert("at".into(), values.json());
                }
                format!("{document:#}")
            }
        }
    }
}

/// The pages of the whole library.
fn library() -> Outcome {
    let mut pages = vec![];
    let page = |found: Found| Ok(derivation::likelihood(&derive_likelihood(&found?)?));
    each_of_library(page, |page| pages.push(page));
    let mut problems = Problems::new();
    let mut written = vec![];
    for page in pages {
        match page {
            Ok(page) => written.push(page),
            Err(found) => problems.extend(found),
        }
    }
    say(written.join("\n").trim_end());
    if problems.has_errors() { Err(Failure { problems, sources: Session::library().sources }) } else { Ok(()) }
}
