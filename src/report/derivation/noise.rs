//! What noise of one kind does, in words and formulas.

use super::page::Page;
use crate::derive::request::Requested;
use crate::derive::{Condition, Kind, NoiseDerivation, Relation, Sampler};
use crate::expr::{Expr, Shape, print};
use crate::model::{Bound, Injection};

/// Writes an expression; layers put their letters into it first.
pub type Write<'a> = &'a dyn Fn(Expr) -> String;

/// `y + n` or `y n`.
pub fn injected(derived: &NoiseDerivation, write: Write) -> String {
    let (y, n) = (write(derived.outcome), write(derived.noise));
    match derived.injection {
        Injection::Add => format!("{y} + {n}"),
        Injection::Multiply => format!("{y} {n}"),
        Injection::Custom(_) => write(derived.noisy()),
    }
}

/// The same as a factor: in brackets where it is a sum and stands before something.
fn still(derived: &NoiseDerivation, write: Write) -> String {
    derived.still.map_or("?".into(), write)
}

/// What is told of one noise: the theorem's condition, and the ascent condition beside it.
pub struct Told<'a> {
    pub nem: &'a NoiseDerivation,
    /// The same noise written with the pre-activation, told where it is not longer.
    pub twin: Option<&'a NoiseDerivation>,
    pub ascent: Option<&'a NoiseDerivation>,
}

