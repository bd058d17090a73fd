//! One run: one arm in one design, one seed, from the first epoch to the last.

use std::time::Instant;

use super::checkpoint::Tensor;
use super::evaluate::{Judged, OnDevice, Run, broken_at};
use super::network::{Network, StepAt, Trained};
use super::record::{ArmRun, Epoch};
use super::stop;
use crate::data::{Table, batches, epoch_order, gather};
use crate::exec::{Call, Device, Element, ExecError, Feed, Program, State, Streams, run, run_checked};
use crate::plan::estep::EFFECTIVE;
use crate::plan::noise::ACCEPTED;
use crate::plan::{Origin, Persistent};

/// The data of one run.
pub struct Parts<'a> {
    pub train: &'a Table,
    pub test: Option<&'a Table>,
}

/// How a run ended.
pub struct Finished {
    pub run: ArmRun,
    pub parameters: Vec<Tensor>,
    /// Parameters and optimiser state after the epochs that were to be kept.
    pub kept: Vec<(usize, Vec<Tensor>)>,
    /// The expression that made the first number that is not finite.
    pub broken: Option<Origin>,
}

/// Trains an arm of the network from `start`. `tick` hears of every epoch. Where training is asked to stop, an epoch that was begun is
/// taken back, so that parameters and curves end together.
pub fn train_arm<D: Device>(
    device: &D,
    network: &Network,
    parts: &Parts,
    trained: &Trained,
    seed: u64,
    start: &[Vec<f64>],
    mut tick: impl FnMut(&Epoch),
) -> Result<Finished, ExecError> {
    let (evaluation, measure) = (&network.evaluation, &network.measure);
    let began = Instant::now();
    let mut state = state(device, &trained.program, start)?;
    let runner = Runner::new(device, network, trained, parts.train, seed)?;
    let train = OnDevice::new(device, evaluation, parts.train)?;
    let test = parts.test.map(|t| OnDevice::new(device, evaluation, t)).transpose()?;
    let (mut epochs, mut kept) = (vec![], vec![]);
    let (mut stopped, mut broken) = (None, None);
    for epoch in 0..=network.epochs {
        let before = state.clone();
        let told = if epoch == 0 { Told::default() } else { runner.epoch(&mut state, epoch)? };
        if epoch > 0 && stop::is_requested() {
            state = before;
            break;
        }
        let judged = train.judge(device, evaluation, measure, &mut state)?;
        let tested = test.as_ref().map(|t| t.judge(device, evaluation, measure, &mut state)).transpose()?;
        let record = record(epoch, judged, tested, told);
        tick(&record);
        if network.kept.contains(&epoch) {
            kept.push((epoch, tensors(device, &trained.program.plan().persistent, &state)?));
        }
        epochs.push(record);
        if judged.loss.is_nan() {
            broken = runner.find_break(before, epoch)?;
            if broken.is_none() {
                broken = train.find_break(device, evaluation, &mut state)?;
            }
            stopped = Some(reason(broken.as_ref()));
            break;
        }
    }
    let run = ArmRun { arm: trained.name.clone(), seed, epochs, stopped, seconds: began.elapsed().as_secs_f64() };
    Ok(Finished { run, parameters: tensors(device, &network.parameters, &state)?, kept, broken })
}

fn reason(broken: Option<&Origin>) -> String {
    match broken {
        Some(origin) => format!("{} is not a number", origin.text),
        None => "the loss is not a number".into(),
    }
}

fn record(epoch: usize, train: Judged, test: Option<Judged>, told: Told) -> Epoch {
    Epoch {
        epoch,
        train_loss: train.loss,
        test_loss: test.map(|t| t.loss),
        train_error: train.error,
        test_error: test.map(|t| t.error),
        accepted: told.accepted,
        effective: told.effective,
    }
}

/// What the steps of an epoch tell of themselves, on average.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    accepted: Option<f64>,
    effective: Option<f64>,
}

/// Parameters from `start`, optimiser state from zero.
pub fn state<D: Device>(device: &D, program: &Program, start: &[Vec<f64>]) -> Result<State<D::Buffer>, ExecError> {
    let persistent = &program.plan().persistent;
    let values = persistent.iter().enumerate().map(|(i, p)| match start.get(i) {
        Some(values) => values.iter().map(|x| D::Element::from_f64(*x)).collect(),
        None => vec![D::Element::from_f64(0.0); p.rows * p.columns],
    });
    State::new(device, persistent, values.collect())
}

/// A state as it was kept.
pub fn state_of<D: Device>(device: &D, kept: &[Tensor]) -> Result<State<D::Buffer>, ExecError> {
    let meaning = |t: &Tensor| Persistent { name: t.name.clone(), rows: t.rows, columns: t.columns };
    let values = |t: &Tensor| t.values.iter().map(|x| D::Element::from_f64(f64::from(*x))).collect();
    State::new(device, &kept.iter().map(meaning).collect::<Vec<_>>(), kept.iter().map(values).collect())
}

fn tensors<D: Device>(
    device: &D,
    persistent: &[Persistent],
    state: &State<D::Buffer>,
) -> Result<Vec<Tensor>, ExecError> {
    let tensor = |(i, p): (usize, &Persistent)| {
        let values = state.download(device, i)?.iter().map(|x| x.to_f64() as f32).collect();
        Ok(Tensor { name: p.name.clone(), rows: p.rows, columns: p.columns, values })
    };
    persistent.iter().enumerate().map(tensor).collect()
}

