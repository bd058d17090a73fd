//! What expressions are worth, and what is said of those that are worth nothing.

use super::{answer, answers, last};

/// Inputs with their answers.
fn assert_answers(pairs: &[(&str, &str)]) {
    for (input, wanted) in pairs {
        assert_eq!(answer(input), *wanted, "{input}");
    }
}

/// Every piece of what is said of an input that is wrong.
fn assert_told(input: &str, pieces: &[&str]) {
    let told = answer(input);
    let missing: Vec<_> = pieces.iter().filter(|piece| !told.contains(**piece)).collect();
    assert!(missing.is_empty() && told.contains("help: "), "{missing:?} are missing\n{told}");
}

#[test]
fn arithmetic_functions_vectors_and_matrices() {
    assert_answers(&[
        ("1 + 2 * 3^2", "19"),
        ("-2^2", "-4"),
        ("logistic(0.3)", "0.574443"),
        ("[1, 2, 3] @ [4, 5, 6]", "32"),
        ("softmax([1, 2, 3])", "[0.0900306, 0.244728, 0.665241]"),
        ("softmax([1000, 1001, 1002])", "[0.0900306, 0.244728, 0.665241]"),
        ("[[1, 2], [3, 4]] @ [1, 1]", "[3, 7]"),
        ("[1, 1] @ [[1, 2], [3, 4]]", "[4, 6]"),
        ("[[1, 2], [3, 4]] @ [[0, 1], [1, 0]]", "[[2, 1],\n [4, 3]]"),
        ("inverse([[2, 0], [0, 4]])", "[[0.5,    0],\n [  0, 0.25]]"),
        ("sum([1, 2, 3])", "6"),
        ("0 * [1, 2, 3]", "[0, 0, 0]"),
        ("[1, 2, 3] - [1, 2, 3]", "[0, 0, 0]"),
        ("[1, 2, 3][2..3]", "[2, 3]"),
        ("[1, 2, 3][2] + 1", "3"),
        ("[1, [2, 3]]", "[1, 2, 3]"),
        ("cos(pi)", "-1"),
        ("pi", "3.14159"),
        ("gamma_cdf(1, 1)", "0.632121"),
    ]);
}

#[test]
fn functions_of_the_program() {
    assert_eq!(last(&["fn twice(x) = 2 * x", "twice([1, 2])"]), "[2, 4]");
    assert_eq!(last(&["fn gaussian(x) = x + 1", "gaussian(1)"]), "2");
}

#[test]
fn numbers_are_written_as_one_reads_them() {
    assert_answers(&[
        ("0.1 + 0.2", "0.3"),
        ("1e-300", "1e-300"),
        ("2^40", "1099511627776"),
        ("1 / 3", "0.333333"),
        ("-1 / 3", "-0.333333"),
        ("1234567.89", "1.23457e6"),
        ("0.00001234", "1.234e-5"),
        ("0 * -1", "0"),
        ("1e20", "1e20"),
    ]);
    let long = answer("gaussian(0, 1).draw(100)");
    assert!(long.contains(", …, ") && long.ends_with("]  (100 numbers)"), "{long}");
}

#[test]
fn answers_are_kept() {
    assert_eq!(answers(&["3 * 2", "ans + 1", "ans * ans"]), ["6", "7", "49"]);
    assert_eq!(
        answers(&["[1, 2]", "ans @ ans", "[[1, 2], [3, 4]]", "ans @ [1, 0]"])[1..],
        ["5", "[[1, 2],\n [3, 4]]", "[1, 3]"]
    );
    assert_eq!(answers(&["x = 3 * 2", "x + 1", "d = gaussian(x, 1)", "d.mean + ans.mu"])[3], "12");
    assert_told("ans", &["E0201", "nothing was answered yet"]);
    assert_told("sin = 3", &["E0202", "`sin` is declared already"]);
}

#[test]
fn a_declaration_comes_before_a_value_of_its_name() {
    assert_eq!(last(&["f = 3", "fn f(x) = x + 1", "f(1)"]), "2");
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_remedy() {
    assert_told("ln(-1)", &["E0703", "`ln(-1)` has no finite value", "input:1:1", "x above 0; here it is given -1"]);
    assert_told("1 + ln([1, -1])", &["E0703", "input:1:5", "here it is given [1, -1]"]);
    assert_told("2 * (1 / 0)", &["E0703", "input:1:5", "a division by 0"]);
    assert_told("0 / 0", &["E0703", "a division by 0"]);
    assert_told("exp(1000)", &["E0703", "1.8e308"]);
    assert_told("(-8)^(1/3)", &["E0703", "whole exponents"]);
    assert_told("normal_quantile(1)", &["E0703", "between 0 and 1"]);
    assert_told("logisitc(1)", &["E0201", "did you mean `logistic`?"]);
    assert_told("nothing", &["E0201", "`nothing` is not declared", "give it a value"]);
    assert_told("logistic(1, 2)", &["E0303", "one too many"]);
    assert_told("exp()", &["E0303", "`exp` takes one argument"]);
    assert_told("[1, 2] + [1, 2, 3]", &["E0301", "a vector of length 2 meets a vector of length 3"]);
    assert_told("[[1, 2], [3]]", &["E0301", "the rows of a matrix have one length"]);
    assert_told("[[1, 2], [3, 4]] @ [1, 2, 3]", &["E0301", "inner lengths must agree"]);
    assert_told("affine([1, 2], 3)", &["E0203", "outside a model"]);
    assert_told("1 +", &["E0101", "the expression ends here"]);
    assert_told("3 x", &["E0101", "expected an operator or the end"]);
    assert_told("x ~ gaussian(0, 1)", &["E0101", "random variables belong to models"]);
    assert_told("f(x) = x + 1", &["E0101", "`fn half(x) = x / 2`"]);
    assert_told("1.x", &["E0101", "a point stands only inside of numbers"]);
}
