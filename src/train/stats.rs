//! Medians, quantiles, and an interval for the median that assumes no distribution.
//!
//! The interval is the one of the sign test: of n independent values, the k-th smallest and the k-th largest enclose the
//! median of their distribution with probability 1 − 2·P(B < k), where B is binomial with n trials of ½ (David and
//! Nagaraja, *Order Statistics*, 3rd ed., §7.1). Only some probabilities can be had, so the one attained is always told.
//! Infinite values are welcome: a run that diverged is worse than any number.

use serde::{Deserialize, Serialize};

/// The coverage asked for. With few values it cannot be reached; see `Interval::coverage`.
pub const WANTED_COVERAGE: f64 = 0.95;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    #[serde(with = "super::lossless_f64")]
    pub low: f64,
    #[serde(with = "super::lossless_f64")]
    pub high: f64,
    /// The probability, attained exactly, that an interval made in this way holds the median.
    pub coverage: f64,
}

impl Interval {
    pub fn reaches_wanted(&self) -> bool {
        self.coverage >= WANTED_COVERAGE
    }
}

/// The middle value, or halfway between the two middle ones; `None` of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// The quantile at `share` in 0..=1, linear between neighbouring values (type 7 of Hyndman and Fan, the usual default).
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let sorted = sorted(values);
    let last = sorted.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    // Equal neighbours first: ∞ − ∞ is not a number.
    Some(if below == above { below } else { below + (above - below) * place.fract() })
}

/// The narrowest symmetric interval of order statistics that covers the median with at least 95 %. When even the full
/// range covers it with less (fewer than six values), the full range. `None` of fewer than two values.
pub fn median_interval(values: &[f64]) -> Option<Interval> {
    let sorted = sorted(values);
    let n = sorted.len();
    if n < 2 {
        return None;
    }
    let wide_enough = (1..=n / 2).take_while(|rank| coverage(n, *rank) >= WANTED_COVERAGE);
    let rank = wide_enough.last().unwrap_or(1);
    Some(Interval { low: sorted[rank - 1], high: sorted[n - rank], coverage: coverage(n, rank) })
}

/// The least number of values whose interval can reach the coverage wanted.
pub fn values_needed() -> usize {
    (2..).find(|n| coverage(*n, 1) >= WANTED_COVERAGE).unwrap_or(2)
}

/// The probability that the median of a continuous distribution lies between the `rank`-th smallest and the `rank`-th
/// largest of `n` draws.
pub fn coverage(n: usize, rank: usize) -> f64 {
    // ln of the binomial probability of k out of n, from that of k − 1.
    let mut ln_probability = -(n as f64) * std::f64::consts::LN_2;
    let mut tail = 0.0;
    for k in 1..=rank {
        tail += ln_probability.exp();
        ln_probability += ((n - k + 1) as f64 / k as f64).ln();
    }
    1.0 - 2.0 * tail
}

/// `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Mean and its standard error; `None` of fewer than two values.
pub fn mean_and_error(values: &[f64]) -> Option<(f64, f64)> {
    let (n, mean) = (values.len() as f64, mean(values).filter(|_| values.len() > 1)?);
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    Some((mean, (squares / (n - 1.0) / n).sqrt()))
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};

    fn counting(n: usize) -> Vec<f64> {
        (1..=n).rev().map(|i| i as f64).collect()
    }

    #[test]
    fn quantiles_agree_with_numpy() {
        let values = [7.0, 1.0, 3.0, 10.0];
        assert_eq!(median(&values), Some(5.0));
        assert_eq!(quantile(&values, 0.25), Some(2.5));
        assert_eq!(quantile(&values, 0.75), Some(7.75));
        assert_eq!(quantile(&values, 1.0), Some(10.0));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn a_median_among_infinities_is_infinite_only_when_it_must_be() {
        let inf = f64::INFINITY;
        assert_eq!(median(&[1.0, inf, 2.0]), Some(2.0));
        assert_eq!(median(&[1.0, inf]), Some(inf));
        assert_eq!(median(&[inf, inf]), Some(inf));
    }

    /// Ranks and coverages as in the tables of the sign test.
    #[test]
    fn intervals_agree_with_the_tables_of_the_sign_test() {
        let cases = [
            (2, 1.0, 2.0, 0.5),
            (5, 1.0, 5.0, 0.9375),
            (6, 1.0, 6.0, 0.96875),
            (8, 1.0, 8.0, 0.9921875),
            (9, 2.0, 8.0, 0.9609375),
            (10, 2.0, 9.0, 0.978515625),
            (20, 6.0, 15.0, 0.958610534667969),
            (30, 10.0, 21.0, 0.957226054742932),
        ];
        for (n, low, high, coverage) in cases {
            let found = median_interval(&counting(n)).unwrap();
            assert_eq!((found.low, found.high), (low, high), "n = {n}");
            assert!((found.coverage - coverage).abs() < 1e-12, "n = {n}: {}", found.coverage);
        }
        assert_eq!(median_interval(&[1.0]), None);
        assert_eq!(values_needed(), 6);
    }

    #[test]
    fn many_values_neither_underflow_nor_lose_coverage() {
        let found = median_interval(&counting(3000)).unwrap();
        assert!((0.95..0.955).contains(&found.coverage), "{}", found.coverage);
    }

    /// A skewed distribution (exponential, median ln 2), where an interval of mean ± t·s.e. would miss.
    #[test]
    fn the_coverage_told_is_the_coverage_had() {
        let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(11);
        for n in [5, 10, 15] {
            let trials = 20_000;
            let mut held = 0;
            for _ in 0..trials {
                let draws: Vec<f64> = (0..n).map(|_| -random.random::<f64>().ln()).collect();
                let interval = median_interval(&draws).unwrap();
                held += usize::from((interval.low..=interval.high).contains(&std::f64::consts::LN_2));
            }
            let (found, told) = (held as f64 / trials as f64, median_interval(&counting(n)).unwrap().coverage);
            let error = (told * (1.0 - told) / trials as f64).sqrt();
            assert!((found - told).abs() < 3.5 * error, "n = {n}: told {told}, had {found}");
        }
    }

    #[test]
    fn the_standard_error_is_that_of_the_mean() {
        assert_eq!(mean_and_error(&[1.0, 3.0]), Some((2.0, 1.0)));
        assert_eq!(mean_and_error(&[1.0]), None);
    }
}
