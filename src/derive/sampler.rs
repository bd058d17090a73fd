//! How noise of a region can be drawn, by its shape. What the proposal does not allow falls back on rejection.

use super::delta::NoiseDerivation;
use super::region::Kind;
use crate::expr::{Expr, Func, Node, depends_on, find, print::is_line};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampler {
    /// Every draw is used.
    All,
    /// A draw outside of a half-space is mirrored at its boundary.
    Mirror,
    /// One component: the proposal's quantile function, between the ends of the region's intervals.
    Inverse,
    /// Each component like [`Sampler::Inverse`], on its own.
    ByComponent,
    /// A ball or an ellipsoid: direction and radius from their own distributions.
    Direct,
    /// A convex region: hit-and-run, along random chords.
    HitAndRun,
    /// Draws are kept where they fall inside, and tried again otherwise, up to a bound.
    Rejection,
    /// The region is one point.
    Still,
}

/// Whether the noise is an angle in Δ.
fn goes_round(derived: &NoiseDerivation) -> bool {
    let of_noise = |x: Expr| depends_on(x, &[derived.noise]);
    find(derived.delta, |e| matches!(e.node(), Node::Call(Func::Sin | Func::Cos, x) if of_noise(x))).is_some()
}

impl Sampler {
    /// The best one that the shape allows.
    pub fn of(derived: &NoiseDerivation) -> Sampler {
        let region = &derived.region;
        let uncut = region.support.is_empty();
        match &region.kind {
            Kind::Everything if uncut => Sampler::All,
            Kind::Only => Sampler::Still,
            Kind::HalfSpace { .. } if uncut => Sampler::Mirror,
            // It repeats for ever: there is no list of ends.
            Kind::Arc { .. } => Sampler::Rejection,
            Kind::General if goes_round(derived) => Sampler::Rejection,
            _ if is_line(derived.noise.shape()) => Sampler::Inverse,
            Kind::Box { .. } => Sampler::ByComponent,
            Kind::Ball { .. } | Kind::Ellipsoid { .. } | Kind::Mapped { .. } if uncut => Sampler::Direct,
            Kind::Outside(_) | Kind::General | Kind::Cone => Sampler::Rejection,
            _ if region.traits.convex.is_none() => Sampler::Rejection,
            _ => Sampler::HitAndRun,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Sampler::All => "use every draw",
            Sampler::Mirror => "mirror a draw that falls outside at the boundary: every draw is used",
            Sampler::Inverse => "the proposal's quantile function between the ends: every draw is used",
            Sampler::ByComponent => "each component between its ends by the proposal's quantile function",
            Sampler::Direct => "direction and radius, each from its own distribution: every draw is used",
            Sampler::HitAndRun => "hit-and-run: from point to point along random chords",
            Sampler::Rejection => "keep a draw that falls inside, try again otherwise, up to a bound",
            Sampler::Still => "nothing to draw",
        }
    }
}
