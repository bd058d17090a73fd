//! `nem eval RUN --on DATA`

use std::path::PathBuf;

use clap::Args;

use super::eval_energy::EnergyFit;
use super::run_folder::RunFolder;
use super::{Failure, Outcome, say, tell};
use crate::check::fit;
use crate::data::{Dataset, load};
use crate::diag::{Diagnostic, MessageFormat, Problems, codes};
use crate::exec::{Device, Dfdx, ExecError, Program};
use crate::model::{EStep, Energy, Method, Model};
use crate::plan::network::evaluation_of;
use crate::report::results::Results;
use crate::report::wrap;
use crate::session::Session;
use crate::train::arm::state;
use crate::train::checkpoint;
use crate::train::evaluate::{Judged, OnDevice};
use crate::train::network::{Measure, device_failed};
use crate::train::record::{ArmRun, Experiment};

#[derive(Args)]
pub struct Eval {
    /// A run folder that `nem train` made
    run: PathBuf,
    /// The data: a `data` declaration of the run's program; by default the one it was trained on
    #[arg(long)]
    on: Option<String>,
    /// Only this arm; with several designs in all of them, or in one: --arm "nem 0.28 cooled 1"
    #[arg(long)]
    arm: Option<String>,
    /// Only this seed
    #[arg(long)]
    seed: Option<u64>,
    /// For an energy: so many steps from independent units to the model when ln Z is estimated
    #[arg(long, default_value_t = 1000)]
    temperatures: usize,
}

impl Eval {
    pub fn run(self, messages: MessageFormat) -> Outcome {
        let RunFolder { results, session, .. } = RunFolder::open(&self.run)?;
        tell(&session.problems, &session.sources, messages);
        self.evaluate(&session, &results).map_err(|problems| Failure { problems, sources: session.sources })
    }

    fn evaluate(&self, session: &Session, results: &Results) -> Result<(), Problems> {
        let model = model(session, results)?;
        let name = self.on.clone().unwrap_or_else(|| results.experiment.data.clone());
        let data = session.declarations.data(&name)?;
        fit(&model, &data, data.span)?;
        let data = load(&data)?;
        let estep = results.configuration["estep"].as_str().and_then(EStep::parse).unwrap_or(EStep::MeanField);
        let method = results.configuration["method"].as_str().and_then(Method::parse);
        let method = method.unwrap_or(Method::ContrastiveDivergence(1));
        let measure = Measure::of(&model, method);
        let program = Program::new(evaluation_of(&model, estep, method)?).map_err(|e| device_failed(&e, model.span))?;
        let wanted: Vec<&ArmRun> =
            results.experiment.runs.iter().filter(|run| self.wants(run, &results.experiment)).collect();
        if wanted.is_empty() {
            return Err(self.no_such_run(results).into());
        }
        say(format!("{} on {name}: {} and {}\n", model.name, measure.loss_name(), measure.name()));
        let wide = wanted.iter().map(|run| run.arm.chars().count()).max().unwrap_or(0).max(8);
        say(format!(
            "{:<wide$} {:>5} {:>12} {:>12} {:>12} {:>12}",
            "arm", "seed", "train loss", "train error", "test loss", "test error"
        ));
        for run in &wanted {
            let judged = judge(&program, &model, &data, &measure, &self.start(&program, run)?)?;
            say(format!("{:<wide$} {:>5} {}", run.arm, run.seed, judged.map(columns).join(" ")));
        }
        match model.energy {
            Some(energy) => self.tell_energy((&model, energy), &program, &data, &wanted, wide),
            None => Ok(()),
        }
    }

    fn tell_energy(
        &self,
        (model, energy): (&Model, Energy),
        program: &Program,
        data: &Dataset,
        wanted: &[&ArmRun],
        wide: usize,
    ) -> Result<(), Problems> {
        let Some(fit) = EnergyFit::new(model, energy, program, self.temperatures.max(1))? else { return Ok(()) };
        say(format!("\n{}", fit.heading(wide)));
        for run in wanted {
            say(fit.row(run, &self.start(program, run)?, data, &self.run, wide)?);
        }
        fit.note().into_iter().for_each(|note| say(format!("\n{}", wrap(&note, 100))));
        Ok(())
    }

    /// The parameters that a run ended with.
    fn start(&self, program: &Program, run: &ArmRun) -> Result<Vec<Vec<f64>>, Problems> {
        let expected: Vec<(String, usize, usize)> =
            program.plan().persistent.iter().map(|p| (p.name.clone(), p.rows, p.columns)).collect();
        let expected: Vec<(&str, usize, usize)> = expected.iter().map(|(n, r, c)| (n.as_str(), *r, *c)).collect();
        let tensors = checkpoint::read(&self.run.join(checkpoint::file_name(&run.arm, run.seed)))?.fit(&expected)?;
        Ok(tensors.iter().map(|t| t.values.iter().map(|x| f64::from(*x)).collect()).collect())
    }

    fn no_such_run(&self, results: &Results) -> Diagnostic {
        let asked = [self.arm.as_ref().map(|arm| format!("arm `{arm}`")), self.seed.map(|seed| format!("seed {seed}"))];
        let asked = asked.into_iter().flatten().collect::<Vec<_>>().join(" and ");
        let seeds: Vec<String> = results.experiment.seeds.iter().map(u64::to_string).collect();
        Diagnostic::new(codes::USAGE, format!("the run has no network with {asked}")).help(format!(
            "its arms are {}; its seeds are {}",
            results.experiment.arms.join(", "),
            seeds.join(", ")
        ))
    }

    /// An arm is asked for in one design, as `nem 0.28`, or in all of them.
    fn wants(&self, run: &ArmRun, experiment: &Experiment) -> bool {
        let is_of = |arm: &String| *arm == run.arm || experiment.design(&run.arm).is_some_and(|d| d.arm == *arm);
        self.arm.as_ref().is_none_or(is_of) && self.seed.is_none_or(|seed| seed == run.seed)
    }
}

fn columns(judged: Option<Judged>) -> String {
    match judged {
        Some(Judged { loss, error }) => format!("{loss:>12.6} {error:>12.6}"),
        None => format!("{:>12} {:>12}", "–", "–"),
    }
}

fn model(session: &Session, results: &Results) -> Result<Model, Problems> {
    let sizes = results.configuration["sizes"].as_object().cloned().unwrap_or_default();
    let sizes: Vec<(&str, usize)> =
        sizes.iter().filter_map(|(name, size)| Some((name.as_str(), size.as_u64()? as usize))).collect();
    session.declarations.model(&results.experiment.model, &sizes)
}

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
