//! Whether the noise of a run did what the theory says, looked at afterwards along the kept parameters Θₙ.
//!
//! The NEM theorem promises larger steps on average *if* E[ln f(y + n, h | Θₙ) − ln f(y, h | Θₙ)] ≥ 0, the expectation over
//! y and h drawn under the parameters Θ* that the run ends with ([K] Theorem 2, (114)). Training asks for Δ(n) ≥ 0 at the
//! data instead, draw by draw. So three things are looked at, each with what it takes to judge it:
//!
//! * the premise: that expectation, y and h drawn from the model at Θ*;
//! * Q_N − Q: the same on the data's own y, with h as the E-step has it at Θₙ;
//! * the promise: the log-likelihood after one step with the noise, less that after one step without, from the same
//!   parameters and on the same examples.

use super::arm::{Runner, state_of};
use super::checkpoint::Tensor;
use super::evaluate::OnDevice;
use super::network::{Network, StepAt, Trained, program, step_spec};
use crate::data::{Column, Table};
use crate::diag::Problems;
use crate::exec::{Call, Device, Element, ExecError, Feed, State, Streams, run};
use crate::model::{Arm, Training, Variant};
use crate::plan::estep;
use crate::plan::network::{StepSpec, Task, ancestral, draw_output, training_step};
use crate::plan::noise::{ACCEPTED, RAISED};

/// The programs that audit one arm.
pub struct Auditor {
    step: Trained,
    noiseless: Trained,
    /// The step's noise and what it does, without a change of the parameters.
    on_data: Trained,
    /// The same for hidden variables that are given; as `on_data` where they stand at their means.
    on_draws: Trained,
    /// `None` where an observed variable has no draw.
    drawing: Option<Trained>,
}

/// What was found at the parameters of one epoch.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub epoch: usize,
    /// ln f(y + n, h | Θₙ) − ln f(y, h | Θₙ) of each example drawn under Θ*; empty where nothing can be drawn.
    pub premise: Vec<f64>,
    /// The same for each example of the data: Q_N − Q.
    pub on_data: Vec<f64>,
    /// For each batch: mean log-likelihood of the data after the step with noise, less that after the step without.
    pub promise: Vec<f64>,
    /// The share of the noise that the arm let through.
    pub accepted: Option<f64>,
}

/// How many batches of an epoch are stepped from the same parameters.
const MOST_BATCHES: usize = 10;

/// Draws of an audit have random numbers of their own: those of steps that no training reaches.
pub const FAR: u64 = 1 << 62;

impl Auditor {
    pub fn new(training: &Training, variant: &Variant) -> Result<Auditor, Problems> {
        let ready = |variant: &Variant, plan| program(plan, training).map(|program| Trained::new(variant, program));
        let make = |variant: &Variant, task| {
            let spec = StepSpec { task, ..step_spec(training, variant) };
            training_step(&spec).and_then(|plan| ready(variant, plan))
        };
        let noiseless = Variant { arm: Arm::None, ..variant.clone() };
        let given = estep::are_given(&training.model, training.estep);
        let drawing = ancestral(&training.model, training.estep);
        Ok(Auditor {
            step: make(variant, Task::Train)?,
            noiseless: make(&noiseless, Task::Train)?,
            on_data: make(variant, Task::Audit)?,
            on_draws: make(variant, if given { Task::AuditGiven } else { Task::Audit })?,
            drawing: drawing.map(|plan| ready(variant, plan)).transpose()?,
        })
    }

    /// The arm, in its design.
    pub fn name(&self) -> &str {
        &self.step.name
    }
}

/// One run under audit.
pub struct Subject<'a> {
    pub auditor: &'a Auditor,
    pub network: &'a Network,
    pub data: &'a Table,
    pub seed: u64,
    /// Θ*: the parameters at the end.
    pub last: &'a [Tensor],
}

