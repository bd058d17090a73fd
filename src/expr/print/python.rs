//! Names and special functions in Python with SymPy.

use super::Level;
use crate::special::Special;

/// Words of Python, and what the written expressions use of SymPy: no variable may hide these.
const RESERVED: &str = "
    False None True and as assert async await break class continue def del elif else except finally for from global if import
    in is lambda nonlocal not or pass raise return try while with yield
    k j i l k5 k6 pi oo nan exp log sin cos tanh atan sqrt sign floor gamma lowergamma loggamma digamma polygamma erf erfc besseli
    symbols sympify Abs Heaviside Max Min Sum Piecewise Rational Function Symbol IndexedBase Ge Le Eq
";

/// A variable's name in Python: `lambda` is `lambda_`, `y′` is `y_prime`.
pub fn identifier(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c.to_string() } else { "_".into() };
    let name: String = name.replace('′', "_prime").chars().map(plain).collect();
    if RESERVED.split_whitespace().any(|word| word == name) { name + "_" } else { name }
}

/// Special functions in SymPy's words; `{0}` is the first argument. The others become functions that it knows by name alone.
const SPECIAL: &[(Special, Level, &str)] = &[
    (Special::LnGamma, Level::Atom, "loggamma({0})"),
    (Special::Digamma, Level::Atom, "digamma({0})"),
    (Special::Trigamma, Level::Atom, "polygamma(1, {0})"),
    (Special::Erf, Level::Atom, "erf({0})"),
    (Special::NormalCdf, Level::Product, "(1 + erf({0}/sqrt(2)))/2"),
    (Special::LnNormalCdf, Level::Atom, "log(erfc(-{0}/sqrt(2))/2)"),
    (Special::LnNormalBetween, Level::Atom, "log((erf({1}/sqrt(2)) - erf({0}/sqrt(2)))/2)"),
    (Special::LnBesselI0, Level::Atom, "log(besseli(0, {0}))"),
    (Special::BesselRatio, Level::Product, "besseli(1, {0})/besseli(0, {0})"),
    (Special::Atan, Level::Atom, "atan({0})"),
    (Special::Floor, Level::Atom, "floor({0})"),
    (Special::GammaCdf, Level::Product, "lowergamma({0}, {1})/gamma({0})"),
    (Special::Piecewise, Level::Atom, "Piecewise(({1}, {0} >= 0), ({2}, True))"),
];

pub(super) fn special(f: Special, arguments: &[String]) -> (Level, String) {
    let Some((_, level, template)) = SPECIAL.iter().find(|(known, ..)| *known == f) else {
        return (Level::Atom, format!("Function('{}')({})", f.name(), arguments.join(", ")));
    };
    let filled = |text: String, (i, x): (usize, &String)| text.replace(&format!("{{{i}}}"), x);
    (*level, arguments.iter().enumerate().fold(template.to_string(), filled))
}
