//! The rewrite rules: each has a name, says what it does, and applies only where its guard holds.
//!
//! Arithmetic (flat sums, like terms, powers of one base) is done by the constructors and needs no rule.

use super::node::{Expr, Func, Node};
use super::shape::Shape;

pub struct Rule {
    pub name: &'static str,
    /// The kind of node that it looks at: others need not be asked.
    pub head: Head,
    /// The rule in mathematical notation, with its guard.
    pub says: &'static str,
    pub apply: fn(Expr) -> Option<Expr>,
}

/// A kind of node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    Call(Func),
    Power,
    Product,
    Sum,
    /// sign or step
    Sign,
    /// max or min
    Extremum,
    Other,
}

impl Head {
    pub fn of(e: Expr) -> Head {
        match e.head() {
            Node::Call(Func::Sign | Func::Step, _) => Head::Sign,
            Node::Call(f, _) => Head::Call(*f),
            Node::Pow(..) => Head::Power,
            Node::Mul(_) => Head::Product,
            Node::Sum(..) => Head::Sum,
            Node::Max(..) | Node::Min(..) => Head::Extremum,
            _ => Head::Other,
        }
    }
}

const fn rule(name: &'static str, head: Head, says: &'static str, apply: fn(Expr) -> Option<Expr>) -> Rule {
    Rule { name, head, says, apply }
}

const LN: Head = Head::Call(Func::Ln);
const EXP: Head = Head::Call(Func::Exp);
const ABS: Head = Head::Call(Func::Abs);

pub const RULES: &[Rule] = &[
    rule("ln-exp", LN, "ln eˣ = x", ln_exp),
    rule("exp-ln", EXP, "e^(a + c ln x) = xᶜ eᵃ, x > 0", exp_ln),
    rule("softplus", LN, "ln(1 + eˣ) = softplus(x)", softplus),
    rule("ln-sum-exp", LN, "ln Σ a eˣ = logsumexp(ln a + x), a > 0", ln_sum_exp),
    rule("ln-mixture", LN, "ln(a eˣ + b eʸ) = ln a + x + softplus(ln b + y − ln a − x), a > 0, b > 0", ln_mixture),
    rule("ln-softmax", LN, "ln softmax(x) = x − logsumexp(x)", ln_softmax),
    rule("ln-logistic", LN, "ln logistic(x) = x − softplus(x)", ln_logistic),
    rule("ln-complement", LN, "ln(1 − logistic(x)) = −softplus(x)", ln_complement),
    rule("ln-product", LN, "ln(x y) = ln x + ln y, x > 0, y > 0", ln_product),
    rule("ln-power", LN, "ln xᶜ = c ln x, x > 0", ln_power),
    rule("ln-content", LN, "ln(c x + c y) = ln c + ln(x + y), c > 0", ln_content),
    rule("ln-reciprocal", LN, "ln(1/n) = −ln n for a whole number n", ln_reciprocal),
    rule("logistic", Head::Power, "1/(1 + eˣ) = logistic(−x)", logistic),
    rule("exp-logistic", Head::Product, "eˣ logistic(−x) = logistic(x)", exp_logistic),
    rule("logistic-sign", Head::Call(Func::Logistic), "logistic(−x) = 1 − logistic(x)", logistic_sign),
    rule("softplus-sign", Head::Call(Func::Softplus), "softplus(−x) = softplus(x) − x", softplus_sign),
    rule("softmax", Head::Product, "eˣ / Σ eˣ = softmax(x)", softmax),
    rule("sums-to-one", Head::Sum, "Σ p = 1 for p on the simplex", sums_to_one),
    rule("power-of-power", Head::Power, "(xᵃ)ᵇ = xᵃᵇ, x > 0", power_of_power),
    rule("power-of-product", Head::Power, "(x y)ᶜ = xᶜ yᶜ, x > 0", power_of_product),
    rule("power-content", Head::Power, "(c x + c y)ⁿ = cⁿ (x + y)ⁿ, c > 0", power_content),
    rule("abs-of-sign", ABS, "|x| = x where x ≥ 0, −x where x ≤ 0", abs_of_sign),
    rule("abs-of-product", ABS, "|c x| = c |x|, c > 0", abs_of_product),
    rule("abs-square", Head::Power, "|x|² = x²", abs_square),
    rule("known-sign", Head::Sign, "sign and step of what is positive or negative", known_sign),
    rule("known-max", Head::Extremum, "max and min of what is ordered by its domain", known_max),
];

