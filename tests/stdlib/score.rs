//! Derived scores against differences of the log-density.

use nemlang::derive::derive_likelihood;
use nemlang::expr::Expr;

use super::assert_none;
use super::table::{Case, cases, value};

#[test]
fn scores_are_the_slopes_of_the_log_density() {
    let mut wrong = vec![];
    for case in cases().iter().filter(|c| !c.extreme) {
        let derived = derive_likelihood(&case.likelihood).unwrap();
        let formals = case.likelihood.formals.iter().enumerate().filter(|(_, f)| !f.support.is_discrete());
        for (i, formal) in formals {
            for point in case.points.iter().filter(|p| p.log_density.is_finite()) {
                let score = value(derived.scores[i].1, &case.at(&point.y));
                for k in 0..case.args[i].len() {
                    // One number stands for equal components.
                    let found = score[k.min(score.len() - 1)];
                    let expected = slope(case, derived.log_density, &point.y, i, k);
                    let close = (found - expected).abs() <= 1e-7 * expected.abs().max(1.0);
                    let label = || format!("{}, {} {k}: {found}, not {expected}", case.label(&point.y), formal.name);
                    wrong.extend((!close).then(label));
                }
            }
        }
    }
    assert_none(&wrong);
}

/// The derivative by component `k` of argument `i`, by central differences of the fourth order.
fn slope(case: &Case, e: Expr, y: &[f64], i: usize, k: usize) -> f64 {
    let h = 1e-3 * case.args[i][k].abs().max(0.1);
    let at = |steps: f64| {
        let mut args = case.args.clone();
        args[i][k] += steps * h;
        value(e, &case.bindings(&args, y))[0]
    };
    (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * h)
}
