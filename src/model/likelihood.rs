//! A likelihood: the density of an outcome given parameters, as declared, and as used in a model.

use std::rc::Rc;

use super::Support;
use crate::expr::{Dim, Expr, Shape, substitute};
use crate::plan::FillKind;
use crate::source::Span;

/// A formal parameter of a likelihood.
#[derive(Clone, Debug)]
pub struct Formal {
    pub name: String,
    /// The variable that stands for it in the likelihood's expressions.
    pub var: Expr,
    pub support: Support,
    pub default: Option<Expr>,
}

/// How to draw an outcome: an expression over standard random numbers.
#[derive(Clone, Debug)]
pub struct Draw {
    pub value: Expr,
    pub randomness: Vec<(Expr, FillKind)>,
}

/// A bound that the support puts on an outcome, element by element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    Lower(Expr),
    Upper(Expr),
    /// The elements sum to this.
    Total(Expr),
}

impl Bound {
    /// The same bound with its expression changed.
    pub fn map(self, f: impl FnOnce(Expr) -> Expr) -> Bound {
        match self {
            Bound::Lower(x) => Bound::Lower(f(x)),
            Bound::Upper(x) => Bound::Upper(f(x)),
            Bound::Total(x) => Bound::Total(f(x)),
        }
    }

    /// Those of a support whose ends are numbers. A code for two or K classes puts none: its density is extended beyond
    /// the code by its own formula ([K], [R]). An angle goes round.
    pub fn of(support: Support) -> Vec<Bound> {
        use std::ops::Bound::{Excluded, Included};
        let end = |bound| match bound {
            Included(x) | Excluded(x) => Some(Expr::num(x)),
            _ => None,
        };
        if matches!(support, Support::Binary | Support::Bipolar | Support::OneHot | Support::Circle) {
            return vec![];
        }
        let ends = end(support.lower()).map(Bound::Lower).into_iter().chain(end(support.upper()).map(Bound::Upper));
        let total = support.sums_to_one().then(|| Bound::Total(Expr::num(1.0)));
        // Shares of 1 that are not negative cannot be larger than 1.
        ends.filter(|b| total.is_none() || matches!(b, Bound::Lower(_))).chain(total).collect()
    }
}

/// A declared likelihood. Its expressions speak of one outcome: a scalar, or a vector of length `dim`.
#[derive(Clone, Debug)]
pub struct Likelihood {
    pub name: String,
    pub doc: Option<String>,
    pub span: Span,
    pub formals: Vec<Formal>,
    pub outcome: Expr,
    pub outcome_name: String,
    pub support: Support,
    /// The ends of the support, which may depend on the parameters.
    pub bounds: Vec<Bound>,
    /// The length of the outcome when the density is one of whole vectors (categorical); `None` when it is one of
    /// numbers, and vectors of outcomes are independent.
    pub dim: Option<Dim>,
    pub log_density: Expr,
    /// The expected outcome, for `mean_field` and for predictions.
    pub mean: Option<Expr>,
    pub draw: Option<Draw>,
    /// P(Y ≤ outcome), for an outcome that is one number.
    pub cdf: Option<Expr>,
}

/// A likelihood with its parameters filled in.
#[derive(Clone, Debug)]
pub struct Instance {
    pub likelihood: Rc<Likelihood>,
    /// One for each formal, in order.
    pub args: Vec<Expr>,
    /// Where each argument was written (the call, for defaults).
    pub arg_spans: Vec<Span>,
    pub span: Span,
}

/// The lengths along the axes.
pub fn dims(shape: Shape) -> Vec<Dim> {
    match shape {
        Shape::Scalar => vec![],
        Shape::Vector(n) => vec![n],
        Shape::Matrix(n, m) => vec![n, m],
    }
}

/// The name in a length such as `J + 1`, and what is added to it.
pub fn named_length(dim: Dim) -> Option<(Expr, f64)> {
    let length = Expr::length(dim);
    let more = length.terms().iter().filter_map(|t| t.as_num()).sum();
    let name: Expr = length - more;
    name.name().map(|_| (name, more))
}

/// What the lengths that a declared shape names are, when a value has this shape.
fn lengths(declared: Shape, given: Shape) -> Vec<(Expr, Expr)> {
    let pairs = dims(declared).into_iter().zip(dims(given));
    pairs.filter_map(|(dim, n)| named_length(dim).map(|(name, more)| (name, Expr::length(n) - more))).collect()
}

