//! 200 random log-densities × three injections: Δ is the difference of log-densities, and the region's verdict its sign.

use nemlang::derive::{NoiseDerivation, Site, noise_derivation};
use nemlang::expr::{Bindings, Domain, Expr, Func, Shape, Value, evaluate};
use nemlang::model::{Custom, Injection};
use nemlang::special::Special;

/// A plain linear congruential generator.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() * n as f64) as usize
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }
}

struct Letters {
    y: Expr,
    mu: Expr,
    sigma: Expr,
    positive: bool,
}

/// A number that depends on the outcome: scaled, shifted, and on a positive outcome sometimes its logarithm.
fn argument(l: &Letters, r: &mut Numbers) -> Expr {
    match r.below(if l.positive { 5 } else { 4 }) {
        0 => l.y - l.mu,
        1 => (l.y - l.mu) / l.sigma,
        2 => l.y,
        3 => l.y / l.sigma + r.below(3) as f64,
        _ => l.y.ln() - l.mu,
    }
}

/// One term of a log-density, with every function of the language somewhere.
fn term(l: &Letters, r: &mut Numbers, depth: usize) -> Expr {
    let u = if depth == 0 || r.below(3) > 0 { argument(l, r) } else { term(l, r, depth - 1) };
    let one = |f: Special| Expr::special(f, &[u]);
    let inside = u.powi(2) + 1.0;
    match r.below(17) {
        0 => -0.5 * u.powi(2),
        1 => -u.abs(),
        2 => -(u.powi(2) / l.sigma + 1.0).ln(),
        3 => -u.call(Func::Softplus),
        4 => -(-u).call(Func::Softplus),
        5 => -(0.25 * u).exp(),
        6 => u * l.mu,
        7 => l.sigma * u.call(Func::Cos),
        8 => u.min(l.mu),
        9 => -u.max(l.mu),
        10 => -Expr::special(Special::LnGamma, &[inside]),
        11 => one(Special::LnNormalCdf),
        12 => -inside.sqrt(),
        13 => one(Special::Erf),
        14 => u.call(Func::Tanh) - u.powi(4) / l.sigma,
        15 => Expr::special(Special::Piecewise, &[u, -u, 2.0 * u]),
        _ => -one(Special::LnBesselI0),
    }
}

fn log_density(l: &Letters, r: &mut Numbers) -> Expr {
    let terms: Vec<Expr> = (0..1 + r.below(3)).map(|_| term(l, r, 2)).collect();
    Expr::add_all(&terms) - l.sigma.ln()
}

fn injections(l: &Letters, r: &mut Numbers) -> [Injection; 3] {
    let noise = Expr::var("n", Shape::Scalar, Domain::REAL);
    let value = match r.below(5) {
        0 => l.y * (noise + 1.0),
        1 => l.y + l.sigma * noise,
        2 => 0.5 * l.y + noise,
        3 => l.y * (0.3 * noise).exp(),
        _ => l.y + noise.powi(2),
    };
    [Injection::Add, Injection::Multiply, Injection::Custom(Custom { variable: l.y, noise, value })]
}

fn value(e: Expr, at: &Bindings) -> f64 {
    evaluate(e, at).unwrap_or_else(|missing| panic!("{missing:?} in {e:?} has no value")).scalar()
}

/// Compares Δ and the region with the log-density at random points; returns how many could be judged.
fn check(ln_f: Expr, l: &Letters, derived: &NoiseDerivation, r: &mut Numbers) -> usize {
    let mut judged = 0;
    for _ in 0..60 {
        let y = if l.positive { r.between(0.1, 4.0) } else { r.between(-3.0, 3.0) };
        let at = |y: f64, n: f64, mu: f64, sigma: f64| {
            let scalar = |(e, x): (Expr, f64)| (e, Value::Scalar(x));
            Bindings::from([(l.y, y), (derived.noise, n), (l.mu, mu), (l.sigma, sigma)].map(scalar))
        };
        let (n, mu, sigma) = (r.between(-3.0, 3.0), r.between(-2.0, 2.0), r.between(0.2, 3.0));
        let here = at(y, n, mu, sigma);
        let noisy = value(derived.noisy(), &here);
        let (before, after) = (value(ln_f, &here), value(ln_f, &at(noisy, n, mu, sigma)));
        let outside = l.positive && noisy <= 0.0;
        if outside {
            assert!(!derived.contains(&here).unwrap(), "{ln_f:?}: outside of the support, inside {:?}", derived.region);
            continue;
        }
        if !before.is_finite() || !after.is_finite() || before.abs() + after.abs() > 1e6 {
            continue;
        }
        let (expected, found) = (after - before, value(derived.delta, &here));
        let size = 1.0 + before.abs() + after.abs();
        assert!((found - expected).abs() <= 1e-9 * size, "{ln_f:?}\nΔ {:?}\n{found} ≠ {expected}", derived.delta);
        if expected.abs() > 1e-9 * size {
            let verdict = derived.contains(&here).unwrap();
            assert_eq!(verdict, expected > 0.0, "{ln_f:?}\n{:?}\nΔ = {expected} at {here:?}", derived.region);
            judged += 1;
        }
    }
    judged
}

#[test]
fn random_log_densities_follow_their_conditions() {
    let r = &mut Numbers(7);
    let (mut judged, mut named) = (0, 0);
    for i in 0..200 {
        let positive = i % 3 == 0;
        let domain = if positive { Domain::POSITIVE } else { Domain::REAL };
        let scalar = |name: &str, domain| Expr::var(name, Shape::Scalar, domain);
        let l = Letters {
            y: scalar("y", domain),
            mu: scalar("mu", Domain::REAL),
            sigma: scalar("sigma", Domain::POSITIVE),
            positive,
        };
        let ln_f = log_density(&l, r);
        let bounds = if positive { vec![nemlang::model::Bound::Lower(Expr::num(0.0))] } else { vec![] };
        for injection in injections(&l, r) {
            let noise = Expr::var("n", Shape::Scalar, Domain::REAL);
            let site = Site { variable: l.y, noise, injection, bounds: bounds.clone() };
            let derived = noise_derivation(ln_f, site);
            judged += check(ln_f, &l, &derived, r);
            named += usize::from(derived.region.kind.name() != "general");
        }
    }
    assert!(judged > 15_000, "only {judged} points could be judged");
    assert!(named > 120, "only {named} regions have a name");
}
