//! The sections of a model: one for each random variable; those that differ in their name alone share one.

use super::energy;
use super::likelihood::premises;
use super::noise::{self, injected};
use super::paper::Paper;
use super::prior;
use super::words::{code, set};
use crate::derive::{Delta, Failure, Invariance, LayerDerivation, ModelDerivation};
use crate::expr::{Dim, Expr, Shape, print, print::latex, print::latex_symbol, simplify};
use crate::model::apart;
use crate::report::derivation::layer::{Letters, groups, letter, names, pre_activation};
use crate::report::derivation::noise::Told;

pub fn sections(paper: &mut Paper, model: &ModelDerivation) {
    for layers in groups(&model.layers) {
        if let Some(first) = layers.first() {
            let letter = letter(&layers);
            let plural = if layers.len() > 1 { "s" } else { "" };
            let title = format!("Model {}, variable{plural} {}", code(&model.name), code(&names(&layers)));
            paper.section(&title);
            section(paper, first, &letter);
        }
    }
    prior::section(paper, model);
    model.energy.iter().for_each(|derived| energy::section(paper, &model.name, derived));
    if !model.carried.is_empty() || !model.requested.is_empty() {
        paper.section(&format!("Model {}, other noise", code(&model.name)));
    }
    model.carried.iter().for_each(|one| noise::carried(paper, one, &latex));
    model.requested.iter().for_each(|asked| noise::requested(paper, asked, &latex));
}

fn section(paper: &mut Paper, derived: &LayerDerivation, target: &str) {
    let letters = Letters::new(derived, target);
    let write = |e: Expr| latex(letters.put(e));
    paper.paragraph("Assumptions:");
    let called = |name: &String| format!("${}$ is the variable {}.", latex_symbol(&apart(name)), code(name));
    paper.list(&[assumptions(derived, &write), letters.taken.iter().map(called).collect()].concat());
    let before = paper.steps();
    paper.step(&density_sentence(derived, &write), &[format!(r"\ln f = {}.", write(told_density(derived)))]);
    scores(paper, derived, &write);
    for (i, delta) in derived.deltas.iter().enumerate() {
        gradient(paper, delta, &pre_activation(derived, i), &write);
    }
    paper.rules(before, derived.rules.iter().copied());
    for (at, (nem, in_o)) in derived.noise.iter().zip(&derived.noise_in_o).enumerate() {
        paper.part(&format!("Noise ${}$", injected(nem, &write)));
        noise::steps(paper, Told { nem, twin: Some(in_o), ascent: derived.ascent.get(at) }, &write);
    }
}

type Write<'a> = &'a dyn Fn(Expr) -> String;

fn assumptions(derived: &LayerDerivation, write: Write) -> Vec<String> {
    let likelihood = &derived.instance.likelihood;
    let width = match derived.target.shape() {
        Shape::Vector(Dim::Fixed(n)) if n > 1 => Some(n.to_string()),
        _ => None,
    };
    let place = if derived.observed { "It is observed." } else { "It is latent, and stands at its mean." };
    let set = set(likelihood.support, width.as_deref());
    let argument = |(formal, value): (&crate::model::Formal, &Expr)| {
        let value = simplify(*value, &mut Default::default());
        format!("${} = {}$", latex_symbol(&formal.name), write(value))
    };
    let arguments: Vec<String> = likelihood.formals.iter().zip(&derived.instance.args).map(argument).collect();
    let target = write(derived.target);
    let mut items = vec![
        format!("The variable is ${target} \\in {set}$. {place}"),
        format!("Given its parents it follows {} with {}.", code(&likelihood.name), arguments.join(", ")),
    ];
    if likelihood.dim.is_none() && width.is_some() {
        items.push("Its components are independent given the parents: their log-densities add.".into());
    }
    items.extend(premises());
    items
}

/// Whether the density is no longer with the mean as a letter.
fn by_mean(derived: &LayerDerivation) -> bool {
    let (plain, in_mean) = (derived.log_density, derived.log_density_in_mean);
    derived.mean.is_some() && in_mean != plain && in_mean.size() <= plain.size()
}

fn told_density(derived: &LayerDerivation) -> Expr {
    if by_mean(derived) { derived.log_density_in_mean } else { derived.log_density }
}

fn density_sentence(derived: &LayerDerivation, write: Write) -> String {
    match derived.mean.filter(|_| derived.log_density_in_mean != derived.log_density) {
        Some(mean) => format!("With the mean $a = {}$, the log-density is", write(mean)),
        None => "The log-density is".into(),
    }
}

fn scores(paper: &mut Paper, derived: &LayerDerivation, write: Write) {
    let score = |(name, score): &(String, Expr)| {
        format!(r"\frac{{\partial \ln f}}{{\partial {}}} = {}", latex_symbol(name), write(*score))
    };
    if !derived.scores.is_empty() {
        let scores: Vec<String> = derived.scores.iter().map(score).collect();
        paper.step("Its derivatives by the parameters, the scores, are", &scores);
    }
}

/// δ at one pre-activation, and whether it is a multiple of target minus mean.
fn gradient(paper: &mut Paper, delta: &Delta, o: &str, write: Write) {
    let o = latex_symbol(o);
    let told = format!(r"\delta = \frac{{\partial \ln f}}{{\partial {o}}} = {}.", write(delta.in_mean));
    paper.step(&format!("At the pre-activation {} the gradient is", origin(delta, &o)), &[told]);
    if delta.target_replaced() != delta.noisy && write(delta.target_replaced()) != write(delta.noisy) {
        let noisy = format!(r"\delta' = {}.", write(delta.noisy));
        paper.step(&format!("With a noisy target ${}$ it is", write(delta.noisy_target)), &[noisy]);
    }
    paper.step(&invariance(delta, write), &[]);
}

fn origin(delta: &Delta, o: &str) -> String {
    match &delta.layer {
        Some(layer) => format!("${o}$, the value of {},", code(layer)),
        None if delta.source.contains('.') => format!("${o} = {}$", print::latex(delta.value)),
        None => format!("${o}$, which is {},", code(&delta.source)),
    }
}

fn invariance(delta: &Delta, write: Write) -> String {
    let error = format!("${} - {}$", write(delta.target), write(delta.a));
    match &delta.invariance {
        Invariance::Holds { scale } if scale.is_num(1.0) => {
            format!("The invariance of backpropagation holds: $\\delta$ is {error}.")
        }
        Invariance::Holds { scale } => {
            format!("The invariance of backpropagation holds: $\\delta$ is {error} times ${}$.", write(*scale))
        }
        Invariance::NoMean => {
            "The invariance of backpropagation is not defined: the pre-activation feeds no declared mean.".into()
        }
        Invariance::Fails(failure) => {
            format!("The invariance of backpropagation fails: {}.", reason(failure, &error, write))
        }
    }
}

fn reason(failure: &Failure, error: &str, write: Write) -> String {
    match failure {
        Failure::Slope(slope) => format!("the link's slope ${}$ stays beside {error}", write(*slope)),
        Failure::Mixing => "the link mixes the components, and the mixing stays".into(),
        Failure::Score(score) => {
            format!(r"$\partial \ln f / \partial a = {}$ is no multiple of {error}", write(*score))
        }
        Failure::Indirect => {
            format!("$\\delta$ is no constant multiple of {error}; the mean is not itself a parameter")
        }
    }
}
