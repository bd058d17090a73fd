//! Greedy pretraining: energies trained one after the other, each on the means of the hidden units below it, and their parameters put
//! into the layers of a network (Hinton, Osindero and Teh 2006).

use std::time::Instant;

use super::arm::{Runner, state};
use super::crew::Start;
use super::evaluate::OnDevice;
use super::network::{Network, Trained};
use super::parallel::in_parallel;
use super::record::Pretrained;
use super::start::initial_values;
use crate::data::{Column, Table};
use crate::diag::Problems;
use crate::exec::{Device, Element, ExecError};
use crate::model::{Given, Shared, Stage};
use crate::plan::network::mean_output;

/// An energy made ready to run, free of expressions, so that it can cross threads.
pub struct Storey {
    network: Network,
    visible: String,
    hidden: String,
    given: Vec<Given>,
}

impl Storey {
    pub fn new(stage: &Stage) -> Result<Storey, Problems> {
        let network = Network::new(&stage.training)?;
        let Stage { visible, hidden, given, .. } = stage.clone();
        Ok(Storey { network, visible, hidden, given })
    }

    pub fn epochs(&self) -> usize {
        self.network.epochs
    }
}

/// Energies of a seed have random numbers of their own: seeds of programs lie below 2^53.
fn seed_of(seed: u64, storey: usize) -> u64 {
    seed + ((storey as u64 + 1) << 53)
}

/// Where the energies of a seed start.
pub fn initial(stages: &[Stage], seed: u64) -> Vec<Vec<Vec<f64>>> {
    let of = |(at, stage): (usize, &Stage)| initial_values(&stage.training.model, seed_of(seed, at));
    stages.iter().enumerate().map(of).collect()
}

/// The values of the variable that the lowest energy stands on, under the name that they have there.
pub fn ground(stages: &[Stage], data: &Table) -> Table {
    let ground = stages.first().and_then(|stage| Some((&stage.visible, data.column(&stage.below)?)));
    let column = |(visible, column): (&String, &Column)| Column { name: visible.clone(), ..column.clone() };
    Table { columns: ground.map(column).into_iter().collect() }
}

/// Hears of progress from all threads: the worker's number, the energy, the seed, and the epoch that begins.
pub type Listener<'a> = &'a (dyn Fn(usize, &str, u64, usize) + Sync);

/// Pretrains for every seed, on `threads` threads. Each start gets the values that the network begins with.
pub fn pretrain_all<D, M>(
    make_device: M,
    storeys: &[Storey],
    ground: &Table,
    starts: &mut [Start],
    threads: usize,
    listener: Listener,
) -> Result<Vec<Pretrained>, ExecError>
where
    D: Device,
    M: Fn() -> Result<D, ExecError> + Sync,
{
    let jobs: Vec<&Start> = starts.iter().collect();
    let results = in_parallel(make_device, &jobs, threads, |worker, device, start| {
        climb(device, storeys, ground, start, |energy, epoch| listener(worker, energy, start.seed, epoch))
    })?;
    let mut told = vec![];
    for (start, (values, records)) in starts.iter_mut().zip(results) {
        start.pretrained = values;
        told.extend(records);
    }
    Ok(told)
}

/// From the ground up: the values of a network's parameters, and what became of each energy.
fn climb<D: Device>(
    device: &D,
    storeys: &[Storey],
    ground: &Table,
    start: &Start,
    mut tick: impl FnMut(&str, usize),
) -> Result<(Vec<Vec<f64>>, Vec<Pretrained>), ExecError> {
    let (mut values, mut told, mut means) = (start.values.clone(), vec![], None);
    for (at, storey) in storeys.iter().enumerate() {
        let table = means.map_or_else(|| ground.clone(), |means| Table { columns: vec![means] });
        let seed = seed_of(start.seed, at);
        let learned =
            storey.train(device, &table, &start.energies[at], seed, |epoch| tick(&storey.network.model, epoch))?;
        for shared in storey.given.iter().flat_map(|given| &given.shared) {
            values[shared.parameter] = placed(shared, &learned.parameters[shared.from], storey.columns(shared.from));
        }
        told.push(Pretrained { seed: start.seed, ..learned.record });
        means = storeys.get(at + 1).map(|next| Column { name: next.visible.clone(), ..learned.means });
    }
    Ok((values, told))
}

/// What is left of an energy.
struct Learned {
    parameters: Vec<Vec<f64>>,
    /// Of its hidden units, for each example.
    means: Column,
    record: Pretrained,
}

impl Storey {
    fn columns(&self, parameter: usize) -> usize {
        self.network.parameters[parameter].columns
    }

    fn train<D: Device>(
        &self,
        device: &D,
        table: &Table,
        start: &[Vec<f64>],
        seed: u64,
        tick: impl FnMut(usize),
    ) -> Result<Learned, ExecError> {
        let began = Instant::now();
        let Network { evaluation, measure, parameters, .. } = &self.network;
        let mut state = state(device, &self.trained().program, start)?;
        let data = OnDevice::new(device, evaluation, table)?;
        let before = data.judge(device, evaluation, measure, &mut state)?;
        Runner::new(device, &self.network, self.trained(), table, seed)?.epochs(&mut state, tick)?;
        let after = data.judge(device, evaluation, measure, &mut state)?;
        let [means] = data.outputs(device, evaluation, &mut state, [&mean_output(&self.hidden)])?;
        let values = |i| Ok(state.download(device, i)?.iter().map(|x| x.to_f64()).collect());
        let record = Pretrained {
            model: self.network.model.clone(),
            layers: self.given.iter().map(|given| given.variable.clone()).collect(),
            seed,
            epochs: self.network.epochs,
            error_before: before.error,
            error_after: after.error,
            seconds: began.elapsed().as_secs_f64(),
        };
        Ok(Learned {
            parameters: (0..parameters.len()).map(values).collect::<Result<_, ExecError>>()?,
            means: Column { name: self.hidden.clone(), width: means.len() / table.rows().max(1), values: means },
            record,
        })
    }

    /// A stage has one variant.
    fn trained(&self) -> &Trained {
        &self.network.variants[0]
    }
}

/// The energy's numbers as the network has them.
fn placed(shared: &Shared, from: &[f64], columns: usize) -> Vec<f64> {
    match shared.transposed {
        true => (0..columns).flat_map(|column| from.iter().skip(column).step_by(columns).copied()).collect(),
        false => from.to_vec(),
    }
}
