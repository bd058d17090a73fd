//! Reverse-mode differentiation: how a change of each variable moves an expression.

use super::hash::{FastMap, FastSet};
use super::linear;
use super::node::{Expr, Func, Node};
use super::poly::expand;
use super::shape::{Dim, Shape};

/// ∂e/∂wrt for a scalar `e`; the result has the shape of `wrt` (a scalar result stands for equal components).
pub fn gradient(e: Expr, wrt: Expr) -> Expr {
    pull_back(e, Expr::num(1.0), &[wrt])[0]
}

/// For each of `wrt`: Σ over the components of `e` of `seed · ∂e/∂wrt`. `seed` has the shape of `e`. Variables and
/// whole sub-expressions can be asked for; nothing is differentiated below them.
pub fn pull_back(e: Expr, seed: Expr, wrt: &[Expr]) -> Vec<Expr> {
    let mut adjoints: FastMap<Expr, Vec<Expr>> = FastMap::from_iter([(e, vec![seed])]);
    for node in topological(e, wrt) {
        let Some(parts) = adjoints.get(&node) else { continue };
        let adjoint = Expr::add_all(parts);
        if wrt.contains(&node) {
            continue;
        }
        for (child, part) in local(node, adjoint) {
            let part = match (child.shape(), node.shape()) {
                (Shape::Scalar, Shape::Vector(dim)) if !matches!(node.node(), Node::Spread(..) | Node::Concat(_)) => {
                    part.sum(dim)
                }
                (Shape::Scalar, Shape::Matrix(rows, columns)) => total(part, rows, columns),
                _ => part,
            };
            adjoints.entry(child).or_default().push(part);
        }
    }
    wrt.iter().map(|v| adjoints.get(v).map_or(Expr::num(0.0), |parts| Expr::add_all(parts))).collect()
}

/// Σ over the elements of a matrix, without a matrix for each example: that of s (a bᵀ) ∘ M is s aᵀ M b.
fn total(e: Expr, rows: Dim, columns: Dim) -> Expr {
    if e.shape() == Shape::Scalar {
        return Expr::length(rows) * Expr::length(columns) * e;
    }
    let of_term = |term: Expr| {
        let (scalars, mut matrices): (Vec<Expr>, Vec<Expr>) =
            term.factors().into_iter().partition(|f| f.shape() == Shape::Scalar);
        let outer = matrices.iter().position(|f| matches!(f.node(), Node::Outer(..)));
        let (a, b) = match outer.map(|at| matrices.remove(at).node()) {
            Some(Node::Outer(a, b)) => (a, b),
            _ => (Expr::num(1.0).spread(rows), Expr::num(1.0).spread(columns)),
        };
        let total = match matrices[..] {
            [] => a.sum(rows) * b.sum(columns),
            _ => a.dot(Expr::mul_all(&matrices)).dot(b),
        };
        Expr::mul_all(&scalars) * total
    };
    Expr::add_all(&expand(e).terms().into_iter().map(of_term).collect::<Vec<_>>())
}

/// Every node before the nodes it is made of, stopping at `leaves`.
fn topological(root: Expr, leaves: &[Expr]) -> Vec<Expr> {
    fn visit(e: Expr, leaves: &[Expr], seen: &mut FastSet<Expr>, order: &mut Vec<Expr>) {
        if seen.insert(e) {
            if !leaves.contains(&e) {
                e.children().iter().copied().for_each(|c| visit(c, leaves, seen, order));
            }
            order.push(e);
        }
    }
    let mut order = vec![];
    visit(root, leaves, &mut FastSet::default(), &mut order);
    order.reverse();
    order
}

/// What one operation passes back to each of its parts.
fn local(e: Expr, adjoint: Expr) -> Vec<(Expr, Expr)> {
    match e.node() {
        Node::Num(_) | Node::Pi | Node::Var(_) => vec![],
        Node::Add(terms) => terms.iter().map(|t| (*t, adjoint)).collect(),
        Node::Mul(factors) => (0..factors.len()).map(|i| (factors[i], adjoint * without(&factors, i))).collect(),
        Node::Pow(base, exponent) => {
            let mut parts = vec![(base, adjoint * exponent * base.pow(exponent - 1.0))];
            if exponent.as_num().is_none() {
                parts.push((exponent, adjoint * e * base.ln()));
            }
            parts
        }
        Node::Call(f, x) => vec![(x, adjoint * derivative(f, x))],
        Node::Max(a, b) => {
            let first = (a - b).call(Func::Step);
            vec![(a, adjoint * first), (b, adjoint * (1.0 - first))]
        }
        Node::Min(a, b) => {
            let first = (b - a).call(Func::Step);
            vec![(a, adjoint * first), (b, adjoint * (1.0 - first))]
        }
        Node::Sum(x, dim) => vec![(x, if x.shape() == Shape::Vector(dim) { adjoint } else { adjoint.sum(dim) })],
        Node::Softmax(x) => match x.shape() {
            Shape::Vector(dim) => vec![(x, e * (adjoint - (adjoint * e).sum(dim)))],
            _ => vec![],
        },
        Node::LogSumExp(x) => vec![(x, adjoint * x.softmax())],
        Node::Spread(x, dim) => vec![(x, adjoint.sum(dim))],
        Node::Transpose(x) => vec![(x, adjoint.transpose())],
        Node::Outer(a, b) => vec![(a, adjoint.dot(b)), (b, a.dot(adjoint))],
        Node::Dot(a, b) => dot(e, a, b, adjoint),
        Node::Special(f, args) => {
            let slope = |i: usize| (args[i], adjoint * super::special::derivative(f, &args, i));
            (0..args.len()).map(slope).collect()
        }
        Node::Concat(parts) => linear::apart(&parts, adjoint.spread_like(e)),
        Node::Slice(x, skipped, length) => vec![(x, linear::padded(adjoint.spread(length), x, skipped, length))],
        Node::Inverse(m) => {
            let flipped = e.transpose();
            vec![(m, -flipped.dot(adjoint.spread_like(e)).dot(flipped))]
        }
        Node::LnDet(m) => vec![(m, adjoint * m.inverse().transpose())],
    }
}

fn dot(e: Expr, a: Expr, b: Expr, adjoint: Expr) -> Vec<(Expr, Expr)> {
    if let Shape::Matrix(..) = e.shape() {
        let adjoint = adjoint.spread_like(e);
        return vec![(a, adjoint.dot(b.transpose())), (b, a.transpose().dot(adjoint))];
    }
    let Shape::Vector(dim) = e.shape() else { return vec![] };
    let adjoint = adjoint.spread(dim);
    match a.shape() {
        Shape::Matrix(..) => vec![(a, adjoint.outer(b)), (b, a.transpose().dot(adjoint))],
        _ => vec![(a, adjoint.dot(b.transpose())), (b, a.outer(adjoint))],
    }
}

fn without(factors: &[Expr], i: usize) -> Expr {
    let rest: Vec<Expr> = factors.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, f)| *f).collect();
    Expr::mul_all(&rest)
}

fn derivative(f: Func, x: Expr) -> Expr {
    match f {
        Func::Exp => x.exp(),
        Func::Ln => x.powi(-1),
        Func::Abs => x.call(Func::Sign),
        Func::Sign | Func::Step => Expr::num(0.0),
        Func::Sin => x.call(Func::Cos),
        Func::Cos => -x.call(Func::Sin),
        Func::Tanh => 1.0 - x.call(Func::Tanh).powi(2),
        Func::Logistic => x.call(Func::Logistic) * (1.0 - x.call(Func::Logistic)),
        Func::Softplus => x.call(Func::Logistic),
    }
}
