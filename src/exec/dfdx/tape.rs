//! Gradients by dfdx's own tape: the forward instructions of a plan run on dfdx tensors that record what is done to them,
//! and are then gone through backwards. An oracle in f32, which shares nothing with the gradients that nem derives.
//!
//! One tape goes from instruction to instruction, in the first operand. What dfdx would do by views (repeating rows and
//! columns, taking some of them) is done by products with ones and zeros: a view has the name of what it looks at, and
//! dfdx keeps gradients by name.

use ::dfdx::shapes::{Axes2, Axis, HasShape, Rank0};
use ::dfdx::tensor::{Cpu, CpuError, OwnedTape, PutTape, SplitTape, Tensor, TensorFromVec};
use ::dfdx::tensor_ops::{
    Backward, LogSumExpTo, PermuteTo, ReshapeTo, SumTo, TryAdd, TryDiv, TryMatMul, TryMul, TrySub,
};

use super::{Dfdx, Matrix, failed, ops};
use crate::exec::device::{Device, ExecError, Operand, number};
use crate::exec::program::Program;
use crate::plan::{Binary, BufferId, Instr, Op, Role, Rows, Unary};

type Tape = OwnedTape<f32, Cpu>;
type Taped = Tensor<(usize, usize), f32, Cpu, Tape>;
type Made = Result<Taped, CpuError>;

/// The gradient of an output, summed over its elements, for each parameter.
pub enum ByTape {
    Gradients(Vec<Vec<f64>>),
    /// dfdx cannot record this instruction.
    Untaped(Op),
}

/// What a run by tape is given: as [`super::super::Call`], without anything random.
pub struct Given<'a> {
    pub rows: usize,
    pub parameters: &'a [Vec<f64>],
    pub data: &'a dyn Fn(&str) -> Option<Vec<f64>>,
}

/// Runs the instructions that an output needs.
pub fn by_tape(program: &Program, output: BufferId, given: &Given) -> Result<ByTape, ExecError> {
    let needed = needed(program, output);
    let mut forward = Forward::new(program, given)?;
    for instr in program.plan().instrs.iter().zip(&needed).filter(|(_, needed)| **needed).map(|(i, _)| i) {
        if !forward.instruction(instr)? {
            return Ok(ByTape::Untaped(instr.op));
        }
    }
    forward.backward(output).map(ByTape::Gradients)
}

fn needed(program: &Program, output: BufferId) -> Vec<bool> {
    let plan = program.plan();
    let mut wanted = vec![false; plan.buffers.len()];
    wanted[output.0 as usize] = true;
    let backwards = plan.instrs.iter().rev().map(|instr| {
        let needed = wanted[instr.output.0 as usize];
        instr.inputs.iter().for_each(|id| wanted[id.0 as usize] |= needed);
        needed
    });
    let mut needed: Vec<bool> = backwards.collect();
    needed.reverse();
    needed
}

/// A run so far.
struct Forward<'a> {
    program: &'a Program,
    device: Dfdx<Cpu>,
    rows: usize,
    values: Vec<Option<Matrix<Cpu>>>,
    /// Whether a value depends on a parameter.
    depends: Vec<bool>,
    tape: Tape,
}

impl<'a> Forward<'a> {
    fn new(program: &'a Program, given: &Given) -> Result<Self, ExecError> {
        let device = Dfdx::cpu();
        let buffers = &program.plan().buffers;
        let mut values = vec![];
        for (id, buffer) in (0..).map(BufferId).zip(buffers) {
            let numbers = match &buffer.role {
                Role::Persistent(index) => given.parameters.get(*index).cloned(),
                Role::Data(name) => (given.data)(name),
                Role::Table(numbers) => Some(numbers.clone()),
                Role::Random(_) | Role::Temporary => None,
            };
            let (rows, columns) = program.shape(id, given.rows);
            let upload = |numbers: Vec<f64>| device.upload(rows, columns, numbers.iter().map(|x| *x as f32).collect());
            values.push(numbers.map(upload).transpose()?);
        }
        let depends = buffers.iter().map(|b| matches!(b.role, Role::Persistent(_))).collect();
        Ok(Forward { program, device, rows: given.rows, values, depends, tape: Tape::default() })
    }

