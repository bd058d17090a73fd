//! The normal distribution: error function, distribution function and its logarithm, quantile function.
//!
//! The error functions are those of `libm`, correct to the last digit or two. The quantile function is Wichura (1988),
//! "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37, routine PPND16: three
//! rational functions, relative error about 1e-16.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

pub fn cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

pub fn ln_cdf(x: f64) -> f64 {
    if x > 0.0 {
        (-cdf(-x)).ln_1p()
    } else if x > -30.0 || x.is_nan() {
        cdf(x).ln()
    } else {
        far_ln_cdf(x)
    }
}

/// The asymptotic series of Mills' ratio, Abramowitz and Stegun 26.2.12, before Φ(x) underflows.
fn far_ln_cdf(x: f64) -> f64 {
    let s = 1.0 / (x * x);
    let rest = -s * (1.0 - s * (3.0 - s * (15.0 - s * (105.0 - s * 945.0))));
    -0.5 * x * x - (-x).ln() - 0.5 * TAU.ln() + rest.ln_1p()
}

pub fn quantile(p: f64) -> f64 {
    match p {
        0.0 => f64::NEG_INFINITY,
        1.0 => f64::INFINITY,
        _ if 0.0 < p && p < 1.0 => {
            let mut one = [p];
            quantiles(&mut one);
            one[0]
        }
        _ => f64::NAN,
    }
}

type Rational = [[f64; 8]; 2];

/// In 0.180625 − q², for |q| = |p − ½| ≤ 0.425. Coefficients from the lowest power.
const CENTRE: Rational = [
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
];

/// In r − 1.6 with r = √(−ln of the nearer tail) ≤ 5.
const NEAR: Rational = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

/// In r − 5 beyond.
const FAR: Rational = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

/// Replaces every probability, 0 < p < 1, by the number below which a standard normal falls with that probability.
///
/// The centre's formula is worked out for all, without branches, so that the compiler can vectorise it; the fifteen
/// percent in the tails are then put right.
pub fn quantiles(probabilities: &mut [f64]) {
    let is_tail = |p: f64| (p - 0.5).abs() > 0.425;
    let tails: Vec<(usize, f64)> = probabilities.iter().copied().enumerate().filter(|(_, p)| is_tail(*p)).collect();
    for p in probabilities.iter_mut() {
        let q = *p - 0.5;
        *p = q * ratio(&CENTRE, 0.180625 - q * q);
    }
    tails.into_iter().for_each(|(i, p)| probabilities[i] = tail(p));
}

fn tail(p: f64) -> f64 {
    let r = (-p.min(1.0 - p).ln()).sqrt();
    let size = if r <= 5.0 { ratio(&NEAR, r - 1.6) } else { ratio(&FAR, r - 5.0) };
    size.copysign(p - 0.5)
}

