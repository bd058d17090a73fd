//! The section on the priors of a model: what they add to the gradient, and that they cancel from Δ.

use super::noise::injected;
use super::paper::Paper;
use super::words::code;
use crate::derive::{LayerDerivation, ModelDerivation, PriorDerivation};
use crate::expr::{Expr, print::latex, print::latex_symbol};
use crate::report::derivation::layer::{Letters, groups, letter};
use crate::report::derivation::prior::{alike, both, names};

/// Nothing where there are no priors.
pub fn section(paper: &mut Paper, model: &ModelDerivation) {
    if model.priors.is_empty() {
        return;
    }
    paper.section(&format!("Model {}, priors", code(&model.name)));
    alike(&model.priors).iter().for_each(|priors| prior(paper, priors));
    let rules = model.priors.iter().flat_map(|prior| prior.rules.iter().copied());
    paper.rules(0, rules);
    let cancelled = [
        r"\ln f(y' \mid \Theta) + \ln p(\Theta) - \bigl(\ln f(y \mid \Theta) + \ln p(\Theta)\bigr)",
        r" = \ln f(y' \mid \Theta) - \ln f(y \mid \Theta).",
    ];
    let sentence =
        r"Noise that turns a variable $y$ into $y'$ leaves the parameters $\Theta$ alone, so that their priors cancel:";
    paper.step(sentence, &[cancelled.concat()]);
    for layers in groups(&model.layers) {
        if let Some(first) = layers.first() {
            differences(paper, model, first, &Letters::new(first, &letter(&layers)));
        }
    }
}

fn prior(paper: &mut Paper, priors: &[&PriorDerivation]) {
    let Some(first) = priors.first() else { return };
    let likelihood = &first.instance.likelihood;
    let value =
        |(formal, x): (&crate::model::Formal, &Expr)| format!("${} = {}$", latex_symbol(&formal.name), latex(*x));
    let args: Vec<String> = likelihood.formals.iter().zip(&first.instance.args).map(value).collect();
    let each = if first.elements() > 1 { format!("each of {} elements of ", first.elements()) } else { String::new() };
    let (variable, who) = (latex(first.variable), code(&names(priors)));
    let sentence = format!("The prior of {each}{who} is {} with {}:", code(&likelihood.name), args.join(", "));
    paper.step(&sentence, &[format!(r"\ln p({variable}) = {}.", latex(first.log_density))]);
    let score = format!(r"\frac{{\partial \ln p}}{{\partial {variable}}} = {}.", latex(first.score));
    paper.step("With $N$ examples, each step of training adds $1/N$ of its derivative to the mean gradient:", &[score]);
}

/// Each Δ of a layer with the priors in it.
fn differences(paper: &mut Paper, model: &ModelDerivation, layer: &LayerDerivation, letters: &Letters) {
    let write = |e: Expr| latex(letters.put(e));
    for (noise, with) in both(model, layer) {
        let verdict = if with == noise.delta { "the same as without them" } else { "another value than without them" };
        let sentence = format!("Noise ${}$ gives, with the priors on both sides, {verdict}:", injected(noise, &write));
        paper.step(&sentence, &[format!(r"\Delta({}) = {}.", write(noise.noise), write(with))]);
    }
}
