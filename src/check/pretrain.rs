//! `pretrain Rbm(784, 200), Rbm(200, 100) { … }` in a `train` declaration: energies that a network starts from.

use super::declarations::Declarations;
use super::problem::{Check, all, both, fail};
use super::settings::{self, span_of};
use super::train::{configured, without_effect};
use crate::diag::{Diagnostic, codes};
use crate::model::{Arm, Compared, DataSpec, Model, Stage, Training};
use crate::plan::energy::{Fitted, stacked};
use crate::source::Span;
use crate::syntax::ast::{Pretrain, Setting, TrainDecl};

/// What is trained where pretraining is declared and nothing said of what to compare.
pub const PRETRAINED: Compared = Compared { arm: Arm::None, pretrained: true };

/// Settings that belong to the network alone.
const OF_NETWORKS: [&str; 3] = ["seeds", "checkpoints", "audit"];

/// The energies in order, from the data upwards, each fitted to layers of the network.
pub fn stages(declarations: &Declarations, network: &Model, data: &DataSpec, decl: &TrainDecl) -> Check<Vec<Stage>> {
    let given: Vec<&Pretrain> = pretrains(&decl.settings).collect();
    let inside = all(given.iter().map(|pretrain| own_settings(pretrain)));
    let trainings = all(given.iter().flat_map(|pretrain| each(pretrain, decl)).map(|energy| {
        let model = declarations.model_of(&energy)?;
        configured(declarations, &energy, Ok((model, data.clone()))).and_then(one_variant)
    }));
    let (_, trainings) = both(inside, trainings)?;
    let energies: Vec<(&Model, Span)> = trainings.iter().map(|t| (&t.model, t.span)).collect();
    let fitted = stacked(network, &energies)?;
    Ok(trainings.into_iter().zip(fitted).map(|(training, fitted)| stage(training, fitted)).collect())
}

fn stage(training: Training, fitted: Fitted) -> Stage {
    let Fitted { visible, hidden, below, given } = fitted;
    Stage { training, visible, hidden, below, given }
}

fn pretrains(settings: &[Setting]) -> impl Iterator<Item = &Pretrain> {
    settings.iter().filter_map(|setting| if let Setting::Pretrain(pretrain) = setting { Some(pretrain) } else { None })
}

/// Each energy as if it were trained by a declaration of its own.
fn each<'p>(pretrain: &'p Pretrain, decl: &'p TrainDecl) -> impl Iterator<Item = TrainDecl> + 'p {
    pretrain.energies.iter().map(|energy| TrainDecl {
        doc: None,
        model: energy.model.clone(),
        args: energy.args.clone(),
        data: decl.data.clone(),
        settings: pretrain.settings.iter().filter(|setting| is_own(setting)).cloned().collect(),
        span: energy.span,
    })
}

/// What an energy that pretrains can be told.
fn own_keys() -> impl Iterator<Item = &'static str> {
    settings::keys().filter(|key| !OF_NETWORKS.contains(key)).chain(["noise"])
}

fn is_own(setting: &Setting) -> bool {
    match setting {
        Setting::Option { key, .. } => own_keys().any(|own| own == key.text),
        Setting::Noise(_) => true,
        Setting::Pretrain(_) => false,
    }
}

/// Errors: `BAD_SETTING` for what belongs to the network, `UNKNOWN_SETTING`.
fn own_settings(pretrain: &Pretrain) -> Check<()> {
    let refused = |setting: &Setting| match setting {
        setting if is_own(setting) => None,
        Setting::Option { key, .. } if OF_NETWORKS.contains(&&key.text[..]) => Some(of_network(&key.text, key.span)),
        Setting::Option { key, .. } => Some(settings::unknown(key, "pretrain", own_keys())),
        Setting::Pretrain(inner) => Some(of_network("pretrain", inner.span)),
        Setting::Noise(_) => None,
    };
    all(pretrain.settings.iter().filter_map(refused).map(fail::<()>)).map(drop)
}

fn of_network(key: &str, span: Span) -> Diagnostic {
    Diagnostic::new(codes::BAD_SETTING, format!("`{key}` is not a setting of `pretrain`"))
        .at(span, "for the network alone")
        .help("move it out of the block: each seed of the network pretrains energies of its own")
}

/// A network starts from one result.
fn one_variant(training: Training) -> Check<Training> {
    if training.variants().len() == 1 && !training.compared[0].pretrained {
        return Ok(training);
    }
    fail(
        Diagnostic::new(codes::BAD_SETTING, format!("`{}` would be pretrained in several ways", training.model.name))
            .at(training.span, "a network starts from one result")
            .help("write one number instead of each list, and one arm after `compare`"),
    )
}

/// Errors: `BAD_SETTING` for a start from energies of which there are none.
pub fn needed(training: &Training, stages: &[Stage], decl: &TrainDecl) -> Check<()> {
    if !stages.is_empty() || training.compared.iter().all(|c| !c.pretrained) {
        return Ok(());
    }
    let span = span_of(&decl.settings, "compare").unwrap_or(decl.span);
    fail(
        Diagnostic::new(codes::BAD_SETTING, "`pretrained` has no energies to start from")
            .at(span, "nothing is pretrained")
            .help("add a line such as `pretrain Rbm(784, 200) { epochs 10 }`"),
    )
}

/// Warnings where no arm starts from what is pretrained, and about settings of energies that have no effect.
pub fn idle(training: &Training, decl: &TrainDecl) -> Vec<Diagnostic> {
    let unused = training.compared.iter().all(|c| !c.pretrained);
    let pretrain = pretrains(&decl.settings).next().filter(|_| unused);
    let own = pretrains(&decl.settings).flat_map(|pretrain| each(pretrain, decl));
    let inside = training.pretraining.iter().zip(own).flat_map(|(stage, own)| without_effect(&stage.training, &own));
    pretrain.map(|pretrain| not_compared(pretrain.span)).into_iter().chain(inside).collect()
}

fn not_compared(span: Span) -> Diagnostic {
    Diagnostic::new(codes::NO_EFFECT, "this pretraining has no effect")
        .at(span, "no arm starts from it")
        .help("compare one that does: `compare none, pretrained`")
}
