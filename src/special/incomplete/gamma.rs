//! P(a, x) = γ(a, x) / Γ(a) and its inverse in x.

use std::f64::consts::TAU;

use super::{LARGE, Tails, continued_fraction, excess, falling};
use crate::special::gamma::{ln_gamma, stirling_rest};
use crate::special::normal;
use crate::special::solve::solve;

pub fn gamma_cdf(a: f64, x: f64) -> f64 {
    if in_domain(a) && x >= 0.0 { gamma_tails(a, x).lower } else { f64::NAN }
}

pub fn gamma_quantile(a: f64, p: f64) -> f64 {
    match p {
        _ if !in_domain(a) => f64::NAN,
        0.0 => 0.0,
        1.0 => f64::INFINITY,
        _ if 0.0 < p && p < 1.0 => inverse(a, p),
        _ => f64::NAN,
    }
}

fn in_domain(a: f64) -> bool {
    0.0 < a && a < f64::INFINITY
}

/// P and Q = 1 − P, for a > 0 and x ≥ 0.
pub fn gamma_tails(a: f64, x: f64) -> Tails {
    if x == 0.0 {
        Tails::of_lower(0.0)
    } else if x == f64::INFINITY {
        Tails::of_upper(0.0)
    } else if a >= LARGE && (x - a).abs() < 0.5 * a {
        narrow(a, x)
    } else if x < a + 1.0 {
        Tails::of_lower(mass(a, x) * series(a, x))
    } else {
        Tails::of_upper(a * mass(a, x) * fraction(a, x))
    }
}

/// The tail on the side of x that does not hold the centre a.
fn narrow(a: f64, x: f64) -> Tails {
    let side = if x < a { -1.0 } else { 1.0 };
    let less_one = |w: f64| ((x - a) + x * (side * w).exp_m1()) / a;
    let exponent = |w: f64| a * excess(1.0 + less_one(w), less_one(w));
    let slope = |w: f64| a * less_one(w).abs();
    let tail = a * top(a) * falling(exponent, slope, x);
    if x < a { Tails::of_lower(tail) } else { Tails::of_upper(tail) }
}

/// xᵃ e⁻ˣ / Γ(a+1), which is the density times x/a.
fn mass(a: f64, x: f64) -> f64 {
    if a >= LARGE {
        top(a) * (a * excess(x / a, (x - a) / a)).exp()
    } else {
        (a * x.ln() - x - ln_gamma(a + 1.0)).exp()
    }
}

/// Its largest value aᵃ e⁻ᵃ / Γ(a+1), for large a.
fn top(a: f64) -> f64 {
    (-stirling_rest(a)).exp() / (TAU * a).sqrt()
}

/// Σ xⁿ / ((a+1) … (a+n)), DLMF 8.7.1.
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..1_000 {
        term *= x / (a + f64::from(n));
        sum += term;
        if term < f64::EPSILON * sum {
            break;
        }
    }
    sum
}

/// Γ(a, x) / (xᵃ e⁻ˣ), DLMF 8.9.2 after contraction.
fn fraction(a: f64, x: f64) -> f64 {
    1.0 / continued_fraction(x + 1.0 - a, |k| (k * (a - k), x + 2.0 * k + 1.0 - a))
}

fn inverse(a: f64, p: f64) -> f64 {
    let small = small_quantile(a, p);
    if small == 0.0 {
        return 0.0;
    }
    // Wilson and Hilferty (1931): the cube root is about normal.
    let root = 1.0 - 1.0 / (9.0 * a) + normal::quantile(p) / (3.0 * a.sqrt());
    let start = small.max(a * root.powi(3));
    let bracket = (0.5 * small, f64::MAX);
    if p <= 0.5 {
        solve(p, start, bracket, |x| (gamma_tails(a, x).lower, a * mass(a, x)))
    } else {
        solve(1.0 - p, start, bracket, |x| (gamma_tails(a, x).upper, -a * mass(a, x)))
    }
}

