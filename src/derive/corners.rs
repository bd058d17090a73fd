//! Where a log-density may lack a derivative: at the corners of |x|, max and min, and where pieces meet.

use crate::expr::{Expr, Func, Node, depends_on, find_all};
use crate::special::Special;

/// Expressions in these letters at whose zeros the derivative of `e` may jump, each once.
pub fn corners(e: Expr, letters: &[Expr]) -> Vec<Expr> {
    let mut list: Vec<Expr> = vec![];
    for edge in find_all(e, |x| edge(x).is_some()).into_iter().filter_map(edge) {
        let (_, edge) = edge.split_coefficient();
        if depends_on(edge, letters) && !list.contains(&edge) && !list.contains(&-edge) {
            list.push(edge);
        }
    }
    list
}

fn edge(e: Expr) -> Option<Expr> {
    match e.node() {
        Node::Call(Func::Abs | Func::Sign | Func::Step, x) => Some(x),
        Node::Max(a, b) | Node::Min(a, b) => Some(a - b),
        Node::Special(Special::Piecewise, args) => Some(args[0]),
        _ => None,
    }
}
