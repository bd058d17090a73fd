//! How special functions are written.

use crate::special::Special;

/// The symbol, to stand before arguments in brackets; the name where there is none.
pub fn of(f: Special) -> &'static str {
    match f {
        Special::LnGamma => "ln Γ",
        Special::Digamma => "ψ",
        Special::Trigamma => "ψ′",
        Special::NormalCdf => "Φ",
        Special::LnNormalCdf => "ln Φ",
        Special::NormalQuantile => "Φ⁻¹",
        Special::LnBesselI0 => "ln I₀",
        Special::BesselRatio => "I₁/I₀",
        Special::Atan => "arctan",
        other => other.name(),
    }
}
