//! A model in a few lines for each distinct layer, as `nem train` prints it before it starts.

use super::layer::{Letters, groups, letter, names, noisy, signature};
use super::likelihood::signature as likelihood_signature;
use super::noise;
use super::prior;
use crate::derive::{LayerDerivation, LikelihoodDerivation, ModelDerivation, NoiseDerivation, PriorDerivation};
use crate::expr::{Expr, print};
use crate::report::wrap;

/// Three to six lines for each distinct layer, and one for all priors; ends with a line break.
pub fn brief(derived: &ModelDerivation) -> String {
    let layers: String = groups(&derived.layers).iter().map(|layers| layer(layers)).collect();
    let requested: String = derived.requested.iter().map(|asked| asked_for(&asked.nem)).collect();
    layers + &priors(&derived.priors) + &requested
}

/// Signature, scores and noise conditions of a likelihood, a line each; ends with a line break.
pub fn brief_likelihood(derived: &LikelihoodDerivation) -> String {
    let scores =
        derived.scores.iter().map(|(name, score)| format!("∂ ln f/∂{} = {}", print::symbol(name), print::text(*score)));
    let helps = derived.single.iter().map(|noise| {
        let condition = noise::condition(noise, None, &print::text);
        format!("{} helps where {condition} ({})", noise::injected(noise, &print::text), noise::shape(noise))
    });
    let lines = scores.chain(helps).map(|line| format!("  {}\n", wrap(&line, 98).replace('\n', "\n  ")));
    likelihood_signature(&derived.likelihood) + "\n" + &lines.collect::<String>()
}

/// `priors of h.W, y.W: in the gradient, not in Δ(n)`
fn priors(priors: &[PriorDerivation]) -> String {
    let names = prior::names(&priors.iter().collect::<Vec<_>>());
    let line = wrap(&format!("priors of {names}: in the gradient, not in Δ(n)"), 98) + "\n";
    if priors.is_empty() { String::new() } else { line }
}

/// Conditions longer than this, in characters, are not written out.
const LONGEST: usize = 200;

/// `noise x + n helps where Δ(n) ≥ 0 (general)`
fn asked_for(derived: &NoiseDerivation) -> String {
    let condition = noise::condition(derived, None, &print::text);
    let condition = if condition.chars().count() > LONGEST { "Δ(n) ≥ 0".into() } else { condition };
    let injected = noise::injected(derived, &print::text);
    wrap(&format!("{injected} helps where {condition} ({})", noise::shape(derived)), 98) + "\n"
}

fn layer(layers: &[&LayerDerivation]) -> String {
    let Some(first) = layers.first() else { return String::new() };
    let letters = Letters::new(first, &letter(layers));
    let mut lines = vec![format!("{} ~ {}", names(layers), signature(first, &letters))];
    lines.extend(letters.told());
    for delta in &first.deltas {
        let noisy = noisy(delta, &letters).map_or(String::new(), |n| format!("; {n}"));
        lines.push(format!("δ = {}{noisy}", letters.write(delta.in_mean)));
    }
    for (derived, in_o) in first.noise.iter().zip(&first.noise_in_o) {
        lines.push(helps(derived, in_o, &letters));
    }
    let indented = |(i, line): (usize, &String)| {
        let wrapped = wrap(line, 98);
        if i == 0 { wrapped + "\n" } else { format!("  {}\n", wrapped.replace('\n', "\n  ")) }
    };
    lines.iter().enumerate().map(indented).collect()
}

/// `y + n helps where Σ_k n_k ln a_k ≥ 0 (half-space)`
fn helps(derived: &NoiseDerivation, in_o: &NoiseDerivation, letters: &Letters) -> String {
    let write = |e: Expr| letters.write(e);
    let shorter = in_o.condition.left.size() < derived.condition.left.size();
    let told = if shorter { in_o } else { derived };
    let condition = noise::condition(told, None, &write);
    format!("{} helps where {condition} ({})", noise::injected(told, &write), noise::shape(told))
}
