//! Made-up experiments for the tests of tables, verdicts and plots. No number here was measured.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::train::record::{ArmRun, Design, Epoch, Experiment};

/// A run whose training loss at epoch 0, 1, … is `losses`; its other measures follow from them.
pub fn run(arm: &str, seed: u64, losses: &[f64]) -> ArmRun {
    let epochs = losses.iter().enumerate().map(|(epoch, &train_loss)| Epoch {
        epoch,
        train_loss,
        test_loss: Some(train_loss + 0.1),
        train_error: 0.1,
        test_error: Some(0.2),
        accepted: None,
        effective: None,
    });
    ArmRun { arm: arm.into(), seed, epochs: epochs.collect(), stopped: None, seconds: 1.0 }
}

/// An experiment of these runs; arms and seeds in the order of their first run.
pub fn of(runs: Vec<ArmRun>) -> Experiment {
    let (mut arms, mut seeds) = (vec![], vec![]);
    for run in &runs {
        if !arms.contains(&run.arm) {
            arms.push(run.arm.clone());
        }
        if !seeds.contains(&run.seed) {
            seeds.push(run.seed);
        }
    }
    Experiment {
        model: "Classifier".into(),
        data: "digits".into(),
        loss: "cross-entropy (nats)".into(),
        error: "error rate".into(),
        error_is_share: true,
        arms,
        designs: vec![],
        seeds,
        runs,
        pretraining: vec![],
    }
}

/// Four arms over 40 epochs: `nem` fits the training set faster and generalises worse, `blind` does nothing that can be
/// seen, `anti` hurts.
pub fn boosted(seeds: u64) -> Experiment {
    let arms = [("none", 0.115, 0.154), ("blind", 0.112, 0.155), ("nem", 0.140, 0.176), ("anti", 0.085, 0.171)];
    of((1..=seeds).flat_map(|seed| arms.map(|(arm, rate, error)| curve(arm, seed, rate, error))).collect())
}

/// Exponential decay at `rate` an epoch, with overfitting after it; the seed shifts every arm alike.
fn curve(arm: &str, seed: u64, rate: f64, error: f64) -> ArmRun {
    let shared = ChaCha8Rng::seed_from_u64(seed).random::<f64>() - 0.5;
    let mut own = ChaCha8Rng::seed_from_u64(seed * 1000 + arm.bytes().map(u64::from).sum::<u64>());
    let epochs = (0..=40).map(|epoch| {
        let mut jitter = |scale: f64| 1.0 + scale * (own.random::<f64>() - 0.5);
        let gone = (-rate * (1.0 + 0.2 * shared) * epoch as f64).exp();
        Epoch {
            epoch,
            train_loss: 2.3 * gone * jitter(0.08),
            test_loss: Some((0.45 + 1.85 * gone + rate * 0.015 * epoch as f64 + 0.05 * shared) * jitter(0.03)),
            train_error: 0.9 * gone,
            test_error: Some((error + 0.02 * shared + 0.75 * gone) * jitter(0.04)),
            accepted: (arm == "nem").then_some(0.5),
            effective: None,
        }
    });
    ArmRun { arm: arm.into(), seed, epochs: epochs.collect(), stopped: None, seconds: 3.0 }
}

/// As `boosted`, but three of ten `blind` runs and seven of ten `anti` runs explode on the way.
pub fn diverging() -> Experiment {
    let mut e = boosted(10);
    for run in &mut e.runs {
        let last = match (run.arm.as_str(), run.seed) {
            ("blind", 1..=3) => 12,
            ("anti", 1..=7) => 10 + 2 * run.seed as usize,
            _ => continue,
        };
        run.epochs.truncate(last + 1);
        run.epochs[last].train_loss = 1e30;
        run.stopped = Some("the training loss is infinite".into());
    }
    e
}

/// Three arms over three scales and two coolings: `nem` gains most in training at 0.4 cooled 1, `blind` nothing anywhere, and
/// more noise costs more on the test set.
pub fn designs(seeds: u64) -> Experiment {
    let scales = [0.1, 0.4, 0.8];
    let variants = ["blind", "nem"]
        .into_iter()
        .flat_map(|arm| scales.into_iter().flat_map(move |scale| [0.0, 1.0].map(|cooling| (arm, scale, cooling))));
    let variants: Vec<(&str, f64, f64)> = variants.collect();
    let values = |scale, cooling| vec![("sigma".to_string(), scale), ("cooled".to_string(), cooling)];
    let runs = (1..=seeds).flat_map(|seed| {
        let noisy = variants.iter().map(move |(arm, scale, cooling)| {
            let gain = if *arm == "nem" { 0.03 - 0.2 * (scale - 0.4).powi(2) - 0.02 * (1.0 - cooling) } else { 0.0 };
            curve(&format!("{arm} {scale} cooled {cooling}"), seed, 0.115 + gain, 0.154 + 0.03 * scale)
        });
        std::iter::once(curve("none", seed, 0.115, 0.154)).chain(noisy)
    });
    let noiseless = Design { arm: "none".into(), values: vec![] };
    let noisy =
        variants.iter().map(|(arm, scale, cooling)| Design { arm: arm.to_string(), values: values(*scale, *cooling) });
    Experiment { designs: std::iter::once(noiseless).chain(noisy).collect(), ..of(runs.collect()) }
}

/// Two arms at three rates: without noise the last is the best, with noise the first, where it gains most.
pub fn rates(seeds: u64) -> Experiment {
    let variants = [("none", [0.06, 0.10, 0.115]), ("nem", [0.112, 0.11, 0.105])];
    let variants = variants
        .into_iter()
        .flat_map(|(arm, speeds)| [0.5, 1.0, 2.0].into_iter().zip(speeds).map(move |(rate, speed)| (arm, rate, speed)));
    let variants: Vec<(&str, f64, f64)> = variants.collect();
    let run =
        |seed| variants.iter().map(move |(arm, rate, speed)| curve(&format!("{arm} rate {rate}"), seed, *speed, 0.15));
    let design =
        |(arm, rate, _): &(&str, f64, f64)| Design { arm: arm.to_string(), values: vec![("rate".into(), *rate)] };
    Experiment { designs: variants.iter().map(design).collect(), ..of((1..=seeds).flat_map(run).collect()) }
}
