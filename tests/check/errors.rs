//! What is wrong with a program, or suspicious: code, place and remedy.

use nemlang::check::{Declarations, check_all};
use nemlang::diag::{MessageFormat, render};
use nemlang::source::Sources;
use nemlang::stdlib;

use super::{CLASSIFIER, check};

/// Programs whose «first error» is marked, its code, and a part of what is said about it.
const WRONG: &[(&str, &str, &str)] = &[
    // names
    ("model M { input x: real  observe y ~ gaussian(«z», 1) }", "E0201", "declare `z`; known here: x"),
    ("model M { input x: real  observe y ~ «gausian»(x, 1) }", "E0201", "did you mean `gaussian`?"),
    ("model M { input x: real  observe y ~ gaussian(«afine»(x, 1), 1) }", "E0201", "did you mean `affine`?"),
    ("train «M» on d { }", "E0201", "there is no model `M`"),
    ("fn f(x: real) = x  fn «f»(y: real) = y", "E0202", "first declared here"),
    ("fn «exp»(x: real) = x", "E0202", "mathematical function"),
    ("model M { input x: real  input «x»: real  observe y ~ gaussian(x, 1) }", "E0202", "first declared here"),
    ("model M(n = 2) { input «n»: real  observe y ~ gaussian(n, 1) }", "E0202", "first declared here"),
    ("model M { input x: real  observe y ~ «logistic»(x) }", "E0203", "`logistic` is a function, and a likelihood"),
    ("model M { input x: real  a = «gaussian»(x, 1)  observe y ~ gaussian(a, 1) }", "E0203", "`h ~ gaussian(…)`"),
    ("model M { input x: real  observe y ~ gaussian(«relu», 1) }", "E0203", "call it with arguments"),
    ("model M { input x: real  observe y ~ gaussian(«x»(1), 1) }", "E0203", "cannot be called"),
    ("model M { input x: real  observe y ~ «gaussian» }", "E0203", "write `gaussian(…)`"),
    ("fn f(x: real) = «affine(x, 3)»", "E0203", "outside a model"),
    ("model M { input x: «reel»  observe y ~ gaussian(x, 1) }", "E0204", "did you mean `real`?"),
    ("model M { input x: real  «a» = b + x  b = a  observe y ~ gaussian(a, 1) }", "E0205", "a → b → a"),
    ("fn «f»(x: real) = g(x)  fn g(x: real) = f(x)", "E0205", "f → g → f"),
    ("data d { «x»: real = y take 3  y: real = x }", "E0205", "x → y → x"),
    // shapes
    (
        "model M { input x: real[3]  observe y ~ gaussian(«x + affine(x, 2)», 1) }",
        "E0301",
        "a vector of length 3 meets",
    ),
    (
        "model M { input x: real[3]  observe y: real[2] ~ gaussian(«x», 1) }",
        "E0301",
        "the variable is a vector of length 2",
    ),
    ("model M { input x: real[3]  param W: real[2, 3] = 1  observe y ~ gaussian(«x @ W», 1) }", "E0301", "`v @ W`"),
    ("model M { observe y: one_hot[4] ~ categorical(softmax(«0»)) }", "E0301", ""),
    ("model M { input x: «simplex»  observe y ~ gaussian(x, 1) }", "E0301", "write `simplex[10]`"),
    ("model M { input x: «real[2, 3]»  observe y ~ gaussian(x, 1) }", "E0301", "put the elements into one vector"),
    ("fn f(x: real) = sum(«x»)", "E0301", "`x: real[K]`"),
    ("likelihood l(m: real[K]) over y: real[K] { log_density = «y - m» }", "E0301", "`sum(…)`"),
    (
        "model M { input x: real  param c: ordered[3]  observe y: one_hot[3] ~ ordinal(x, «c») }",
        "E0301",
        "the variable is a vector of length 2",
    ),
    (
        "model M { param c: ordered[3]  observe y: «one_hot[1]» ~ ordinal(0, c) }",
        "E0301",
        "the variable is a vector of length 2",
    ),
    ("model M { input x: real[2]  observe y ~ multivariate_gaussian(x, «x») }", "E0301", "give a matrix"),
    (
        "layer l(x: real[N]) -> real[3] { param W: real[N, 2]  return «x @ W» }
      model M { input x: real[4]  observe y ~ gaussian(l(x), 1) }",
        "E0301",
        "called here",
    ),
    // supports
    ("model M { input x: real  observe y ~ gaussian(x, «-1») }", "E0302", "must be positive, and -1 is not"),
    ("model M { input x: real  observe y ~ bernoulli(«affine(x, 1)») }", "E0302", "`bernoulli(p = logistic(…))`"),
    ("model M { input x: real[3]  observe y ~ categorical(«x») }", "E0302", "`categorical(p = softmax(…))`"),
    ("model M { input x: real  observe y ~ bipolar_bernoulli(«x») }", "E0302", "tanh(…)"),
    ("model M { input x: unit  observe y: «binary» ~ gaussian(x, 1) }", "E0302", "declare it `real`"),
    ("model M { param p: «binary» = 1  observe y ~ bernoulli(p) }", "E0302", "gradients do not move"),
    ("model M { param p: positive = «0»  observe y ~ gaussian(0, p) }", "E0302", "strictly inside"),
    ("model M { param p: positive ~ «bernoulli(0.5)»  observe y ~ gaussian(0, p) }", "E0302", "covers the support"),
    ("fn f(_o: real) -> unit = «2»", "E0302", "never lies in"),
    ("fn f(x: real) = x * «ln(0)»", "E0302", "`ln` has no value at 0"),
    ("fn f(x: real) = «x / 0»", "E0302", "division by zero"),
    ("data d { x: binary = «draw gaussian(0, 1)» take 3 }", "E0302", "declare it `real`"),
    // arguments
    ("model M { observe y: real ~ «gaussian()» }", "E0303", "write `gaussian(mu, sigma = …)`"),
    ("model M { observe y: real ~ gaussian(0, 1, «2») }", "E0303", "takes 2 arguments"),
    ("model M { observe y: real ~ gaussian(0, «tau» = 2) }", "E0303", "takes no argument `tau`"),
    ("model M { observe y: real ~ gaussian(0, mu = «2») }", "E0303", "given twice"),
    ("model M { observe y: real ~ gaussian(mu = 0, «2») }", "E0303", "name this argument too"),
    ("fn f(x: real) = «max(x)»", "E0303", "write `max(x, y)`"),
    ("model M { input x: «interval(1, 0)»  observe y ~ gaussian(x, 1) }", "E0303", "lower one first"),
    ("data d { x: real = «csv(\"a.csv\")» }", "E0303", "write `csv("),
    // sizes
    ("model M(n = «2.5») { input x: real[n]  observe y ~ gaussian(x, 1) }", "E0304", "2.5 is not"),
    ("model M { input x: real[«0»]  observe y ~ gaussian(x, 1) }", "E0304", "positive whole number"),
    ("model M { input x: real  observe y ~ gaussian(«affine(x, 1e12)», 1) }", "E0304", "beyond the limit"),
    ("data d { x: real = draw gaussian(0, 1) take «0» }", "E0304", "whole number from 1"),
    ("data d { x: real = «csv(\"a.csv\", \"x\")[3..1]» }", "E0304", "[1..3]"),
    ("fn f(x: real[3]) = sum(«x[2..4]»)", "E0304", "not all within 1..3"),
    ("fn f(x: real[K]) = sum(«x[0..K]»)", "E0304", "components count from 1"),
    ("fn f(x: real[K]) = sum(«x[3..K]»)", "E0304", "not all within 1..K"),
    ("fn f(x: real[K]) = sum(x[«K / 2»..K])", "E0304", "the name of a length"),
    ("fn f(x: real) = sum(«x»[1..2])", "E0301", "such as `x: real[K]`"),
    // what is missing
    ("model «M» { input _x: real }", "E0305", "`observe y: … ~ likelihood(…)`"),
    ("likelihood «l»(_m: real) over y: real { }", "E0306", "`log_density = …`"),
    ("likelihood l(«m») over y: real { log_density = y - m }", "E0306", "`m: real`"),
    (
        "likelihood l(m: real) over y: real { log_density = -(y - m)^2 }
      model M { input x: real  h ~ «l(x)»  observe y ~ gaussian(h, 1) }",
        "E0306",
        "stands for its mean",
    ),
    ("data d { «x» = idx(\"a\") }", "E0306", "needs a type"),
    ("data d { «x: real = linspace(0, 1)» }", "E0306", "add `take 200`"),
    ("data d { «x: real = idx(\"a\")»  y: real = idx(\"b\")  test { y = idx(\"c\") } }", "E0306", "add a line `x = …`"),
    // randomness, and what is not there yet
    (
        "likelihood l(m: real) over y: real { log_density = y - m  draw = u where u ~ «uniform(0, 1)» }",
        "E0308",
        "standard_uniform()",
    ),
    ("likelihood l(m: real) over y: real { log_density = y - m + «standard_normal»() }", "E0308", "where u ~"),
    (
        "likelihood l(m: real) over y: real { log_density = y - m  mean = m where «u» ~ standard_normal() }",
        "E0308",
        "remove the `where`",
    ),
    ("model M { input x: real  a = «draw gaussian(0, 1)»  observe y ~ gaussian(a + x, 1) }", "E0308", "h ~ likelihood"),
    ("model M { input x: real[2]  observe y ~ gaussian(«x[1]», 1) }", "E0309", "not know elements picked"),
    (
        "model M { input x: real[2]  param W: real[2, 2]  observe y ~ gaussian([x, «W»], 1) }",
        "E0301",
        "holds numbers and vectors",
    ),
    ("model M { input x: real[2]  observe y ~ gaussian(«[]», 1) }", "E0302", "an empty list"),
    ("data d { x: real = «[1, 2]» take 3 }", "E0309", "lists in data"),
    // data against data
    ("data d { x: real[2] = idx(\"a\")  y: real = «x» }", "E0406", "give both the same length"),
    ("data d { x: real = idx(\"a\")  test { x: «unit» = idx(\"b\") } }", "E0406", "leave the type out"),
    // noise where there is no density
    (
        "data d { x: real = linspace(0, 1) take 9  y: positive = exp(x) }
         model M { input x: real  observe y ~ exponential(softplus(affine(x, 1))) }
         train M on d { compare none, blind «noise y += gaussian(0, 1)» }",
        "W0502",
        "out of its support",
    ),
    (
        "model M { input x: real[2]  param S: «positive_definite[2, 2]»  observe y ~ gaussian_covariance(x, S) }",
        "E0306",
        "init gaussian(0, 1)",
    ),
    // growth
    ("fn f(x: real) = «x + sin(x)»  fn g(x: real) = f(f(f(f(f(f(f(f(f(f(f(f(f(f(x))))))))))))))", "E0602", "split it"),
];

