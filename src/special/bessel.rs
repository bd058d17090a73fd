//! Modified Bessel functions of orders 0 and 1: a power series and a continued fraction for small numbers, asymptotic
//! series for large ones.

use std::f64::consts::TAU;

pub use super::von_mises::{von_mises_cdf, von_mises_quantile};

/// From here on the asymptotic series is exact to the last digit.
const LARGE: f64 = 25.0;

pub fn ln_i0(x: f64) -> f64 {
    let x = x.abs();
    if x < LARGE {
        power_series(x).ln_1p()
    } else if x < f64::INFINITY {
        x - 0.5 * (TAU * x).ln() + asymptotic_series(0.0, x).ln_1p()
    } else {
        x
    }
}

pub fn ratio(x: f64) -> f64 {
    if x.abs() < LARGE {
        // The continued fraction of Gauss, DLMF 10.33.1, from its 40th part up.
        (1..=40).rev().fold(0.0, |rest, k| x / (2.0 * f64::from(k) + x * rest))
    } else {
        ((1.0 + asymptotic_series(1.0, x.abs())) / (1.0 + asymptotic_series(0.0, x.abs()))).copysign(x)
    }
}

/// e⁻ˣ I₀(x) for x ≥ 0.
pub fn scaled_i0(x: f64) -> f64 {
    if x < LARGE { (1.0 + power_series(x)) * (-x).exp() } else { (1.0 + asymptotic_series(0.0, x)) / (TAU * x).sqrt() }
}

/// I₀(x) − 1 = Σ (x²/4)ᵏ / k!², DLMF 10.25.2.
fn power_series(x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 0.0);
    for k in 1..100 {
        term *= (0.5 * x / f64::from(k)).powi(2);
        sum += term;
        if term < f64::EPSILON * sum {
            break;
        }
    }
    sum
}

/// √(2πx) e⁻ˣ Iₙ(x) − 1 for large x, DLMF 10.40.1.
fn asymptotic_series(order: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 0.0);
    for k in 1..30 {
        let k = f64::from(k);
        term *= ((2.0 * k - 1.0).powi(2) - 4.0 * order * order) / (8.0 * k * x);
        sum += term;
        if term.abs() < f64::EPSILON * f64::EPSILON {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::Special;
    use crate::special::tests::check;

    #[test]
    fn values() {
        check(
            Special::LnBesselI0,
            4e-16,
            &[
                (&[1e-300], 0.0),
                (&[1e-10], 2.500_000_000_000_000_2e-21),
                (&[0.001], 2.499_999_843_750_017_5e-7),
                (&[0.1], 0.002_498_439_233_876_243_8),
                (&[1.0], 0.235_914_358_507_178_65),
                (&[3.0], 1.585_307_621_813_421),
                (&[10.0], 7.942_972_083_118_695),
                (&[20.0], 17.589_610_428_244_274),
                (&[24.9], 22.378_752_955_946_688),
                (&[25.1], 22.574_711_224_613_928),
                (&[30.0], 27.384_701_433_171_937),
                (&[50.0], 47.127_575_501_871_8),
                (&[100.0], 96.779_732_689_942_58),
                (&[700.0], 695.805_699_998_443_4),
                (&[10_000.0], 9_994.475_903_781_433),
                (&[1e8], 99_999_989.870_721_1),
            ],
        );
        check(
            Special::BesselRatio,
            3e-16,
            &[
                (&[1e-300], 5e-301),
                (&[1e-10], 5e-11),
                (&[0.001], 4.999_999_375_000_105e-4),
                (&[0.1], 0.049_937_603_987_938_92),
                (&[1.0], 0.446_389_965_896_534_5),
                (&[3.0], 0.809_985_293_956_504_5),
                (&[10.0], 0.948_599_825_954_845_9),
                (&[20.0], 0.974_670_507_889_807_1),
                (&[24.9], 0.979_709_416_735_560_4),
                (&[25.1], 0.979_872_829_315_212_9),
                (&[30.0], 0.983_189_555_365_336_1),
                (&[50.0], 0.989_948_967_378_497_8),
                (&[100.0], 0.994_987_373_005_168_8),
                (&[700.0], 0.999_285_458_818_426_1),
                (&[10_000.0], 0.999_949_998_749_875),
                (&[1e8], 0.999_999_995),
            ],
        );
    }

    #[test]
    fn the_ratio_is_the_slope_of_the_logarithm() {
        for x in [0.1, 1.0, 7.0, 24.9, 25.1, 80.0] {
            let slope = (ln_i0(x + 1e-4) - ln_i0(x - 1e-4)) / 2e-4;
            assert!((slope - ratio(x)).abs() < 1e-8, "{x}");
            assert_eq!((ln_i0(-x), ratio(-x)), (ln_i0(x), -ratio(x)));
        }
    }
}
