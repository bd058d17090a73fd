//! Supports: the sets that values live in. A type of the language is a support with a shape.

use std::fmt;
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::ops::RangeBounds;

/// How far the sum of a simplex may be from 1: rows written with seven digits pass, and so do sums in f32.
const SUM_TOLERANCE: f64 = 1e-6;

/// What a support allows between its bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Values {
    Continuous,
    /// `from`, `from + step`, `from + 2 step`, …
    Grid {
        from: f64,
        step: f64,
    },
}
use Values::Continuous;

const fn grid(from: f64, step: f64) -> Values {
    Values::Grid { from, step }
}

/// Whether a value stands alone, or what binds the elements of a row or a matrix together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Scalar,
    /// A row whose elements sum to 1.
    Total,
    /// A row whose elements increase.
    Increasing,
    /// A square matrix.
    Square,
}
use Form::{Increasing, Scalar, Square, Total};

const PI: f64 = std::f64::consts::PI;

/// One line of the table, with the bounds of an interval filled in.
struct Facts {
    form: Form,
    values: Values,
    lower: Bound<f64>,
    upper: Bound<f64>,
}

macro_rules! supports {
    ($($variant:ident $(($($bound:ident),+))? $name:literal $form:ident $values:expr, $lower:expr, $upper:expr, $holds:expr;)*) => {
        /// The set that a value, or each row of a vector, lives in. `Interval` holds its two ends.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum Support {
            $($variant $(($(supports!(@number $bound)),+))?),*
        }

        impl Support {
            /// Every name, as programs write it.
            pub const ALL_NAMES: &[&str] = &[$($name),*];

            /// The support that a program calls `name`, given the numbers in its brackets: `named("interval", &[-1.0, 1.0])`.
            /// `None` when there is no such name or it takes another number of arguments.
            pub fn named(name: &str, arguments: &[f64]) -> Option<Support> {
                match (name, arguments) {
                    $(($name, &[$($($bound),+)?]) => Some(Support::$variant $(($($bound),+))?),)*
                    _ => None,
                }
            }

            fn facts(self) -> Facts {
                match self {
                    $(Support::$variant $(($($bound),+))? => Facts { form: $form, values: $values, lower: $lower, upper: $upper },)*
                }
            }

            /// In words, what a value of this support is.
            pub fn holds(self) -> String {
                match self {
                    $(Support::$variant $(($($bound),+))? => $holds.to_string(),)*
                }
            }
        }

        impl fmt::Display for Support {
            /// As programs write it: `one_hot`, `interval(-1, 1)`.
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                match *self {
                    $(Support::$variant $(($($bound),+))? => {
                        f.write_str($name)?;
                        arguments(f, &[$($($bound),+)?])
                    })*
                }
            }
        }
    };
    (@number $bound:ident) => { f64 };
}

// To add a support, add its line. The ends of `unit` and `interval` belong to them because data has them (a black
// pixel is 0) and because a logistic rounds to 0 or 1; `positive` excludes 0 because ln 0 has no value.
supports! {
    // variant           name        form    values           lower          upper           holds
    Real                 "real"      Scalar  Continuous,      Unbounded,     Unbounded,      "any number";
    Positive             "positive"  Scalar  Continuous,      Excluded(0.0), Unbounded,      "numbers above 0";
    Unit                 "unit"      Scalar  Continuous,      Included(0.0), Included(1.0),  "numbers from 0 to 1";
    Interval(low, high)  "interval"  Scalar  Continuous,      Included(low), Included(high), format!("numbers from {low} to {high}");
    Above(low)           "above"     Scalar  Continuous,      Included(low), Unbounded,      format!("numbers from {low} on");
    Circle               "circle"    Scalar  Continuous,      Included(-PI), Included(PI),   "angles from −π to π";
    Binary               "binary"    Scalar  grid(0.0, 1.0),  Included(0.0), Included(1.0),  "0 or 1";
    Bipolar              "bipolar"   Scalar  grid(-1.0, 2.0), Included(-1.0), Included(1.0), "-1 or 1";
    Count                "count"     Scalar  grid(0.0, 1.0),  Included(0.0), Unbounded,      "whole numbers from 0";
    Whole(low, high)     "whole"     Scalar  grid(low, 1.0),  Included(low), Included(high), format!("whole numbers from {low} to {high}");
    Simplex              "simplex"   Total   Continuous,      Included(0.0), Included(1.0),  "rows of numbers from 0 that sum to 1";
    OneHot               "one_hot"   Total   grid(0.0, 1.0),  Included(0.0), Included(1.0),  "rows of one 1 and otherwise 0";
    Ordered              "ordered"   Increasing Continuous,   Unbounded,     Unbounded,      "rows of increasing numbers";
    PositiveDefinite     "positive_definite" Square Continuous, Unbounded,   Unbounded,      "symmetric matrices with positive eigenvalues";
}

