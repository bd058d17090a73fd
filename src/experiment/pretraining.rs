//! The energies that a network starts from, in an experiment.

use std::sync::Mutex;

use super::{OnDevice, Options};
use crate::data::{Column, Table};
use crate::diag::{Diagnostic, Problems, codes};
use crate::exec::{Device, ExecError};
use crate::model::{Stage, Support, Training};
use crate::report::progress::Progress;
use crate::source::Span;
use crate::train::crew::Start;
use crate::train::network::device_failed;
use crate::train::pretrain::{Storey, ground, initial, pretrain_all};
use crate::train::record::Pretrained;
use crate::train::start::initial_values;
use crate::train::stop;

/// How far a sum of means may be from 1.
const TOLERANCE: f64 = 1e-6;

pub struct Pretraining {
    storeys: Vec<Storey>,
    ground: Table,
}

impl Pretraining {
    /// Errors: those of planning; `DATA_VALUE` where the data are no means of the lowest visible units.
    pub fn new(training: &Training, data: &Table) -> Result<Pretraining, Problems> {
        let stages = stages(training);
        let ground = ground(stages, data);
        if let (Some(stage), Some(column)) = (stages.first(), ground.columns.first()) {
            are_means(stage, column)?;
        }
        let storeys = stages.iter().map(Storey::new).collect::<Result<_, _>>()?;
        Ok(Pretraining { storeys, ground })
    }

    /// Gives every start the values that pretraining ends with. Errors: `DEVICE`, `NOT_A_NUMBER`, `STOPPED`.
    pub fn run(
        &self,
        training: &Training,
        starts: &mut [Start],
        options: &Options,
    ) -> Result<Vec<Pretrained>, Problems> {
        if self.storeys.is_empty() {
            return Ok(vec![]);
        }
        let told = options.device.run(Work { pretraining: self, starts, options });
        let told = told.map_err(|e| device_failed(&e, training.span))?;
        if stop::is_requested() {
            return Err(stopped(training.span).into());
        }
        diverged(training, &told)?;
        Ok(told)
    }
}

/// Every energy with every seed, with one display of how far they are.
struct Work<'a> {
    pretraining: &'a Pretraining,
    starts: &'a mut [Start],
    options: &'a Options<'a>,
}

impl OnDevice for Work<'_> {
    type Output = Vec<Pretrained>;

    fn run<D: Device>(self, make: impl Fn() -> Result<D, ExecError> + Sync) -> Result<Self::Output, ExecError> {
        let Work { pretraining: Pretraining { storeys, ground }, starts, options } = self;
        let epochs: usize = storeys.iter().map(Storey::epochs).sum();
        let progress = Progress::new(epochs.saturating_mul(starts.len()), !options.watch.draws());
        let threads = options.threads.clamp(1, starts.len().max(1));
        let lines: Vec<_> = (0..threads).map(|_| Mutex::new(progress.worker())).collect();
        let listen = |worker: usize, energy: &str, seed: u64, epoch: usize| {
            let told = format!("pretraining {energy}  seed {seed:<4} epoch {epoch}");
            options.watch.begins(&told);
            if let Some(Ok(line)) = lines.get(worker).map(|l| l.lock()) {
                line.begin(&told);
            }
        };
        let told = pretrain_all(make, storeys, ground, starts, threads, &listen);
        drop(lines);
        progress.finish();
        told
    }
}

/// Those of which some arm makes use.
fn stages(training: &Training) -> &[Stage] {
    if training.compared.iter().any(|c| c.pretrained) { &training.pretraining } else { &[] }
}

/// Where every seed starts.
pub fn starts(training: &Training) -> Vec<Start> {
    let start = |seed: &u64| {
        let values = initial_values(&training.model, *seed);
        Start { seed: *seed, pretrained: values.clone(), values, energies: initial(stages(training), *seed) }
    };
    training.seeds.iter().map(start).collect()
}

/// Whether the data may stand for means of the lowest visible units.
fn are_means(stage: &Stage, column: &Column) -> Result<(), Problems> {
    let Some(units) = stage.training.model.node(&stage.visible) else { return Ok(()) };
    let wrong = (0..column.rows()).find(|row| !is_mean(units.support, column.row(*row)));
    wrong.map_or(Ok(()), |row| Err(no_mean(stage, units.support, row).into()))
}

fn is_mean(support: Support, row: &[f64]) -> bool {
    let closure = support.closure();
    let inside = row.iter().all(|x| (closure.lower..=closure.upper).contains(x));
    inside && (!closure.sums_to_one || (row.iter().sum::<f64>() - 1.0).abs() <= TOLERANCE)
}

fn no_mean(stage: &Stage, support: Support, row: usize) -> Diagnostic {
    let Stage { below, visible, training, .. } = stage;
    let model = &training.model.name;
    let message = format!("`{below}` has values that are no means of the units `{visible}` of `{model}`");
    Diagnostic::new(codes::DATA_VALUE, message)
        .at(training.span, format!("the units are `{support}`; row {} of `{below}` is not among their means", row + 1))
        .help(format!("scale the data to where the units lie, or declare `{visible}` as `real` units"))
}

/// Energies that are half trained are no start, and nothing is compared with it.
fn stopped(span: Span) -> Diagnostic {
    Diagnostic::new(codes::STOPPED, "stopped while the energies were pretrained: the network was not trained")
        .at(span, "not begun")
        .help("train again, with fewer epochs in `pretrain` if that takes too long")
}

/// A diagnostic for the first energy whose training made something that is not a number.
fn diverged(training: &Training, told: &[Pretrained]) -> Result<(), Problems> {
    let Some(broken) = told.iter().find(|p| !p.error_after.is_finite()) else { return Ok(()) };
    let stage = training.pretraining.iter().find(|stage| {
        stage.training.model.name == broken.model && stage.given.iter().map(|g| &g.variable).eq(&broken.layers)
    });
    let message =
        format!("pretraining `{}` made values that are not finite numbers: seed {}", broken.model, broken.seed);
    Err(Diagnostic::new(codes::NOT_A_NUMBER, message)
        .at(stage.map_or(training.span, |stage| stage.training.span), "diverged")
        .help("lower its learning rate in the block of `pretrain`: `optimizer sgd(rate = 0.01)`")
        .into())
}
