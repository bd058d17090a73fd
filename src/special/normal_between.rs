//! ln(Φ(b) − Φ(a)), where the difference itself cancels or underflows.
//!
//! From the end nearer to 0, Φ(b) − Φ(a) = φ(b) ∫₀ᵇ⁻ᵃ exp(b t − t²/2) dt: an integral of positive numbers near 1, which
//! neither a narrow interval nor a far one costs digits. Where the interval holds most of the probability, what it leaves
//! out has the more of them.

use std::f64::consts::TAU;

use super::normal::cdf;
use super::quadrature::{NEGLIGIBLE, integral};

pub fn ln_between(a: f64, b: f64) -> f64 {
    if a > b || a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == b {
        f64::NEG_INFINITY
    } else if a + b > 0.0 {
        from_upper(-b, -a)
    } else {
        from_upper(a, b)
    }
}

/// For |b| ≤ |a|.
fn from_upper(a: f64, b: f64) -> f64 {
    if b > 1.0 {
        return (-(cdf(a) + cdf(-b))).ln_1p();
    }
    // Where b t − t²/2 has fallen to −NEGLIGIBLE.
    let reach = 2.0 * NEGLIGIBLE / (b.hypot((2.0 * NEGLIGIBLE).sqrt()) - b);
    let ln_share = integral(reach.min(b - a), |t| (b * t - 0.5 * t * t).exp()).ln();
    // What has a probability is not impossible, be its logarithm beyond all numbers.
    (-0.5 * b * b - 0.5 * TAU.ln() + ln_share).max(f64::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::Special;
    use crate::special::tests::check;

    const INF: f64 = f64::INFINITY;

    #[test]
    fn values() {
        let rows: &[(&[f64], f64)] = &[
            (&[-1.0, 1.0], -0.381_715_146_302_126_05),
            (&[-2.5, 2.0], -0.029_387_408_122_529_6),
            (&[-3.0, 3.0], -0.002_703_447_085_475_963),
            (&[-9.0, 8.0], -6.222_089_162_677_74e-16),
            (&[-40.0, 9.0], -1.128_588_405_953_840_5e-19),
            (&[0.0, 1.0], -1.074_862_326_862_071_4),
            (&[0.0, 1e-10], -23.944_789_463_145_13),
            (&[-1e-10, 1e-10], -23.251_642_282_585_184),
            (&[-1e-300, 2e-300], -690.595_854_142_750_2),
            (&[1.0, 1.000_000_1], -17.537_034_233_579_128),
            (&[1.0, 1.000_000_000_000_000_2], -37.462_591_922_321_83),
            (&[-0.5, 1.0], -0.629_595_632_552_863_5),
            (&[-1.5, 0.999], -0.255_801_755_891_573_06),
            (&[-1.5, 1.001], -0.255_176_942_357_839_7),
            (&[3.0, 9.0], -6.607_726_221_510_35),
            (&[-9.0, -3.0], -6.607_726_221_510_35),
            (&[8.0, 8.25], -35.149_608_753_870_32),
            (&[-8.25, -8.0], -35.149_608_753_870_32),
            (&[-30.0, -29.5], -439.429_474_950_018_7),
            (&[40.0, 50.0], -804.608_442_013_753_8),
            (&[-50.0, -40.0], -804.608_442_013_753_8),
            (&[100.0, 100.001], -5_007.876_277_342_747),
            (&[-10_000.0, -9_999.999_9], -50_000_009.587_954_07),
            (&[10_000.0, 20_000.0], -50_000_010.129_278_91),
            (&[100_000_000.0, 100_000_000.000_000_01], -5_000_000_000_000_020.0),
            (&[-1e100, -1e99], -4.999_999_999_999_999_4e197),
            (&[-INF, -3.0], -6.607_726_221_510_349),
            (&[3.0, INF], -6.607_726_221_510_349),
            (&[-INF, 0.5], -0.368_946_415_288_656_4),
            (&[-0.5, INF], -0.368_946_415_288_656_4),
            (&[-INF, 2.0], -0.023_012_909_328_963_49),
            (&[-2.0, INF], -0.023_012_909_328_963_49),
        ];
        check(Special::LnNormalBetween, 1e-13, rows);
    }

    #[test]
    fn branches_meet() {
        for a in [-9.0, -2.0, -1.0 - 1e-9] {
            let (left, right) = (ln_between(a, 1.0), ln_between(a, 1.0 + 1e-15));
            assert!((left - right).abs() < 1e-13, "{a}: {left}, {right}");
        }
    }

    #[test]
    fn only_what_is_impossible_is_minus_infinite() {
        for (a, b) in [(1e154, 1e155), (-INF, -1e200), (0.0, 5e-324), (f64::MAX.next_down(), f64::MAX)] {
            assert!(ln_between(a, b).is_finite() && ln_between(a, b) == ln_between(-b, -a), "{a}, {b}");
        }
    }
}
