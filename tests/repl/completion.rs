//! Completions and hints, without a terminal.

use nemlang::prompt::{Hint, complete, hint, unicode};

use super::prompt;

const RBM: &str = "model Rbm(hidden = 4) {
    param W: real[6, hidden] = 0
    observe v: binary[6]
    latent h: binary[hidden]
    energy -(v @ W @ h)
}";
const MINE: &str = "likelihood mine(centre: real, width: positive = 1) over y: real {
    log_density = -abs(y - centre) / width - ln(2 * width)
}";

/// What stands in the place of the word at the end of a line.
fn completions(line: &str) -> Vec<String> {
    let prompt = prompt(&[RBM, MINE, "data d { v: binary[6] = draw bernoulli(0.5) take 9 }"]);
    complete(&prompt, line, line.len()).1.into_iter().map(|c| c.text).collect()
}

#[test]
fn words_become_what_fits_their_place() {
    let lines: &[(&str, &[&str])] = &[
        (":he", &["help"]),
        (":help he", &["help"]),
        (":quit ", &[]),
        (":nothing x", &[]),
        ("gaussi", &["gaussian", "gaussian_covariance", "gaussian_precision"]),
        ("1 + mi", &["min", "mine"]),
        ("lik", &["likelihood"]),
        ("mine(", &["centre = ", "width = "]),
        ("mine(1, wid", &["width = "]),
        ("mine(width = ", &[]),
        ("model M {\n    ", &["energy", "input", "latent", "observe", "param"]),
        ("model M {\n    input x: pos", &["positive", "positive_definite"]),
        ("model M {\n    observe y: real ~ min", &["mine"]),
        ("likelihood l(a: real) over y: real {\n    lo", &["log_density = "]),
        ("likelihood l(alpha: real) over y: real {\n    mean = alp", &["alpha"]),
        ("train R", &["Rbm"]),
        ("train Rbm on d {\n    ep", &["epochs"]),
        ("train Rbm on d {\n    noise ", &["W", "h", "v"]),
        (":train Rbm o", &["on", "optimizer="]),
        (":train Rbm ep", &["epochs="]),
        (":train Rbm on ", &["d"]),
        (":train Rbm { ep", &["epochs"]),
        (":region mine at ", &["at", "centre=", "criterion=", "dims=", "from", "noise=", "to", "width=", "y="]),
        (":region mine at y=2 ce", &["centre="]),
        (":region mine from mi", &["mine"]),
        (":region mine criterion=a", &["anti", "ascent"]),
        (":derive mine noise=\"ce", &[]),
        (":predict Rbm on ", &["d"]),
        (":params Rbm a", &["arm="]),
        (":set device ", &["cpu", "cuda"]),
        (":d mi", &["mine"]),
        (":train Rbm on d ep", &["epochs="]),
        (":set d", &["device"]),
        (":clear m", &["mine"]),
        ("gaussian(0, 1).de", &["density"]),
        ("model ", &[]),
        ("// gaussi", &[]),
        ("12", &[]),
    ];
    for (line, expected) in lines {
        assert_eq!(completions(line), *expected, "{line}");
    }
}

#[test]
fn only_the_word_is_replaced() {
    let prompt = prompt(&[]);
    assert_eq!(complete(&prompt, "h ~ bern + 1", 8).0, 4);
    assert_eq!(complete(&prompt, ":help he", 8).0, 6);
    assert_eq!(complete(&prompt, "μ + gaussi", 11).0, 5);
    assert_eq!(complete(&prompt, "μ", 1).1, [], "a cursor inside a letter");
}

#[test]
fn files_stand_in_quotes() {
    assert_eq!(completions("use \"tests/repl/compl"), ["tests/repl/completion.rs"]);
    assert_eq!(completions("data d { x: real = csv(\"tests/rep"), ["tests/repl/", "tests/reproducible.rs"]);
    assert_eq!(completions("use \"no/such/folder/"), [""; 0]);
}

#[test]
fn names_of_signs_become_signs() {
    assert_eq!(completions("\\mu"), ["μ"]);
    assert_eq!(completions("\\sigma\\_1"), ["₁"]);
    assert_eq!(completions("\\nab"), ["∇"]);
    assert_eq!(completions("\\in"), ["∈"]);
    assert_eq!(completions("\\th"), ["θ"]);
    assert_eq!(completions("\\var"), ["\\varepsilon", "\\vartheta", "\\varphi", "\\varrho", "\\varsigma"]);
    assert_eq!(completions("\\unheard"), [""; 0]);
    assert_eq!(completions(":help \\De"), ["Δ"]);
}

#[test]
fn the_names_of_signs_differ() {
    let mut names: Vec<_> = unicode::SYMBOLS.iter().map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), unicode::SYMBOLS.len());
}

#[test]
fn hints_show_the_rest_of_a_word_or_what_is_called() {
    let prompt = prompt(&[MINE]);
    let call = "mine(centre: real, width: positive = 1) over y: real";
    assert_eq!(hint(&prompt, "cauc"), Some(Hint::Rest("hy".into())));
    assert_eq!(hint(&prompt, ":he"), Some(Hint::Rest("lp".into())));
    assert_eq!(hint(&prompt, "mine("), Some(Hint::Call(call.into())));
    assert_eq!(hint(&prompt, "mine(softmax(x), "), Some(Hint::Call(call.into())));
    assert_eq!(hint(&prompt, "softmax("), Some(Hint::Call("softmax(o: real[K]) -> simplex[K]".into())));
    assert_eq!(hint(&prompt, "gaussi"), None);
    assert_eq!(hint(&prompt, "unheard("), None);
    assert_eq!(hint(&prompt, ""), None);
}
