//! I_x(a, b) and its inverse in x.

use std::f64::consts::TAU;

use super::super::gamma::{ln_gamma, stirling_rest};
use super::super::normal;
use super::super::solve::solve;
use super::{LARGE, Tails, continued_fraction, excess, falling};

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
    } else if x * b <= y * a {
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
    if b < LARGE {
        return (a * x.ln() + b * ln_y + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b)).exp();
    }
    // ln Γ(a+b) / Γ(b) without the difference of large numbers: Didonato and Morris (1992), "Algorithm 708", `algdiv`.
    let ratio = a / b;
    let growth = b * excess(1.0 + ratio, ratio) - 0.5 * ratio.ln_1p() + stirling_rest(a + b) - stirling_rest(b);
    (a * (x * (a + b)).ln() + b * ln_y + growth - ln_gamma(a)).exp()
}

/// I_x(a, b) B(a, b) / (xᵃ yᵇ), the continued fraction of Didonato and Morris (1992), "Algorithm 708", `bfrac`: it keeps
/// its digits where x is about 1.
fn fraction(a: f64, b: f64, (x, y): (f64, f64)) -> f64 {
    let distance = a * y - b * x;
    let below = |n: f64| {
        let even = if n > 0.0 { n * (b - n) * x / (a + (2.0 * n - 1.0)) } else { 0.0 };
        n + even + (a + n) * (distance + 1.0 + n * (1.0 + y)) / (a + (2.0 * n + 1.0))
    };
    let above = |n: f64| (a + (n - 1.0)) * (a + b + (n - 1.0)) * n * (b - n) * (x / (a + (2.0 * n - 1.0))).powi(2);
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
    ((p.ln() + ln_gamma(a + 1.0) + ln_gamma(b) - ln_gamma(a + b)) / a).exp()
}
