//! Each shape from a density that has it, as start ⇒ goal; and every region against Δ itself at random points.

use std::rc::Rc;

use nemlang::derive::{Kind, NoiseDerivation, derive_likelihood};
use nemlang::expr::{Bindings, Dim, Expr, Shape, Value, evaluate, free_variables};
use nemlang::model::{Likelihood, Support};
use nemlang::report::derivation;
use nemlang::session::Session;

use super::random::Numbers;

/// A likelihood, which noise (+ or ×; `K+` for K outcomes), and its region.
const SHAPES: &str = "
    over y: real { log_density = mu * y }                                       | +  ⇒ half-line from 0, direction μ
    over y: real { log_density = -(y - mu)^2 }                                  | K+ ⇒ ball, centre μ − y, radius ‖μ − y‖
    over y: real { log_density = -(y - mu)^2 }                                  | +  ⇒ interval between 0 and 2 (μ − y)
    over y: real { log_density = (y - mu)^2 }                                   | +  ⇒ outside of the interval between 0 and 2 (μ − y)
    over y: real { log_density = (y - mu)^2 }                                   | K+ ⇒ outside of the ball, centre μ − y, radius ‖μ − y‖
    over y: real { log_density = -abs(y - mu) }                                 | K+ ⇒ cross-polytope, centre μ − y, radius ‖y − μ‖₁
    over y: real { log_density = -ln(1 + (y - mu)^2) }                          | +  ⇒ interval between 0 and 2 (μ − y)
    over y: real { log_density = -(y - mu) - 2 * ln(1 + exp(-(y - mu))) }       | +  ⇒ interval that holds 0 and ends where Δ(n) turns negative
    over y: positive { log_density = -(s + 1) * ln(y) }                         | +  ⇒ interval [−y, 0]
    over y: positive { log_density = (s - 1) * ln(y) - y }                      | +  ⇒ interval that holds 0 and ends where Δ(n) turns negative, cut by y + n ≥ 0
    over y: interval(mu, mu + s) { log_density = -ln(s) }                       | +  ⇒ interval [μ − y, μ + s − y]
    over y: interval(mu, mu + s) { log_density = -ln(s) }                       | K+ ⇒ box, each component in [μ − y, μ + s − y]
    over y: circle { log_density = s * cos(y - mu) }                            | +  ⇒ arc between 0 and 2 (μ − y), and its turns by 2 π
    over y: real { log_density = -exp(y - mu) + y }                             | K+ ⇒ convex, without a name: the condition decides
    over y: real { log_density = -ln(1 + (y - mu)^2) }                          | K+ ⇒ no named shape: the condition decides
    over y: real { log_density = sin(y) }                                       | +  ⇒ no named shape: the condition decides
";

/// The same for vectors of three, with w and M to multiply with.
const VECTORS: &str = "
    { log_density = -(w @ y - s)^2 }                                            | +  ⇒ slab, nᵀw between 0 and 2 (s − yᵀw)
    { log_density = -sum((inverse(M) @ (y - w))^2) }                            | +  ⇒ ellipsoid ‖M⁻¹ @ n − c‖ ≤ ‖M⁻¹ @ (y − w)‖, c = −(M⁻¹ @ (y − w))
    { log_density = -(s + 3) / 2 * ln(1 + sum((y - w)^2) / s) }                 | +  ⇒ ball, centre w − y, radius ‖w − y‖
    { log_density = -sum(abs(y)) + w @ y }                                      | ×  ⇒ convex, without a name: the condition decides
    { log_density = -s * sum(max(y, 0) - y / 2) }                               | +  ⇒ convex, without a name: the condition decides
";

/// Noise that enters otherwise, by its statement; with K for K outcomes.
const INJECTED: &str = "
    (s: positive) over y: real { log_density = -s * y }                         | y <- y + n^2     ⇒ only 0
    (s: positive) over y: real { log_density = -s * y }                         | K y <- y + n^2   ⇒ only 0
    (s: positive) over y: real { log_density = s * y }                          | y <- y + n^2     ⇒ everything
    (s: positive, m: binary) over y: real { log_density = -m * s * y }          | y <- y + n^2     ⇒ only 0 (everything where m = 0)
    (w: real[3]) over y: real[3] { log_density = w @ y }                        | y <- y + abs(n)  ⇒ cone from 0: with every deviation all its positive multiples
    (w: real[3]) over y: real[3] { log_density = w @ y }                        | y <- y + n^2     ⇒ cone from 0: with every deviation all its positive multiples
    (w: real[3]) over y: real[3] { log_density = w @ y }                        | y <- y + 2 * abs(n) + n ⇒ cone from 0: with every deviation all its positive multiples
    (w: real[3], M: real[3, 3]) over y: real[3] { log_density = w @ y }         | y <- y + M @ n   ⇒ half-space through 0, normal Mᵀ @ w
    (w: real[3]) over y: real[3] { log_density = w @ y }                        | y <- y + n^2 + n ⇒ no named shape: the condition decides
    (mu: real, s: positive) over y: positive { log_density = -(ln(y) - mu)^2 / s } | y <- y * exp(n) ⇒ interval between 0 and 2 μ − 2 ln y, cut by y exp(n) ≥ 0
