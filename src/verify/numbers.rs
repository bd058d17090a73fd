//! A model with numbers: its parameters, a few examples, and its plans run on them.

use crate::data::{Column, Table, gather};
use crate::exec::{Call, Device, Element, ExecError, Feed, Program, Reference, State, Streams, run, run_checked};
use crate::model::{EStep, Model};
use crate::plan::network::{LOG_LIKELIHOOD, evaluation, gradients};
use crate::sample::Random;
use crate::train::evaluate::{Run, broken_at};

/// One list of numbers for each parameter, in the model's order.
pub type Lists = Vec<Vec<f64>>;

/// Everything that a plan of the model needs.
pub struct Numbers<'m> {
    pub model: &'m Model,
    /// In raw coordinates.
    pub parameters: Lists,
    pub examples: Table,
}

impl Numbers<'_> {
    /// `step` names the random numbers of a run.
    pub fn at(&self, step: u64) -> At<'_> {
        At { parameters: &self.parameters, examples: &self.examples, rows: self.examples.rows(), step }
    }

    /// The gradient of every parameter, summed over the examples.
    pub fn gradient(&self, estep: EStep) -> Result<Lists, ExecError> {
        outputs(&Reference, &Program::new(gradients(self.model, estep))?, &self.at(0))
    }

    /// An output of the evaluation with the hidden variables at their means, row after row; `None` where there is none.
    pub fn evaluated(&self, output: &str) -> Result<Option<Vec<f64>>, ExecError> {
        let program = Program::new(evaluation(self.model, EStep::MeanField))?;
        let Some(at) = program.output(output) else { return Ok(None) };
        let values = outputs(&Reference, &program, &self.at(0))?.swap_remove(at);
        let (rows, _) = program.shape(program.plan().outputs[at].1, self.examples.rows());
        // What no example enters is one row for all.
        Ok(Some(values.repeat(self.examples.rows() / rows)))
    }

    /// The expression that makes the first number of the log-likelihood that is not finite.
    pub fn broken(&self) -> Result<Option<String>, ExecError> {
        let program = Program::new(evaluation(self.model, EStep::MeanField))?;
        let looked = outputs_with(run_checked, &Reference, &program, &self.at(0));
        Ok(broken_at(&program, looked)?.map(|origin| origin.text))
    }

    /// The same parameters on the first examples.
    pub fn first(&self, rows: usize) -> Self {
        let rows = Vec::from_iter(0..rows.min(self.examples.rows()));
        Numbers { model: self.model, parameters: self.parameters.clone(), examples: rows_of(&self.examples, &rows) }
    }
}

/// What random numbers are for: each use has a stream of its own.
#[derive(Clone, Copy)]
pub enum Use {
    Point,
    Examples,
    Directions,
    Units,
    Noise,
}

pub fn random(what: Use, seed: u64) -> Random {
    Random::new(seed, FIRST_SOURCE + what as u32)
}

/// Apart from the streams of other commands.
const FIRST_SOURCE: u32 = 1 << 20;

/// These rows of a table.
pub fn rows_of(table: &Table, rows: &[usize]) -> Table {
    let column = |column: &Column| {
        let mut values = vec![];
        gather(&column.values, column.width, rows, &mut values);
        Column { values, ..column.clone() }
    };
    Table { columns: table.columns.iter().map(column).collect() }
}

/// What a run of a program is given.
pub struct At<'a> {
    pub parameters: &'a Lists,
    pub examples: &'a Table,
    pub rows: usize,
    /// Names the random numbers.
    pub step: u64,
}

pub fn outputs<D: Device>(device: &D, program: &Program, at: &At) -> Result<Lists, ExecError> {
    outputs_with(run::<D>, device, program, at)
}

fn outputs_with<D: Device>(run: Run<D>, device: &D, program: &Program, at: &At) -> Result<Lists, ExecError> {
    let elements = |values: &[f64]| values.iter().map(|x| D::Element::from_f64(*x)).collect::<Vec<_>>();
    let values = at.parameters.iter().map(|p| elements(p)).collect();
    let mut state = State::new(device, &program.plan().persistent, values)?;
    let missing = |name: &str| ExecError::Plan(format!("there is no column `{name}`"));
    let column = |name: &str| at.examples.column(name).ok_or_else(|| missing(name));
    let feeds = program.data_names().map(|name| Ok(Feed::Values(elements(&column(name)?.values))));
    let feeds = feeds.collect::<Result<Vec<_>, ExecError>>()?;
    let (rows, slots) = (Vec::from_iter(0..at.rows), vec![at.rows as f64; program.plan().slots.len()]);
    let call = Call { rows: &rows, step: at.step, streams: &Streams::new(SEED), feeds, slots: &slots };
    let results = run(device, program, &mut state, call)?;
    let numbers = |buffer| Ok(device.download(buffer)?.iter().map(|x| x.to_f64()).collect());
    results.iter().map(numbers).collect()
}

const SEED: u64 = 1;

/// ln p(observed | inputs), summed over the examples, as a function of the parameters.
pub struct LogLikelihood<'n> {
    program: Program,
    at: usize,
    numbers: &'n Numbers<'n>,
}

impl<'n> LogLikelihood<'n> {
    pub fn new(numbers: &'n Numbers<'n>, estep: EStep) -> Result<Self, ExecError> {
        let program = Program::new(evaluation(numbers.model, estep))?;
        let at = program.output(LOG_LIKELIHOOD).unwrap_or_default();
        Ok(LogLikelihood { program, at, numbers })
    }

    pub fn at(&self, parameters: &Lists) -> Result<f64, ExecError> {
        let values = &outputs(&Reference, &self.program, &At { parameters, ..self.numbers.at(0) })?[self.at];
        // What no example enters is one row for all.
        Ok(values.iter().sum::<f64>() * (self.numbers.examples.rows() / values.len()) as f64)
    }
}