impl Subject<'_> {
    /// Looks at the parameters (and the optimiser's state) after this epoch.
    pub fn look<D: Device>(&self, device: &D, epoch: usize, kept: &[Tensor]) -> Result<Found, ExecError> {
        let at = state_of(device, kept)?;
        let premise = match self.drawn(device, epoch)? {
            Some(drawn) => self.raised(device, &self.auditor.on_draws, (&at, &drawn), epoch)?.0,
            None => vec![],
        };
        let (on_data, accepted) = self.raised(device, &self.auditor.on_data, (&at, self.data), epoch)?;
        Ok(Found { epoch, premise, on_data, promise: self.promise(device, &at, epoch)?, accepted })
    }

    /// The data with every random variable drawn anew under Θ*.
    fn drawn<D: Device>(&self, device: &D, epoch: usize) -> Result<Option<Table>, ExecError> {
        let Some(drawing) = &self.auditor.drawing else { return Ok(None) };
        let mut at = state_of(device, self.last)?;
        let rows = Vec::from_iter(0..self.data.rows());
        let outputs = self.once(device, drawing, (&mut at, self.data), (&rows, epoch))?;
        let mut table = self.data.clone();
        for ((name, _), buffer) in drawing.program.plan().outputs.iter().zip(&outputs) {
            let name = name.strip_prefix(&draw_output("")).unwrap_or(name).to_string();
            let values = device.download(buffer)?.iter().map(|x| x.to_f64()).collect();
            table.columns.retain(|c| c.name != name);
            table.columns.push(Column { name, width: device.shape(buffer).1, values });
        }
        Ok(Some(table))
    }

    /// By how much the noise raises ln f of each example, and the share of it that was used.
    fn raised<D: Device>(
        &self,
        device: &D,
        trained: &Trained,
        (at, table): (&State<D::Buffer>, &Table),
        epoch: usize,
    ) -> Result<(Vec<f64>, Option<f64>), ExecError> {
        let (mut raised, mut used) = (vec![], vec![]);
        let rows = Vec::from_iter(0..table.rows());
        for rows in rows.chunks(super::evaluate::at_once(&trained.program, table.rows())) {
            let outputs = self.once(device, trained, (&mut at.clone(), table), (rows, epoch))?;
            let mut total = vec![0.0; rows.len()];
            for ((name, _), buffer) in trained.program.plan().outputs.iter().zip(&outputs) {
                let values: Vec<f64> = device.download(buffer)?.iter().map(|x| x.to_f64()).collect();
                if name.starts_with(RAISED) {
                    // What is the same for all examples is one row.
                    total.iter_mut().zip(values.iter().cycle()).for_each(|(sum, x)| *sum += x);
                } else if name.starts_with(ACCEPTED) {
                    used.extend(values);
                }
            }
            raised.extend(total);
        }
        Ok((raised, super::stats::mean(&used)))
    }

    /// One run of a program on rows of a table, with random numbers that no training step has.
    fn once<D: Device>(
        &self,
        device: &D,
        trained: &Trained,
        (at, table): (&mut State<D::Buffer>, &Table),
        (rows, epoch): (&[usize], usize),
    ) -> Result<Vec<D::Buffer>, ExecError> {
        let feed = |name: &str| {
            let column = table.column(name).ok_or_else(|| ExecError::Plan(format!("no column `{name}`")))?;
            let values = rows.iter().flat_map(|row| column.row(*row)).map(|x| D::Element::from_f64(*x));
            Ok(Feed::Values(values.collect()))
        };
        let feeds = trained.program.data_names().map(feed).collect::<Result<_, ExecError>>()?;
        let place = StepAt { epoch: epoch + 1, step: 1, rows: rows.len(), data_rows: table.rows() };
        let slots = trained.slots(place);
        let streams = Streams::new(self.seed);
        run(
            device,
            &trained.program,
            at,
            Call { rows, step: FAR + epoch as u64, streams: &streams, feeds, slots: &slots },
        )
    }

    /// One step with noise and one without for each of the next epoch's first batches, from the same state.
    fn promise<D: Device>(&self, device: &D, at: &State<D::Buffer>, epoch: usize) -> Result<Vec<f64>, ExecError> {
        let Network { evaluation, measure, .. } = self.network;
        let all = OnDevice::new(device, evaluation, self.data)?;
        let runner = |trained| Runner::new(device, self.network, trained, self.data, self.seed);
        let (noisy, noiseless) = (runner(&self.auditor.step)?, runner(&self.auditor.noiseless)?);
        let losses_after = |runner: &Runner<D>| -> Result<Vec<f64>, ExecError> {
            let step = |batch| {
                let mut next = at.clone();
                runner.lone_step(&mut next, epoch + 1, batch)?;
                Ok(all.judge(device, evaluation, measure, &mut next)?.loss)
            };
            (0..runner.batches().min(MOST_BATCHES)).map(step).collect()
        };
        let (with, without) = (losses_after(&noisy)?, losses_after(&noiseless)?);
        Ok(without.iter().zip(&with).map(|(without, with)| without - with).collect())
    }
}

/// Everything that was found of one arm and seed, in the order of the epochs.
pub fn audit<D: Device>(device: &D, subject: &Subject, kept: &[(usize, Vec<Tensor>)]) -> Result<Vec<Found>, ExecError> {
    kept.iter().map(|(epoch, tensors)| subject.look(device, *epoch, tensors)).collect()
}
