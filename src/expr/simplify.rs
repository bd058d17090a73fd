//! Applies the rules until none applies, and remembers which ones did.

use std::cell::RefCell;

use super::hash::{FastMap, FastSet};
use super::node::Expr;
use super::poly::expand;
use super::rules::{Head, RULES};

/// The names of the rules that a simplification used, each once, in the order of first use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    pub rules: Vec<&'static str>,
    /// Rules applied so far, repetitions included.
    applied: usize,
    exhausted: bool,
}

impl Trace {
    pub fn add(&mut self, rule: &'static str) {
        self.applied += 1;
        self.exhausted |= self.applied > RULE_BUDGET;
        if !self.rules.contains(&rule) {
            self.rules.push(rule);
        }
    }

    /// Adds what another simplification used.
    pub fn extend(&mut self, other: &Trace) {
        self.exhausted |= other.exhausted;
        self.applied += other.applied;
        self.exhausted |= self.applied > RULE_BUDGET;
        let new: Vec<&'static str> = other.rules.iter().copied().filter(|r| !self.rules.contains(r)).collect();
        self.rules.extend(new);
    }

    /// Whether the work outgrew its budget. What was returned since is correct, but not simplified.
    pub fn is_exhausted(&self) -> bool {
        self.exhausted
    }
}

/// How many rules may apply at one node before we suspect two rules of undoing each other.
const BUDGET: usize = 64;

/// How many rules may apply under one trace. The largest derivation of the stdlib takes a few hundred.
const RULE_BUDGET: usize = 50_000;

/// How long an expression may be, in nodes of its tree, before it is left alone.
const SIZE_BUDGET: u32 = 500_000;

/// The expression with every rule applied wherever its guard holds.
pub fn simplify(e: Expr, trace: &mut Trace) -> Expr {
    let mut current = e;
    for _ in 0..BUDGET {
        trace.exhausted |= current.size() > SIZE_BUDGET;
        if trace.exhausted {
            break;
        }
        let next = pass(current, &mut FastMap::default(), trace);
        if next == current {
            break;
        }
        current = next;
    }
    current
}

thread_local! {
    /// Expressions in which no rule applies anywhere: what simplification need not look into again.
    static SIMPLE: RefCell<FastSet<Expr>> = RefCell::default();
}

/// Every node once, bottom-up.
fn pass(e: Expr, memo: &mut FastMap<Expr, Expr>, trace: &mut Trace) -> Expr {
    if SIMPLE.with_borrow(|simple| simple.contains(&e)) {
        return e;
    }
    if let Some(done) = memo.get(&e) {
        return *done;
    }
    let children = e.children();
    let new: Vec<Expr> = children.iter().map(|c| pass(*c, memo, trace)).collect();
    let rebuilt = if new == children { e } else { e.with_children(&new) };
    let result = at_node(rebuilt, trace);
    // Equal children here are simple themselves, or they would have changed.
    if result == e && new == children && !trace.exhausted {
        SIMPLE.with_borrow_mut(|simple| simple.insert(e));
    }
    memo.insert(e, result);
    result
}

fn at_node(mut e: Expr, trace: &mut Trace) -> Expr {
    for _ in 0..BUDGET {
        let head = Head::of(e);
        let mut fitting = RULES.iter().filter(|r| r.head == head);
        let Some((rule, next)) = fitting.find_map(|r| Some((r.name, (r.apply)(e)?))) else { break };
        trace.add(rule);
        e = next;
    }
    e
}

/// Simplified, multiplied out, and simplified again: the form in which terms cancel.
pub fn normal_form(e: Expr, trace: &mut Trace) -> Expr {
    simplify(expand(simplify(e, trace)), trace)
}

/// Whether two expressions are equal by expansion and the rules. `false` means «not shown», not «different».
pub fn prove_equal(a: Expr, b: Expr, trace: &mut Trace) -> bool {
    expand(normal_form(a - b, trace)).is_num(0.0)
}