";

fn session(program: &str) -> Session {
    let session = Session::from_text("test.nem", program, None);
    assert!(!session.problems.has_errors(), "{program}: {:?}", session.problems.sorted());
    session
}

fn derived(program: &str) -> Rc<nemlang::derive::LikelihoodDerivation> {
    let likelihood = session(program).declarations.likelihood("f").unwrap();
    Rc::new(derive_likelihood(&likelihood).unwrap_or_else(|p| panic!("{program}: {:?}", p.sorted())))
}

/// What is derived for noise that a statement asks about.
fn asked(program: &str, which: &str) -> (Rc<Likelihood>, NoiseDerivation) {
    let (statement, joint) = which.strip_prefix("K ").map_or((which, false), |statement| (statement, true));
    let mut session = session(program);
    let mut derived = session.derive(Some("f")).unwrap();
    session.request(&mut derived, &[statement.into()]).unwrap_or_else(|p| panic!("{which}: {:?}", p.sorted()));
    let found = derived.likelihoods.remove(0);
    let asked = found.requested[0].clone();
    (found.likelihood, if joint { asked.joint.unwrap() } else { asked.nem })
}

/// Each likelihood with the noise that its row speaks of.
fn injected() -> Vec<(Rc<Likelihood>, NoiseDerivation, String, &'static str)> {
    let one = |(program, which, goal): (String, &'static str, &'static str)| {
        let (likelihood, noise) = asked(&program, which);
        (likelihood, noise, format!("{program} | {which}"), goal)
    };
    rows(INJECTED, "").into_iter().map(one).collect()
}

fn of<'d>(derived: &'d nemlang::derive::LikelihoodDerivation, which: &str) -> &'d NoiseDerivation {
    match which {
        "+" => &derived.single[0],
        "×" => &derived.single[1],
        "K+" => &derived.joint[0],
        other => panic!("no noise {other}"),
    }
}

fn rows<'t>(table: &'t str, head: &str) -> Vec<(String, &'t str, &'t str)> {
    let lines = table.lines().filter(|l| !l.trim().is_empty());
    lines
        .map(|line| {
            let (left, goal) = line.split_once('⇒').unwrap();
            let (body, which) = left.rsplit_once('|').unwrap();
            (format!("likelihood f{head} {}", body.trim()), which.trim(), goal.trim())
        })
        .collect()
}

fn all() -> Vec<(String, &'static str, &'static str)> {
    let vectors = rows(VECTORS, "(w: real[3], M: real[3, 3], s: positive) over y: real[3]");
    rows(SHAPES, "(mu: real, s: positive)").into_iter().chain(vectors).collect()
}

/// What is found in the place of a goal.
fn miss(start: &str, noise: &NoiseDerivation, goal: &str) -> Option<String> {
    let found = derivation::region(noise);
    (found != goal).then(|| format!("{start}\n  ⇒ {found}\n  ≠ {goal}"))
}

