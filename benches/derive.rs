//! The derivation of likelihoods: one by one, and the whole library.

use divan::Bencher;
use nemlang::derive::derive_likelihood;
use nemlang::report::derivation;
use nemlang::session::Session;

fn main() {
    divan::main();
}

/// Derives one likelihood and writes its page. Expressions are kept by a thread, so each round derives in a thread of its
/// own, which reads what it needs of the library.
#[divan::bench(args = ["bernoulli", "categorical", "gaussian", "gamma", "student_t", "multivariate_gaussian"])]
fn one(bencher: Bencher, name: &str) {
    bencher.bench(|| in_a_thread(|| page(&Session::library(), name)));
}

/// What every command does of it: finds the names.
#[divan::bench]
fn outlining_the_library(bencher: Bencher) {
    bencher.bench(|| Session::library().declarations.names_of("likelihood").len());
}

/// What hardly a command does: parses and checks all of it.
#[divan::bench]
fn reading_the_library(bencher: Bencher) {
    bencher.bench(|| in_a_thread(|| Session::library().declarations.likelihoods().len()));
}

#[divan::bench]
fn whole_library(bencher: Bencher) {
    bencher.bench(|| {
        in_a_thread(|| {
            let session = Session::library();
            let likelihoods = session.declarations.likelihoods();
            likelihoods.iter().map(|l| page(&session, &l.name).len()).sum::<usize>()
        })
    });
}

fn page(session: &Session, name: &str) -> String {
    let likelihood = session.declarations.likelihood(name).unwrap();
    derivation::likelihood(&derive_likelihood(&likelihood).unwrap())
}

fn in_a_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}
