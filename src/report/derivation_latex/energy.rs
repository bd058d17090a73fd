//! The section of an energy: the conditional of each group, free energy, learning law, and the noise in visible groups.

use super::noise::{self, injected};
use super::paper::Paper;
use super::words::{code, set};
use crate::derive::energy::{Conditional, EnergyDerivation, EnergyNoise, Family, Group, Normaliser};
use crate::expr::{Dim, Expr, Shape, print::latex, print::latex_symbol};
use crate::report::derivation::noise::Told;

pub fn section(paper: &mut Paper, model: &str, derived: &EnergyDerivation) {
    paper.section(&format!("Model {}, energy", code(model)));
    paper.paragraph("Assumptions:");
    paper.list(&assumptions(derived));
    let before = paper.steps();
    paper.step("The energy is", &[format!("E = {}.", latex(derived.energy))]);
    derived.groups.iter().for_each(|group| conditional(paper, group));
    free_energy(paper, derived);
    learning(paper, derived);
    paper.rules(before, derived.rules.iter().copied());
    derived.noise.iter().for_each(|one| noises(paper, one));
}

fn assumptions(derived: &EnergyDerivation) -> Vec<String> {
    let unit = |group: &Group| {
        let width = match group.var.shape() {
            Shape::Vector(Dim::Fixed(n)) if n > 1 => Some(n.to_string()),
            _ => None,
        };
        let place = if group.observed { "visible" } else { "hidden" };
        format!("The {place} units are ${} \\in {}$.", latex(group.var), set(group.support, width.as_deref()))
    };
    let mut items: Vec<String> = derived.groups.iter().map(unit).collect();
    items.push("The probability (density) of a state of all units is proportional to $e^{-E}$.".into());
    items
}

fn conditional(paper: &mut Paper, group: &Group) {
    let Conditional { family, input, precision, mean, .. } = &group.conditional;
    let x = latex(group.var);
    let family = match family {
        Family::Logistic | Family::Tanh => "each of two values".into(),
        Family::Softmax => "one of its places".into(),
        Family::Gaussian => format!("gaussian with precision ${}$", precision.map_or(String::new(), latex)),
        Family::TruncatedGaussian => {
            let precision = precision.map_or(String::new(), latex);
            format!("gaussian with mean ${}$ and precision ${precision}$ before it is cut off at 0", latex(*input))
        }
        Family::Exponential => format!("exponential with rate ${}$", latex(*input)),
    };
    let sentence = format!("Given all other units, the units ${x}$ are independent, {family}, with the mean");
    paper.step(&sentence, &[format!(r"\mathrm{{E}}[{x}] = {}.", latex(*mean))]);
}

fn free_energy(paper: &mut Paper, derived: &EnergyDerivation) {
    match &derived.free_energy {
        Ok(f) => paper.step(
            r"The hidden units are summed out: $p(v) \propto e^{-F}$ with the free energy",
            &[format!("F = {}.", latex(*f))],
        ),
        Err((a, b)) => {
            let sentence =
                format!("The hidden groups {} and {} interact: the free energy has no closed form.", code(a), code(b));
            paper.step(&sentence, &[]);
        }
    }
}

/// Contrastive divergence is generalized EM ([K] Theorem 8).
fn learning(paper: &mut Paper, derived: &EnergyDerivation) {
    let visible: Vec<Expr> = derived.groups.iter().filter(|g| g.observed).map(|g| g.var).collect();
    let given = visible.iter().map(|v| latex(*v)).collect::<Vec<_>>().join(", ");
    let law = derived.phases.iter().map(|phase| {
        let (name, statistic) = (latex_symbol(&phase.parameter), latex(phase.statistic));
        format!(r"\frac{{\partial \ln p}}{{\partial {name}}} = \mathrm{{E}}[{statistic} \mid {given}] - \mathrm{{E}}[{statistic}]")
    });
    let law: Vec<String> = law.collect();
    if !law.is_empty() {
        paper.step("The log-likelihood rises along its gradient, the difference of two phases:", &law);
    }
}

fn noises(paper: &mut Paper, one: &EnergyNoise) {
    for (at, derived) in one.noise.iter().enumerate() {
        paper.part(&format!("Noise ${}$", injected(derived, &latex)));
        noise::steps(paper, Told { nem: derived, twin: None, ascent: None }, &latex);
        if at == 0 {
            paper.step(normaliser(&one.normaliser), &[]);
        }
    }
}

fn normaliser(normaliser: &Normaliser) -> &'static str {
    match normaliser {
        Normaliser::Unchanged => {
            "The noise shifts the whole line onto itself, so that the normaliser stays what it is."
        }
        Normaliser::Expected(_) => {
            r"Where the noisy model is normalised anew, $\Delta(n) \ge \ln \mathrm{E}[e^{\Delta(n)}]$ takes the place of the condition, the expectation being that of the model."
        }
    }
}
