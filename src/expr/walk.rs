//! Looking through expressions and replacing parts of them.

use super::hash::{FastMap, FastSet};
use super::node::{Expr, Node};

/// Rebuilds an expression bottom-up; `f` may replace any node, seeing it after its parts were replaced.
pub(super) fn rebuild(e: Expr, memo: &mut FastMap<Expr, Expr>, f: &mut impl FnMut(Expr) -> Expr) -> Expr {
    if let Some(done) = memo.get(&e) {
        return *done;
    }
    let children = e.children();
    let new: Vec<Expr> = children.iter().map(|c| rebuild(*c, memo, f)).collect();
    let rebuilt = if new == children { e } else { e.with_children(&new) };
    let result = f(rebuilt);
    memo.insert(e, result);
    result
}

/// Every occurrence of the first of each pair replaced by its second, all at once.
pub fn substitute(e: Expr, pairs: &[(Expr, Expr)]) -> Expr {
    // Seeding the memo replaces whole sub-expressions before they are looked into.
    let mut memo: FastMap<Expr, Expr> = pairs.iter().copied().collect();
    rebuild(e, &mut memo, &mut |e| e)
}

/// `substitute` for one pair.
pub fn replace(e: Expr, from: Expr, to: Expr) -> Expr {
    substitute(e, &[(from, to)])
}

/// Whether `part` occurs in `e`.
pub fn contains(e: Expr, part: Expr) -> bool {
    visit(e, &mut FastSet::default(), &mut |x| x == part)
}

/// Whether any of the variables occurs in `e`.
pub fn depends_on(e: Expr, variables: &[Expr]) -> bool {
    visit(e, &mut FastSet::default(), &mut |x| variables.contains(&x))
}

/// The first sub-expression (or the expression itself) for which `wanted` holds.
pub fn find(e: Expr, wanted: impl Fn(Expr) -> bool) -> Option<Expr> {
    let mut found = None;
    visit(e, &mut FastSet::default(), &mut |x| {
        let hit = wanted(x);
        found = found.or(hit.then_some(x));
        hit
    });
    found
}

/// Every sub-expression for which `wanted` holds, each once.
pub fn find_all(e: Expr, wanted: impl Fn(Expr) -> bool) -> Vec<Expr> {
    let mut found = vec![];
    visit(e, &mut FastSet::default(), &mut |x| {
        if wanted(x) {
            found.push(x);
        }
        false
    });
    found
}

fn visit(e: Expr, seen: &mut FastSet<Expr>, stop: &mut impl FnMut(Expr) -> bool) -> bool {
    seen.insert(e) && (stop(e) || e.children().iter().copied().any(|c| visit(c, seen, stop)))
}

/// The variables of an expression, in the order in which they were made.
pub fn free_variables(e: Expr) -> Vec<Expr> {
    let mut found = vec![];
    visit(e, &mut FastSet::default(), &mut |x| {
        if matches!(x.node(), Node::Var(_)) {
            found.push(x);
        }
        false
    });
    found.sort_by_key(|v| match v.node() {
        Node::Var(id) => Some(id),
        _ => None,
    });
    found
}
