//! The steps of one kind of noise: how it enters, Δ, the condition, the region.

use super::paper::Paper;
use super::region::Place;
use super::words::code;
use crate::derive::Carried;
use crate::derive::request::Requested;
use crate::derive::{Condition, Kind, NoiseDerivation, Relation};
use crate::expr::{Expr, Shape, print};
use crate::model::{Bound, Injection};
use crate::report::derivation::noise::{Told, Write, is_worth_telling, shape};

/// `$y + n$`, in mathematics mode.
pub fn injected(derived: &NoiseDerivation, write: Write) -> String {
    let (y, n) = (write(derived.outcome), write(derived.noise));
    match derived.injection {
        Injection::Add => format!("{y} + {n}"),
        Injection::Multiply if print::is_line(derived.noise.shape()) => format!("{y} {n}"),
        Injection::Multiply => format!(r"{y} \circ {n}"),
        Injection::Custom(_) => write(derived.noisy()),
    }
}

/// All steps of what is told of one noise.
pub fn steps(paper: &mut Paper, told: Told, write: Write) {
    let derived = told.nem;
    let before = paper.steps();
    let twin = told.twin.filter(|t| is_worth_telling(t, derived));
    difference(paper, derived, twin, write);
    if derived.delta.is_num(0.0) && derived.support.is_empty() {
        paper.paragraph("The density is the same for every outcome within its support.");
        return;
    }
    condition(paper, derived, twin, write);
    shape_step(paper, derived, twin, write);
    traits(paper, derived, write);
    if let Some(derived) = told.ascent {
        ascent(paper, derived, write);
    }
    let all = [Some(derived), twin, told.ascent].into_iter().flatten().flat_map(|d| d.trace.rules.iter().copied());
    paper.rules(before, all);
}

/// A noise that somebody asked about.
pub fn requested(paper: &mut Paper, asked: &Requested, write: Write) {
    alone(paper, &format!("Noise ${}$", injected(&asked.nem, write)), &asked.nem, asked.ascent.as_ref(), write);
    let further = [
        (&asked.shared, "With the normaliser of the density without noise:"),
        (&asked.joint, "On $K$ independent outcomes:"),
    ];
    for (derived, how) in further {
        if let Some(nem) = derived {
            paper.paragraph(how);
            steps(paper, Told { nem, twin: None, ascent: None }, write);
        }
    }
}

/// The noise of one variable as it arrives at another.
pub fn carried(paper: &mut Paper, carried: &Carried, write: Write) {
    let noise = injected(&carried.nem, write);
    let title = format!("Noise ${noise}$: that of {}, carried back to {}", code(&carried.from), code(&carried.to));
    alone(paper, &title, &carried.nem, None, write);
}

fn alone(paper: &mut Paper, title: &str, nem: &NoiseDerivation, ascent: Option<&NoiseDerivation>, write: Write) {
    paper.part(title);
    steps(paper, Told { nem, twin: None, ascent }, write);
}

fn difference(paper: &mut Paper, derived: &NoiseDerivation, twin: Option<&NoiseDerivation>, write: Write) {
    let (y, n, noisy) = (write(derived.outcome), write(derived.noise), injected(derived, write));
    let values = equal(write(derived.delta), twin.map(|t| write(t.delta)));
    let sentence = format!("Noise ${n}$ turns ${y}$ into ${noisy}$ and changes the log-density by");
    paper.step(&sentence, &[format!(r"\Delta({n}) = \ln f({noisy}) - \ln f({y}) = {values}.")]);
}

fn condition(paper: &mut Paper, derived: &NoiseDerivation, twin: Option<&NoiseDerivation>, write: Write) {
    let n = write(derived.noise);
    let mut sentence = format!(r"The noise helps, $\Delta({n}) \ge 0$, exactly where");
    if !derived.support.is_empty() {
        sentence += &format!(" (with {} besides, to stay within the support)", bounds(derived, write));
    }
    paper.step(&sentence, &[relation(derived.condition, twin.map(|t| t.condition.left), write) + "."]);
}

