//! Everything symbolic against plain numbers: rules, normal forms, gradients, Δ and regions.

use std::rc::Rc;

use nemlang::derive::{LikelihoodDerivation, NoiseDerivation, derive_likelihood};
use nemlang::expr::{
    Bindings, Dim, Domain, Expr, Func, Node, RULES, Shape, Trace, Value, evaluate, expand, free_variables, gathered,
    gradient, normal_form, simplify, tidy,
};
use nemlang::model::{Bound, Likelihood, Support};
use nemlang::session::Session;
use proptest::prelude::*;

const LENGTH: usize = 3;

/// The letters that random expressions are made of.
struct Letters {
    x: Expr,
    z: Expr,
    p: Expr,
    q: Expr,
    v: Expr,
    w: Expr,
    simplex: Expr,
    dim: Dim,
}

fn letters() -> Letters {
    let dim = Dim::Fixed(LENGTH);
    let scalar = |name: &str, domain| Expr::var(name, Shape::Scalar, domain);
    let vector = |name: &str, domain| Expr::var(name, Shape::Vector(dim), domain);
    Letters {
        x: scalar("x", Domain::REAL),
        z: scalar("z", Domain::REAL),
        p: scalar("p", Domain::POSITIVE),
        q: scalar("q", Domain::UNIT),
        v: vector("v", Domain::REAL),
        w: vector("w", Domain::REAL),
        simplex: vector("s", Domain::SIMPLEX),
        dim,
    }
}

fn logistic(x: Expr) -> Expr {
    x.call(Func::Logistic)
}

/// For each rule an expression it is made for.
fn matching(l: &Letters) -> Vec<(&'static str, Expr)> {
    let Letters { x, z, p, q, v, simplex, dim, .. } = *l;
    let half = Expr::num(0.5);
    vec![
        ("ln-exp", x.exp().ln()),
        ("exp-ln", (x + 2.0 * p.ln()).exp()),
        ("softplus", (x.exp() + 1.0).ln()),
        ("ln-sum-exp", v.exp().sum(dim).ln()),
        ("ln-sum-exp", (simplex * v.exp()).sum(dim).ln()),
        ("ln-mixture", (p * x.exp() + q * z.exp()).ln()),
        ("ln-softmax", v.softmax().ln()),
        ("ln-logistic", logistic(x).ln()),
        ("ln-complement", (1.0 - logistic(x)).ln()),
        ("ln-product", (p * q).ln()),
        ("ln-power", p.pow(x).ln()),
        ("ln-content", (2.0 * p + 4.0 * q).ln()),
        ("ln-reciprocal", Expr::num(0.25).ln()),
        ("logistic", (x.exp() + 1.0).powi(-1)),
        ("exp-logistic", x.exp() * logistic(-x)),
        ("logistic-sign", logistic(-x)),
        ("softplus-sign", (-x).call(Func::Softplus)),
        ("softmax", v.exp() / v.exp().sum(dim)),
        ("sums-to-one", simplex.sum(dim)),
        ("power-of-power", p.pow(x).pow(half)),
        ("power-of-product", (p * q).pow(half)),
        ("power-content", (2.0 * p + 4.0 * q).powi(-1)),
        ("abs-of-sign", (-p).abs()),
        ("abs-of-product", (p * x).abs()),
        ("abs-square", x.abs().powi(2)),
        ("known-sign", (-p).call(Func::Sign)),
        ("known-max", p.max(-q)),
    ]
}

