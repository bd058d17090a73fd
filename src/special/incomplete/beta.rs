//! I_x(a, b) and its inverse in x.

use std::f64::consts::TAU;

use super::{LARGE, Tails, continued_fraction, excess, falling};
use crate::special::gamma::{self, ln_gamma, stirling_rest};
use crate::special::normal;
use crate::special::solve::solve;

pub fn beta_cdf(a: f64, b: f64, x: f64) -> f64 {
    if in_domain(a, b) && (0.0..=1.0).contains(&x) { beta_tails(a, b, (x, 1.0 - x)).lower } else { f64::NAN }
}

pub fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    match p {
        _ if !in_domain(a, b) => f64::NAN,
        0.0 => 0.0,
        1.0 => 1.0,
        _ if 0.0 < p && p <= 0.5 => inverse(a, b, p).0,
        _ if 0.5 < p && p < 1.0 => inverse(b, a, 1.0 - p).1,
        _ => f64::NAN,
    }
}

fn in_domain(a: f64, b: f64) -> bool {
    0.0 < a && a < f64::INFINITY && 0.0 < b && b < f64::INFINITY
}

/// The centre a/(a+b) is where the continued fractions of the two tails take turns. That of the upper tail converges
/// slowly where b x is small, even above the centre of a small a, and the like; so much is added to both.
const SLACK: f64 = 0.2;

/// I_x(a, b) and 1 − I_x(a, b), for x and y = 1 − x.
pub fn beta_tails(a: f64, b: f64, (x, y): (f64, f64)) -> Tails {
    if x == 0.0 {
        return Tails::of_lower(0.0);
    }
    if y == 0.0 {
        return Tails::of_upper(0.0);
    }
    let distance = (x * b - y * a).abs();
    if a.min(b) >= LARGE && distance < 0.5 * a.min(b) {
        narrow(a, b, (x, y))
    } else if x * (b + SLACK) <= y * (a + SLACK) {
        Tails::of_lower(density(a, b, (x, y)) * fraction(a, b, (x, y)))
    } else {
        Tails::of_upper(density(a, b, (x, y)) * fraction(b, a, (y, x)))
    }
}

/// The tail on the side of x that does not hold the centre a/(a+b).
fn narrow(a: f64, b: f64, (x, y): (f64, f64)) -> Tails {
    let is_lower = x * b < y * a;
    let side = if is_lower { -1.0 } else { 1.0 };
    // The odds x / y grow by e^±ʷ.
    let moved = |w: f64| {
        let growth = (side * w).exp_m1();
        let whole = 1.0 + x * growth;
        ((x * (1.0 + growth) / whole, y / whole), (x * b - y * a + x * b * growth) / whole)
    };
    let exponent = |w: f64| {
        let (parts, distance) = moved(w);
        concentration(a, b, parts, distance)
    };
    let tail = scale(a, b) * falling(exponent, |w| moved(w).1.abs(), (a + b) * x * y);
    if is_lower { Tails::of_lower(tail) } else { Tails::of_upper(tail) }
}

/// x y times the density: xᵃ yᵇ / B(a, b).
fn density(a: f64, b: f64, (x, y): (f64, f64)) -> f64 {
    if a.min(b) >= LARGE {
        scale(a, b) * concentration(a, b, (x, y), x * b - y * a).exp()
    } else if a > b {
        uneven_density(b, a, (y, x))
    } else {
        uneven_density(a, b, (x, y))
    }
}

/// ln of xᵃ yᵇ over its largest value, by the distance x b − y a from there.
fn concentration(a: f64, b: f64, (x, y): (f64, f64), distance: f64) -> f64 {
    a * excess(x * (a + b) / a, distance / a) + b * excess(y * (a + b) / b, -distance / b)
}

/// The largest value of xᵃ yᵇ / B(a, b), for large a and b.
fn scale(a: f64, b: f64) -> f64 {
    let rest = stirling_rest(a + b) - stirling_rest(a) - stirling_rest(b);
    (a / (a + b) * b / TAU).sqrt() * rest.exp()
}

/// The density where a may be small, and b is not smaller.
fn uneven_density(a: f64, b: f64, (x, y): (f64, f64)) -> f64 {
    let ln_y = if x < 0.5 { (-x).ln_1p() } else { y.ln() };
    a * (a * (x * (a + b)).ln() + b * ln_y + growth(a, b) - ln_gamma(a + 1.0)).exp()
}

