//! What is known beforehand about the values of a variable.

/// The values a variable can take: an interval, and for vectors whether the components sum to one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Domain {
    pub lower: f64,
    pub upper: f64,
    /// Whether the variable can equal its bound.
    pub lower_closed: bool,
    pub upper_closed: bool,
    pub sums_to_one: bool,
    /// Whether a square matrix is symmetric with positive eigenvalues.
    pub positive_definite: bool,
}

const fn domain(lower: f64, upper: f64, closed: bool) -> Domain {
    Domain { lower, upper, lower_closed: closed, upper_closed: closed, sums_to_one: false, positive_definite: false }
}

impl Domain {
    pub const REAL: Domain = domain(f64::NEG_INFINITY, f64::INFINITY, false);
    pub const POSITIVE: Domain = domain(0.0, f64::INFINITY, false);
    /// The open interval (0, 1).
    pub const UNIT: Domain = domain(0.0, 1.0, false);
    /// The closed interval [0, 1].
    pub const ZERO_TO_ONE: Domain = domain(0.0, 1.0, true);
    /// Components in (0, 1) that sum to one.
    pub const SIMPLEX: Domain = Domain { sums_to_one: true, ..Domain::UNIT };
    /// Components 0 or 1 of which one is 1.
    pub const ONE_HOT: Domain = Domain { sums_to_one: true, ..Domain::ZERO_TO_ONE };

    pub const fn open(lower: f64, upper: f64) -> Domain {
        domain(lower, upper, false)
    }

    pub const fn closed(lower: f64, upper: f64) -> Domain {
        domain(lower, upper, true)
    }
}
