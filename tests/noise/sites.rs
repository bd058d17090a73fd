//! Noise elsewhere than in an outcome, and by other injections: requests as start ⇒ goal, against plain differences.

use nemlang::expr::{Bindings, Dim, Shape, Value, evaluate, free_variables, print};
use nemlang::report::derivation;
use nemlang::session::Session;

use super::random::Numbers;

/// A likelihood of the library, a statement, and its condition and region.
const REQUESTS: &str = "
    gaussian    | mu += n              ⇒ (y − μ − n)² ≤ (y − μ)²           ⇒ interval between 0 and 2 (y − μ)
    gaussian    | y <- y * (1 + n)     ⇒ n y ((n + 2) y − 2 μ) ≤ 0         ⇒ interval between 0 and 2 (μ/y − 1) (everything where y = 0)
    gaussian    | y <- y + sigma * n   ⇒ σ n (2 y + σ n − 2 μ) ≤ 0         ⇒ interval between 0 and 2 (μ − y)/σ
    bernoulli   | y <- 1 - n           ⇒ (y + n − 1) ln((1 − p)/p) ≥ 0     ⇒ half-line from 1 − y, direction ln((1 − p)/p)
    exponential | lambda *= n          ⇒ λ y + ln(n) − λ y n ≥ 0 and λ n ≥ 0 ⇒ interval that holds 1 and ends where Δ(n) turns negative, cut by λ n ≥ 0
";

fn ask(name: &str, statement: &str) -> (nemlang::derive::request::Requested, std::rc::Rc<nemlang::model::Likelihood>) {
    let mut session = Session::from_text("test.nem", "fn unused(x: real) = x", None);
    let mut derived = session.derive(Some(name)).unwrap();
    session.request(&mut derived, &[statement.into()]).unwrap_or_else(|p| panic!("{statement}: {:?}", p.sorted()));
    let likelihood = derived.likelihoods[0].likelihood.clone();
    (derived.likelihoods[0].requested.remove(0), likelihood)
}

