//! What is known of a region beyond its name: that it is convex, because ln f is concave in the outcome and the injection
//! affine in the noise; star-shaped, because ln f falls on every ray from a centre; a cone, because Δ is homogeneous.

use super::super::problem::Problem;
use super::{Kind, slack};
use crate::expr::{Bend, Domain, Expr, Provided, Shape, Trace, bends, prove_equal, replace, simplify};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traits {
    /// Shown to be convex, provided that these are not negative.
    pub convex: Option<Provided>,
    /// Shown to be star-shaped about this noise.
    pub star: Option<Expr>,
    /// Shown to be a cone from the noise that changes nothing.
    pub cone: bool,
}

impl Traits {
    pub fn map(self, mut f: impl FnMut(Expr) -> Expr) -> Traits {
        let convex = self.convex.map(|list| list.into_iter().map(&mut f).collect());
        Traits { convex, star: self.star.map(f), ..self }
    }
}

pub fn traits(p: &Problem, named: Option<&Kind>, trace: &mut Trace) -> Traits {
    match named {
        Some(Kind::Outside(_)) => Traits::default(),
        Some(Kind::Arc { .. }) => Traits::default(),
        Some(_) => Traits { convex: support(p), star: None, cone: matches!(named, Some(Kind::HalfSpace { .. })) },
        None => Traits { convex: convex(p), star: star(p, trace), cone: cone(p, trace) },
    }
}

/// The best name where only traits are known.
pub fn kind(traits: &Traits) -> Kind {
    match traits {
        Traits { cone: true, .. } => Kind::Cone,
        Traits { convex: Some(provided), .. } if provided.is_empty() => Kind::Convex,
        _ => Kind::General,
    }
}

fn convex(p: &Problem) -> Option<Provided> {
    let concave = match p.affine {
        // A concave function of an affine one: ln f and the injection are looked at one after the other.
        Some(_) => p.facts().concave(),
        None => bends(p.delta, p.noise, Bend::Concave),
    };
    Some(distinct([concave?, support(p)?].concat()))
}

/// What has to hold for the noise that keeps the outcome in its support to be a convex set, as it is for affine injections.
fn support(p: &Problem) -> Option<Provided> {
    let slacks = p.bounds.iter().filter(|_| p.affine.is_none()).map(|bound| slack(*bound, p.noisy()));
    let cutting = slacks.filter(|slack| !slack.range().is_non_negative());
    let each = cutting.map(|slack| bends(slack, p.noise, Bend::Concave));
    each.collect::<Option<Vec<Provided>>>().map(|lists| lists.concat())
}

fn distinct(mut list: Provided) -> Provided {
    list.sort();
    list.dedup();
    list
}

fn star(p: &Problem, trace: &mut Trace) -> Option<Expr> {
    let affine = p.affine?;
    let fall = p.facts().fall()?;
    Some(simplify((fall.centre - p.outcome) / affine.scale + affine.still, trace))
}

/// Δ(still + t m) = tᵈ Δ(still + m) for every t > 0. Of an affine injection this is not asked: if it holds from every
/// outcome, ln f is linear along every line, and the cone a half-space.
fn cone(p: &Problem, trace: &mut Trace) -> bool {
    let (None, Some(still), Shape::Vector(_)) = (p.affine, p.still, p.noise.shape()) else { return false };
    let t = Expr::var("t", Shape::Scalar, Domain::POSITIVE);
    let stretched = replace(p.delta, p.noise, still + t * (p.noise - still));
    (1..=4).any(|degree| prove_equal(stretched, t.powi(degree) * p.delta, trace))
}
