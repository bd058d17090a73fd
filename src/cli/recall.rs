//! `nem recall RUN`

use std::path::PathBuf;

use clap::Args;

use super::run_folder::{RunFolder, Which};
use super::{Failure, Outcome, say, tell};
use crate::data::Table;
use crate::diag::{Diagnostic, MessageFormat, Problems, codes};
use crate::exec::{ExecError, Reference};
use crate::model::{Model, Node};
use crate::report::recall::{Part, told};
use crate::train::arm::state;
use crate::train::network::device_failed;
use crate::train::recall::{Recall as Loop, Recalled, Update};

#[derive(Args)]
pub struct Recall {
    /// A run folder that `nem train` made of a model with an energy
    run: PathBuf,
    /// The data: a `data` declaration of the run's program; by default the one it was trained on
    #[arg(long)]
    on: Option<String>,
    #[command(flatten)]
    which: Which,
    /// A group that recall is given, perhaps several times; the others start at their answer to it. By default all visible groups
    #[arg(long = "probe", value_name = "GROUP")]
    probes: Vec<String>,
    /// The share of the given units that are set to their other state first
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = share)]
    flip: f64,
    /// Which units take their answers in a sweep: `synchronous`, all, block after block; `subset(SHARE)`, each with this chance
    #[arg(long, default_value = "synchronous", value_parser = update)]
    update: Update,
    /// The most sweeps
    #[arg(long, default_value = "100")]
    steps: usize,
    /// Names the random numbers of `--flip` and `--update subset`
    #[arg(long, default_value = "1")]
    noise_seed: u64,
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share is a number from 0 to 1, such as 0.1".into())
}

fn update(text: &str) -> Result<Update, String> {
    let subset = || text.strip_prefix("subset(")?.strip_suffix(')')?.parse::<f64>().ok();
    match subset().filter(|share| *share > 0.0 && *share <= 1.0) {
        _ if text == "synchronous" => Ok(Update::Synchronous),
        Some(share) => Ok(Update::Subset(share)),
        None => {
            Err("an update is `synchronous`, or `subset(SHARE)` with a share above 0 up to 1, such as \"subset(0.5)\""
                .into())
        }
    }
}

impl Recall {
    pub fn run(self, messages: MessageFormat) -> Outcome {
        let folder = RunFolder::open(&self.run)?;
        tell(&folder.session.problems, &folder.session.sources, messages);
        self.recall(&folder).map_err(|problems| Failure { problems, sources: folder.session.sources })
    }

    fn recall(&self, folder: &RunFolder) -> Result<(), Problems> {
        let model = folder.model()?;
        let energy = model.energy.ok_or_else(|| no_energy(&model))?;
        let probes = self.probes(&model)?;
        let (name, data) = folder.data(self.on.as_deref(), &model)?;
        let wanted = folder.runs(&self.which)?;
        let machine = Loop::new(&model, energy, (self.update, self.steps), self.noise_seed)?;
        say(format!("{} on {name}: recall from {}", model.name, self.start(&probes)));
        let parts = [("train", Some(&data.train)), ("test", data.test.as_ref())];
        for run in wanted {
            let start = folder.start(run, &machine.blocks[0])?;
            for (part, table) in parts.into_iter().filter_map(|(part, table)| Some((part, table?))) {
                let recalled = self.recall_from(&machine, &start, &self.given(&machine, &model, &probes, table));
                let recalled = recalled.map_err(|e| device_failed(&e, model.span))?;
                let title = format!("{} {}, {part}", run.arm, run.seed);
                say(format!("\n{}", told(&Part { title, recalled: &recalled, truth: table, units: &machine.units })));
            }
        }
        Ok(())
    }

    /// In 64-bit numbers, so that what rounds does not decide.
    fn recall_from(&self, machine: &Loop, start: &[Vec<f64>], given: &Table) -> Result<Recalled, ExecError> {
        let mut state = state(&Reference, &machine.blocks[0], start)?;
        machine.from(&Reference, &mut state, given)
    }

    /// The groups that are given. Errors: `USAGE` for names of other things, and for flips of units without another state.
    fn probes<'m>(&self, model: &'m Model) -> Result<Vec<&'m Node>, Problems> {
        let visible: Vec<&Node> = model.units().filter(|(_, observed)| *observed).map(|(node, _)| node).collect();
        let is_unknown = |name: &&String| visible.iter().all(|node| node.name != **name);
        if let Some(name) = self.probes.iter().find(is_unknown) {
            return Err(no_such_group(name, &visible).into());
        }
        let is_given = |node: &&Node| self.probes.is_empty() || self.probes.contains(&node.name);
        let given: Vec<&Node> = visible.into_iter().filter(is_given).collect();
        match given.iter().find(|node| self.flip > 0.0 && !node.support.is_discrete()) {
            Some(node) => Err(no_other_state(node).into()),
            None => Ok(given),
        }
    }

    /// The inputs and the groups that are given, some units flipped.
    fn given(&self, machine: &Loop, model: &Model, probes: &[&Node], data: &Table) -> Table {
        let inputs = model.inputs().filter_map(|node| data.column(&node.name)).cloned();
        let flipped = probes.iter().filter_map(|node| data.column(&node.name)).cloned().map(|mut column| {
            machine.flip(&mut column, self.flip);
            column
        });
        Table { columns: inputs.chain(flipped).collect() }
    }

    fn start(&self, probes: &[&Node]) -> String {
        let names = probes.iter().map(|node| format!("`{}`", node.name)).collect::<Vec<_>>().join(" and ");
        let flipped = if self.flip > 0.0 { format!(", {} % of it flipped", 100.0 * self.flip) } else { String::new() };
        let update = match self.update {
            Update::Synchronous => "block after block".into(),
            Update::Subset(share) => format!("each unit with chance {share} in a sweep"),
        };
        format!("{names}{flipped}, {update}")
    }
}

fn no_energy(model: &Model) -> Diagnostic {
    Diagnostic::new(codes::USAGE, format!("the model `{}` has no energy, which recall would descend", model.name))
        .at(model.span, "has likelihoods")
        .help("give a run of a model with an `energy`, such as one of examples/bam.nem; `nem eval` predicts with any model")
}

fn no_such_group(name: &str, visible: &[&Node]) -> Diagnostic {
    let names: Vec<&str> = visible.iter().map(|node| node.name.as_str()).collect();
    Diagnostic::new(codes::USAGE, format!("`--probe {name}` is not a visible group of units"))
        .note("recall is given what the data has values of")
        .suggest(name, names)
}

fn no_other_state(node: &Node) -> Diagnostic {
    Diagnostic::new(codes::USAGE, format!("`--flip` does not go with the units `{}`", node.name))
        .at(node.span, format!("`{}` units have no other state", node.support))
        .help("leave out `--flip`, or give a group of `binary`, `bipolar` or `one_hot` units with `--probe`")
}