fn argument(e: Expr, f: Func) -> Option<Expr> {
    match e.node() {
        Node::Call(g, x) if g == f => Some(x),
        _ => None,
    }
}

/// `x` when `e = 1 + x`.
fn one_plus(e: Expr) -> Option<Expr> {
    match e.node() {
        Node::Add(terms) if terms.iter().any(|t| t.is_num(1.0)) => Some(e - 1.0),
        _ => None,
    }
}

/// Whether the expression is written with a minus in front, so that flipping its sign makes it simpler.
fn leads_with_minus(e: Expr) -> bool {
    let negative = |t: &Expr| t.split_coefficient().0 < 0.0;
    let terms = e.terms();
    let minus = terms.iter().filter(|t| negative(t)).count();
    2 * minus > terms.len() || (2 * minus == terms.len() && terms.first().is_some_and(negative))
}

fn ln_exp(e: Expr) -> Option<Expr> {
    argument(argument(e, Func::Ln)?, Func::Exp)
}

fn exp_ln(e: Expr) -> Option<Expr> {
    let terms = argument(e, Func::Exp)?.terms();
    let powers: Vec<Option<(Expr, Expr)>> = terms.iter().map(|t| multiple_of_ln(*t)).collect();
    if powers.iter().all(Option::is_none) {
        return None;
    }
    let rest: Vec<Expr> = terms.iter().zip(&powers).filter(|(_, p)| p.is_none()).map(|(t, _)| *t).collect();
    let product: Vec<Expr> = powers.into_iter().flatten().map(|(x, c)| x.pow(c)).collect();
    Some(Expr::mul_all(&product) * Expr::add_all(&rest).exp())
}

/// `(x, c)` with `term = c ln x`, x > 0.
fn multiple_of_ln(term: Expr) -> Option<(Expr, Expr)> {
    let factors = term.factors();
    let at = factors.iter().position(|f| argument(*f, Func::Ln).is_some_and(Expr::is_positive))?;
    let x = argument(factors[at], Func::Ln)?;
    let rest: Vec<Expr> = factors.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, f)| *f).collect();
    Some((x, Expr::mul_all(&rest)))
}

fn softplus(e: Expr) -> Option<Expr> {
    let x = argument(one_plus(argument(e, Func::Ln)?)?, Func::Exp)?;
    Some(x.call(Func::Softplus))
}

fn ln_sum_exp(e: Expr) -> Option<Expr> {
    match argument(e, Func::Ln)?.node() {
        Node::Sum(inside, _) => log_of_exponential(inside).map(Expr::log_sum_exp),
        _ => None,
    }
}

/// The stable form of a mixture, whose slopes are its responsibilities.
fn ln_mixture(e: Expr) -> Option<Expr> {
    let Node::Add(terms) = argument(e, Func::Ln)?.node() else { return None };
    let logs = terms.iter().map(|term| log_of_exponential(*term)).collect::<Option<Vec<Expr>>>()?;
    logs.into_iter().reduce(|sum, log| sum + (log - sum).call(Func::Softplus))
}

/// ln c + x of `c eˣ` with c > 0.
fn log_of_exponential(term: Expr) -> Option<Expr> {
    let factors = term.factors();
    let exponent = factors.iter().find_map(|f| argument(*f, Func::Exp))?;
    let rest = term / exponent.exp();
    rest.is_positive().then(|| rest.ln() + exponent)
}

