//! A training step as training runs it: batch of 100 gathered and uploaded, everything drawn, gradients, update.

use divan::Bencher;
use nemlang::exec::{Call, Dfdx, Feed, Streams, run};
use nemlang::model::Training;
use nemlang::train::arm::state;
use nemlang::train::network::{Network, StepAt};
use nemlang::train::start::initial_values;

pub fn steps(bencher: Bencher, training: &Training, arm: &str) {
    let network = Network::new(training).unwrap_or_else(|p| panic!("{p:?}"));
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
