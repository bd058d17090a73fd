//! Learned values: whose they are, where they start, in which support they stay, and their priors.

use nemlang::check::Checked;
use nemlang::expr::print::text;
use nemlang::model::{Init, Instance, Kind};

use super::{CLASSIFIER, clean, init};

#[test]
fn weights_start_with_the_deviation_that_the_layer_asks_for() {
    let checked = clean(CLASSIFIER);
    let Kind::Parameter(p) = &checked.models[0].node("h1.W").unwrap().kind else { panic!() };
    assert_eq!(init(&p.init), [0.0, (2.0 / 824.0_f64).sqrt()]);
}

#[test]
fn every_layer_has_parameters_of_its_own() {
    let checked = clean(
        "layer two(x: real[N], size) -> real[size] { return relu(affine(x, size)) + affine(x, size) }
         model M { input x: real[3]  observe y ~ gaussian(two(affine(x, 4), 2), 1) }",
    );
    let names: Vec<&str> = checked.models[0].parameters().map(|(n, _)| n.name.as_str()).collect();
    assert_eq!(names, ["y.W", "y.b", "y.3.W", "y.3.b", "y.4.W", "y.4.b"]);
    assert_eq!(checked.models[0].node("y.3.W").map(|n| n.shape), Some((4, 2)));
}

#[test]
fn a_parameter_moves_freely_and_its_value_stays_in_the_support() {
    let checked = clean(
        "model M {
             param r: real = 2
             param s: positive ~ exponential(3) = 2
             param u: unit = 0.25
             param i: interval(-1, 3) = 0
             param w: simplex[4] = 0.25
             observe y: real ~ gaussian(r * u + i, s)
             observe z ~ categorical(w)
         }",
    );
    let expected =
        [("raw_s", "exp(raw_s)", 2.0), ("raw_u", "logistic(raw_u)", 0.25), ("raw_i", "4 logistic(raw_i) − 1", 0.0)];
    let model = &checked.models[0];
    for ((node, p), (raw, value, start)) in model.parameters().skip(1).zip(expected) {
        let simple = nemlang::expr::simplify(p.value, &mut Default::default());
        assert_eq!((text(p.raw).as_str(), text(simple).as_str()), (raw, value), "{}", node.name);
        let Init::Constant(x) = p.init else { panic!() };
        let bound = [(p.raw, nemlang::expr::Value::Scalar(x))].into();
        let at_start = nemlang::expr::evaluate(p.value, &bound).unwrap().scalar();
        assert!((at_start - start).abs() < 1e-12, "{} starts at {at_start}", node.name);
    }
    let (node, real) = model.parameters().next().unwrap();
    assert!(real.raw == node.var && real.value == node.var);
    assert!(model.parameters().nth(1).unwrap().1.prior.is_some());
}

/// The prior of each parameter, as it is called.
fn priors(checked: &Checked) -> Vec<(String, Option<String>)> {
    let call = |i: &Instance| {
        format!("{}({})", i.likelihood.name, i.args.iter().map(|a| text(*a)).collect::<Vec<_>>().join(", "))
    };
    let parameters = checked.models[0].parameters();
    parameters.map(|(node, p)| (node.name.clone(), p.prior.as_ref().map(call))).collect()
}

#[test]
fn a_layer_takes_a_prior_for_its_weights_and_none_by_default() {
    let checked = clean(
        "layer gated(x: real[N], size, belief = laplace(0, 1 / 4), start = gaussian(0, 0.1)) -> real[size] {
             param V: real[N, size] ~ belief = init start
             return affine(x, size, prior = belief) * (x @ V)
         }
         model M {
             input x: real[3]
             param w: real[3] ~ flat = init gaussian(0, 1)
             h ~ bernoulli(logistic(affine(x, 4, prior = gaussian(0, 2))))
             g ~ bernoulli(logistic(gated(h, 2)))
             k ~ bernoulli(logistic(gated(g, 2, flat)))
             observe y ~ gaussian(affine(k, 1) + w @ x, 1)
         }",
    );
    let expected = [
        ("w", None),
        ("h.W", Some("gaussian(0, 2)")),
        ("h.b", None),
        ("g.V", Some("laplace(0, 1/4)")),
        ("g.2.W", Some("laplace(0, 1/4)")),
        ("g.2.b", None),
        ("k.V", None),
        ("k.2.W", None),
        ("k.2.b", None),
        ("y.W", None),
        ("y.b", None),
    ];
    let expected = expected.map(|(name, prior)| (name.to_string(), prior.map(String::from)));
    assert_eq!(priors(&checked), expected);
}

#[test]
fn a_program_may_call_something_else_flat() {
    let checked =
        clean("fn flat(x: real) = x / 2  model M { input x: real  observe y ~ gaussian(flat(affine(x, 1)), 1) }");
    assert_eq!(priors(&checked)[0], ("y.W".to_string(), None));
}
