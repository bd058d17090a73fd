//! Expressions and distributions.

use super::{answer, answers, last};

#[test]
fn look() {
    let inputs = std::fs::read_to_string("/tmp/expr-inputs.txt").unwrap();
    let inputs: Vec<&str> = inputs.lines().collect();
    for (input, answer) in inputs.iter().zip(answers(&inputs)) {
        println!("> {input}\n{answer}");
    }
    let _ = (answer("1"), last(&["1"]));
}
