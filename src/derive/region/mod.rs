//! The region of noise with Δ(n) ≥ 0: what shape it has and where it lies.
//!
//! Each file knows one way to find a name, and the first that finds one is believed: `polynomial` (half-spaces, balls,
//! ellipsoids), `distance` (cross-polytopes, ellipsoids and slabs in other coordinates), `line` (one component).
//! `traits` says what is known of a shape without a name: convex, star-shaped, a cone.

mod distance;
mod kind;
mod line;
mod polynomial;
mod traits;

pub use kind::Kind;

use super::problem::Problem;
use crate::expr::{Expr, Trace};
use crate::model::Bound;
pub use traits::Traits;

#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    pub kind: Kind,
    /// Bounds that the noisy outcome must keep besides; those that are part of the kind's own data are not repeated.
    pub support: Vec<Bound>,
    /// Where this is 0, Δ does not depend on the noise, or on that component of it.
    pub free: Option<Expr>,
    pub traits: Traits,
}

impl Region {
    /// Expressions that are all 0 or more (in every component) exactly where the noise lies in the region. `delta` decides
    /// where the kind has no data of its own.
    pub fn slacks(&self, noisy: Expr, noise: Expr, still: Option<Expr>, delta: Expr) -> Vec<Expr> {
        let own = self.kind.slacks(noise, still).unwrap_or(vec![delta]);
        own.into_iter().chain(self.support.iter().map(|bound| slack(*bound, noisy))).collect()
    }

    /// The same region with every expression changed.
    pub fn map(self, mut f: impl FnMut(Expr) -> Expr) -> Region {
        let support = self.support.into_iter().map(|b| b.map(&mut f)).collect();
        Region { kind: self.kind.map(&mut f), support, free: self.free.map(&mut f), traits: self.traits.map(&mut f) }
    }
}

/// How far a total may be from what it has to be: sums of shares in f64 round.
const TOTAL_TOLERANCE: f64 = 1e-9;

/// 0 or more where `noisy` keeps the bound.
pub fn slack(bound: Bound, noisy: Expr) -> Expr {
    match bound {
        Bound::Lower(x) => noisy - x,
        Bound::Upper(x) => x - noisy,
        Bound::Total(x) => match noisy.shape().dim() {
            Some(dim) => TOTAL_TOLERANCE * (x.abs() + 1.0) - (noisy.sum(dim) - x).abs(),
            None => TOTAL_TOLERANCE * (x.abs() + 1.0) - (noisy - x).abs(),
        },
    }
}

/// The shapes of longer log-densities are not looked for beyond polynomials and distances.
const LONGEST: u32 = 2_000;

/// `told` is the problem by which the shape is read: `p` itself, or what it is a monotone function of.
pub fn region(p: &Problem, told: &Problem, trace: &mut Trace) -> Region {
    let readable = p.before.size() <= LONGEST;
    let by_distance = |trace: &mut Trace| if p.is_mixed() { None } else { distance::kind(told, trace) };
    let named = polynomial::kind(told, trace).or_else(|| by_distance(trace));
    let named = named.or_else(|| if readable { line::kind(p, trace) } else { None });
    let traits = if readable { traits::traits(p, named.as_ref(), trace) } else { Traits::default() };
    let kind = named.unwrap_or_else(|| traits::kind(&traits));
    let kind = kind.at(p.still);
    let (kind, support) = line::cut(p, kind, trace);
    let rises = p.form.is_none() && p.is_line() && matches!(kind, Kind::HalfSpace { .. } | Kind::Interval { .. });
    let free = if rises && readable { line::flat(p, trace) } else { polynomial::free(told, &kind, trace) };
    Region { kind, support, free, traits }
}
