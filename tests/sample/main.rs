//! Noise at given numbers: points, ends of regions, samplers, certificates, and the commands that show them.

mod commands;
mod draws;
mod regions;
mod sites;

use std::rc::Rc;

use nemlang::model::{Criterion, Injection, Likelihood};
use nemlang::sample::{NoiseAt, Place, Proposal};
use nemlang::session::Session;

/// Likelihoods that the library lacks.
const PROGRAM: &str = "\
likelihood two_peaks(mu: real) over y: real {
    log_density = ln(exp(-(y - mu)^2 / 2) + exp(-(y + mu)^2 / 2)) - ln(2) - ln(2 * pi) / 2
}

/// Without a name, and the same after every turn.
likelihood wrapped(mu: real, rho: unit) over y: circle {
    log_density = ln(1 - rho^2) - ln(2 * pi) - ln(1 + rho^2 - 2 * rho * cos(y - mu))
    mean        = mu
}

/// Concave in y where every shape is at least 1.
likelihood amounts(shape: positive[K]) over y: positive[K] {
    log_density = sum((shape - 1) * ln(y) - y - ln_gamma(shape))
}

/// A proposal without a distribution function that is known.
likelihood plain(low: real, high: real) over y: interval(low, high) {
    log_density = -ln(high - low)
    draw        = low + (high - low) * u where u ~ standard_uniform()
}
";

fn session() -> Session {
    Session::from_text("program.nem", PROGRAM, None)
}

fn likelihood(session: &Session, name: &str) -> Rc<Likelihood> {
    session.likelihood(Some(name)).unwrap()
}

/// Noise on a likelihood at a point.
fn noise_at(name: &str, point: &str, injection: Injection, criterion: Criterion) -> NoiseAt {
    place(name, point).noise(injection, criterion).unwrap()
}

fn added(name: &str, point: &str) -> NoiseAt {
    noise_at(name, point, Injection::Add, Criterion::Nem)
}

fn place(name: &str, point: &str) -> Place {
    let mut session = session();
    let likelihood = likelihood(&session, name);
    session.point(&likelihood, point).unwrap()
}

fn proposal(text: &str) -> Proposal {
    session().proposal(text).unwrap()
}
