//! The von Mises distribution: an angle about 0 with density exp(κ cos x) / 2π I₀(κ).
//!
//! Hill (1977), "Algorithm 518", sums a series for small κ and takes a normal approximation of few digits for large κ.
//! Here the tail is integrated, which keeps all digits for every κ.

use std::f64::consts::{PI, TAU};

use super::bessel::scaled_i0;
use super::normal;
use super::quadrature::{NEGLIGIBLE, integral};
use super::solve::solve;

pub fn von_mises_cdf(kappa: f64, x: f64) -> f64 {
    if !in_domain(kappa) || x.is_nan() {
        f64::NAN
    } else if x <= 0.0 {
        tail(kappa, -x)
    } else {
        1.0 - tail(kappa, x)
    }
}

pub fn von_mises_quantile(kappa: f64, p: f64) -> f64 {
    match p {
        _ if !in_domain(kappa) => f64::NAN,
        0.0 => -PI,
        0.5 => 0.0,
        1.0 => PI,
        _ if 0.0 < p && p < 0.5 => -distance(kappa, p),
        _ if 0.5 < p && p < 1.0 => distance(kappa, 1.0 - p),
        _ => f64::NAN,
    }
}

fn in_domain(kappa: f64) -> bool {
    (0.0..f64::INFINITY).contains(&kappa)
}

/// The probability of an angle above x ≥ 0. The density is integrated from x to where it no longer counts.
fn tail(kappa: f64, x: f64) -> f64 {
    if x >= PI {
        return 0.0;
    }
    let end = 2.0 * (x / 2.0).sin().hypot((0.5 * NEGLIGIBLE / kappa).sqrt()).min(1.0).asin();
    integral(end - x, |w| shape(kappa, x + w)) / area(kappa)
}

/// exp(κ cos x − κ), which is 1 at 0.
fn shape(kappa: f64, x: f64) -> f64 {
    (-2.0 * kappa * (x / 2.0).sin().powi(2)).exp()
}

/// The integral of that, all around.
fn area(kappa: f64) -> f64 {
    TAU * scaled_i0(kappa)
}

/// The angle above which lies p < ½. It is no larger than for the uniform distribution, and no smaller than if the
/// density were as high everywhere as at 0.
fn distance(kappa: f64, p: f64) -> f64 {
    let area = area(kappa);
    let high = PI * (1.0 - 2.0 * p);
    let low = ((0.5 - p) * area).min(high);
    let normal = 2.0 * (-0.5 * normal::quantile(p) / kappa.sqrt()).min(1.0).asin();
    solve(p, normal.max(low).min(high), (low, high), |x| (tail(kappa, x), -x * shape(kappa, x) / area))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::Special;
    use crate::special::tests::{check, check_round_trip};

    #[test]
    fn values() {
        check(
            Special::VonMisesCdf,
            2e-13,
            &[
                (&[0.0, 1.0], 0.659_154_943_091_895_4),
                (&[0.0, -3.0], 0.022_535_170_724_313_994),
                (&[0.001, 0.5], 0.579_653_791_223_458_8),
                (&[0.5, -2.0], 0.115_176_889_913_108_19),
                (&[1.0, 1.5], 0.881_023_951_513_578),
                (&[3.0, -3.1], 6.758_319_414_924_663e-5),
                (&[3.0, -0.25], 0.341_221_747_650_234),
                (&[10.0, -1.0], 0.001_410_801_706_404_327_5),
                (&[20.0, -2.5], 3.987_678_962_519_751_5e-17),
                (&[24.9, 0.3], 0.931_052_653_878_904_2),
                (&[25.1, 0.3], 0.931_846_626_460_325_3),
                (&[100.0, -0.5], 3.872_863_943_402_354e-7),
                (&[1000.0, -0.1], 7.873_188_994_262_299e-4),
                (&[10_000.0, -0.05], 2.875_200_900_846_050_7e-7),
                (&[1e6, 0.001], 0.841_344_705_740_069_9),
                (&[1e6, -0.01], 7.623_155_994_950_533e-24),
            ],
        );
    }

    #[test]
    fn quantiles_turn_the_distribution_function_round() {
        // Near −π an angle has few digits for the distance from there, so κ is not small.
        for kappa in [30.0, 100.0, 1e4, 1e6, 1e12] {
            check_round_trip(|p| von_mises_quantile(kappa, p), |x| von_mises_cdf(kappa, x), &format!("κ = {kappa}"));
        }
        for kappa in [0.0, 1e-10, 0.1, 1.0, 10.0, 24.9] {
            for p in [1e-3, 0.1, 0.3, 0.4999, 0.5, 0.6, 0.9, 0.999] {
                let x = von_mises_quantile(kappa, p);
                assert!((von_mises_cdf(kappa, x) - p).abs() < 1e-15, "κ = {kappa}: {p}");
            }
        }
    }

    #[test]
    fn without_concentration_it_is_uniform_and_with_much_it_is_normal() {
        for p in [1e-10, 0.1, 0.5, 0.75] {
            assert!((von_mises_quantile(0.0, p) - PI * (2.0 * p - 1.0)).abs() < 1e-15);
            assert!((von_mises_quantile(1e16, p) * 1e8 - normal::quantile(p)).abs() < 1e-14);
        }
    }

    #[test]
    fn it_rises() {
        for kappa in [0.0, 0.3, 24.9, 25.1, 1e3] {
            let values: Vec<f64> = (-1001..=1001).map(|i| von_mises_cdf(kappa, f64::from(i) * PI / 1e3)).collect();
            assert!(values.windows(2).all(|w| w[0] <= w[1]), "{kappa}");
        }
    }
}
