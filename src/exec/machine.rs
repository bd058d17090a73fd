//! The loop that runs a program: fills the buffers, runs the instructions, keeps the parameters.

use super::device::{Device, Element, ExecError, Operand};
use super::program::{Program, Step};
use super::random::{Purpose, Streams};
use super::state::State;
use crate::plan::{BufferId, Instr, Role, Rows};

/// The values of one data buffer.
#[derive(Debug, Clone)]
pub enum Feed<E, B> {
    /// Row after row, to be uploaded.
    Values(Vec<E>),
    /// On the device already.
    Buffer(B),
}

/// Everything that changes from run to run, but for the state.
#[derive(Debug, Clone)]
pub struct Call<'a, E, B> {
    /// One an example: its number in its data set. It names the example's random numbers.
    pub rows: &'a [usize],
    /// The step of training: every step has its own random numbers.
    pub step: u64,
    pub streams: &'a Streams,
    /// One a data buffer, in the order of `Program::data`.
    pub feeds: Vec<Feed<E, B>>,
    /// One a slot, in the order of `Plan::slots`.
    pub slots: &'a [f64],
}

type CallOn<'a, D> = Call<'a, <D as Device>::Element, <D as Device>::Buffer>;

/// Runs a program once. The results are in the order of `Plan::outputs`; the state is changed in place.
///
/// Fails without having touched the state when the call does not fit the program. When the device fails halfway, the
/// parameter it was changing is lost, and reading it says so.
pub fn run<D: Device>(
    device: &D,
    program: &Program,
    state: &mut State<D::Buffer>,
    call: CallOn<D>,
) -> Result<Vec<D::Buffer>, ExecError> {
    execute(device, program, state, call, |_, _| Ok(()))
}

/// Like `run`, but stops at the first instruction whose output is not finite though its inputs were, with the index
/// of its origin. Slow: it reads every value back. Meant to replay, on a clone of the state, a step that went wrong.
pub fn run_checked<D: Device>(
    device: &D,
    program: &Program,
    state: &mut State<D::Buffer>,
    call: CallOn<D>,
) -> Result<Vec<D::Buffer>, ExecError> {
    let finite = |buffer: &D::Buffer| Ok(device.download(buffer)?.iter().all(|x| x.to_f64().is_finite()));
    execute(device, program, state, call, |values, made| match made {
        Some(instr) if finite(present(values, instr.output)?)? => Ok(()),
        Some(instr) => Err(ExecError::NonFinite { origin: instr.origin }),
        None => (0..).map(BufferId).zip(values).try_for_each(|(id, value)| match value {
            Some(buffer) if !finite(buffer)? => Err(ExecError::NonFiniteInput(program.name(id).to_string())),
            _ => Ok(()),
        }),
    })
}

/// The value of every buffer, where it has one.
type Values<B> = [Option<B>];

/// `watch` sees the values before the first instruction (`None`) and after each one.
fn execute<D: Device>(
    device: &D,
    program: &Program,
    state: &mut State<D::Buffer>,
    call: CallOn<D>,
    watch: impl Fn(&Values<D::Buffer>, Option<&Instr>) -> Result<(), ExecError>,
) -> Result<Vec<D::Buffer>, ExecError> {
    check(program, state, &call)?;
    let (rows, slots) = (call.rows.len(), call.slots);
    let mut values = prepare(device, program, call)?;
    exchange(program, state, &mut values);
    let results = watch(&values, None).and_then(|()| {
        for (instr, step) in program.plan().instrs.iter().zip(&program.steps) {
            let inputs = gather(&mut values, instr, step)?;
            let made = device.run(&instr.op, slots, inputs, program.shape(instr.output, rows))?;
            values[instr.output.0 as usize] = Some(made);
            watch(&values, Some(instr))?;
            step.dead.iter().for_each(|id| values[id.0 as usize] = None);
        }
        program.plan().outputs.iter().map(|(_, id)| present(&values, *id).cloned()).collect()
    });
    exchange(program, state, &mut values);
    results
}

