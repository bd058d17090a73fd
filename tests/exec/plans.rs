//! Plans made by hand, for the tests and benches of `exec`.
#![allow(dead_code, reason = "a test and a bench use different parts")]

use nemlang::plan::*;

pub const BATCH: usize = 100;
pub const SIZES: [usize; 5] = [784, 40, 40, 40, 10];
pub const RATE: f64 = 1.0;

/// Adds buffers and instructions to a plan, one call each.
pub struct Builder(pub Plan);

impl Default for Builder {
    fn default() -> Builder {
        Builder(Plan { origins: vec![Origin { text: "by hand".into(), span: None }], ..Plan::default() })
    }
}

impl Builder {
    pub fn buffer(&mut self, rows: Rows, columns: usize, role: Role) -> BufferId {
        self.0.buffers.push(Buffer { rows, columns, role });
        BufferId(self.0.buffers.len() as u32 - 1)
    }

    pub fn data(&mut self, name: &str, columns: usize) -> BufferId {
        self.buffer(Rows::Batch, columns, Role::Data(name.into()))
    }

    pub fn parameter(&mut self, name: String, rows: usize, columns: usize) -> BufferId {
        self.0.persistent.push(Persistent { name, rows, columns });
        self.buffer(Rows::Fixed(rows), columns, Role::Persistent(self.0.persistent.len() - 1))
    }

    pub fn emit(&mut self, op: Op, inputs: &[BufferId], output: BufferId) {
        self.0.instrs.push(Instr { op, inputs: inputs.to_vec(), output, origin: 0 });
    }

    pub fn batch(&mut self, op: Op, inputs: &[BufferId], columns: usize) -> BufferId {
        let output = self.buffer(Rows::Batch, columns, Role::Temporary);
        self.emit(op, inputs, output);
        output
    }

    /// parameter + rate / batch · gradient
    pub fn ascend(&mut self, parameter: BufferId, op: Op, inputs: &[BufferId]) {
        let Buffer { rows, columns, .. } = self.0.buffers[parameter.0 as usize];
        let gradient = self.buffer(rows, columns, Role::Temporary);
        self.emit(op, inputs, gradient);
        let beta = Scalar::Constant(RATE / BATCH as f64);
        self.emit(Op::Blend { alpha: Scalar::Constant(1.0), beta }, &[parameter, gradient], parameter);
    }
}

pub const fn product(left: bool, right: bool) -> Op {
    Op::MatMul { transpose: [left, right] }
}

/// One training step of a classifier: logistic hidden layers, a softmax output, and the ascent of the log-likelihood:
/// δ = t − a at the output.
pub fn network() -> Plan {
    let mut b = Builder::default();
    let (x, t) = (b.data("x", SIZES[0]), b.data("t", SIZES[4]));
    let layers: Vec<[BufferId; 2]> = (1..5)
        .map(|l| [b.parameter(format!("W{l}"), SIZES[l - 1], SIZES[l]), b.parameter(format!("b{l}"), 1, SIZES[l])])
        .collect();
    let mut activations = vec![x];
    for (l, [w, bias]) in layers.iter().enumerate() {
        let columns = SIZES[l + 1];
        let weighted = b.batch(product(false, false), &[activations[l], *w], columns);
        let shifted = b.batch(Op::Binary(Binary::Add), &[weighted, *bias], columns);
        let link = if l == 3 { Op::Softmax } else { Op::Unary(Unary::Logistic) };
        activations.push(b.batch(link, &[shifted], columns));
    }
    let mut delta = b.batch(Op::Binary(Binary::Subtract), &[t, activations[4]], SIZES[4]);
    for (l, [w, bias]) in layers.iter().enumerate().rev() {
        let below = (l > 0).then(|| {
            let (a, columns) = (activations[l], SIZES[l]);
            let back = b.batch(product(false, true), &[delta, *w], columns);
            let minus = b.batch(Op::Unary(Unary::Negate), &[a], columns);
            let rest = b.batch(Op::Shift(Scalar::Constant(1.0)), &[minus], columns);
            let slope = b.batch(Op::Binary(Binary::Multiply), &[a, rest], columns);
            b.batch(Op::Binary(Binary::Multiply), &[back, slope], columns)
        });
        b.ascend(*w, product(true, false), &[activations[l], delta]);
        b.ascend(*bias, Op::SumRows, &[delta]);
        delta = below.unwrap_or(delta);
    }
    b.0
}

/// Numbers between −0.5 and 0.5 that look random enough for a bench.
pub fn numbers(count: usize) -> Vec<f32> {
    (0..count as u64)
        .map(|i| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as f32 / (1u32 << 24) as f32 - 0.5)
        .collect()
}

pub fn targets() -> Vec<f32> {
    (0..BATCH * 10).map(|i| if i % 10 == (i / 10) % 10 { 1.0 } else { 0.0 }).collect()
}