/// For each guard an expression that it must refuse.
fn refused(l: &Letters) -> Vec<(&'static str, Expr)> {
    let Letters { x, z, p, q, v, w, dim, .. } = *l;
    let half = Expr::num(0.5);
    vec![
        ("exp-ln", (2.0 * x.ln()).exp()),
        ("softplus", (x.exp() + 2.0).ln()),
        ("ln-sum-exp", v.sum(dim).ln()),
        ("ln-sum-exp", (w * v.exp()).sum(dim).ln()),
        ("ln-mixture", (x * x.exp() + p * z.exp()).ln()),
        ("ln-mixture", (p + q * z.exp()).ln()),
        ("ln-complement", (2.0 - logistic(x)).ln()),
        ("ln-product", (x * p).ln()),
        ("ln-power", x.powi(2).ln()),
        ("ln-content", (2.0 * p + 3.0 * q).ln()),
        ("ln-reciprocal", Expr::num(0.3).ln()),
        ("logistic", (x.exp() + 2.0).powi(-1)),
        ("logistic", (x.exp() + 1.0).powi(2)),
        ("exp-logistic", x.exp() * logistic(x)),
        ("logistic-sign", logistic(x)),
        ("softplus-sign", x.call(Func::Softplus)),
        ("softmax", v.exp() / w.exp().sum(dim)),
        ("sums-to-one", v.sum(dim)),
        ("power-of-power", x.powi(2).pow(half)),
        ("power-of-product", (x * z).pow(half)),
        ("power-content", (2.0 * p + 3.0 * q).powi(-1)),
        ("abs-of-sign", x.abs()),
        ("abs-of-product", (x * z).abs()),
        ("abs-square", x.abs().powi(3)),
        ("known-sign", x.call(Func::Sign)),
        ("known-max", p.max(x)),
    ]
}

fn apply(rule: &str, e: Expr) -> Option<Expr> {
    (RULES.iter().find(|r| r.name == rule).unwrap().apply)(e)
}

/// Numbers for all letters: three free ones, two for the positive and the unit one, three more for vectors.
fn bindings(l: &Letters, n: &[f64]) -> Bindings {
    let scalar = |e, x| (e, Value::Scalar(x));
    let weights: Vec<f64> = n[4..4 + LENGTH].iter().map(|x| x.exp()).collect();
    let total: f64 = weights.iter().sum();
    let simplex = weights.iter().map(|x| x / total).collect();
    Bindings::from([
        scalar(l.x, n[0]),
        scalar(l.z, n[1]),
        scalar(l.p, n[2].exp()),
        scalar(l.q, 1.0 / (1.0 + n[3].exp())),
        (l.v, Value::Vector(n[4..4 + LENGTH].to_vec())),
        (l.w, Value::Vector(n[7..7 + LENGTH].to_vec())),
        (l.simplex, Value::Vector(simplex)),
    ])
}

fn value(e: Expr, at: &Bindings) -> Vec<f64> {
    evaluate(e, at).unwrap_or_else(|missing| panic!("{missing:?} in {e:?} has no value")).numbers().to_vec()
}

fn largest(list: &[f64]) -> f64 {
    list.iter().fold(0.0, |m: f64, x| m.max(x.abs()))
}

/// The size of the largest number met on the way to a value.
fn scale(e: Expr, at: &Bindings) -> f64 {
    e.children().iter().copied().map(|c| scale(c, at)).fold(largest(&value(e, at)), f64::max)
}

/// How far rounding can move a value, in units of the rounding of 1: first-order propagation of errors.
fn rounding(e: Expr, at: &Bindings) -> f64 {
    let parts: Vec<(f64, f64)> =
        e.children().iter().copied().map(|c| (largest(&value(c, at)), rounding(c, at))).collect();
    let own = largest(&value(e, at));
    let smallest = |c: Expr| value(c, at).iter().fold(f64::INFINITY, |m: f64, x| m.min(x.abs()));
    let passed: f64 = match e.node() {
        Node::Num(_) | Node::Pi | Node::Var(_) => 0.0,
        Node::Mul(_) => (0..parts.len())
            .map(|i| (0..parts.len()).map(|j| if i == j { parts[j].1 } else { parts[j].0 }).product::<f64>())
            .sum(),
        Node::Pow(base, n) => {
            let base = (parts[0].1 / smallest(base)) * largest(&value(n, at));
            own * (base + parts[1].1 * parts[0].0.ln().abs())
        }
        Node::Call(Func::Ln, x) => parts[0].1 / smallest(x),
        Node::Call(Func::Exp, _) => own * parts[0].1,
        Node::Call(Func::Sign | Func::Step, x) if smallest(x) > 1e-12 * parts[0].1 => 0.0,
        Node::Call(Func::Sign | Func::Step, _) => f64::INFINITY,
        _ => parts.iter().map(|p| p.1).sum::<f64>() * LENGTH as f64,
    };
    own + passed
}

