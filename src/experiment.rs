//! A whole experiment: data in, every arm and seed trained, judged and written to a run folder.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::data::Dataset;
use crate::diag::{Diagnostic, Problems, codes};
use crate::exec::{Device, Dfdx, ExecError, Reference, single_threaded};
use crate::model::{GradientLaw, Optimizer, Training};
use crate::report::progress::Progress;
use crate::report::results::{Program, Results, curves_csv};
use crate::report::{plot, table};
use crate::session::Session;
use crate::source::Span;
use crate::train::arm::{Finished, Parts};
use crate::train::checkpoint::{self, Origin};
use crate::train::crew::{Start, train_all};
use crate::train::folder::{create_run_folder, write_atomically};
use crate::train::network::{Network, arm_name, device_failed};
use crate::train::record::{ArmRun, Epoch, Experiment};
use crate::train::start::{fits_in_memory, initial_values};

/// Which device runs the plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceChoice {
    Cpu,
    Cuda(usize),
    Reference,
}

impl DeviceChoice {
    /// `cpu`, `cuda`, `cuda:1`, `reference`
    pub fn parse(text: &str) -> Result<DeviceChoice, String> {
        match text.split_once(':') {
            None if text == "cpu" => Ok(DeviceChoice::Cpu),
            None if text == "reference" => Ok(DeviceChoice::Reference),
            None if text == "cuda" => Ok(DeviceChoice::Cuda(0)),
            Some(("cuda", number)) => number.parse().map(DeviceChoice::Cuda).map_err(|e| e.to_string()),
            _ => Err("a device is `cpu`, `cuda`, `cuda:N` or `reference`".into()),
        }
    }
}

pub struct Options<'a> {
    pub device: DeviceChoice,
    pub out: &'a Path,
    pub threads: usize,
    pub quiet: bool,
    pub program: &'a Path,
}

/// What there is to tell of an experiment.
pub struct Report {
    pub table: String,
    pub verdict: Vec<String>,
    pub folder: PathBuf,
    /// One for each run that stopped early.
    pub problems: Problems,
}

/// The most parameters a model may have: 2 GiB of starting values. Running out of memory ends the program without a word.
const MOST_PARAMETERS: usize = 1 << 28;

pub fn run(session: &Session, training: &Training, options: &Options) -> Result<Report, Problems> {
    fits_in_memory(&training.model, MOST_PARAMETERS)?;
    let data = session.data(training)?;
    let network = Network::new(training)?;
    let starts: Vec<Start> = training
        .seeds
        .iter()
        .map(|seed| Start { seed: *seed, values: initial_values(&training.model, *seed) })
        .collect();
    // The folder comes first: one that cannot be made is told before hours of training, not after them.
    let folder = create_run_folder(options.out, &stem(options.program))?;
    let trained = train(&network, &data, &starts, training, options);
    if trained.is_err() {
        // It is empty; should it not go away, no harm is done.
        let _ = std::fs::remove_dir(&folder);
    }
    let (device, finished) = trained?;
    let problems = breaks(&finished, training);
    let parameters: Vec<_> = finished.iter().map(|f| f.parameters.clone()).collect();
    let experiment = experiment(&network, training, finished);
    let results = Results::new(Program::on(device), configuration(training, options), experiment);
    write(&folder, &results, &parameters, program_text(session, training, options))?;
    Ok(Report { table: table(&results.comparison), verdict: results.verdict, folder, problems })
}

fn train(
    network: &Network,
    data: &Dataset,
    starts: &[Start],
    training: &Training,
    options: &Options,
) -> Result<(String, Vec<Finished>), Problems> {
    single_threaded();
    let failed = |e: ExecError| Problems::from(device_failed(&e, training.span));
    match options.device {
        DeviceChoice::Cpu => crew(|| Ok(Dfdx::cpu()), network, data, starts, options).map_err(failed),
        DeviceChoice::Reference => crew(|| Ok(Reference), network, data, starts, options).map_err(failed),
        DeviceChoice::Cuda(_) if cfg!(not(feature = "cuda")) => Err(no_cuda().into()),
        DeviceChoice::Cuda(number) => cuda(number, network, data, starts, options).map_err(failed),
    }
}

#[cfg(feature = "cuda")]
fn cuda(
    number: usize,
    network: &Network,
    data: &Dataset,
    starts: &[Start],
    options: &Options,
) -> Result<(String, Vec<Finished>), ExecError> {
    crew(|| Dfdx::cuda(number), network, data, starts, options)
}

#[cfg(not(feature = "cuda"))]
fn cuda(_: usize, _: &Network, _: &Dataset, _: &[Start], _: &Options) -> Result<(String, Vec<Finished>), ExecError> {
    Err(ExecError::Device("there is no CUDA here".into()))
}

fn no_cuda() -> Diagnostic {
    Diagnostic::new(codes::DEVICE, "this nem was built without CUDA")
        .help("leave out `--device cuda`, or build nem with `cargo build --release --features cuda`")
}

