//! The gamma function's logarithm and its first two derivatives, for positive numbers.
//!
//! ln Γ is `libm`'s. Its derivatives are the asymptotic series of Abramowitz and Stegun 6.3.18 and 6.4.12 for large
//! numbers, reached by the recurrences 6.3.5 and 6.4.6 from the others.

/// From here on the asymptotic series are exact to the last digit.
const LARGE: f64 = 10.0;

/// The Bernoulli numbers B₂, B₄, …
const BERNOULLI: [f64; 9] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
    43867.0 / 798.0,
];

pub fn ln_gamma(x: f64) -> f64 {
    if x < 0.0 { f64::NAN } else { libm::lgamma(x) }
}

pub fn digamma(x: f64) -> f64 {
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x < 1.0 {
        return if x > 0.0 { near_root(x + 1.0) - 1.0 / x } else { f64::NAN };
    }
    if x >= LARGE {
        return x.ln() - 0.5 / x - bernoulli_series(x, |n| n) / x;
    }
    let (mut x, mut steps) = (x, 0.0);
    while x > 2.0 {
        x -= 1.0;
        steps += 1.0 / x;
    }
    near_root(x) + steps
}

pub fn trigamma(x: f64) -> f64 {
    if x < 0.0 {
        return f64::NAN;
    }
    let (mut x, mut steps) = (x, 0.0);
    while x < LARGE {
        steps += 1.0 / (x * x);
        x += 1.0;
    }
    steps + (1.0 + (0.5 + bernoulli_series(x, |_| 1.0)) / x) / x
}

/// What Stirling's formula leaves: ln Γ(x) − (x − ½) ln x + x − ½ ln 2π, for large x.
pub fn stirling_rest(x: f64) -> f64 {
    bernoulli_series(x, |n| n * (n - 1.0))
}

/// Σ Bₙ / (divisor(n) xⁿ⁻¹) over the even n.
fn bernoulli_series(x: f64, divisor: impl Fn(f64) -> f64) -> f64 {
    let terms = BERNOULLI.iter().zip([2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0]).rev();
    terms.fold(0.0, |sum, (b, n)| sum / (x * x) + b / divisor(n)) / x
}

/// ψ from 1 to 2: its distance from the root, known to more than one f64, times a rational function. From the Boost
/// library (Maddock, 2006, `digamma.hpp`, 53 bits).
fn near_root(x: f64) -> f64 {
    const ROOT: [f64; 3] = [1_569_415_565.0 / 1_073_741_824.0, 3.309_564_688_275_257e-10, 9.016_312_093_258_696e-20];
    const ABOVE: [f64; 6] = [
        0.254_798_510_611_315_5,
        -0.314_628_554_532_916_5,
        -0.665_836_341_559_876_2,
        -0.314_767_657_147_375_75,
        -0.054_115_626_615_350_53,
        -0.002_892_683_683_339_188,
    ];
    const BELOW: [f64; 8] = [
        1.0,
        2.119_575_992_705_534_6,
        1.543_505_546_649_611_4,
        0.486_986_018_231_042_9,
        0.066_048_148_717_356_98,
        0.002_989_996_625_923_24,
        -1.650_797_940_126_049e-6,
        3.179_402_431_059_522e-8,
    ];
    let polynomial = |coefficients: &[f64]| coefficients.iter().rev().fold(0.0, |sum, c| sum * (x - 1.0) + c);
    let distance = ROOT.iter().fold(x, |x, part| x - part);
    distance * (0.995_581_626_892_089_8 + polynomial(&ABOVE) / polynomial(&BELOW))
}
