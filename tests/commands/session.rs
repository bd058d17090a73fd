use super::*;

#[test]
fn look() {
    let mut prompt = Prompt::default();
    prompt.out = "/tmp/st/runs".into();
    for input in [
        ":help", ":help train", ":helf", ":list", ":list all", ":list modls", ":info cauchy", ":info affine", ":info cauhcy",
        "likelihood robust(mu: real, g: positive = 1) over y: real { log_density = -ln(1 + ((y - mu) / g)^2) - ln(pi * g)  mean = mu }",
        ":derive robust", ":derive robust at y=2 mu=0 g=1 n=0.5", ":derive noise=\"g *= n\"", ":region robust at y=2 mu=0 g=1", ":region gaussian y=[1, 2] mu=0 sigma=1",
        ":region gaussian y=[1, 2] mu=0 sigma=1 from gaussian(0,1) to /tmp/st/r.svg",
        ":noise robust at y=2 mu=0 g=1 from gaussian(0, 1)", ":noise robust y=2 mu=0 g=1", ":verify robust",
        "data d { x: real = linspace(0, 6) take 40  y: real = sin(x) + draw gaussian(0, 0.1) seed 3 }",
        "model M(hidden = 8) { input x: real  h ~ bernoulli(logistic(affine(x, hidden)))  observe y: real ~ robust(affine(h, 1)) }",
        ":shapes M", ":train M", ":train M epochs=30 seeds=1..2 optimizer=adam(0.05)", ":params M", ":params M h.W", ":predict M on d", ":predict M x=0.5", ":predict M",
        "likelihood robust(mu: real) over y: real { log_density = -(y - mu)^2  mean = mu }", ":list",
        "likelihood robust(mu: real, s: positive, q: real) over y: real { log_density = -(y - mu)^2 * s + q - q  mean = mu }", ":list", ":verify M",
        "model M { input x: real  observe y: real ~ robust(affine(x, 1), 1, 0) }", "model K { input x: rael }",
        ":set", ":set seed 9", ":set sed 9", ":set precision 0", ":save /tmp/st/saved.nem", ":clear all", ":list", ":load /tmp/st/saved.nem", ":list", ":reload", ":load nothing.nem", ":time :derive gaussian", ":clear robust", ":clear nothing", ":verify gaussian", ":shapes", ":train N",
    ] {
        println!(">>> {input}");
        let told = told(&mut prompt, &[input]);
        println!("{}{}", told.out, told.err);
        if let Some(show) = told.shown.iter().rev().find(|s| !s.is_empty()) { println!("SHOWN {} {show}", told.shown.len()); }
    }
}
