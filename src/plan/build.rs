//! Writes plans: hands out buffers and appends instructions.

use std::collections::HashMap;

use super::ir::*;
use crate::source::Span;
use crate::special::Special;

/// A plan in the making. Everything emitted carries the current origin.
#[derive(Default)]
pub struct Builder {
    pub plan: Plan,
    origin: usize,
    /// What one row an example was repeated to, so that it is done once.
    repeated: HashMap<(BufferId, usize), BufferId>,
}

impl Builder {
    /// What the next instructions compute.
    pub fn origin(&mut self, text: impl Into<String>, span: Option<Span>) {
        let origin = Origin { text: text.into(), span };
        self.origin = self.plan.origins.iter().position(|o| *o == origin).unwrap_or_else(|| {
            self.plan.origins.push(origin);
            self.plan.origins.len() - 1
        });
    }

    /// Names the part of the current origin that the instructions from number `first` on compute, as far as they have no
    /// nearer name already.
    pub fn name_part(&mut self, first: usize, part: &str) {
        let Some(Origin { text, span }) = self.plan.origins.get(self.origin).cloned() else { return };
        let (whole, named) = (self.origin, format!("{part} in {text}"));
        self.origin(named, span);
        let new = std::mem::replace(&mut self.origin, whole);
        for instr in self.plan.instrs[first..].iter_mut().filter(|i| i.origin == whole) {
            instr.origin = new;
        }
    }

    pub fn buffer(&mut self, rows: Rows, columns: usize, role: Role) -> BufferId {
        self.plan.buffers.push(Buffer { rows, columns, role });
        BufferId(self.plan.buffers.len() as u32 - 1)
    }

    /// A value that lives from run to run.
    pub fn persistent(&mut self, name: &str, rows: usize, columns: usize) -> BufferId {
        self.plan.persistent.push(Persistent { name: name.into(), rows, columns });
        self.buffer(Rows::Fixed(rows), columns, Role::Persistent(self.plan.persistent.len() - 1))
    }

    /// The slot of this name; made at its first use.
    pub fn slot(&mut self, name: &str) -> Scalar {
        let known = self.plan.slots.iter().position(|s| s == name);
        Scalar::Slot(known.unwrap_or_else(|| {
            self.plan.slots.push(name.into());
            self.plan.slots.len() - 1
        }))
    }

    pub fn shape(&self, id: BufferId) -> (Rows, usize) {
        let buffer = &self.plan.buffers[id.0 as usize];
        (buffer.rows, buffer.columns)
    }

    /// Appends an instruction whose result has this shape.
    pub fn emit(&mut self, op: Op, inputs: &[BufferId], (rows, columns): (Rows, usize)) -> BufferId {
        let output = self.buffer(rows, columns, Role::Temporary);
        self.emit_into(op, inputs, output);
        output
    }

    /// Appends an instruction that writes a buffer there is: a persistent one.
    pub fn emit_into(&mut self, op: Op, inputs: &[BufferId], output: BufferId) {
        if self.plan.origins.is_empty() {
            self.origin("", None);
        }
        self.plan.instrs.push(Instr { op, inputs: inputs.to_vec(), output, origin: self.origin });
    }

    pub fn unary(&mut self, f: Unary, x: BufferId) -> BufferId {
        self.emit(Op::Unary(f), &[x], self.shape(x))
    }

    pub fn scale(&mut self, x: BufferId, by: Scalar) -> BufferId {
        match by {
            Scalar::Constant(1.0) => x,
            Scalar::Constant(-1.0) => self.unary(Unary::Negate, x),
            _ => self.emit(Op::Scale(by), &[x], self.shape(x)),
        }
    }

    pub fn shift(&mut self, x: BufferId, by: f64) -> BufferId {
        self.emit(Op::Shift(Scalar::Constant(by)), &[x], self.shape(x))
    }

    pub fn binary(&mut self, f: Binary, a: BufferId, b: BufferId) -> BufferId {
        let ((rows_a, columns_a), (rows_b, columns_b)) = (self.shape(a), self.shape(b));
        self.emit(Op::Binary(f), &[a, b], (most(rows_a, rows_b), columns_a.max(columns_b)))
    }

