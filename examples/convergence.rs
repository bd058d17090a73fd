//! After how many epochs the training error of each arm of a finished run stays within 1 % of where it ends, and is for the
//! first time within 1 % of a level: the medians over the seeds with the intervals of the sign test.
//!
//! `cargo run --release --example convergence -- runs/coding-001 0.2906`

use std::error::Error;
use std::path::Path;

use nemlang::report::results::Results;
use nemlang::train::record::ArmRun;
use nemlang::train::stats::{median, median_interval};

/// How far from its last value an error still counts as arrived.
const NEAR: f64 = 0.01;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, level] = args.as_slice() else { return Err("give a run folder and a level".into()) };
    let level: f64 = level.parse()?;
    let text = std::fs::read_to_string(Path::new(folder).join("results.json"))?;
    let experiment = Results::from_json(&text)?.experiment;
    println!("{} on {}: {}", experiment.model, experiment.data, experiment.error);
    let heads = ["epochs until near it", "epochs until near the level"];
    println!("{:<18} {:>8} {:>8} {:>28} {:>28}", "arm", "lowest", "final", heads[0], heads[1]);
    for arm in &experiment.arms {
        let runs: Vec<&ArmRun> = experiment.runs.iter().filter(|run| run.arm == *arm).collect();
        let over_seeds = |of: &dyn Fn(&ArmRun) -> f64| Vec::from_iter(runs.iter().map(|run| of(run)));
        let [lowest, last] = [over_seeds(&lowest), over_seeds(&last)].map(|e| median(&e).unwrap_or(f64::NAN));
        let (rest, reach) = (summary(&over_seeds(&at_rest)), summary(&over_seeds(&|run| reaches(run, level))));
        println!("{arm:<18} {lowest:>8.4} {last:>8.4} {rest:>28} {reach:>28}");
    }
    Ok(())
}

fn last(run: &ArmRun) -> f64 {
    run.last().map_or(f64::NAN, |epoch| epoch.train_error)
}

fn lowest(run: &ArmRun) -> f64 {
    run.epochs.iter().map(|epoch| epoch.train_error).fold(f64::INFINITY, f64::min)
}

/// The first epoch from which on the error stays near the last.
fn at_rest(run: &ArmRun) -> f64 {
    let far = run.epochs.iter().rposition(|epoch| (epoch.train_error / last(run) - 1.0).abs() > NEAR);
    far.map_or(0.0, |at| (run.epochs[at].epoch + 1) as f64)
}

/// The first epoch near the level or below; ∞ where there is none.
fn reaches(run: &ArmRun, level: f64) -> f64 {
    let first = run.epochs.iter().find(|epoch| epoch.train_error <= (1.0 + NEAR) * level);
    first.map_or(f64::INFINITY, |epoch| epoch.epoch as f64)
}

fn summary(epochs: &[f64]) -> String {
    let middle = median(epochs).unwrap_or(f64::NAN);
    match median_interval(epochs) {
        Some(i) => format!("{middle} ({} to {}, {:.1} %)", i.low, i.high, 100.0 * i.coverage),
        None => format!("{middle}"),
    }
}
