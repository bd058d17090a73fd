//! The noise difference Δ(n) = ln f(φ(y, n) | θ) − ln f(y | θ), of which everything about noise is said.
//!
//! Noise helps on average when E[Δ] ≥ 0 (NEM positivity, [K] Theorem 2, [G] Theorem 1); Δ(n) ≥ 0 for each draw is
//! sufficient. Priors and normalisers without noise in them cancel ([K] (126)); they do so here by the arithmetic of like
//! terms. A density on a code of classes is evaluated by its own formula off that code, as the papers do.
//!
//! The variable that takes the noise is most often the outcome. It may be a parameter as well ([K] (123)-(125)): then
//! ln f is read as a function of that parameter.

use super::condition::{Condition, Relation, condition, distance, essential};
use super::injection::{affine, inject, still};
use super::problem::Problem;
use super::region::{Kind, Region, region};
use crate::expr::{
    Bindings, Domain, Expr, Func, Node, Quadratic, Trace, depends_on, evaluate, gathered, normal_form, quadratic,
    replace, shortest, simplify, substitute, tidy,
};
use crate::model::{Bound, Criterion, Custom, Injection};

/// What is derived about noise of one kind on one variable.
#[derive(Clone, Debug)]
pub struct NoiseDerivation {
    pub criterion: Criterion,
    pub injection: Injection,
    /// The variable that takes the noise.
    pub outcome: Expr,
    /// The noise: a scalar, or a vector as long as the outcome.
    pub noise: Expr,
    /// The noise that changes nothing; `None` where none is found.
    pub still: Option<Expr>,
    /// What must not be negative: Δ(n), −Δ(n), or δᵀ(δ_n − δ).
    pub delta: Expr,
    /// Bounds that the support puts on the noisy outcome, whatever the region.
    pub support: Vec<Bound>,
    pub condition: Condition,
    pub region: Region,
    pub trace: Trace,
}

impl NoiseDerivation {
    /// φ(y, n)
    pub fn noisy(&self) -> Expr {
        inject(self.injection, self.outcome, self.noise)
    }

    /// Why a region without a name is convex: what is concave, and in what.
    pub fn concave(&self) -> (&'static str, Expr) {
        match affine(self.injection, self.outcome, self.noise) {
            Some(_) => ("ln f", self.outcome),
            None => ("Δ", self.noise),
        }
    }

