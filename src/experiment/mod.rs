//! A whole experiment: data in, every arm and seed trained, judged and written to a run folder.

mod collapse;
mod configuration;
mod device;
mod pretraining;

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use configuration::configuration;
pub use device::{DeviceChoice, OnDevice};
use pretraining::{Pretraining, starts};

use crate::audit::{self, Kept};
use crate::data::Dataset;
use crate::diag::{Diagnostic, Problems, codes, listed};
use crate::exec::{Device, ExecError, single_threaded};
use crate::model::Training;
use crate::report::audit::Audit;
use crate::report::progress::Progress;
use crate::report::results::{Program, Results, curves_csv};
use crate::report::{design_plot, designs, plot, pretraining as pretraining_report, table};
use crate::session::Session;
use crate::source::Span;
use crate::train::arm::{Finished, Parts};
use crate::train::checkpoint::{self, Origin};
use crate::train::crew::{Start, train_all};
use crate::train::folder::{create_run_folder, write_atomically};
use crate::train::network::{Network, device_failed};
use crate::train::record::{ArmRun, Epoch, Experiment, Pretrained};
use crate::train::start::fits_in_memory;

pub struct Options<'a> {
    pub device: DeviceChoice,
    pub out: &'a Path,
    pub threads: usize,
    /// Where progress is told: bars on standard error, or whoever watches.
    pub watch: Watch<'a>,
    pub program: &'a Path,
    /// The text that is kept of it; that of the file of this name without one.
    pub text: Option<&'a str>,
    /// Settings that were put in the place of the program's.
    pub settings: &'a [String],
}

/// Who hears of progress.
#[derive(Clone, Copy)]
pub enum Watch<'a> {
    Bars,
    Nobody,
    Each(&'a (dyn Watcher + Sync)),
}

/// Hears of progress from all threads.
pub trait Watcher {
    /// An epoch of pretraining, in words, that begins.
    fn begins(&self, what: &str);
    /// Arm, seed, and the epoch that ended.
    fn ended(&self, arm: &str, seed: u64, epoch: &Epoch);
}

impl Watch<'_> {
    /// Whether bars are drawn.
    fn draws(self) -> bool {
        matches!(self, Watch::Bars)
    }

    fn begins(self, what: &str) {
        if let Watch::Each(watcher) = self {
            watcher.begins(what);
        }
    }

    fn ended(self, arm: &str, seed: u64, epoch: &Epoch) {
        if let Watch::Each(watcher) = self {
            watcher.ended(arm, seed, epoch);
        }
    }
}

/// What there is to tell of an experiment.
pub struct Report {
    /// How the energies were trained that the network starts from; empty without any.
    pub pretraining: String,
    pub table: String,
    pub verdict: Vec<String>,
    /// What the audit found, where the program asks for one.
    pub audit: Option<Audit>,
    pub folder: PathBuf,
    /// The parameters that each run ended with.
    pub kept: Vec<Kept>,
    /// One for each run that stopped early.
    pub problems: Problems,
    /// What was trained and is suspicious.
    pub warnings: Vec<Diagnostic>,
}

/// The most parameters a model may have: 2 GiB of starting values. Running out of memory ends the program without a word.
const MOST_PARAMETERS: usize = 1 << 28;

