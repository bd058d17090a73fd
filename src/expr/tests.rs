//! The rules as start ⇒ goal, and everything against numbers.

use super::*;

fn scalar(name: &str, domain: Domain) -> Expr {
    Expr::var(name, Shape::Scalar, domain)
}

fn simple(e: Expr) -> String {
    let trace = &mut Trace::default();
    print::text(simplify(expand(simplify(e, trace)), trace))
}

fn logistic(o: Expr) -> Expr {
    Expr::num(1.0) / (1.0 - -(-o).exp())
}

#[test]
fn links_are_recognised_from_their_definitions() {
    let o = scalar("o", Domain::REAL);
    assert_eq!(simple(logistic(o)), "logistic(o)");
    assert_eq!(simple(o.exp() / (o.exp() + 1.0)), "logistic(o)");
    assert_eq!(simple(logistic(o).ln()), "o − softplus(o)");
    assert_eq!(simple((1.0 - logistic(o)).ln()), "−softplus(o)");
    assert_eq!(simple(2.0 * logistic(2.0 * o) - 1.0), "tanh(o)");
    let v = Expr::var("o", Shape::Vector(Expr::dimension("K")), Domain::REAL);
    let Shape::Vector(dim) = v.shape() else { panic!() };
    let softmax = v.exp() / v.exp().sum(dim);
    assert_eq!(simple(softmax), "softmax(o)");
    assert_eq!(simple(softmax.ln()), "o − logsumexp(o)");
    assert_eq!(simple(softmax.sum(dim)), "1");
}

#[test]
fn the_log_density_of_bernoulli_and_logistic_is_linear_in_the_target() {
    let (o, t) = (scalar("o", Domain::REAL), scalar("t", Domain::REAL));
    let p = logistic(o);
    let log_density = t * p.ln() + (1.0 - t) * (1.0 - p).ln();
    assert_eq!(simple(log_density), "t o − softplus(o)");
    let bipolar = 2.0 * logistic(2.0 * o) - 1.0;
    let log_density = 0.5 * (t + 1.0) * (0.5 * (bipolar + 1.0)).ln() + 0.5 * (1.0 - t) * (0.5 * (1.0 - bipolar)).ln();
    let trace = &mut Trace::default();
    let simplified = simplify(expand(simplify(log_density, trace)), trace);
    let delta = simplify(gradient(simplified, o), trace);
    assert_eq!(print::text(delta), "t − tanh(o)");
}

#[test]
fn a_zero_silences_a_logarithm_and_powers_meet_in_their_exponents() {
    let [x, y, n] = ["x", "y", "n"].map(|name| scalar(name, Domain::POSITIVE));
    let at = |e: Expr, values: [f64; 3]| {
        let bindings = [x, y, n].into_iter().zip(values.map(Value::Scalar)).collect();
        evaluate(e, &bindings).unwrap().scalar()
    };
    assert_eq!(at(n * (x.ln() - y.ln()), [0.0, 2.0, 0.0]), 0.0);
    assert!(at(n * x.powi(-1), [0.0, 2.0, 0.0]).is_nan());
    assert_eq!(at(x.pow(n) * y.pow(-n), [2.0, 2.0, 1e200]), 1.0);
}

#[test]
fn logs_print_as_ratios() {
    let (p, m, n) = (scalar("p", Domain::UNIT), scalar("m", Domain::open(-1.0, 1.0)), scalar("n", Domain::REAL));
    assert_eq!(print::text(p.ln() - (1.0 - p).ln()), "ln(p/(1 − p))");
    assert_eq!(print::text(0.5 * (m + 1.0).ln() - 0.5 * (1.0 - m).ln()), "artanh(m)");
    assert_eq!(print::text(n * p.ln()), "n ln p");
}

#[test]
fn squares_print_as_norms_and_powers_as_fractions() {
    let k = Expr::dimension("K");
    let [y, n, mu] = ["y", "n", "mu"].map(|v| Expr::var(v, Shape::Vector(k), Domain::REAL));
    let sigma = scalar("sigma", Domain::POSITIVE);
    assert_eq!(print::text((y + n - mu).powi(2).sum(k)), "‖y + n − μ‖²");
    assert_eq!(print::text((y - mu).abs().sum(k) / sigma), "‖y − μ‖₁/σ");
    assert_eq!(print::text(-((y - mu).powi(2) / (2.0 * sigma.powi(2))).sum(k)), "−‖y − μ‖²/(2 σ²)");
    assert_eq!(print::text((n * mu.ln()).sum(k)), "Σ_k n_k ln μ_k");
    assert_eq!(print::text((n * y).sum(k)), "nᵀy");
}

