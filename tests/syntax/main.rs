//! Reading programs, telling what is wrong with them, and writing them.

mod look;
mod messages;
mod random;
mod reading;
mod robust;

use nemlang::diag::{MessageFormat, Problems, render};
use nemlang::source::{FileId, SourceFile, Sources, Span};
use nemlang::syntax::{self, ast::*};

const FILE: FileId = FileId(0);

fn sources(text: &str) -> Sources {
    let mut sources = Sources::default();
    sources.add(SourceFile { name: "test.nem".into(), text: text.into() });
    sources
}

fn messages(text: &str) -> String {
    let (_, problems) = syntax::parse(FILE, text);
    render(&problems, &sources(text), MessageFormat::Text, false)
}

fn good(text: &str) -> Program {
    let (program, problems) = syntax::parse(FILE, text);
    assert!(problems.is_empty(), "{text}\n{}", messages(text));
    program
}

fn one(text: &str) -> Decl {
    good(text).decls.remove(0)
}

fn term(text: &str) -> Term {
    syntax::parse_term(FILE, text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

/// The tree as text, without its spans.
fn shape(tree: &impl std::fmt::Debug) -> String {
    let text = format!("{tree:?}");
    let mut pieces = text.split("Span {");
    let first = pieces.next().unwrap_or("").to_string();
    pieces.fold(first, |shape, piece| shape + piece.split_once('}').map_or(piece, |(_, rest)| rest))
}

/// The programs of the design that this version covers.
const PROGRAMS: &[&str] = &[
    r#"use "layers.nem"

/// Handwritten digits.
///
/// A thousand of them.
data digits {
    x: real[784]   = idx("data/mnist-1k/train-images.gz") / 255
    y: one_hot[10] = idx("data/mnist-1k/train-labels.gz")  // integer labels become one-hot
    test {
        x = idx("data/mnist-1k/test-images.gz") / 255
        y = idx("data/mnist-1k/test-labels.gz")
    }
}

model Classifier(hidden = 40) {
    input x: real[784]
    h1 ~ bernoulli(logistic(affine(x, hidden)))
    h2 ~ bernoulli(logistic(affine(h1, hidden)))
    // the last layer
    observe y: one_hot[10] ~ categorical(softmax(affine(h2, 10)))
}

train Classifier(hidden = 20) on digits {
    epochs 40
    batch 100
    optimizer sgd(rate = 1.0)
    seeds 1..5
    noise y += gaussian(0, 0.42) cooled 1  // cooled τ: scale times epoch^−τ
    compare none, blind, nem, anti
}
"#,
    r#"likelihood laplace(mu: real, b: positive = 1) over y: real {
    log_density = -abs(y - mu) / b - ln(2 * b)
    mean        = mu
    draw        = mu - b * sign(u) * ln(1 - 2 * abs(u)) where u ~ uniform(-0.5, 0.5)
}
"#,
    r#"model Sine {
    input x: real
    h ~ bernoulli(logistic(affine(x, 10)))
    observe y: real ~ gaussian(affine(h, 1), 1)
}
train Sine on waves {
    noise y += gaussian(0, 0.5) cooled 1
    noise h *= gaussian(0, 0.1)
    noise y <- y * (1 + n) where n ~ uniform(-0.2, 0.2) cooled 2
    select reflect      // or drop, resample, best_of(8)
    estep importance(10)  // or mean_field, exact
}
"#,
    r#"model Mixture(K = 2) {
    param weight: simplex[K]
    param mu: real[K]
    param sigma: positive[K]
    z ~ categorical(weight)
    observe y: real ~ gaussian(mu[z], sigma[z])
}
data pairs { y: real = draw Mixture(weight = [0.5, 0.5], mu = [-2, 2], sigma = [2, 2]) take 400 seed 7 }
train Mixture on pairs { method em(tolerance = 1e-3)  noise y += gaussian(0, 1.9) cooled 2  compare none, blind, nem }
"#,
    r#"fn logistic(o: real) -> unit = 1 / (1 + exp(-o))
layer affine(x: real[N], size, scale = glorot) -> real[size] {
    param W: real[N, size] ~ gaussian(0, 1) = init scale(N, size)
    param b: interval(-1, 1)[size]          = 0
    z = x @ W
    return z + b
}
likelihood cauchy(mu: real, g: positive) over y: real { log_density = -ln(1 + ((y - mu) / g)^2) - ln(pi * g) }
"#,
];

fn spans_are_inside(problems: &Problems, text: &str) -> bool {
    let inside = |span: &Span| span.start <= span.end && text.get(span.start..span.end).is_some();
    problems.iter().all(|d| d.primary.iter().chain(&d.related).all(|(span, _)| inside(span)))
}