pub fn run(session: &Session, training: &Training, options: &Options) -> Result<Report, Problems> {
    fits_in_memory(&training.model, MOST_PARAMETERS)?;
    options.device.is_there()?;
    let data = session.data(training)?;
    let network = Network::new(training)?;
    let (pretraining, mut starts) = (Pretraining::new(training, &data.train)?, starts(training));
    // The folder comes first: one that cannot be made is told before hours of training, not after them.
    let folder = create_run_folder(options.out, &stem(options.program))?;
    single_threaded();
    let trained = pretraining.run(training, &mut starts, options).and_then(|pretrained| {
        let work = Work { network: &network, data: &data, starts: &starts, options };
        let trained = options.device.run(work).map_err(|e| device_failed(&e, training.span))?;
        Ok((pretrained, trained))
    });
    if trained.is_err() {
        // It is empty; should it not go away, no harm is done.
        let _ = std::fs::remove_dir(&folder);
    }
    let (pretrained, (device, finished)) = trained?;
    let problems = breaks(&finished, training);
    let kept: Vec<Kept> = finished.iter().map(Kept::of).collect();
    let experiment = experiment(&network, training, finished, pretrained);
    let warnings = collapse::collapse(training, &experiment).into_iter().collect();
    let results = Results::new(Program::on(device), configuration(training, options), experiment);
    write(&folder, &results, &kept, program_text(session, training, options))?;
    let audit = training.audit.then(|| {
        let how = (options.device, options.threads);
        audit::of_runs(training, &network, &data.train, &kept, &results.comparison, how)
    });
    let audit = audit.transpose()?;
    audit.iter().try_for_each(|audit| audit::write(&folder, audit))?;
    let pretraining = pretraining_report::told(&results.experiment);
    Ok(Report {
        pretraining,
        table: table(&results.comparison),
        verdict: results.verdict,
        audit,
        folder,
        kept,
        problems,
        warnings,
    })
}

/// Every arm with every seed, with one display of how far they are.
struct Work<'a> {
    network: &'a Network,
    data: &'a Dataset,
    starts: &'a [Start],
    options: &'a Options<'a>,
}

impl OnDevice for Work<'_> {
    /// What the device is called, and the runs.
    type Output = (String, Vec<Finished>);

    fn run<D: Device>(self, make: impl Fn() -> Result<D, ExecError> + Sync) -> Result<Self::Output, ExecError> {
        let Work { network, data, starts, options } = self;
        let name = make()?.name();
        let runs = starts.len() * network.variants.len();
        let threads = options.threads.clamp(1, runs.max(1));
        let progress = Progress::new(runs.saturating_mul(network.epochs.saturating_add(1)), !options.watch.draws());
        let lines: Vec<_> = (0..threads).map(|_| Mutex::new(progress.worker())).collect();
        let listen = |worker: usize, arm: &str, seed: u64, epoch: &Epoch| {
            options.watch.ended(arm, seed, epoch);
            if let Some(Ok(line)) = lines.get(worker).map(|l| l.lock()) {
                line.tick(arm, seed, epoch);
                if epoch.train_loss.is_nan() {
                    line.skip(network.epochs - epoch.epoch);
                }
            }
        };
        let parts = Parts { train: &data.train, test: data.test.as_ref() };
        let finished = train_all(make, network, &parts, starts, threads, &listen)?;
        drop(lines);
        progress.finish();
        Ok((name, finished))
    }
}

/// A diagnostic for each expression that made a number that is not finite, with the runs in which it did.
fn breaks(finished: &[Finished], training: &Training) -> Problems {
    let mut broken: Vec<(&str, Span, Vec<&ArmRun>)> = vec![];
    for Finished { run, broken: origin, .. } in finished.iter().filter(|f| f.run.stopped.is_some()) {
        let text = origin.as_ref().map_or("the loss", |o| o.text.as_str());
        let span = origin.as_ref().and_then(|o| o.span).unwrap_or(training.span);
        match broken.iter_mut().find(|(t, s, _)| *t == text && *s == span) {
            Some((_, _, runs)) => runs.push(run),
            None => broken.push((text, span, vec![run])),
        }
    }
    let mut problems = Problems::new();
    broken.iter().for_each(|(text, span, runs)| problems.push(break_of(text, *span, runs)));
    problems
}

fn break_of(text: &str, span: Span, runs: &[&ArmRun]) -> Diagnostic {
    let [first, others @ ..] = runs else { return Diagnostic::new(codes::NOT_A_NUMBER, text) };
    let message = format!("{text} is not a finite number: arm {}, seed {}", first.arm, first.seed);
    let diagnostic = Diagnostic::new(codes::NOT_A_NUMBER, message)
        .at(span, format!("first broken here, in epoch {}", first.last_epoch()))
        .help(remedy(first.last_epoch()));
    let others: Vec<String> =
        others.iter().map(|r| format!("{} {} in epoch {}", r.arm, r.seed, r.last_epoch())).collect();
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    if others.is_empty() { diagnostic } else { diagnostic.note(format!("so also (arm, seed): {}", listed(&others))) }
}

