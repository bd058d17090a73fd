//! Numbers, exponents and Greek letters.

/// Exponents of more digits stand behind `^`.
const LONGEST_SUPERSCRIPT: usize = 6;

/// A number as numerator and denominator: 0.5 is 1/2, 0.42 stays itself.
pub fn fraction(x: f64) -> (String, String) {
    let x = unrounded(x);
    let small = (1..=16u32).find(|q| (x * f64::from(*q)).fract() == 0.0 && x * f64::from(*q) < 1e9);
    match small {
        Some(q) if q == 1 || x * f64::from(q) < 100.0 => ((x * f64::from(q)).to_string(), q.to_string()),
        _ => quotient(x).unwrap_or((x.to_string(), "1".into())),
    }
}

/// What was meant before rounding: 100 for 99.99999999999999.
fn unrounded(x: f64) -> f64 {
    let short: f64 = format!("{x:.13e}").parse().unwrap_or(x);
    if (short - x).abs() <= 4.0 * f64::EPSILON * x.abs() { short } else { x }
}

/// Decimals of more digits are written as a quotient of small numbers where they are one: 1/96.
const LONGEST_DECIMAL: usize = 8;

fn quotient(x: f64) -> Option<(String, String)> {
    let is_one = |q: &u32| {
        let p = x * f64::from(*q);
        p < 1e6 && (p - p.round()).abs() <= 4.0 * f64::EPSILON * p && p.round() > 0.0
    };
    let q = (x.to_string().len() > LONGEST_DECIMAL).then(|| (17..=1000).find(is_one))??;
    Some(((x * f64::from(q)).round().to_string(), q.to_string()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_were_meant() {
        let cases = [
            (0.5, "1", "2"),
            (0.42, "0.42", "1"),
            (99.99999999999999, "100", "1"),
            (1.0 / 96.0, "1", "96"),
            (0.1 + 0.2, "3", "10"),
            (std::f64::consts::E, "2.718281828459045", "1"),
        ];
        for (x, numerator, denominator) in cases {
            assert_eq!(fraction(x), (numerator.to_string(), denominator.to_string()), "{x}");
        }
    }
}
