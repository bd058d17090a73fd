//! The section of a likelihood.

use super::noise::{self, injected};
use super::paper::Paper;
use super::words::{code, prose, set};
use crate::derive::{LikelihoodDerivation, NoiseDerivation};
use crate::expr::{Dim, Expr, print::latex, print::latex_symbol};
use crate::model::{Bound, Formal, Likelihood};
use crate::report::derivation::noise::Told;

pub fn section(paper: &mut Paper, derived: &LikelihoodDerivation) {
    let declared = &derived.likelihood;
    paper.section(&format!("Likelihood {}", code(&declared.name)));
    if let Some(doc) = &declared.doc {
        paper.paragraph(&prose(doc));
    }
    paper.paragraph("Assumptions:");
    paper.list(&assumptions(declared));
    let before = paper.steps();
    let outcome = latex_symbol(&declared.outcome_name);
    let density = format!(r"\ln f({outcome}) = {}.", latex(derived.log_density));
    paper.step("The log-density of one outcome is", &[density]);
    let score = |(name, score): &(String, Expr)| {
        format!(r"\frac{{\partial \ln f}}{{\partial {}}} = {}", latex_symbol(name), latex(*score))
    };
    if !derived.scores.is_empty() {
        let scores: Vec<String> = derived.scores.iter().map(score).collect();
        paper.step("Its derivatives by the parameters, the scores, are", &scores);
    }
    paper.rules(before, derived.rules.iter().copied());
    additions(paper, derived);
    derived.requested.iter().for_each(|asked| noise::requested(paper, asked, &latex));
}

fn assumptions(declared: &Likelihood) -> Vec<String> {
    let outcome = latex_symbol(&declared.outcome_name);
    let length = match declared.dim {
        Some(Dim::Named(name)) => Some(latex(name)),
        Some(Dim::Fixed(n)) => Some(n.to_string()),
        None => None,
    };
    let length = length.as_deref();
    let mut items = vec![format!("The outcome is ${outcome} \\in {}$.", set(declared.support, length))];
    items.extend(declared.bounds.iter().filter_map(|b| end(b, &outcome)));
    items.extend(declared.formals.iter().map(|f| parameter(f, length)));
    if declared.dim.is_none() {
        items.push("Several outcomes are independent given the parameters: their log-densities add.".into());
    }
    if declared.support.is_discrete() {
        items.push("Between and beyond the values of its support, the density is what its formula says.".into());
    }
    items.extend(premises());
    items
}

/// An end of the support that depends on the parameters.
fn end(bound: &Bound, outcome: &str) -> Option<String> {
    let (relation, x) = match bound {
        Bound::Lower(x) => (r"\ge", *x),
        Bound::Upper(x) => (r"\le", *x),
        Bound::Total(_) => return None,
    };
    (x.letters() > 0).then(|| format!("The outcome keeps ${outcome} {relation} {}$.", latex(x)))
}

/// What is said of noise everywhere.
pub fn premises() -> [String; 2] {
    [
        "Priors and normalisers that do not contain the noise are the same with and without it, and cancel.".into(),
        r"Noise helps on average when $\mathrm{E}[\Delta(n)] \ge 0$; that $\Delta(n) \ge 0$ for each draw suffices."
            .into(),
    ]
}

fn parameter(formal: &Formal, length: Option<&str>) -> String {
    let length = length.filter(|_| formal.support.is_vector());
    let default = formal.default.map_or(String::new(), |d| format!(", ${}$ where none is given", latex(d)));
    format!("The parameter is ${} \\in {}${default}.", latex_symbol(&formal.name), set(formal.support, length))
}

/// Noise on one outcome, then on K of them.
fn additions(paper: &mut Paper, derived: &LikelihoodDerivation) {
    for (at, single) in derived.single.iter().enumerate() {
        paper.part(&format!("Noise ${}$", injected(single, &latex)));
        noise::steps(paper, Told { nem: single, twin: None, ascent: derived.ascent.get(at) }, &latex);
        let Some(joint) = derived.joint.get(at).filter(|j| !j.delta.is_num(0.0)) else { continue };
        several(paper, joint, "On $K$ outcomes that share every parameter but the mean:");
        if let Some(separate) = derived.separate.get(at).filter(|s| differ(s, joint)) {
            several(paper, separate, "On $K$ outcomes with parameters of their own:");
        }
    }
}

fn several(paper: &mut Paper, derived: &NoiseDerivation, how: &str) {
    paper.paragraph(how);
    noise::steps(paper, Told { nem: derived, twin: None, ascent: None }, &latex);
}

fn differ(a: &NoiseDerivation, b: &NoiseDerivation) -> bool {
    latex(a.delta) != latex(b.delta)
}
