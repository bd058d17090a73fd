//! A proposal for noise: a likelihood over one number with numbers for its parameters; each component of the noise is an
//! independent draw of it.
//!
//! Nothing is known of it by name. That it is gaussian is read off its log-density, a quadratic over all real numbers.

use super::random::Random;
use crate::expr::{
    Bindings, Domain, Expr, Shape, Trace, Value, contains, evaluate, expand, normal_form, quadratic, replace, simplify,
    substitute,
};
use crate::model::{Bound, Instance, Support};
use crate::plan::FillKind;
use crate::special::Special;

pub struct Proposal {
    /// As it is written: `gaussian(0, 1)`.
    pub name: String,
    discrete: bool,
    x: Expr,
    ln_density: Expr,
    bounds: Vec<Bound>,
    cdf: Option<Expr>,
    draw: Option<Expr>,
    randomness: Vec<(Expr, FillKind)>,
    pub gaussian: Option<Gaussian>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gaussian {
    pub mean: f64,
    pub deviation: f64,
}

impl Proposal {
    pub fn new(instance: &Instance) -> Proposal {
        let likelihood = instance.likelihood.clone();
        let x = Expr::var("x", Shape::Scalar, Domain::REAL);
        let ln_density = simplify(likelihood.log_density_at(x, &instance.args), &mut Trace::default());
        let bounds = likelihood.bounds_at(x, &instance.args);
        // Every draw needs letters of its own for its randomness: those of two proposals may be the same.
        let fresh = |(var, kind): &(Expr, FillKind)| (*var, Expr::var("u", var.shape(), Domain::REAL), *kind);
        let letters: Vec<_> = likelihood.draw.iter().flat_map(|d| &d.randomness).map(fresh).collect();
        let pairs: Vec<(Expr, Expr)> = letters.iter().map(|(old, new, _)| (*old, *new)).collect();
        let draw = likelihood.draw.as_ref().map(|d| substitute(likelihood.apply(d.value, x, &instance.args), &pairs));
        let whole_line = likelihood.support == Support::Real && bounds.is_empty();
        Proposal {
            name: written(instance),
            discrete: likelihood.support.is_discrete(),
            x,
            ln_density,
            cdf: likelihood.cdf.map(|e| likelihood.apply(e, x, &instance.args)),
            draw,
            randomness: letters.into_iter().map(|(_, new, kind)| (new, kind)).collect(),
            gaussian: if whole_line { gaussian(ln_density, x) } else { None },
            bounds,
        }
    }

    /// A normal proposal.
    pub fn normal(mean: f64, deviation: f64) -> Proposal {
        let (x, z) = (Expr::var("x", Shape::Scalar, Domain::REAL), Expr::var("z", Shape::Scalar, Domain::REAL));
        let scaled = (x - Expr::num(mean)) / Expr::num(deviation);
        Proposal {
            name: format!("normal({mean}, {deviation})"),
            discrete: false,
            x,
            ln_density: Expr::num(-0.5) * scaled.powi(2) - Expr::num((deviation * std::f64::consts::TAU.sqrt()).ln()),
            bounds: vec![],
            cdf: None,
            draw: Some(Expr::num(mean) + deviation * z),
            randomness: vec![(z, FillKind::StandardNormal)],
            gaussian: Some(Gaussian { mean, deviation }),
        }
    }

    /// ln of the density of one component; −∞ outside the support.
    pub fn ln_density(&self, x: f64) -> f64 {
        let (low, high) = self.support();
        let whole = !self.discrete || x.fract() == 0.0;
        if low <= x && x <= high && whole { self.at(self.ln_density, x) } else { f64::NEG_INFINITY }
    }

    /// The ends of the support.
    pub fn support(&self) -> (f64, f64) {
        let mut ends = (f64::NEG_INFINITY, f64::INFINITY);
        for bound in &self.bounds {
            match *bound {
                Bound::Lower(e) => ends.0 = self.at(e, 0.0),
                Bound::Upper(e) => ends.1 = self.at(e, 0.0),
                Bound::Total(_) => {}
            }
        }
        ends
    }

    /// One component; NaN where the proposal has no draw.
    pub fn draw(&self, random: &mut Random) -> f64 {
        let numbers = self.randomness.iter().map(|(var, kind)| {
            let number = match kind {
                FillKind::StandardNormal => random.normal(),
                FillKind::StandardUniform => random.uniform(),
            };
            (*var, Value::Scalar(number))
        });
        let values: Bindings = numbers.collect();
        self.draw.and_then(|e| evaluate(e, &values).ok()).map_or(f64::NAN, |v| v.scalar())
    }

    pub fn draws(&self, dim: usize, random: &mut Random) -> Vec<f64> {
        (0..dim).map(|_| self.draw(random)).collect()
    }