fn ln_softmax(e: Expr) -> Option<Expr> {
    match argument(e, Func::Ln)?.node() {
        Node::Softmax(x) => Some(x - x.log_sum_exp()),
        _ => None,
    }
}

fn ln_logistic(e: Expr) -> Option<Expr> {
    let x = argument(argument(e, Func::Ln)?, Func::Logistic)?;
    Some(x - x.call(Func::Softplus))
}

fn ln_complement(e: Expr) -> Option<Expr> {
    let x = argument(-one_plus(argument(e, Func::Ln)?)?, Func::Logistic)?;
    Some(-x.call(Func::Softplus))
}

fn ln_product(e: Expr) -> Option<Expr> {
    let Node::Mul(factors) = argument(e, Func::Ln)?.node() else { return None };
    let positive = factors.iter().all(|f| f.is_positive());
    positive.then(|| Expr::add_all(&factors.iter().map(|f| f.ln()).collect::<Vec<_>>()))
}

fn ln_power(e: Expr) -> Option<Expr> {
    match argument(e, Func::Ln)?.node() {
        Node::Pow(base, exponent) if base.is_positive() => Some(exponent * base.ln()),
        _ => None,
    }
}

fn ln_content(e: Expr) -> Option<Expr> {
    let x = argument(e, Func::Ln)?;
    let Node::Add(terms) = x.node() else { return None };
    let content = content(&terms)?;
    Some(Expr::num(content).ln() + (x / Expr::num(content)).ln())
}

/// The positive number, other than 1, of which all terms are whole multiples.
fn content(terms: &[Expr]) -> Option<f64> {
    let content = terms.iter().map(|t| t.split_coefficient().0.abs()).fold(f64::INFINITY, f64::min);
    let whole = terms.iter().all(|t| (t.split_coefficient().0 / content).fract() == 0.0);
    (whole && content != 1.0).then_some(content)
}

fn ln_reciprocal(e: Expr) -> Option<Expr> {
    let x = argument(e, Func::Ln)?.as_num()?;
    (x > 0.0 && x < 1.0 && (1.0 / x).fract() == 0.0).then(|| -Expr::num(1.0 / x).ln())
}

fn logistic(e: Expr) -> Option<Expr> {
    match e.node() {
        Node::Pow(base, n) if n.as_num().is_some_and(|n| n < 0.0 && n.fract() == 0.0) => {
            let x = argument(one_plus(base)?, Func::Exp)?;
            Some((-x).call(Func::Logistic).pow(-n))
        }
        _ => None,
    }
}

fn exp_logistic(e: Expr) -> Option<Expr> {
    let Node::Mul(factors) = e.node() else { return None };
    let x = factors.iter().find_map(|f| argument(*f, Func::Exp))?;
    let mirrored = (-x).call(Func::Logistic);
    let complement = 1.0 - x.call(Func::Logistic);
    let found = factors.iter().find(|f| **f == mirrored || **f == complement)?;
    Some(e / *found / x.exp() * x.call(Func::Logistic))
}

fn logistic_sign(e: Expr) -> Option<Expr> {
    let x = argument(e, Func::Logistic).filter(|x| x.as_num().is_none())?;
    leads_with_minus(x).then(|| 1.0 - (-x).call(Func::Logistic))
}

fn softplus_sign(e: Expr) -> Option<Expr> {
    let x = argument(e, Func::Softplus).filter(|x| x.as_num().is_none())?;
    leads_with_minus(x).then(|| (-x).call(Func::Softplus) + x)
}

fn softmax(e: Expr) -> Option<Expr> {
    let Node::Mul(factors) = e.node() else { return None };
    let exponential = factors.iter().find(|f| argument(**f, Func::Exp).is_some())?;
    let x = argument(*exponential, Func::Exp)?;
    let Shape::Vector(dim) = x.shape() else { return None };
    let normaliser = exponential.sum(dim).powi(-1);
    factors.contains(&normaliser).then(|| e / *exponential / normaliser * x.softmax())
}

