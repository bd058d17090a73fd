//! `nem check`, `nem fmt`, `nem inspect`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Failure, Outcome, say, tell};
use crate::diag::{Diagnostic, MessageFormat, Problems, codes, paths};
use crate::model::{self, Training};
use crate::plan::{self, network};
use crate::report::derivation;
use crate::session::Session;
use crate::source::{SourceFile, Sources};
use crate::syntax;
use crate::train::folder::write_atomically;
use crate::train::network::{step_spec, variant_name};

pub fn check(file: &Path, messages: MessageFormat) -> Outcome {
    let mut session = Session::open(file);
    if !session.problems.has_errors() {
        session.problems.extend(session.derived_problems());
        session.problems.extend(session.planning_problems());
    }
    if session.problems.has_errors() {
        return Err(Failure { problems: session.problems, sources: session.sources });
    }
    tell(&session.problems, &session.sources, messages);
    say(format!("{}: no errors", file.display()));
    Ok(())
}

#[derive(Args)]
pub struct Fmt {
    /// The programs
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Only say which files would change
    #[arg(long)]
    check: bool,
}

impl Fmt {
    pub fn run(self) -> Outcome {
        let mut sources = Sources::default();
        let mut problems = Problems::new();
        for file in &self.files {
            if let Err(found) = self.one(file, &mut sources) {
                problems.extend(found);
            }
        }
        if problems.has_errors() { Err(Failure { problems, sources }) } else { Ok(()) }
    }

    fn one(&self, path: &Path, sources: &mut Sources) -> Result<(), Problems> {
        let text = paths::read_program(path)?;
        let id = sources.add(SourceFile { name: path.display().to_string(), text: text.clone() });
        let laid_out = syntax::format(id, &text)?;
        match (laid_out == text, self.check) {
            (true, _) => Ok(()),
            (false, true) => Err(Diagnostic::new(codes::USAGE, format!("{} is not laid out", path.display()))
                .help(format!("run `nem fmt {}`", path.display()))
                .into()),
            (false, false) => write_atomically(path, laid_out.as_bytes()),
        }
    }
}

#[derive(Args)]
pub struct Inspect {
    /// The program
    file: PathBuf,
    #[arg(long, value_enum)]
    stage: Stage,
}

#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    /// The syntax tree
    Ast,
    /// The checked models
    Model,
    /// The derivation
    Derived,
    /// The tensor programs of every arm
    Plan,
}

impl Inspect {
    pub fn run(self, messages: MessageFormat) -> Outcome {
        let session = Session::open(&self.file);
        tell(&session.problems, &session.sources, messages);
        let shown = match self.stage {
            Stage::Ast => Ok(session.declarations.own().map(|d| format!("{d:#?}\n")).collect()),
            Stage::Model => Ok(session.checked.models.iter().map(model::show).collect()),
            Stage::Derived => session.derive(None).map(|d| derivation::program(&d)),
            Stage::Plan => session.trainings(None, &[]).and_then(|t| plans(&t)),
        };
        let problems = match shown {
            Ok(text) => {
                say(text.trim_end());
                Problems::new()
            }
            Err(problems) => problems,
        };
        // What could be shown was shown; a program with errors is still a failure.
        match session.problems.has_errors() || problems.has_errors() {
            true => Err(Failure { problems, sources: session.sources }),
            false => Ok(()),
        }
    }
}

fn plans(trainings: &[Training]) -> Result<String, Problems> {
    let mut text = String::new();
    for training in trainings {
        for variant in &training.variants() {
            let plan = network::training_step(&step_spec(training, variant))?;
            let (model, arm) = (&training.model.name, variant_name(variant));
            text += &format!("training step of {model}, arm {arm}\n{}\n", plan::show(&plan));
        }
        let evaluation = network::evaluation_of(&training.model, training.estep, training.method)?;
        text += &format!("evaluation of {}\n{}\n", training.model.name, plan::show(&evaluation));
    }
    Ok(text)
}
