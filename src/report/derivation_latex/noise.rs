//! The steps of one kind of noise: how it enters, Δ, the condition, the region.

use super::paper::Paper;
use super::region;
use crate::derive::{Bound, Condition, Kind, NoiseDerivation, Relation};
use crate::expr::Expr;
use crate::model::Injection;
use crate::report::derivation::noise::{Write, is_worth_telling, shape};

/// `$y + n$`, in mathematics mode.
pub fn injected(derived: &NoiseDerivation, write: Write) -> String {
    let (y, n) = (write(derived.outcome), write(derived.noise));
    match derived.injection {
        Injection::Add => format!("{y} + {n}"),
        Injection::Multiply if crate::expr::print::is_line(derived.noise.shape()) => format!("{y} {n}"),
        Injection::Multiply => format!(r"{y} \circ {n}"),
    }
}

/// All steps; `twin` is the same noise by the pre-activation, which is told beside the mean where it is not longer.
pub fn steps(paper: &mut Paper, derived: &NoiseDerivation, twin: Option<&NoiseDerivation>, write: Write) {
    let before = paper.steps();
    let twin = twin.filter(|t| is_worth_telling(t, derived));
    difference(paper, derived, twin, write);
    if derived.delta.is_num(0.0) {
        paper.paragraph("The density is the same for every outcome within its support.");
        return;
    }
    condition(paper, derived, twin, write);
    place(paper, derived, twin, write);
    let mut rules = derived.trace.rules.clone();
    rules.extend(twin.into_iter().flat_map(|t| &t.trace.rules).filter(|r| !derived.trace.rules.contains(r)));
    paper.rules(before, &rules);
}

fn difference(paper: &mut Paper, derived: &NoiseDerivation, twin: Option<&NoiseDerivation>, write: Write) {
    let (y, n, noisy) = (write(derived.outcome), write(derived.noise), injected(derived, write));
    let values = equal(write(derived.delta), twin.map(|t| write(t.delta)));
    let sentence = format!("Noise ${n}$ turns ${y}$ into ${noisy}$ and changes the log-density by");
    paper.step(&sentence, &[format!(r"\Delta({n}) = \ln f({noisy}) - \ln f({y}) = {values}.")]);
}

fn condition(paper: &mut Paper, derived: &NoiseDerivation, twin: Option<&NoiseDerivation>, write: Write) {
    let n = write(derived.noise);
    let Condition { left, relation, right } = derived.condition;
    let relation = match relation {
        Relation::AtLeast => r"\ge",
        Relation::AtMost => r"\le",
    };
    let both = twin.filter(|_| right.is_num(0.0)).map(|t| write(t.condition.left));
    let core = format!("{} {relation} {}", equal(write(left), both), write(right));
    let mut sentence = format!(r"The noise helps, $\Delta({n}) \ge 0$, exactly where");
    if !derived.support.is_empty() {
        sentence += &format!(" (with {} besides, to stay within the support)", bounds(derived, write));
    }
    paper.step(&sentence, &[core + "."]);
}

/// `$y + n \ge 0$ and $y + n \le 1$`
fn bounds(derived: &NoiseDerivation, write: Write) -> String {
    let noisy = injected(derived, write);
    let bound = |bound: &Bound| match bound {
        Bound::Lower(x) => format!(r"${noisy} \ge {}$", write(Expr::num(*x))),
        Bound::Upper(x) => format!(r"${noisy} \le {}$", write(Expr::num(*x))),
    };
    derived.support.iter().map(bound).collect::<Vec<_>>().join(" and ")
}

fn place(paper: &mut Paper, derived: &NoiseDerivation, twin: Option<&NoiseDerivation>, write: Write) {
    let n = write(derived.noise);
    let Some(set) = region::set(derived, &n) else {
        let all = derived.region.kind == Kind::Everything;
        paper
            .step(if all { "The region is everything." } else { "The region has no name beyond this condition." }, &[]);
        return;
    };
    let normal = twin.and_then(|t| match t.region.kind {
        Kind::HalfSpace { normal } => Some(write(normal)),
        _ => None,
    });
    let value = |(letter, e): &(&str, Expr)| format!("{letter} = {}", equal(write(*e), normal.clone()));
    let data: Vec<String> = set.data.iter().map(value).collect();
    let cut =
        if derived.region.support.is_empty() { String::new() } else { format!(", cut by {}", bounds(derived, write)) };
    let sentence = format!("This region is {} {}{cut}:", article(shape(derived)), shape(derived));
    paper.step(&sentence, &[format!(r"\{{{n} : {}\}}, \quad {}.", set.members, data.join(r", \quad "))]);
    if let Some(remark) = zero_components(derived, write) {
        paper.paragraph(&remark);
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// Multiplicative regions are placed by quotients with the outcome below: what that means where it is 0.
fn zero_components(derived: &NoiseDerivation, write: Write) -> Option<String> {
    let y = write(derived.outcome);
    let divides = matches!(
        derived.region.kind,
        Kind::Ball { .. } | Kind::Ellipsoid { .. } | Kind::CrossPolytope { .. } | Kind::Between { .. }
    );
    let line = crate::expr::print::is_line(derived.noise.shape());
    (derived.injection == Injection::Multiply && divides).then(|| match line {
        true => format!("Where ${y} = 0$, it is everything."),
        false => format!("Components with ${y}_{{k}} = 0$ are free."),
    })
}

fn equal(first: String, second: Option<String>) -> String {
    match second {
        Some(second) if second != first => format!("{first} = {second}"),
        _ => first,
    }
}
