//! One training step of every arm of examples/digits.nem, as training runs it: batch gathered and uploaded, noise drawn,
//! tested and injected, gradients, update. One thread. `cargo bench --bench arms`; compare the medians.

use std::path::Path;

use divan::Bencher;
use nemlang::exec::single_threaded;
use nemlang::model::Training;
use nemlang::session::Session;

mod steps;

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
    steps::steps(bencher, &training(settings), arm);
}
