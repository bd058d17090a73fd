//! The page of a likelihood.

use super::noise::{self, Told, injected};
use super::page::Page;
use crate::derive::{LikelihoodDerivation, NoiseDerivation};
use crate::expr::{Expr, Shape, print};
use crate::model::{Bound, Likelihood, dims};

/// One likelihood, as `nem derive gaussian` prints it; ends with a line break.
pub fn likelihood(derived: &LikelihoodDerivation) -> String {
    let mut page = Page::default();
    page.heading(&signature(&derived.likelihood));
    page.blank();
    page.line("log-density", &format!("ln f = {}", print::text(derived.log_density)));
    for (i, (name, score)) in derived.scores.iter().enumerate() {
        let label = if i == 0 { "score" } else { "" };
        page.line(label, &format!("∂ ln f/∂{} = {}", print::symbol(name), print::text(*score)));
    }
    if !derived.corners.is_empty() {
        let zeros: Vec<String> = derived.corners.iter().map(|e| format!("{} = 0", print::text(*e))).collect();
        page.line("corners", &format!("the derivative may jump where {}", zeros.join(", ")));
    }
    for at in 0..derived.single.len() {
        additions(&mut page, derived, at);
    }
    derived.requested.iter().for_each(|asked| noise::requested(&mut page, asked, &print::text));
    page.finish()
}

/// One kind of noise: on one outcome, then what differs on K of them.
fn additions(page: &mut Page, derived: &LikelihoodDerivation, at: usize) {
    let single = &derived.single[at];
    page.part(&format!("noise {}", injected(single, &print::text)));
    let told = Told { nem: single, twin: None, ascent: derived.ascent.get(at) };
    noise::lines(page, told, &print::text);
    // Where every outcome is as likely, only the ends of the support are left to tell.
    let tells = |j: &&NoiseDerivation| !(j.delta.is_num(0.0) && j.support.is_empty());
    let Some(joint) = derived.joint.get(at).filter(tells) else { return };
    let condition = |n: &NoiseDerivation| noise::condition(n, None, &print::text);
    let shared = condition(joint);
    several(page, joint, "K outcomes", &shared);
    let Some(separate) = derived.separate.get(at) else { return };
    let own = condition(separate);
    if own != shared {
        several(page, separate, "", &format!("{} by component: {own}", others(&derived.likelihood).join(", ")));
    }
}

fn several(page: &mut Page, derived: &NoiseDerivation, label: &str, condition: &str) {
    page.line(label, condition);
    page.line("", &noise::region(derived, None, &print::text));
}

/// The parameters other than the mean.
fn others(likelihood: &Likelihood) -> Vec<String> {
    likelihood.formals.iter().filter(|f| likelihood.mean != Some(f.var)).map(|f| print::symbol(&f.name)).collect()
}

/// `gaussian(μ: real, σ: positive = 1) over y: real`
pub fn signature(likelihood: &Likelihood) -> String {
    let formals = likelihood.formals.iter().map(|f| {
        let default = f.default.map_or(String::new(), |d: Expr| format!(" = {}", print::text(d)));
        format!("{}: {}{}{default}", print::symbol(&f.name), f.support, lengths(f.var.shape()))
    });
    let formals: Vec<String> = formals.collect();
    let Likelihood { name, outcome_name, outcome, .. } = likelihood;
    let support = outcome_support(likelihood);
    format!("likelihood {name}({}) over {outcome_name}: {support}{}", formals.join(", "), lengths(outcome.shape()))
}

/// `[K]` and `[K, K]`; nothing for a number.
fn lengths(shape: Shape) -> String {
    let lengths: Vec<String> = dims(shape).into_iter().map(|n| print::text(Expr::length(n))).collect();
    if lengths.is_empty() { String::new() } else { format!("[{}]", lengths.join(", ")) }
}

/// The support as declared, its ends included where they depend on the parameters: `interval(low, high)`.
fn outcome_support(likelihood: &Likelihood) -> String {
    match (&likelihood.bounds[..], likelihood.support.is_discrete()) {
        _ if likelihood.bounds == Bound::of(likelihood.support) => likelihood.support.to_string(),
        ([Bound::Lower(low), Bound::Upper(high)], discrete) => {
            let name = if discrete { "whole" } else { "interval" };
            format!("{name}({}, {})", print::text(*low), print::text(*high))
        }
        ([Bound::Lower(low)], _) => format!("above({})", print::text(*low)),
        _ => likelihood.support.to_string(),
    }
}