/// ln of Γ(a+b) / Γ(b) (a+b)ᵃ for a ≤ b, without the difference of two large logarithms: Stirling's formula, as in
/// Didonato and Morris (1992), "Algorithm 708", `algdiv`; for small b by the recurrence Γ(b+1) = b Γ(b).
fn growth(a: f64, b: f64) -> f64 {
    let ratio = a / b;
    if b < gamma::LARGE {
        growth(a, b + 1.0) + a * (1.0 / (a + b)).ln_1p() - ratio.ln_1p()
    } else {
        b * excess(1.0 + ratio, ratio) - 0.5 * ratio.ln_1p() + stirling_rest(a + b) - stirling_rest(b)
    }
}

/// I_x(a, b) B(a, b) / (xᵃ yᵇ), the continued fraction of Didonato and Morris (1992), "Algorithm 708", `bfrac`: it keeps
/// its digits where x is about 1.
fn fraction(a: f64, b: f64, (x, y): (f64, f64)) -> f64 {
    let distance = a * y - b * x;
    let below = |n: f64| {
        let even = if n > 0.0 { n * (b - n) * x / (a + (2.0 * n - 1.0)) } else { 0.0 };
        n + even + (a + n) * (distance + 1.0 + n * (1.0 + y)) / (a + (2.0 * n + 1.0))
    };
    let above = |n: f64| {
        let share = x / (a + (2.0 * n - 1.0));
        (a + (n - 1.0)) * n * ((a + b + (n - 1.0)) * share) * ((b - n) * share)
    };
    1.0 / continued_fraction(below(0.0), |n| (above(n), below(n)))
}

/// The quantile x of p ≤ ½, and 1 − x.
fn inverse(a: f64, b: f64, p: f64) -> (f64, f64) {
    let small = small_odds(a, b, p);
    if small == 0.0 {
        return (0.0, 1.0);
    }
    let middle = a / b * (normal::quantile(p) * (1.0 / a + 1.0 / b).sqrt()).exp();
    let parts = |odds: f64| (odds / (1.0 + odds), 1.0 / (1.0 + odds));
    let bracket = (f64::MIN_POSITIVE, f64::MAX);
    let odds =
        solve(p, small.max(middle), bracket, |odds| (beta_tails(a, b, parts(odds)).lower, density(a, b, parts(odds))));
    parts(odds)
}

