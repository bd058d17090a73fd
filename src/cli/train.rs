//! `nem train FILE`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::audit::told as audit_told;
use super::run_folder::settings;
use super::{Failure, Outcome, default_threads, say, tell};
use crate::derive::derive_model;
use crate::derive::request::{Request, of_model};
use crate::diag::{MessageFormat, Problems};
use crate::experiment::{self, DeviceChoice, Options, Watch};
use crate::model::{Injection, Model, Noise, Training};
use crate::report::{derivation, pretraining, wrap};
use crate::session::Session;
use crate::train::stop;

#[derive(Args)]
pub struct Train {
    /// The program
    file: PathBuf,
    /// Only the `train` declaration of this model
    #[arg(long)]
    model: Option<String>,
    /// A setting in the place of the program's: --set "epochs 5" --set "seeds 1..20"
    #[arg(long = "set", value_name = "SETTING")]
    settings: Vec<String>,
    #[arg(long, default_value = "cpu", value_parser = DeviceChoice::parse)]
    device: DeviceChoice,
    /// Where run folders are made
    #[arg(long, default_value = "runs")]
    out: PathBuf,
    /// Runs trained at the same time; by default one a core
    #[arg(long)]
    threads: Option<usize>,
    /// No progress bars
    #[arg(long)]
    quiet: bool,
    /// Whether the derivation is printed before training
    #[arg(long, value_enum, default_value = "short")]
    derivation: Shown,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Shown {
    Short,
    Full,
    No,
}

impl Train {
    pub fn run(self, messages: MessageFormat) -> Outcome {
        let mut session = Session::open(&self.file);
        match self.train(&mut session, messages) {
            Ok(()) => Ok(()),
            Err(problems) => {
                let mut all = session.problems.clone();
                all.extend(problems);
                Err(Failure { problems: all, sources: session.sources })
            }
        }
    }

    fn train(&self, session: &mut Session, messages: MessageFormat) -> Result<(), Problems> {
        let settings = settings(session, &self.settings)?;
        if session.problems.has_errors() {
            return Err(Problems::new());
        }
        let trainings = session.trainings(self.model.as_deref(), &settings)?;
        session.problems.extend(session.derived_problems());
        tell(&session.problems, &session.sources, messages);
        session.problems = Problems::new();
        let mut stopped = Problems::new();
        stop::on_interrupt(|| eprintln!("\nstopping after this step; Ctrl-C again leaves without results"));
        for training in &trainings {
            self.show_derivation(training)?;
            let options = Options {
                device: self.device,
                out: &self.out,
                threads: self.threads.unwrap_or_else(default_threads),
                watch: if self.quiet { Watch::Nobody } else { Watch::Bars },
                program: &self.file,
                text: None,
                settings: &self.settings,
            };
            let finished = experiment::run(session, training, &options)?;
            if stop::is_requested() {
                say(format!("{}\n", stop::TOLD));
            }
            if !finished.pretraining.is_empty() {
                say(&finished.pretraining);
            }
            say(finished.table.trim_end());
            for paragraph in &finished.verdict {
                say(format!("\n{}", wrap(paragraph, 100)));
            }
            if let Some(audit) = &finished.audit {
                say(format!("\n{}", audit_told(audit)));
            }
            say(format!("\nresults: {}", finished.folder.display()));
            let mut warnings = Problems::new();
            finished.warnings.into_iter().for_each(|warning| warnings.push(warning));
            tell(&warnings, &session.sources, messages);
            stopped.extend(finished.problems);
            if stop::is_requested() {
                std::process::exit(stop::INTERRUPTED);
            }
        }
        if stopped.has_errors() { Err(stopped) } else { Ok(()) }
    }

    fn show_derivation(&self, training: &Training) -> Result<(), Problems> {
        if self.derivation == Shown::No {
            return Ok(());
        }
        let (model, noise) = (&training.model, &training.noise);
        let mut derived = derive_model(model)?;
        let request = |n: &Noise| Request { variable: n.target, injection: n.injection };
        derived.requested =
            noise.iter().filter(|n| !is_told_anyway(n, model)).map(|n| of_model(model, request(n))).collect();
        let text =
            if self.derivation == Shown::Full { derivation::model(&derived) } else { derivation::brief(&derived) };
        say(text);
        if !training.pretraining.is_empty() {
            say(pretraining::plan(training));
        }
        Ok(())
    }
}

/// Whether the page of the model tells this noise as that of a layer.
fn is_told_anyway(noise: &Noise, model: &Model) -> bool {
    let plain = matches!(noise.injection, Injection::Add | Injection::Multiply);
    plain && model.observed().any(|(node, _)| node.var == noise.target)
}
