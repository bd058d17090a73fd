//! One training step of every arm of examples/digits.nem, as training runs it: batch gathered and uploaded, noise drawn,
//! tested and injected, gradients, update. One thread. `cargo bench --bench arms`; compare the medians.

use std::path::Path;

use divan::Bencher;
use nemlang::exec::{Call, Dfdx, Feed, Streams, run, single_threaded};
use nemlang::model::Training;
use nemlang::session::Session;
use nemlang::train::arm::state;
use nemlang::train::network::{Network, StepAt};
use nemlang::train::start::initial_values;

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    assert!(single_threaded());
    divan::main();
}

fn training(settings: &str) -> Training {
    let text =
        std::fs::read_to_string("examples/digits.nem").unwrap().replace("cooled 1", &format!("cooled 1\n{settings}"));
    let session = Session::from_text("digits.nem", &text, Some(Path::new("examples")));
    session.trainings(None, &[]).unwrap_or_else(|p| panic!("{p:?}")).remove(0)
}

#[divan::bench(args = ["none", "blind", "nem", "anti"], sample_count = 300, sample_size = 10)]
fn step(bencher: Bencher, arm: &str) {
    steps(bencher, arm, "");
}

#[divan::bench(sample_count = 300, sample_size = 10)]
fn reflecting_step(bencher: Bencher) {
    steps(bencher, "nem", "select reflect");
}

/// The step without noise, hidden variables at their means and as ten samples an example.
#[divan::bench(args = ["estep mean_field", "estep importance(10)"], sample_count = 100, sample_size = 10)]
fn noiseless_step(bencher: Bencher, estep: &str) {
    steps(bencher, "none", estep);
}

fn steps(bencher: Bencher, arm: &str, settings: &str) {
    let training = training(settings);
    let network = Network::new(&training).unwrap_or_else(|p| panic!("{p:?}"));
    let trained = network.variants.iter().find(|v| v.name == arm).unwrap();
    let program = &trained.program;
    let device = Dfdx::cpu();
    let mut state = state(&device, program, &initial_values(&training.model, 1)).unwrap();
    let (rows, streams) = (Vec::from_iter(0..100), Streams::new(1));
    let values: Vec<Vec<f32>> = program.data().iter().map(|id| uniform(100 * program.shape(*id, 100).1)).collect();
    let slots = trained.slots(StepAt { epoch: 1, step: 1, rows: 100, data_rows: 1000 });
    bencher.bench_local(|| {
        let feeds = values.iter().map(|v| Feed::Values(v.clone())).collect();
        let call = Call { rows: &rows, step: 1, streams: &streams, feeds, slots: &slots };
        run::<Dfdx<_>>(&device, program, &mut state, call).unwrap()
    });
}

/// Numbers between 0 and 1, the same each time.
fn uniform(count: usize) -> Vec<f32> {
    (0..count).map(|i| (i as f32 * 0.618_034).fract()).collect()
}
