//! `nem audit RUN`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::run_folder::RunFolder;
use super::{Failure, Outcome, say, tell};
use crate::audit::{self, Kept};
use crate::diag::{Diagnostic, MessageFormat, Problems, codes};
use crate::experiment::DeviceChoice;
use crate::model::Energy;
use crate::report::audit::Audit as Report;
use crate::report::wrap;
use crate::train::network::Network;

#[derive(Args)]
pub struct Audit {
    /// A run folder that `nem train` made, with parameters kept on the way
    run: PathBuf,
    #[arg(long, default_value = "cpu", value_parser = DeviceChoice::parse)]
    device: DeviceChoice,
    /// Runs audited at the same time; by default one a core
    #[arg(long)]
    threads: Option<usize>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Audit {
    pub fn run(self, messages: MessageFormat) -> Outcome {
        let mut folder = RunFolder::open(&self.run)?;
        tell(&folder.session.problems, &folder.session.sources, messages);
        self.audit(&mut folder).map_err(|problems| Failure { problems, sources: folder.session.sources })
    }

    fn audit(&self, folder: &mut RunFolder) -> Result<(), Problems> {
        let training = folder.training()?;
        if let Some(energy) = training.model.energy {
            return Err(of_energy(&training.model.name, energy).into());
        }
        let kept = Kept::read(&self.run)?;
        if kept.is_empty() {
            return Err(nothing_kept(&self.run).into());
        }
        let data = folder.session.data(&training)?;
        let network = Network::new(&training)?;
        let expected = network.parameters.iter().map(|p| (p.name.as_str(), p.rows, p.columns)).collect::<Vec<_>>();
        let runs = kept.into_iter().map(|((arm, seed), on_the_way)| {
            Ok(Kept { last: folder.parameters(&arm, seed, &expected)?, arm, seed, on_the_way })
        });
        let runs = runs.collect::<Result<Vec<_>, Problems>>()?;
        let threads = self.threads.unwrap_or_else(super::default_threads);
        self.device.is_there()?;
        let comparison = &folder.results.comparison;
        let report = audit::of_runs(&training, &network, &data.train, &runs, comparison, (self.device, threads))?;
        audit::write(&self.run, &report)?;
        match self.format {
            Format::Text => say(told(&report)),
            Format::Json => say(report.to_json().unwrap_or_default().trim_end()),
        }
        Ok(())
    }
}

/// The tables, and the verdict in words.
pub fn told(report: &Report) -> String {
    let verdict = report.verdict.iter().map(|paragraph| format!("\n{}\n", wrap(paragraph, 100)));
    format!("{}{}", report.table(), verdict.collect::<String>()).trim_end().to_string()
}

fn of_energy(model: &str, energy: Energy) -> Diagnostic {
    Diagnostic::new(
        codes::UNSUPPORTED,
        format!("`{model}` is given by an energy, and this version audits models that likelihoods make"),
    )
    .at(energy.span, "the energy")
    .help("`nem train` compares the arms of an energy, and `nem eval` tells their free energies and ln Z")
}

fn nothing_kept(run: &std::path::Path) -> Diagnostic {
    Diagnostic::new(codes::RUN_FOLDER, format!("`{}` has no parameters from on the way", run.display()))
        .note("an audit looks at the noise along the whole training, and this run kept only what it ended with")
        .help("train again with `--set \"checkpoints 10\"`, or with `--set \"audit 10\"`, which audits at once")
}
