//! Where regions on a line end.

use nemlang::derive::derive_likelihood;
use nemlang::model::{Criterion, Injection};
use nemlang::sample::{Interval, ends, turn, verify};
use nemlang::session::Session;

use super::{added, likelihood, noise_at};

fn close(found: &[Interval], wanted: &[(f64, f64)]) {
    let near = |a: f64, b: f64| a == b || (a - b).abs() < 1e-9 * (1.0 + b.abs());
    let same = found.len() == wanted.len()
        && found.iter().zip(wanted).all(|(i, (a, b))| near(i.lower, *a) && near(i.upper, *b));
    assert!(same, "{found:?} instead of {wanted:?}");
}

#[test]
fn ends_that_are_known_are_exact() {
    let inf = f64::INFINITY;
    assert_eq!(ends(&added("laplace", "y=2, mu=0")), [Interval { lower: -4.0, upper: 0.0 }]);
    assert_eq!(ends(&added("exponential", "y=2, lambda=1")), [Interval { lower: -2.0, upper: 0.0 }]);
    assert_eq!(ends(&added("bernoulli", "y=1, p=0.8")), [Interval { lower: 0.0, upper: inf }]);
    assert_eq!(ends(&added("bernoulli", "y=1, p=0.2")), [Interval { lower: -inf, upper: 0.0 }]);
    let product = |y: &str| noise_at("gaussian", &format!("y={y}, mu=0"), Injection::Multiply, Criterion::Nem);
    assert_eq!(ends(&product("3")), [Interval { lower: -1.0, upper: 1.0 }]);
    assert_eq!(ends(&product("0")), [Interval { lower: -inf, upper: inf }]);
}

#[test]
fn ends_without_a_formula_are_found() {
    // The gamma density with shape 2 and rate 1 is y e^−y: as large as at 2 again where y = −W₀(−2 e^−2).
    let gamma = ends(&added("gamma", "y=2, shape=2, rate=1"));
    close(&gamma, &[(0.406_375_739_959_959_9 - 2.0, 0.0)]);
    let far = ends(&added("gamma", "y=2000, shape=2, rate=1"));
    // The other solution, 10^−865, is below every number above 0.
    assert_eq!(far, [Interval { lower: -2000.0, upper: 0.0 }]);
}

#[test]
fn there_may_be_several_intervals() {
    let two = ends(&added("two_peaks", "y=0.5, mu=2"));
    assert_eq!(two.len(), 2, "{two:?}");
    close(&two[1..], &[(0.0, two[1].upper)]);
    // The density is even: the other interval mirrors the one at y + n.
    close(&two[..1], &[(-1.0 - two[1].upper, -1.0)]);
    let harm = noise_at("gaussian", "y=2, mu=0", Injection::Add, Criterion::Anti);
    close(&ends(&harm), &[(f64::NEG_INFINITY, -4.0), (0.0, f64::INFINITY)]);
}

#[test]
fn an_angle_comes_round() {
    let angle = added("von_mises", "y=1, mu=0, kappa=2");
    close(&ends(&angle), &[(-2.0, 0.0)]);
    assert!((turn(&angle).unwrap() - std::f64::consts::TAU).abs() < 1e-12);
}

/// Sums over parameters are not sums over components of the outcome, of which there is one.
#[test]
fn one_outcome_may_meet_vectors_of_parameters() {
    let densities = [
        "ln(sum(p * exp(-(y - mu)^2 / 2)))",
        "-sum(p * (y - mu)^2)",
        "-sum(abs(y - mu))",
        "-ln(1 + sum((y - mu)^2))",
        "ln(sum(p * exp(mu * y))) - y^2",
        "-sum(p * abs(y - mu)^1.5)",
    ];
    for density in densities {
        let text = format!("likelihood l(p: simplex[K], mu: real[K]) over y: real {{ log_density = {density} }}");
        let session = Session::from_text("l.nem", &text, None);
        let derived = derive_likelihood(&likelihood(&session, "l")).unwrap();
        assert!(derived.joint.is_empty(), "{density}");
        let certificate = verify(&derived, None);
        assert!(!certificate.problems().has_errors(), "{density}\n{}", certificate.text());
    }
}
