//! What a support tells the symbolic core about the values of a variable.

use std::ops::Bound;

use super::Support;
use super::support::Form;
use crate::expr::Domain;

impl Support {
    /// The domain of a parameter or a mean: the interior of the support, where densities have logarithms; all values of a
    /// discrete one.
    pub fn interior(self) -> Domain {
        if self.is_discrete() {
            return self.closure();
        }
        let Domain { lower, upper, .. } = self.closure();
        let positive_definite = self.form() == Form::Square;
        Domain { sums_to_one: self.sums_to_one(), positive_definite, ..Domain::open(lower, upper) }
    }

    /// The domain of an outcome, bounds included where the support includes them.
    pub fn closure(self) -> Domain {
        let (lower, lower_closed) = end(self.lower(), f64::NEG_INFINITY);
        let (upper, upper_closed) = end(self.upper(), f64::INFINITY);
        Domain {
            lower,
            upper,
            lower_closed,
            upper_closed,
            sums_to_one: self.sums_to_one(),
            positive_definite: self.form() == Form::Square,
        }
    }
}

fn end(bound: Bound<f64>, unbounded: f64) -> (f64, bool) {
    match bound {
        Bound::Included(x) => (x, true),
        Bound::Excluded(x) => (x, false),
        Bound::Unbounded => (unbounded, false),
    }
}