#[test]
fn a_quadratic_is_read_off_by_component() {
    let k = Expr::dimension("K");
    let [y, n, mu] = ["y", "n", "mu"].map(|v| Expr::var(v, Shape::Vector(k), Domain::REAL));
    let q = quadratic((y + n - mu).powi(2).sum(k), n).unwrap();
    assert_eq!(print::text(q.linear), "2 (y − μ)");
    assert_eq!(print::text(q.quadratic), "1");
    assert!(quadratic((y + n).abs().sum(k), n).is_none());
}

#[test]
fn the_gradient_of_log_softmax_keeps_the_sum_of_the_target() {
    let k = Expr::dimension("K");
    let [t, o] = ["t", "o"].map(|v| Expr::var(v, Shape::Vector(k), Domain::REAL));
    let log_density = (t * (o - o.log_sum_exp())).sum(k);
    assert_eq!(print::text(gradient(expand(log_density), o)), "t − softmax(o) Σ_k t_k");
    let label = Expr::var("t", Shape::Vector(k), Domain::ONE_HOT);
    let exact = gradient(expand((label * (o - o.log_sum_exp())).sum(k)), o);
    assert_eq!(simple(exact), "t − softmax(o)");
}

#[test]
fn what_falls_on_both_sides_of_a_centre_is_seen_to() {
    let (y, mu) = (scalar("y", Domain::REAL), scalar("mu", Domain::REAL));
    let (sigma, k) = (scalar("sigma", Domain::POSITIVE), scalar("k", Domain::POSITIVE));
    let fall = |e: Expr| falls(simplify(e, &mut Trace::default()), y).map(|f| (print::text(f.centre), f.strictly));
    let r = ((y - mu) / sigma).abs();
    assert_eq!(fall(-(y - mu).powi(2)), Some(("μ".into(), true)));
    assert_eq!(fall(-((y - mu).powi(2) + 1.0).ln()), Some(("μ".into(), true)));
    let huber = r.min(k) * (0.5 * r).max(r - 0.5 * k);
    assert_eq!(fall(-huber), Some(("μ".into(), false)));
    assert_eq!(fall((y - mu).powi(2)), None);
    assert_eq!(fall(-(y - mu).powi(2) - y), None);
    let jump = Expr::special(crate::special::Special::Piecewise, &[r - k, -r, -2.0 * r]);
    assert_eq!(fall(jump), None);
}

#[test]
fn logarithms_of_what_overflows_are_numbers() {
    let k = Expr::dimension("K");
    let (x, s) = (scalar("x", Domain::REAL), scalar("s", Domain::POSITIVE));
    let v = Expr::var("v", Shape::Vector(k), Domain::REAL);
    let at = |e: Expr, x_is: f64| {
        let bindings =
            Bindings::from([(x, Value::Scalar(x_is)), (s, Value::Scalar(1e10)), (v, Value::Vector(vec![x_is, 1.0]))]);
        evaluate(e, &bindings).unwrap().scalar()
    };
    let far = 400.0 * std::f64::consts::LN_10;
    let close = |found: f64, wanted: f64| assert!((found - wanted).abs() <= 1e-15 * wanted.abs(), "{found}, {wanted}");
    close(at((x.powi(2) + 1.0).ln(), 1e200), far);
    close(at((x.powi(2) / s + 1.0).ln(), -1e205), far);
    close(at((v.powi(2).sum(k) + 1.0).ln(), 1e200), far);
    close(at(x.powi(2).ln(), 1e-200), -far);
    close(at((x.abs() * (x.powi(2) + 1.0).powi(-1)).ln(), 1e200), -far / 2.0);
    assert_eq!(at(x.ln(), 0.0), f64::NEG_INFINITY);
    assert_eq!(at((x * x.ln()).ln(), 0.0), f64::NEG_INFINITY);
    assert_eq!(at(x.ln() + x.powi(-2), 0.0), f64::INFINITY);
    assert!(at(x.ln() - (2.0 * x).ln(), 0.0).is_nan());
    assert!(at(x.ln(), -1.0).is_nan() && at((x.powi(3) + 1.0).ln(), -1e200).is_nan());
}