/// (p Γ(a+1))^(1/a): never larger than the quantile, and about the same where that is small.
fn small_quantile(a: f64, p: f64) -> f64 {
    ((p.ln() + ln_gamma(a + 1.0)) / a).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::Special;
    use crate::special::tests::{check, check_round_trip};

    #[test]
    fn values() {
        check(
            Special::GammaCdf,
            1e-13,
            &[
                (&[0.001, 0.001], 0.993_687_646_708_860_3),
                (&[0.001, 0.475_341_649_025_256_9], 0.999_408_878_348_599_4),
                (&[0.001, 0.001_6], 0.994_154_197_770_624_6),
                (&[0.001, 5.0], 0.999_998_849_018_660_3),
                (&[0.1, 1.997_366_596_101_027_6], 0.994_306_062_393_740_9),
                (&[0.1, 0.055_000_000_000_000_01], 0.782_617_806_488_763_8),
                (&[0.1, 1e-10], 0.105_113_700_610_222_18),
                (&[0.5, 0.5], 0.682_689_492_137_085_9),
                (&[0.5, 5e-4], 0.025_227_120_630_039_613),
                (&[0.5, 1.5], 0.916_735_483_336_449_6),
                (&[0.5, 20.0], 0.999_999_999_746_037_1),
                (&[1.0, 7.0], 0.999_088_118_034_445_5),
                (&[1.0, 1.45], 0.765_429_711_906_202_3),
                (&[1.0, 5.0], 0.993_262_053_000_914_5),
                (&[2.5, 3.290_569_415_042_095], 0.746_299_249_713_33),
                (&[2.5, 1.0], 0.150_854_963_915_390_36),
                (&[2.5, 1e-10], 3.009_011_112_039_771e-26),
                (&[10.0, 8.418_861_169_915_811], 0.336_515_503_289_351_26),
                (&[10.0, 57.434_164_902_525_694], 0.999_999_999_999_997_4),
                (&[10.0, 14.5], 0.912_240_638_233_123_1),
                (&[19.9, 19.9], 0.529_817_402_198_077_5),
                (&[19.9, 7.96], 2.616_653_412_451_216_3e-4),
                (&[20.0, 11.055_728_090_000_84], 0.009_766_983_159_449_94),
                (&[20.0, 28.944_271_909_999_16], 0.966_650_498_583_597_5),
                (&[20.0, 29.0], 0.967_368_583_698_733_5),
                (&[20.1, 20.1], 0.529_668_622_242_564_1),
                (&[20.1, 8.040_000_000_000_001], 2.445_070_429_130_941e-4),
                (&[50.0, 7.573_593_128_807_147], 1.829_868_160_846_534e-24),
                (&[50.0, 53.535_533_905_932_74], 0.703_872_109_004_561_7),
                (&[50.0, 72.5], 0.997_788_165_382_616_9),
                (&[100.0, 100.0], 0.513_298_798_279_148_7),
                (&[100.0, 55.000_000_000_000_01], 3.280_797_315_955_233e-8),
                (&[1000.0, 936.754_446_796_632_5], 0.021_016_500_612_428_61),
                (&[1000.0, 1_189.736_659_610_102_8], 0.999_999_992_778_981_3),
                (&[10_000.0, 10_050.0], 0.692_342_440_702_565_6),
                (&[1e6, 999_500.0], 0.308_625_556_890_815_33),
            ],
        );
        check(
            Special::GammaQuantile,
            2e-13,
            &[
                (&[0.001, 0.6], 7.960_233_816_826_859e-223),
                (&[0.5, 1e-10], 7.853_981_633_974_484e-21),
                (&[0.5, 0.9], 1.352_771_727_047_707_5),
                (&[1.0, 1e-300], 1e-300),
                (&[2.5, 0.5], 2.175_730_095_547_763_6),
                (&[10.0, 0.999_999_999_9], 44.627_857_114_101_5),
                (&[20.0, 0.3], 17.435_969_663_475_472),
                (&[100.0, 1e-10], 48.883_092_053_795_956),
                (&[10_000.0, 0.99], 10_234.104_379_158_054),
            ],
        );
    }

    #[test]
    fn far_tails() {
        check(
            Special::GammaCdf,
            3e-13,
            &[
                (&[0.5, 1e-300], 1.128_379_167_095_512_6e-150),
                (&[50.0, 0.05], 2.780_587_716_828_697e-130),
                (&[100.0, 0.1], 9.705_034_877_125_629e-259),
                (&[1000.0, 367.544_467_966_324_2], 1.911_104_327_688_867_6e-162),
                (&[1000.0, 400.0], 9.097_512_748_435_139e-140),
                (&[1000.0, 550.0], 1.744_610_989_663_684_3e-66),
                (&[10_000.0, 8000.0], 6.135_448_501_090_494e-103),
                (&[1e6, 98e4], 1.837_185_732_907_132_7e-90),
            ],
        );
    }

    #[test]
    fn quantiles_turn_the_distribution_function_round() {
        for a in [0.1, 0.5, 1.0, 2.0, 5.0, 19.0, 21.0, 100.0, 1e4, 1e6] {
            check_round_trip(|p| gamma_quantile(a, p), |x| gamma_cdf(a, x), &format!("a = {a}"));
        }
    }

    /// The two tails and the four methods meet.
    #[test]
    fn it_rises() {
        for a in [1e-3, 0.7, 5.0, 19.99, 20.0, 300.0, 1e6] {
            let width = 1.0 / f64::sqrt(a);
            let values: Vec<f64> = (-600..600).map(|i| gamma_cdf(a, a * (0.01 * width * f64::from(i)).exp())).collect();
            assert!(values.windows(2).all(|w| w[0] <= w[1]), "{a}");
        }
    }

    /// P(a, x) − P(a + 1, x) = xᵃ e⁻ˣ / Γ(a + 1), over the seam at 20.
    #[test]
    fn the_recurrence_holds() {
        for x in [9.0, 12.0, 19.0, 25.0, 30.0, 39.0] {
            let gap = gamma_cdf(19.5, x) - gamma_cdf(20.5, x);
            let want = (19.5 * f64::ln(x) - x - ln_gamma(20.5)).exp();
            assert!((gap - want).abs() < 3e-15, "{x}: {gap} {want}");
        }
    }
}
