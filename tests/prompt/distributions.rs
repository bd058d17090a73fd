//! Distributions as values: densities, scores, draws.

use std::f64::consts::{LN_2, TAU};

use super::{answer, answers, last};

/// The numbers in an answer.
fn numbers(answer: &str) -> Vec<f64> {
    let number = |c: char| c.is_ascii_digit() || "+-.e".contains(c);
    answer.split(|c| !number(c)).filter_map(|piece| piece.parse().ok()).collect()
}

/// A number to all of its digits: the answer times a power of ten shows more of them.
fn exact(expression: &str) -> f64 {
    let first: f64 = answer(expression).parse().unwrap_or_else(|_| panic!("{expression}: {}", answer(expression)));
    let rest: f64 = answer(&format!("{expression} - ({first})")).parse().unwrap();
    first + rest
}

fn assert_close(expression: &str, wanted: f64) {
    let found = exact(expression);
    assert!((found - wanted).abs() <= 1e-10 * (1.0 + wanted.abs()), "{expression}: {found}, not {wanted}");
}

fn assert_told(input: &str, pieces: &[&str]) {
    let told = answer(input);
    let missing: Vec<_> = pieces.iter().filter(|piece| !told.contains(**piece)).collect();
    assert!(missing.is_empty() && told.contains("help: "), "{missing:?} are missing\n{told}");
}

#[test]
fn log_densities_are_those_of_the_textbooks() {
    assert_close("gaussian(1, 2).log_density(0.5)", -0.5 * 0.0625 - 2f64.ln() - 0.5 * TAU.ln());
    assert_close("laplace(0, 2).log_density(-3)", -1.5 - 4f64.ln());
    assert_close("poisson(3).log_density(2)", 2.0 * 3f64.ln() - 3.0 - LN_2);
    assert_close("bernoulli(0.3).log_density(0)", 0.7f64.ln());
    assert_close("categorical([0.2, 0.3, 0.5]).log_density([0, 1, 0])", 0.3f64.ln());
    assert_close("uniform(0, 4).density(1)", 0.25);
    assert_close("gaussian(0, 1).cdf(0)", 0.5);
    assert_close("exponential(2).mean", 0.5);
    let correlated = "gaussian_covariance([0, 0], [[2, 1], [1, 1]]).log_density([1, 1])";
    assert_close(correlated, -0.5 - TAU.ln());
}

#[test]
fn several_outcomes_are_independent() {
    assert_close("gaussian([0, 1], 1).log_density([0, 1])", -TAU.ln());
    assert_close("gaussian(0, 1).log_density([0, 0])", -TAU.ln());
    assert_close("gaussian([0, 1], 1).log_density(0)", -TAU.ln() - 0.5);
}

#[test]
fn scores_are_the_slopes_of_the_log_density() {
    let step = 1e-5;
    let slope = |at: &dyn Fn(f64) -> String, x: f64| (exact(&at(x + step)) - exact(&at(x - step))) / (2.0 * step);
    type Case<'a> = (&'a str, &'a dyn Fn(f64) -> String, f64);
    let cases: &[Case] = &[
        ("gaussian(1, 2).score(0.5).mu", &|x| format!("gaussian({x}, 2).log_density(0.5)"), 1.0),
        ("gaussian(1, 2).score(0.5).sigma", &|x| format!("gaussian(1, {x}).log_density(0.5)"), 2.0),
        ("laplace(0, 2).score(3).b", &|x| format!("laplace(0, {x}).log_density(3)"), 2.0),
        ("poisson(3).score(2)", &|x| format!("poisson({x}).log_density(2)"), 3.0),
        ("gamma(2, 3).score(0.7).shape", &|x| format!("gamma({x}, 3).log_density(0.7)"), 2.0),
        ("gaussian([0, 1], 2).score([1, 1]).sigma", &|x| format!("gaussian([0, 1], {x}).log_density([1, 1])"), 2.0),
    ];
    for (score, at, x) in cases {
        let (derived, numeric) = (exact(score), slope(at, *x));
        assert!((derived - numeric).abs() < 1e-6, "{score}: {derived} and {numeric}");
    }
    assert_eq!(answer("categorical([0.2, 0.3, 0.5]).score([0, 0, 1])"), "[0, 0, 2]");
    assert_eq!(answer("gaussian(0, 2).score(1)"), "∂ ln f/∂μ  0.25\n∂ ln f/∂σ  -0.375");
}

