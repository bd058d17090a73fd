//! After how many epochs the training error of each arm of finished runs stays within 1 % of where it ends, as the median over
//! the seeds with the interval of the sign test.
//!
//! `cargo run --release --example convergence -- runs/coding-001 runs/coding-002`

use std::error::Error;
use std::path::Path;

use nemlang::report::results::Results;
use nemlang::train::record::ArmRun;
use nemlang::train::stats::{median, median_interval};

/// How far from its last value an error still counts as arrived.
const NEAR: f64 = 0.01;

fn main() -> Result<(), Box<dyn Error>> {
    for folder in std::env::args().skip(1) {
        let text = std::fs::read_to_string(Path::new(&folder).join("results.json"))?;
        let experiment = Results::from_json(&text)?.experiment;
        println!("{} on {}: {}", experiment.model, experiment.data, experiment.error);
        println!("{:<20} {:>12} {:>30}", "arm", "final", "epochs until within 1 % of it");
        for arm in &experiment.arms {
            let runs = || experiment.runs.iter().filter(|run| run.arm == *arm);
            let last: Vec<f64> = runs().filter_map(|run| Some(run.last()?.train_error)).collect();
            let epochs: Vec<f64> = runs().map(arrived).collect();
            println!("{arm:<20} {:>12.4} {:>30}", median(&last).unwrap_or(f64::NAN), summary(&epochs));
        }
        println!();
    }
    Ok(())
}

/// The first epoch from which on the error stays near the last.
fn arrived(run: &ArmRun) -> f64 {
    let last = run.last().map_or(f64::NAN, |epoch| epoch.train_error);
    let far = run.epochs.iter().rposition(|epoch| (epoch.train_error / last - 1.0).abs() > NEAR);
    far.map_or(0.0, |at| (run.epochs[at].epoch + 1) as f64)
}

fn summary(epochs: &[f64]) -> String {
    let middle = median(epochs).unwrap_or(f64::NAN);
    match median_interval(epochs) {
        Some(i) => format!("{middle} ({} to {}, {:.1} %)", i.low, i.high, 100.0 * i.coverage),
        None => format!("{middle}"),
    }
}
