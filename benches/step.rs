//! One training step of a 784-40-40-40-10 classifier at batch 100, on one thread: as a plan on dfdx's CPU device, and
//! the same arithmetic through dfdx's own tape. `cargo bench --bench step`; compare the medians.

use divan::Bencher;
use nemlang::exec::{Call, Device, Dfdx, Feed, Program, Purpose, State, Streams, run, single_threaded};
use nemlang::plan::{Fill, FillKind};

#[path = "../tests/exec/plans.rs"]
mod plans;

use plans::{BATCH, RATE, SIZES, network, numbers, targets};

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    assert!(single_threaded());
    divan::main();
}

#[divan::bench(sample_count = 400, sample_size = 10)]
fn plan_on_dfdx(bencher: Bencher) {
    let device = Dfdx::cpu();
    let program = Program::new(network()).unwrap();
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
    let fill = Fill { kind: FillKind::StandardNormal, source: 1, coarse: false };
    let rows: Vec<usize> = (0..BATCH).map(|i| i * 7).collect();
    let mut out: Vec<f32> = Vec::with_capacity(BATCH * 10);
    bencher.bench_local(|| {
        out.clear();
        Streams::new(1).fill(Purpose::Fill, &fill, 3, &rows, 10, &mut out);
    });
}
