//! Formulas in LaTeX: `\frac{\lVert y - \mu\rVert^{2}}{2 \sigma^{2}}`. Needs amsmath.

use super::notation::Notation;
use super::numbers::GREEK;
use super::{LONGEST, Level, Printer, present};
use crate::expr::node::Expr;
use crate::special::Special;

/// The expression in mathematics mode.
pub fn latex(e: Expr) -> String {
    if e.size() > LONGEST {
        return format!(r"\dots\;(\text{{{} operations}})", e.size());
    }
    Printer::new(&LATEX).at(present(e), Level::Sum)
}

/// A name as it is written in formulas: `mu` is `\mu`, `h1` is `h_{1}`, `rate` is `\mathrm{rate}`.
pub fn latex_symbol(name: &str) -> String {
    let stem = name.trim_end_matches('′');
    let primes = "'".repeat(name.chars().count() - stem.chars().count());
    let letters = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let (letters, index) = if letters.is_empty() { (stem, "") } else { (letters, &stem[letters.len()..]) };
    let index = if index.is_empty() { String::new() } else { format!("_{{{index}}}") };
    let letters = if index.is_empty() { letters } else { letters.strip_suffix('_').unwrap_or(letters) };
    format!("{}{index}{primes}", word(letters))
}

const LATEX: Notation = Notation {
    pi: r"\pi",
    minus: "-",
    total: r"\sum_{k} ",
    name: latex_symbol,
    function,
    special,
    component,
    parentheses: |x| fence("(", x, ")"),
    absolute: |x| fence(r"\lvert ", x, r"\rvert"),
    norm: |x| fence(r"\lVert ", x, r"\rVert"),
    norm_squared: |x| fence(r"\lVert ", x, r"\rVert") + "^{2}",
    norm_one: |x| fence(r"\lVert ", x, r"\rVert") + "_{1}",
    root: |x| format!(r"\sqrt{{{x}}}"),
    not_negative: |x| fence("[", &format!(r"{x} \ge 0"), "]"),
    positive: |x| fence("[", &format!("{x} > 0"), "]"),
    transposed: |x| match x.strip_suffix("^{-1}") {
        Some(matrix) => raised(matrix, r"-\top"),
        None => raised(x, r"\top"),
    },
    inverse: |x| raised(x, "-1"),
    ln_det: |x| format!(r"\ln\lvert\det {x}\rvert"),
    power: raised,
    product,
    quotient: |over, under| format!(r"\frac{{{}}}{{{}}}", product(over), product(under)),
    share: |over, under, function| match under {
        "1" => format!("{over} {function}"),
        _ => format!(r"\frac{{{over}}}{{{under}}} {function}"),
    },
    cases: |a, b, c| format!(r"\begin{{cases}} {a} & {c} \ge 0 \\ {b} & \text{{otherwise}} \end{{cases}}"),
    slice: |x, first, last| format!("{x}_{{{first}:{last}}}"),
    holds: true,
    dot: None,
};

/// Functions that LaTeX has a command for; the others are set as operators.
const COMMANDS: &[&str] = &["ln", "exp", "sin", "cos", "tanh", "arctan", "max", "min"];

fn function(name: &str) -> String {
    if COMMANDS.contains(&name) { format!(r"\{name}") } else { format!(r"\operatorname{{{}}}", escaped(name)) }
}

fn special(f: Special) -> String {
    let symbol = match f {
        Special::LnGamma => r"\ln\Gamma",
        Special::Digamma => r"\psi",
        Special::Trigamma => r"\psi'",
        Special::NormalCdf => r"\Phi",
        Special::LnNormalCdf => r"\ln\Phi",
        Special::NormalQuantile => r"\Phi^{-1}",
        Special::LnBesselI0 => r"\ln I_{0}",
        Special::BesselRatio => r"\frac{I_{1}}{I_{0}}",
        Special::Atan => r"\arctan",
        other => return function(other.name()),
    };
    symbol.into()
}

/// `y_{k}`, `h_{1,k}`, `(W x)_{k}`
fn component(x: &str) -> String {
    let bare = x.trim_end_matches('\'');
    let primes = &x[bare.len()..];
    match bare.strip_suffix('}').filter(|indexed| indexed.rsplit_once("_{").is_some_and(|(_, i)| is_index(i))) {
        Some(indexed) => format!("{indexed},k}}{primes}"),
        None if bare.contains("_{") || bare.contains(' ') && !bare.ends_with([')', ']']) => format!("({x})_{{k}}"),
        None => format!("{bare}_{{k}}{primes}"),
    }
}

fn is_index(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

/// What carries an exponent already is put into a group first.
fn raised(base: &str, exponent: &str) -> String {
    let base = if base.contains('^') && !base.ends_with([')', '|']) { format!("{{{base}}}") } else { base.into() };
    format!("{base}^{{{exponent}}}")
}

/// Words are kept apart from what stands beside them; everything else spaces itself.
fn product(factors: &[String]) -> String {
    let mut text = String::new();
    for factor in factors {
        let words = text.ends_with('}') && text.contains(r"\mathrm") || factor.starts_with(r"\mathrm");
        let space = if words { r" \, " } else { " " };
        text += if text.is_empty() { "" } else { space };
        text += factor;
    }
    text
}

/// Brackets that grow around what is taller than a line.
fn fence(open: &str, x: &str, close: &str) -> String {
    let tall = [r"\frac", r"\sum", r"\begin"].iter().any(|part| x.contains(part));
    if tall { format!(r"\left{open}{x}\right{close}") } else { format!("{open}{x}{close}") }
}

/// Letters stand for themselves or for Greek ones; words stand upright.
fn word(name: &str) -> String {
    let greek = |(latin, letter): &&(&str, &str)| *latin == name || *letter == name;
    match GREEK.iter().find(greek) {
        Some((latin, _)) => format!(r"\{latin}"),
        None if name.len() == 1 && name != "_" => name.into(),
        None => format!(r"\mathrm{{{}}}", escaped(name)),
    }
}

/// A name in which every character is one that LaTeX prints.
fn escaped(name: &str) -> String {
    let escape = |c: char| match c {
        '_' => r"\_".into(),
        c if c.is_ascii() => c.to_string(),
        c => format!("U{:04X}", c as u32),
    };
    name.chars().map(escape).collect()
}
