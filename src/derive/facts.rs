//! What is known of ln f as a function of one variable, whatever noise is put into it: worked out once for all injections.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::expr::{
    Bend, Domain, Expr, Fall, Func, Provided, Quadratic, Trace, bends, by_slope, falls, gradient, normal_form,
    quadratic, replace, simplify,
};

/// Longer differences are not differentiated for their coefficients.
const LONGEST: u32 = 2_000;

/// Each fact with the rules that it took.
pub struct Facts {
    ln_f: Expr,
    variable: Expr,
    change: OnceCell<(Option<Quadratic>, Trace)>,
    slope: OnceCell<(Expr, Trace)>,
    fall: OnceCell<Option<Fall>>,
    peak: OnceCell<(bool, Trace)>,
    concave: OnceCell<Option<Provided>>,
}

thread_local! {
    static KNOWN: RefCell<HashMap<(Expr, Expr), Rc<Facts>>> = RefCell::default();
}

impl Facts {
    /// Those of `ln_f` as a function of `variable`.
    pub fn of(ln_f: Expr, variable: Expr) -> Rc<Facts> {
        let new = || {
            Rc::new(Facts {
                ln_f,
                variable,
                change: OnceCell::new(),
                slope: OnceCell::new(),
                fall: OnceCell::new(),
                peak: OnceCell::new(),
                concave: OnceCell::new(),
            })
        };
        KNOWN.with_borrow_mut(|known| known.entry((ln_f, variable)).or_insert_with(new).clone())
    }

    /// ln f(y + m) − ln f(y) = Σ c₁ m + Σ c₂ m², where it is such a polynomial of the change m. The constant is zero, because
    /// no change changes nothing; an expression where this is not shown is not used.
    pub fn change(&self, trace: &mut Trace) -> Option<Quadratic> {
        told(&self.change, trace, |trace| {
            let change = Expr::var("m", self.variable.shape(), Domain::REAL);
            let changed = replace(self.ln_f, self.variable, self.variable + change);
            let difference = normal_form(simplify(changed, trace) - self.ln_f, trace);
            if let Some(q) = quadratic(difference, change) {
                let constant = simplify(q.constant, trace);
                return constant.is_num(0.0).then_some(Quadratic { constant, ..q });
            }
            if difference.size() > LONGEST {
                return None;
            }
            let (linear, quadratic) = by_slope(difference, change)?;
            Some(Quadratic { constant: Expr::num(0.0), linear, quadratic })
        })
    }

    /// ∂ ln f/∂y, simplified.
    pub fn slope(&self, trace: &mut Trace) -> Expr {
        told(&self.slope, trace, |trace| simplify(gradient(self.ln_f, self.variable), trace))
    }

    /// Whether it falls on every ray from a centre.
    pub fn fall(&self) -> Option<Fall> {
        *self.fall.get_or_init(|| falls(self.ln_f, self.variable))
    }

    /// Whether it is shown to have one peak on the line: it is concave in y, in ln y, or in the log-odds of y, or falls on
    /// both sides of a centre, for all parameters.
    pub fn has_one_peak(&self, trace: &mut Trace) -> bool {
        told(&self.peak, trace, |trace| {
            let range = self.variable.range();
            let positive = range.is_non_negative();
            self.concave().is_some_and(|provided| provided.is_empty())
                || self.fall().is_some()
                || (positive && self.concave_in(Expr::exp, trace))
                || (positive && range.upper <= 1.0 && self.concave_in(|v| v.call(Func::Logistic), trace))
        })
    }

    /// Whether it is concave in v when y is written as an increasing function of v.
    fn concave_in(&self, by: impl Fn(Expr) -> Expr, trace: &mut Trace) -> bool {
        let v = Expr::var("v", self.variable.shape(), Domain::REAL);
        let concave = |e: Expr| bends(e, v, Bend::Concave).is_some_and(|provided| provided.is_empty());
        let moved = simplify(replace(self.ln_f, self.variable, by(v)), trace);
        concave(moved) || concave(normal_form(moved, trace))
    }

    /// What has to hold for it to be concave; `None` where that is not shown.
    pub fn concave(&self) -> Option<Provided> {
        self.concave.get_or_init(|| bends(self.ln_f, self.variable, Bend::Concave)).clone()
    }
}

/// A fact, worked out when it is first asked for; its rules are told each time.
fn told<T: Clone>(cell: &OnceCell<(T, Trace)>, trace: &mut Trace, work: impl FnOnce(&mut Trace) -> T) -> T {
    let (fact, rules) = cell.get_or_init(|| {
        let mut own = Trace::default();
        (work(&mut own), own)
    });
    trace.extend(rules);
    fact.clone()
}
