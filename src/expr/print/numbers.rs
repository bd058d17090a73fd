//! Numbers, exponents and Greek letters.

use super::Level;

pub fn number(x: f64) -> (Level, String) {
    let (numerator, denominator) = fraction(x.abs());
    let sign = if x < 0.0 { "−" } else { "" };
    match denominator.as_str() {
        "1" => (if x < 0.0 { Level::Product } else { Level::Atom }, format!("{sign}{numerator}")),
        _ => (Level::Product, format!("{sign}{numerator}/{denominator}")),
    }
}

/// A number as numerator and denominator: 0.5 is 1/2, 0.42 stays itself.
pub fn fraction(x: f64) -> (String, String) {
    let small = (1..=16u32).find(|q| (x * f64::from(*q)).fract() == 0.0 && x * f64::from(*q) < 1e9);
    match small {
        Some(q) if q == 1 || x * f64::from(q) < 100.0 => ((x * f64::from(q)).to_string(), q.to_string()),
        _ => (x.to_string(), "1".into()),
    }
}

pub fn superscript(n: u64) -> String {
    n.to_string().chars().map(|d| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(d as usize - '0' as usize).unwrap_or(d)).collect()
}

const GREEK: &[(&str, &str)] = &[
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("eta", "η"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("phi", "φ"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("theta", "θ"),
    ("xi", "ξ"),
];

pub fn greek(name: &str) -> String {
    GREEK.iter().find(|(latin, _)| *latin == name).map_or(name, |(_, letter)| letter).to_string()
}
