//! Recall: blocks of units take their answers in turn until nothing changes.

use super::network::device_failed;
use crate::data::{Column, Table};
use crate::diag::Problems;
use crate::exec::{Call, Device, Element, ExecError, Feed, Program, Purpose, State, Streams, run};
use crate::model::{Energy, Model, Node, Support};
use crate::plan::energy::{ENERGY, answer_output, recall};
use crate::plan::{Fill, FillKind};

/// A group of units.
#[derive(Clone, Debug)]
pub struct Units {
    pub name: String,
    pub support: Support,
    pub width: usize,
}

/// Which units of a block take their answers in a sweep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Update {
    Synchronous,
    /// Each with this chance; the classes of a `one_hot` group together.
    Subset(f64),
}

pub struct Recall {
    /// One a block.
    pub blocks: Vec<Program>,
    pub units: Vec<Units>,
    update: Update,
    /// The most sweeps.
    most: usize,
    streams: Streams,
}

/// Where recall led.
#[derive(Clone, Debug)]
pub struct Recalled {
    /// The values of every group, and of the inputs.
    pub values: Table,
    /// After how many sweeps each probe was at a fixed point; `None` where it was not within the most.
    pub settled: Vec<Option<usize>>,
    /// The mean energy of the probes, at the start and after each sweep.
    pub trace: Vec<f64>,
    /// That of each probe, as it was last asked for.
    energies: Vec<f64>,
    /// The largest rise of a probe's energy in one update of a block; 0 where none rose.
    pub rise: f64,
}

/// How much of its size a real unit may still move at a fixed point.
const STILL: f64 = 1e-9;

impl Recall {
    /// Recall in at most so many sweeps.
    pub fn new(model: &Model, energy: Energy, (update, most): (Update, usize), seed: u64) -> Result<Recall, Problems> {
        let programs = recall(model, energy)?.into_iter().map(Program::new).collect::<Result<_, _>>();
        let units =
            |(node, _): (&Node, bool)| Units { name: node.name.clone(), support: node.support, width: node.shape.1 };
        Ok(Recall {
            blocks: programs.map_err(|e| device_failed(&e, model.span))?,
            units: model.units().map(units).collect(),
            update,
            most,
            streams: Streams::new(seed),
        })
    }

    /// Recall from `probes`, which has the columns of the inputs and of some groups. What it lacks starts at 0, where it says
    /// nothing to the others, and then takes its answer to what is given.
    pub fn from<D: Device>(
        &self,
        device: &D,
        state: &mut State<D::Buffer>,
        probes: &Table,
    ) -> Result<Recalled, ExecError> {
        let (mut values, rows) = (probes.clone(), probes.rows());
        let missing: Vec<&Units> = self.units.iter().filter(|u| probes.column(&u.name).is_none()).collect();
        let blank = |u: &&Units| Column { name: u.name.clone(), width: u.width, values: vec![0.0; rows * u.width] };
        values.columns.extend(missing.iter().map(blank));
        for block in &self.blocks {
            let Answers { columns, .. } = self.ask(device, block, state, &values)?;
            columns.into_iter().filter(|c| probes.column(&c.name).is_none()).for_each(|c| replace(&mut values, c));
        }
        missing.iter().for_each(|units| decide(units, &mut values));
        self.settle(device, state, values)
    }

    fn settle<D: Device>(
        &self,
        device: &D,
        state: &mut State<D::Buffer>,
        values: Table,
    ) -> Result<Recalled, ExecError> {
        let settled = vec![None; values.rows()];
        let mut at = Recalled { values, settled, trace: vec![], energies: vec![], rise: 0.0 };
        for sweep in 0..=self.most {
            let moving = self.sweep(device, state, &mut at, sweep)?;
            at.note_settled(&moving, sweep);
            if at.settled.iter().all(Option::is_some) {
                break;
            }
        }
        Ok(at)
    }

    /// Which probes have a unit that would not stay as it is. After the last sweep they are only looked at.
    fn sweep<D: Device>(
        &self,
        device: &D,
        state: &mut State<D::Buffer>,
        at: &mut Recalled,
        sweep: usize,
    ) -> Result<Vec<bool>, ExecError> {
        let mut moving = vec![false; at.values.rows()];
        for (i, block) in self.blocks.iter().enumerate() {
            let Answers { energies, columns } = self.ask(device, block, state, &at.values)?;
            at.note_energies(energies, i == 0);
            for answers in columns {
                note_moving(&at.values, &answers, &mut moving);
                if sweep < self.most {
                    self.take(&mut at.values, answers, sweep);
                }
            }
        }
        Ok(moving)
    }

