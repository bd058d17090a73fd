//! A training declaration made ready to run: programs and numbers, free of expressions, so that it can cross threads.

use super::record::Design;
use crate::diag::{Diagnostic, Problems, codes};
use crate::exec::{ExecError, Program};
use crate::model::{Arm, Method, Model, Node, Optimizer, Support, Training, Variant, Varied};
use crate::plan::energy::Judgement;
use crate::plan::network::{ONE_OVER_DATA_ROWS, ONE_OVER_ROWS, StepSpec, Task, evaluation_of, training_step};
use crate::plan::noise::cooling_slot;
use crate::plan::{Persistent, Plan, ROWS, optimizer};

pub struct Network {
    pub model: String,
    /// What is compared, in the order in which it is told.
    pub variants: Vec<Trained>,
    pub evaluation: Program,
    pub parameters: Vec<Persistent>,
    pub measure: Measure,
    pub epochs: usize,
    pub batch: usize,
    /// The epochs after which the parameters are kept, besides the last.
    pub kept: Vec<usize>,
}

/// An arm in one design: its program, and the numbers that are put into it.
pub struct Trained {
    /// `nem`; `nem 0.28 cooled 1` where there are several.
    pub name: String,
    pub design: Design,
    pub program: Program,
    /// Whether it starts from pretrained energies.
    pub pretrained: bool,
    optimizer: Optimizer,
    /// τ of each noise statement.
    cooling: Vec<f64>,
}

/// How predictions are judged besides the likelihood.
#[derive(Clone, Debug)]
pub struct Measure {
    /// The observed variable that is judged.
    pub target: String,
    pub kind: MeasureKind,
    /// What stands for the log-likelihood of an energy.
    pub energy: Option<Judgement>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureKind {
    /// The share of examples whose largest component is another than the target's.
    LargestComponent,
    /// The share of components on the wrong side of the middle.
    Side,
    RootMeanSquare,
}

impl Measure {
    pub fn of(model: &Model, method: Method) -> Measure {
        if model.energy.is_some() {
            return Measure::of_energy(model, method);
        }
        let node = model.observed().next().map(|(node, _)| node);
        let kind = match node.map(|n| n.support) {
            Some(Support::OneHot | Support::Simplex) => MeasureKind::LargestComponent,
            Some(Support::Binary | Support::Bipolar) => MeasureKind::Side,
            _ => MeasureKind::RootMeanSquare,
        };
        Measure { target: node.map(|n| n.name.clone()).unwrap_or_default(), kind, energy: None }
    }

    /// Classes beside other units are predicted from them; other units are reconstructed.
    fn of_energy(model: &Model, method: Method) -> Measure {
        let visible: Vec<&Node> = model.units().filter(|(_, observed)| *observed).map(|(node, _)| node).collect();
        let classes = visible.iter().find(|node| node.support == Support::OneHot && visible.len() > 1);
        let (target, kind) = match classes {
            Some(node) => (Some(*node), MeasureKind::LargestComponent),
            None => (visible.first().copied(), MeasureKind::RootMeanSquare),
        };
        let target = target.map(|node| node.name.clone()).unwrap_or_default();
        Measure { target, kind, energy: Some(Judgement::of(model, method)) }
    }

    pub fn is_share(&self) -> bool {
        self.kind != MeasureKind::RootMeanSquare
    }

    pub fn name(&self) -> &'static str {
        match (self.is_share(), self.energy) {
            (true, _) => "error rate",
            (false, Some(_)) => "root-mean-square reconstruction error",
            (false, None) => "root-mean-square error",
        }
    }

    pub fn loss_name(&self) -> &'static str {
        match (self.energy, self.kind) {
            (Some(Judgement::Pseudo), _) => "negative pseudo-log-likelihood (nats)",
            (Some(Judgement::Reconstruction), _) => "negative log-density of the reconstruction (nats)",
            (None, MeasureKind::LargestComponent | MeasureKind::Side) => "cross-entropy (nats)",
            (None, MeasureKind::RootMeanSquare) | (Some(Judgement::Likelihood), _) => "negative log-likelihood (nats)",
        }
    }
}

pub fn arm_name(arm: Arm) -> &'static str {
    match arm {
        Arm::None => "none",
        Arm::Blind => "blind",
        Arm::Nem => "nem",
        Arm::Anti => "anti",
        Arm::Ascent => "ascent",
    }
}

