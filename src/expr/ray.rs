//! Functions that fall on every ray from one point, such as −(x − μ)², −|x − μ|, −ln(1 + (x − μ)²): what lies at least as
//! high as one value is star-shaped about that point, and on the line an interval.

use super::curvature::has_jumps;
use super::node::{Expr, Func, Node};
use super::shape::Shape;
use super::simplify::{Trace, simplify};
use super::walk::{contains, depends_on, rebuild, replace};
use super::{Bend, Domain, bends, gradient};

/// How a function falls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fall {
    /// The point from which it falls, and about which it is even.
    pub centre: Expr,
    /// Whether it never stands still on the way.
    pub strictly: bool,
}

/// Shows that `e` falls, or stands still, on every ray from a centre, component by component evenly about it.
pub fn falls(e: Expr, x: Expr) -> Option<Fall> {
    if has_jumps(e) {
        return None;
    }
    // A number that is compared with a vector has no one centre.
    let centre = centre(e, x).filter(|c| c.shape() == Shape::Scalar || c.shape() == x.shape())?;
    let trace = &mut Trace::default();
    let u = Expr::var("u", x.shape(), Domain::REAL);
    let moved = simplify(replace(e, x, u + centre), trace);
    if depends_on(moved, &[x]) {
        return None;
    }
    // v = u², so that what is even in u is a function of v.
    let v = Expr::var("v", x.shape(), Domain { lower: 0.0, lower_closed: true, ..Domain::REAL });
    let of_square = simplify(rebuild(moved, &mut Default::default(), &mut |part| squared(part, u, v)), trace);
    if contains(of_square, u) {
        return even_and_concave(moved, u, trace).then_some(Fall { centre, strictly: false });
    }
    let slope = simplify(gradient(of_square, v), trace).range();
    slope.is_non_positive().then_some(Fall { centre, strictly: slope.is_negative() })
}

fn squared(part: Expr, u: Expr, v: Expr) -> Expr {
    match part.node() {
        Node::Pow(base, n) if base == u => match n.as_num() {
            Some(n) if n > 0.0 && n % 2.0 == 0.0 => v.pow(Expr::num(n / 2.0)),
            _ => part,
        },
        Node::Call(Func::Abs, inside) if inside == u => v.sqrt(),
        _ => part,
    }
}

fn even_and_concave(e: Expr, u: Expr, trace: &mut Trace) -> bool {
    let inside = match e.node() {
        Node::Sum(inside, _) => inside,
        _ => e,
    };
    let mirrored = simplify(replace(inside, u, -u), trace);
    mirrored == simplify(inside, trace) && bends(inside, u, Bend::Concave).is_some_and(|provided| provided.is_empty())
}

/// The one c of all sub-expressions x − c; 0 where x stands alone.
fn centre(e: Expr, x: Expr) -> Option<Expr> {
    let mut found: Option<Expr> = None;
    let mut agree = true;
    visit(e, x, &mut |c| {
        agree &= found.is_none_or(|known| known == c);
        found = Some(c);
    });
    found.filter(|_| agree)
}

fn visit(e: Expr, x: Expr, tell: &mut impl FnMut(Expr)) {
    if e == x {
        return tell(Expr::num(0.0));
    }
    if !depends_on(e, &[x]) {
        return;
    }
    if let Node::Add(terms) = e.node() {
        let (own, rest): (Vec<Expr>, Vec<Expr>) = terms.iter().partition(|t| t.split_coefficient().1 == x);
        if let ([own], false) = (&own[..], rest.iter().any(|t| depends_on(*t, &[x]))) {
            let shift = Expr::add_all(&rest) / Expr::num(-own.split_coefficient().0);
            return tell(simplify(shift, &mut Trace::default()));
        }
    }
    e.children().iter().copied().for_each(|child| visit(child, x, tell));
}
