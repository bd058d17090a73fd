//! One piece of work for every likelihood of the standard library, on all cores. Expressions belong to one thread, so that
//! each thread has a library of its own, of which it reads what its likelihoods need.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use crate::diag::Problems;
use crate::model::Likelihood;
use crate::session::Session;

/// A likelihood, or what is wrong with it.
pub type Found = Result<Rc<Likelihood>, Problems>;

/// Hands the results to `tell` in the library's order, each as soon as those before it are there.
pub fn each_of_library<T: Send>(work: impl Fn(Found) -> T + Sync, mut tell: impl FnMut(T)) {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, work, next) = (sender.clone(), &work, &next);
            scope.spawn(move || {
                let session = Session::library();
                let names = session.declarations.names_of("likelihood");
                let mine = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                for at in mine.take_while(|at| *at < names.len()) {
                    // Nobody listens any more when the reader of the output has seen enough.
                    let _ = sender.send((at, work(session.likelihood(Some(names[at])))));
                }
            });
        }
        drop(sender);
        in_order(receiver, &mut tell);
    });
}

fn in_order<T>(results: mpsc::Receiver<(usize, T)>, tell: &mut impl FnMut(T)) {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for (at, result) in results {
        waiting.insert(at, result);
        while let Some(result) = waiting.remove(&next) {
            tell(result);
            next += 1;
        }
    }
}