    /// A special function of inputs of which those of one row are repeated down, and those of one column across.
    pub fn special(&mut self, f: Special, mut inputs: Vec<BufferId>) -> BufferId {
        let rows = self.align(&mut inputs);
        let columns = inputs.iter().map(|x| self.shape(*x).1).max().unwrap_or(1);
        self.emit(Op::Special(f), &inputs, (rows, columns))
    }

    /// Repeats what has one row an example where another input has one a sample. Returns the rows of all together.
    pub fn align(&mut self, inputs: &mut [BufferId]) -> Rows {
        let all = inputs.iter().map(|x| self.shape(*x).0);
        let rows = all.fold(Rows::Fixed(1), most);
        if let Rows::Samples(m) = rows {
            inputs.iter_mut().for_each(|x| *x = self.repeat(*x, m));
        }
        rows
    }

    /// One row a sample, of what may have one an example.
    pub fn repeat(&mut self, x: BufferId, m: usize) -> BufferId {
        let (Rows::Batch, columns) = self.shape(x) else { return x };
        if let Some(known) = self.repeated.get(&(x, m)) {
            return *known;
        }
        let repeated = self.emit(Op::Repeat(m), &[x], (Rows::Samples(m), columns));
        self.repeated.insert((x, m), repeated);
        repeated
    }

    /// One row an example: the sum over its samples.
    pub fn sum_samples(&mut self, x: BufferId) -> BufferId {
        let (_, columns) = self.shape(x);
        self.emit(Op::SumSamples, &[x], (Rows::Batch, columns))
    }

    /// The softmax over the samples of each example; log-weights have one column.
    pub fn normalised(&mut self, log_weights: BufferId, m: usize) -> BufferId {
        let side_by_side = self.emit(Op::Flatten, &[log_weights], (Rows::Batch, m));
        let weights = self.emit(Op::Softmax, &[side_by_side], (Rows::Batch, m));
        self.emit(Op::Unflatten(m), &[weights], (Rows::Samples(m), 1))
    }

    pub fn matmul(&mut self, a: BufferId, b: BufferId, transpose: [bool; 2]) -> BufferId {
        let size = |rows: Rows, columns: usize, flip: bool| {
            if flip { (Rows::Fixed(columns), rows) } else { (rows, Rows::Fixed(columns)) }
        };
        let ((rows_a, columns_a), (rows_b, columns_b)) = (self.shape(a), self.shape(b));
        let (rows, _) = size(rows_a, columns_a, transpose[0]);
        let columns = match size(rows_b, columns_b, transpose[1]).1 {
            Rows::Fixed(n) => n,
            Rows::Batch | Rows::Samples(_) => 1,
        };
        self.emit(Op::MatMul { transpose }, &[a, b], (rows, columns))
    }

    /// Of a matrix that all examples share.
    pub fn transposed(&mut self, x: BufferId) -> BufferId {
        match self.shape(x) {
            (Rows::Fixed(rows), columns) => self.emit(Op::Transpose, &[x], (Rows::Fixed(columns), rows)),
            _ => x,
        }
    }

    pub fn sum_rows(&mut self, x: BufferId) -> BufferId {
        let (_, columns) = self.shape(x);
        self.emit(Op::SumRows, &[x], (Rows::Fixed(1), columns))
    }

    pub fn sum_columns(&mut self, x: BufferId) -> BufferId {
        let (rows, _) = self.shape(x);
        self.emit(Op::SumColumns, &[x], (rows, 1))
    }

    /// `x` with one row repeated down and one column repeated across to this shape.
    pub fn filled(&mut self, x: BufferId, (rows, columns): (usize, usize)) -> BufferId {
        let shape = (Rows::Fixed(rows), columns);
        if self.shape(x) == shape {
            return x;
        }
        let zeros = self.emit(Op::Fill(0.0), &[], shape);
        self.binary(Binary::Add, x, zeros)
    }

    pub fn constant(&mut self, value: f64, columns: usize) -> BufferId {
        self.emit(Op::Fill(value), &[], (Rows::Fixed(1), columns))
    }
}

/// The rows of two values together.
fn most(a: Rows, b: Rows) -> Rows {
    match (a, b) {
        (Rows::Samples(m), _) | (_, Rows::Samples(m)) => Rows::Samples(m),
        (Rows::Batch, _) | (_, Rows::Batch) => Rows::Batch,
        (Rows::Fixed(x), Rows::Fixed(y)) => Rows::Fixed(x.max(y)),
    }
}
