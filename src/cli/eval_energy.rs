//! What `nem eval` tells of an energy besides: free energies, ln Z, and images of its weights and samples.

use std::cell::Cell;
use std::path::Path;

use crate::data::{Dataset, Table};
use crate::diag::{Diagnostic, Problems, codes};
use crate::exec::{Dfdx, ExecError, Program};
use crate::model::{Energy, Model, Node};
use crate::plan::energy::{FREE_ENERGY, anneal};
use crate::plan::network::mean_output;
use crate::report::tiles;
use crate::train::anneal::{Annealing, anneal as run_annealing};
use crate::train::arm::state;
use crate::train::evaluate::OnDevice;
use crate::train::folder::write_atomically;
use crate::train::network::device_failed;
use crate::train::record::ArmRun;

/// Chains of the annealing; as many samples are drawn.
const CHAINS: usize = 100;

pub struct EnergyFit<'a> {
    model: &'a Model,
    evaluation: &'a Program,
    annealing: Program,
    temperatures: usize,
    /// Whether ln Z of some run rests on few chains.
    doubtful: Cell<bool>,
}

/// Below so many chains of equal weight an estimate is told to be doubtful.
const FEWEST: f64 = 10.0;

/// Means over the examples of a table.
struct Free {
    train: f64,
    test: Option<f64>,
}

impl<'a> EnergyFit<'a> {
    /// `None` where ln Z is another for each example, by an input. Errors: those of the derivation.
    pub fn new(
        model: &'a Model,
        energy: Energy,
        evaluation: &'a Program,
        temperatures: usize,
    ) -> Result<Option<Self>, Problems> {
        if model.inputs().next().is_some() {
            return Ok(None);
        }
        let plan = anneal::anneal(model, energy, CHAINS)?;
        let annealing = Program::new(plan).map_err(|e| device_failed(&e, model.span))?;
        Ok(Some(EnergyFit { model, evaluation, annealing, temperatures, doubtful: Cell::new(false) }))
    }

    pub fn heading(&self, wide: usize) -> String {
        let columns = ["F train", "F test", "gap", "ln Z", "±", "worth", "ln p train", "ln p test"];
        let columns: String = columns.iter().map(|c| format!(" {c:>10}")).collect();
        format!(
            "free energies F and log-likelihoods ln p = −F − ln Z, means over examples in nats; ln Z by annealed importance\n\
             sampling: {CHAINS} chains, {} temperatures; ±: its standard error; worth: of so many equally weighted chains\n\n\
             {:<wide$} {:>5}{columns}",
            self.temperatures, "arm", "seed"
        )
    }

    /// The line of one run; its images are written to the run's folder.
    pub fn row(
        &self,
        run: &ArmRun,
        start: &[Vec<f64>],
        data: &Dataset,
        folder: &Path,
        wide: usize,
    ) -> Result<String, Problems> {
        let failed = |e: ExecError| Problems::from(device_failed(&e, self.model.span));
        let free = self.free(start, data).map_err(failed)?;
        let annealing =
            run_annealing(&Dfdx::cpu(), &self.annealing, start, self.temperatures, run.seed).map_err(failed)?;
        self.write_images(run, start, &annealing, folder)?;
        let ln_p = |free: f64| -free - annealing.log_normaliser;
        let numbers = [
            Some(free.train),
            free.test,
            free.test.map(|test| test - free.train),
            Some(annealing.log_normaliser),
            Some(annealing.error),
            Some(annealing.effective),
            Some(ln_p(free.train)),
            free.test.map(ln_p),
        ];
        self.doubtful.set(self.doubtful.get() || annealing.effective < FEWEST);
        let cell =
            |x: &Option<f64>| x.filter(|x| !x.is_nan()).map_or(format!(" {:>10}", "–"), |x| format!(" {x:>10.3}"));
        Ok(format!("{:<wide$} {:>5}{}", run.arm, run.seed, numbers.iter().map(cell).collect::<String>()))
    }

    /// What is to be said below the lines.
    pub fn note(&self) -> Option<String> {
        self.doubtful.get().then(|| {
            format!(
                "Where ln Z rests on fewer than {FEWEST} chains it is most likely too low, and its standard error with it: \
                 more `--temperatures` help."
            )
        })
    }

    fn free(&self, start: &[Vec<f64>], data: &Dataset) -> Result<Free, ExecError> {
        let device = Dfdx::cpu();
        let mut state = state(&device, self.evaluation, start)?;
        let mut mean = |table: &Table| {
            let [free] = OnDevice::new(&device, self.evaluation, table)?.outputs(
                &device,
                self.evaluation,
                &mut state,
                [FREE_ENERGY],
            )?;
            Ok::<f64, ExecError>(free.iter().sum::<f64>() / free.len() as f64)
        };
        Ok(Free { train: mean(&data.train)?, test: data.test.as_ref().map(mean).transpose()? })
    }

    /// `filters-…png`: for each hidden unit its weights to the visible units; `samples-…png`: the means of the visible units at the
    /// end of each chain. Of the first visible group that makes square images.
    fn write_images(
        &self,
        run: &ArmRun,
        start: &[Vec<f64>],
        annealing: &Annealing,
        folder: &Path,
    ) -> Result<(), Problems> {
        let visible = self.model.units().filter(|(_, observed)| *observed).map(|(node, _)| node);
        let Some((node, side)) = visible.filter_map(|node| Some((node, tiles::side(node.shape.1)?))).next() else {
            return Ok(());
        };
        let write = |kind: &str, tiles: &[Vec<f64>]| {
            let image = tiles::png(tiles, side).map_err(|why| Diagnostic::new(codes::RUN_FOLDER, why))?;
            write_atomically(&folder.join(format!("{kind}-{}-{}.png", run.arm.replace(' ', "-"), run.seed)), &image)
        };
        if let Some(filters) = self.filters(node, start) {
            write("filters", &filters)?;
        }
        let at = self.annealing.output(&mean_output(&node.name)).unwrap_or(0);
        let lowest = if node.support.closure().lower < 0.0 { -1.0 } else { 0.0 };
        let grey = |x: &f64| (x - lowest) / (1.0 - lowest);
        let samples: Vec<Vec<f64>> =
            annealing.last[at].chunks(node.shape.1).map(|row| row.iter().map(grey).collect()).collect();
        write("samples", &samples)
    }

    /// The columns of the first matrix with a row for each visible unit.
    fn filters(&self, visible: &Node, start: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
        let mut matrices = self.model.parameters().map(|(node, _)| node.shape).zip(start);
        let ((_, columns), values) = matrices.find(|((rows, columns), _)| *rows == visible.shape.1 && *columns > 1)?;
        let filter = |j: usize| tiles::about_zero(&values.iter().skip(j).step_by(columns).copied().collect::<Vec<_>>());
        Some((0..columns).map(filter).collect())
    }
}