/// Δ, condition, region, sampler and rules.
pub fn lines(page: &mut Page, told: Told, write: Write) {
    let derived = told.nem;
    if derived.delta.is_num(0.0) {
        page.line("Δ(n)", "0 for every n: the density is the same for every outcome within its support");
        page.line("region", &region(derived, None, write));
        page.line("sampler", &sampler(derived, write));
        return;
    }
    let twin = told.twin.filter(|t| is_worth_telling(t, derived));
    page.line("Δ(n)", &equal(write(derived.delta), twin.map(|t| write(t.delta))));
    page.line("helps where", &condition(derived, twin, write));
    page.line("on average", &on_average(derived, write));
    page.line("region", &region(derived, twin, write));
    traits(page, derived, write);
    page.line("sampler", &sampler(derived, write));
    page.line("harms where", &opposite(derived, write));
    if let Some(ascent) = told.ascent {
        page.line("ascent", &condition(ascent, None, write));
        page.line("", &region(ascent, None, write));
    }
    let mut rules = derived.trace.rules.clone();
    let others = [twin, told.ascent].into_iter().flatten().flat_map(|d| d.trace.rules.clone());
    for rule in others {
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    page.line("rules", &if rules.is_empty() { "arithmetic alone".into() } else { rules.join(", ") });
}

/// A noise that somebody asked about: a part of its own.
pub fn requested(page: &mut Page, asked: &Requested, write: Write) {
    page.part(&format!("noise {}", injected(&asked.nem, write)));
    lines(page, Told { nem: &asked.nem, twin: None, ascent: asked.ascent.as_ref() }, write);
    if let Some(shared) = &asked.shared {
        page.line("normaliser", &format!("shared, as in [K] (124): {}", condition(shared, None, write)));
        page.line("", &region(shared, None, write));
    }
    if let Some(joint) = &asked.joint {
        page.line("K outcomes", &condition(joint, None, write));
        page.line("", &region(joint, None, write));
    }
}

/// What the theorem asks of the average; the condition above asks it of each draw, which suffices.
fn on_average(derived: &NoiseDerivation, write: Write) -> String {
    let Condition { left, relation, right } = derived.condition;
    let relation = match relation {
        Relation::AtLeast => "≥",
        Relation::AtMost => "≤",
    };
    let expected = |e: Expr| if e.as_num().is_some() { write(e) } else { format!("E[{}]", write(e)) };
    // A monotone function keeps the sign of each difference, not that of its average.
    let bare = left == derived.delta && !matches!(derived.region.kind, Kind::HalfSpace { .. });
    match bare || derived.trace.rules.contains(&"monotone") {
        true => "E[Δ(n)] ≥ 0".into(),
        false => format!("{} {relation} {}", expected(left), expected(right)),
    }
}

/// What is known of the shape besides its name.
fn traits(page: &mut Page, derived: &NoiseDerivation, write: Write) {
    let traits = &derived.region.traits;
    let named = !matches!(derived.region.kind, Kind::General | Kind::Convex | Kind::Cone);
    if named {
        return;
    }
    if let Some(provided) = &traits.convex {
        let provided =
            if provided.is_empty() { String::new() } else { format!(" provided {}", not_negative(provided, write)) };
        let (what, variable) = derived.concave();
        page.line("shape", &format!("convex{provided}: {what} is concave in {}", write(variable)));
    }
    if let Some(centre) = traits.star {
        page.line("shape", &format!("star-shaped about {}", write(centre)));
    }
}

fn not_negative(provided: &[Expr], write: Write) -> String {
    provided.iter().map(|e| format!("{} ≥ 0", write(*e))).collect::<Vec<_>>().join(", ")
}

/// How the region is drawn from, which may depend on numbers.
fn sampler(derived: &NoiseDerivation, write: Write) -> String {
    let best = Sampler::of(derived);
    match &derived.region.traits.convex {
        Some(provided) if best == Sampler::Rejection => {
            let walk = Sampler::HitAndRun.words();
            format!("where {}, {walk}; else {}", not_negative(provided, write), best.words())
        }
        _ => best.words().into(),
    }
}

/// The region of the dual: Δ(n) ≤ 0.
fn opposite(derived: &NoiseDerivation, write: Write) -> String {
    let text = match (&derived.region.kind, derived.region.kind.opposite()) {
        (_, Kind::HalfSpace { .. }) => format!("the opposite {}", shape(derived)),
        (_, Kind::Outside(_)) => format!("outside of the {}", shape(derived)),
        (Kind::Outside(inside), _) => format!("the {} itself", inside.name()),
        (Kind::Everything, _) => "Δ(n) ≤ 0: nowhere but where Δ(n) = 0".into(),
        (Kind::Only, _) => "everywhere else".into(),
        _ => "Δ(n) ≤ 0".into(),
    };
    let bounds = bounds(derived, write);
    if bounds.is_empty() { text } else { format!("{text}, where {bounds}") }
}

/// A condition linear in the noise is also told by its pre-activation, unless that is longer.
pub fn is_worth_telling(twin: &NoiseDerivation, derived: &NoiseDerivation) -> bool {
    let linear = matches!(derived.region.kind, Kind::HalfSpace { .. });
    linear && twin.delta != derived.delta && twin.condition.left.size() <= derived.condition.left.size()
}

fn equal(first: String, second: Option<String>) -> String {
    match second {
        Some(second) if second != first => format!("{first} = {second}"),
        _ => first,
    }
}

/// `Σ_k n_k ln(a_k/(1 − a_k)) = nᵀo ≥ 0`, and the support's bounds.
pub fn condition(derived: &NoiseDerivation, twin: Option<&NoiseDerivation>, write: Write) -> String {
    let Condition { left, relation, right } = derived.condition;
    let relation = match relation {
        Relation::AtLeast => "≥",
        Relation::AtMost => "≤",
    };
    let both = twin.filter(|_| right.is_num(0.0)).map(|t| write(t.condition.left));
    let core = format!("{} {relation} {}", equal(write(left), both), write(right));
    let bounds = bounds(derived, write);
    match (bounds.is_empty(), left == right) {
        (true, _) => core,
        (false, true) => bounds,
        (false, false) => format!("{core} and {bounds}"),
    }
}

/// `y + n ≥ 0`
fn bounds(derived: &NoiseDerivation, write: Write) -> String {
    let noisy = injected(derived, write);
    let bound = |bound: &Bound| match bound {
        Bound::Lower(x) => format!("{noisy} ≥ {}", write(*x)),
        Bound::Upper(x) => format!("{noisy} ≤ {}", write(*x)),
        Bound::Total(x) => format!("Σ_k ({noisy})_k = {}", write(*x)),
    };
    derived.support.iter().map(bound).collect::<Vec<_>>().join(" and ")
}

/// The name of the shape: on a line a half-space is a half-line.
pub fn shape(derived: &NoiseDerivation) -> &'static str {
    match derived.region.kind {
        Kind::HalfSpace { .. } if print::is_line(derived.noise.shape()) => "half-line",
        ref kind => kind.name(),
    }
}

