//! What is left open with `?`.

use nemlang::prompt::Prompt;

use super::{Heard, last};

const DATA: &str = "data d { x: real[2] = draw gaussian(0, 1) take 10  y: real = draw gaussian(0, 1) take 10 }";
const MODEL: &str = "model M { input x: real[2]  observe y: real ~ gaussian(affine(x, 1), 1) }";

fn model(lines: &str) -> String {
    last(&[&format!("model M {{ input x: real[3]  {lines} }}")])
}

fn noise(statement: &str) -> String {
    last(&[DATA, MODEL, &format!("train M on d {{ epochs 1  noise {statement}  compare none, nem }}")])
}

fn assert_lists(told: &str, listed: &[&str], left_out: &[&str]) {
    assert!(told.contains("error[E0206]"), "{told}");
    let missing: Vec<_> = listed.iter().filter(|line| !told.contains(**line)).collect();
    let extra: Vec<_> = left_out.iter().filter(|line| told.contains(**line)).collect();
    assert!(missing.is_empty() && extra.is_empty(), "{missing:?} are missing, {extra:?} are there\n{told}");
}

#[test]
fn a_likelihood_left_open_lists_what_its_type_allows() {
    let real = model("observe y: real ~ ?");
    assert_lists(
        &real,
        &["laplace(mu: real, b: positive = 1) over y: real", "poisson(rate: positive)"],
        &["dirichlet"],
    );
    let (fits, part) = real.split_once("over part of").unwrap();
    assert!(fits.contains("cauchy(") && !fits.contains("poisson(") && part.contains("gamma(shape: positive"));
    assert_lists(&model("observe y: one_hot[3] ~ ?"), &["categorical(", "ordinal("], &["gaussian(", "bernoulli("]);
    assert_lists(&model("observe y: real[3] ~ ?"), &["gaussian_covariance(", "gaussian("], &["every likelihood"]);
}

#[test]
fn without_a_type_all_are_listed_and_hidden_variables_need_a_mean() {
    assert_lists(&model("observe y ~ ?"), &["cauchy(", "categorical(", "poisson("], &[]);
    let hidden = model("h ~ ?  observe y: real ~ gaussian(affine(h, 1), 1)");
    assert_lists(&hidden, &["gaussian(", "categorical("], &["  cauchy("]);
    assert_eq!(hidden.matches("error[").count(), 1, "{hidden}");
}

#[test]
fn likelihoods_of_the_program_are_listed_too() {
    let own = "likelihood mine(mu: real) over y: real { log_density = -abs(y - mu)  mean = mu }";
    assert_lists(&last(&[own, "model M { observe y: real ~ ? }"]), &["mine(mu: real) over y: real"], &[]);
}

#[test]
fn noise_left_open_tells_its_region_and_what_it_is_drawn_from() {
    let added = noise("y += ?");
    assert_lists(
        &added,
        &["region of y + n: interval between 0 and 2 (μ − y)", "ball", "student_t("],
        &["log_normal("],
    );
    let multiplied = noise("y *= ? cooled 1");
    assert_lists(
        &multiplied,
        &["region of y n: interval between 1 and", "log_normal(", "over `real`"],
        &["bernoulli("],
    );
    assert_lists(&noise("y ?"), &["region of y + n", "region of y n", "how noise gets into `y`"], &[]);
    assert_lists(&noise("x += ?"), &["region of x + n: ellipsoid"], &[]);
}

#[test]
fn what_is_open_is_not_taken_into_the_program() {
    let mut prompt = Prompt::default();
    prompt.enter("model M { observe y: real ~ ? }", &mut Heard::default());
    assert!(prompt.program.is_empty());
}

#[test]
fn a_hole_elsewhere_is_a_slip() {
    for text in ["?", "1 + ?", "fn f(x) = ?", "model M { x = ? }", "model M { observe y: ? ~ gaussian(0, 1) }", "f(?)"]
    {
        let told = last(&[text]);
        assert!(told.contains("error[E0101]: `?` leaves a likelihood open"), "{text}\n{told}");
    }
}

#[test]
fn a_prior_left_open_lists_what_covers_the_parameter() {
    let model =
        |ty: &str| format!("model M {{ param w: {ty} ~ ?  input x: real  observe y: real ~ gaussian(w * x, 1) }}");
    assert_lists(&last(&[&model("positive")]), &["the prior of `w`", "gamma(", "gaussian("], &["beta(", "dirichlet("]);
    assert_lists(&last(&[&model("real")]), &["gaussian(", "laplace("], &["gamma(", "uniform("]);
}
