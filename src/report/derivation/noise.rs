//! What noise of one kind does, in words and formulas.

use super::page::Page;
use crate::derive::{Bound, Condition, Kind, NoiseDerivation, Relation, identity_element};
use crate::expr::{Expr, print};
use crate::model::Injection;

/// Writes an expression; layers put their letters into it first.
pub type Write<'a> = &'a dyn Fn(Expr) -> String;

/// `y + n` or `y n`.
pub fn injected(derived: &NoiseDerivation, write: Write) -> String {
    let (y, n) = (write(derived.outcome), write(derived.noise));
    match derived.injection {
        Injection::Add => format!("{y} + {n}"),
        Injection::Multiply => format!("{y} {n}"),
    }
}

/// Δ, condition, region, sampler and rules. `twin` is the same noise written with the pre-activation, which is told where it
/// is not longer.
pub fn lines(page: &mut Page, derived: &NoiseDerivation, twin: Option<&NoiseDerivation>, write: Write) {
    if derived.delta.is_num(0.0) {
        page.line("Δ(n)", "0 for every n: the density is the same for every outcome within its support");
        return;
    }
    let twin = twin.filter(|t| is_worth_telling(t, derived));
    page.line("Δ(n)", &equal(write(derived.delta), twin.map(|t| write(t.delta))));
    page.line("helps where", &condition(derived, twin, write));
    page.line("region", &region(derived, twin, write));
    page.line("sampler", sampler(derived));
    let mut rules = derived.trace.rules.clone();
    rules.extend(twin.into_iter().flat_map(|t| &t.trace.rules).filter(|r| !derived.trace.rules.contains(r)));
    page.line("rules", &if rules.is_empty() { "arithmetic alone".into() } else { rules.join(", ") });
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
    if bounds.is_empty() { core } else { format!("{core} and {bounds}") }
}

/// `y + n ≥ 0`
fn bounds(derived: &NoiseDerivation, write: Write) -> String {
    let noisy = injected(derived, write);
    let bound = |bound: &Bound| match bound {
        Bound::Lower(x) => format!("{noisy} ≥ {}", write(Expr::num(*x))),
        Bound::Upper(x) => format!("{noisy} ≤ {}", write(Expr::num(*x))),
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
    let start = identity_element(derived.injection);
    let text = match &derived.region.kind {
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
        Kind::Between { other } => format!("interval between {start} and {}", write(*other)),
        Kind::Everything => "everything".into(),
        Kind::General => "no named shape; membership is Δ(n) ≥ 0".into(),
    };
    text + &cut(derived, write) + &zero_components(derived, write)
}

fn cut(derived: &NoiseDerivation, write: Write) -> String {
    if derived.region.support.is_empty() { String::new() } else { format!(", cut by {}", bounds(derived, write)) }
}

/// Multiplicative regions are centred at a/y: what that means where y is 0.
fn zero_components(derived: &NoiseDerivation, write: Write) -> String {
    let y = write(derived.outcome);
    let divides = matches!(
        derived.region.kind,
        Kind::Ball { .. } | Kind::Ellipsoid { .. } | Kind::CrossPolytope { .. } | Kind::Between { .. }
    );
    match (derived.injection, divides, print::is_line(derived.noise.shape())) {
        (Injection::Multiply, true, true) => format!(" (everything where {y} = 0)"),
        (Injection::Multiply, true, false) => format!(" (components with {y}_k = 0 are free)"),
        _ => String::new(),
    }
}

fn sampler(derived: &NoiseDerivation) -> &'static str {
    match derived.region.kind {
        Kind::HalfSpace { .. } if derived.region.support.is_empty() => {
            "mirror a draw that falls outside at the boundary: every draw is used"
        }
        Kind::Everything => "use every draw",
        _ => "keep a draw that falls inside, drop it otherwise",
    }
}
