//! One training step of a 784-40-40-40-10 classifier at batch 100, on one thread: as a plan on dfdx's CPU device, and
//! the same arithmetic through dfdx's own tape. `cargo bench --bench step`; compare the medians.

use divan::Bencher;
use nemlang::exec::{Call, Dfdx, Feed, Program, State, Streams, run, single_threaded};
use nemlang::plan::*;

const BATCH: usize = 100;
const SIZES: [usize; 5] = [784, 40, 40, 40, 10];
const RATE: f64 = 1.0;

fn main() {
    assert!(single_threaded());
    divan::main();
}

/// Adds buffers and instructions to a plan, one call each.
#[derive(Default)]
struct Builder(Plan);

impl Builder {
    fn buffer(&mut self, rows: Rows, columns: usize, role: Role) -> BufferId {
        self.0.buffers.push(Buffer { rows, columns, role });
        BufferId(self.0.buffers.len() as u32 - 1)
    }

    fn data(&mut self, name: &str, columns: usize) -> BufferId {
        self.buffer(Rows::Batch, columns, Role::Data(name.into()))
    }

    fn parameter(&mut self, name: String, rows: usize, columns: usize) -> BufferId {
        self.0.persistent.push(Persistent { name, rows, columns });
        self.buffer(Rows::Fixed(rows), columns, Role::Persistent(self.0.persistent.len() - 1))
    }

    fn into(&mut self, op: Op, inputs: &[BufferId], output: BufferId) {
        self.0.instrs.push(Instr { op, inputs: inputs.to_vec(), output, origin: 0 });
    }

    fn batch(&mut self, op: Op, inputs: &[BufferId], columns: usize) -> BufferId {
        let output = self.buffer(Rows::Batch, columns, Role::Temporary);
        self.into(op, inputs, output);
        output
    }

    /// parameter + rate / batch · gradient
    fn ascend(&mut self, parameter: BufferId, op: Op, inputs: &[BufferId]) {
        let Buffer { rows, columns, .. } = self.0.buffers[parameter.0 as usize];
        let gradient = self.buffer(rows, columns, Role::Temporary);
        self.into(op, inputs, gradient);
        let beta = Scalar::Constant(RATE / BATCH as f64);
        self.into(Op::Blend { alpha: Scalar::Constant(1.0), beta }, &[parameter, gradient], parameter);
    }
}

const fn product(left: bool, right: bool) -> Op {
    Op::MatMul { transpose: [left, right] }
}

/// Logistic hidden layers, a softmax output, and the ascent of the log-likelihood: δ = t − a at the output.
fn plan() -> Plan {
    let mut b = Builder::default();
    b.0.origins.push(Origin { text: "step".into(), span: None });
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
fn numbers(count: usize) -> Vec<f32> {
    (0..count as u64)
        .map(|i| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as f32 / (1u32 << 24) as f32 - 0.5)
        .collect()
}

fn targets() -> Vec<f32> {
    (0..BATCH * 10).map(|i| if i % 10 == (i / 10) % 10 { 1.0 } else { 0.0 }).collect()
}

#[divan::bench(sample_count = 400, sample_size = 10)]
fn plan_on_dfdx(bencher: Bencher) {
    use nemlang::exec::Device;
    let device = Dfdx::cpu();
    let program = Program::new(plan()).unwrap();
    let persistent = &program.plan().persistent;
    let values = persistent.iter().map(|p| numbers(p.rows * p.columns)).collect();
    let mut state = State::new(&device, persistent, values).unwrap();
    let (streams, rows) = (Streams::new(1), Vec::from_iter(0..BATCH));
    let x = device.upload(BATCH, SIZES[0], numbers(BATCH * SIZES[0])).unwrap();
    let t = device.upload(BATCH, SIZES[4], targets()).unwrap();
    bencher.bench_local(|| {
        let feeds = vec![Feed::Buffer(x.clone()), Feed::Buffer(t.clone())];
        run(&device, &program, &mut state, Call { rows: &rows, step: 0, streams: &streams, feeds, slots: &[] }).unwrap()
    });
}

#[divan::bench(sample_count = 400, sample_size = 10)]
fn tape_of_dfdx(bencher: Bencher) {
    use dfdx::optim::{Momentum, Optimizer, Sgd, SgdConfig};
    use dfdx::prelude::*;
    type Network = ((Linear<784, 40>, Sigmoid), (Linear<40, 40>, Sigmoid), (Linear<40, 40>, Sigmoid), Linear<40, 10>);
    let device = Cpu::default();
    let mut network = device.build_module::<Network, f32>();
    let mut gradients = network.alloc_grads();
    let config = SgdConfig { lr: RATE, momentum: None::<Momentum>, weight_decay: None };
    let mut optimiser = Sgd::new(&network, config);
    let x = device.tensor_from_vec(numbers(BATCH * 784), (Const::<BATCH>, Const::<784>));
    let t = device.tensor_from_vec(targets(), (Const::<BATCH>, Const::<10>));
    bencher.bench_local(|| {
        let logits = network.forward_mut(x.trace(std::mem::replace(&mut gradients, Gradients::leaky())));
        let loss = cross_entropy_with_logits_loss(logits, t.clone());
        gradients = loss.backward();
        optimiser.update(&mut network, &gradients).unwrap();
        network.zero_grads(&mut gradients);
    });
}

#[divan::bench(sample_count = 400, sample_size = 10)]
fn draw_100_by_10_normals(bencher: Bencher) {
    let fill = Fill { kind: FillKind::StandardNormal, source: 1 };
    let rows: Vec<usize> = (0..BATCH).map(|i| i * 7).collect();
    let mut out: Vec<f32> = Vec::with_capacity(BATCH * 10);
    bencher.bench_local(|| {
        out.clear();
        Streams::new(1).fill(&fill, 3, &rows, 10, &mut out);
    });
}
