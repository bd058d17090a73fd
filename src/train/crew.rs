//! All runs of an experiment, several at a time.

use super::arm::{Finished, Parts, train_arm};
use super::network::{Network, arm_name};
use super::parallel::in_parallel;
use super::record::Epoch;
use crate::exec::{Device, ExecError};

/// Every seed of an experiment with the parameters it starts from.
pub struct Start {
    pub seed: u64,
    pub values: Vec<Vec<f64>>,
}

/// Hears of progress from all threads: the worker's number, arm, seed, and the epoch it finished.
pub type Listener<'a> = &'a (dyn Fn(usize, &str, u64, &Epoch) + Sync);

/// Runs every arm with every seed on `threads` threads, each with a device of its own. Results are in the order of seeds,
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
    let arms = 0..network.arms.len();
    let jobs: Vec<(&Start, usize)> =
        starts.iter().flat_map(|start| arms.clone().map(move |arm| (start, arm))).collect();
    in_parallel(make_device, &jobs, threads, |worker, device, (start, arm)| {
        let tick = |epoch: &Epoch| listener(worker, arm_name(network.arms[*arm].0), start.seed, epoch);
        train_arm(device, network, parts, *arm, start.seed, &start.values, tick)
    })
}
