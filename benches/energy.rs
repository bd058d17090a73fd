//! One step of contrastive divergence of examples/rbm.nem, 784 visible and 40 hidden binary units, batch 100, visible units
//! sampled. One thread. `cargo bench --bench energy`; compare the medians.

use std::path::Path;

use divan::Bencher;
use nemlang::exec::single_threaded;
use nemlang::model::Method;
use nemlang::session::Session;

mod steps;

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    assert!(single_threaded());
    divan::main();
}

#[divan::bench(args = ["contrastive_divergence(1)", "persistent(1)", "contrastive_divergence(10)"], sample_count = 100, sample_size = 10)]
fn step(bencher: Bencher, method: &str) {
    let session = Session::open(Path::new("examples/rbm.nem"));
    let mut training = session.trainings(None, &[]).unwrap_or_else(|p| panic!("{p:?}")).remove(0);
    training.method = Method::parse(method).unwrap();
    steps::steps(bencher, &training, "none");
}
