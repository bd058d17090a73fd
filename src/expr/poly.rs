//! Expressions multiplied out, and read as polynomials in one variable.

use std::collections::BTreeMap;

use super::diff::gradient;
use super::node::{Expr, Node};
use super::shape::{Dim, Shape};
use super::walk::{depends_on, find, rebuild};

/// A product that would have more terms than this stays a product.
const PRODUCT_BUDGET: usize = 2_000;

/// How many terms multiplying out one expression may make in all.
const BUDGET: usize = 50_000;

/// The expression with products of sums and small powers of sums multiplied out, as far as the budget goes.
pub fn expand(e: Expr) -> Expr {
    let mut left = BUDGET;
    rebuild(e, &mut Default::default(), &mut |e| multiply_out(e, &mut left))
}

fn multiply_out(e: Expr, left: &mut usize) -> Expr {
    let factors = match e.node() {
        Node::Mul(factors) if factors.iter().any(|f| is_sum(*f)) => factors.to_vec(),
        Node::Dot(a, b) if is_sum(a) || is_sum(b) => return products(a, b, left).unwrap_or(e),
        Node::Pow(base, exponent) if is_sum(base) => match exponent.as_num() {
            Some(n @ (2.0 | 3.0 | 4.0)) => vec![base; n as usize],
            _ => return e,
        },
        _ => return e,
    };
    let terms = factors.iter().fold(1usize, |n, f| n.saturating_mul(f.terms().len()));
    if terms > PRODUCT_BUDGET.min(*left) {
        return e;
    }
    *left -= terms;
    factors.into_iter().fold(Expr::num(1.0), |product, f| distribute(product, f, left))
}

/// (a + b) @ M as a @ M + b @ M.
fn products(a: Expr, b: Expr, left: &mut usize) -> Option<Expr> {
    let (first, second) = (a.terms(), b.terms());
    let count = first.len().saturating_mul(second.len());
    *left = left.checked_sub(count).filter(|_| count <= PRODUCT_BUDGET)?;
    let whole = |t: &Expr, like: Expr| t.shape() == like.shape();
    let fit = first.iter().all(|t| whole(t, a)) && second.iter().all(|t| whole(t, b));
    let product = |x: Expr, y: Expr| {
        let ((c, x), (d, y)) = (x.split_coefficient(), y.split_coefficient());
        Expr::num(c * d) * x.dot(y)
    };
    fit.then(|| {
        Expr::add_all(&first.iter().flat_map(|x| second.iter().map(move |y| product(*x, *y))).collect::<Vec<_>>())
    })
}

fn is_sum(e: Expr) -> bool {
    matches!(e.node(), Node::Add(_))
}

fn distribute(a: Expr, b: Expr, left: &mut usize) -> Expr {
    let (first, second) = (a.terms(), b.terms());
    let products = first.iter().flat_map(|x| second.iter().map(move |y| *x * *y));
    // A product of two terms can itself be one of sums, where powers met.
    let products: Vec<Expr> = products.map(|p| multiply_out(p, left)).collect();
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

/// The linear and the quadratic coefficient of the same form, read off the derivative in `x`. This sees through products with
/// matrices: v @ W @ h is linear in v with the coefficients W @ h.
pub fn by_slope(e: Expr, x: Expr) -> Option<(Expr, Expr)> {
    if !is_polynomial(e, x) {
        return None;
    }
    let (mut linear, mut twice) = (vec![], vec![]);
    for term in expand(gradient(e, x)).terms() {
        match depends_on(term, &[x]) {
            true => twice.push(coefficient(term, x)?),
            false => linear.push(term),
        }
    }
    Some((Expr::add_all(&linear), Expr::num(0.5) * Expr::add_all(&twice)))
}

/// Whether `x` stands in it under sums, products and whole powers alone. The derivative of anything else need not tell what
/// it is: that of a jump is 0.
fn is_polynomial(e: Expr, x: Expr) -> bool {
    let is_whole = |n: Expr| n.as_num().is_some_and(|n| n > 0.0 && n.fract() == 0.0);
    let other = find(e, |part| {
        let fits = match part.node() {
            Node::Add(_) | Node::Mul(_) | Node::Sum(..) | Node::Dot(..) | Node::Spread(..) | Node::Slice(..) => true,
            Node::Var(_) | Node::Concat(_) | Node::Transpose(_) | Node::Outer(..) => true,
            Node::Pow(_, n) => is_whole(n),
            _ => false,
        };
        !fits && depends_on(part, &[x])
    });
    other.is_none()
}

/// c of c x.
fn coefficient(term: Expr, x: Expr) -> Option<Expr> {
    let (with, without): (Vec<Expr>, Vec<Expr>) = term.factors().into_iter().partition(|f| depends_on(*f, &[x]));
    match with[..] {
        [only] if only == x || is_total_of(only, x) => Some(Expr::mul_all(&without)),
        _ => None,
    }
}

/// Whether it is the number that a vector of length 1 holds.
fn is_total_of(e: Expr, x: Expr) -> bool {
    matches!(e.node(), Node::Sum(inside, Dim::Fixed(1)) if inside == x)
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
    let terms = by_degree(e, x)?.into_iter().map(|(d, c)| c * x.pow(Expr::num(d as f64)));
    Some(Expr::add_all(&terms.collect::<Vec<_>>()))
}

/// The coefficient of each power of `x`, component by component; `None` when `x` occurs other than as a power.
pub fn by_degree(e: Expr, x: Expr) -> Option<BTreeMap<usize, Expr>> {
    let mut by_degree: BTreeMap<usize, Vec<Expr>> = BTreeMap::new();
    for term in expand(e).terms() {
        let (degree, coefficient) = power_of(term, x)?;
        by_degree.entry(degree).or_default().push(coefficient);
    }
    Some(by_degree.into_iter().map(|(degree, list)| (degree, Expr::add_all(&list))).collect())
}

impl Quadratic {
    /// Σ over the components, or the value itself for a scalar variable.
    pub fn total(coefficient: Expr, dim: Option<Dim>) -> Expr {
        dim.map_or(coefficient, |d| coefficient.sum(d))
    }
}
