//! Constructors that keep every expression in canonical arithmetic form: sums and products flat, numbers folded, like
//! terms and equal bases collected. Everything beyond arithmetic is left to the named rules in `rules.rs`.

use std::rc::Rc;

use super::hash::FastMap;
use super::node::{Expr, Func, Node};
use super::shape::{Dim, Shape};

impl Expr {
    pub fn num(value: f64) -> Expr {
        // −0 and 0 are one number here.
        let value = if value == 0.0 { 0.0 } else { value };
        Expr::intern(Node::Num(value.to_bits()), Shape::Scalar)
    }

    pub fn pi() -> Expr {
        Expr::intern(Node::Pi, Shape::Scalar)
    }

    /// The length of a vector as a scalar.
    pub fn length(dim: Dim) -> Expr {
        match dim {
            Dim::Fixed(n) => Expr::num(n as f64),
            Dim::Named(name) => name,
        }
    }

    pub fn add_all(terms: &[Expr]) -> Expr {
        let shape = joined(terms);
        let mut constant = 0.0;
        let mut coefficients: FastMap<Expr, f64> = FastMap::default();
        for term in terms.iter().flat_map(terms_in) {
            match term.as_num() {
                Some(value) => constant += value,
                None => {
                    let (coefficient, rest) = term.split_coefficient();
                    *coefficients.entry(rest).or_default() += coefficient;
                }
            }
        }
        let mut list: Vec<Expr> =
            coefficients.into_iter().filter(|(_, c)| *c != 0.0).map(|(rest, c)| Expr::scaled(c, rest)).collect();
        if constant != 0.0 || list.is_empty() {
            list.push(Expr::num(constant));
        }
        list.sort();
        if list.len() == 1 { list[0] } else { Expr::intern(Node::Add(Rc::from(list)), shape) }
    }

    pub fn mul_all(factors: &[Expr]) -> Expr {
        let shape = joined(factors);
        let mut constant = 1.0;
        let mut exponent_of_e: Vec<Expr> = vec![];
        let mut collected: Vec<(Expr, Expr)> = vec![];
        for factor in factors.iter().flat_map(factors_in) {
            match factor.head() {
                Node::Num(bits) => constant *= f64::from_bits(*bits),
                Node::Call(Func::Exp, x) => exponent_of_e.push(*x),
                Node::Pow(base, exponent) => collect_power(&mut collected, *base, *exponent),
                _ => collect_power(&mut collected, *factor, Expr::num(1.0)),
            }
        }
        if constant == 0.0 {
            return Expr::num(0.0);
        }
        let mut list: Vec<Expr> = collected.into_iter().map(|(b, e)| b.pow(e)).collect();
        if !exponent_of_e.is_empty() {
            list.push(Expr::add_all(&exponent_of_e).exp());
        }
        if list.iter().any(|f| matches!(f.head(), Node::Num(_) | Node::Mul(_))) {
            // A power collapsed into a number or a product: fold again.
            list.push(Expr::num(constant));
            return Expr::mul_all(&list);
        }
        list.sort();
        match (list.len(), constant) {
            (0, c) => Expr::num(c),
            (1, 1.0) => list[0],
            (1, c) => Expr::scaled(c, list[0]),
            (_, c) => Expr::scaled(c, Expr::intern(Node::Mul(Rc::from(list)), shape)),
        }
    }

    /// `c · rest` for a number and an expression without a numeric factor; a number goes into a sum term by term.
    fn scaled(c: f64, rest: Expr) -> Expr {
        if c == 1.0 {
            return rest;
        }
        match rest.head() {
            Node::Num(bits) => Expr::num(c * f64::from_bits(*bits)),
            Node::Add(terms) => Expr::add_all(&terms.iter().map(|t| Expr::num(c) * *t).collect::<Vec<_>>()),
            Node::Mul(factors) => {
                let mut list = factors.to_vec();
                list.push(Expr::num(c));
                list.sort();
                Expr::intern(Node::Mul(Rc::from(list)), rest.shape())
            }
            _ => {
                let mut list = vec![Expr::num(c), rest];
                list.sort();
                Expr::intern(Node::Mul(Rc::from(list)), rest.shape())
            }
        }
    }

    /// The terms of a sum, or the expression alone.
    pub fn terms(self) -> Vec<Expr> {
        terms_in(&self).to_vec()
    }

