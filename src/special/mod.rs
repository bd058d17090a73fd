//! Special functions in f64: plain numbers in, a number out. A leaf of the house: it knows no expressions and no tensors.
//!
//! A quantile function turns one uniform number into one draw, so that distributions without a closed form are drawn by
//! the same contract as any other.

mod bessel;
mod discrete;
mod gamma;
mod incomplete;
pub mod matrix;
mod normal;
mod normal_between;
mod quadrature;
mod solve;
mod von_mises;

pub use normal::quantiles;

/// One line of the table.
struct Facts {
    name: &'static str,
    arity: usize,
    value: fn(&[f64]) -> f64,
}

macro_rules! specials {
    ($($(#[$doc:meta])* $variant:ident $name:literal ($($argument:ident),+) = $value:expr;)*) => {
        /// A function of one to three numbers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Special {
            $($(#[$doc])* $variant),*
        }

        impl Special {
            pub const ALL: &[Special] = &[$(Special::$variant),*];

            fn facts(self) -> Facts {
                match self {
                    $(Special::$variant => Facts {
                        name: $name,
                        arity: [$(stringify!($argument)),+].len(),
                        value: |x| match *x {
                            [$($argument),+] => $value,
                            _ => f64::NAN,
                        },
                    },)*
                }
            }
        }
    };
}

// To add a function, add its line. Outside its domain a function is NaN; at a pole it is infinite.
specials! {
    /// ln Γ(x) for x > 0.
    LnGamma          "ln_gamma"          (x)          = gamma::ln_gamma(x);
    /// ψ(x) = (ln Γ)′(x) for x > 0.
    Digamma          "digamma"           (x)          = gamma::digamma(x);
    /// ψ′(x) for x > 0.
    Trigamma         "trigamma"          (x)          = gamma::trigamma(x);
    Erf              "erf"               (x)          = normal::erf(x);
    /// Φ(x), the distribution function of the standard normal.
    NormalCdf        "normal_cdf"        (x)          = normal::cdf(x);
    /// ln Φ(x), without underflow.
    LnNormalCdf      "ln_normal_cdf"     (x)          = normal::ln_cdf(x);
    /// ln(Φ(b) − Φ(a)) for a ≤ b, without underflow: the least number where it is below all, −∞ only for a = b.
    LnNormalBetween  "ln_normal_between" (a, b)       = normal_between::ln_between(a, b);
    /// Φ⁻¹(p) for p from 0 to 1.
    NormalQuantile   "normal_quantile"   (p)          = normal::quantile(p);
    /// ln I₀(x), without overflow.
    LnBesselI0       "ln_bessel_i0"      (x)          = bessel::ln_i0(x);
    /// I₁(x) / I₀(x)
    BesselRatio      "bessel_ratio"      (x)          = bessel::ratio(x);
    Atan             "atan"              (x)          = x.atan();
    /// The largest whole number that is not larger.
    Floor            "floor"             (x)          = x.floor();
    /// P(a, x), the regularised lower incomplete gamma function: the distribution function of a gamma variable of shape a.
    GammaCdf         "gamma_cdf"         (a, x)       = incomplete::gamma_cdf(a, x);
    GammaQuantile    "gamma_quantile"    (a, p)       = incomplete::gamma_quantile(a, p);
    /// I_x(a, b), the regularised incomplete beta function.
    BetaCdf          "beta_cdf"          (a, b, x)    = incomplete::beta_cdf(a, b, x);
    BetaQuantile     "beta_quantile"     (a, b, p)    = incomplete::beta_quantile(a, b, p);
    /// The smallest count k with P(Y ≤ k) ≥ p for a Poisson variable of this rate.
    PoissonQuantile  "poisson_quantile"  (rate, p)    = discrete::poisson_quantile(rate, p);
    /// The same for the number of successes in n trials of probability q.
    BinomialQuantile "binomial_quantile" (n, q, p)    = discrete::binomial_quantile(n, q, p);
    /// The distribution function, from −π on, of an angle about 0 with concentration κ.
    VonMisesCdf      "von_mises_cdf"     (kappa, x)   = bessel::von_mises_cdf(kappa, x);
    VonMisesQuantile "von_mises_quantile" (kappa, p)  = bessel::von_mises_quantile(kappa, p);
    /// `a` where c ≥ 0, else `b`; NaN where c is.
    Piecewise        "piecewise"         (c, a, b)    = if c >= 0.0 { a } else if c < 0.0 { b } else { c };
}

impl Special {
    /// What programs call it.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// How many numbers it takes.
    pub fn arity(self) -> usize {
        self.facts().arity
    }

    /// Its value; NaN when the count of numbers is wrong.
    pub fn value(self, x: &[f64]) -> f64 {
        (self.facts().value)(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares with values that mpmath gave at 40 digits, by relative error.
    pub fn check(special: Special, tolerance: f64, rows: &[(&[f64], f64)]) {
        for (x, want) in rows {
            let got = special.value(x);
            assert!((got - want).abs() <= tolerance * want.abs(), "{}{x:?} is {got:e}, not {want:e}", special.name());
        }
    }

    /// cdf(quantile(p)) = p, relative to the nearer tail, as far as both have digits there.
    pub fn check_round_trip(quantile: impl Fn(f64) -> f64, cdf: impl Fn(f64) -> f64, what: &str) {
        for p in [1e-300, 1e-100, 1e-10, 1e-3, 0.1, 0.3, 0.4999, 0.5, 0.6, 0.9, 0.999, 1.0 - 1e-10] {
            let x = quantile(p);
            let digits_of_x = [x.next_down(), x.next_up()].map(|near| (cdf(near) - cdf(x)).abs());
            let digits = 3.0 * digits_of_x[0].max(digits_of_x[1]) + if p > 0.5 { 3e-16 } else { 0.0 };
            let error = (cdf(x) - p).abs();
            assert!(error <= 3e-13 * p.min(1.0 - p) + digits, "{what}: cdf({x:e}) is {:e}, not {p:e}", cdf(x));
        }
    }

    const NAN: f64 = f64::NAN;
    const INF: f64 = f64::INFINITY;

    #[test]
    fn edges() {
        use std::f64::consts::PI;
        let rows: &[(Special, &[f64], f64)] = &[
            (Special::LnGamma, &[0.0], INF),
            (Special::LnGamma, &[1.0], 0.0),
            (Special::LnGamma, &[2.0], 0.0),
            (Special::LnGamma, &[-0.5], NAN),
            (Special::LnGamma, &[INF], INF),
            (Special::Digamma, &[0.0], -INF),
            (Special::Digamma, &[-0.5], NAN),
            (Special::Digamma, &[INF], INF),
            (Special::Trigamma, &[0.0], INF),
            (Special::Trigamma, &[-0.5], NAN),
            (Special::Trigamma, &[INF], 0.0),
            (Special::Erf, &[-INF], -1.0),
            (Special::NormalCdf, &[-INF], 0.0),
            (Special::NormalCdf, &[INF], 1.0),
            (Special::LnNormalCdf, &[-INF], -INF),
            (Special::LnNormalCdf, &[INF], 0.0),
            (Special::LnNormalBetween, &[-INF, INF], 0.0),
            (Special::LnNormalBetween, &[0.5, 0.5], -INF),
            (Special::LnNormalBetween, &[INF, INF], -INF),
            (Special::LnNormalBetween, &[1.0, 0.5], NAN),
            (Special::NormalQuantile, &[0.0], -INF),
            (Special::NormalQuantile, &[1.0], INF),
            (Special::NormalQuantile, &[1.1], NAN),
            (Special::LnBesselI0, &[0.0], 0.0),
            (Special::LnBesselI0, &[-INF], INF),
            (Special::BesselRatio, &[0.0], 0.0),
            (Special::BesselRatio, &[-INF], -1.0),
            (Special::GammaCdf, &[2.0, 0.0], 0.0),
            (Special::GammaCdf, &[2.0, INF], 1.0),
            (Special::GammaCdf, &[2.0, -1.0], NAN),
            (Special::GammaCdf, &[0.0, 1.0], NAN),
            (Special::GammaQuantile, &[2.0, 0.0], 0.0),
            (Special::GammaQuantile, &[2.0, 1.0], INF),
            (Special::GammaQuantile, &[2.0, -0.1], NAN),
            (Special::BetaCdf, &[2.0, 3.0, 0.0], 0.0),
            (Special::BetaCdf, &[2.0, 3.0, 1.0], 1.0),
            (Special::BetaCdf, &[2.0, 3.0, 1.1], NAN),
            (Special::BetaCdf, &[2.0, 0.0, 0.5], NAN),
            (Special::BetaQuantile, &[2.0, 3.0, 0.0], 0.0),
            (Special::BetaQuantile, &[2.0, 3.0, 1.0], 1.0),
            (Special::BetaQuantile, &[2.0, 3.0, 1.1], NAN),
            (Special::PoissonQuantile, &[0.0, 0.7], 0.0),
            (Special::PoissonQuantile, &[3.0, 0.0], 0.0),
            (Special::PoissonQuantile, &[3.0, 1.0], INF),
            (Special::PoissonQuantile, &[-1.0, 0.5], NAN),
            (Special::BinomialQuantile, &[7.0, 0.5, 0.0], 0.0),
            (Special::BinomialQuantile, &[7.0, 0.5, 1.0], 7.0),
            (Special::BinomialQuantile, &[7.0, 0.0, 0.5], 0.0),
            (Special::BinomialQuantile, &[7.0, 1.0, 0.5], 7.0),
            (Special::BinomialQuantile, &[0.0, 0.5, 0.5], 0.0),
            (Special::BinomialQuantile, &[7.5, 0.5, 0.5], NAN),
            (Special::VonMisesCdf, &[2.0, -PI], 0.0),
            (Special::VonMisesCdf, &[2.0, PI], 1.0),
            (Special::VonMisesCdf, &[-1.0, 0.0], NAN),
            (Special::VonMisesQuantile, &[2.0, 0.0], -PI),
            (Special::VonMisesQuantile, &[2.0, 0.5], 0.0),
            (Special::VonMisesQuantile, &[2.0, 1.0], PI),
            (Special::Piecewise, &[0.0, 1.0, 2.0], 1.0),
            (Special::Piecewise, &[-1.0, 1.0, 2.0], 2.0),
            (Special::Piecewise, &[NAN, 1.0, 2.0], NAN),
            (Special::Erf, &[1.0, 2.0], NAN),
        ];
        for (special, x, want) in rows {
            let got = special.value(x);
            assert!(got == *want || got.is_nan() && want.is_nan(), "{}{x:?} is {got}, not {want}", special.name());
        }
    }

    fn tuples(of: &[f64], count: usize) -> Vec<Vec<f64>> {
        (0..count).fold(vec![vec![]], |shorter, _| {
            shorter.iter().flat_map(|t| of.iter().map(|x| [t.as_slice(), &[*x]].concat())).collect()
        })
    }

    #[test]
    fn nan_in_nan_out() {
        for special in Special::ALL.iter().filter(|s| **s != Special::Piecewise) {
            for x in tuples(&[0.0, 0.5, 1.0, NAN], special.arity()).iter().filter(|x| x.iter().any(|x| x.is_nan())) {
                assert!(special.value(x).is_nan(), "{}{x:?} is {}", special.name(), special.value(x));
            }
        }
    }

    /// Whatever comes in, an answer comes out, and a probability is one.
    #[test]
    fn extreme_numbers_are_answered() {
        let extremes = [-INF, -1.0, 0.0, 5e-324, 1e-300, 1e-17, 0.5, 1.0, 7.0, 30.0, 1e16, 1e154, f64::MAX, INF];
        for special in Special::ALL {
            for x in tuples(&extremes, special.arity()) {
                let value = special.value(&x);
                let is_probability = special.name().ends_with("cdf") && *special != Special::LnNormalCdf;
                assert!(
                    !is_probability || value.is_nan() || (0.0..=1.0).contains(&value),
                    "{special:?}{x:?} is {value}"
                );
            }
        }
    }
}
