//! Whether numbers are draws of a distribution: the test of Kolmogorov and Smirnov, against a distribution function or
//! against other draws.
//!
//! The p-value is the asymptotic one with the correction of Stephens (1970), good to a few percent from ten draws on.

/// The probability of a larger distance between the draws and the distribution function `cdf`, if they are draws of it.
pub fn one_sample(draws: &[f64], cdf: impl Fn(f64) -> f64) -> f64 {
    let sorted = sorted(draws);
    let count = sorted.len() as f64;
    let distance = |x: f64| {
        let (below, up_to) = (sorted.partition_point(|y| *y < x), sorted.partition_point(|y| *y <= x));
        let p = cdf(x);
        // Equal draws come from a point with a probability of its own, where `cdf` jumps and has one value only.
        let before = if up_to - below == 1 { (p - below as f64 / count).abs() } else { 0.0 };
        larger(before, (up_to as f64 / count - p).abs())
    };
    let worst = sorted.iter().map(|x| distance(*x)).fold(0.0, larger);
    p_value(worst, count)
}

/// The larger of two numbers; NaN where either is.
fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

/// The same for the distance between two lists of draws.
pub fn two_sample(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (sorted(a), sorted(b));
    let share = |list: &[f64], x: f64| list.partition_point(|y| *y <= x) as f64 / list.len() as f64;
    let distance = a.iter().chain(&b).map(|x| (share(&a, *x) - share(&b, *x)).abs()).fold(0.0, f64::max);
    let count = a.len() as f64 * b.len() as f64 / (a.len() + b.len()) as f64;
    p_value(distance, count)
}

/// Two lists of vectors, by their components and by their sums: the least p-value, times how many there are (Bonferroni).
pub fn vectors(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let dim = a.first().map_or(0, Vec::len);
    let component = |list: &[Vec<f64>], k: usize| list.iter().map(|n| n[k]).collect::<Vec<f64>>();
    let mut tests: Vec<f64> = (0..dim).map(|k| two_sample(&component(a, k), &component(b, k))).collect();
    let length = |list: &[Vec<f64>]| list.iter().map(|n| n.iter().map(|x| x * x).sum()).collect::<Vec<f64>>();
    tests.push(two_sample(&length(a), &length(b)));
    (tests.iter().copied().fold(1.0, f64::min) * tests.len() as f64).min(1.0)
}

fn sorted(draws: &[f64]) -> Vec<f64> {
    let mut sorted = draws.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Q(λ) = 2 Σ (−1)^{j−1} e^{−2 j² λ²}; 0 where the distance is no number.
fn p_value(distance: f64, count: f64) -> f64 {
    let lambda = (count.sqrt() + 0.12 + 0.11 / count.sqrt()) * distance;
    if lambda.is_nan() {
        return 0.0;
    }
    if lambda < 0.2 {
        return 1.0;
    }
    let term = |j: i32| f64::from(1 - 2 * ((j + 1) % 2)) * (-2.0 * f64::from(j * j) * lambda * lambda).exp();
    (2.0 * (1..=100).map(term).sum::<f64>()).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Q(1.3581) = 0.05 and Q(1.6276) = 0.01, from the table of Smirnov (1948).
    #[test]
    fn p_values_are_those_of_the_table() {
        let lambda = |x: f64| p_value(x / (1e8f64.sqrt() + 0.12), 1e8);
        assert!((lambda(1.3581) - 0.05).abs() < 1e-5, "{}", lambda(1.3581));
        assert!((lambda(1.6276) - 0.01).abs() < 1e-5, "{}", lambda(1.6276));
    }

    #[test]
    fn even_numbers_pass_and_shifted_ones_do_not() {
        let even: Vec<f64> = (0..1000).map(|i| (f64::from(i) + 0.5) / 1000.0).collect();
        let shifted: Vec<f64> = even.iter().map(|x| x + 0.1).collect();
        assert!(one_sample(&even, |x| x) > 0.99);
        assert!(one_sample(&shifted, |x| x) < 1e-6);
        assert!(two_sample(&even, &even) > 0.99 && two_sample(&even, &shifted) < 1e-3);
        assert_eq!(one_sample(&[f64::NAN], |x| x), 0.0);
    }
}