#[inline(always)]
fn ratio([above, below]: &Rational, x: f64) -> f64 {
    let polynomial = |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c);
    polynomial(above) / polynomial(below)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::Special;
    use crate::special::tests::check;

    #[test]
    fn values() {
        check(
            Special::Erf,
            2e-16,
            &[
                (&[-5.0], -0.999_999_999_998_462_6),
                (&[-1.0], -0.842_700_792_949_714_9),
                (&[-0.001], -0.001_128_378_790_969_236_5),
                (&[0.0], 0.0),
                (&[1e-5], 1.128_379_167_057_9e-5),
                (&[0.5], 0.520_499_877_813_046_5),
                (&[1.0], 0.842_700_792_949_714_9),
                (&[3.0], 0.999_977_909_503_001_4),
                (&[5.0], 0.999_999_999_998_462_6),
            ],
        );
        check(
            Special::LnNormalCdf,
            2e-15,
            &[
                (&[-1e10], -5e19),
                (&[-1000.0], -500_007.826_694_812_16),
                (&[-40.0], -804.608_442_013_753_8),
                (&[-37.0], -689.030_585_576_890_6),
                (&[-30.001], -454.351_277_715_458_8),
                (&[-29.99], -454.020_961_304_468_1),
                (&[-10.0], -53.231_285_150_512_47),
                (&[-5.0], -15.064_998_393_988_725),
                (&[-1.0], -1.841_021_645_009_263_6),
                (&[-0.001], -0.693_945_383_466_965_2),
                (&[0.0], -std::f64::consts::LN_2),
                (&[1e-5], -0.693_139_201_746_168_3),
                (&[0.5], -0.368_946_415_288_656_4),
                (&[1.0], -0.172_753_779_023_449_88),
                (&[3.0], -0.001_350_809_964_748_193_8),
            ],
        );
    }

    /// x √½ is rounded, and the far tails multiply what that costs by x².
    #[test]
    fn tails() {
        let rows: &[(&[f64], f64)] = &[
            (&[-37.0], 5.725_571_222_524_577e-300),
            (&[-30.001], 4.761_537_866_980_608e-198),
            (&[-29.99], 6.625_243_383_655_193e-198),
            (&[-10.0], 7.619_853_024_160_525e-24),
            (&[-5.0], 2.866_515_718_791_939e-7),
            (&[-1.0], 0.158_655_253_931_457_05),
            (&[-0.001], 0.499_601_057_786_088_93),
        ];
        for (x, phi) in rows {
            check(Special::NormalCdf, 3e-16 * (1.0 + x[0] * x[0]), &[(x, *phi)]);
        }
        check(
            Special::LnNormalCdf,
            4e-14,
            &[
                (&[5.0], -2.866_516_129_637_636e-7),
                (&[8.0], -6.220_960_574_271_786e-16),
                (&[10.0], -7.619_853_024_160_525e-24),
                (&[20.0], -2.753_624_118_606_233_7e-89),
            ],
        );
    }

    #[test]
    fn quantiles_turn_the_distribution_function_round() {
        for i in -370..=80 {
            let x = 0.1 * f64::from(i);
            // Above 0 the distance from 1 is rounded.
            let rounding = 1e-16 / (-0.5 * x * x).exp() * f64::from(u8::from(x > 0.0)) * 3.0;
            assert!((quantile(cdf(x)) - x).abs() <= 4e-15 * x.abs() + rounding, "{x}: {}", quantile(cdf(x)));
        }
    }

    #[test]
    fn the_logarithm_has_no_seams() {
        for x in [-30.0, 0.0] {
            let (left, right) = (ln_cdf(x - 1e-9), ln_cdf(x + 1e-9));
            assert!(((right - left) / ln_cdf(x)).abs() < 1e-8 / (1.0 + x.abs()) + 2e-9, "{x}");
        }
    }

    /// From tables to sixteen digits, one in each branch at least, both tails.
    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (p, z) in [
            (0.5, 0.0),
            (0.75, 0.674_489_750_196_081_7),
            (0.9, 1.281_551_565_544_600_4),
            (0.975, 1.959_963_984_540_054),
            (0.001, -3.090_232_306_167_813_5),
            (1e-10, -6.361_340_902_404_056),
            (1e-15, -7.941_345_326_170_997),
        ] {
            assert!((quantile(p) - z).abs() <= 4e-15 * z.abs(), "quantile({p}) is {}, not {z}", quantile(p));
        }
    }

    #[test]
    fn branches_meet_and_the_function_rises() {
        let grid: Vec<f64> = (1..100_000).map(|i| quantile(f64::from(i) / 100_000.0)).collect();
        assert!(grid.windows(2).all(|w| w[0] < w[1]));
        assert!((quantile(0.925) - quantile(0.925 + 1e-12)).abs() < 1e-11);
        assert!((quantile((-25f64).exp()) - quantile((-25.0f64 - 1e-9).exp())).abs() < 1e-9);
    }
}
