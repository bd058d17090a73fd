//! `nem verify NAME`, `nem verify FILE [NAME]`, `nem verify --all`: certificates of likelihoods and of models

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::crew::{Found, each_of_library};
use super::subject::Subjects;
use super::{Failure, Outcome, say, tell};
use crate::derive::derive_likelihood;
use crate::diag::{Diagnostic, MessageFormat, Problems, codes};
use crate::sample::{Certificate, Place, verify};
use crate::session::Session;

const SCHEMA: &str = "nem-certificate/2";

#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    subjects: Subjects,
    /// Numbers for the outcome and the parameters of likelihoods; without them a few are chosen from the supports
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

/// What is told of one likelihood or model.
struct Answer {
    text: String,
    json: Value,
    problems: Problems,
}

impl Verify {
    pub fn run(self, messages: MessageFormat) -> Outcome {
        let (mut session, name) = self.subjects.open()?;
        let problems = match self.subjects.all() {
            true => Ok(self.library()),
            false => self.certificates(&mut session, name.as_deref()),
        };
        match problems {
            Ok(problems) if !problems.has_errors() => {
                tell(&problems, &session.sources, messages);
                Ok(())
            }
            Ok(problems) | Err(problems) => Err(Failure { problems, sources: session.sources }),
        }
    }

    /// Certifies every likelihood of the library, and gives what failed.
    fn library(&self) -> Problems {
        let mut answers = vec![];
        each_of_library(|found| certified(found, None), |answer| answers.push(self.told(answer)));
        self.finished(answers)
    }

    /// Certifies one likelihood and model after the other, and gives what failed.
    fn certificates(&self, session: &mut Session, name: Option<&str>) -> Result<Problems, Problems> {
        let is_model = name.is_some_and(|name| session.model_names().any(|model| model == name));
        let likelihoods = if is_model { vec![] } else { session.likelihoods(name)? };
        let mut answers = vec![];
        for likelihood in likelihoods {
            let at = self.at.as_ref().map(|text| session.point(&likelihood, text)).transpose()?;
            answers.push(self.told(certified(Ok(likelihood), at)));
        }
        if let Some(name) = name.filter(|_| is_model && self.at.is_some()) {
            return Err(at_a_model(name).into());
        }
        for model in if self.at.is_some() { vec![] } else { session.models(name) } {
            answers.push(self.told(model.and_then(|model| session.certificate(&model)).into()));
        }
        Ok(self.finished(answers))
    }

    /// Tells a certificate as soon as it is made.
    fn told(&self, answer: Answer) -> Answer {
        if self.format == Format::Text && !answer.text.is_empty() {
            say(&answer.text);
        }
        answer
    }

    fn finished(&self, answers: Vec<Answer>) -> Problems {
        let mut problems = Problems::new();
        let mut certificates = vec![];
        for answer in answers {
            problems.extend(answer.problems);
            certificates.push(answer.json);
        }
        if self.format == Format::Json {
            say(format!("{:#}", json!({ "schema": SCHEMA, "certificates": certificates })));
        }
        problems
    }
}

fn certified(found: Found, at: Option<Place>) -> Answer {
    found.and_then(|likelihood| derive_likelihood(&likelihood)).map(|derived| verify(&derived, at)).into()
}

impl From<Result<Certificate, Problems>> for Answer {
    fn from(certificate: Result<Certificate, Problems>) -> Answer {
        match certificate {
            Ok(certificate) => {
                let problems = certificate.problems();
                Answer { text: certificate.text(), json: certificate.json(), problems }
            }
            Err(problems) => Answer { text: String::new(), json: Value::Null, problems },
        }
    }
}

fn at_a_model(name: &str) -> Diagnostic {
    Diagnostic::new(codes::USAGE, format!("`--at` gives numbers to a likelihood, and `{name}` is a model"))
        .help("leave it out: a model is checked near its initial values")
}