    fn ask<D: Device>(
        &self,
        device: &D,
        block: &Program,
        state: &mut State<D::Buffer>,
        values: &Table,
    ) -> Result<Answers, ExecError> {
        let feed = |name: &str| {
            let column = values.column(name).ok_or_else(|| ExecError::Plan(format!("no column `{name}`")))?;
            Ok(Feed::Values(column.values.iter().map(|x| D::Element::from_f64(*x)).collect()))
        };
        let feeds = block.data_names().map(feed).collect::<Result<_, ExecError>>()?;
        let (rows, slots) = (Vec::from_iter(0..values.rows()), vec![]);
        let call = Call { rows: &rows, step: 0, streams: &self.streams, feeds, slots: &slots };
        let outputs = run(device, block, state, call)?;
        // What no probe enters is one row for all.
        let all = |name: &str| -> Result<Option<Vec<f64>>, ExecError> {
            let Some(at) = block.output(name) else { return Ok(None) };
            let (made, numbers) = (device.shape(&outputs[at]).0, device.download(&outputs[at])?);
            let numbers: Vec<f64> = numbers.iter().map(|x| x.to_f64()).collect();
            Ok(Some(numbers.repeat(rows.len() / made)))
        };
        let mut columns = vec![];
        for Units { name, width, .. } in &self.units {
            let answers = all(&answer_output(name))?;
            columns.extend(answers.map(|values| Column { name: name.clone(), width: *width, values }));
        }
        Ok(Answers { energies: all(ENERGY)?.unwrap_or_default(), columns })
    }

    /// Gives the answers to all units, or to those that are drawn.
    fn take(&self, values: &mut Table, answers: Column, sweep: usize) {
        let Update::Subset(share) = self.update else { return replace(values, answers) };
        let Some(source) = self.units.iter().position(|u| u.name == answers.name) else { return };
        let together = self.units[source].support == Support::OneHot;
        let draws = if together { 1 } else { answers.width };
        let chosen = self.uniform((source, sweep as u64 + 1), values.rows(), draws);
        let Some(present) = values.columns.iter_mut().find(|c| c.name == answers.name) else { return };
        for (i, (old, new)) in present.values.iter_mut().zip(&answers.values).enumerate() {
            if chosen[if together { i / answers.width } else { i }] < share {
                *old = *new;
            }
        }
    }

    fn uniform(&self, (source, step): (usize, u64), rows: usize, width: usize) -> Vec<f64> {
        let fill = Fill { kind: FillKind::StandardUniform, source: source as u32, coarse: false };
        let mut numbers = vec![];
        self.streams.fill(Purpose::Sample, &fill, step, &Vec::from_iter(0..rows), width, &mut numbers);
        numbers
    }

    /// Sets this share of the units of a group to their other state, or of the groups of classes to another class, at random.
    pub fn flip(&self, column: &mut Column, share: f64) {
        let Some(source) = self.units.iter().position(|u| u.name == column.name) else { return };
        let (support, rows, width) = (self.units[source].support, column.rows(), column.width);
        if support == Support::OneHot {
            let draws = self.uniform((source, 0), rows, 2);
            let flipped = column.values.chunks_mut(width).zip(draws.chunks(2)).filter(|(_, draw)| draw[0] < share);
            // Another class, each with the same chance.
            flipped.for_each(|(row, draw)| row.rotate_right(1 + (draw[1] * (width - 1) as f64) as usize));
            return;
        }
        let draws = self.uniform((source, 0), rows, width);
        for (x, _) in column.values.iter_mut().zip(draws).filter(|(_, draw)| *draw < share) {
            *x = if support == Support::Bipolar { -*x } else { 1.0 - *x };
        }
    }
}

/// What a block says of the present values.
struct Answers {
    energies: Vec<f64>,
    columns: Vec<Column>,
}

/// Marks the probes of which a unit would not stay as it is.
fn note_moving(values: &Table, answers: &Column, moving: &mut [bool]) {
    let Some(present) = values.column(&answers.name) else { return };
    let pairs = present.values.chunks(answers.width).zip(answers.values.chunks(answers.width));
    for (moves, (old, new)) in moving.iter_mut().zip(pairs) {
        *moves |= !old.iter().zip(new).all(|(old, new)| (old - new).abs() <= STILL * (1.0 + old.abs()));
    }
}

fn replace(values: &mut Table, column: Column) {
    values.columns.retain(|c| c.name != column.name);
    values.columns.push(column);
}

/// A bipolar unit that nothing has told anything is still at 0, which is no state of it.
fn decide(units: &Units, values: &mut Table) {
    let undecided = values.columns.iter_mut().filter(|c| c.name == units.name && units.support == Support::Bipolar);
    undecided.flat_map(|c| &mut c.values).filter(|x| **x == 0.0).for_each(|x| *x = -1.0);
}

impl Recalled {
    fn note_energies(&mut self, energies: Vec<f64>, begins: bool) {
        let rises = self.energies.iter().zip(&energies).map(|(before, after)| after - before);
        self.rise = rises.fold(self.rise, f64::max);
        if begins {
            self.trace.push(energies.iter().sum::<f64>() / energies.len() as f64);
        }
        self.energies = energies;
    }

    fn note_settled(&mut self, moving: &[bool], sweep: usize) {
        let still = self.settled.iter_mut().zip(moving).filter(|(settled, moves)| settled.is_none() && !**moves);
        still.for_each(|(settled, _)| *settled = Some(sweep));
    }
}