/// A training of a small model, with these settings.
fn training(settings: &str) -> String {
    format!(
        "data d {{ x: real = draw uniform(0, 1) take 9  y: real = sin(x) }}
         model M {{ input x: real  h ~ bernoulli(logistic(affine(x, 3)))  observe y: real ~ gaussian(affine(h, 1), 1) }}
         train M on d {{ {settings} }}"
    )
}

/// The same for settings of a training.
const WRONG_SETTINGS: &[(&str, &str, &str)] = &[
    ("«bach» 10", "E0501", "did you mean `batch`?"),
    ("epochs 1 «epochs» 2", "E0202", "set twice"),
    ("epochs «0»", "E0502", "a whole number from 1"),
    ("«epochs 1, 2»", "E0502", "takes one value"),
    ("batch «1.5»", "E0502", "a whole number from 1"),
    ("optimizer «sdg»(rate = 1)", "E0502", "did you mean `sgd`?"),
    ("optimizer sgd(rate = «-1»)", "E0502", "above 0"),
    ("optimizer adam(beta1 = «1»)", "E0502", "below 1"),
    ("seeds «3..1»", "E0502", "`seeds 1..3`"),
    ("«seeds 1, 1»", "E0502", "names 1 twice"),
    ("seeds «1..1000000000»", "E0502", "more than 10000"),
    ("compare «nme»", "E0502", "`nem`"),
    ("«compare none, none»", "E0502", "names none twice"),
    ("select «flip»", "E0502", "drop, reflect"),
    ("compare none, nem noise y += gaussian(0, 1) cooled «-1»", "E0502", "would grow"),
    ("select «best_of»", "E0502", "takes one number"),
    ("estep «often»", "E0502", "mean_field"),
    ("compare none, nem noise «z» += gaussian(0, 1)", "E0201", "no variable `z`"),
    ("compare none, nem noise y += gaussian(0, 1) «noise y *= gaussian(1, 1)»", "E0503", "keep one"),
    ("compare none, nem noise y <- «y + 1» where n ~ gaussian(1, 1)", "E0503", "free of the noise"),
    ("compare none, nem noise y <- y + «m» where n ~ gaussian(1, 1)", "E0201", "`m` is not declared"),
    ("compare none, nem noise y += categorical(«0.5»)", "E0302", ""),
    ("compare none, nem noise y += gaussian(0, «0»)", "E0302", "must be positive"),
    ("«compare none, nem»", "E0503", "`noise y += gaussian(0, 0.4) cooled 1`"),
    ("«noise y += gaussian(0, 1)»", "W0501", "`compare none, nem`"),
    ("compare none, blind noise y += gaussian(0, 1) «select reflect»", "W0501", "no arm selects"),
];

