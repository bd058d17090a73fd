//! Quantiles of counts: the smallest count whose probability not to be exceeded reaches p.
//!
//! The sums of probabilities are incomplete gamma and beta functions (Abramowitz and Stegun 26.4.21 and 26.5.24). The
//! search starts from the expansion of Cornish and Fisher (1938).

use super::incomplete::{Tails, beta_tails, gamma_tails};
use super::normal;
use super::solve::smallest;

pub fn poisson_quantile(rate: f64, p: f64) -> f64 {
    match p {
        _ if !(0.0..f64::INFINITY).contains(&rate) || !(0.0..=1.0).contains(&p) => f64::NAN,
        _ if p == 0.0 || rate == 0.0 => 0.0,
        1.0 => f64::INFINITY,
        _ => smallest(guess(rate, rate, 1.0, p), f64::MAX, |k| {
            let tails = gamma_tails(k + 1.0, rate);
            reaches(Tails { lower: tails.upper, upper: tails.lower }, p)
        }),
    }
}

pub fn binomial_quantile(n: f64, q: f64, p: f64) -> f64 {
    let in_domain = n >= 0.0 && n.fract() == 0.0 && (0.0..=1.0).contains(&q) && (0.0..=1.0).contains(&p);
    match p {
        _ if !in_domain => f64::NAN,
        _ if q == 1.0 => n,
        _ if q == 0.0 || p == 0.0 => 0.0,
        1.0 => n,
        _ => smallest(guess(n * q, n * q * (1.0 - q), 1.0 - 2.0 * q, p), n, |k| {
            k >= n || {
                let tails = beta_tails(k + 1.0, n - k, (q, 1.0 - q));
                reaches(Tails { lower: tails.upper, upper: tails.lower }, p)
            }
        }),
    }
}

/// Compares the smaller tails, which are known to more digits.
fn reaches(count: Tails, p: f64) -> bool {
    if p <= 0.5 { count.lower >= p } else { count.upper <= 1.0 - p }
}

/// The third cumulant is the variance times `skew`.
fn guess(mean: f64, variance: f64, skew: f64, p: f64) -> f64 {
    let z = normal::quantile(p);
    mean + z * variance.sqrt() + skew * (z * z - 1.0) / 6.0
}
