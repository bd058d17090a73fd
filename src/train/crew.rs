//! All runs of an experiment, several at a time.

use super::arm::{Finished, Parts, train_arm};
use super::network::{Network, Trained};
use super::parallel::in_parallel;
use super::record::Epoch;
use crate::exec::{Device, ExecError};

/// Every seed of an experiment with the parameters it starts from.
pub struct Start {
    pub seed: u64,
    pub values: Vec<Vec<f64>>,
    /// Those of each energy that is pretrained, and what they make of the network's: as `values` until they are trained.
    pub energies: Vec<Vec<Vec<f64>>>,
    pub pretrained: Vec<Vec<f64>>,
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
    let of = |start| network.variants.iter().map(move |trained| (start, trained));
    let jobs: Vec<(&Start, &Trained)> = starts.iter().flat_map(of).collect();
    in_parallel(make_device, &jobs, threads, |worker, device, (start, trained)| {
        let tick = |epoch: &Epoch| listener(worker, &trained.name, start.seed, epoch);
        let values = if trained.pretrained { &start.pretrained } else { &start.values };
        train_arm(device, network, parts, trained, start.seed, values, tick)
    })
}