    /// P(x ≤ this): exact for gaussians, else by the entry `cdf`.
    pub fn cdf(&self, x: f64) -> Option<f64> {
        let (low, high) = self.support();
        match (self.gaussian, self.cdf) {
            (Some(g), _) => Some(Special::NormalCdf.value(&[(x - g.mean) / g.deviation])),
            (None, Some(_)) if x <= low => Some(0.0),
            (None, Some(_)) if x >= high => Some(1.0),
            (None, Some(e)) => Some(self.at(e, x)),
            (None, None) => None,
        }
    }

    /// The inverse of the distribution function: a draw from one source is one. `None` for any other draw, for one that
    /// does not undo the distribution function, and for values that can be counted.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let [(source, kind)] = self.randomness[..] else { return None };
        let number = match kind {
            FillKind::StandardUniform => p,
            FillKind::StandardNormal => Special::NormalQuantile.value(&[p]),
        };
        let values = Bindings::from([(source, Value::Scalar(number))]);
        evaluate(self.draw?, &values).ok().map(|v| v.scalar())
    }

    /// Whether draws between two ends can be made by the distribution function and its inverse: those of the proposal
    /// fit each other.
    pub fn is_invertible(&self) -> bool {
        let fits = |p: &f64| {
            let back = self.quantile(*p).and_then(|x| self.cdf(x));
            back.is_some_and(|q| (q - p).abs() < 1e-6)
        };
        !self.discrete && [0.03, 0.2, 0.5, 0.7, 0.99].iter().all(fits)
    }

    /// Whether mirroring at this point changes nothing, shown from the log-density.
    pub fn is_even_about(&self, centre: f64) -> bool {
        if let Some(g) = self.gaussian {
            return (g.mean - centre).abs() <= 1e-12 * (1.0 + centre.abs());
        }
        let (low, high) = self.support();
        let trace = &mut Trace::default();
        let side = |sign: f64, trace: &mut Trace| {
            simplify(replace(self.ln_density, self.x, Expr::num(centre) + sign * self.x), trace)
        };
        let mirrored = low + high == 2.0 * centre || (low == f64::NEG_INFINITY && high == f64::INFINITY);
        mirrored && side(1.0, trace) == side(-1.0, trace)
    }

    /// Whether the density is the same everywhere between two ends.
    pub fn is_uniform(&self) -> bool {
        let (low, high) = self.support();
        low.is_finite() && high.is_finite() && !contains(self.ln_density, self.x)
    }

    /// About how far draws lie from each other: for steps and grids, not for anything exact.
    pub fn scale(&self) -> f64 {
        if let Some(g) = self.gaussian {
            return g.deviation;
        }
        let mut random = Random::new(0, u32::MAX);
        let mut draws: Vec<f64> = self.draws(99, &mut random);
        draws.sort_by(f64::total_cmp);
        let spread = (draws[84] - draws[15]) / 2.0;
        if spread > 0.0 && spread.is_finite() { spread } else { 1.0 }
    }

    fn at(&self, e: Expr, x: f64) -> f64 {
        let values = Bindings::from([(self.x, Value::Scalar(x))]);
        evaluate(e, &values).map_or(f64::NAN, |v| v.scalar())
    }
}

/// `gaussian(0, 1)`
fn written(instance: &Instance) -> String {
    let number = |e: &Expr| evaluate(*e, &Bindings::new()).map_or(f64::NAN, |v| v.scalar()).to_string();
    let args: Vec<String> = instance.args.iter().map(number).collect();
    format!("{}({})", instance.likelihood.name, args.join(", "))
}

/// ln p = c − (x − mean)²/(2 deviation²), with nothing but numbers in it.
fn gaussian(ln_density: Expr, x: Expr) -> Option<Gaussian> {
    let q = quadratic(normal_form(expand(ln_density), &mut Trace::default()), x)?;
    let number = |e: Expr| evaluate(e, &Bindings::new()).ok().map(|v| v.scalar());
    let (curvature, slope) = (-2.0 * number(q.quadratic)?, number(q.linear)?);
    (curvature > 0.0).then(|| Gaussian { mean: slope / curvature, deviation: curvature.sqrt().recip() })
}

/// A standard normal number between two ends, by one uniform number. The half that is worked out lies left of 0, where
/// the distribution function does not round to 1.
pub fn truncated_normal(lower: f64, upper: f64, u: f64) -> f64 {
    if lower > 0.0 {
        return -truncated_normal(-upper, -lower, 1.0 - u);
    }
    let (from, to) = (Special::NormalCdf.value(&[lower]), Special::NormalCdf.value(&[upper]));
    let x = Special::NormalQuantile.value(&[from + u * (to - from)]);
    // Where the probability of the whole piece underflows, it lies at the end nearest to 0.
    if x.is_finite() { x.clamp(lower, upper) } else { upper }
}