fn sums_to_one(e: Expr) -> Option<Expr> {
    let Node::Sum(inside, _) = e.node() else { return None };
    let one = match inside.node() {
        Node::Softmax(_) => true,
        _ => inside.domain().is_some_and(|d| d.sums_to_one),
    };
    one.then(|| Expr::num(1.0))
}

fn power_of_power(e: Expr) -> Option<Expr> {
    let Node::Pow(outer, b) = e.node() else { return None };
    match outer.node() {
        Node::Pow(base, a) if base.is_positive() => Some(base.pow(a * b)),
        _ => None,
    }
}

fn power_of_product(e: Expr) -> Option<Expr> {
    let Node::Pow(base, exponent) = e.node() else { return None };
    let Node::Mul(factors) = base.node() else { return None };
    let (positive, rest): (Vec<Expr>, Vec<Expr>) = factors.iter().partition(|f| f.is_positive());
    let outside: Vec<Expr> = positive.iter().map(|f| f.pow(exponent)).collect();
    (!positive.is_empty()).then(|| Expr::mul_all(&outside) * Expr::mul_all(&rest).pow(exponent))
}

fn power_content(e: Expr) -> Option<Expr> {
    let Node::Pow(base, exponent) = e.node() else { return None };
    let Node::Add(terms) = base.node() else { return None };
    let content = content(&terms)?;
    exponent.as_num().map(|_| Expr::num(content).pow(exponent) * (base / Expr::num(content)).pow(exponent))
}

fn abs_of_sign(e: Expr) -> Option<Expr> {
    let x = argument(e, Func::Abs)?;
    match (x.range().is_non_negative(), (-x).range().is_non_negative()) {
        (true, _) => Some(x),
        (_, true) => Some(-x),
        _ => None,
    }
}

fn abs_of_product(e: Expr) -> Option<Expr> {
    let x = argument(e, Func::Abs)?;
    let (known, rest): (Vec<Expr>, Vec<Expr>) =
        x.factors().into_iter().partition(|f| f.is_positive() || f.as_num().is_some());
    let outside: Vec<Expr> = known.iter().map(|f| f.as_num().map_or(*f, |c| Expr::num(c.abs()))).collect();
    let inside = Expr::mul_all(&rest);
    (!known.is_empty() && !rest.is_empty()).then(|| Expr::mul_all(&outside) * inside.abs())
}

fn abs_square(e: Expr) -> Option<Expr> {
    match e.node() {
        Node::Pow(base, n) if n.as_num().is_some_and(|n| n % 2.0 == 0.0) => Some(argument(base, Func::Abs)?.pow(n)),
        _ => None,
    }
}

fn known_sign(e: Expr) -> Option<Expr> {
    let Node::Call(f @ (Func::Sign | Func::Step), x) = e.node() else { return None };
    let range = x.range();
    let above = range.is_positive() || (f == Func::Step && range.is_non_negative());
    let below = if f == Func::Sign { -1.0 } else { 0.0 };
    if above { Some(Expr::num(1.0)) } else { range.is_negative().then(|| Expr::num(below)) }
}

fn known_max(e: Expr) -> Option<Expr> {
    let (a, b, sign) = match e.node() {
        Node::Max(a, b) => (a, b, 1.0),
        Node::Min(a, b) => (a, b, -1.0),
        _ => return None,
    };
    let shapes_kept = |kept: Expr| kept.shape() == e.shape();
    let larger = if (sign * (a - b)).range().is_non_negative() {
        a
    } else if (sign * (b - a)).range().is_non_negative() {
        b
    } else {
        return None;
    };
    shapes_kept(larger).then_some(larger)
}
