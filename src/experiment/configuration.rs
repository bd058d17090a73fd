//! Everything that decided the outcome, defaults included, for `results.json`.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::Options;
use crate::model::{Compared, GradientLaw, Noise, Optimizer, Place, Stage, Training};
use crate::train::network::arm_name;

pub fn configuration(training: &Training, options: &Options) -> Value {
    let noise = training.noise.iter().enumerate().map(|(at, statement)| noise(training, at, statement));
    let folder = std::path::absolute(options.program).ok().and_then(|p| p.parent().map(Path::to_path_buf));
    json!({
        "program": options.program.display().to_string(),
        "folder": folder,
        "model": training.model.name,
        "sizes": training.model.sizes.iter().map(|(n, s)| (n.clone(), json!(s))).collect::<Map<_, _>>(),
        "data": training.data.name,
        "epochs": training.epochs,
        "batch": training.batch,
        "optimizer": optimizer(training),
        "seeds": training.seeds,
        "noise": noise.collect::<Vec<_>>(),
        "select": training.select.to_string(),
        "estep": training.estep.to_string(),
        "method": training.model.energy.map(|_| training.method.to_string()),
        "normaliser": training.model.energy.map(|_| training.normaliser.to_string()),
        "sparsity": training.sparsity.map(|s| json!({ "target": s.target, "weight": s.weight })),
        "compare": training.compared.iter().map(compared).collect::<Vec<_>>(),
        "pretrain": training.pretraining.iter().map(|stage| pretrained(stage, options)).collect::<Vec<_>>(),
        "set": options.settings,
        "gradient": match training.gradient { GradientLaw::Exact => "exact", GradientLaw::Printed => "printed" },
    })
}

fn compared(compared: &Compared) -> Value {
    json!({ "arm": arm_name(compared.arm), "pretrained": compared.pretrained })
}

/// An energy with its own settings; program, data and seeds are those of the network.
fn pretrained(stage: &Stage, options: &Options) -> Value {
    let mut own = configuration(&stage.training, options);
    if let Some(fields) = own.as_object_mut() {
        OF_NETWORKS.iter().for_each(|key| drop(fields.remove(*key)));
        fields.insert("layers".into(), stage.given.iter().map(|given| given.variable.as_str()).collect());
    }
    own
}

/// What an energy does not have of its own.
const OF_NETWORKS: [&str; 7] = ["program", "folder", "data", "seeds", "set", "pretrain", "estep"];

fn noise(training: &Training, statement: usize, noise: &Noise) -> Value {
    let proposal = &noise.proposal;
    let args = proposal.args.iter().enumerate().map(|(index, arg)| {
        let several = values(training, Place::Argument { statement, index });
        several.map_or_else(|| format!("{arg:?}"), |list| format!("{list:?}"))
    });
    json!({
        "target": noise.target_name,
        "injection": format!("{:?}", noise.injection),
        "proposal": format!("{}({})", proposal.likelihood.name, args.collect::<Vec<_>>().join(", ")),
        "cooled": values(training, Place::Cooling { statement }).map_or(json!(noise.cooling), |list| json!(list)),
        "through": noise.through,
    })
}

/// The numbers of a list; `None` where one number stands.
fn values(training: &Training, place: Place) -> Option<&[f64]> {
    training.varied.iter().find(|v| v.place == place).map(|v| &v.values[..])
}

fn optimizer(training: &Training) -> Value {
    let rate = values(training, Place::Rate).map_or(json!(training.optimizer.rate()), |list| json!(list));
    match training.optimizer {
        Optimizer::Sgd { momentum, .. } => json!({ "name": "sgd", "rate": rate, "momentum": momentum }),
        Optimizer::Adam { beta1, beta2, epsilon, .. } => {
            json!({ "name": "adam", "rate": rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon })
        }
    }
}
