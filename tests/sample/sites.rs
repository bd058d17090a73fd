//! Noise in any variable at given numbers, against log-densities with that variable moved.

use super::*;
use nemlang::sample::{Wish, draws};
use nemlang::session::{Asked, Looked};

fn looked(session: &mut Session, name: Option<&str>, at: &str, statement: &str, criterion: Criterion) -> Looked {
    let statements = [statement.to_string()];
    let asked = Asked { injections: &[], statements: &statements, criterion };
    session.look(name, at, &asked).unwrap_or_else(|problems| panic!("{statement}: {problems:?}"))
}

/// ln f of a likelihood at a point.
fn ln_f(name: &str, at: &str) -> f64 {
    let place = place(name, at);
    place.value(place.log_density).scalar()
}

#[test]
fn noise_in_any_variable_of_a_likelihood_compares_log_densities() {
    type Moved = fn(f64) -> String;
    let cases: [(&str, &str, Moved); 6] = [
        ("gaussian", "sigma *= n", |n| format!("y=2, mu=0, sigma={}", 1.5 * n)),
        ("gaussian", "mu += n", |n| format!("y=2, mu={}, sigma=1.5", n - 1.0)),
        ("gaussian", "y <- y + (mu - y) * (n - 1)", |n| format!("y={}, mu=0, sigma=1.5", 2.0 - 2.0 * (n - 1.0))),
        ("poisson", "rate *= n", |n| format!("y=4, rate={}", 2.5 * n)),
        ("gaussian", "sigma *= n", |n| format!("y=[2, -1, 3], mu=[0, 1, 0], sigma={}", 1.5 * n)),
        ("gaussian_covariance", "S *= n", |n| format!("y=[2, 3], mu=[0, 0], S=[[{0}, {n}], [{n}, {0}]]", 2.0 * n)),
    ];
    for (name, statement, moved) in cases {
        let noise = looked(&mut session(), Some(name), &moved(1.0), statement, Criterion::Nem).noises.remove(0);
        for step in 1..40 {
            // Of added noise 1 is the zero: the points above are those at n = 1.
            let n = f64::from(step) / 10.0;
            let given = if statement.contains("+= n") { n - 1.0 } else { n };
            let (found, wanted) = (noise.delta(&[given]), ln_f(name, &moved(n)) - ln_f(name, &moved(1.0)));
            assert!(
                (found - wanted).abs() < 1e-9 * (1.0 + wanted.abs()),
                "{name}, {statement}, n = {n}: {found}, {wanted}"
            );
            assert!(wanted.abs() < 1e-9 || noise.contains(&[given]) == (wanted > 0.0), "{name}, {statement}, n = {n}");
        }
    }
}

const NETWORK: &str = "\
model Two {
    input x: real
    h ~ bernoulli(logistic(affine(x, 2)))
    observe y: real ~ gaussian(affine(h, 1), 1)
}
";

const WEIGHTS: &str = "x=0.5, y=0.2, h.W=[[1, -2]], h.b=[0.3, 0], y.W=[[2], [1]], y.b=-1";

#[test]
fn noise_in_an_input_of_a_model_passes_through_the_network() {
    let error = |x: f64| {
        let logistic = |o: f64| 1.0 / (1.0 + (-o).exp());
        0.2 - (2.0 * logistic(x + 0.3) + logistic(-2.0 * x) - 1.0)
    };
    let mut session = Session::from_text("network.nem", NETWORK, None);
    let noise = looked(&mut session, None, WEIGHTS, "x += n", Criterion::Nem).noises.remove(0);
    for step in -30..30 {
        let n = f64::from(step) / 10.0;
        let wanted = (error(0.5).powi(2) - error(0.5 + n).powi(2)) / 2.0;
        assert!((noise.delta(&[n]) - wanted).abs() < 1e-12, "{n}");
        assert!(wanted.abs() < 1e-9 || noise.contains(&[n]) == (wanted > 0.0), "{n}");
    }
}

#[test]
fn noise_in_a_hidden_variable_needs_what_its_condition_speaks_of() {
    let mut session = Session::from_text("network.nem", NETWORK, None);
    for (criterion, at) in [
        (Criterion::Nem, "h.o=[1, -2]"),
        (Criterion::Anti, "h.o=[1, -2]"),
        (Criterion::Ascent, "h.o=[1, -2], h=[1, 0]"),
    ] {
        let Looked { noises, proposal, .. } = looked(&mut session, None, at, "h += gaussian(0, 0.5)", criterion);
        let wish = Wish { count: 50, seed: 1, best_of: 1 };
        let found = draws(&noises[0], &proposal.unwrap(), wish).unwrap();
        let rises = |n: &Vec<f64>| match criterion {
            Criterion::Nem => n[0] - 2.0 * n[1] >= 0.0,
            Criterion::Anti => n[0] - 2.0 * n[1] <= 0.0,
            // h − logistic(o), of 1 and −2.
            Criterion::Ascent => n[0] * 0.268_941_421_4 - n[1] * 0.119_202_922 >= -1e-9,
        };
        assert!(found.noises.iter().all(rises), "{criterion:?}");
    }
}

#[test]
fn one_number_counts_for_every_component_of_a_variable() {
    let mut session = Session::from_text("network.nem", NETWORK, None);
    let noise = looked(&mut session, None, "h.o=2", "h += n", Criterion::Nem).noises.remove(0);
    assert_eq!(noise.delta(&[0.5, 0.25]), 1.5);
}

#[test]
fn noise_in_a_matrix_of_a_model_scales_it() {
    let line = "model Line {\n    input x: real[2]\n    param W: real[2, 1] = init gaussian(0, 1)\n    \
                observe y: real ~ gaussian(sum(x @ W), 1)\n}\n";
    let mut session = Session::from_text("line.nem", line, None);
    let at = "x=[1, 2], W=[[1], [-0.25]], y=2";
    let noise = looked(&mut session, None, at, "W *= n", Criterion::Nem).noises.remove(0);
    // x W = 1/2
    assert!([-1.0, 0.5, 3.0].map(|n| noise.delta(&[n]) - (2.25 - (2.0 - n / 2.0).powi(2)) / 2.0) == [0.0; 3]);
    assert!(noise.contains(&[6.9]) && !noise.contains(&[7.1]) && !noise.contains(&[0.9]));
}