/// (p a B(a, b))^(1/a): the quantile where it is small.
fn small_odds(a: f64, b: f64, p: f64) -> f64 {
    let ln_gammas = if a < b { growth(a, b) } else { ln_gamma(a + b) - ln_gamma(b) - a * (a + b).ln() };
    ((p.ln() + ln_gamma(a + 1.0) - ln_gammas) / a).exp() / (a + b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::Special;
    use crate::special::tests::{check, check_round_trip};

    #[test]
    fn values() {
        check(
            Special::BetaCdf,
            1e-13,
            &[
                (&[0.001, 0.001, 0.250_249_625_623_908_23], 0.499_452_171_854_540_7),
                (&[0.001, 1.0, 0.067_997_277_823_660_73], 0.997_315_322_602_697_4),
                (&[0.001, 15.0, 0.006_189_787_013_740_707], 0.998_082_900_057_264_1),
                (&[0.001, 20.5, 0.015_110_428_246_223_55], 0.999_105_315_129_615_1),
                (&[0.001, 1000.0, 3.170_692_956_743_213_5e-4], 0.999_134_539_910_190_6),
                (&[0.001, 1e6, 1e-8], 0.995_969_402_545_901_8),
                (&[0.001, 1e6, 5e-7], 0.999_439_933_192_217_5),
                (&[0.001, 1e6, 3.172_276_074_277_322_5e-7], 0.999_135_151_188_175_6),
                (&[0.3, 0.3, 0.3], 0.408_596_135_800_645_5),
                (&[0.3, 4.0, 1e-8], 0.006_546_872_374_427_763),
                (&[0.3, 19.9, 0.008_910_891_089_108_91], 0.635_128_076_563_953_6),
                (&[0.3, 60.0, 0.094_839_736_298_386_75], 0.999_771_986_723_138_9),
                (&[0.3, 10_000.0, 8.476_615_291_638_692e-5], 0.894_225_249_328_607_6),
                (&[1.0, 0.001, 0.932_002_722_176_339_4], 0.002_684_677_397_302_647_7),
                (&[1.0, 1.0, 0.05], 0.05),
                (&[1.0, 15.0, 0.649_585_272_892_327_7], 0.999_999_852_519_278_4),
                (&[1.0, 20.5, 0.179_700_661_053_733_5], 0.982_764_121_970_688),
                (&[1.0, 1000.0, 9.990_009_990_009_99e-4], 0.631_936_695_711_222_9),
                (&[1.0, 1e6, 4.999_999_999_992_5e-7], 0.393_469_416_103_264_7),
                (&[4.0, 0.3, 0.598_257_475_745_893_2], 0.025_394_372_884_740_79),
                (&[4.0, 4.0, 0.5], 0.5),
                (&[4.0, 19.9, 0.391_793_657_390_638_9], 0.993_343_538_701_617_5),
                (&[4.0, 60.0, 0.152_572_086_515_361_53], 0.990_917_977_442_742_8),
                (&[4.0, 10_000.0, 3.998_400_639_744_102_4e-4], 0.566_490_814_733_749_8),
                (&[15.0, 0.001, 0.969_317_713_821_370_4], 6.227_796_601_750_009e-4),
                (&[15.0, 1.0, 0.937_5], 0.379_812_405_815_245_67),
                (&[15.0, 15.0, 0.05], 1.209_655_148_573_292_7e-12),
                (&[15.0, 20.5, 0.042_253_521_126_760_56], 2.738_023_246_338_359_3e-12),
                (&[15.0, 1000.0, 0.026_135_073_094_106_01], 0.994_551_930_484_070_6),
                (&[15.0, 1e6, 1.887_266_927_267_335_8e-5], 0.843_618_320_996_725_3),
                (&[19.9, 0.3, 0.098_514_851_485_148_52], 4.104_296_168_041_540_3e-22),
                (&[19.9, 15.0, 0.322_332_396_903_519_8], 0.001_342_556_930_567_045_3),
                (&[19.9, 20.5, 0.259_473_766_711_683_8], 8.342_228_586_248_78e-4),
                (&[19.9, 1000.0, 0.006_525_023_083_863_692], 2.268_984_921_370_046e-5),
                (&[19.9, 10_000.0, 0.001_191_628_658_968_652_3], 0.021_472_931_762_875_88),
                (&[20.5, 0.3, 0.602_543_003_015_251_2], 2.260_055_430_722_129_5e-6),
                (&[20.5, 4.0, 0.800_138_092_468_431_6], 0.280_396_539_734_698_2),
                (&[20.5, 19.9, 0.585_125_906_145_610_3], 0.838_365_878_002_660_5),
                (&[20.5, 60.0, 0.302_917_335_373_360_3], 0.840_485_596_233_542_4),
                (&[20.5, 10_000.0, 0.002_497_164_126_939_135], 0.843_025_311_939_295),
                (&[60.0, 4.0, 0.922_487_985_580_773], 0.270_651_145_148_340_77),
                (&[60.0, 19.9, 0.750_938_673_341_677_1], 0.482_702_251_856_987),
                (&[60.0, 60.0, 0.5], 0.5),
                (&[60.0, 10_000.0, 0.005_580_395_177_297_775], 0.319_839_743_881_753_7),
                (&[1000.0, 0.3, 0.991_492_049_116_47], 1.353_209_450_424_958_2e-5),
                (&[1000.0, 15.0, 0.985_221_674_876_847_3], 0.466_415_459_035_292_7),
                (&[1000.0, 60.0, 0.836_981_109_373_577_6], 1.010_792_900_776_202_7e-26),
                (&[1000.0, 10_000.0, 0.090_909_090_909_090_91], 0.503_608_632_617_806_5),
                (&[10_000.0, 15.0, 0.997_343_018_869_902], 0.005_569_911_917_286_558),
                (&[10_000.0, 60.0, 0.993_651_965_753_838_5], 0.297_318_685_236_061_75),
                (&[10_000.0, 10_000.0, 0.503_535_445_520_899_5], 0.841_338_696_876_042_8),
            ],
        );
        check(
            Special::BetaQuantile,
            1e-13,
            &[
                (&[1.0, 1.0, 0.3], 0.3),
                (&[0.5, 0.5, 1e-10], 2.467_401_100_272_339_7e-20),
                (&[2.0, 3.0, 0.5], 0.385_727_568_132_389_56),
                (&[3.0, 1.0, 1e-300], 1e-100),
                (&[10.0, 20.0, 1e-10], 0.019_247_677_900_976_5),
                (&[25.0, 40.0, 0.7], 0.415_467_886_458_213_53),
                (&[200.0, 300.0, 0.9], 0.428_152_853_635_121_57),
                (&[5.0, 1000.0, 0.05], 0.001_964_287_991_484_657),
            ],
        );
    }

    /// The quantile is about p^(1/a), so that it loses 1/a times the digits that p is rounded to; and the tail that does
    /// not hold nearly everything is a difference from 1.
    #[test]
    fn a_small_shape() {
        check(Special::BetaQuantile, 1e-13, &[(&[0.001, 2.0, 0.6], 5.214_022_540_622_436e-223)]);
        check(Special::BetaCdf, 4e-13, &[(&[60.0, 0.001, 0.998_415_247_478_734], 0.001_874_483_998_538_349_4)]);
    }

    #[test]
    fn far_tails() {
        check(
            Special::BetaCdf,
            3e-13,
            &[
                (&[15.0, 0.001, 1e-8], 6.688_373_824_151_043e-125),
                (&[15.0, 15.0, 1e-8], 7.755_874_982_041_34e-113),
                (&[15.0, 1000.0, 1e-8], 8.489_427_814_648_431e-88),
                (&[19.9, 1.0, 1e-8], 6.309_573_444_802_1e-160),
                (&[19.9, 20.5, 1e-8], 5.769_769_869_969_988e-149),
                (&[20.5, 0.001, 1e-8], 4.895_505_622_702_633e-169),
                (&[20.5, 15.0, 1e-8], 1.801_315_537_220_484e-155),
                (&[20.5, 1000.0, 1e-8], 3.479_990_578_523_155e-122),
                (&[60.0, 0.3, 0.099_502_487_562_189_06], 1.513_503_430_678_317_5e-62),
                (&[60.0, 1e6, 1e-8], 1.192_125_828_572_777e-202),
                (&[1000.0, 4.0, 0.597_609_561_752_988_1], 2.869_898_118_768_984_7e-217),
                (&[1000.0, 60.0, 0.566_037_735_849_056_6], 1.263_597_245_688_921_6e-171),
            ],
        );
    }

    #[test]
    fn quantiles_turn_the_distribution_function_round() {
        for a in [0.1, 0.5, 1.0, 3.0, 19.0, 21.0, 1e3, 1e6] {
            for b in [1.0, 3.0, 30.0, 1e4, 1e6] {
                check_round_trip(|p| beta_quantile(a, b, p), |x| beta_cdf(a, b, x), &format!("a = {a}, b = {b}"));
            }
        }
    }

    /// The two tails and the methods meet.
    #[test]
    fn it_rises() {
        for (a, b) in [(1e-3, 1e-3), (0.5, 7.0), (19.99, 30.0), (20.0, 30.0), (5.0, 1e6), (1e4, 1e5)] {
            let width = f64::sqrt(1.0 / a + 1.0 / b);
            let odds = (-600..600).map(|i| a / b * (0.01 * width * f64::from(i)).exp());
            let values: Vec<f64> = odds.map(|odds| beta_cdf(a, b, odds / (1.0 + odds))).collect();
            assert!(values.windows(2).all(|w| w[0] <= w[1]), "{a} {b}");
        }
    }

    #[test]
    fn it_is_symmetric() {
        for (a, b, x) in [(0.3, 4.0, 0.25), (25.0, 40.0, 0.375), (19.0, 1e3, 0.015_625), (1e5, 2e5, 0.333_984_375)] {
            assert!((beta_cdf(a, b, x) + beta_cdf(b, a, 1.0 - x) - 1.0).abs() < 1e-15, "{a} {b} {x}");
        }
    }
}
