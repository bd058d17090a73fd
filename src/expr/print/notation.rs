//! What differs between the writings of one formula: the printer decides what is said, a notation how it looks.

use super::Level;
use super::numbers::{greek, superscript};
use super::symbols;
use crate::special::Special;

/// Puts something around a formula.
pub type Around = fn(&str) -> String;

/// How formulas look. One line for each thing that is written in more than one way.
pub struct Notation {
    pub pi: &'static str,
    pub minus: &'static str,
    /// A Σ, to stand before its summand.
    pub total: &'static str,
    /// The name of a variable.
    pub name: fn(&str) -> String,
    /// The name of a function.
    pub function: fn(&str) -> String,
    pub special: fn(Special) -> String,
    /// One component of a vector.
    pub component: Around,
    pub parentheses: Around,
    pub absolute: Around,
    pub norm: Around,
    pub norm_squared: Around,
    pub norm_one: Around,
    pub root: Around,
    /// 1 where it is not negative, else 0.
    pub not_negative: Around,
    pub positive: Around,
    pub transposed: Around,
    pub inverse: Around,
    pub ln_det: Around,
    pub power: fn(&str, &str) -> String,
    pub product: fn(&[String]) -> String,
    pub quotient: fn(&[String], &[String]) -> String,
    /// A function, or a sum in parentheses, times a fraction.
    pub share: fn(&str, &str, &str) -> String,
    /// The first where the last is not negative, else the second.
    pub cases: fn(&str, &str, &str) -> String,
    /// Components from one number to another.
    pub slice: fn(&str, &str, &str) -> String,
    /// Whether fractions, roots and exponents hold their parts together without parentheses.
    pub holds: bool,
    /// The sign of a product with a matrix; where there is none, vectors are columns.
    pub dot: Option<&'static str>,
}

impl Notation {
    /// How tightly a part must bind that stands alone in a fraction, a root or an exponent.
    pub fn inside(&self, level: Level) -> Level {
        if self.holds { Level::Sum } else { level }
    }
}

/// One line of text.
pub const TEXT: Notation = Notation {
    pi: "π",
    minus: "−",
    total: "Σ_k ",
    name: greek,
    function: str::to_string,
    special: |f| symbols::of(f).into(),
    component: |x| format!("{x}_k"),
    parentheses: |x| format!("({x})"),
    absolute: |x| format!("|{x}|"),
    norm: |x| format!("‖{x}‖"),
    norm_squared: |x| format!("‖{x}‖²"),
    norm_one: |x| format!("‖{x}‖₁"),
    root: |x| format!("√{x}"),
    not_negative: |x| format!("[{x} ≥ 0]"),
    positive: |x| format!("[{x} > 0]"),
    transposed: |x| format!("{x}ᵀ"),
    inverse: |x| format!("{x}⁻¹"),
    ln_det: |x| format!("ln |det {x}|"),
    power: |base, exponent| match superscript(exponent) {
        Some(raised) => format!("{base}{raised}"),
        None => format!("{base}^{exponent}"),
    },
    product: |factors| factors.join(" "),
    quotient: |over, under| match under {
        [only] => format!("{}/{only}", over.join(" ")),
        _ => format!("{}/({})", over.join(" "), under.join(" ")),
    },
    share: |over, under, function| match (over, under) {
        (_, "1") => format!("{over} {function}"),
        ("1", _) => format!("{function}/{under}"),
        _ => format!("{over} {function}/{under}"),
    },
    cases: |a, b, c| format!("{{{a} if {c} ≥ 0, else {b}}}"),
    slice: |x, first, last| format!("{x}[{first}..{last}]"),
    holds: false,
    dot: Some(" @ "),
};
