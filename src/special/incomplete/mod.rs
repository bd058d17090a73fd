//! The regularised incomplete gamma and beta functions and their quantiles.
//!
//! Both are tails of a density that is log-concave in the logarithm (of the number, or of its odds). Near the centre of
//! a narrow density the tail is integrated; elsewhere a series or a continued fraction converges quickly.

mod beta;
mod gamma;

pub(super) use beta::beta_tails;
pub use beta::{beta_cdf, beta_quantile};
pub(super) use gamma::gamma_tails;
pub use gamma::{gamma_cdf, gamma_quantile};

use super::quadrature::{NEGLIGIBLE, integral};

/// From here on a density counts as narrow.
const LARGE: f64 = 20.0;

/// The probability to fall below and above.
#[derive(Clone, Copy)]
pub struct Tails {
    pub lower: f64,
    pub upper: f64,
}

impl Tails {
    fn of_lower(lower: f64) -> Tails {
        let lower = lower.clamp(0.0, 1.0);
        Tails { lower, upper: 1.0 - lower }
    }

    fn of_upper(upper: f64) -> Tails {
        Tails::of_lower(upper).turned()
    }

    /// The tails of the same number with its sign turned.
    pub fn turned(self) -> Tails {
        Tails { lower: self.upper, upper: self.lower }
    }
}

/// ln r − (r − 1), which is never positive, where r − 1 is known better than r. After `bd0` of Loader (2000), "Fast and
/// accurate computation of binomial probabilities".
fn excess(ratio: f64, less_one: f64) -> f64 {
    if less_one.abs() > 0.5 {
        return ratio.ln() - less_one;
    }
    let r = less_one / (2.0 + less_one);
    let s = r * r;
    let series = (0..18).rev().fold(0.0, |sum, k| sum * s + 1.0 / f64::from(2 * k + 3));
    r * (2.0 * s * series - less_one)
}

/// ∫₀^∞ exp f for a concave f that falls from w = 0, where its slope and curvature are given in absolute value.
///
/// The interval ends where the parabola, after one step of Newton's method, has fallen by [`NEGLIGIBLE`]: as f is
/// concave, the step never ends too early.
fn falling(f: impl Fn(f64) -> f64, slope: impl Fn(f64) -> f64, curvature: f64) -> f64 {
    let (top, first) = (f(0.0), slope(0.0));
    let guess = 2.0 * NEGLIGIBLE / (first + (first * first + 2.0 * NEGLIGIBLE * curvature).sqrt());
    let end = guess + (NEGLIGIBLE - (top - f(guess))) / slope(guess);
    integral(end, |w| f(w).exp())
}

/// Lentz's method for the continued fraction b₀ + a₁/(b₁ + a₂/(b₂ + …)), modified by Thompson and Barnett (1986). `part`
/// gives (aₖ, bₖ).
fn continued_fraction(first: f64, part: impl Fn(f64) -> (f64, f64)) -> f64 {
    let (mut value, mut above, mut below) = (first, first, 0.0);
    for k in 1..1_000 {
        let (a, b) = part(f64::from(k));
        below = 1.0 / nonzero(b + a * below);
        above = nonzero(b + a / above);
        let change = above * below;
        value *= change;
        if (change - 1.0).abs() < f64::EPSILON || change.is_nan() {
            break;
        }
    }
    value
}

fn nonzero(x: f64) -> f64 {
    if x == 0.0 { 1e-300 } else { x }
}
