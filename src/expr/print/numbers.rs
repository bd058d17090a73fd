//! Numbers, exponents and Greek letters.

/// Exponents of more digits stand behind `^`.
const LONGEST_SUPERSCRIPT: usize = 6;

/// A number as numerator and denominator: 0.5 is 1/2, 0.42 stays itself.
pub fn fraction(x: f64) -> (String, String) {
    let small = (1..=16u32).find(|q| (x * f64::from(*q)).fract() == 0.0 && x * f64::from(*q) < 1e9);
    match small {
        Some(q) if q == 1 || x * f64::from(q) < 100.0 => ((x * f64::from(q)).to_string(), q.to_string()),
        _ => (x.to_string(), "1".into()),
    }
}

/// The digits raised, if there are only digits, and not too many.
pub fn superscript(exponent: &str) -> Option<String> {
    let raised = |d: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(d.to_digit(10)? as usize);
    if exponent.len() > LONGEST_SUPERSCRIPT { None } else { exponent.chars().map(raised).collect() }
}

/// The Greek letters that are written out in programs.
pub const GREEK: &[(&str, &str)] = &[
    ("alpha", "α"),
    ("beta", "β"),
    ("chi", "χ"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("epsilon", "ε"),
    ("eta", "η"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("omega", "ω"),
    ("phi", "φ"),
    ("psi", "ψ"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("theta", "θ"),
    ("xi", "ξ"),
    ("zeta", "ζ"),
];

pub fn greek(name: &str) -> String {
    GREEK.iter().find(|(latin, _)| *latin == name).map_or(name, |(_, letter)| letter).to_string()
}