#[test]
fn shapes_have_their_names() {
    let mut wrong = vec![];
    for (program, which, goal) in all() {
        wrong.extend(miss(&format!("{program} | {which}"), of(&derived(&program), which), goal));
    }
    wrong.extend(injected().iter().filter_map(|(_, noise, start, goal)| miss(start, noise, goal)));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn random(e: Expr, support: Support, r: &mut Numbers) -> Value {
    let mut number = || match support {
        Support::Positive => 0.2 + 2.0 * r.next(),
        Support::Binary => f64::from(u8::from(r.next() < 0.5)),
        _ => 4.0 * r.next() - 2.0,
    };
    match e.shape() {
        Shape::Scalar => Value::Scalar(number()),
        Shape::Vector(_) => Value::Vector((0..3).map(|_| number()).collect()),
        Shape::Matrix(..) => Value::Matrix(3, 3, (0..9).map(|_| number()).collect()),
    }
}

fn point(likelihood: &Likelihood, noise: &NoiseDerivation, r: &mut Numbers) -> Bindings {
    let mut at = Bindings::new();
    for e in free_variables(noise.delta).into_iter().chain([noise.outcome, noise.noise]) {
        let formal = likelihood.formals.iter().find(|f| Some(f.name.as_str()) == e.name().as_deref());
        let support = formal.map_or(Support::Real, |f| f.support);
        at.entry(e).or_insert_with(|| random(e, support, r));
        if let Shape::Vector(Dim::Named(name)) = e.shape() {
            at.insert(name, Value::Scalar(3.0));
        }
    }
    at
}

/// The region's verdict against the sign of Δ at 500 random points.
fn agrees(likelihood: &Likelihood, noise: &NoiseDerivation, start: &str, r: &mut Numbers) {
    for _ in 0..500 {
        let at = point(likelihood, noise, r);
        let delta = evaluate(noise.delta, &at).unwrap().scalar();
        // Where the support cuts, Δ alone does not decide.
        let uncut = noise.support.is_empty();
        if uncut && delta.abs() > 1e-9 {
            assert_eq!(noise.contains(&at).unwrap(), delta > 0.0, "{start}: Δ = {delta}, {at:?}");
        }
    }
}

#[test]
fn named_regions_agree_with_delta() {
    let r = &mut Numbers(3);
    for (program, which, _) in all() {
        let derived = derived(&program);
        agrees(&derived.likelihood, of(&derived, which), &format!("{program} {which}"), r);
    }
    injected().iter().for_each(|(likelihood, noise, start, _)| agrees(likelihood, noise, start, r));
}

/// Both sides of a cone are met, every multiple of what lies inside does, and of what is only 0 nothing but 0 does.
#[test]
fn cones_hold_all_multiples_and_a_point_holds_none() {
    let r = &mut Numbers(9);
    for (likelihood, noise, start, _) in injected() {
        let mut inside = 0;
        for _ in 0..200 {
            let mut at = point(&likelihood, &noise, r);
            let verdict = noise.contains(&at).unwrap();
            inside += usize::from(verdict);
            let n = at[&noise.noise].clone();
            let mut held = |factor: f64| {
                let times = |v: &Vec<f64>| v.iter().map(|x| factor * x).collect();
                let scaled = match &n {
                    Value::Vector(v) => Value::Vector(times(v)),
                    number => Value::Scalar(factor * number.scalar()),
                };
                at.insert(noise.noise, scaled);
                noise.contains(&at).unwrap()
            };
            match noise.region.kind {
                Kind::Cone => assert!(held(0.01) == verdict && held(100.0) == verdict, "{start}"),
                Kind::Only => assert!(held(0.0), "{start}"),
                _ => {}
            }
        }
        match noise.region.kind {
            Kind::Cone => assert!((10..190).contains(&inside), "{start}: {inside}"),
            Kind::Only if noise.region.free.is_none() => assert_eq!(inside, 0, "{start}"),
            _ => {}
        }
    }
}

#[test]
fn what_holds_under_a_condition_says_so() {
    let program = "likelihood f(a: positive, b: positive) over y: unit {
        log_density = (a - 1) * ln(y) + (b - 1) * ln(1 - y)
    }";
    let page = derivation::likelihood(&derived(program));
    assert!(page.contains("convex provided a − 1 ≥ 0, b − 1 ≥ 0: ln f is concave in y"), "{page}");
    let heavy = "likelihood f(mu: real) over y: real { log_density = -ln(1 + (y - mu)^2)  mean = mu }";
    let noise = &derived(heavy).joint[0].clone();
    assert_eq!(noise.region.traits.star.map(nemlang::expr::print::text).as_deref(), Some("μ − y"));
}

/// Δ = Σ 3 n − n² is concave, but y + 3 n − n² ≤ 4 leaves a gap between small noise and large.
#[test]
fn a_support_can_take_convexity_away() {
    let program = "likelihood f(s: positive) over y: interval(0, 4) { log_density = s * y }";
    let convex = |statement: &str| asked(program, statement).1.region.traits.convex;
    assert_eq!(convex("K y <- y + 3 * n - n^2"), None);
    assert_eq!(convex("K y <- y - n^2"), Some(vec![]));
    assert_eq!(convex("K y <- y + 3 * n"), Some(vec![]));
}