    /// The factors of a product, or the expression alone.
    pub fn factors(self) -> Vec<Expr> {
        factors_in(&self).to_vec()
    }

    /// `(c, rest)` with `self = c · rest` and no numeric factor left in `rest`.
    pub fn split_coefficient(self) -> (f64, Expr) {
        let Node::Mul(factors) = self.head() else {
            return self.as_num().map_or((1.0, self), |c| (c, Expr::num(1.0)));
        };
        match factors.iter().position(|f| f.as_num().is_some()) {
            None => (1.0, self),
            Some(at) => {
                let mut rest = factors.to_vec();
                let c = rest.remove(at).as_num().unwrap_or(1.0);
                let rest =
                    if rest.len() == 1 { rest[0] } else { Expr::intern(Node::Mul(Rc::from(rest)), self.shape()) };
                (c, rest)
            }
        }
    }

    pub fn pow(self, exponent: Expr) -> Expr {
        match (self.head(), exponent.as_num()) {
            (_, Some(0.0)) => Expr::num(1.0),
            (_, Some(1.0)) => self,
            _ if self.is_num(1.0) && exponent.shape() == Shape::Scalar => self,
            (Node::Num(b), Some(e)) if is_exact_power(f64::from_bits(*b), e) => Expr::num(f64::from_bits(*b).powf(e)),
            (Node::Pow(base, inner), Some(e)) if e.fract() == 0.0 => base.pow(*inner * exponent),
            (Node::Mul(factors), Some(e)) if e.fract() == 0.0 => {
                Expr::mul_all(&factors.iter().map(|f| f.pow(exponent)).collect::<Vec<_>>())
            }
            (Node::Call(Func::Exp, x), Some(_)) => (*x * exponent).exp(),
            _ => Expr::intern(Node::Pow(self, exponent), joined(&[self, exponent])),
        }
    }

    pub fn powi(self, exponent: i32) -> Expr {
        self.pow(Expr::num(exponent.into()))
    }

    pub fn call(self, f: Func) -> Expr {
        match (f, self.as_num()) {
            (_, Some(x)) if exact(f, x).is_some() => Expr::num(exact(f, x).unwrap_or(x)),
            _ => Expr::intern(Node::Call(f, self), self.shape()),
        }
    }

    pub fn exp(self) -> Expr {
        self.call(Func::Exp)
    }

    pub fn ln(self) -> Expr {
        self.call(Func::Ln)
    }

    pub fn abs(self) -> Expr {
        self.call(Func::Abs)
    }

    pub fn sqrt(self) -> Expr {
        self.pow(Expr::num(0.5))
    }

    pub fn max(self, other: Expr) -> Expr {
        self.extremum(other, f64::max, Node::Max)
    }

    pub fn min(self, other: Expr) -> Expr {
        self.extremum(other, f64::min, Node::Min)
    }

    fn extremum(self, other: Expr, fold: fn(f64, f64) -> f64, node: fn(Expr, Expr) -> Node) -> Expr {
        match (self.as_num(), other.as_num()) {
            (Some(a), Some(b)) => Expr::num(fold(a, b)),
            _ if self == other => self,
            _ => Expr::intern(node(Ord::min(self, other), Ord::max(self, other)), joined(&[self, other])),
        }
    }

    /// Σ over components. Terms are summed one by one and what is the same for every component stands before the Σ; a
    /// scalar counts once for each component.
    pub fn sum(self, dim: Dim) -> Expr {
        if self.shape() == Shape::Scalar {
            return Expr::length(dim) * self;
        }
        match self.node() {
            _ if dim == Dim::Fixed(0) => Expr::num(0.0),
            Node::Add(terms) => Expr::add_all(&terms.iter().map(|t| t.sum(dim)).collect::<Vec<_>>()),
            Node::Mul(factors) if factors.iter().any(|f| f.shape() == Shape::Scalar) => {
                let (outside, inside): (Vec<Expr>, Vec<Expr>) =
                    factors.iter().partition(|f| f.shape() == Shape::Scalar);
                Expr::mul_all(&outside) * Expr::mul_all(&inside).sum(dim)
            }
            _ => Expr::intern(Node::Sum(self, dim), Shape::Scalar),
        }
    }

    pub fn softmax(self) -> Expr {
        Expr::intern(Node::Softmax(self), self.shape())
    }

