//! The stdlib's likelihoods and links, built by hand.
#![allow(dead_code)]

use std::rc::Rc;

use nemlang::expr::{Dim, Domain, Expr, Shape};
use nemlang::model::{Formal, Instance, Kind, Likelihood, Model, Node, Support};
use nemlang::source::{FileId, Span};

pub fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

fn likelihood(
    name: &str,
    formals: &[(&str, Support)],
    support: Support,
    mean: impl Fn(&[Expr]) -> Expr,
    log_density: impl Fn(Expr, &[Expr], Option<Dim>) -> Expr,
) -> Rc<Likelihood> {
    let dim = support.is_vector().then(|| Expr::dimension("K"));
    let shape = dim.map_or(Shape::Scalar, Shape::Vector);
    let vars: Vec<Expr> = formals.iter().map(|(n, s)| Expr::var(n, shape, s.interior())).collect();
    let outcome = Expr::var("y", shape, support.closure());
    Rc::new(Likelihood {
        name: name.into(),
        doc: None,
        span: span(),
        formals: formals
            .iter()
            .zip(&vars)
            .map(|((n, s), v)| Formal { name: n.to_string(), var: *v, support: *s, default: None })
            .collect(),
        outcome,
        outcome_name: "y".into(),
        support,
        dim,
        log_density: log_density(outcome, &vars, dim),
        mean: Some(mean(&vars)),
        draw: None,
    })
}

pub fn stdlib(name: &str) -> Rc<Likelihood> {
    let real = Support::Real;
    let half = Expr::num(0.5);
    let first = |p: &[Expr]| p[0];
    match name {
        "gaussian" => likelihood(name, &[("mu", real), ("sigma", Support::Positive)], real, first, |y, p, _| {
            -((y - p[0]) / p[1]).powi(2) / Expr::num(2.0) - p[1].ln() - (2.0 * Expr::pi()).ln() / Expr::num(2.0)
        }),
        "bernoulli" => likelihood(name, &[("p", Support::Unit)], Support::Binary, first, |y, p, _| {
            y * p[0].ln() + (1.0 - y) * (1.0 - p[0]).ln()
        }),
        "bipolar_bernoulli" => {
            likelihood(name, &[("m", Support::Interval(-1.0, 1.0))], Support::Bipolar, first, |y, p, _| {
                half * (y + 1.0) * (half * (p[0] + 1.0)).ln() + half * (1.0 - y) * (half * (1.0 - p[0])).ln()
            })
        }
        "categorical" => likelihood(name, &[("p", Support::Simplex)], Support::OneHot, first, |y, p, d| {
            (y * p[0].ln()).sum(d.unwrap())
        }),
        "laplace" => likelihood(name, &[("mu", real), ("b", Support::Positive)], real, first, |y, p, _| {
            -(y - p[0]).abs() / p[1] - (2.0 * p[1]).ln()
        }),
        "exponential" => likelihood(
            name,
            &[("lambda", Support::Positive)],
            Support::Positive,
            |p| Expr::num(1.0) / p[0],
            |y, p, _| p[0].ln() - p[0] * y,
        ),
        "uniform" => likelihood(
            name,
            &[("low", real), ("high", real)],
            real,
            |p| half * (p[0] + p[1]),
            |_, p, _| -(p[1] - p[0]).ln(),
        ),
        _ => panic!("no {name}"),
    }
}

pub const ALL: &[&str] =
    &["gaussian", "bernoulli", "bipolar_bernoulli", "categorical", "laplace", "exponential", "uniform"];

pub fn link(name: &str, o: Expr) -> Expr {
    let one = Expr::num(1.0);
    match name {
        "identity" => o,
        "logistic" => one / (1.0 - -(-o).exp()),
        "tanh" => Expr::num(2.0) / ((-2.0 * o).exp() + 1.0) - 1.0,
        "softmax" => match o.shape() {
            Shape::Vector(d) => o.exp() / o.exp().sum(d),
            _ => panic!(),
        },
        "relu" => o.max(Expr::num(0.0)),
        "softplus" => (o.exp() + 1.0).ln(),
        _ => panic!("no {name}"),
    }
}

/// A model with one observed variable `y ~ likelihood(link(affine(x, width)), rest…)`.
pub fn layer_model(name: &str, link_name: &str, width: usize, rest: &[Expr]) -> Model {
    let shape = Shape::Vector(Dim::Fixed(width));
    let l = stdlib(name);
    let o = Expr::var("o", shape, Domain::REAL);
    let x = Expr::var("x", shape, Domain::REAL);
    let y = Expr::var("y", shape, l.support.closure());
    let args: Vec<Expr> = std::iter::once(link(link_name, o)).chain(rest.iter().copied()).collect();
    let node = |name: &str, var, support, kind| Node {
        name: name.into(),
        var,
        span: span(),
        support,
        shape: (1, width),
        kind,
    };
    let instance =
        Instance { likelihood: l.clone(), arg_spans: args.iter().map(|_| span()).collect(), args, span: span() };
    Model {
        name: "M".into(),
        doc: None,
        span: span(),
        sizes: vec![],
        nodes: vec![
            node("x", x, Support::Real, Kind::Input),
            node("o", o, Support::Real, Kind::Definition { value: x, layer: Some("affine".into()) }),
            node("y", y, l.support, Kind::Random { observed: true, instance }),
        ],
    }
}