#[test]
fn a_distribution_alone_says_what_it_is_and_what_it_can_be_asked() {
    let told = answer("gaussian(1)");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines[..3],
        ["gaussian(mu = 1, sigma = 1)", "    .support         real (any number)", "    .mean            1",]
    );
    assert!(told.contains(".cdf(y)") && told.contains("∂ ln f/∂μ, ∂ ln f/∂σ"), "{told}");
    assert!(!answer("cauchy(0, 1)").contains(".mean"));
    assert_eq!(answer("binomial(10, 0.3).support"), "whole(0, 10) (whole numbers from 0 to 10)");
    assert_eq!(answer("gaussian(0, 3).sigma"), "3");
    // As formulas write it.
    assert_eq!(answer("gaussian(σ = 3, μ = 0).σ"), "3");
    assert_eq!(answer("gaussian(0, 2).score(1).μ"), "0.25");
}

#[test]
fn draws_differ_and_repeat_with_the_seed() {
    let inputs =
        ["draw gaussian(0, 1)", "gaussian(0, 1).draw", "gaussian(0, 1).draw(3)", "gaussian([0, 5], 1).draw(2)"];
    let first = answers(&inputs);
    assert_eq!(first, answers(&inputs));
    assert_ne!(first[0], first[1]);
    assert_eq!(numbers(&first[2]).len(), 3);
    assert_eq!(first[3].lines().count(), 2, "{}", first[3]);
    let mean: f64 = last(&["gaussian(3, 1).draw(10000)", "sum(ans) / 10000"]).parse().unwrap();
    assert!((mean - 3.0).abs() < 0.05, "{mean}");
    let one_hot = numbers(&answer("categorical([0.2, 0.3, 0.5]).draw"));
    assert_eq!(one_hot.iter().sum::<f64>(), 1.0);
    let mut other = nemlang::prompt::Prompt { seed: 2, ..Default::default() };
    let mut heard = super::Heard::default();
    other.enter(inputs[0], &mut heard);
    assert_ne!(heard.said[0], first[0]);
}

#[test]
fn parts_are_values_inside_of_expressions() {
    assert_close("ln(gaussian(0, 1).density(0)) - gaussian(0, 1).log_density(0)", 0.0);
    assert_close("gaussian(gaussian(2, 1).mean, 1).mean + 1", 3.0);
    assert_eq!(last(&["d = gaussian(0, 1)", "x = draw d", "d.log_density(x) - d.log_density(x)"]), "0");
}

#[test]
fn what_is_wrong_is_told() {
    assert_told(
        "poisson(3).log_density(1.5)",
        &["E0302", "1.5 lies outside the support of `poisson`", "whole numbers"],
    );
    assert_told("uniform(0, 2).density(3)", &["E0302", "outside `interval(0, 2)`"]);
    assert_told("uniform([0, 1], [2, 3]).density([1, 0.5])", &["E0302", "beyond an end that the arguments set"]);
    assert_told("categorical([0.5, 0.5]).density([1, 1])", &["E0302", "[1, 1] lies outside"]);
    assert_told("categorical([0.5, 0.5]).density([1, 0, 0])", &["E0301", "a vector of length 2"]);
    assert_told("categorical([0.5, 0.6])", &["E0302", "must lie in `simplex`"]);
    assert_told("uniform(1, 0)", &["E0302", "from 1 to 0"]);
    assert_told("gaussian(0, -1)", &["E0302", "`sigma` of `gaussian` must be positive"]);
    assert_told("bernoulli(0).log_density(1)", &["E0703", "−∞", "the density is 0"]);
    assert_eq!(answer("bernoulli(0).density(1)"), "0");
    assert_told("gaussian(0, 1).densty(1)", &["E0201", "did you mean `density`?"]);
    assert_told("gaussian(0, 1).log_prob(1)", &["E0201", "did you mean `log_density`?"]);
    assert_told("gaussian(0, 1).foo", &["E0201", "known here: support, mean"]);
    assert_told("gaussian(0, 1).score(1).foo", &["E0201", "known here: mu, sigma"]);
    assert_told("cauchy(0, 1).mean", &["E0306", "`cauchy` has no `mean`"]);
    assert_told("gaussian(0, 1).density", &["E0303", "one argument, the outcome"]);
    assert_told("gaussian(0, 1).mean(2)", &["E0303", "takes no arguments"]);
    assert_told("gaussian(0, 1).density(y = 2)", &["E0303", "without names"]);
    assert_told("gaussian(0, 1).draw(0.5)", &["E0304", "draws are counted from 1"]);
    assert_told("gaussian(0, 1) + 1", &["E0203", "this is a distribution", "draw gaussian(…)"]);
    assert_told("gaussian(0, 1).score(1) + 1", &["E0203", ".mu, .sigma"]);
    assert_told("(1 + 2).mean", &["E0203", "no parts"]);
    assert_told("guassian(0, 1)", &["E0201", "did you mean `gaussian`?"]);
    assert_told("gaussian()", &["E0303", "`mu` missing"]);
}
