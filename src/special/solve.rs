//! Turns a distribution function round.

/// The positive number in the bracket whose `tail` is p. `tail` gives a probability and its derivative by the
/// logarithm of the number, and either rises or falls throughout.
///
/// Newton's method for ln tail = ln p in the logarithm of the number: all tails that come here are about straight lines
/// or parabolas there, however small p is. A step that leaves what is left of the bracket is replaced by bisection.
pub fn solve(p: f64, start: f64, bracket: (f64, f64), tail: impl Fn(f64) -> (f64, f64)) -> f64 {
    let (mut low, mut high) = bracket;
    let mut at = start;
    for _ in 0..200 {
        let (value, slope) = tail(at);
        if (value < p) == slope.is_sign_positive() {
            low = at;
        } else {
            high = at;
        }
        let gap = (p / value).ln();
        let step = gap * value / slope;
        let next = at * step.exp();
        if gap.abs() < 1e-6 && step.abs() < 1e-10 {
            // The next step would be about the square of this one.
            return next.max(low).min(high);
        }
        let next = if low < next && next < high { next } else { low.sqrt() * high.sqrt() };
        if next == at {
            return at;
        }
        at = next;
    }
    at
}

/// The smallest whole number from 0 to `most` that `reaches`, where all larger ones do too: strides that double, from a
/// guess, then bisection.
pub fn smallest(guess: f64, most: f64, reaches: impl Fn(f64) -> bool) -> f64 {
    let (mut below, mut reached, mut stride) = (-1.0, most, 1.0);
    let mut at = guess.floor().min(most - 1.0).max(0.0);
    while below < at && at < reached {
        let next = if reaches(at) {
            reached = at;
            at - stride
        } else {
            below = at;
            at + stride
        };
        stride *= 2.0;
        at = if below < next && next < reached { next } else { (below + (reached - below) / 2.0).floor() };
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rising_and_a_falling_tail_are_solved_from_bad_starts() {
        let rising = |x: f64| (x / (1.0 + x), x / (1.0 + x).powi(2));
        let falling = |x: f64| ((-x).exp(), -x * (-x).exp());
        for start in [1e-9, 1.0, 1e9] {
            assert!((solve(0.2, start, (f64::MIN_POSITIVE, f64::MAX), rising) - 0.25).abs() < 1e-15);
            assert!((solve(1e-30, start, (1e-10, 1e10), falling) / -1e-30f64.ln() - 1.0).abs() < 1e-15);
        }
    }

    #[test]
    fn the_smallest_is_found_from_every_guess() {
        for most in [0.0, 1.0, 7.0, 1e6, f64::MAX] {
            for want in [0.0, 1.0, 5.0, 7.0, 999.0, 1e6].map(|w: f64| w.min(most)) {
                for guess in [-5.0, 0.0, 4.9, 1e3, 1e300] {
                    assert_eq!(smallest(guess, most, |k| k >= want), want, "{most} {want} {guess}");
                }
            }
        }
    }
}
