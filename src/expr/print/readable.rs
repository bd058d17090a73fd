//! The forms that the rules calculate with, turned into those that people read and machines have instructions for.

use crate::expr::node::{Expr, Func, Node};
use crate::expr::walk::rebuild;

/// The expression with hyperbolic tangents in it where it has them.
pub fn present(e: Expr) -> Expr {
    if !e.has_logistic() {
        return e;
    }
    rebuild(e, &mut Default::default(), &mut |e| hyperbolic(e).unwrap_or(e))
}

/// `2c logistic(2x) − c` is `c tanh(x)`.
fn hyperbolic(e: Expr) -> Option<Expr> {
    let Node::Add(terms) = e.node() else { return None };
    terms.iter().find_map(|t| {
        let (c, rest) = t.split_coefficient();
        let Node::Call(Func::Logistic, double) = rest.node() else { return None };
        let constant = terms.iter().find_map(|t| t.as_num())?;
        (constant == -c / 2.0).then(|| e - *t - constant + (c / 2.0) * (0.5 * double).call(Func::Tanh))
    })
}
