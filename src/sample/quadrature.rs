//! Integrals and sums of a density over a support.
//!
//! A line is cut at given points, and each piece is mapped to all real t: a finite piece by tanh sinh t, a half-line by
//! exp sinh t (Takahasi and Mori 1974), which reaches from 10^−300 to 10^300 and takes the edge off ends where the
//! density is infinite. There the trapezoid rule is halved until two results agree. The work is bounded.

const FINEST: u32 = 10;

/// How far t goes: beyond, the weights underflow.
const REACH: f64 = 4.4;

/// ∫ f from `lower` to `upper`, either of which may be infinite, with kinks at most at `cuts`.
pub fn integral(f: &dyn Fn(f64) -> f64, lower: f64, upper: f64, cuts: &[f64]) -> f64 {
    let mut points: Vec<f64> = cuts.iter().copied().filter(|x| lower < *x && *x < upper && x.is_finite()).collect();
    if points.is_empty() && lower == f64::NEG_INFINITY && upper == f64::INFINITY {
        points.push(0.0);
    }
    points.extend([lower, upper]);
    points.sort_by(f64::total_cmp);
    points.dedup();
    points.windows(2).map(|w| piece(f, w[0], w[1])).sum()
}

fn piece(f: &dyn Fn(f64) -> f64, a: f64, b: f64) -> f64 {
    match (a.is_finite(), b.is_finite()) {
        (true, true) => trapezoid(&|t| finite(f, a, b, t)),
        (true, false) => trapezoid(&|t| half_line(f, a, 1.0, t)),
        (false, true) => trapezoid(&|t| half_line(f, b, -1.0, t)),
        (false, false) => f64::NAN,
    }
}

/// x = (a + b)/2 + (b − a)/2 tanh(π/2 sinh t), told by the distance from the nearer end, which does not cancel.
fn finite(f: &dyn Fn(f64) -> f64, a: f64, b: f64, t: f64) -> f64 {
    let s = std::f64::consts::FRAC_PI_2 * t.sinh();
    let from_end = (b - a) / (1.0 + (2.0 * s.abs()).exp());
    let x = if t < 0.0 { a + from_end } else { b - from_end };
    let weight = (b - a) / 2.0 * std::f64::consts::FRAC_PI_2 * t.cosh() / s.cosh().powi(2);
    if x <= a || x >= b { 0.0 } else { weighted(f(x), weight) }
}

/// x = a ± exp(π/2 sinh t)
fn half_line(f: &dyn Fn(f64) -> f64, a: f64, sign: f64, t: f64) -> f64 {
    let distance = (std::f64::consts::FRAC_PI_2 * t.sinh()).exp();
    let x = a + sign * distance;
    let weight = std::f64::consts::FRAC_PI_2 * t.cosh() * distance;
    if x == a || !x.is_finite() { 0.0 } else { weighted(f(x), weight) }
}

fn weighted(value: f64, weight: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value * weight }
}

/// ∫ g over all t, with steps halved until two results agree to ten digits.
fn trapezoid(g: &dyn Fn(f64) -> f64) -> f64 {
    let sum = |start: f64, step: f64| -> f64 {
        let count = ((REACH - start) / step).floor() as i32;
        (0..=count).map(|i| start + f64::from(i) * step).map(|t| g(t) + if t > 0.0 { g(-t) } else { 0.0 }).sum()
    };
    let (mut step, mut total) = (0.5, sum(0.0, 0.5));
    let mut last = f64::INFINITY;
    for level in 0..FINEST {
        if (total * step - last).abs() <= 1e-10 * last.abs() && level > 3 {
            break;
        }
        last = total * step;
        // The new points lie between the old ones.
        total += sum(step / 2.0, step);
        step /= 2.0;
    }
    total * step
}

/// After so many terms the rest of a sum is worked out as an integral.
const TERMS: u32 = 20_000;

/// Σ f(k) for k = from, from + 1, … up to `to`, which may be infinite: the rest beyond the bound is ∫ f from half a step
/// before it (the midpoint rule, whose error is that of f″ there).
pub fn sum(f: &dyn Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    let mut total = 0.0;
    for k in (0..TERMS).map(|k| from + f64::from(k)) {
        if k > to {
            return total;
        }
        total += f(k);
    }
    let rest = from + f64::from(TERMS) - 0.5;
    if rest > to { total } else { total + integral(f, rest, to + 0.5, &[]) }
}

/// A function over two numbers: ∫∫ f, the inner limits and cuts depending on the outer number.
pub fn double(f: &dyn Fn(f64, f64) -> f64, outer: Range, inner: &dyn Fn(f64) -> Range) -> f64 {
    let across = |x: f64| {
        let Range { lower, upper, cuts } = inner(x);
        integral(&|y| f(x, y), lower, upper, &cuts)
    };
    integral(&across, outer.lower, outer.upper, &outer.cuts)
}

/// Where an integral runs.
#[derive(Clone, Debug)]
pub struct Range {
    pub lower: f64,
    pub upper: f64,
    pub cuts: Vec<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 1e-8, "{found} instead of {wanted}");
    }

    #[test]
    fn integrals_of_easy_and_hard_functions() {
        let (inf, pi) = (f64::INFINITY, std::f64::consts::PI);
        close(integral(&|x| (-x * x / 2.0).exp() / (2.0 * pi).sqrt(), -inf, inf, &[]), 1.0);
        close(integral(&|x| (-(x - 50.0f64).powi(2) / 2.0).exp() / (2.0 * pi).sqrt(), -inf, inf, &[50.0]), 1.0);
        close(integral(&|x| 1.0 / (pi * (1.0 + x * x)), -inf, inf, &[]), 1.0);
        close(integral(&|x| (-(x - 1.0).abs()).exp() / 2.0, -inf, inf, &[1.0]), 1.0);
        // An end where the function is infinite: ∫ 1/(2√x) = 1.
        close(integral(&|x| 0.5 / x.sqrt(), 0.0, 1.0, &[]), 1.0);
        close(integral(&|x| 1.5 * x.powf(-2.5), 1.0, inf, &[]), 1.0);
    }

    #[test]
    fn sums_over_counts_and_their_tails() {
        let poisson = |k: f64| (k * 3f64.ln() - 3.0 - (1..=k as u32).map(|i| f64::from(i).ln()).sum::<f64>()).exp();
        close(sum(&|k| if k < 200.0 { poisson(k) } else { 0.0 }, 0.0, f64::INFINITY), 1.0);
        close(sum(&|k| k.powi(-2), 1.0, f64::INFINITY), std::f64::consts::PI.powi(2) / 6.0);
        close(sum(&|_| 1.0, 2.0, 5.0), 4.0);
    }

    #[test]
    fn a_triangle_in_two_dimensions() {
        let range = |upper: f64| Range { lower: 0.0, upper, cuts: vec![] };
        close(double(&|_, _| 2.0, range(1.0), &|x| range(1.0 - x)), 1.0);
    }
}