/// Equal to 1e-9, and to what rounding leaves of it, wherever both are defined.
fn assert_same(before: Expr, after: Expr, at: &Bindings) {
    let (b, a) = (value(before, at), value(after, at));
    let rounding = rounding(before, at) + rounding(after, at);
    let of = |list: &Vec<f64>, i: usize| list[i.min(list.len() - 1)];
    for i in 0..a.len().max(b.len()) {
        let (x, y) = (of(&b, i), of(&a, i));
        let allowed = 1e-9 * (1.0 + x.abs()) + 1e-14 * rounding;
        let comparable = x.is_finite() && allowed.is_finite() && allowed < 1e-3 * (1.0 + x.abs());
        assert!(!comparable || (x - y).abs() <= allowed, "{before:?} = {x}, but {after:?} = {y}");
    }
}

/// How a random expression is made; expressions themselves belong to one thread.
#[derive(Clone, Debug)]
enum Recipe {
    Number(i8),
    Letter(u8),
    Unary(u8, Box<Recipe>),
    Binary(u8, Box<Recipe>, Box<Recipe>),
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let leaf = prop_oneof![(-4i8..5).prop_map(Recipe::Number), (0u8..4).prop_map(Recipe::Letter)];
    leaf.prop_recursive(4, 16, 2, |inner| {
        prop_oneof![
            (0u8..9, inner.clone()).prop_map(|(op, a)| Recipe::Unary(op, a.into())),
            (0u8..6, inner.clone(), inner).prop_map(|(op, a, b)| Recipe::Binary(op, a.into(), b.into())),
        ]
    })
}

impl Recipe {
    fn cook(&self, l: &Letters, smooth: bool) -> Expr {
        match self {
            Recipe::Number(n) => Expr::num(f64::from(*n) / 2.0),
            Recipe::Letter(i) => [l.x, l.z, l.p, l.q][*i as usize % 4],
            Recipe::Unary(op, a) => {
                let a = a.cook(l, smooth);
                match op {
                    0 => (0.25 * a).exp(),
                    1 => (a.powi(2) + 0.5).ln(),
                    2 => logistic(a),
                    3 => a.call(Func::Softplus),
                    4 => a.powi(2),
                    5 => (a.powi(2) + 1.0).powi(-1),
                    6 => a.call(Func::Sin),
                    7 if !smooth => a.abs(),
                    8 if !smooth => a.max(Expr::num(0.0)),
                    _ => -a,
                }
            }
            Recipe::Binary(op, a, b) => {
                let (a, b) = (a.cook(l, smooth), b.cook(l, smooth));
                match op {
                    0 => a + b,
                    1 => a * b,
                    2 => a - b,
                    3 => a / (b.powi(2) + 1.0),
                    4 => (a + b).powi(2),
                    _ => (a.exp() + b.exp()).ln(),
                }
            }
        }
    }
}