    /// False where dfdx cannot record it.
    fn instruction(&mut self, instr: &Instr) -> Result<bool, ExecError> {
        let inputs = instr.inputs.iter().map(|id| self.value(*id)).collect::<Result<Vec<_>, _>>()?;
        let output = self.program.shape(instr.output, self.rows);
        let depends = instr.inputs.iter().any(|id| self.depends[id.0 as usize]);
        let made = match depends {
            false => self.device.run(&instr.op, &[], inputs.into_iter().map(Operand::Owned).collect(), output)?,
            true => {
                let Some(made) = taped(&instr.op, inputs, output, std::mem::take(&mut self.tape)) else {
                    return Ok(false);
                };
                let (made, tape) = made.map_err(failed)?.split_tape();
                self.tape = tape;
                made
            }
        };
        self.depends[instr.output.0 as usize] = depends;
        self.values[instr.output.0 as usize] = Some(made);
        Ok(true)
    }

    fn value(&self, id: BufferId) -> Result<Matrix<Cpu>, ExecError> {
        let missing = || ExecError::Plan(format!("buffer {} has no value by tape", id.0));
        self.values[id.0 as usize].clone().ok_or_else(missing)
    }

    fn backward(mut self, output: BufferId) -> Result<Vec<Vec<f64>>, ExecError> {
        let result = self.value(output)?;
        // What no example enters is one row for all.
        let share = match self.program.plan().buffers[output.0 as usize].rows {
            Rows::Fixed(rows) => (self.rows / rows) as f64,
            Rows::Batch | Rows::Samples(_) => 1.0,
        };
        let total = result.put_tape(std::mem::take(&mut self.tape)).try_sum::<Rank0, _>().map_err(failed)?;
        let mut gradients = total.try_backward().map_err(failed)?;
        let roles = self.program.plan().buffers.iter().enumerate();
        let parameters = roles.filter(|(_, b)| matches!(b.role, Role::Persistent(_))).map(|(i, _)| BufferId(i as u32));
        let gradient = |id: BufferId| {
            let parameter = self.value(id)?;
            gradients.get_or_alloc_mut(&parameter).map_err(failed)?;
            Ok(gradients.get(&parameter).as_vec().iter().map(|x| share * f64::from(*x)).collect())
        };
        parameters.map(gradient).collect()
    }
}

/// The instruction on a tape; `None` where dfdx has none.
fn taped(op: &Op, inputs: Vec<Matrix<Cpu>>, output: (usize, usize), tape: Tape) -> Option<Made> {
    let number = |scalar| number(scalar, &[]) as f32;
    let mut inputs = inputs.into_iter();
    let first = inputs.next()?;
    let (rows, columns) = *first.shape();
    let x = first.clone().put_tape(tape);
    Some(match *op {
        Op::Unary(op) => unary(op, x),
        Op::Scale(s) => x.try_mul(number(s)),
        Op::Shift(s) => x.try_add(number(s)),
        Op::Power(exponent) => x.try_powf(exponent),
        Op::SumColumns => columns_by(x, 1, |_, _| true),
        Op::SumRows => rows_by(x, 1, |_, _| true),
        Op::Softmax => x.try_softmax::<Axis<1>>(),
        Op::LogSumExp => x.try_logsumexp::<(usize,), Axis<1>>().and_then(|x| x.try_reshape_like(&(rows, 1))),
        Op::MatMul { transpose } => product(x, inputs.next()?, transpose),
        Op::Binary(op) => binary(op, x, inputs.next()?, output),
        Op::Repeat(m) => rows_by(x, output.0, |to, from| to / m == from),
        Op::Tile => rows_by(x, output.0, |to, from| to % rows == from),
        Op::SumSamples => rows_by(x, output.0, |to, from| from / (rows / output.0) == to),
        Op::Flatten | Op::Unflatten(_) => x.try_mul(1.0).and_then(|x| x.try_reshape_like(&output)),
        Op::Slice(skipped) => columns_by(x, output.1, |from, to| from == skipped + to),
        // Times 1, so that the copy has a name of its own.
        Op::Transpose => x.try_mul(1.0).and_then(|x| flip(x, true)).and_then(|x| x.try_reshape_like(&output)),
        Op::Concat => side_by_side(x, columns, inputs, output),
        Op::Fill(_) | Op::Special(_) | Op::Inverse | Op::LnDet | Op::Blend { .. } => return None,
    })
}

