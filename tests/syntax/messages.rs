//! What is said about wrong programs.

use super::*;

/// Wrong programs; the part between `⟦` and `⟧` is what should be underlined.
const WRONG: &[(&str, &str, &str)] = &[
    ("E0101", "model M { input x ⟦real⟧[3] }", "expected `:`"),
    ("E0101", "⟦modle⟧ M { }", "did you mean `model`"),
    ("E0101", "fn f(x) = x ⟦==⟧ 3", "single `=`"),
    ("E0101", "fn f(x) ⟦:=⟧ 3", "plain `=`"),
    ("E0101", "model M { x = a⟦;⟧ y = b }", "leave it out"),
    ("E0101", "fn f(x) = x ⟦**⟧ 2", "`x^2`"),
    ("E0101", "data d { x: real = csv(⟦'a b'⟧) }", "`\"a b\"`"),
    ("E0101", "data d { x: real = csv(⟦\"a b) }⟧", "closing quote"),
    ("E0101", "fn f(x) = x\n⟦# (note⟧\nfn g(x) = x", "`//"),
    ("E0101", "⟦import⟧ \"a.nem\"", "`use \"layers.nem\"`"),
    ("E0101", "likelihood l(m: real) ⟦y⟧: real { }", "over y: real"),
    ("E0101", "train M ⟦d⟧ { }", "train M on"),
    ("E0101", "train M on d { ⟦epochs⟧\n batch 3 }", "no value"),
    ("E0101", "train M on d {\n epochs 40⟦,⟧\n batch 3 }", "comma"),
    ("E0101", "train M on d { noise y ⟦-=⟧ n(1) }", "`+=`"),
    ("E0101", "train M on d { noise y <- y * n ⟦}⟧", "`where`"),
    ("E0101", "⟦cell⟧ c(x) { state h: real = 0 }", "not in this version"),
    ("E0101", "model M { s = ⟦scan⟧ lstm(x, 50) }", "not in this version"),
    ("E0101", "model M { h ~ f(g(1)\n ⟦x⟧ = 2 }", "`(` is never closed"),
    ("E0101", "model M { h ~ f(g(1))⟦)⟧ }", "closes nothing"),
    ("E0101", "model M { h = [1, 2 ⟦}⟧", "`[` is never closed"),
    ("E0101", "model M { h = ⟦1⟧\n", "`{` is never closed"),
    ("E0101", "fn f(x) = x\n⟦}⟧", "closes nothing"),
    ("E0101", "fn f(x) ⟦=⟧", "an expression after this"),
    ("E0101", "fn f(x) = ⟦2x⟧", "`2 * x`"),
    ("E0101", "fn f(x) = ⟦1e999⟧", "too large"),
    ("E0101", "fn f(x) = 1⟦.⟧h", "point"),
    ("E0101", "fn f(x) = x ⟦−⟧ 1", "write `-`"),
    ("E0101", "model ⟦data⟧ { }", "cannot be a name"),
    ("E0101", "layer l(x) { y ⟦~⟧ n(1) return y }", "draws nothing"),
    ("E0101", "layer l(x) { y = x ⟦}⟧", "return x @ W"),
    ("E0101", "fn f(x) = ⟦\0⟧", "control character"),
    ("E0103", "⟦⟧\n // nothing\n", "declares nothing"),
];

#[test]
fn wrong_programs_are_told_what_is_wrong_and_where() {
    for (code, marked, words) in WRONG {
        let text = marked.replace(['⟦', '⟧'], "");
        let text = if *code == "E0101" && marked.contains("y * n ⟦}") { text + " }" } else { text };
        let start = marked.find('⟦').unwrap();
        let end = marked.find('⟧').unwrap() - '⟦'.len_utf8();
        let (_, problems) = syntax::parse(FILE, &text);
        let first = problems.iter().next().unwrap_or_else(|| panic!("no error in {text}"));
        let span = first.primary.as_ref().unwrap().0;
        assert_eq!((first.code.id, span.start, span.end), (*code, start, end), "{}", messages(&text));
        assert!(messages(&text).contains(words), "{words}?\n{}", messages(&text));
        assert!(first.help.is_some(), "no help:\n{}", messages(&text));
    }
}