impl Likelihood {
    /// `e`, an expression of this likelihood, with the outcome and the parameters replaced.
    pub fn apply(&self, e: Expr, outcome: Expr, args: &[Expr]) -> Expr {
        substitute(e, &self.replaced(outcome, args))
    }

    /// What stands for the outcome, the parameters and the lengths that their types name.
    fn replaced(&self, outcome: Expr, args: &[Expr]) -> Vec<(Expr, Expr)> {
        let mut pairs: Vec<(Expr, Expr)> = self.formals.iter().map(|f| f.var).zip(args.iter().copied()).collect();
        // A vector of one outcome is that one where it meets parameters that are vectors.
        let one = outcome.shape() == Shape::Vector(Dim::Fixed(1)) && self.dim.is_none() && !self.takes_several();
        pairs.push((self.outcome, if one { outcome.sum(Dim::Fixed(1)) } else { outcome }));
        let lengths: Vec<(Expr, Expr)> =
            pairs.iter().flat_map(|(from, to)| lengths(from.shape(), to.shape())).collect();
        pairs.extend(lengths);
        pairs
    }

    /// Whether it is over one number and speaks of several independent ones, too. With a vector for a parameter it does not: nothing
    /// would tell whose components these are.
    pub fn takes_several(&self) -> bool {
        self.dim.is_none() && self.formals.iter().all(|formal| formal.var.shape() == Shape::Scalar)
    }

    /// The ends of the support for these parameters.
    pub fn bounds_at(&self, outcome: Expr, args: &[Expr]) -> Vec<Bound> {
        self.bounds.iter().map(|b| b.map(|e| self.apply(e, outcome, args))).collect()
    }

    /// ln f(outcome | args): summed over the components of a vector of independent outcomes.
    pub fn log_density_at(&self, outcome: Expr, args: &[Expr]) -> Expr {
        let e = self.apply(self.log_density, outcome, args);
        match (self.dim, outcome.shape()) {
            (None, Shape::Vector(dim)) => e.sum(dim),
            _ => e,
        }
    }
}

impl Instance {
    /// The support of the outcome, with the ends that these arguments give it where they are numbers.
    pub fn support(&self) -> Support {
        let Likelihood { outcome, support, bounds, .. } = &*self.likelihood;
        let number = |e: Expr| self.likelihood.apply(e, *outcome, &self.args).as_num();
        let given = match bounds[..] {
            _ if bounds[..] == Bound::of(*support)[..] => None,
            [Bound::Lower(low)] => number(low).map(Support::Above),
            [Bound::Lower(low), Bound::Upper(high)] => number(low).zip(number(high)).map(|(low, high)| {
                if support.is_discrete() { Support::Whole(low, high) } else { Support::Interval(low, high) }
            }),
            _ => None,
        };
        given.unwrap_or(*support)
    }

    pub fn log_density(&self, outcome: Expr) -> Expr {
        self.likelihood.log_density_at(outcome, &self.args)
    }

    /// The arguments, with `a` in the place of the mean where that is a parameter.
    pub fn args_by_mean(&self, a: Expr) -> Vec<Expr> {
        let Likelihood { formals, mean, .. } = &*self.likelihood;
        formals.iter().zip(&self.args).map(|(f, arg)| if *mean == Some(f.var) { a } else { *arg }).collect()
    }

    /// The mean, as a vector of the length of `outcome` when that is one.
    pub fn mean(&self, outcome: Expr) -> Option<Expr> {
        let mean = self.likelihood.apply(self.likelihood.mean?, outcome, &self.args);
        Some(as_long_as(outcome, mean))
    }

    /// A draw, as long as `outcome`, from `random`: for each random letter of the likelihood a variable of that length. All
    /// letters are replaced at once, since those of a vector have the length that the likelihood's types name.
    pub fn drawn(&self, outcome: Expr, random: &[(Expr, Expr)]) -> Option<Expr> {
        let mut pairs = self.likelihood.replaced(outcome, &self.args);
        pairs.extend_from_slice(random);
        Some(as_long_as(outcome, substitute(self.likelihood.draw.as_ref()?.value, &pairs)))
    }
}

fn as_long_as(outcome: Expr, value: Expr) -> Expr {
    match outcome.shape() {
        Shape::Vector(dim) => value.spread(dim),
        _ => value,
    }
}
