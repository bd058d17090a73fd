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
mod quadrature;
mod solve;

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