/// Before the first epoch nothing has been learned, and no rate is to blame.
fn remedy(epoch: usize) -> &'static str {
    match epoch {
        0 => {
            "the model has no value on this data before any training: keep logarithms, roots and quotients where they have one"
        }
        _ => "lower the learning rate, cool the noise, or keep the values away from the edge of their support",
    }
}

fn experiment(
    network: &Network,
    training: &Training,
    finished: Vec<Finished>,
    pretraining: Vec<Pretrained>,
) -> Experiment {
    let variants = || network.variants.iter();
    let several = variants().any(|v| !v.design.values.is_empty());
    Experiment {
        model: training.model.name.clone(),
        data: training.data.name.clone(),
        loss: network.measure.loss_name().into(),
        error: network.measure.name().into(),
        error_is_share: network.measure.is_share(),
        arms: variants().map(|v| v.name.clone()).collect(),
        designs: variants().filter(|_| several).map(|v| v.design.clone()).collect(),
        seeds: training.seeds.clone(),
        runs: finished.into_iter().map(|f| f.run).collect(),
        pretraining,
    }
}

/// The program that was asked for, also where the training stands in a file that it uses: the run's relative paths start
/// from the program's folder.
fn program_text<'s>(session: &'s Session, training: &Training, options: &Options<'s>) -> &'s str {
    if let Some(text) = options.text {
        return text;
    }
    let program = session.sources.find(&options.program.display().to_string());
    &session.sources.get(program.unwrap_or(training.span.file)).text
}

fn stem(program: &Path) -> String {
    program.file_stem().map_or("run".into(), |s| s.to_string_lossy().into_owned())
}

/// The program as it was, curves, plot, the parameters of every run, and at last the results: a folder that has them is
/// complete.
fn write(folder: &Path, results: &Results, kept: &[Kept], program: &str) -> Result<(), Problems> {
    write_atomically(&folder.join("program.nem"), program.as_bytes())?;
    let model = &results.experiment.model;
    for (run, kept) in results.experiment.runs.iter().zip(kept) {
        let origin = Origin { model: model.clone(), arm: run.arm.clone(), seed: run.seed, epoch: run.last_epoch() };
        checkpoint::write(&folder.join(checkpoint::file_name(&run.arm, run.seed)), &origin, &kept.last)?;
        if !kept.on_the_way.is_empty() {
            kept.write(folder, model)?;
        }
    }
    let curves = curves_csv(&results.experiment).map_err(|e| internal(e.to_string()))?;
    write_atomically(&folder.join("curves.csv"), curves.as_bytes())?;
    let (shown, notes) = designs::best(&results.experiment, &results.comparison);
    let figure = plot::figure(&shown, &notes).map_err(internal)?;
    write_atomically(&folder.join("curves.svg"), figure.as_bytes())?;
    if results.comparison.has_designs() {
        write_designs(folder, results)?;
    }
    let text = results.to_json().map_err(|e| internal(e.to_string()))?;
    write_atomically(&folder.join("results.json"), text.as_bytes())
}

fn write_designs(folder: &Path, results: &Results) -> Result<(), Problems> {
    let (experiment, comparison) = (&results.experiment, &results.comparison);
    let table = designs::designs_csv(experiment, comparison).map_err(|e| internal(e.to_string()))?;
    write_atomically(&folder.join("designs.csv"), table.as_bytes())?;
    let Some(figure) = design_plot::figure(experiment, comparison) else { return Ok(()) };
    write_atomically(&folder.join("designs.svg"), figure.map_err(internal)?.as_bytes())
}

fn internal(why: String) -> Problems {
    Diagnostic::new(codes::RUN_FOLDER, format!("the results cannot be written: {why}"))
        .help("free some space, or choose another folder with --out")
        .into()
}
