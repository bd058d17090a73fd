//! Draws of random variables in a plan, over fresh standard random numbers.

use super::ir::*;
use super::lower::Lowering;
use crate::expr::{Dim, Domain, Expr, Shape};
use crate::model::Instance;

/// How many columns a value of this shape has.
pub fn width(like: Expr) -> usize {
    match like.shape() {
        Shape::Vector(Dim::Fixed(n)) => n,
        _ => 1,
    }
}

/// One draw for each row: an expression of the shape of `like`. The random numbers are those of source `source(k)` for the
/// k-th of the likelihood's random variables. `None` where the likelihood has no draw.
pub fn drawn(
    l: &mut Lowering,
    instance: &Instance,
    like: Expr,
    rows: Rows,
    source: impl Fn(usize) -> u32,
) -> Option<Expr> {
    let draw = instance.likelihood.draw.as_ref()?;
    let width = width(like);
    let fresh = draw.randomness.iter().enumerate().map(|(k, (var, kind))| {
        let fill = Fill { kind: *kind, source: source(k), coarse: matches!(rows, Rows::Samples(_)) };
        let buffer = l.builder.buffer(rows, width, Role::Random(fill));
        let letter = Expr::var("u", like.shape(), var.domain().unwrap_or(Domain::REAL));
        l.bind(letter, buffer);
        (*var, letter)
    });
    let fresh: Vec<(Expr, Expr)> = fresh.collect();
    instance.drawn(like, &fresh)
}
