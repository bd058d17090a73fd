mod common;
use common::*;
use nemlang::derive::*;
use nemlang::expr::{Expr, print};

fn noise(d: &NoiseDerivation) -> String {
    let t = print::text;
    format!(
        "{:?}: Δ = {}\n    cond {} {:?} {}\n    region {} {:?} support {:?}\n    rules {:?}",
        d.injection,
        t(d.delta),
        t(d.condition.left),
        d.condition.relation,
        t(d.condition.right),
        d.region.kind.name(),
        d.region.kind,
        d.region.support,
        d.trace.rules
    )
}

#[test]
fn show() {
    for name in ALL {
        let d = derive_likelihood(&stdlib(name)).unwrap();
        println!("## {name}: ln f = {}", print::text(d.log_density));
        for (n, s) in &d.scores {
            println!("  score {n}: {}", print::text(*s));
        }
        for (what, list) in [("single", &d.single), ("joint", &d.joint), ("separate", &d.separate)] {
            for n in list {
                println!("  {what} {}", noise(n));
            }
        }
    }
    for (name, link, rest) in [
        ("gaussian", "identity", vec![Expr::num(1.0)]),
        ("gaussian", "logistic", vec![Expr::num(1.0)]),
        ("gaussian", "tanh", vec![Expr::num(1.0)]),
        ("gaussian", "relu", vec![Expr::num(1.0)]),
        ("gaussian", "softmax", vec![Expr::num(2.0)]),
        ("bernoulli", "logistic", vec![]),
        ("bipolar_bernoulli", "tanh", vec![]),
        ("categorical", "softmax", vec![]),
        ("laplace", "identity", vec![Expr::num(1.0)]),
        ("exponential", "softplus", vec![]),
        ("bernoulli", "softmax", vec![]),
    ] {
        for width in [3, 1] {
            let m = layer_model(name, link, width, &rest);
            let (node, obs, inst) = m.random().next().unwrap();
            let d = derive_layer(&m, node, obs, inst).unwrap();
            println!("## {name}({link}) width {width}: ln f = {}; mean {:?}", print::text(d.log_density), d.mean);
            for x in &d.deltas {
                println!("  δ = {:?}\n  in mean {:?}\n  noisy {:?}\n  {:?}", x.delta, x.in_mean, x.noisy, x.invariance);
            }
            for n in &d.noise {
                println!("  a: {}", noise(n));
            }
            for n in &d.noise_in_o {
                println!("  o: {}", noise(n));
            }
        }
    }
}

#[test]
fn pages() {
    use nemlang::report::derivation as page;
    for name in ALL {
        println!("{}", page::likelihood(&derive_likelihood(&stdlib(name)).unwrap()));
    }
    for (name, link, rest) in [
        ("categorical", "softmax", vec![]),
        ("gaussian", "logistic", vec![Expr::num(1.0)]),
        ("bernoulli", "logistic", vec![]),
        ("bipolar_bernoulli", "tanh", vec![]),
        ("exponential", "softplus", vec![]),
        ("laplace", "identity", vec![Expr::num(2.0)]),
        ("gaussian", "softmax", vec![Expr::num(2.0)]),
    ] {
        let m = derive_model(&layer_model(name, link, 10, &rest)).unwrap();
        println!("{}\n{}", page::model(&m), page::brief(&m));
    }
}
