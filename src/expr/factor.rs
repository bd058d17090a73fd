//! Short forms: over a common denominator, with common factors in front.

use std::collections::BTreeMap;

use super::node::{Expr, Node};
use super::poly::expand;
use super::simplify::{Trace, normal_form, simplify};

/// Longer expressions are simplified only: to factor them takes long, and nobody reads them.
const LONGEST: u32 = 1_000;

/// The shortest of several forms that are equal wherever `e` has a value: simplified, multiplied out, factored.
pub fn tidy(e: Expr, trace: &mut Trace) -> Expr {
    let simple = simplify(e, trace);
    if simple.size() > LONGEST {
        return simple;
    }
    let expanded = normal_form(e, trace);
    let forms =
        [gathered(simple), factored(simple, trace), factored(expanded, trace), gathered(expanded), simple, expanded];
    shortest(&forms).unwrap_or(e)
}

/// The form in which the fewest letters stand; of these the one with the fewest signs, of these the first.
pub fn shortest(forms: &[Expr]) -> Option<Expr> {
    forms.iter().copied().min_by_key(|form| (form.letters(), form.size()))
}

/// `x y + x z` as `x (y + z)`: what all terms share stands in front.
pub fn gathered(e: Expr) -> Expr {
    let terms = e.terms();
    if terms.len() < 2 {
        return e;
    }
    let shared = common_factor(&terms);
    shared * Expr::add_all(&terms.iter().map(|t| *t / shared).collect::<Vec<_>>())
}

/// One fraction, its numerator with the factors that all terms share in front.
fn factored(e: Expr, trace: &mut Trace) -> Expr {
    let terms = e.terms();
    if terms.len() < 2 {
        return e;
    }
    let denominator = common_denominator(&terms);
    let raised: Vec<Expr> = terms.iter().map(|t| *t * denominator).collect();
    let numerator = simplify(expand(simplify(expand(Expr::add_all(&raised)), trace)), trace);
    let denominator = shortest(&[denominator, expand(denominator)]).unwrap_or(denominator);
    gathered(numerator) / denominator
}

/// The powers of an expression's factors with whole exponents, by base.
fn powers(term: Expr) -> BTreeMap<Expr, f64> {
    let whole = |f: &Expr| match f.node() {
        Node::Num(_) => None,
        Node::Pow(base, n) => n.as_num().filter(|n| n.fract() == 0.0).map(|n| (base, n)),
        _ => Some((*f, 1.0)),
    };
    term.factors().iter().filter_map(whole).collect()
}

fn product(powers: BTreeMap<Expr, f64>) -> Expr {
    Expr::mul_all(&powers.into_iter().map(|(base, n)| base.pow(Expr::num(n))).collect::<Vec<_>>())
}

/// What every term can be multiplied with so that none divides any more.
fn common_denominator(terms: &[Expr]) -> Expr {
    let mut highest: BTreeMap<Expr, f64> = BTreeMap::new();
    for (base, n) in terms.iter().flat_map(|t| powers(*t)).filter(|(_, n)| *n < 0.0) {
        let power = highest.entry(base).or_default();
        *power = power.max(-n);
    }
    product(highest)
}

/// The numbers and powers that all terms have in common.
fn common_factor(terms: &[Expr]) -> Expr {
    let mut each = terms.iter().map(|t| powers(*t));
    let mut shared = each.next().unwrap_or_default();
    for other in each {
        shared = shared.into_iter().filter_map(|(base, n)| Some((base, n.min(*other.get(&base)?)))).collect();
    }
    let content = |t: &Expr| t.split_coefficient().0.abs();
    let first = terms.first().map_or(1.0, content);
    let number = if terms.iter().all(|t| content(t) == first) { first } else { 1.0 };
    Expr::num(number) * product(shared)
}