fn crew<D: Device>(
    make: impl Fn() -> Result<D, ExecError> + Sync,
    network: &Network,
    data: &Dataset,
    starts: &[Start],
    options: &Options,
) -> Result<(String, Vec<Finished>), ExecError> {
    let name = make()?.name();
    let runs = starts.len() * network.arms.len();
    let threads = options.threads.clamp(1, runs.max(1));
    let progress = Progress::new(runs.saturating_mul(network.epochs.saturating_add(1)), options.quiet);
    let lines: Vec<_> = (0..threads).map(|_| Mutex::new(progress.worker())).collect();
    let listen = |worker: usize, arm: &str, seed: u64, epoch: &Epoch| {
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
    if others.is_empty() { diagnostic } else { diagnostic.note(format!("so also (arm, seed): {}", others.join(", "))) }
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

fn experiment(network: &Network, training: &Training, finished: Vec<Finished>) -> Experiment {
    Experiment {
        model: training.model.name.clone(),
        data: training.data.name.clone(),
        loss: network.measure.loss_name().into(),
        error: network.measure.name().into(),
        error_is_share: network.measure.is_share(),
        arms: training.arms.iter().map(|a| arm_name(*a).to_string()).collect(),
        seeds: training.seeds.clone(),
        runs: finished.into_iter().map(|f| f.run).collect(),
    }
}

/// Everything that decided the outcome, defaults included.
fn configuration(training: &Training, options: &Options) -> Value {
    let noise: Vec<Value> = training
        .noise
        .iter()
        .map(|n| {
            let args: Vec<String> = n.proposal.args.iter().map(|a| format!("{a:?}")).collect();
            json!({
                "target": n.target_name,
                "injection": format!("{:?}", n.injection),
                "proposal": format!("{}({})", n.proposal.likelihood.name, args.join(", ")),
                "cooled": n.cooling,
                "through": n.through,
            })
        })
        .collect();
    let folder = std::path::absolute(options.program).ok().and_then(|p| p.parent().map(Path::to_path_buf));
    json!({
        "program": options.program.display().to_string(),
        "folder": folder,
        "model": training.model.name,
        "sizes": training.model.sizes.iter().map(|(n, s)| (n.clone(), json!(s))).collect::<serde_json::Map<_, _>>(),
        "data": training.data.name,
        "epochs": training.epochs,
        "batch": training.batch,
        "optimizer": optimizer(training.optimizer),
        "seeds": training.seeds,
        "noise": noise,
        "select": training.select.to_string(),
        "estep": training.estep.to_string(),
        "gradient": match training.gradient { GradientLaw::Exact => "exact", GradientLaw::Printed => "printed" },
    })
}

fn optimizer(optimizer: Optimizer) -> Value {
    match optimizer {
        Optimizer::Sgd { rate, momentum } => json!({ "name": "sgd", "rate": rate, "momentum": momentum }),
        Optimizer::Adam { rate, beta1, beta2, epsilon } => {
            json!({ "name": "adam", "rate": rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon })
        }
    }
}

/// The program that was asked for, also where the training stands in a file that it uses: the run's relative paths start
/// from the program's folder.
fn program_text<'s>(session: &'s Session, training: &Training, options: &Options) -> &'s str {
    let program = session.sources.find(&options.program.display().to_string());
    &session.sources.get(program.unwrap_or(training.span.file)).text
}

fn stem(program: &Path) -> String {
    program.file_stem().map_or("run".into(), |s| s.to_string_lossy().into_owned())
}

/// The program as it was, curves, plot, the parameters of every run, and at last the results: a folder that has them is
/// complete.
fn write(
    folder: &Path,
    results: &Results,
    parameters: &[Vec<checkpoint::Tensor>],
    program: &str,
) -> Result<(), Problems> {
    let internal = |e: String| {
        Problems::from(
            Diagnostic::new(codes::RUN_FOLDER, format!("the results cannot be written: {e}"))
                .help("free some space, or choose another folder with --out"),
        )
    };
    write_atomically(&folder.join("program.nem"), program.as_bytes())?;
    for (run, tensors) in results.experiment.runs.iter().zip(parameters) {
        let origin = Origin {
            model: results.experiment.model.clone(),
            arm: run.arm.clone(),
            seed: run.seed,
            epoch: run.last_epoch(),
        };
        checkpoint::write(&folder.join(format!("{}-{}.safetensors", run.arm, run.seed)), &origin, tensors)?;
    }
    let curves = curves_csv(&results.experiment).map_err(|e| internal(e.to_string()))?;
    write_atomically(&folder.join("curves.csv"), curves.as_bytes())?;
    let figure = plot::figure(&results.experiment).map_err(internal)?;
    write_atomically(&folder.join("curves.svg"), figure.as_bytes())?;
    let text = results.to_json().map_err(|e| internal(e.to_string()))?;
    write_atomically(&folder.join("results.json"), text.as_bytes())
}