#[test]
fn each_wrong_declaration_gives_one_error_and_the_others_are_kept() {
    let text = "fn f(x) = \nmodel M {\n  x = (1\n\ndata d { x: real = 1 }\nmodle N { y = }\nfn g(x) = x";
    let (program, problems) = syntax::parse(FILE, text);
    let names: Vec<&str> = program.decls.iter().filter_map(|d| d.name().map(|n| n.text.as_str())).collect();
    assert_eq!(names, ["d", "g"]);
    assert_eq!(problems.iter().count(), 3, "{}", messages(text));
}

/// What a reader sees, word for word.
#[test]
fn messages_read_well() {
    insta::assert_snapshot!(messages("model M {\n    input x real[3]\n}\n"), @r###"
error[E0101]: expected `:`, found `real`
 --> test.nem:2:13
  |
2 |     input x real[3]
  |             ^^^^ expected `:`
  |
  = help: an input is written like this: `input x: real[784]`
"###);
    insta::assert_snapshot!(messages("model M {\n    h bernoulli(x)\n}\n"), @r###"
error[E0101]: expected `:`, `~` or `=`, found `bernoulli`
 --> test.nem:2:7
  |
2 |     h bernoulli(x)
  |       ^^^^^^^^^ expected `:`, `~` or `=`
  |
  = help: `h ~ bernoulli(p)` draws, `s = x @ W` defines
"###);
    insta::assert_snapshot!(messages("model M {\n    h ~ bernoulli(f(x, 2)\n    observe y ~ gaussian(h, 1)\n}\n"), @r###"
error[E0101]: this `(` is never closed
 --> test.nem:3:5
  |
2 |     h ~ bernoulli(f(x, 2)
  |                  - opened here
3 |     observe y ~ gaussian(h, 1)
  |     ^^^^^^^ expected `)` before this
  |
  = help: close it with `)`
"###);
    insta::assert_snapshot!(messages("model M {\n    input x: real\n\ndata d { x: real = csv(\"a.csv\", \"x\") }\n"), @r###"
error[E0101]: this `{` is never closed
 --> test.nem:2:14
  |
1 | model M {
  |         - opened here
2 |     input x: real
  |              ^^^^ expected `}` after this
  |
  = help: close it with `}`
"###);
    insta::assert_snapshot!(messages("modle M {\n    input x: real\n}\n"), @r###"
error[E0101]: expected a declaration, found `modle`
 --> test.nem:1:1
  |
1 | modle M {
  | ^^^^^ a declaration begins with a word such as `model`
  |
  = help: did you mean `model`?
"###);
    insta::assert_snapshot!(messages("likelihood laplace(mu: real, b: positive = 1) y: real { mean = mu }\n"), @r###"
error[E0101]: expected `over`, found `y`
 --> test.nem:1:47
  |
1 | likelihood laplace(mu: real, b: positive = 1) y: real { mean = mu }
  |                                               ^ expected `over`
  |
  = help: a likelihood says what it is over, after its parameters: `likelihood laplace(mu: real) over y: real { … }`
"###);
    insta::assert_snapshot!(messages("fn f(x) = 2x + 1\nfn g(x) = x ** 2\n"), @r###"
error[E0101]: a number runs into a name
 --> test.nem:1:11
  |
1 | fn f(x) = 2x + 1
  |           ^^ neither a number nor a name
  |
  = help: write `2 * x` for a product; a name cannot begin with a digit

error[E0101]: powers are written with `^`
 --> test.nem:2:13
  |
2 | fn g(x) = x ** 2
  |             ^^ not a part of nem
  |
  = help: write `x^2`
"###);
    insta::assert_snapshot!(messages("data d { x: real = csv('a.csv') }\n"), @r###"
error[E0101]: texts stand in double quotes
 --> test.nem:1:24
  |
1 | data d { x: real = csv('a.csv') }
  |                        ^^^^^^^ not a text
  |
  = help: write `"a.csv"`
"###);
    insta::assert_snapshot!(messages("train M on d {\n    shuffle\n    noise y <- y * n\n}\n"), @r###"
error[E0101]: the setting `shuffle` has no value
 --> test.nem:2:5
  |
2 |     shuffle
  |     ^^^^^^^ expected a value after this
  |
  = help: key and value stand on one line: `epochs 40`
"###);
    insta::assert_snapshot!(messages("fn f(x) =\n"), @r###"
error[E0101]: expected an expression, but the declaration ends here
 --> test.nem:1:9
  |
1 | fn f(x) =
  |         ^ expected an expression after this
  |
  = help: a function is written like this: `fn logistic(o: real) -> unit = 1 / (1 + exp(-o))`
"###);
}