fn check<E, B: Clone>(program: &Program, state: &State<B>, call: &Call<E, B>) -> Result<(), ExecError> {
    let count = |what, expected, found| match expected == found {
        true => Ok(()),
        false => Err(ExecError::Count { what, expected, found }),
    };
    count("slots", program.plan().slots.len(), call.slots.len())?;
    count("feeds", program.data().len(), call.feeds.len())?;
    if call.rows.is_empty() {
        return Err(ExecError::Count { what: "examples", expected: 1, found: 0 });
    }
    state.check(&program.plan().persistent)
}

/// The values that are there before the first instruction, but for the persistents.
fn prepare<D: Device>(device: &D, program: &Program, call: CallOn<D>) -> Result<Vec<Option<D::Buffer>>, ExecError> {
    let mut values: Vec<Option<D::Buffer>> = vec![None; program.plan().buffers.len()];
    for id in program.random() {
        values[id.0 as usize] = Some(draw(device, program, &call, *id)?);
    }
    for (value, buffer) in values.iter_mut().zip(&program.plan().buffers) {
        if let (Role::Table(numbers), Rows::Fixed(rows)) = (&buffer.role, buffer.rows) {
            let numbers = numbers.iter().map(|x| D::Element::from_f64(*x)).collect();
            *value = Some(device.upload(rows, buffer.columns, numbers)?);
        }
    }
    for (id, feed) in program.data().iter().zip(call.feeds) {
        let expected = program.shape(*id, call.rows.len());
        let buffer = match feed {
            Feed::Values(data) => device.upload(expected.0, expected.1, data)?,
            Feed::Buffer(buffer) => buffer,
        };
        let found = device.shape(&buffer);
        if found != expected {
            return Err(ExecError::Shape { what: format!("the data `{}`", program.name(*id)), expected, found });
        }
        values[id.0 as usize] = Some(buffer);
    }
    Ok(values)
}

fn draw<D: Device>(device: &D, program: &Program, call: &CallOn<D>, id: BufferId) -> Result<D::Buffer, ExecError> {
    let buffer = &program.plan().buffers[id.0 as usize];
    let Role::Random(fill) = &buffer.role else { return Err(ExecError::Plan("a random buffer has no fill".into())) };
    let (rows, columns) = program.shape(id, call.rows.len());
    let mut numbers = Vec::with_capacity(rows * columns);
    match buffer.rows {
        Rows::Batch => call.streams.fill(Purpose::Fill, fill, call.step, call.rows, columns, &mut numbers),
        Rows::Samples(m) => call.streams.fill(Purpose::Hidden, fill, call.step, call.rows, m * columns, &mut numbers),
        // The first example of the batch names them, so that no two batches of a step share any.
        Rows::Fixed(rows) => {
            let first = call.rows[0] * rows;
            let rows = Vec::from_iter(first..first + rows);
            call.streams.fill(Purpose::Fill, fill, call.step, &rows, columns, &mut numbers)
        }
    }
    device.upload(rows, columns, numbers)
}

/// Swaps the plan's persistents between the state and the values: once to lend them, once to give them back.
fn exchange<B: Clone>(program: &Program, state: &mut State<B>, values: &mut Values<B>) {
    for (value, buffer) in values.iter_mut().zip(&program.plan().buffers) {
        if let Role::Persistent(index) = buffer.role {
            std::mem::swap(value, &mut state.buffers[index]);
        }
    }
}

/// The operands of one instruction, those used for the last time taken out of `values`.
fn gather<'a, B>(values: &'a mut Values<B>, instr: &Instr, step: &Step) -> Result<Vec<Operand<'a, B>>, ExecError> {
    let take = |(id, owned): (&BufferId, &bool)| owned.then(|| values[id.0 as usize].take()).flatten();
    let taken: Vec<Option<B>> = instr.inputs.iter().zip(&step.owned).map(take).collect();
    let operand = |(id, taken): (&BufferId, Option<B>)| match taken {
        Some(buffer) => Ok(Operand::Owned(buffer)),
        None => present(values, *id).map(Operand::Borrowed),
    };
    instr.inputs.iter().zip(taken).map(operand).collect()
}

fn present<B>(values: &Values<B>, id: BufferId) -> Result<&B, ExecError> {
    values[id.0 as usize].as_ref().ok_or_else(|| ExecError::Plan(format!("buffer {} has no value", id.0)))
}