#[test]
fn requests_follow_the_table() {
    let mut wrong = vec![];
    for row in REQUESTS.lines().filter(|l| !l.trim().is_empty()) {
        let parts: Vec<&str> = row.split('⇒').map(str::trim).collect();
        let (name, statement) = parts[0].split_once('|').unwrap();
        let asked = ask(name.trim(), statement.trim()).0.nem;
        let found = [derivation::condition(&asked), derivation::region(&asked)];
        if found != parts[1..] {
            wrong.push(format!("{}\n  ⇒ {} ⇒ {}\n  ≠ {} ⇒ {}", parts[0], found[0], found[1], parts[1], parts[2]));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Δ against the log-density with the noisy value put into it, by numbers alone.
#[test]
fn requests_are_differences_of_log_densities() {
    let r = &mut Numbers(11);
    for row in REQUESTS.lines().filter(|l| !l.trim().is_empty()) {
        let (name, rest) = row.split_once('|').unwrap();
        let (asked, likelihood) = ask(name.trim(), rest.split('⇒').next().unwrap().trim());
        let nem = &asked.nem;
        for _ in 0..200 {
            let mut at = Bindings::new();
            for e in free_variables(likelihood.log_density).into_iter().chain([nem.outcome, nem.noise]) {
                at.insert(e, Value::Scalar(0.1 + 0.8 * r.next()));
            }
            let before = evaluate(likelihood.log_density, &at).unwrap().scalar();
            let delta = evaluate(nem.delta, &at).unwrap().scalar();
            let noisy = evaluate(nem.noisy(), &at).unwrap();
            at.insert(nem.outcome, noisy);
            let after = evaluate(likelihood.log_density, &at).unwrap().scalar();
            assert!(
                (delta - (after - before)).abs() < 1e-12 * (1.0 + after.abs()),
                "{row}: {delta}, {after} − {before}"
            );
        }
    }
}

/// [K] (123)-(125): with the normaliser of the noiseless density, scaling the covariance up always helps. With its own
/// normaliser it does only up to a point: the paper's ratio leaves it out.
#[test]
fn scaling_the_variance_helps_above_one_when_the_normaliser_is_shared() {
    let (asked, _) = ask("gaussian", "sigma *= n");
    let shared = asked.shared.expect("a normaliser that depends on σ");
    let r = &mut Numbers(5);
    for _ in 0..200 {
        let scale = 0.1 + 3.0 * r.next();
        let mut at = Bindings::new();
        for e in free_variables(shared.delta) {
            at.insert(e, Value::Scalar(0.2 + r.next()));
        }
        let mu = free_variables(shared.delta).into_iter().find(|e| e.name().as_deref() == Some("mu")).unwrap();
        at.insert(mu, Value::Scalar(3.0));
        at.insert(shared.noise, Value::Scalar(scale));
        assert_eq!(shared.contains(&at).unwrap(), scale >= 1.0, "{scale}");
    }
}

const MODEL: &str = "
    model M {
        input x: real[2]
        h ~ bernoulli(logistic(affine(x, 3)))
        score = affine(h, 2)
        observe y: real[2] ~ gaussian(score, 1)
    }";

/// Noise in a pre-activation and in the input, against the network's own log-likelihood.
#[test]
fn noise_in_a_model_s_variables_is_derived_from_its_likelihood() {
    let mut session = Session::from_text("test.nem", MODEL, None);
    assert!(!session.problems.has_errors(), "{:?}", session.problems.sorted());
    let mut derived = session.derive(Some("M")).unwrap();
    session.request(&mut derived, &["score += n".into(), "x += n".into(), "h *= n".into()]).unwrap();
    let asked = &derived.models[0].requested;
    assert_eq!(asked[0].nem.region.kind.name(), "ball");
    assert_eq!(asked[1].nem.region.kind.name(), "general");
    assert_eq!(asked[2].nem.region.kind.name(), "half-space");
    let r = &mut Numbers(2);
    let nem = &asked[1].nem;
    let model = &session.checked.models[0];
    let ln_f = nemlang::derive::request::log_likelihood_in(model, nem.outcome);
    let mut at = Bindings::new();
    for e in free_variables(nem.delta) {
        let value = match e.shape() {
            Shape::Scalar => Value::Scalar(r.next()),
            Shape::Vector(Dim::Fixed(n)) => Value::Vector((0..n).map(|_| r.next()).collect()),
            Shape::Matrix(Dim::Fixed(n), Dim::Fixed(m)) => Value::Matrix(n, m, (0..n * m).map(|_| r.next()).collect()),
            shape => panic!("{shape:?}"),
        };
        at.insert(e, value);
    }
    let (before, delta) = (evaluate(ln_f, &at).unwrap().scalar(), evaluate(nem.delta, &at).unwrap().scalar());
    at.insert(nem.outcome, evaluate(nem.noisy(), &at).unwrap());
    let after = evaluate(ln_f, &at).unwrap().scalar();
    assert!((delta - (after - before)).abs() < 1e-12, "{delta} ≠ {after} − {before}");
    assert!(print::text(ln_f).len() > 10);
}

/// [K] (130)-(132): the output's noise reaches the hidden layer through the weights, and its condition is one on n.
#[test]
fn noise_is_carried_back_through_the_weights() {
    let session = Session::from_text("test.nem", MODEL, None);
    let derived = session.derive(Some("M")).unwrap();
    let [carried] = &derived.models[0].carried[..] else { panic!("one hidden layer below one outcome") };
    assert_eq!((carried.from.as_str(), carried.to.as_str()), ("y", "h"));
    let nem = &carried.nem;
    assert_eq!(derivation::region(nem), "half-space through 0, normal o @ W");
    let r = &mut Numbers(17);
    let mut inside = 0;
    for _ in 0..200 {
        let mut at = Bindings::new();
        for e in free_variables(nem.delta).into_iter().chain([nem.noise, nem.outcome]) {
            let mut number = || 2.0 * r.next() - 1.0;
            let value = match e.shape() {
                Shape::Vector(Dim::Fixed(n)) => Value::Vector((0..n).map(|_| number()).collect()),
                Shape::Matrix(Dim::Fixed(n), Dim::Fixed(m)) => {
                    Value::Matrix(n, m, (0..n * m).map(|_| number()).collect())
                }
                shape => panic!("{shape:?}"),
            };
            at.insert(e, value);
        }
        // (U n)ᵀ ln(a/(1 − a)) = (U n)ᵀ o by hand.
        let named =
            |name: &str| at.iter().find(|(e, _)| e.name().as_deref() == Some(name)).unwrap().1.numbers().to_vec();
        let (w, n, o) = (named("W"), named("n"), named("o"));
        let by_hand: f64 = (0..3).map(|j| o[j] * (0..2).map(|k| w[2 * j + k] * n[k]).sum::<f64>()).sum();
        assert!((evaluate(nem.delta, &at).unwrap().scalar() - by_hand).abs() < 1e-12);
        assert_eq!(nem.contains(&at).unwrap(), by_hand >= 0.0);
        inside += usize::from(by_hand >= 0.0);
    }
    assert!((20..180).contains(&inside));
}

#[test]
fn corners_are_named() {
    let corners = |name: &str| {
        let session = Session::from_text("test.nem", "fn unused(x: real) = x", None);
        let derived = session.derive(Some(name)).unwrap();
        derived.likelihoods[0].corners.iter().map(|e| print::text(*e)).collect::<Vec<_>>()
    };
    assert_eq!(corners("laplace"), ["y − μ"]);
    assert!(corners("gaussian").is_empty());
    assert_eq!(corners("rectified_gaussian"), ["y"]);
}

/// The same for a covariance matrix: K ln of the scale is what the paper's ratio leaves out.
#[test]
fn a_covariance_is_scaled_by_a_number() {
    let (asked, _) = ask("gaussian_covariance", "S *= n");
    let shared = asked.shared.expect("a normaliser that depends on S");
    assert_eq!(derivation::region(&shared).split(' ').next(), Some("interval"));
    let r = &mut Numbers(23);
    for _ in 0..100 {
        let scale = 0.2 + 3.0 * r.next();
        let mut at = Bindings::new();
        for e in free_variables(asked.nem.delta).into_iter().chain(free_variables(shared.delta)) {
            let value = match e.shape() {
                Shape::Matrix(..) => Value::Matrix(2, 2, vec![2.0, 0.5, 0.5, 1.0]),
                Shape::Vector(_) => Value::Vector(vec![4.0 * r.next() - 2.0, 4.0 * r.next() - 2.0]),
                Shape::Scalar => Value::Scalar(2.0),
            };
            at.insert(e, value);
        }
        at.insert(asked.nem.noise, Value::Scalar(scale));
        at.insert(shared.noise, Value::Scalar(scale));
        let kernel = evaluate(shared.delta, &at).unwrap().scalar();
        // By hand: q (1 − 1/n)/2 with and − K ln(n)/2 besides, q = (y − μ)ᵀ S⁻¹ (y − μ) from the first.
        let q = 2.0 * kernel / (1.0 - 1.0 / scale);
        let own = evaluate(asked.nem.delta, &at).unwrap().scalar();
        assert!(q > 0.0 && (own - (kernel - scale.ln())).abs() < 1e-9, "{own}, {kernel}, {scale}");
        assert_eq!(shared.contains(&at).unwrap(), scale >= 1.0);
    }
}