impl Support {
    /// As programs write it.
    pub fn name(self) -> String {
        self.to_string()
    }

    /// Whether its values can be counted.
    pub fn is_discrete(self) -> bool {
        self.facts().values != Continuous
    }

    /// What binds the elements of a value together.
    pub fn form(self) -> Form {
        self.facts().form
    }

    /// Whether a value is a whole row, its elements bound together.
    pub fn is_vector(self) -> bool {
        matches!(self.form(), Total | Increasing)
    }

    /// Whether the elements of a row sum to 1.
    pub fn sums_to_one(self) -> bool {
        self.form() == Total
    }

    pub fn lower(self) -> Bound<f64> {
        self.facts().lower
    }

    pub fn upper(self) -> Bound<f64> {
        self.facts().upper
    }

    /// Whether `x` is a value of this support; for a vector support, whether it can be an element of one.
    /// No support contains an infinity or NaN.
    pub fn contains(&self, x: f64) -> bool {
        let Facts { values, lower, upper, .. } = self.facts();
        x.is_finite() && (lower, upper).contains(&x) && values.contain(x)
    }

    /// Whether every element belongs, and whether the elements are bound together as the support asks.
    pub fn contains_row(&self, row: &[f64]) -> bool {
        let bound = match self.form() {
            Scalar => true,
            Total => (row.iter().sum::<f64>() - 1.0).abs() <= SUM_TOLERANCE,
            Increasing => row.windows(2).all(|w| w[0] < w[1]),
            Square => is_positive_definite(row),
        };
        row.iter().all(|x| self.contains(*x)) && bound
    }
}

impl Values {
    fn contain(self, x: f64) -> bool {
        match self {
            Continuous => true,
            Values::Grid { from, step } => (x - from) % step == 0.0,
        }
    }
}

/// Whether the entries of a square matrix, row after row, have a Cholesky factor.
fn is_positive_definite(entries: &[f64]) -> bool {
    let n = entries.len().isqrt();
    let at = |r: usize, c: usize| entries[r * n + c];
    let symmetric = || (0..n).all(|r| (0..r).all(|c| (at(r, c) - at(c, r)).abs() <= SUM_TOLERANCE * at(r, r).abs()));
    if n * n != entries.len() || !symmetric() {
        return false;
    }
    let mut factor = vec![0.0; n * n];
    for r in 0..n {
        for c in 0..=r {
            let rest = at(r, c) - (0..c).map(|k| factor[r * n + k] * factor[c * n + k]).sum::<f64>();
            if r == c && rest <= 0.0 {
                return false;
            }
            factor[r * n + c] = if r == c { rest.sqrt() } else { rest / factor[c * n + c] };
        }
    }
    true
}

