//! What a command is about: a program, a likelihood or a model of it, or a likelihood of the standard library.

use std::path::Path;

use clap::Args;

use super::Failure;
use crate::session::Session;

#[derive(Args)]
pub struct Subject {
    /// A program, or the name of a likelihood of the standard library
    pub file: String,
    /// Only this likelihood or model, with sizes where it needs some: "Rbm(784, 20)"
    pub name: Option<String>,
}

/// Like [`Subject`], or every likelihood of the standard library.
#[derive(Args)]
pub struct Subjects {
    /// A program, or the name of a likelihood of the standard library
    #[arg(required_unless_present = "all")]
    file: Option<String>,
    /// Only this likelihood or model, with sizes where it needs some: "Rbm(784, 20)"
    name: Option<String>,
    /// Every likelihood of the standard library
    #[arg(long, conflicts_with_all = ["file", "at"])]
    all: bool,
}

impl Subjects {
    /// Whether it is the whole library.
    pub fn all(&self) -> bool {
        self.file.is_none()
    }

    /// As [`Subject::open`]; without a name, all that the program, or the library, declares.
    pub fn open(&self) -> Result<(Session, Option<String>), Failure> {
        match self.file.clone() {
            Some(file) => Subject { file, name: self.name.clone() }.open(),
            None => Ok((Session::library(), None)),
        }
    }
}

impl Subject {
    /// The checked program, and the name in it that is meant. A first argument that is no file but looks like a name is
    /// one of the standard library.
    pub fn open(&self) -> Result<(Session, Option<String>), Failure> {
        let is_name = self.file.chars().all(|c| c.is_alphanumeric() || c == '_');
        let (mut session, name) = match self.name.is_none() && is_name && !Path::new(&self.file).exists() {
            true => (Session::library(), Some(self.file.clone())),
            false => (Session::open(Path::new(&self.file)), self.name.clone()),
        };
        if session.problems.has_errors() {
            return Err(Failure { problems: session.problems, sources: session.sources });
        }
        match name.map(|name| session.called(&name)).transpose() {
            Ok(name) => Ok((session, name)),
            Err(problems) => Err(Failure { problems, sources: session.sources }),
        }
    }
}
