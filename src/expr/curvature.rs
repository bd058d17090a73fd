//! Which way an expression bends in one of its variables, shown by rules: the composition rules of disciplined convex
//! programming (Grant, Boyd and Ye 2006), and where they end the sign of the second derivative. What is shown may rest
//! on the sign of a coefficient; it is then shown *provided* that this expression is not negative.

use super::hash::FastMap;
use super::node::{Expr, Func, Node};
use super::shape::Shape;
use super::simplify::{Trace, simplify};
use super::walk::{depends_on, find, rebuild};
use super::{Domain, gradient};
use crate::special::Special;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bend {
    Convex,
    Concave,
}
use Bend::{Concave, Convex};

impl Bend {
    fn flipped(self) -> Bend {
        match self {
            Convex => Concave,
            Concave => Convex,
        }
    }
}

/// Expressions that must not be negative for a claim to hold.
pub type Provided = Vec<Expr>;

/// Longer expressions are not differentiated twice.
const LONGEST: u32 = 200;

/// What has to hold for `e` to bend this way in `x`; `None` when it is not shown.
pub fn bends(e: Expr, x: Expr, bend: Bend) -> Option<Provided> {
    if is_affine(e, x) {
        return Some(vec![]);
    }
    by_composition(e, x, bend).or_else(|| by_second_derivative(e, x, bend))
}

/// Whether `e` is a sum of multiples of components of `x`.
pub fn is_affine(e: Expr, x: Expr) -> bool {
    if e == x || !depends_on(e, &[x]) {
        return true;
    }
    match e.node() {
        Node::Add(parts) | Node::Concat(parts) => parts.iter().all(|p| is_affine(*p, x)),
        Node::Mul(factors) => {
            let varying: Vec<Expr> = factors.iter().copied().filter(|f| depends_on(*f, &[x])).collect();
            matches!(varying[..], [only] if is_affine(only, x))
        }
        Node::Sum(inside, _) | Node::Spread(inside, _) | Node::Slice(inside, ..) => is_affine(inside, x),
        Node::Dot(a, b) => !(depends_on(a, &[x]) && depends_on(b, &[x])) && is_affine(a, x) && is_affine(b, x),
        _ => false,
    }
}

fn by_composition(e: Expr, x: Expr, bend: Bend) -> Option<Provided> {
    match e.node() {
        Node::Add(parts) => together(&parts, x, bend),
        Node::Mul(factors) => scaled(&factors, x, bend),
        Node::Sum(..) if bend == Convex && e.as_quadratic_form().is_some_and(|(r, _)| is_affine(r, x)) => Some(vec![]),
        Node::Sum(inside, _) | Node::Spread(inside, _) | Node::Slice(inside, ..) => bends(inside, x, bend),
        Node::Max(a, b) if bend == Convex => together(&[a, b], x, Convex),
        Node::Min(a, b) if bend == Concave => together(&[a, b], x, Concave),
        Node::Pow(base, n) => power(base, n.as_num()?, x, bend),
        Node::LogSumExp(inside) if bend == Convex => bends(inside, x, Convex),
        Node::Call(f, inside) => {
            let (own, inner) = of_function(f)?;
            (own == bend).then(|| composed(inside, inner, x, bend))?
        }
        Node::Special(f, args) => {
            let (own, inner) = of_special(f)?;
            let each = || args.iter().map(|a| composed(*a, inner, x, bend)).collect::<Option<Vec<Provided>>>();
            (own == bend).then(each)?.map(|lists| lists.concat())
        }
        _ => None,
    }
}

/// What a function asks of its argument.
#[derive(Clone, Copy)]
enum Inner {
    /// It rises, so the argument has to bend the same way.
    Same,
    Affine,
}

fn composed(inside: Expr, inner: Inner, x: Expr, bend: Bend) -> Option<Provided> {
    match inner {
        Inner::Same => bends(inside, x, bend),
        Inner::Affine => is_affine(inside, x).then(Vec::new),
    }
}

fn of_function(f: Func) -> Option<(Bend, Inner)> {
    match f {
        Func::Exp | Func::Softplus => Some((Convex, Inner::Same)),
        Func::Abs => Some((Convex, Inner::Affine)),
        Func::Ln => Some((Concave, Inner::Same)),
        Func::Sign | Func::Step | Func::Sin | Func::Cos | Func::Tanh | Func::Logistic => None,
    }
}

fn of_special(f: Special) -> Option<(Bend, Inner)> {
    match f {
        Special::LnGamma | Special::LnBesselI0 => Some((Convex, Inner::Affine)),
        Special::LnNormalCdf => Some((Concave, Inner::Same)),
        // The probability of an interval is log-concave in its ends, as the integral of a log-concave density (Prékopa 1973).
        Special::LnNormalBetween => Some((Concave, Inner::Affine)),
        _ => None,
    }
}

