//! Expressions multiplied out, and read as polynomials in one variable.

use std::collections::{BTreeMap, HashMap};

use super::node::{Dim, Expr, Node, Shape};
use super::walk::{depends_on, rebuild};

/// Sums with more terms than this are not multiplied out any further.
const BUDGET: usize = 2_000;

/// The expression with products of sums and small powers of sums multiplied out.
pub fn expand(e: Expr) -> Expr {
    rebuild(e, &mut HashMap::new(), &mut multiply_out)
}

fn multiply_out(e: Expr) -> Expr {
    match e.node() {
        Node::Mul(factors) if factors.iter().any(|f| is_sum(*f)) => {
            factors.iter().fold(Expr::num(1.0), |product, f| distribute(product, *f))
        }
        Node::Pow(base, exponent) if is_sum(base) => match exponent.as_num() {
            Some(n @ (2.0 | 3.0 | 4.0)) => (1..n as usize).fold(base, |power, _| distribute(power, base)),
            _ => e,
        },
        _ => e,
    }
}

fn is_sum(e: Expr) -> bool {
    matches!(e.node(), Node::Add(_))
}

fn distribute(a: Expr, b: Expr) -> Expr {
    let (left, right) = (a.terms(), b.terms());
    if left.len() * right.len() > BUDGET {
        return a * b;
    }
    let products: Vec<Expr> = left.iter().flat_map(|l| right.iter().map(move |r| *l * *r)).map(multiply_out).collect();
    Expr::add_all(&products)
}

/// `constant + Σ_k linear_k x_k + Σ_k quadratic_k x_k²`, for a scalar or vector `x` of which the coefficients are free.
/// Coefficients of a vector are vectors, or scalars when they are the same for every component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quadratic {
    pub constant: Expr,
    pub linear: Expr,
    pub quadratic: Expr,
}

/// Reads a scalar expression as a polynomial of degree two at most in `x`, without products of different components.
pub fn quadratic(e: Expr, x: Expr) -> Option<Quadratic> {
    let mut coefficients = [vec![], vec![], vec![]];
    for term in expand(e).terms() {
        let (degree, coefficient) = monomial(term, x)?;
        coefficients.get_mut(degree)?.push(coefficient);
    }
    let [constant, linear, quadratic] = coefficients.map(|list| Expr::add_all(&list));
    Some(Quadratic { constant, linear, quadratic })
}

fn monomial(term: Expr, x: Expr) -> Option<(usize, Expr)> {
    if !depends_on(term, &[x]) {
        return Some((0, term));
    }
    let (with, without): (Vec<Expr>, Vec<Expr>) = term.factors().into_iter().partition(|f| depends_on(*f, &[x]));
    let [only] = with[..] else { return None };
    let (degree, inner) = match only.node() {
        Node::Sum(inside, dim) if x.shape() == Shape::Vector(dim) => power_of(inside, x)?,
        _ if x.shape() == Shape::Scalar => power_of(only, x)?,
        _ => return None,
    };
    Some((degree, Expr::mul_all(&without) * inner))
}

/// `(n, c)` with `e = c · x^n`, component by component.
fn power_of(e: Expr, x: Expr) -> Option<(usize, Expr)> {
    let mut degree = 0;
    let mut rest = vec![];
    for factor in e.factors() {
        match factor.node() {
            _ if factor == x => degree += 1,
            Node::Pow(base, n) if base == x => match n.as_num() {
                Some(n) if n > 0.0 && n.fract() == 0.0 => degree += n as usize,
                _ => return None,
            },
            _ if depends_on(factor, &[x]) => return None,
            _ => rest.push(factor),
        }
    }
    Some((degree, Expr::mul_all(&rest)))
}

/// The terms of `e` gathered by their power of `x`, highest first, and written as `c_n xⁿ + … + c_1 x + c_0` with each
/// coefficient a sum; `None` when `x` occurs other than as a power.
pub fn collect(e: Expr, x: Expr) -> Option<Expr> {
    let mut by_degree: BTreeMap<usize, Vec<Expr>> = BTreeMap::new();
    for term in expand(e).terms() {
        let (degree, coefficient) = power_of(term, x)?;
        by_degree.entry(degree).or_default().push(coefficient);
    }
    let terms: Vec<Expr> = by_degree.into_iter().map(|(d, c)| Expr::add_all(&c) * x.powi(d as i32)).collect();
    Some(Expr::add_all(&terms))
}

impl Quadratic {
    /// Σ over the components, or the value itself for a scalar variable.
    pub fn total(coefficient: Expr, dim: Option<Dim>) -> Expr {
        dim.map_or(coefficient, |d| coefficient.sum(d))
    }
}