    /// Whether the noise among these values lies in the region: by the region's own data, or by Δ where it has none.
    /// Fails with the variable that has no value.
    pub fn contains(&self, at: &Bindings) -> Result<bool, Expr> {
        let mut region = self.region.clone();
        if let Some(free) = region.free
            && evaluate(free, at)?.numbers().contains(&0.0)
        {
            region.kind = Kind::General;
        }
        for slack in region.slacks(self.noisy(), self.noise, self.still, self.delta) {
            if !evaluate(slack, at)?.numbers().iter().all(|x| *x >= 0.0) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The variable that takes noise, and how.
#[derive(Clone, Debug)]
pub struct Site {
    pub variable: Expr,
    pub noise: Expr,
    pub injection: Injection,
    /// What keeps the variable in its support.
    pub bounds: Vec<Bound>,
}

/// Derives Δ, the condition and the region for noise at a site of which `ln_f` is an expression.
pub fn noise_derivation(ln_f: Expr, site: Site) -> NoiseDerivation {
    derivation(Criterion::Nem, ln_f, site, &[])
}

/// The same for any function of the site that noise must not lower. `letters` stand in it for values at the noiseless
/// site, which are put back at the end.
pub fn derivation(criterion: Criterion, raised: Expr, site: Site, letters: &[(Expr, Expr)]) -> NoiseDerivation {
    let mut trace = Trace::default();
    let Site { variable, noise, injection, bounds } = site;
    let outcome = free(variable);
    let raised = replace(raised, variable, outcome);
    let own = [(outcome, variable)];
    let letters = &[letters, if outcome == variable { &[] } else { &own[..] }].concat()[..];
    let noisy = inject(injection, outcome, noise);
    let before = simplify(raised, &mut trace);
    let after = simplify(replace(raised, outcome, noisy), &mut trace);
    let (affine, still_noise) = (affine(injection, outcome, noise), still(injection, outcome, noise));
    let delta = after - before;
    let mut problem =
        Problem { before, delta, outcome, noise, injection, affine, still: still_noise, bounds, form: None };
    problem.form = deviation_form(&problem, &mut trace);
    problem.delta = shortest_delta(&problem, &mut trace);
    let told = monotone(&problem, &mut trace).unwrap_or_else(|| problem.clone());
    let condition = condition(&told, &mut trace);
    let region = region(&problem, &told, &mut trace);
    let still = still(injection, variable, noise);
    let support = problem.bounds;
    let mut derived = NoiseDerivation {
        criterion,
        injection,
        outcome: variable,
        noise,
        still,
        delta: problem.delta,
        support,
        condition,
        region,
        trace,
    };
    derived.put_back(letters);
    derived
}

/// The variable, with nothing known of the sum of its components: noise need not keep it.
fn free(variable: Expr) -> Expr {
    match variable.domain() {
        Some(domain) if domain.sums_to_one => {
            let name = variable.name().unwrap_or_default();
            Expr::var(&name, variable.shape(), Domain { sums_to_one: false, ..domain })
        }
        _ => variable,
    }
}

impl NoiseDerivation {
    /// The same noise on a variable that is called otherwise.
    pub fn renamed(mut self, variable: Expr) -> NoiseDerivation {
        self.put_back(&[(self.outcome, variable)]);
        self.injection = match self.injection {
            Injection::Custom(c) => {
                Injection::Custom(Custom { variable, value: replace(c.value, c.variable, variable), ..c })
            }
            plain => plain,
        };
        self.still = self.still.map(|e| replace(e, self.outcome, variable));
        self.outcome = variable;
        self
    }

    /// Puts values in the place of letters.
    fn put_back(&mut self, letters: &[(Expr, Expr)]) {
        let trace = &mut self.trace;
        // What is only renamed keeps its form.
        let renamed = letters.iter().all(|(_, value)| value.name().is_some());
        if letters.iter().all(|(letter, value)| letter == value) {
            return;
        }
        let mut known: Vec<(Expr, Expr)> = vec![];
        let mut put = |e: Expr| {
            if let Some((_, done)) = known.iter().find(|(before, _)| *before == e) {
                return *done;
            }
            let put = substitute(e, letters);
            let put = if renamed || put.size() > LONGEST_TIDY { put } else { tidy(put, trace) };
            known.push((e, put));
            put
        };
        (self.delta, self.condition) = (put(self.delta), self.condition.map(&mut put));
        self.region = self.region.clone().map(&mut put);
        if let (Kind::HalfSpace { normal }, Some(still), false) = (&self.region.kind, self.still, renamed) {
            let normal = essential(*normal);
            let left = simplify(Quadratic::total((self.noise - still) * normal, self.noise.shape().dim()), trace);
            self.condition = Condition { left, relation: Relation::AtLeast, right: Expr::num(0.0) };
            self.region.kind = Kind::HalfSpace { normal };
        }
    }
}

/// A linear Δ as the sum it is; any other as the difference of log-densities.
fn shortest_delta(p: &Problem, trace: &mut Trace) -> Expr {
    match p.form {
        Some(q) if q.quadratic.is_num(0.0) => simplify(Quadratic::total(p.deviation() * q.linear, p.dim()), trace),
        _ => {
            let simple = gathered(simplify(p.delta, trace));
            if simple.size() > LONGEST {
                return simple;
            }
            // A polynomial reads best as the difference of distances that it is, or else in powers of the noise.
            if let Some(q) = p.form {
                return if simple.terms().len() > 2 {
                    shortest(&[simple, in_powers(p, q, trace)]).unwrap_or(simple)
                } else {
                    simple
                };
            }
            let expanded = normal_form(p.delta, trace);
            shortest(&[simple, gathered(expanded), expanded]).unwrap_or(simple)
        }
    }
}

/// Σ c₁ m + c₂ m², each power summed on its own.
fn in_powers(p: &Problem, q: Quadratic, trace: &mut Trace) -> Expr {
    let total = |coefficient: Expr, power: i32| Quadratic::total(coefficient * p.deviation().powi(power), p.dim());
    simplify(q.constant + total(q.linear, 1) + total(q.quadratic, 2), trace)
}

/// Longer expressions keep the form they have: nobody reads them.
const LONGEST_TIDY: u32 = 200;

/// Longer differences are not multiplied out.
const LONGEST: u32 = 1_000;

/// Δ = Σ c₁ m + Σ c₂ m² with m the deviation of the noise from the one that changes nothing.
fn deviation_form(p: &Problem, trace: &mut Trace) -> Option<Quadratic> {
    let Some(scale) = p.affine.map(|a| a.scale) else { return form_in_noise(p, trace) };
    let q = p.facts().change(trace)?;
    Some(Quadratic {
        constant: q.constant,
        linear: tidy(q.linear * scale, trace),
        quadratic: simplify(q.quadratic * scale.powi(2), trace),
    })
}

/// The same where the injection is not affine, but Δ is such a polynomial all the same: ln f = −λ y and y + n².
fn form_in_noise(p: &Problem, trace: &mut Trace) -> Option<Quadratic> {
    let change = Expr::var("m", p.noise.shape(), Domain::REAL);
    let changed = replace(p.delta, p.noise, p.still? + change);
    let q = quadratic(normal_form(changed, trace), change)?;
    simplify(q.constant, trace).is_num(0.0).then_some(q)
}

/// ln f = c − κ h(g(y)) with κ > 0 and h increasing: it rises with −g, so noise helps where −g rises. This is how one
/// outcome of Student's t has the interval of the gaussian, and a vector of them the ball. Of a sum of such terms over
/// components nothing follows, for it has no such g.
fn monotone(p: &Problem, trace: &mut Trace) -> Option<Problem> {
    if p.form.is_some() || p.is_mixed() {
        return None;
    }
    let distance = distance(p)?;
    let inside = match distance.node() {
        Node::Sum(inside, _) if p.is_line() => inside,
        _ => distance,
    };
    let g = inside_increasing(inside, p.outcome)?;
    let mut told = Problem { before: simplify(-Quadratic::total(g, g.shape().dim()), trace), ..p.clone() };
    trace.add("monotone");
    told.delta = simplify(replace(told.before, p.outcome, p.noisy()) - told.before, trace);
    told.form = deviation_form(&told, trace);
    Some(told)
}

/// g of h(g), h strictly increasing wherever it has a value, stripped of constants that are added and positive factors.
fn inside_increasing(e: Expr, y: Expr) -> Option<Expr> {
    let inside = match e.node() {
        Node::Call(Func::Ln | Func::Exp | Func::Softplus | Func::Logistic | Func::Tanh, g) => g,
        Node::Pow(g, n)
            if !n.is_num(2.0) && n.range().is_positive() && !depends_on(n, &[y]) && g.range().is_non_negative() =>
        {
            g
        }
        _ => return None,
    };
    // Terms that do not depend on y are the same on both sides.
    let varying: Vec<Expr> = inside.terms().into_iter().filter(|t| depends_on(*t, &[y])).collect();
    Some(Expr::add_all(&varying))
}
