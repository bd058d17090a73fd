//! A run folder, opened again: its results, its program, and the parameters it ended with.

use std::path::{Path, PathBuf};

use super::Failure;
use crate::diag::{Diagnostic, Problems, codes, paths};
use crate::model::Training;
use crate::report::results::Results;
use crate::session::Session;
use crate::source::SourceFile;
use crate::syntax;
use crate::syntax::ast::Setting;
use crate::train::checkpoint::{self, Expected, Tensor};

pub struct RunFolder {
    path: PathBuf,
    pub results: Results,
    pub session: Session,
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
