//! Whatever is entered, and wherever the cursor stands, the prompt goes on.

use nemlang::prompt::{Next, Prompt, complete, hint};
use nemlang::repl::{answer, guarded, highlight};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::Heard;

/// A stack as the command has it; the one of a test thread is far smaller.
const STACK: usize = 256 << 20;

#[rustfmt::skip]
const FRAGMENTS: &[&str] = &[
    "fn", "f", "likelihood", "l", "layer", "model", "M", "data", "d", "train", "on", "use", "input x: real",
    "param W: real[2, 3] = 0", "observe y: real ~ gaussian(x, 1)", "latent h: binary[3]", "energy -(v @ W @ h)", "return x",
    "log_density = -abs(y - mu)", "over y: real", "(mu: real, b: positive = 1)", "epochs 3", "noise y += gaussian(0, 1)",
    "\u{a0}", "\u{3000}", "gaussian", "softmax", "logistic(", "affine(x, 3)", "csv(\"a.csv\", \"x\")", "draw", "where u ~ uniform(0, 1)", "cooled 1",
    "{", "}", "(", ")", "[", "]", "[1, 2]", "=", "~", ":", ",", "->", "..", "<-", "+=", "+", "-", "*", "/", "@", "^",
    "0", "1", "1e309", ".5", "\"a", "'", "#", "// c", "///", "\n", " ", "\t", "μ", "\\mu", "\u{301}", "🦀", ":help", ":unheard", ":",
    "fn f(x) = 2 * x", "likelihood l(a: real) over y: real { log_density = -abs(y - a) }",
];

fn text() -> impl Strategy<Value = String> {
    let fragments = prop::collection::vec(prop::sample::select(FRAGMENTS), 0..14);
    prop_oneof![
        4 => fragments.clone().prop_map(|pieces| pieces.join(" ")),
        1 => fragments.prop_map(|pieces| pieces.concat()),
        1 => "\\PC{0,30}",
        1 => any::<String>(),
    ]
}

/// Enters each text, after the cursor was everywhere in it.
fn session(texts: &[String]) {
    let (mut prompt, mut heard) = (Prompt::default(), Heard::default());
    for text in texts {
        for at in 0..=text.len() {
            complete(&prompt, text, at);
        }
        hint(&prompt, text);
        highlight(&prompt, text, Some(text.len() / 2));
        prompt.enter(text, &mut heard);
    }
}

#[test]
fn any_input_is_answered_without_a_panic() {
    let fuzz = || {
        let config = Config { cases: 300, failure_persistence: None, max_shrink_iters: 500, ..Config::default() };
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]);
        let outcome = TestRunner::new_with_rng(config, random).run(&prop::collection::vec(text(), 1..5), |texts| {
            session(&texts);
            Ok(())
        });
        outcome.unwrap_or_else(|failure| panic!("{failure}"));
    };
    std::thread::Builder::new().stack_size(STACK).spawn(fuzz).unwrap().join().unwrap();
}

#[test]
fn a_fault_is_told_and_nothing_else_ends() {
    let fault = guarded("1 / 0", || -> Next { panic!("a slip") }).unwrap_err();
    for piece in ["fault of nem", "1 / 0", "a slip", ":save FILE"] {
        assert!(fault.contains(piece), "{fault}");
    }
    assert_eq!(guarded("", || 3), Ok(3));
}

#[test]
fn comments_alone_are_no_input() {
    let (mut prompt, mut heard) = (Prompt::default(), Heard::default());
    assert_eq!(answer(&mut prompt, "// nothing\n", &mut heard), Next::Go);
    assert_eq!(answer(&mut prompt, "  ", &mut heard), Next::Go);
    assert!(heard.said.is_empty() && heard.told.is_empty());
}