fn together(parts: &[Expr], x: Expr, bend: Bend) -> Option<Provided> {
    let each: Option<Vec<Provided>> = parts.iter().map(|p| bends(*p, x, bend)).collect();
    each.map(|lists| lists.concat())
}

/// c · f(x): the sign of c decides, and where it is not known it is provided.
fn scaled(factors: &[Expr], x: Expr, bend: Bend) -> Option<Provided> {
    let (varying, fixed): (Vec<Expr>, Vec<Expr>) = factors.iter().partition(|f| depends_on(**f, &[x]));
    let [f] = varying[..] else { return None };
    let c = Expr::mul_all(&fixed);
    match (c.range().is_non_negative(), (-c).range().is_non_negative()) {
        (true, _) => bends(f, x, bend),
        (_, true) => bends(f, x, bend.flipped()),
        _ => {
            let with = |bend: Bend, c: Expr| bends(f, x, bend).map(|mut list| (list.push(c), list).1);
            with(bend, c).or_else(|| with(bend.flipped(), -c))
        }
    }
}

fn power(base: Expr, n: f64, x: Expr, bend: Bend) -> Option<Provided> {
    let non_negative = base.range().is_non_negative();
    match bend {
        Convex if n % 2.0 == 0.0 && n > 0.0 && is_affine(base, x) => Some(vec![]),
        Convex if n >= 1.0 && non_negative => bends(base, x, Convex),
        Convex if n < 0.0 && base.is_positive() => bends(base, x, Concave),
        Concave if n > 0.0 && n <= 1.0 && non_negative => bends(base, x, Concave),
        _ => None,
    }
}

/// For numbers, and for vectors element by element.
fn by_second_derivative(e: Expr, x: Expr, bend: Bend) -> Option<Provided> {
    if e.size() > LONGEST || has_corners(e) {
        return None;
    }
    let (e, x) = one_component(e, x)?;
    let trace = &mut Trace::default();
    let second = simplify(gradient(simplify(gradient(e, x), trace), x), trace);
    let wanted = if bend == Convex { second } else { -second };
    if wanted.range().is_non_negative() {
        return Some(vec![]);
    }
    let (varying, fixed): (Vec<Expr>, Vec<Expr>) = wanted.factors().into_iter().partition(|f| depends_on(*f, &[x]));
    let varies = Expr::mul_all(&varying).range();
    let coefficient = Expr::mul_all(&fixed);
    match (varies.is_non_negative(), varies.is_non_positive(), coefficient.as_num()) {
        (true, _, None) => Some(vec![coefficient]),
        (_, true, None) => Some(vec![-coefficient]),
        _ => None,
    }
}

/// Whether a slope may jump somewhere, so that a second derivative does not tell the whole.
fn has_corners(e: Expr) -> bool {
    let corner = |e: Expr| match e.node() {
        Node::Max(..) | Node::Min(..) | Node::Call(Func::Abs, _) => true,
        _ => jumps_at(e),
    };
    find(e, corner).is_some()
}

/// Whether a value may jump somewhere.
pub fn has_jumps(e: Expr) -> bool {
    find(e, jumps_at).is_some()
}

fn jumps_at(e: Expr) -> bool {
    matches!(e.node(), Node::Call(Func::Step | Func::Sign, _) | Node::Special(Special::Piecewise | Special::Floor, _))
}

/// An element-wise expression of vectors as that of one component.
pub fn one_component(e: Expr, x: Expr) -> Option<(Expr, Expr)> {
    let mixes = |e: Expr| {
        matches!(
            e.node(),
            Node::Sum(..)
                | Node::Dot(..)
                | Node::Outer(..)
                | Node::Softmax(_)
                | Node::LogSumExp(_)
                | Node::Concat(_)
                | Node::Slice(..)
                | Node::Inverse(_)
                | Node::LnDet(_)
                | Node::Transpose(_)
        )
    };
    if x.shape() == Shape::Scalar {
        return (e.shape() == Shape::Scalar).then_some((e, x));
    }
    if find(e, mixes).is_some() {
        return None;
    }
    let mut letters: FastMap<Expr, Expr> = FastMap::default();
    let single = rebuild(e, &mut Default::default(), &mut |part| match (part.node(), part.shape()) {
        (Node::Var(_), Shape::Vector(_)) => {
            let domain = part.domain().unwrap_or(Domain::REAL);
            *letters.entry(part).or_insert_with(|| Expr::var(&part.name().unwrap_or_default(), Shape::Scalar, domain))
        }
        (Node::Spread(inner, _), _) => inner,
        _ => part,
    });
    Some((single, *letters.get(&x)?))
}
