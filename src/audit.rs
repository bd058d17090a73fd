//! The audit of a whole experiment: every noisy arm, with every seed, at the parameters that were kept.

use std::collections::BTreeMap;
use std::path::Path;

use crate::data::Table;
use crate::diag::{Diagnostic, Problems, codes};
use crate::exec::{Device, ExecError};
use crate::experiment::{DeviceChoice, OnDevice};
use crate::model::{Arm, Training};
use crate::report::audit::{ArmAudit, Audit};
use crate::report::audit_plot;
use crate::report::comparison::Comparison;
use crate::train::arm::Finished;
use crate::train::audit::{Auditor, Found, Subject, audit};
use crate::train::checkpoint::{self, Origin, Tensor};
use crate::train::folder::{cannot, write_atomically};
use crate::train::network::{Network, device_failed};
use crate::train::parallel::in_parallel;

/// Where in a run folder the parameters on the way are.
pub const FOLDER: &str = "checkpoints";

/// By arm and seed: parameters and optimiser state of every kept epoch.
pub type OnTheWay = BTreeMap<(String, u64), Vec<(usize, Vec<Tensor>)>>;

/// The parameters of one run, on the way and at the end.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    pub arm: String,
    pub seed: u64,
    /// Parameters and optimiser state by epoch.
    pub on_the_way: Vec<(usize, Vec<Tensor>)>,
    pub last: Vec<Tensor>,
}

impl Kept {
    pub fn of(finished: &Finished) -> Kept {
        let (arm, seed) = (finished.run.arm.clone(), finished.run.seed);
        Kept { arm, seed, on_the_way: finished.kept.clone(), last: finished.parameters.clone() }
    }

    /// Whether there is a Θ* to look back from: a run that diverged has none.
    fn is_finite(&self) -> bool {
        self.last.iter().flat_map(|tensor| &tensor.values).all(|x| x.is_finite())
    }

    /// Writes the parameters on the way into the run's folder.
    pub fn write(&self, run: &Path, model: &str) -> Result<(), Problems> {
        let folder = run.join(FOLDER);
        std::fs::create_dir_all(&folder).map_err(|e| cannot("make the folder", &folder, &e))?;
        self.on_the_way.iter().try_for_each(|(epoch, tensors)| {
            let origin = Origin { model: model.into(), arm: self.arm.clone(), seed: self.seed, epoch: *epoch };
            let name = checkpoint::file_name(&self.arm, self.seed).replace(".safetensors", "");
            checkpoint::write(&folder.join(format!("{name}-epoch-{epoch}.safetensors")), &origin, tensors)
        })
    }

    /// The parameters on the way of every run in a folder, by arm and seed; empty where none were kept.
    pub fn read(run: &Path) -> Result<OnTheWay, Problems> {
        let folder = run.join(FOLDER);
        let mut found = OnTheWay::new();
        let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(found) };
        for entry in entries {
            let path = entry.map_err(|e| cannot("read the folder", &folder, &e))?.path();
            if path.extension().is_some_and(|e| e == "safetensors") {
                let file = checkpoint::read(&path)?;
                let run = found.entry((file.origin.arm, file.origin.seed)).or_default();
                run.push((file.origin.epoch, file.tensors));
            }
        }
        found.values_mut().for_each(|list| list.sort_by_key(|(epoch, _)| *epoch));
        Ok(found)
    }
}

/// Audits the noisy arms among these runs, those that diverged left out.
///
/// # Errors
/// E0502 where there is no noisy arm; E0702 when the device fails.
pub fn of_runs(
    training: &Training,
    network: &Network,
    data: &Table,
    runs: &[Kept],
    comparison: &Comparison,
    (device, threads): (DeviceChoice, usize),
) -> Result<Audit, Problems> {
    let noisy = training.variants().into_iter().filter(|v| v.arm != Arm::None);
    let auditors = noisy.map(|variant| Auditor::new(training, &variant)).collect::<Result<Vec<_>, _>>()?;
    if auditors.is_empty() {
        return Err(no_noise(training).into());
    }
    let of = |auditor: &Auditor| runs.iter().filter(|r| r.arm == auditor.name() && r.is_finite()).collect::<Vec<_>>();
    let jobs: Vec<(&Auditor, &Kept)> =
        auditors.iter().flat_map(|a| of(a).into_iter().map(move |run| (a, run))).collect();
    let work = Work { network, data, jobs: &jobs, threads };
    let found = device.run(work).map_err(|e| Problems::from(device_failed(&e, training.span)))?;
    let arms = auditors.iter().map(|auditor| {
        let own = || jobs.iter().zip(&found).filter(|((a, _), _)| a.name() == auditor.name());
        let seeds = own().map(|((_, run), _)| run.seed).collect();
        ArmAudit::new(auditor.name(), seeds, &own().map(|(_, found)| found.clone()).collect::<Vec<_>>())
    });
    Ok(Audit::new(&training.model.name, &training.data.name, arms.collect(), comparison))
}

/// Writes the audit into the run's folder, with a picture of it.
pub fn write(run: &Path, audit: &Audit) -> Result<(), Problems> {
    let unwritten = |why: String| {
        Diagnostic::new(codes::RUN_FOLDER, format!("the audit cannot be written: {why}")).help("free some space")
    };
    if let Some(figure) = audit_plot::figure(audit) {
        write_atomically(&run.join("audit.svg"), figure.map_err(unwritten)?.as_bytes())?;
    }
    let text = audit.to_json().map_err(|e| unwritten(e.to_string()))?;
    write_atomically(&run.join("audit.json"), text.as_bytes())
}

struct Work<'a> {
    network: &'a Network,
    data: &'a Table,
    jobs: &'a [(&'a Auditor, &'a Kept)],
    threads: usize,
}

impl OnDevice for Work<'_> {
    type Output = Vec<Vec<Found>>;

    fn run<D: Device>(self, make: impl Fn() -> Result<D, ExecError> + Sync) -> Result<Self::Output, ExecError> {
        in_parallel(make, self.jobs, self.threads, |_, device, (auditor, kept)| {
            let subject =
                Subject { auditor, network: self.network, data: self.data, seed: kept.seed, last: &kept.last };
            audit(device, &subject, &kept.on_the_way)
        })
    }
}

fn no_noise(training: &Training) -> Diagnostic {
    Diagnostic::new(codes::BAD_SETTING, "there is no noise to audit")
        .at(training.span, "no arm uses noise")
        .help("compare an arm that does: `compare none, nem`")
}