/// `left \le right`; another form of the left side is told where it is compared with 0.
fn relation(condition: Condition, twin: Option<Expr>, write: Write) -> String {
    let Condition { left, relation, right } = condition;
    let relation = match relation {
        Relation::AtLeast => r"\ge",
        Relation::AtMost => r"\le",
    };
    let both = twin.filter(|_| right.is_num(0.0)).map(write);
    format!("{} {relation} {}", equal(write(left), both), write(right))
}

/// `$y + n \ge 0$ and $y + n \le 1$`
fn bounds(derived: &NoiseDerivation, write: Write) -> String {
    let noisy = injected(derived, write);
    let bound = |bound: &Bound| match bound {
        Bound::Lower(x) => format!(r"${noisy} \ge {}$", write(*x)),
        Bound::Upper(x) => format!(r"${noisy} \le {}$", write(*x)),
        Bound::Total(x) => format!(r"$\sum_{{k}} ({noisy})_{{k}} = {}$", write(*x)),
    };
    derived.support.iter().map(bound).collect::<Vec<_>>().join(" and ")
}

fn shape_step(paper: &mut Paper, derived: &NoiseDerivation, twin: Option<&NoiseDerivation>, write: Write) {
    let place = Place::of(derived, write);
    let kind = &derived.region.kind;
    let cut = if derived.region.support.is_empty() { "" } else { ", cut by the support" };
    let sentence = format!("This region is {}{cut}", place.words(kind, shape(derived)));
    let Some(set) = place.set(kind) else {
        paper.step(&format!("{sentence}."), &[]);
        return;
    };
    let normal = twin.and_then(|t| match t.region.kind {
        Kind::HalfSpace { normal } => Some(write(normal)),
        _ => None,
    });
    let value = |(letter, e): &(&str, Expr)| format!("{letter} = {}", equal(write(*e), normal.clone()));
    let data: Vec<String> = set.data.iter().map(value).collect();
    let inside = if matches!(kind, Kind::Outside(_)) { ", with the inside" } else { "" };
    let formula = format!(r"\{{{} : {}\}}, \quad {}.", write(derived.noise), set.members, data.join(r", \quad "));
    paper.step(&format!("{sentence}{inside}:"), &[formula]);
    if let Some(remark) = free(derived, write) {
        paper.paragraph(&remark);
    }
}

/// Why a region without a name is convex or star-shaped.
fn traits(paper: &mut Paper, derived: &NoiseDerivation, write: Write) {
    if !matches!(derived.region.kind, Kind::General | Kind::Convex | Kind::Cone) {
        return;
    }
    if let Some(provided) = &derived.region.traits.convex {
        let conditions: Vec<String> = provided.iter().map(|e| format!(r"${} \ge 0$", write(*e))).collect();
        let provided =
            if conditions.is_empty() { String::new() } else { format!(", provided that {}", conditions.join(" and ")) };
        let (what, variable) = derived.concave();
        let what = if what == "Δ" { r"\Delta" } else { r"\ln f" };
        paper.paragraph(&format!("It is convex, for ${what}$ is concave in ${}${provided}.", write(variable)));
    }
    if let Some(centre) = derived.region.traits.star {
        paper.paragraph(&format!("It is star-shaped about ${}$.", write(centre)));
    }
}

/// The condition that speaks of the gradient in the place of the density.
fn ascent(paper: &mut Paper, derived: &NoiseDerivation, write: Write) {
    let sentence = "The noise turns the gradient towards where it points without noise, the ascent condition, where";
    paper.step(sentence, &[relation(derived.condition, None, write) + "."]);
}

/// Where the noise has no effect, and the shape is not that told.
fn free(derived: &NoiseDerivation, write: Write) -> Option<String> {
    let free = derived.region.free?;
    let whole = print::is_line(derived.noise.shape()) || free.shape() == Shape::Scalar;
    Some(match whole {
        true => format!("Where ${} = 0$, it is everything.", write(free)),
        false => format!("Components with ${}_{{k}} = 0$ are free.", write(free)),
    })
}

fn equal(first: String, second: Option<String>) -> String {
    match second {
        Some(second) if second != first => format!("{first} = {second}"),
        _ => first,
    }
}
