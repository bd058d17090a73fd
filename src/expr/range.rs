//! Which values an expression can take, by interval arithmetic from the domains of its variables. The guards of the
//! rewrite rules rest on it, so every bound here is conservative.

use super::domain::Domain;
use super::node::{Expr, Func, Node};

/// An interval; a closed bound can be reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub lower: f64,
    pub upper: f64,
    pub lower_closed: bool,
    pub upper_closed: bool,
}

impl Range {
    pub(super) const ALL: Range = Range::open(f64::NEG_INFINITY, f64::INFINITY);

    pub(super) const fn open(lower: f64, upper: f64) -> Range {
        Range { lower, upper, lower_closed: false, upper_closed: false }
    }

    pub(super) const fn closed(lower: f64, upper: f64) -> Range {
        Range { lower, upper, lower_closed: true, upper_closed: true }
    }

    pub fn is_positive(self) -> bool {
        self.lower > 0.0 || (self.lower == 0.0 && !self.lower_closed)
    }

    pub fn is_non_negative(self) -> bool {
        self.lower >= 0.0
    }

    pub fn is_non_positive(self) -> bool {
        self.upper <= 0.0
    }

    pub fn is_negative(self) -> bool {
        self.negate().is_positive()
    }

    fn negate(self) -> Range {
        Range {
            lower: -self.upper,
            upper: -self.lower,
            lower_closed: self.upper_closed,
            upper_closed: self.lower_closed,
        }
    }

    fn add(self, other: Range) -> Range {
        Range {
            lower: self.lower + other.lower,
            upper: self.upper + other.upper,
            lower_closed: self.lower_closed && other.lower_closed,
            upper_closed: self.upper_closed && other.upper_closed,
        }
    }

    fn multiply(self, other: Range) -> Range {
        let corners = [
            corner(self.lower, self.lower_closed, other.lower, other.lower_closed),
            corner(self.lower, self.lower_closed, other.upper, other.upper_closed),
            corner(self.upper, self.upper_closed, other.lower, other.lower_closed),
            corner(self.upper, self.upper_closed, other.upper, other.upper_closed),
        ];
        hull(&corners)
    }

    /// The range of a value that lies in either.
    pub(super) fn or(self, other: Range) -> Range {
        let ends = |r: Range| [r.lower_end(), r.upper_end()];
        hull(&[ends(self), ends(other)].concat())
    }

    /// The range of the larger of two values.
    fn max(self, other: Range) -> Range {
        let (low, high) = (larger(self.lower_end(), other.lower_end()), larger(self.upper_end(), other.upper_end()));
        Range { lower: low.0, lower_closed: low.1, upper: high.0, upper_closed: high.1 }
    }

    fn lower_end(self) -> (f64, bool) {
        (self.lower, self.lower_closed)
    }

    fn upper_end(self) -> (f64, bool) {
        (self.upper, self.upper_closed)
    }

    /// The image under an increasing function.
    fn increasing(self, f: impl Fn(f64) -> f64) -> Range {
        Range { lower: f(self.lower), upper: f(self.upper), ..self }
    }
}

fn corner(a: f64, a_closed: bool, b: f64, b_closed: bool) -> (f64, bool) {
    // 0 · ∞ is taken as 0: the infinite bound itself is never reached. A zero bound that is reached makes a product
    // of exactly zero whatever the other factor does.
    let product = if a == 0.0 || b == 0.0 { 0.0 } else { a * b };
    let zero = (a == 0.0 && a_closed) || (b == 0.0 && b_closed);
    (product, zero || (a_closed && b_closed))
}

/// The larger of two bounds. Of equal ones the closed one, which is the safer claim for either end.
fn larger(a: (f64, bool), b: (f64, bool)) -> (f64, bool) {
    match a.0.total_cmp(&b.0) {
        std::cmp::Ordering::Equal => (a.0, a.1 || b.1),
        std::cmp::Ordering::Greater => a,
        std::cmp::Ordering::Less => b,
    }
}

fn hull(points: &[(f64, bool)]) -> Range {
    let mut range = Range { lower: f64::INFINITY, upper: f64::NEG_INFINITY, lower_closed: false, upper_closed: false };
    for (x, closed) in points {
        if *x < range.lower || (*x == range.lower && *closed) {
            (range.lower, range.lower_closed) = (*x, *closed);
        }
        if *x > range.upper || (*x == range.upper && *closed) {
            (range.upper, range.upper_closed) = (*x, *closed);
        }
    }
    range
}

