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
        _ => smallest(guess(rate, rate, 1.0, p), f64::MAX, |k| reaches(gamma_tails(k + 1.0, rate).turned(), p)),
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
            k >= n || reaches(beta_tails(k + 1.0, n - k, (q, 1.0 - q)).turned(), p)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::Special;
    use crate::special::tests::check;

    #[test]
    fn values() {
        check(
            Special::PoissonQuantile,
            0.0,
            &[
                (&[0.001, 0.5], 0.0),
                (&[0.001, 0.999_9], 1.0),
                (&[0.7, 0.5], 1.0),
                (&[3.0, 1e-10], 0.0),
                (&[3.0, 0.9], 5.0),
                (&[3.0, 0.999_999_999_9], 19.0),
                (&[20.0, 0.3], 18.0),
                (&[150.5, 0.975], 175.0),
                (&[10_000.0, 1e-100], 7949.0),
                (&[1e6, 0.5], 1e6),
                (&[1e6, 1e-10], 993_645.0),
                (&[1e6, 0.999_999_999_9], 1_006_368.0),
                (&[25e4, 0.1], 249_359.0),
            ],
        );
        check(
            Special::BinomialQuantile,
            0.0,
            &[
                (&[1.0, 0.3, 0.6], 0.0),
                (&[1.0, 0.3, 0.8], 1.0),
                (&[10.0, 0.5, 0.5], 5.0),
                (&[10.0, 0.01, 0.999], 2.0),
                (&[100.0, 0.9, 1e-5], 75.0),
                (&[1000.0, 0.3, 0.999_999_999_9], 394.0),
                (&[1e6, 0.2, 0.9], 200_513.0),
                (&[1e6, 1e-5, 0.999_9], 24.0),
                (&[1e6, 0.5, 1e-100], 489_364.0),
                (&[1e6, 0.999_999, 0.5], 999_999.0),
            ],
        );
    }

    /// The definition, by sums of probabilities.
    #[test]
    fn each_count_starts_where_the_one_before_ends() {
        let (rate, n, q) = (4.0f64, 9.0, 0.3f64);
        let (mut poisson, mut poisson_sum) = ((-rate).exp(), 0.0);
        let (mut binomial, mut binomial_sum) = ((1.0 - q).powi(9), 0.0);
        for k in 0..9 {
            let k = f64::from(k);
            poisson_sum += poisson;
            binomial_sum += binomial;
            assert_eq!(poisson_quantile(rate, poisson_sum - 1e-13), k);
            assert_eq!(poisson_quantile(rate, poisson_sum + 1e-13), k + 1.0);
            assert_eq!(binomial_quantile(n, q, binomial_sum - 1e-13), k);
            assert_eq!(binomial_quantile(n, q, binomial_sum + 1e-13), k + 1.0);
            poisson *= rate / (k + 1.0);
            binomial *= (n - k) / (k + 1.0) * q / (1.0 - q);
        }
    }
}
