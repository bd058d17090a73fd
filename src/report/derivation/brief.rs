//! A model in a few lines for each distinct layer, as `nem train` prints it before it starts.

use super::layer::{Letters, groups, letter, names, noisy, signature};
use super::noise;
use crate::derive::{LayerDerivation, ModelDerivation, NoiseDerivation};
use crate::expr::Expr;
use crate::report::wrap;

/// Three to six lines for each distinct layer; ends with a line break.
pub fn brief(derived: &ModelDerivation) -> String {
    groups(&derived.layers).iter().map(|layers| layer(layers)).collect()
}

fn layer(layers: &[&LayerDerivation]) -> String {
    let Some(first) = layers.first() else { return String::new() };
    let letters = Letters::new(first, &letter(layers));
    let mut lines = vec![format!("{} ~ {}", names(layers), signature(first, &letters))];
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
