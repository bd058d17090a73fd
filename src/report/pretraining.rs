//! What a network starts from: which parameters of which energies, and how these were trained.

use super::format;
use crate::model::{Given, Shared, Stage, Training};
use crate::train::{
    record::{Experiment, Pretrained},
    stats::median,
};

/// Which layer takes which parameters, a line each; nothing without pretraining.
pub fn plan(training: &Training) -> String {
    let network: Vec<&str> = training.model.parameters().map(|(node, _)| node.name.as_str()).collect();
    let up = training.pretraining.iter().filter_map(|s| Some((s, "from", s.given.first()?)));
    let back = training.pretraining.iter().rev().filter_map(|s| Some((s, "back to", s.given.get(1)?)));
    let lines: String = up.chain(back).map(|(stage, way, given)| line(&network, stage, way, given)).collect();
    match lines.is_empty() {
        true => lines,
        false => {
            format!("pretrained layers: each is what units of an energy are on average, given the other group\n{lines}")
        }
    }
}

/// `  h1 from x: h1.W = W, h1.b = c of Rbm`
fn line(network: &[&str], stage: &Stage, way: &str, given: &Given) -> String {
    let energy = &stage.training.model;
    let own: Vec<&str> = energy.parameters().map(|(node, _)| node.name.as_str()).collect();
    let equation =
        |s: &Shared| format!("{} = {}{}", network[s.parameter], own[s.from], if s.transposed { "ᵀ" } else { "" });
    let equations: Vec<String> = given.shared.iter().map(equation).collect();
    format!("  {} {way} {}: {} of {}\n", given.variable, stage.below, equations.join(", "), energy.name)
}

/// How well each energy reconstructs what it was trained on, before and after, a line each.
pub fn told(experiment: &Experiment) -> String {
    let mut stages: Vec<(&str, &[String])> = vec![];
    for Pretrained { model, layers, .. } in &experiment.pretraining {
        if !stages.contains(&(model, layers)) {
            stages.push((model, layers));
        }
    }
    stages.iter().map(|(model, layers)| outcome(experiment, model, layers)).collect()
}

fn outcome(experiment: &Experiment, model: &str, layers: &[String]) -> String {
    let of_stage = |p: &&Pretrained| p.model == model && p.layers == layers;
    let runs: Vec<&Pretrained> = experiment.pretraining.iter().filter(of_stage).collect();
    let middle =
        |get: fn(&Pretrained) -> f64| median(&runs.iter().map(|p| get(p)).collect::<Vec<_>>()).unwrap_or(f64::NAN);
    let [before, after] = [middle(|p| p.error_before), middle(|p| p.error_after)].map(|x| format::significant(x, 4));
    let epochs = format::count(runs.first().map_or(0, |p| p.epochs), "epoch");
    let (seeds, seconds) = (format::count(runs.len(), "seed"), format::significant(middle(|p| p.seconds), 2));
    let layers = layers.join(", ");
    format!(
        "pretraining of {layers} by {model}: root-mean-square reconstruction error {before}, after {epochs} {after} (median over {seeds}, {seconds} s each)\n"
    )
}