/// `(-1, 1)` after a name, or nothing when there are none.
fn arguments(f: &mut fmt::Formatter, numbers: &[f64]) -> fmt::Result {
    if numbers.is_empty() {
        return Ok(());
    }
    let written: Vec<String> = numbers.iter().map(f64::to_string).collect();
    write!(f, "({})", written.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalar_supports_contain_their_values_and_nothing_else() {
        let cases: &[(Support, &[f64], &[f64])] = &[
            (Support::Real, &[-1e300, 0.0, 0.5], &[]),
            (Support::Positive, &[1e-300, 7.0], &[0.0, -0.0, -1.0]),
            (Support::Unit, &[0.0, 0.3, 1.0], &[-1e-9, 1.0 + 1e-9]),
            (Support::Interval(-2.0, 3.0), &[-2.0, 0.0, 3.0], &[-2.1, 3.1]),
            (Support::Binary, &[0.0, -0.0, 1.0], &[0.5, 2.0, -1.0]),
            (Support::Bipolar, &[-1.0, 1.0], &[0.0, -3.0, 0.5]),
            (Support::Count, &[0.0, 1.0, 1e6], &[-1.0, 0.5]),
            (Support::Above(2.0), &[2.0, 1e9], &[1.9]),
            (Support::Circle, &[-3.1, 0.0, 3.1], &[3.2]),
            (Support::Whole(1.0, 4.0), &[1.0, 4.0], &[0.0, 5.0, 1.5]),
        ];
        for (support, inside, outside) in cases {
            assert!(inside.iter().all(|x| support.contains(*x)), "{support}");
            assert!(!outside.iter().any(|x| support.contains(*x)), "{support}");
            for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                assert!(!support.contains(x), "{support} contains {x}");
            }
        }
    }

    #[test]
    fn rows_of_vector_supports_sum_to_one() {
        assert!(Support::Simplex.contains_row(&[1.0 / 3.0; 3]));
        assert!(Support::Simplex.contains_row(&[0.3333333; 3]));
        assert!(!Support::Simplex.contains_row(&[0.333; 3]));
        assert!(!Support::Simplex.contains_row(&[1.5, -0.5]));
        assert!(Support::OneHot.contains_row(&[0.0, 1.0, 0.0]));
        assert!(!Support::OneHot.contains_row(&[0.5, 0.5]));
        assert!(!Support::OneHot.contains_row(&[0.0, 0.0]));
        assert!(!Support::OneHot.contains_row(&[1.0, 1.0]));
        assert!(Support::Binary.contains_row(&[1.0, 1.0]));
        assert!(!Support::Binary.contains_row(&[1.0, 0.5]));
    }

    #[test]
    fn rows_increase_and_matrices_have_positive_eigenvalues() {
        assert!(Support::Ordered.contains_row(&[-1.0, 0.0, 2.0]));
        assert!(!Support::Ordered.contains_row(&[0.0, 0.0]));
        assert!(Support::PositiveDefinite.contains_row(&[2.0, 1.0, 1.0, 2.0]));
        assert!(!Support::PositiveDefinite.contains_row(&[1.0, 2.0, 2.0, 1.0]));
        assert!(!Support::PositiveDefinite.contains_row(&[2.0, 1.0, 0.0, 2.0]));
        assert!(!Support::PositiveDefinite.contains_row(&[1.0, 2.0]));
    }

    #[test]
    fn names_lead_back_to_their_support() {
        for name in Support::ALL_NAMES {
            let support = [&[][..], &[-1.0], &[-1.0, 1.0]].iter().find_map(|x| Support::named(name, x)).expect(name);
            assert!(support.name().starts_with(name));
        }
        assert_eq!(Support::Interval(-1.0, 0.5).name(), "interval(-1, 0.5)");
        assert_eq!(Support::OneHot.name(), "one_hot");
        assert_eq!(Support::named("interval", &[1.0]), None);
        assert_eq!(Support::named("real", &[1.0]), None);
        assert_eq!(Support::named("reel", &[]), None);
    }

    #[test]
    fn kinds_and_bounds_follow_the_table() {
        let discrete = [Support::Binary, Support::Bipolar, Support::Count, Support::OneHot];
        assert!(discrete.iter().all(|s| s.is_discrete()));
        assert!(!Support::Unit.is_discrete() && !Support::Simplex.is_discrete());
        assert!(Support::Simplex.is_vector() && Support::OneHot.is_vector() && !Support::Binary.is_vector());
        assert_eq!(Support::Positive.lower(), Excluded(0.0));
        assert_eq!(Support::Interval(-1.0, 2.0).upper(), Included(2.0));
        assert_eq!(Support::Real.lower(), Unbounded);
    }
}