fn numbers() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-2.0..2.0f64, 10)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rules_keep_values(n in numbers()) {
        let l = letters();
        for (rule, e) in matching(&l) {
            let after = apply(rule, e).unwrap_or_else(|| panic!("{rule} does not apply to {e:?}"));
            assert_same(e, after, &bindings(&l, &n));
        }
    }

    #[test]
    fn rules_keep_values_of_random_expressions(recipe in recipe(), other in recipe(), n in numbers()) {
        let l = letters();
        let (a, b) = (recipe.cook(&l, false), other.cook(&l, false));
        let within = [(l.x, a), (l.z, b), (l.p, a.powi(2) + 0.5), (l.q, logistic(b))];
        for (_, e) in matching(&l).into_iter().chain(refused(&l)) {
            let e = nemlang::expr::substitute(e, &within);
            for rule in RULES {
                if let Some(after) = (rule.apply)(e) {
                    assert_same(e, after, &bindings(&l, &n));
                }
            }
        }
    }

    #[test]
    fn normal_forms_keep_values(recipe in recipe(), n in numbers()) {
        let l = letters();
        let e = recipe.cook(&l, false);
        let trace = &mut Trace::default();
        for form in [simplify(e, trace), expand(e), normal_form(e, trace), tidy(e, trace), gathered(e)] {
            assert_same(e, form, &bindings(&l, &n));
        }
    }

    #[test]
    fn gradients_are_limits_of_differences(recipe in recipe(), n in numbers()) {
        let l = letters();
        let e = recipe.cook(&l, true);
        let mut at = bindings(&l, &n);
        for variable in [l.x, l.p] {
            let exact = value(gradient(e, variable), &at)[0];
            let x = at[&variable].scalar();
            let mut moved = |by: f64| { at.insert(variable, Value::Scalar(x + by)); value(e, &at)[0] };
            let h = 1e-5;
            let difference = (moved(h) - moved(-h)) / (2.0 * h);
            let third = (moved(2.0 * h) - 2.0 * moved(h) + 2.0 * moved(-h) - moved(-2.0 * h)).abs() / h;
            moved(0.0);
            let size = scale(e, &at);
            if size < 1e4 {
                let allowed = 1e-6 * (1.0 + exact.abs()) + third + 1e-10 * size / h;
                assert!((exact - difference).abs() <= allowed, "{e:?}: {exact} against {difference}");
            }
        }
    }
}

