//! Modified Bessel functions of orders 0 and 1, and the von Mises distribution, which they normalise.

use std::f64::consts::{PI, TAU};

use super::normal;
use super::quadrature::{NEGLIGIBLE, integral};
use super::solve::solve;

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
fn scaled_i0(x: f64) -> f64 {
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

pub fn von_mises_cdf(kappa: f64, x: f64) -> f64 {
    if !in_domain(kappa) || x.is_nan() {
        f64::NAN
    } else if x <= 0.0 {
        von_mises_tail(kappa, -x)
    } else {
        1.0 - von_mises_tail(kappa, x)
    }
}

pub fn von_mises_quantile(kappa: f64, p: f64) -> f64 {
    match p {
        _ if !in_domain(kappa) => f64::NAN,
        0.0 => -PI,
        0.5 => 0.0,
        1.0 => PI,
        _ if 0.0 < p && p < 0.5 => -von_mises_distance(kappa, p),
        _ if 0.5 < p && p < 1.0 => von_mises_distance(kappa, 1.0 - p),
        _ => f64::NAN,
    }
}

fn in_domain(kappa: f64) -> bool {
    (0.0..f64::INFINITY).contains(&kappa)
}

/// The probability of an angle above x ≥ 0. The density is integrated from x to where it no longer counts.
fn von_mises_tail(kappa: f64, x: f64) -> f64 {
    if x >= PI {
        return 0.0;
    }
    let end = 2.0 * (x / 2.0).sin().hypot((0.5 * NEGLIGIBLE / kappa).sqrt()).min(1.0).asin();
    integral(end - x, |w| von_mises_shape(kappa, x + w)) / von_mises_whole(kappa)
}

/// exp(κ cos x − κ), which is 1 at 0.
fn von_mises_shape(kappa: f64, x: f64) -> f64 {
    (-2.0 * kappa * (x / 2.0).sin().powi(2)).exp()
}

/// The integral of that, all around.
fn von_mises_whole(kappa: f64) -> f64 {
    TAU * scaled_i0(kappa)
}

/// The angle above which lies p < ½. It is no larger than for the uniform distribution, and no smaller than if the
/// density were as high everywhere as at 0.
fn von_mises_distance(kappa: f64, p: f64) -> f64 {
    let whole = von_mises_whole(kappa);
    let high = PI * (1.0 - 2.0 * p);
    let low = ((0.5 - p) * whole).min(high);
    let normal = 2.0 * (-0.5 * normal::quantile(p) / kappa.sqrt()).min(1.0).asin();
    solve(p, normal.clamp(low, high), (low, high), |x| {
        (von_mises_tail(kappa, x), -x * von_mises_shape(kappa, x) / whole)
    })
}
