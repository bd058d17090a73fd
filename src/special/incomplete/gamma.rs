//! P(a, x) = γ(a, x) / Γ(a) and its inverse in x.

use std::f64::consts::TAU;

use super::super::gamma::{ln_gamma, stirling_rest};
use super::super::normal;
use super::super::solve::solve;
use super::{LARGE, Tails, continued_fraction, excess, falling};

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
        Tails::of_lower(density(a, x) / a * series(a, x))
    } else {
        Tails::of_upper(density(a, x) * fraction(a, x))
    }
}

/// The tail on the side of x that does not hold the centre a.
fn narrow(a: f64, x: f64) -> Tails {
    let side = if x < a { -1.0 } else { 1.0 };
    let less_one = |w: f64| ((x - a) + x * (side * w).exp_m1()) / a;
    let exponent = |w: f64| a * excess(1.0 + less_one(w), less_one(w));
    let slope = |w: f64| a * less_one(w).abs();
    let tail = scale(a) * falling(exponent, slope, x);
    if x < a { Tails::of_lower(tail) } else { Tails::of_upper(tail) }
}

/// x times the density: xᵃ e⁻ˣ / Γ(a).
fn density(a: f64, x: f64) -> f64 {
    if a >= LARGE { scale(a) * (a * excess(x / a, (x - a) / a)).exp() } else { (a * x.ln() - x - ln_gamma(a)).exp() }
}

/// aᵃ e⁻ᵃ / Γ(a) for large a.
fn scale(a: f64) -> f64 {
    (a / TAU).sqrt() * (-stirling_rest(a)).exp()
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
        solve(p, start, bracket, |x| (gamma_tails(a, x).lower, density(a, x)))
    } else {
        solve(1.0 - p, start, bracket, |x| (gamma_tails(a, x).upper, -density(a, x)))
    }
}

/// (p Γ(a+1))^(1/a): the quantile where e⁻ˣ is about 1, and smaller than it elsewhere.
fn small_quantile(a: f64, p: f64) -> f64 {
    ((p.ln() + ln_gamma(a + 1.0)) / a).exp()
}
