//! A run folder, opened again: its results, its program, and the parameters it ended with.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use crate::check::fit;
use crate::data::{Dataset, load};
use crate::diag::{Diagnostic, Problems, codes, paths};
use crate::exec::Program;
use crate::model::{Model, Training};
use crate::report::results::Results;
use crate::session::Session;
use crate::source::SourceFile;
use crate::syntax;
use crate::syntax::ast::Setting;
use crate::train::checkpoint::{self, Expected, Tensor};
use crate::train::record::ArmRun;

pub struct RunFolder {
    path: PathBuf,
    pub results: Results,
    pub session: Session,
}

/// Which runs of the folder a command is about.
#[derive(Args)]
pub struct Which {
    /// Only this arm; with several designs in all of them, or in one: --arm "nem 0.28 cooled 1"
    #[arg(long)]
    arm: Option<String>,
    /// Only this seed
    #[arg(long)]
    seed: Option<u64>,
}

impl RunFolder {
    /// Fails where the run is not finished, or its program is damaged.
    pub fn open(path: &Path) -> Result<RunFolder, Failure> {
        let no_sources = |problems| Failure { problems, sources: Default::default() };
        let results = read_results(path).map_err(no_sources)?;
        let session = program(path, &results).map_err(no_sources)?;
        if session.problems.has_errors() {
            return Err(Failure { problems: session.problems, sources: session.sources });
        }
        Ok(RunFolder { path: path.to_path_buf(), results, session })
    }

    /// The model that was trained, with its sizes.
    pub fn model(&self) -> Result<Model, Problems> {
        let sizes = self.results.configuration["sizes"].as_object().cloned().unwrap_or_default();
        let sizes: Vec<(&str, usize)> =
            sizes.iter().filter_map(|(name, size)| Some((name.as_str(), size.as_u64()? as usize))).collect();
        self.session.declarations.model(&self.results.experiment.model, &sizes)
    }

    /// The runs that are asked for, of which there is at least one.
    pub fn runs(&self, which: &Which) -> Result<Vec<&ArmRun>, Problems> {
        let experiment = &self.results.experiment;
        let is_of = |arm: &String, run: &ArmRun| {
            *arm == run.arm || experiment.design(&run.arm).is_some_and(|design| design.arm == *arm)
        };
        let wanted = |run: &&ArmRun| {
            which.arm.as_ref().is_none_or(|arm| is_of(arm, run)) && which.seed.is_none_or(|seed| seed == run.seed)
        };
        let runs: Vec<&ArmRun> = experiment.runs.iter().filter(wanted).collect();
        if runs.is_empty() { Err(self.no_such_run(which).into()) } else { Ok(runs) }
    }

    fn no_such_run(&self, which: &Which) -> Diagnostic {
        let experiment = &self.results.experiment;
        let asked =
            [which.arm.as_ref().map(|arm| format!("arm `{arm}`")), which.seed.map(|seed| format!("seed {seed}"))];
        let asked = asked.into_iter().flatten().collect::<Vec<_>>().join(" and ");
        let seeds: Vec<String> = experiment.seeds.iter().map(u64::to_string).collect();
        Diagnostic::new(codes::USAGE, format!("the run has no network with {asked}")).help(format!(
            "its arms are {}; its seeds are {}",
            experiment.arms.join(", "),
            seeds.join(", ")
        ))
    }

    /// The `train` declaration that the run came from, with the settings that were put in the place of its own.
    pub fn training(&mut self) -> Result<Training, Problems> {
        let set = self.results.configuration["set"].as_array().cloned().unwrap_or_default();
        let set: Vec<String> = set.iter().filter_map(|s| s.as_str().map(String::from)).collect();
        let settings = settings(&mut self.session, &set)?;
        let (model, data) = (&self.results.experiment.model, &self.results.experiment.data);
        let trainings = self.session.trainings(Some(model), &settings)?;
        trainings.into_iter().find(|t| t.data.name == *data).ok_or_else(|| {
            let message = format!("the run's program trains no `{model}` on `{data}`");
            Diagnostic::new(codes::RUN_MISMATCH, message).help("the folder's program was changed; train again").into()
        })
    }

    /// A `data` declaration of the run's program, by default the one that was trained on, with its name.
    pub fn data(&self, name: Option<&str>, model: &Model) -> Result<(String, Dataset), Problems> {
        let name = name.unwrap_or(&self.results.experiment.data);
        let data = self.session.declarations.data(name)?;
        fit(model, &data, data.span)?;
        Ok((name.to_string(), load(&data)?))
    }

    /// What a run ended with, as the program wants it.
    pub fn start(&self, run: &ArmRun, program: &Program) -> Result<Vec<Vec<f64>>, Problems> {
        let expected: Vec<Expected> =
            program.plan().persistent.iter().map(|p| (p.name.as_str(), p.rows, p.columns)).collect();
        let tensors = self.parameters(&run.arm, run.seed, &expected)?;
        Ok(tensors.iter().map(|t| t.values.iter().map(|x| f64::from(*x)).collect()).collect())
    }

    /// What a run ended with.
    pub fn parameters(&self, arm: &str, seed: u64, expected: &[Expected]) -> Result<Vec<Tensor>, Problems> {
        checkpoint::read(&self.path.join(checkpoint::file_name(arm, seed)))?.fit(expected)
    }
}

/// Settings of the command line, read by the same grammar as those of a program.
pub fn settings(session: &mut Session, texts: &[String]) -> Result<Vec<Setting>, Problems> {
    let (mut settings, mut problems) = (vec![], Problems::new());
    for text in texts {
        let name = format!("--set {text:?}");
        let id = session.sources.add(SourceFile { name, text: text.clone() });
        match syntax::parse_settings(id, text) {
            Ok(read) => settings.extend(read),
            Err(found) => problems.extend(found),
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(settings) }
}

fn read_results(run: &Path) -> Result<Results, Problems> {
    let path = run.join("results.json");
    let fail = |why: String| {
        Diagnostic::new(codes::RUN_FOLDER, format!("`{}` is not a finished run", run.display()))
            .note(format!("`{}` {why}", path.display()))
            .help("give a folder that `nem train` made, such as runs/digits-001")
    };
    let text = std::fs::read_to_string(&path).map_err(|e| fail(paths::unreadable(&path, &e).0))?;
    Ok(Results::from_json(&text).map_err(|e| fail(format!("is damaged: {e}")))?)
}

/// The run's own copy of its program, with relative paths starting where they did.
fn program(run: &Path, results: &Results) -> Result<Session, Problems> {
    let path = run.join("program.nem");
    let text = std::fs::read_to_string(&path).map_err(|e| {
        Diagnostic::new(codes::RUN_FOLDER, format!("`{}` {}", path.display(), paths::unreadable(&path, &e).0))
            .help("the run folder has lost its program; train again")
    })?;
    let folder = results.configuration["folder"].as_str().map(PathBuf::from);
    Ok(Session::from_text(&path.display().to_string(), &text, folder.as_deref()))
}
