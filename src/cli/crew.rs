//! One piece of work for every likelihood of the standard library, on all cores. Expressions belong to one thread, so that
//! each thread reads the library for itself.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::mpsc;

use crate::model::Likelihood;
use crate::session::Session;

/// Hands the results to `tell` in the library's order, each as soon as those before it are there.
pub fn each_of_library<T: Send>(work: impl Fn(&Session, &Rc<Likelihood>) -> T + Sync, mut tell: impl FnMut(T)) {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for own in 0..threads {
            let (sender, work) = (sender.clone(), &work);
            scope.spawn(move || {
                let session = Session::library();
                let likelihoods = session.declarations.likelihoods();
                for (at, likelihood) in likelihoods.iter().enumerate().filter(|(at, _)| at % threads == own) {
                    // Nobody listens any more when the reader of the output has seen enough.
                    let _ = sender.send((at, work(&session, likelihood)));
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (at, result) in receiver {
            waiting.insert(at, result);
            while let Some(result) = waiting.remove(&next) {
                tell(result);
                next += 1;
            }
        }
    });
}