/// A mean in the making.
#[derive(Default)]
struct Mean {
    sum: f64,
    count: usize,
}

impl Mean {
    fn add(&mut self, values: impl Iterator<Item = f64>) {
        for value in values {
            self.sum += value;
            self.count += 1;
        }
    }

    fn value(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }
}

/// What the steps of one run share.
pub struct Runner<'a, D: Device> {
    device: &'a D,
    network: &'a Network,
    trained: &'a Trained,
    columns: Vec<(usize, Vec<D::Element>)>,
    rows: usize,
    seed: u64,
    streams: Streams,
    /// The outputs that say which share of the noise was accepted.
    accepted: Vec<usize>,
    /// The output that says what the samples of the hidden variables are worth.
    effective: Vec<usize>,
}

impl<'a, D: Device> Runner<'a, D> {
    pub fn new(
        device: &'a D,
        network: &'a Network,
        trained: &'a Trained,
        table: &Table,
        seed: u64,
    ) -> Result<Self, ExecError> {
        let column = |name: &str| {
            let column = table.column(name).ok_or_else(|| ExecError::Plan(format!("no column `{name}`")))?;
            Ok((column.width, column.values.iter().map(|x| D::Element::from_f64(*x)).collect()))
        };
        let program = &trained.program;
        let columns = program.data_names().map(column).collect::<Result<_, ExecError>>()?;
        let outputs = |begins: &str| {
            let all = program.plan().outputs.iter().enumerate();
            all.filter(|(_, (name, _))| name.starts_with(begins)).map(|(i, _)| i).collect()
        };
        let (accepted, effective) = (outputs(ACCEPTED), outputs(EFFECTIVE));
        let streams = Streams::new(seed);
        Ok(Runner { device, network, trained, columns, rows: table.rows(), seed, streams, accepted, effective })
    }

    /// All epochs, one after the other, without a look in between.
    pub fn epochs(&self, state: &mut State<D::Buffer>, mut tick: impl FnMut(usize)) -> Result<(), ExecError> {
        (1..=self.network.epochs).take_while(|_| !stop::is_requested()).try_for_each(|epoch| {
            tick(epoch);
            self.epoch(state, epoch).map(drop)
        })
    }

    /// All batches of one epoch.
    fn epoch(&self, state: &mut State<D::Buffer>, epoch: usize) -> Result<Told, ExecError> {
        self.epoch_with(run::<D>, state, epoch)
    }

    fn epoch_with(&self, run: Run<D>, state: &mut State<D::Buffer>, epoch: usize) -> Result<Told, ExecError> {
        let order = epoch_order(self.seed, epoch as u64, self.rows);
        let batches_before = (epoch as u64 - 1) * self.batches() as u64;
        let (mut accepted, mut effective) = (Mean::default(), Mean::default());
        for (i, rows) in batches(&order, self.network.batch).enumerate().take_while(|_| !stop::is_requested()) {
            let step = batches_before + i as u64 + 1;
            let outputs =
                self.step(run, state, StepAt { epoch, step, rows: rows.len(), data_rows: self.rows }, rows)?;
            for (mean, list) in [(&mut accepted, &self.accepted), (&mut effective, &self.effective)] {
                for at in list {
                    mean.add(self.device.download(&outputs[*at])?.iter().map(|x| x.to_f64()));
                }
            }
        }
        Ok(Told { accepted: accepted.value(), effective: effective.value() })
    }

    /// How many batches an epoch has.
    pub fn batches(&self) -> usize {
        self.rows.div_ceil(self.network.batch)
    }

    /// The step of one batch of an epoch, whatever came before it.
    pub fn lone_step(&self, state: &mut State<D::Buffer>, epoch: usize, batch: usize) -> Result<(), ExecError> {
        let order = epoch_order(self.seed, epoch as u64, self.rows);
        let Some(rows) = batches(&order, self.network.batch).nth(batch) else { return Ok(()) };
        // The optimiser counts on from where it was kept.
        let step = ((epoch - 1) * self.batches()) as u64 + 1;
        let at = StepAt { epoch, step, rows: rows.len(), data_rows: self.rows };
        self.step(run::<D>, state, at, rows).map(drop)
    }

    fn step(
        &self,
        run: Run<D>,
        state: &mut State<D::Buffer>,
        at: StepAt,
        rows: &[usize],
    ) -> Result<Vec<D::Buffer>, ExecError> {
        let feed = |(width, values): &(usize, Vec<D::Element>)| {
            let mut batch = vec![];
            gather(values, *width, rows, &mut batch);
            Feed::Values(batch)
        };
        let feeds = self.columns.iter().map(feed).collect();
        let slots = self.trained.slots(at);
        // The epoch names the random numbers, so an example's noise does not depend on the batch it fell into.
        let call = Call { rows, step: at.epoch as u64, streams: &self.streams, feeds, slots: &slots };
        run(self.device, &self.trained.program, state, call)
    }

    /// Replays an epoch from its beginning, looking at every value, for the expression that broke it.
    fn find_break(&self, mut state: State<D::Buffer>, epoch: usize) -> Result<Option<Origin>, ExecError> {
        if epoch == 0 {
            return Ok(None);
        }
        broken_at(&self.trained.program, self.epoch_with(run_checked::<D>, &mut state, epoch))
    }
}
