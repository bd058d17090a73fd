//! `nem verify NAME`, `nem verify FILE [NAME]`, `nem verify --all`

use clap::{Args, ValueEnum};
use serde_json::json;

use super::subject::Subjects;
use super::{Failure, Outcome, say, tell};
use crate::derive::derive_likelihood;
use crate::diag::{MessageFormat, Problems};
use crate::sample::{Certificate, verify};
use crate::session::Session;

const SCHEMA: &str = "nem-certificate/1";

#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    subjects: Subjects,
    /// Numbers for the outcome and the parameters; without them a few are chosen from the supports
    #[arg(long, value_name = "POINT")]
    at: Option<String>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Verify {
    pub fn run(self, messages: MessageFormat) -> Outcome {
        let (mut session, name) = self.subjects.open()?;
        match self.certificates(&mut session, name.as_deref()) {
            Ok(problems) if problems.has_errors() => Err(Failure { problems, sources: session.sources }),
            Ok(problems) => {
                tell(&problems, &session.sources, messages);
                Ok(())
            }
            Err(problems) => Err(Failure { problems, sources: session.sources }),
        }
    }

    /// Tells every certificate as soon as it is made, and gives what failed.
    fn certificates(&self, session: &mut Session, name: Option<&str>) -> Result<Problems, Problems> {
        let mut problems = Problems::new();
        let mut certificates = vec![];
        for likelihood in session.likelihoods(name)? {
            let at = self.at.as_ref().map(|text| session.point(&likelihood, text)).transpose()?;
            let certificate = verify(&derive_likelihood(&likelihood)?, at.map(|(place, _)| place));
            if self.format == Format::Text {
                say(certificate.text());
            }
            problems.extend(certificate.problems());
            certificates.push(certificate);
        }
        if self.format == Format::Json {
            let all: Vec<_> = certificates.iter().map(Certificate::json).collect();
            say(format!("{:#}", json!({ "schema": SCHEMA, "certificates": all })));
        }
        Ok(problems)
    }
}