#[test]
fn coefficients_are_read_off_the_slope_of_polynomials_alone() {
    let dims = [Dim::Fixed(3), Dim::Fixed(2)];
    let (v, h) =
        (Expr::var("v", Shape::Vector(dims[0]), Domain::REAL), Expr::var("h", Shape::Vector(dims[1]), Domain::REAL));
    let w = Expr::var("W", Shape::Matrix(dims[0], dims[1]), Domain::REAL);
    let energy = (v.dot(w) * h).sum(dims[1]) + 3.0 * v.powi(2).sum(dims[0]);
    let (linear, quadratic) = by_slope(energy, v).unwrap();
    assert_eq!((print::text(linear).as_str(), print::text(quadratic).as_str()), ("h @ Wᵀ", "3"));
    // The derivative of a jump is 0, and says nothing of it.
    for jump in [v.call(Func::Sign), v.call(Func::Step), v.abs(), v.max(Expr::num(0.0)), v.powi(3), v.exp()] {
        assert!(by_slope(jump.sum(dims[0]), v).is_none(), "{jump:?}");
    }
    let within = v.dot(w);
    assert!(by_slope((within * within).sum(dims[1]), v).is_none());
}

#[test]
fn quotients_of_sums_that_overflow_or_vanish_have_their_values() {
    let [a, b] = ["a", "b"].map(|name| Expr::var(name, Shape::Scalar, Domain::REAL));
    let difference = (a.exp() - b.exp()) * (a.exp() + b.exp()).powi(-1);
    let numbers = [-1200.0, -801.0, -800.0, -744.5, -743.0, -735.0, -30.0, 0.0, 1.5, 709.0, 711.0, 900.0];
    for (x, y) in numbers.iter().flat_map(|x| numbers.iter().map(move |y| (*x, *y))) {
        let at = Bindings::from([(a, Value::Scalar(x)), (b, Value::Scalar(y))]);
        let (found, wanted) = (evaluate(difference, &at).unwrap().scalar(), f64::tanh((x - y) / 2.0));
        assert!((found - wanted).abs() <= 1e-12 * wanted.abs(), "{x}, {y}: {found} and not {wanted}");
        let log = evaluate((a.exp() - b.exp()).ln(), &at).unwrap().scalar();
        let wanted = x + (-(y - x).exp()).ln_1p();
        let is_it = if x > y { (log - wanted).abs() <= 1e-9 * wanted.abs().max(1.0) } else { !log.is_finite() };
        assert!(is_it, "ln of {x}, {y}: {log} and not {wanted}");
    }
}

#[test]
fn signs_and_sizes_of_what_vanishes_are_kept() {
    let [a, b] = ["a", "b"].map(|name| Expr::var(name, Shape::Scalar, Domain::REAL));
    let at = Bindings::from([(a, Value::Scalar(-800.0)), (b, Value::Scalar(-799.0))]);
    let worth = |e: Expr| evaluate(simplify(e, &mut Trace::default()), &at).unwrap().scalar();
    let (small, large) = (a.exp(), b.exp());
    let e = std::f64::consts::E;
    let cases = [
        ((small - large).abs() / small, e - 1.0),
        (small.min(large) / small, 1.0),
        (small.max(large) / small, e),
        ((small - large).call(Func::Sign), -1.0),
        ((small - large).call(Func::Step), 0.0),
        (Expr::num(1e160).pow(Expr::num(2.0)) / Expr::num(1e161).pow(Expr::num(2.0)), 0.01),
        ((Expr::num(1.0) + Expr::num(-40.0).exp()).ln(), (-40f64).exp().ln_1p()),
    ];
    for (expression, wanted) in cases {
        let found = worth(expression);
        assert!((found - wanted).abs() <= 1e-12 * wanted.abs(), "{expression:?}: {found} and not {wanted}");
    }
}