#[test]
fn every_error_is_told_at_its_place_with_its_remedy() {
    let settings = WRONG_SETTINGS.iter().map(|(marked, code, said)| (training(marked), *code, *said));
    let cases = WRONG.iter().map(|(marked, code, said)| (marked.to_string(), *code, *said)).chain(settings);
    let differences: Vec<String> = cases.filter_map(|(marked, code, said)| difference(&marked, code, said)).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// How what is said about a program differs from what should be.
fn difference(marked: &str, code: &str, said: &str) -> Option<String> {
    let program = marked.replace(['«', '»'], "");
    let place = (marked.find('«')?, marked.find('»')? - '«'.len_utf8());
    let mut sources = Sources::default();
    let (declarations, mut problems) = Declarations::from_text("test.nem", &program, None, &mut sources);
    problems.extend(check_all(&declarations).1);
    let text = render(&problems, &sources, MessageFormat::Text, false);
    let sorted = problems.sorted();
    let first = sorted.iter().find(|d| d.is_error()).or(sorted.first());
    let same = first.is_some_and(|d| {
        let span = d.primary.as_ref().map(|(span, _)| (span.start, span.end));
        d.code.id == code && span == Some(place) && d.help.is_some() && text.contains(said)
    });
    (!same).then(|| format!("expected {code}, {said}: {marked}\n{text}"))
}

#[test]
fn no_mutilated_program_stops_the_checker() {
    let programs = [CLASSIFIER.to_string(), training("epochs 3 noise y += gaussian(0, 1) cooled 1 compare none, nem")];
    let library = stdlib::FILES.iter().map(|(_, text)| text.to_string());
    for program in programs.into_iter().chain(library) {
        // Of a long program only some words are broken.
        const MOST: usize = 60;
        let words: Vec<&str> = program.split_inclusive([' ', '(', ')', '[', ']', ',', '\n']).collect();
        for at in (0..words.len()).step_by(words.len().div_ceil(MOST)) {
            let other = [words[(at * 7 + 3) % words.len()]];
            let replacements: [&[&str]; 5] = [&[], &other, &["1e9 "], &["x "], &["-0.5)"]];
            let broken = [&words[..at], replacements[at % 5], &words[at + 1..]].concat().concat();
            check(&broken);
        }
    }
}

#[test]
fn what_rests_on_something_broken_is_not_reported_again() {
    let (_, said) = check(
        "likelihood l(m: rael) over y: real { log_density = y - m  mean = m }
         model M { input x: real[2]  h ~ l(x)  a = h + 1  observe y ~ gaussian(a, 1)  observe z ~ gaussian(affine(h, 2), -1) }
         data d { x: real[2] = idx(\"a\")  y: real[2] = idx(\"b\")  z: real[2] = idx(\"c\") }
         train M on d { compare none }",
    );
    assert_eq!(said.matches("error[").count(), 2, "{said}");
}

/// The warnings about a program without errors, as `code name`.
fn warnings(program: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let (declarations, problems) = Declarations::from_text("test.nem", program, None, &mut sources);
    assert!(problems.is_empty());
    let found = check_all(&declarations).1;
    assert!(!found.has_errors(), "{}", render(&found, &sources, MessageFormat::Text, false));
    let place =
        |d: &nemlang::diag::Diagnostic| d.primary.as_ref().map_or("", |(span, _)| sources.text(*span)).to_string();
    found.sorted().iter().map(|d| format!("{} {}", d.code.id, place(d))).collect()
}

#[test]
fn what_is_declared_and_never_used_is_a_warning() {
    let program = "
        fn f(a, b) = a
        likelihood l(m: real, k: real) over y: real { log_density = y - m  draw = u where u ~ standard_normal(), v ~ standard_normal() }
        layer e(x: real[N], size, rest) -> real[size] { param W: real[N, size]  param V: real  d = 2  return x @ W }
        model M(n = 2, k = 3) { input x: real[n]  input z: real  param p: real  s = x * 2  h ~ gaussian(x, 1)  observe y ~ gaussian(x, 1) }
    ";
    let expected = ["b", "k", "v", "rest", "V", "d", "k", "z", "p", "s", "h"].map(|name| format!("W0201 {name}"));
    assert_eq!(warnings(program), expected);
    assert!(warnings("fn f(a, _b) = a").is_empty());
}
