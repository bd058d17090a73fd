//! Derivations as LaTeX and as SymPy. The structure of both is always checked; what LaTeX and Python themselves say of them
//! where this machine has them.

mod latex;
mod sympy;

use nemlang::derive::ProgramDerivation;
use nemlang::session::Session;

/// A model with every kind of layer, with priors, and names that need care.
const PROGRAM: &str = "
likelihood student(mu: real, nu: positive = 3) over y: real {
    log_density = -(nu + 1) / 2 * ln(1 + (y - mu)^2 / nu)
    mean        = mu
}

model M(hidden = 3) {
    input x: real[4]
    param W: real[4, 3] = init gaussian(0, 1)
    param b: real[3]
    param w: real[3] = init gaussian(0, 1)
    h1 ~ bernoulli(logistic(affine(x, hidden, prior = gaussian(0, 2))))
    h2 ~ bernoulli(logistic(affine(h1, hidden, prior = laplace(0, 0.1))))
    g ~ gaussian(softmax(affine(h2, 3)), 2)
    observe y: bipolar[3] ~ bipolar_bernoulli(tanh(x @ W + b))
    observe z: real ~ laplace(g @ w)
    observe lambda: one_hot[3] ~ categorical(softmax(affine(g, 3)))
    observe my_rate: positive[2] ~ exponential(softplus(affine(x, 2)))
}

model Energy {
    param W: real[3, 2] = init gaussian(0, 0.1)
    param b: real[3]
    param tau: positive = 1
    observe v: real[3]
    latent h: bipolar[2]
    latent beta: one_hot[2]
    latent g: positive[2]
    energy tau * sum((v - b)^2) / 2 - v @ W @ h - v @ W @ beta + sum(g^2) - v @ W @ g
}";

/// What is derived of the program, and of every likelihood of the standard library.
fn derivations() -> Vec<(String, ProgramDerivation)> {
    let program = Session::from_text("test.nem", PROGRAM, None);
    let library = Session::library();
    let names: Vec<String> = library_likelihoods();
    let mut all = vec![("the program".to_string(), derived(&program, None))];
    all.extend(names.into_iter().map(|name| (name.clone(), derived(&library, Some(&name)))));
    all
}

fn derived(session: &Session, name: Option<&str>) -> ProgramDerivation {
    assert!(!session.problems.has_errors(), "{:?}", session.problems.sorted());
    session.derive(name).unwrap_or_else(|problems| panic!("{name:?}: {:?}", problems.sorted()))
}

/// The names after `likelihood` in the files of the standard library.
fn library_likelihoods() -> Vec<String> {
    let lines = nemlang::stdlib::FILES.iter().flat_map(|(_, text)| text.lines());
    let heads = lines.filter_map(|line| line.strip_prefix("likelihood "));
    heads.filter_map(|head| head.split('(').next()).map(String::from).collect()
}