    pub fn log_sum_exp(self) -> Expr {
        Expr::intern(Node::LogSumExp(self), Shape::Scalar)
    }

    /// `a @ b`: products of vectors and matrices, the inner product of two vectors among them.
    pub fn dot(self, other: Expr) -> Expr {
        let shape = match (self.shape(), other.shape()) {
            (Shape::Vector(dim), Shape::Vector(_)) => return (self * other).sum(dim),
            (Shape::Vector(_), Shape::Matrix(_, columns)) => Shape::Vector(columns),
            (Shape::Matrix(rows, _), Shape::Vector(_)) => Shape::Vector(rows),
            (Shape::Matrix(rows, _), Shape::Matrix(_, columns)) => Shape::Matrix(rows, columns),
            _ => return self * other,
        };
        let ((c, a), (d, b)) = (self.number_before(), other.number_before());
        if a != self || b != other {
            return c * d * a.dot(b);
        }
        if let (true, Shape::Vector(dim)) = (self.is_zero() || other.is_zero(), shape) {
            return Expr::num(0.0).spread(dim);
        }
        Expr::intern(Node::Dot(self, other), shape)
    }

    pub fn transpose(self) -> Expr {
        match (self.node(), self.shape()) {
            (Node::Transpose(inner), _) => inner,
            _ if self.is_positive_definite() => self,
            (_, Shape::Matrix(rows, columns)) => Expr::intern(Node::Transpose(self), Shape::Matrix(columns, rows)),
            _ => self,
        }
    }

    pub fn outer(self, other: Expr) -> Expr {
        match (self.shape(), other.shape()) {
            (Shape::Vector(rows), Shape::Vector(columns)) => {
                Expr::intern(Node::Outer(self, other), Shape::Matrix(rows, columns))
            }
            _ => self * other,
        }
    }
}

impl Expr {
    /// Whether it is 0, or a vector of zeros.
    pub fn is_zero(self) -> bool {
        match self.node() {
            Node::Spread(x, _) => x.is_num(0.0),
            _ => self.is_num(0.0),
        }
    }

    /// A scalar as a vector of equal components; what is a vector already stays.
    pub fn spread(self, dim: Dim) -> Expr {
        match self.shape() {
            Shape::Scalar => Expr::intern(Node::Spread(self, dim), Shape::Vector(dim)),
            _ => self,
        }
    }
}

/// Whether a power of a number is worked out: a root of 2 stays one, that of 4 is 2.
fn is_exact_power(base: f64, exponent: f64) -> bool {
    let power = base.powf(exponent);
    // What over- or underflows is left to what it is divided by.
    (power.is_normal() || base == 0.0 && power == 0.0) && (exponent.fract() == 0.0 || (power * 16.0).fract() == 0.0)
}

fn terms_in(e: &Expr) -> &[Expr] {
    if matches!(e.head(), Node::Add(_)) { e.children() } else { std::slice::from_ref(e) }
}

fn factors_in(e: &Expr) -> &[Expr] {
    if matches!(e.head(), Node::Mul(_)) { e.children() } else { std::slice::from_ref(e) }
}

fn joined(list: &[Expr]) -> Shape {
    list.iter().fold(Shape::Scalar, |shape, e| {
        shape.join(e.shape()).unwrap_or_else(|| panic!("shapes {shape:?} and {:?} meet in one expression", e.shape()))
    })
}

fn collect_power(collected: &mut Vec<(Expr, Expr)>, base: Expr, exponent: Expr) {
    match collected.iter_mut().find(|(b, _)| *b == base) {
        Some((_, e)) => *e = *e + exponent,
        None => collected.push((base, exponent)),
    }
}

/// Values that are exact, so that folding them loses nothing.
fn exact(f: Func, x: f64) -> Option<f64> {
    match (f, x) {
        (Func::Exp, 0.0) => Some(1.0),
        (Func::Ln, 1.0) => Some(0.0),
        (Func::Abs, _) => Some(x.abs()),
        (Func::Sign, _) => Some(if x == 0.0 { 0.0 } else { x.signum() }),
        (Func::Step, _) => Some(if x >= 0.0 { 1.0 } else { 0.0 }),
        (Func::Sin, 0.0) => Some(0.0),
        (Func::Cos, 0.0) => Some(1.0),
        (Func::Logistic, 0.0) => Some(0.5),
        _ => None,
    }
}