fn unary(op: Unary, x: Taped) -> Made {
    match op {
        Unary::Negate => x.try_negate(),
        Unary::Exp => x.try_exp(),
        Unary::Ln => x.try_ln(),
        Unary::Sqrt => x.try_sqrt(),
        Unary::Square => x.try_square(),
        Unary::Reciprocal => x.try_recip(),
        Unary::Abs => x.try_abs(),
        Unary::Relu => x.try_relu(),
        Unary::Sin => x.try_sin(),
        Unary::Cos => x.try_cos(),
        Unary::Tanh => x.try_tanh(),
        Unary::Logistic => x.try_sigmoid(),
        Unary::Softplus => softplus(x),
        // The slope is 0 wherever there is one: nothing is recorded.
        Unary::Sign | Unary::Step => {
            let (x, tape) = x.split_tape();
            ops::unary(op, x).map(|made| made.put_tape(tape))
        }
    }
}

/// max(x, 0) + ln(1 + e^−|x|)
fn softplus(x: Taped) -> Made {
    let (x, tape) = x.split_tape();
    let tail = x.clone().put_tape(tape).try_abs()?.try_negate()?.try_exp()?.try_add(1.0)?.try_ln()?;
    let (tail, tape) = tail.split_tape();
    x.put_tape(tape).try_relu()?.try_add(tail)
}

fn binary(op: Binary, x: Taped, y: Matrix<Cpu>, output: (usize, usize)) -> Made {
    let (x, tape) = filled(x, output)?.split_tape();
    // An operand by another name, for both may be the same value.
    let (y, tape) = filled(y.put_tape(tape).try_mul(1.0)?, output)?.split_tape();
    let x = x.put_tape(tape);
    match op {
        Binary::Add => x.try_add(y),
        Binary::Subtract => x.try_sub(y),
        Binary::Multiply => x.try_mul(y),
        Binary::Divide => x.try_div(y),
        Binary::Maximum => x.try_maximum(y),
        Binary::Minimum => x.try_minimum(y),
    }
}

/// Each row repeated down, a column repeated across.
fn filled(x: Taped, (rows, columns): (usize, usize)) -> Made {
    let (own_rows, own_columns) = *x.shape();
    let x = if own_rows < rows { rows_by(x, rows, |to, from| to * own_rows / rows == from)? } else { x };
    if own_columns < columns { columns_by(x, columns, |_, _| true) } else { Ok(x) }
}

fn product(x: Taped, y: Matrix<Cpu>, transpose: [bool; 2]) -> Made {
    let (x, tape) = flip(x, transpose[0])?.split_tape();
    let (y, tape) = flip(y.put_tape(tape).try_mul(1.0)?, transpose[1])?.split_tape();
    x.put_tape(tape).try_matmul(y)
}

fn flip(x: Taped, transpose: bool) -> Made {
    if transpose { x.try_permute::<(usize, usize), Axes2<1, 0>>() } else { Ok(x) }
}

/// Each row of the output is the sum of the rows that `takes(to, from)` says.
fn rows_by(x: Taped, output: usize, takes: impl Fn(usize, usize) -> bool) -> Made {
    let (x, tape) = x.split_tape();
    let choice = choice(&x, (output, x.shape().0), takes)?;
    choice.put_tape(tape).try_matmul(x)
}

/// Each column of the output is the sum of the columns that `takes(from, to)` says.
fn columns_by(x: Taped, output: usize, takes: impl Fn(usize, usize) -> bool) -> Made {
    let (x, tape) = x.split_tape();
    let choice = choice(&x, (x.shape().1, output), takes)?;
    x.put_tape(tape).try_matmul(choice)
}

/// A matrix of ones and zeros.
fn choice(
    like: &Matrix<Cpu>,
    (rows, columns): (usize, usize),
    is_one: impl Fn(usize, usize) -> bool,
) -> Result<Matrix<Cpu>, CpuError> {
    let numbers = (0..rows * columns).map(|i| f32::from(u8::from(is_one(i / columns, i % columns)))).collect();
    like.device().try_tensor_from_vec(numbers, (rows, columns))
}

/// Every part moved to its columns, and all of them added.
fn side_by_side(
    x: Taped,
    columns: usize,
    others: impl Iterator<Item = Matrix<Cpu>>,
    (rows, all): (usize, usize),
) -> Made {
    let mut sum = columns_by(filled(x, (rows, columns))?, all, |from, to| from == to)?;
    let mut before = columns;
    for part in others {
        let width = part.shape().1;
        let (left, tape) = sum.split_tape();
        let part = filled(part.put_tape(tape).try_mul(1.0)?, (rows, width))?;
        let (part, tape) = columns_by(part, all, |from, to| from + before == to)?.split_tape();
        sum = left.put_tape(tape).try_add(part)?;
        before += width;
    }
    Ok(sum)
}
