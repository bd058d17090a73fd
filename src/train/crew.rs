//! All runs of an experiment, several at a time. Which thread takes which run changes nothing but the time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::arm::{Finished, Parts, train_arm};
use super::network::Network;
use super::record::Epoch;
use crate::exec::{Device, ExecError};

/// One arm in one design, with one seed.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    pub variant: usize,
    pub seed: usize,
}

/// Every seed of an experiment with the parameters it starts from.
pub struct Start {
    pub seed: u64,
    pub values: Vec<Vec<f64>>,
}

/// Hears of progress from all threads: the worker's number, arm, seed, and the epoch it finished.
pub type Listener<'a> = &'a (dyn Fn(usize, &str, u64, &Epoch) + Sync);

/// Runs every arm in every design with every seed on `threads` threads, each with a device of its own. Results are in the order of seeds,
/// then arms.
pub fn train_all<D, M>(
    make_device: M,
    network: &Network,
    parts: &Parts,
    starts: &[Start],
    threads: usize,
    listener: Listener,
) -> Result<Vec<Finished>, ExecError>
where
    D: Device,
    M: Fn() -> Result<D, ExecError> + Sync,
{
    let jobs: Vec<Job> = (0..starts.len())
        .flat_map(|seed| (0..network.variants.len()).map(move |variant| Job { variant, seed }))
        .collect();
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<Result<Finished, ExecError>>>> = Mutex::new(jobs.iter().map(|_| None).collect());
    let work = |worker: usize| {
        let device = make_device();
        while let Some((at, job)) = take(&next, &jobs) {
            let (trained, start) = (&network.variants[job.variant], &starts[job.seed]);
            let tick = |epoch: &Epoch| listener(worker, &trained.name, start.seed, epoch);
            let result = match &device {
                Ok(device) => train_arm(device, network, parts, trained, start.seed, &start.values, tick),
                Err(e) => Err(ExecError::Device(e.to_string())),
            };
            if let Ok(mut results) = results.lock() {
                results[at] = Some(result);
            }
        }
    };
    std::thread::scope(|scope| {
        for worker in 0..threads {
            let work = &work;
            scope.spawn(move || work(worker));
        }
    });
    let results = results.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    results.into_iter().flatten().collect()
}

fn take<'j>(next: &AtomicUsize, jobs: &'j [Job]) -> Option<(usize, &'j Job)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(at).map(|job| (at, job))
}
