//! The priors of a model: what they add to the gradient, and that they add nothing to Δ.

use super::layer::{Letters, groups, letter};
use super::noise::injected;
use super::page::Page;
use crate::derive::{LayerDerivation, ModelDerivation, NoiseDerivation, PriorDerivation};
use crate::expr::{Expr, print};

/// Nothing where there are no priors.
pub fn parts(page: &mut Page, derived: &ModelDerivation) {
    alike(&derived.priors).iter().for_each(|priors| prior(page, priors));
    if !derived.priors.is_empty() {
        cancellation(page, derived);
    }
}

/// Those that differ in the parameter's name alone share a part.
pub fn alike(priors: &[PriorDerivation]) -> Vec<Vec<&PriorDerivation>> {
    let mut groups: Vec<Vec<&PriorDerivation>> = vec![];
    for prior in priors {
        let key = |p: &PriorDerivation| (call(p), print::text(p.log_density));
        match groups.iter_mut().find(|members| key(members[0]) == key(prior)) {
            Some(members) => members.push(prior),
            None => groups.push(vec![prior]),
        }
    }
    groups
}

/// `h1.W, h2.W`
pub fn names(priors: &[&PriorDerivation]) -> String {
    priors.iter().map(|prior| prior.parameter.as_str()).collect::<Vec<_>>().join(", ")
}

/// `gaussian(μ = 0, σ = 1)`
fn call(prior: &PriorDerivation) -> String {
    let likelihood = &prior.instance.likelihood;
    let args = likelihood.formals.iter().zip(&prior.instance.args);
    let args: Vec<String> = args.map(|(f, x)| format!("{} = {}", print::symbol(&f.name), print::text(*x))).collect();
    format!("{}({})", likelihood.name, args.join(", "))
}

fn prior(page: &mut Page, priors: &[&PriorDerivation]) {
    let Some(first) = priors.first() else { return };
    let each =
        if first.elements() > 1 { format!(", for each of {} elements", first.elements()) } else { String::new() };
    page.part(&format!("prior of {}: {}{each}", names(priors), call(first)));
    let [variable, log_density, score] = [first.variable, first.log_density, first.score].map(print::text);
    page.line("log-prior", &format!("ln p({variable}) = {log_density}"));
    page.line("pull", &format!("∂ ln p/∂{variable} = {score}; with N examples, 1/N of it in each step"));
}

fn cancellation(page: &mut Page, derived: &ModelDerivation) {
    page.part("priors in Δ(n): none, for noise in a variable leaves Θ alone ([K] (126))");
    page.line("cancel", "ln f(y′|Θ) + ln p(Θ) − (ln f(y|Θ) + ln p(Θ)) = ln f(y′|Θ) − ln f(y|Θ)");
    for layers in groups(&derived.layers) {
        let Some(first) = layers.first() else { continue };
        let letters = Letters::new(first, &letter(&layers));
        let write = |e: Expr| letters.write(e);
        for (noise, with) in both(derived, first) {
            let verdict =
                if with == noise.delta { "as without".into() } else { format!("{} without", write(noise.delta)) };
            page.line(&injected(noise, &write), &format!("Δ(n) = {} with ln p(Θ), {verdict}", write(with)));
        }
    }
}

/// Every noise of a layer, with the Δ that is derived of it with the priors.
pub fn both<'d>(
    derived: &'d ModelDerivation,
    layer: &'d LayerDerivation,
) -> impl Iterator<Item = (&'d NoiseDerivation, Expr)> {
    let with = derived.with_priors.iter().filter(|with| with.variable == layer.name).flat_map(|with| &with.deltas);
    layer.noise.iter().zip(with.copied())
}