/// The arm and where it starts: `none`, `nem`, `pretrained`, `pretrained nem`.
fn kind_name(variant: &Variant) -> String {
    match (variant.pretrained, variant.arm) {
        (false, arm) => arm_name(arm).into(),
        (true, Arm::None) => "pretrained".into(),
        (true, arm) => format!("pretrained {}", arm_name(arm)),
    }
}

/// The arm and the numbers that set it apart: `none`, `nem 0.28 cooled 1`.
pub fn variant_name(variant: &Variant) -> String {
    let value = |(varied, value): &(&Varied, f64)| match varied.is_plain {
        true => format!(" {}", short(*value)),
        false => format!(" {} {}", varied.name, short(*value)),
    };
    kind_name(variant) + &variant.values.iter().map(value).collect::<String>()
}

/// Files are called by these numbers, and their names have to end somewhere.
fn short(value: f64) -> String {
    if value == 0.0 || (1e-4..1e7).contains(&value.abs()) { format!("{value}") } else { format!("{value:e}") }
}

impl Network {
    pub fn new(training: &Training) -> Result<Network, Problems> {
        let mut problems = Problems::new();
        let mut variants = vec![];
        for variant in &training.variants() {
            match training_step(&step_spec(training, variant)) {
                Ok(plan) => variants.push(Trained::new(variant, program(plan, training)?)),
                Err(found) => problems.extend(found),
            }
        }
        if problems.has_errors() {
            return Err(problems);
        }
        let evaluation = evaluation_of(&training.model, training.estep, training.method)?;
        let evaluation = program(evaluation, training)?;
        Ok(Network {
            model: training.model.name.clone(),
            parameters: evaluation.plan().persistent.clone(),
            variants,
            evaluation,
            measure: Measure::of(&training.model, training.method),
            epochs: training.epochs,
            batch: training.batch,
            kept: kept(training.epochs, training.checkpoints),
        })
    }
}

impl Trained {
    pub fn new(variant: &Variant, program: Program) -> Trained {
        Trained {
            name: variant_name(variant),
            design: Design {
                arm: kind_name(variant),
                values: variant.values.iter().map(|(varied, value)| (varied.name.clone(), *value)).collect(),
            },
            program,
            pretrained: variant.pretrained,
            optimizer: variant.optimizer,
            cooling: variant.noise.iter().map(|n| n.cooling).collect(),
        }
    }

    /// The numbers that a step asks for: epochs count from 1, and so do steps.
    pub fn slots(&self, at: StepAt) -> Vec<f64> {
        self.program.plan().slots.iter().map(|name| self.slot(name, at)).collect()
    }

    fn slot(&self, name: &str, at: StepAt) -> f64 {
        match name {
            ROWS => at.rows as f64,
            ONE_OVER_ROWS => 1.0 / at.rows as f64,
            ONE_OVER_DATA_ROWS => 1.0 / at.data_rows as f64,
            _ => optimizer::slot_value(self.optimizer, name, at.step)
                .or_else(|| self.cooling_value(name, at.epoch))
                .unwrap_or(f64::NAN),
        }
    }

    fn cooling_value(&self, name: &str, epoch: usize) -> Option<f64> {
        let statement = (0..self.cooling.len()).find(|i| cooling_slot(*i) == name)?;
        Some((epoch as f64).powf(-self.cooling[statement]))
    }
}

/// So many epochs, evenly from the start on.
fn kept(epochs: usize, count: usize) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..count).map(|i| i * epochs / count).collect();
    kept.dedup();
    kept
}

/// Where in a run a step stands.
#[derive(Clone, Copy, Debug)]
pub struct StepAt {
    pub epoch: usize,
    pub step: u64,
    pub rows: usize,
    pub data_rows: usize,
}

pub fn step_spec<'a>(training: &'a Training, variant: &'a Variant) -> StepSpec<'a> {
    StepSpec {
        model: &training.model,
        noise: &variant.noise,
        arm: variant.arm,
        select: training.select,
        estep: training.estep,
        method: training.method,
        sparsity: training.sparsity,
        normaliser: training.normaliser,
        batch: training.batch,
        gradient: training.gradient,
        optimizer: variant.optimizer,
        task: Task::Train,
    }
}

pub fn program(plan: Plan, training: &Training) -> Result<Program, Problems> {
    Program::new(plan).map_err(|e| device_failed(&e, training.span).into())
}

pub fn device_failed(error: &ExecError, place: crate::source::Span) -> Diagnostic {
    Diagnostic::new(codes::DEVICE, error.to_string())
        .at(place, "while running this")
        .help("try `--device reference`, which is slow but depends on nothing; if that works, the device is at fault")
}
