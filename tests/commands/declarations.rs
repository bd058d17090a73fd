//! Declarations: what is said of them at once, and what follows from changing them.

use super::*;

#[test]
fn the_mathematics_of_a_declaration_is_told_at_once() {
    let mut prompt = Prompt::default();
    says(
        &mut prompt,
        &[ROBUST],
        &["likelihood robust(μ: real, b: positive = 1) over y: real", "sign(y − μ)/b", "(interval)"],
    );
    says(&mut prompt, &[DATA], &["data d: x: real, y: real"]);
    says(
        &mut prompt,
        &[MODEL],
        &["h ~ bernoulli(p = logistic(o)) over binary[3]", "y ~ robust(μ = o, b = 1) over real"],
    );
    let energy = "model E { observe v: binary[3]  latent h: binary[2]  param W: real[3, 2] = 0  energy -(v @ W @ h) }";
    says(&mut prompt, &[energy], &["P(h = 1 | v) = logistic(v @ W)", "free energy"]);
}

#[test]
fn what_is_wrong_is_not_taken_in() {
    let mut prompt = Prompt::default();
    refuses(
        &mut prompt,
        &["model K { input x: rael  observe y: real ~ gaussian(affine(x, 1), 1) }"],
        "E0204",
        "did you mean `real`?",
    );
    assert!(prompt.program.is_empty());
    refuses(&mut prompt, &[ROBUST, "likelihood robust(mu: real) over y: real { log_density = }"], "E0101", "expected");
    // The first one is still there.
    says(&mut prompt, &[":info robust"], &["Tails that fall off exponentially.", "b: positive = 1"]);
}

#[test]
fn dependents_are_checked_again() {
    let mut prompt = Prompt::default();
    let two = "likelihood robust(mu: real, b: positive, c: positive) over y: real { log_density = -abs(y - mu) / b - ln(2 * b) + c - c }";
    let Told { out, err, .. } = told(&mut prompt, &[ROBUST, MODEL, two]);
    assert!(out.starts_with("likelihood robust(μ: real, b: positive, c: positive)"), "{out}");
    assert!(err.contains("E0303") && err.contains("input 2:1:"), "the model is wrong now:\n{err}");
    // What was told once is not told again, and the old problem ends with a new model.
    assert_eq!(told(&mut prompt, &["fn half(x: real) -> real = x / 2"]).err, "");
    says(&mut prompt, &[&MODEL.replace("affine(h, 1))", "affine(h, 1), 1, 2)")], &["robust(μ = o, b = 1, c = 2)"]);
    says(&mut prompt, &[":shapes M"], &["h.W: real[3]"]);
}

#[test]
fn several_declarations_may_be_entered_at_once() {
    let mut prompt = Prompt::default();
    let all = format!("{ROBUST}\n{DATA}\n{MODEL}\ntrain M on d {{ epochs 2 }}");
    says(&mut prompt, &[&all, ":list"], &["likelihoods   robust", "models        M", "trainings     M"]);
    says(&mut prompt, &[":clear robust", ROBUST, ":list"], &["robust"]);
}

#[test]
fn what_cannot_be_derived_is_told_with_the_declaration() {
    let cubic = "model E { observe v: real[3]  latent h: binary[2]  param W: real[3, 2] = 0  energy sum(v^2) / 2 - (v^3) @ W @ h }";
    refuses(&mut Prompt::default(), &[cubic], "E0601", "not linear or quadratic in `v`");
    let broken = "model B { input x: real  observe y: real ~ gaussian(logistic(affine(x, 1)), 1) }";
    let Told { out, err, .. } = told(&mut Prompt::default(), &[broken]);
    assert!(out.starts_with("y ~ gaussian") && err.contains("W0301"), "{out}{err}");
}

#[test]
fn several_declarations_may_stand_on_one_line() {
    let mut prompt = Prompt::default();
    let line = "fn f(x: real) -> real = x  fn g(x: real) -> real = x + 1  data d { x: real = linspace(0, 1) take 3 }";
    says(&mut prompt, &[line, ":list"], &["functions     f, g", "data          d"]);
    says(&mut prompt, &["fn g(x: real) -> real = 2 * x", "g(4)"], &["8"]);
    refuses(&mut prompt, &["fn a(x) = x  fn b(x) = zz * x"], "E0201", ":1:24");
    refuses(&mut prompt, &["fn a(x) = x  fn a(x) = 2 * x"], "E0202", "");
}

#[test]
fn a_declaration_takes_the_place_of_a_value() {
    let mut prompt = Prompt::default();
    let out = answered(&mut prompt, &["f = 3", "fn f(x: real) -> real = x", ":list"]);
    assert_eq!(out, "functions     f\n");
}
