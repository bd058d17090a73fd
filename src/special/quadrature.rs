//! Integrals of smooth functions over a short interval.

/// Gauss–Legendre nodes and weights of order 20 on −1 to 1: the positive half. Abramowitz and Stegun, table 25.4.
const RULE: [(f64, f64); 10] = [
    (0.076_526_521_133_497_33, 0.152_753_387_130_725_85),
    (0.227_785_851_141_645_08, 0.149_172_986_472_603_75),
    (0.373_706_088_715_419_56, 0.142_096_109_318_382_05),
    (0.510_867_001_950_827_1, 0.131_688_638_449_176_63),
    (0.636_053_680_726_515, 0.118_194_531_961_518_42),
    (0.746_331_906_460_150_8, 0.101_930_119_817_240_44),
    (0.839_116_971_822_218_8, 0.083_276_741_576_704_75),
    (0.912_234_428_251_326, 0.062_672_048_334_109_06),
    (0.963_971_927_277_913_8, 0.040_601_429_800_386_94),
    (0.993_128_599_185_094_9, 0.017_614_007_139_152_118),
];

/// How far a logarithm falls until what lies beyond no longer counts: e⁻⁴⁰ is 4e-18.
pub const NEGLIGIBLE: f64 = 40.0;

/// ∫₀ˡᵉⁿᵍᵗʰ f, in two halves. Exact to the last digits where ln f is concave and falls by little more than
/// [`NEGLIGIBLE`], whether as a line or as a parabola.
pub fn integral(length: f64, f: impl Fn(f64) -> f64) -> f64 {
    let reach = length / 4.0;
    let half = |centre: f64| -> f64 {
        RULE.iter().map(|(node, weight)| weight * (f(centre - reach * node) + f(centre + reach * node))).sum()
    };
    reach * (half(reach) + half(3.0 * reach))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_parabolas_are_integrated_to_the_last_digits() {
        assert!((integral(NEGLIGIBLE, |x| (-x).exp()) - 1.0).abs() < 1e-15);
        let width = (2.0 * NEGLIGIBLE).sqrt();
        let half = (std::f64::consts::PI / 2.0).sqrt();
        assert!((integral(width, |x| (-x * x / 2.0).exp()) / half - 1.0).abs() < 1e-15);
    }
}
