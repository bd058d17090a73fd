//! The block of an energy: conditionals, the order of sampling, free energy, learning law and noise.

use super::noise::{self, Told, injected};
use super::page::Page;
use crate::derive::energy::{Conditional, EnergyDerivation, EnergyNoise, Family, Group, Normaliser};
use crate::expr::{Dim, Shape, print};

pub fn block(derived: &EnergyDerivation) -> String {
    let mut page = Page::default();
    page.heading(&format!("energy E = {}", print::text(derived.energy)));
    derived.groups.iter().for_each(|group| conditional(&mut page, group, derived));
    page.part("sampling and learning");
    page.line("blocks", &blocks(derived));
    page.line("free energy", &free_energy(derived));
    for (at, phase) in derived.phases.iter().enumerate() {
        let statistic = print::text(phase.statistic);
        let given = visible(derived).join(", ");
        let label = if at == 0 { "learning" } else { "" };
        page.line(
            label,
            &format!("∂ ln p/∂{} = E[{statistic} | {given}] − E[{statistic}]", print::symbol(&phase.parameter)),
        );
    }
    page.line("rules", &if derived.rules.is_empty() { "arithmetic alone".into() } else { derived.rules.join(", ") });
    derived.noise.iter().for_each(|one| noises(&mut page, one));
    page.finish()
}

fn conditional(page: &mut Page, group: &Group, derived: &EnergyDerivation) {
    let place = if group.observed { "visible" } else { "hidden" };
    page.part(&format!("{}: {}{} ({place})", group.name, group.support, length(group)));
    let others: Vec<&str> =
        derived.groups.iter().filter(|g| group.interacts_with(g)).map(|g| g.name.as_str()).collect();
    let given = if others.is_empty() { String::new() } else { format!(" | {}", others.join(", ")) };
    page.line("conditional", &law(group, &given));
    if matches!(group.conditional.family, Family::Tanh | Family::TruncatedGaussian | Family::Exponential) {
        page.line("mean", &format!("E[{}{given}] = {}", group.name, print::text(group.conditional.mean)));
    }
}

fn length(group: &Group) -> String {
    match group.var.shape() {
        Shape::Vector(Dim::Fixed(n)) if n > 1 => format!("[{n}]"),
        _ => String::new(),
    }
}

/// `P(h = 1 | v) = logistic(v W + c)`
fn law(group: &Group, given: &str) -> String {
    let Conditional { family, input, precision, mean, .. } = &group.conditional;
    let (x, mean, input) = (&group.name, print::text(*mean), print::text(*input));
    let precision = precision.map_or(String::new(), print::text);
    match family {
        Family::Logistic | Family::Softmax => format!("P({x} = 1{given}) = {mean}"),
        Family::Tanh => format!("P({x} = 1{given}) = (1 + {mean})/2"),
        Family::Gaussian => format!("{x}{given} is gaussian with mean {mean} and precision {precision}"),
        Family::TruncatedGaussian => {
            format!("{x}{given} is gaussian with mean {input} and precision {precision} before it is cut off at 0")
        }
        Family::Exponential => format!("{x}{given} is exponential with rate {input}"),
    }
}

/// `h, then v`
fn blocks(derived: &EnergyDerivation) -> String {
    let names =
        |block: &Vec<usize>| block.iter().map(|i| derived.groups[*i].name.as_str()).collect::<Vec<_>>().join(" with ");
    derived.blocks.iter().map(names).collect::<Vec<_>>().join(", then ")
}

fn visible(derived: &EnergyDerivation) -> Vec<&str> {
    derived.groups.iter().filter(|g| g.observed).map(|g| g.name.as_str()).collect()
}

fn free_energy(derived: &EnergyDerivation) -> String {
    match &derived.free_energy {
        Ok(f) => format!("F({}) = {}", visible(derived).join(", "), print::text(*f)),
        Err((a, b)) => format!("no closed form: the hidden groups {a} and {b} interact"),
    }
}

fn noises(page: &mut Page, one: &EnergyNoise) {
    for (at, derived) in one.noise.iter().enumerate() {
        page.part(&format!("noise {}", injected(derived, &print::text)));
        noise::lines(page, Told { nem: derived, twin: None, ascent: None }, &print::text);
        if at == 0 {
            page.line("normaliser", &normaliser(&one.normaliser));
        }
    }
}

fn normaliser(normaliser: &Normaliser) -> String {
    match normaliser {
        Normaliser::Unchanged => "shared or exact: 0, for noise shifts the whole line onto itself".into(),
        Normaliser::Expected(over) if over.is_empty() => {
            "shared: 0; exact: Δ(n) ≥ ln E[e^Δ(n)] holds with equality".into()
        }
        Normaliser::Expected(over) => {
            format!("shared: 0; exact: Δ(n) ≥ ln E[e^Δ(n)], {} as the model draws", over.join(", "))
        }
    }
}