/// The shape and where it lies.
pub fn region(derived: &NoiseDerivation, twin: Option<&NoiseDerivation>, write: Write) -> String {
    let start = still(derived, write);
    let text = placed(&derived.region.kind, &start, derived, twin, write);
    text + &cut(derived, write) + &free(derived, write)
}

fn placed(kind: &Kind, start: &str, derived: &NoiseDerivation, twin: Option<&NoiseDerivation>, write: Write) -> String {
    match kind {
        Kind::HalfSpace { normal } => {
            let other = twin.and_then(|t| match t.region.kind {
                Kind::HalfSpace { normal } => Some(write(normal)),
                _ => None,
            });
            let line = print::is_line(derived.noise.shape());
            let words = if line { ("from", "direction") } else { ("through", "normal") };
            format!("{} {} {start}, {} {}", shape(derived), words.0, words.1, equal(write(*normal), other))
        }
        Kind::Ball { centre, radius } => format!("ball, centre {}, radius {}", write(*centre), write(*radius)),
        Kind::Ellipsoid { centre, weight } => {
            format!("ellipsoid through {start}, centre {}, weights {}", write(*centre), write(*weight))
        }
        Kind::CrossPolytope { centre, weight, radius } => {
            let weights = if weight.is_num(1.0) { String::new() } else { format!(", weights {}", write(*weight)) };
            format!("cross-polytope, centre {}{weights}, radius {}", write(*centre), write(*radius))
        }
        Kind::Interval { lower, upper } => {
            let end = |e: &Option<Expr>, open: &str| e.map_or(open.into(), write);
            format!("interval [{}, {}]", end(lower, "−∞"), end(upper, "∞"))
        }
        Kind::Box { lower, upper } => {
            let end = |e: &Option<Expr>, open: &str| e.map_or(open.into(), write);
            format!("box, each component in [{}, {}]", end(lower, "−∞"), end(upper, "∞"))
        }
        Kind::Mapped { map, centre, radius } => {
            format!("ellipsoid ‖{} − c‖ ≤ {}, c = {}", write(*map), write(*radius), write(*centre))
        }
        Kind::Form { centre, matrix, level } => {
            let [c, m, level] = [*centre, *matrix, *level].map(write);
            format!("ellipsoid, centre {c}, axes of {m}, level {level}")
        }
        Kind::Slab { height, other } => format!("slab, {} between 0 and {}", write(*height), write(*other)),
        Kind::Between { other } => format!("interval between {start} and {}", write(*other)),
        Kind::Root => format!("interval that holds {start} and ends where Δ(n) turns negative"),
        Kind::Arc { other } => format!("arc between {start} and {}, and its turns by 2 π", write(*other)),
        Kind::Outside(inside) => format!("outside of the {}", placed(inside, start, derived, None, write)),
        Kind::Everything => "everything".into(),
        Kind::Only => format!("only {start}"),
        Kind::Cone => format!("cone from {start}: with every deviation all its positive multiples"),
        Kind::Convex => "convex, without a name: the condition decides".into(),
        Kind::General => "no named shape: the condition decides".into(),
    }
}

fn cut(derived: &NoiseDerivation, write: Write) -> String {
    if derived.region.support.is_empty() { String::new() } else { format!(", cut by {}", bounds(derived, write)) }
}

/// Where the noise has no effect, and the shape is not that told.
fn free(derived: &NoiseDerivation, write: Write) -> String {
    match derived.region.free {
        Some(free) if print::is_line(derived.noise.shape()) || free.shape() == Shape::Scalar => {
            format!(" (everything where {} = 0)", write(free))
        }
        Some(free) => format!(" (components with {}_k = 0 are free)", write(free)),
        None => String::new(),
    }
}