#[test]
fn every_rule_is_tested() {
    let l = letters();
    let tested: Vec<&str> = matching(&l).iter().map(|(name, _)| *name).collect();
    let missing: Vec<&str> = RULES.iter().map(|r| r.name).filter(|name| !tested.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn guards_refuse() {
    for (rule, e) in refused(&letters()) {
        assert_eq!(apply(rule, e), None, "{rule} applies to {e:?}");
    }
}

fn library() -> Vec<LikelihoodDerivation> {
    let session = Session::from_text("test.nem", "fn unused(x: real) = x", None);
    let names = ["gaussian", "bernoulli", "bipolar_bernoulli", "categorical", "laplace", "exponential", "uniform"];
    let derive = |name: &str| derive_likelihood(&session.declarations.likelihood(name).unwrap()).unwrap();
    names.map(derive).into()
}

/// A number between 0 and 1 for each call: a plain linear congruential generator.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A value of the support; where `interior`, away from its ends.
    fn value(&mut self, support: Support, interior: bool) -> f64 {
        let u = 0.02 + 0.96 * self.next();
        match support {
            Support::Positive => -2.0 * u.ln(),
            Support::Unit | Support::Simplex => u,
            Support::Interval(low, high) => low + (high - low) * u,
            Support::Binary if !interior => u.round(),
            Support::Bipolar if !interior => 2.0 * u.round() - 1.0,
            _ => 6.0 * u - 3.0,
        }
    }

    fn row(&mut self, support: Support, interior: bool, length: usize) -> Vec<f64> {
        let mut row: Vec<f64> = (0..length).map(|_| self.value(support, interior)).collect();
        if support == Support::OneHot {
            let hot = (self.next() * length as f64) as usize % length;
            row = (0..length).map(|i| f64::from(u8::from(i == hot))).collect();
        } else if support == Support::Simplex {
            let total: f64 = row.iter().sum();
            row.iter_mut().for_each(|x| *x /= total);
        }
        row
    }

    fn bind(&mut self, at: &mut Bindings, e: Expr, support: Support, interior: bool) {
        let value = match e.shape() {
            Shape::Scalar => Value::Scalar(self.value(support, interior)),
            _ => Value::Vector(self.row(support, interior, LENGTH)),
        };
        at.insert(e, value);
    }
}

/// Arguments that occur in a derivation, by name: the parameter itself, or a vector of that name.
fn arguments(likelihood: &Rc<Likelihood>, derived: &NoiseDerivation) -> Vec<Expr> {
    let slacks = derived.region.slacks(derived.noisy(), derived.noise, derived.still, derived.delta);
    let used: Vec<Expr> = slacks.into_iter().chain([derived.delta]).flat_map(free_variables).collect();
    let find = |name: &str| used.iter().copied().find(|v| v.name().as_deref() == Some(name));
    likelihood.formals.iter().map(|f| find(&f.name).unwrap_or(f.var)).collect()
}

fn random_point(likelihood: &Rc<Likelihood>, derived: &NoiseDerivation, numbers: &mut Numbers) -> Bindings {
    let mut at = Bindings::new();
    for (formal, arg) in likelihood.formals.iter().zip(arguments(likelihood, derived)) {
        numbers.bind(&mut at, arg, formal.support, true);
    }
    if likelihood.name == "uniform" {
        for (formal, end) in likelihood.formals.iter().zip([-3.0, 3.0]) {
            let ends = arguments(likelihood, derived);
            let vectors = ends.iter().find(|e| e.name().as_deref() == Some(&formal.name) && e.shape() != Shape::Scalar);
            at.insert(formal.var, Value::Scalar(end));
            vectors.map(|v| at.insert(*v, Value::Vector(vec![end; LENGTH])));
        }
    }
    numbers.bind(&mut at, derived.outcome, likelihood.support, false);
    numbers.bind(&mut at, derived.noise, Support::Real, false);
    for e in [derived.outcome, derived.delta].into_iter().chain(arguments(likelihood, derived)) {
        if let Shape::Vector(Dim::Named(name)) = e.shape() {
            at.insert(name, Value::Scalar(LENGTH as f64));
        }
    }
    at
}

fn each_derivation(mut check: impl FnMut(&Rc<Likelihood>, &NoiseDerivation)) {
    for derived in library() {
        for noise in derived.single.iter().chain(&derived.joint).chain(&derived.separate) {
            check(&derived.likelihood, noise);
        }
    }
}

/// ln f(φ(y, n)) − ln f(y), and the size of its parts.
fn difference(likelihood: &Likelihood, args: &[Expr], derived: &NoiseDerivation, at: &Bindings) -> (f64, f64) {
    let [after, before] = [derived.noisy(), derived.outcome].map(|y| value(likelihood.log_density_at(y, args), at)[0]);
    (after - before, after.abs() + before.abs())
}

#[test]
fn delta_is_the_difference_of_log_densities() {
    let mut numbers = Numbers(1);
    each_derivation(|likelihood, derived| {
        for _ in 0..200 {
            let at = random_point(likelihood, derived, &mut numbers);
            let (expected, size) = difference(likelihood, &arguments(likelihood, derived), derived, &at);
            let found = value(derived.delta, &at)[0];
            assert!(
                (found - expected).abs() <= 1e-9 * (1.0 + size),
                "{}: {:?}: {found} ≠ {expected}",
                likelihood.name,
                derived.delta
            );
        }
    });
}

#[test]
fn regions_hold_exactly_the_noise_that_helps() {
    let mut numbers = Numbers(2);
    each_derivation(|likelihood, derived| {
        let mut inside = 0;
        for _ in 0..1000 {
            let at = random_point(likelihood, derived, &mut numbers);
            let (delta, size) = difference(likelihood, &arguments(likelihood, derived), derived, &at);
            let noisy = value(derived.noisy(), &at);
            let within = |bound: &Bound| {
                let end = |e: Expr, i: usize| *value(e, &at).get(i).unwrap_or(&value(e, &at)[0]);
                noisy.iter().enumerate().all(|(i, x)| match bound {
                    Bound::Lower(e) => *x >= end(*e, i),
                    Bound::Upper(e) => *x <= end(*e, i),
                    Bound::Total(_) => true,
                })
            };
            let helps = delta >= 0.0 && derived.support.iter().all(within);
            if delta.abs() > 1e-9 * (1.0 + size) || delta == 0.0 {
                let contained = derived.contains(&at).unwrap();
                assert_eq!(
                    contained, helps,
                    "{} {:?} {:?}: Δ = {delta}",
                    likelihood.name, derived.injection, derived.region
                );
                inside += usize::from(contained);
            }
        }
        let everything = derived.delta.is_num(0.0);
        assert!(
            inside > 5 && (everything || inside < 1000),
            "{}: {inside} of 1000 inside {:?}",
            likelihood.name,
            derived.region
        );
    });
}

#[test]
fn the_noise_that_changes_nothing_lies_on_the_boundary() {
    let mut numbers = Numbers(3);
    each_derivation(|likelihood, derived| {
        if derived.delta.is_num(0.0) {
            return;
        }
        let mut at = random_point(likelihood, derived, &mut numbers);
        let still = value(derived.still.unwrap(), &at)[0];
        let same = match derived.noise.shape() {
            Shape::Scalar => Value::Scalar(still),
            _ => Value::Vector(vec![still; LENGTH]),
        };
        at.insert(derived.noise, same);
        let slacks = derived.region.slacks(derived.noisy(), derived.noise, derived.still, derived.delta);
        let all: Vec<f64> = slacks.iter().flat_map(|s| value(*s, &at)).collect();
        let size: f64 = slacks.iter().map(|s| scale(*s, &at)).fold(0.0, f64::max);
        assert!(all.iter().all(|s| *s >= -1e-9 * (1.0 + size)), "{}: {all:?}", likelihood.name);
        assert!(all.is_empty() || all.iter().any(|s| s.abs() <= 1e-9 * (1.0 + size)), "{}: {all:?}", likelihood.name);
    });
}

/// The Laplace likelihood with another log-density of y and μ.
fn with_density(log_density: impl Fn(Expr, Expr) -> Expr) -> Rc<Likelihood> {
    let session = Session::library();
    let mut likelihood = (*session.declarations.likelihood("laplace").unwrap()).clone();
    likelihood.log_density = log_density(likelihood.outcome, likelihood.formals[0].var);
    Rc::new(likelihood)
}

#[test]
fn a_thousand_terms_are_derived() {
    let long = with_density(|y, mu| {
        let terms: Vec<Expr> = (1..=1000).map(|i| -((y - mu).powi(2) + f64::from(i)).ln()).collect();
        Expr::add_all(&terms)
    });
    let started = std::time::Instant::now();
    let derived = derive_likelihood(&long).unwrap();
    assert_eq!(derived.log_density.terms().len(), 1000);
    nemlang::report::derivation::likelihood(&derived);
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

/// Products of powers of sums have millions of terms: they stay products, or are refused, but nothing runs away.
#[test]
fn nothing_runs_away() {
    let started = std::time::Instant::now();
    for factors in [4, 12, 30] {
        let long = with_density(|y, mu| {
            let factors: Vec<Expr> =
                (1..=factors).map(|i| (y + mu + y.powi(2) + mu.powi(2) + f64::from(i)).powi(4)).collect();
            Expr::mul_all(&factors)
        });
        if let Err(problems) = derive_likelihood(&long) {
            assert_eq!(problems.sorted()[0].code.id, "E0602");
        }
    }
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
