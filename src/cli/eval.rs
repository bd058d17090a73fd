//! `nem eval RUN --on DATA`

use std::path::PathBuf;

use clap::Args;
use clap::builder::RangedU64ValueParser;

use super::eval_energy::EnergyFit;
use super::run_folder::{RunFolder, Which};
use super::{Failure, Outcome, say, tell};
use crate::data::Dataset;
use crate::diag::{MessageFormat, Problems};
use crate::exec::{Device, Dfdx, ExecError, Program};
use crate::model::{EStep, Energy, Method, Model};
use crate::plan::network::evaluation_of;
use crate::report::wrap;
use crate::train::arm::state;
use crate::train::evaluate::{Judged, OnDevice};
use crate::train::network::{Measure, device_failed};
use crate::train::record::ArmRun;

#[derive(Args)]
pub struct Eval {
    /// A run folder that `nem train` made
    run: PathBuf,
    /// The data: a `data` declaration of the run's program; by default the one it was trained on
    #[arg(long)]
    on: Option<String>,
    #[command(flatten)]
    which: Which,
    /// For an energy: so many steps from independent units to the model when ln Z is estimated
    #[arg(long, default_value = "1000", value_parser = RangedU64ValueParser::<usize>::new().range(1..=10_000_000))]
    temperatures: usize,
}

impl Eval {
    pub fn run(self, messages: MessageFormat) -> Outcome {
        let folder = RunFolder::open(&self.run)?;
        tell(&folder.session.problems, &folder.session.sources, messages);
        self.evaluate(&folder).map_err(|problems| Failure { problems, sources: folder.session.sources })
    }

    fn evaluate(&self, folder: &RunFolder) -> Result<(), Problems> {
        let (model, results) = (folder.model()?, &folder.results);
        let (name, data) = folder.data(self.on.as_deref(), &model)?;
        let estep = results.configuration["estep"].as_str().and_then(EStep::parse).unwrap_or(EStep::MeanField);
        let method = results.configuration["method"].as_str().and_then(Method::parse);
        let method = method.unwrap_or(Method::ContrastiveDivergence(1));
        let measure = Measure::of(&model, method);
        let program = Program::new(evaluation_of(&model, estep, method)?).map_err(|e| device_failed(&e, model.span))?;
        let wanted = folder.runs(&self.which)?;
        say(format!("{} on {name}: {} and {}\n", model.name, measure.loss_name(), measure.name()));
        let wide = widest(&wanted);
        say(format!(
            "{:<wide$} {:>5} {:>12} {:>12} {:>12} {:>12}",
            "arm", "seed", "train loss", "train error", "test loss", "test error"
        ));
        for run in &wanted {
            let start = folder.start(run, &program)?;
            let judged = judge(&program, &model, &data, &measure, &start)?;
            say(format!("{:<wide$} {:>5} {}", run.arm, run.seed, judged.map(columns).join(" ")));
        }
        match model.energy {
            Some(energy) => self.tell_energy(folder, (&model, energy), &program, &data, &wanted),
            None => Ok(()),
        }
    }

    fn tell_energy(
        &self,
        folder: &RunFolder,
        (model, energy): (&Model, Energy),
        program: &Program,
        data: &Dataset,
        wanted: &[&ArmRun],
    ) -> Result<(), Problems> {
        let Some(fit) = EnergyFit::new(model, energy, program, self.temperatures)? else { return Ok(()) };
        let wide = widest(wanted);
        say(format!("\n{}", fit.heading(wide)));
        for run in wanted {
            say(fit.row(run, &folder.start(run, program)?, data, &self.run, wide)?);
        }
        fit.note().into_iter().for_each(|note| say(format!("\n{}", wrap(&note, 100))));
        Ok(())
    }
}

/// How wide the column of arms is.
fn widest(runs: &[&ArmRun]) -> usize {
    runs.iter().map(|run| run.arm.chars().count()).max().unwrap_or(0).max(8)
}

fn columns(judged: Option<Judged>) -> String {
    match judged {
        Some(Judged { loss, error }) => format!("{loss:>12.6} {error:>12.6}"),
        None => format!("{:>12} {:>12}", "–", "–"),
    }
}

/// Of the training part, and of the test part where there is one.
fn judge(
    program: &Program,
    model: &Model,
    data: &Dataset,
    measure: &Measure,
    start: &[Vec<f64>],
) -> Result<[Option<Judged>; 2], Problems> {
    let failed = |e: ExecError| Problems::from(device_failed(&e, model.span));
    judge_on(&Dfdx::cpu(), program, data, measure, start).map_err(failed)
}

fn judge_on<D: Device>(
    device: &D,
    program: &Program,
    data: &Dataset,
    measure: &Measure,
    start: &[Vec<f64>],
) -> Result<[Option<Judged>; 2], ExecError> {
    let mut state = state(device, program, start)?;
    let mut judge = |table| OnDevice::new(device, program, table)?.judge(device, program, measure, &mut state);
    Ok([Some(judge(&data.train)?), data.test.as_ref().map(judge).transpose()?])
}
