//! No input stops a prompt.

use proptest::prelude::*;

use super::{answers, last};

const WORDS: &[&str] = &[
    "1",
    "0",
    "-2.5",
    "1e300",
    "x",
    "ans",
    "x =",
    "[1, 2, 3]",
    "[[1, 2], [3, 4]]",
    "[",
    "]",
    "(",
    ")",
    ",",
    "+",
    "-",
    "*",
    "/",
    "^",
    "@",
    "..",
    ".mean",
    ".draw(2)",
    ".draw",
    ".log_density(",
    ".score(",
    ".support",
    ".cdf(0)",
    ".mu",
    "draw",
    "gaussian(0, 1)",
    "gaussian([0, 1], 2)",
    "categorical([0.5, 0.5])",
    "uniform(0, 2)",
    "poisson(",
    "cauchy(0)",
    "dirichlet([1, 2])",
    "logistic(",
    "softmax(",
    "sum(",
    "ln(",
    "inverse(",
    "affine",
    "pi",
    "?",
    "~",
    "\"t\"",
    "[0, 1]",
    "[2]",
    "[1..2]",
    "mu =",
];

proptest! {
    #[test]
    fn random_words_never_panic(inputs in prop::collection::vec(prop::collection::vec(prop::sample::select(WORDS), 1..8), 1..4)) {
        let inputs: Vec<String> = inputs.iter().map(|words| words.join(" ").replace(" .", ".")).collect();
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        for (input, answer) in inputs.iter().zip(answers(&inputs)) {
            prop_assert!(!answer.is_empty(), "{input}");
            prop_assert!(!answer.contains("error[") || answer.contains("help: "), "{input}\n{answer}");
            prop_assert!(!answer.contains("NaN") && !answer.contains('#'), "{input}\n{answer}");
        }
    }

    #[test]
    fn random_text_never_panics(text in "[^:]{0,60}") {
        last(&[&text]);
    }
}