impl From<Domain> for Range {
    fn from(d: Domain) -> Range {
        Range { lower: d.lower, upper: d.upper, lower_closed: d.lower_closed, upper_closed: d.upper_closed }
    }
}

/// The values that an operation can take, from those of its parts.
pub(super) fn of(node: &Node) -> Range {
    match node {
        Node::Num(bits) => Range::closed(f64::from_bits(*bits), f64::from_bits(*bits)),
        Node::Pi => Range::closed(std::f64::consts::PI, std::f64::consts::PI),
        Node::Var(id) => Expr::var_info(*id).domain.into(),
        Node::Add(terms) => terms.iter().map(|t| t.range()).fold(Range::closed(0.0, 0.0), Range::add),
        Node::Mul(factors) => factors.iter().map(|f| f.range()).fold(Range::closed(1.0, 1.0), Range::multiply),
        Node::Pow(base, exponent) => power(base.range(), *exponent),
        Node::Call(f, x) => image(*f, x.range()),
        Node::Max(a, b) => a.range().max(b.range()),
        Node::Min(a, b) => a.range().negate().max(b.range().negate()).negate(),
        Node::Sum(x, _) if x.as_form_summand().is_some() => Range { lower: 0.0, lower_closed: true, ..Range::ALL },
        Node::Sum(x, _) => total(x.range()),
        Node::Softmax(_) => Domain::UNIT.into(),
        Node::Spread(x, _) | Node::Transpose(x) => x.range(),
        Node::Special(f, args) => super::special::range(*f, args),
        Node::Concat(parts) => parts.iter().map(|p| p.range()).reduce(Range::or).unwrap_or(Range::ALL),
        Node::Slice(x, ..) => x.range(),
        Node::LogSumExp(_) | Node::Dot(..) | Node::Outer(..) | Node::Inverse(_) | Node::LnDet(_) => Range::ALL,
    }
}

/// Σ over one component or more.
fn total(x: Range) -> Range {
    let lower = if x.lower >= 0.0 { 0.0 } else { f64::NEG_INFINITY };
    let upper = if x.upper <= 0.0 { 0.0 } else { f64::INFINITY };
    Range {
        lower,
        upper,
        lower_closed: x.lower_closed && x.lower <= 0.0,
        upper_closed: x.upper_closed && x.upper >= 0.0,
    }
}

impl Expr {
    pub fn is_positive(self) -> bool {
        self.range().is_positive()
    }
}

fn power(base: Range, exponent: Expr) -> Range {
    let positive = Range::open(0.0, f64::INFINITY);
    let even = exponent.as_num().filter(|e| e % 2.0 == 0.0 && !base.is_positive());
    match (exponent.as_num(), even) {
        (_, Some(e)) if e > 0.0 => Range { lower_closed: true, ..positive },
        (_, Some(_)) => positive,
        (Some(e), _) if base.is_non_negative() && e > 0.0 => base.increasing(|x| x.powf(e)),
        (Some(e), _) if base.is_positive() => base.negate().increasing(|x| (-x).powf(e)),
        (Some(e), _) if base.is_non_negative() && e < 0.0 => positive,
        _ if base.is_positive() => positive,
        _ => Range::ALL,
    }
}

fn image(f: Func, x: Range) -> Range {
    match f {
        // What underflows is still above 0.
        Func::Exp => {
            let image = x.increasing(f64::exp);
            let (low, high) = (image.lower, image.upper.max(f64::MIN_POSITIVE));
            Range { upper: high, lower_closed: image.lower_closed && low > 0.0, ..image }
        }
        Func::Ln if x.is_non_negative() => x.increasing(f64::ln),
        Func::Ln => Range::ALL,
        Func::Abs if x.is_non_negative() => x,
        Func::Abs => Range { lower: 0.0, upper: x.upper.max(-x.lower), lower_closed: true, upper_closed: true },
        Func::Sign | Func::Sin | Func::Cos => Range::closed(-1.0, 1.0),
        Func::Tanh => Range::open(-1.0, 1.0),
        Func::Step => Range::closed(0.0, 1.0),
        Func::Logistic => Range::open(0.0, 1.0),
        Func::Softplus => Range::open(0.0, f64::INFINITY),
    }
}
