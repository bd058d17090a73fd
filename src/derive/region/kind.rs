//! The shapes that have names, with the data that say where they lie.

use crate::expr::{Expr, Quadratic};

/// A region of noise. `still` is the noise that changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Σ normal (n − still) ≥ 0
    HalfSpace {
        normal: Expr,
    },
    /// ‖n − centre‖ ≤ radius
    Ball {
        centre: Expr,
        radius: Expr,
    },
    /// Σ weight (n − centre)² ≤ Σ weight (still − centre)²
    Ellipsoid {
        centre: Expr,
        weight: Expr,
    },
    /// ‖map − centre‖ ≤ radius, `map` a linear function of the noise; a cylinder where the map forgets a direction.
    Mapped {
        map: Expr,
        centre: Expr,
        radius: Expr,
    },
    /// (n − centre)ᵀ matrix (n − centre) ≤ level
    Form {
        centre: Expr,
        matrix: Expr,
        level: Expr,
    },
    /// lower ≤ height ≤ upper, in either order of the two, `height` a linear function of the noise.
    Slab {
        height: Expr,
        other: Expr,
    },
    /// Σ weight |n − centre| ≤ radius
    CrossPolytope {
        centre: Expr,
        weight: Expr,
        radius: Expr,
    },
    /// Each component from `lower` to `upper` (a missing end is unbounded).
    Box {
        lower: Option<Expr>,
        upper: Option<Expr>,
    },
    /// One component: from `lower` to `upper` (a missing end is unbounded).
    Interval {
        lower: Option<Expr>,
        upper: Option<Expr>,
    },
    /// One component: between the still noise and `other`, whichever is larger.
    Between {
        other: Expr,
    },
    /// One component: an interval that holds the still noise and ends where Δ turns negative.
    Root,
    /// An angle: the arc between the still noise and `other`, and its turns.
    Arc {
        other: Expr,
    },
    /// Everything outside of the inside of another, and its boundary.
    Outside(Box<Kind>),
    Everything,
    /// Nothing but the noise that changes nothing.
    Only,
    /// With every deviation, all its positive multiples.
    Cone,
    Convex,
    /// No name fits; membership is Δ(n) ≥ 0.
    General,
}

impl Kind {
    pub fn name(&self) -> &'static str {
        match self {
            Kind::HalfSpace { .. } => "half-space",
            Kind::Ball { .. } => "ball",
            Kind::Ellipsoid { .. } | Kind::Mapped { .. } | Kind::Form { .. } => "ellipsoid",
            Kind::Slab { .. } => "slab",
            Kind::CrossPolytope { .. } => "cross-polytope",
            Kind::Box { .. } => "box",
            Kind::Interval { .. } | Kind::Between { .. } | Kind::Root => "interval",
            Kind::Arc { .. } => "arc",
            Kind::Outside(_) => "outside",
            Kind::Everything => "everything",
            Kind::Only => "only the noise that changes nothing",
            Kind::Cone => "cone",
            Kind::Convex => "convex",
            Kind::General => "general",
        }
    }

    /// What is 0 or more exactly inside; `None` where Δ itself has to decide.
    pub fn slacks(&self, noise: Expr, still: Option<Expr>) -> Option<Vec<Expr>> {
        let total = |e: Expr| Quadratic::total(e, e.shape().dim());
        Some(match self {
            Kind::HalfSpace { normal } => vec![total(*normal * (noise - still?))],
            Kind::Ball { centre, radius } => vec![radius.powi(2) - total((noise - *centre).powi(2))],
            Kind::Ellipsoid { centre, weight } => {
                let dim = noise.shape().dim();
                let square = |x: Expr| Quadratic::total(*weight * (x - *centre).powi(2), dim);
                vec![square(still?) - square(noise)]
            }
            Kind::Mapped { map, centre, radius } => vec![radius.powi(2) - total((*map - *centre).powi(2))],
            Kind::Form { centre, matrix, level } => {
                let r = noise - *centre;
                vec![*level - r.dot(matrix.dot(r))]
            }
            Kind::Slab { height, other } => vec![*height * (*other - *height)],
            Kind::CrossPolytope { centre, weight, radius } => {
                vec![*radius - Quadratic::total(*weight * (noise - *centre).abs(), noise.shape().dim())]
            }
            Kind::Interval { lower, upper } | Kind::Box { lower, upper } => {
                lower.map(|x| noise - x).into_iter().chain(upper.map(|x| x - noise)).collect()
            }
            Kind::Between { other } => vec![(noise - still?) * (*other - noise)],
            Kind::Outside(inside) => match &inside.slacks(noise, still)?[..] {
                [slack] => vec![-*slack],
                _ => return None,
            },
            Kind::Everything => vec![],
            Kind::Only => vec![-(noise - still?).abs()],
            Kind::Root | Kind::Arc { .. } | Kind::Cone | Kind::Convex | Kind::General => return None,
        })
    }

    /// The data by name, for those who print or store them.
    pub fn data(&self) -> Vec<(&'static str, Option<Expr>)> {
        match *self {
            Kind::HalfSpace { normal } => vec![("normal", Some(normal))],
            Kind::Ball { centre, radius } => vec![("centre", Some(centre)), ("radius", Some(radius))],
            Kind::Ellipsoid { centre, weight } => vec![("centre", Some(centre)), ("weight", Some(weight))],
            Kind::Mapped { map, centre, radius } => {
                vec![("map", Some(map)), ("centre", Some(centre)), ("radius", Some(radius))]
            }
            Kind::Form { centre, matrix, level } => {
                vec![("centre", Some(centre)), ("matrix", Some(matrix)), ("level", Some(level))]
            }
            Kind::Slab { height, other } => vec![("height", Some(height)), ("other_end", Some(other))],
            Kind::CrossPolytope { centre, weight, radius } => {
                vec![("centre", Some(centre)), ("weight", Some(weight)), ("radius", Some(radius))]
            }
            Kind::Interval { lower, upper } | Kind::Box { lower, upper } => vec![("lower", lower), ("upper", upper)],
            Kind::Between { other } | Kind::Arc { other } => vec![("other_end", Some(other))],
            Kind::Outside(ref inside) => inside.data(),
            Kind::Root | Kind::Everything | Kind::Only | Kind::Cone | Kind::Convex | Kind::General => vec![],
        }
    }

    /// The same shape with its data changed.
    pub fn map(self, f: &mut impl FnMut(Expr) -> Expr) -> Kind {
        match self {
            Kind::HalfSpace { normal } => Kind::HalfSpace { normal: f(normal) },
            Kind::Ball { centre, radius } => Kind::Ball { centre: f(centre), radius: f(radius) },
            Kind::Ellipsoid { centre, weight } => Kind::Ellipsoid { centre: f(centre), weight: f(weight) },
            Kind::Mapped { map, centre, radius } => Kind::Mapped { map: f(map), centre: f(centre), radius: f(radius) },
            Kind::Form { centre, matrix, level } => {
                Kind::Form { centre: f(centre), matrix: f(matrix), level: f(level) }
            }
            Kind::Slab { height, other } => Kind::Slab { height: f(height), other: f(other) },
            Kind::CrossPolytope { centre, weight, radius } => {
                Kind::CrossPolytope { centre: f(centre), weight: f(weight), radius: f(radius) }
            }
            Kind::Interval { lower, upper } => Kind::Interval { lower: lower.map(&mut *f), upper: upper.map(&mut *f) },
            Kind::Box { lower, upper } => Kind::Box { lower: lower.map(&mut *f), upper: upper.map(&mut *f) },
            Kind::Between { other } => Kind::Between { other: f(other) },
            Kind::Arc { other } => Kind::Arc { other: f(other) },
            Kind::Outside(inside) => Kind::Outside(Box::new(inside.map(f))),
            plain => plain,
        }
    }

    /// Shapes that are placed by the still noise have no name where there is none.
    pub(super) fn at(self, still: Option<Expr>) -> Kind {
        let placed_by_it = matches!(
            self,
            Kind::HalfSpace { .. }
                | Kind::Ellipsoid { .. }
                | Kind::Between { .. }
                | Kind::Root
                | Kind::Only
                | Kind::Cone
        );
        if placed_by_it && still.is_none() { Kind::General } else { self }
    }

    /// The region of −Δ(n) ≥ 0, which shares its boundary with that of Δ(n) ≥ 0.
    pub fn opposite(&self) -> Kind {
        match self {
            Kind::HalfSpace { normal } => Kind::HalfSpace { normal: -*normal },
            Kind::Outside(inside) => (**inside).clone(),
            Kind::Everything => Kind::Only,
            Kind::Only => Kind::Everything,
            Kind::Cone => Kind::Cone,
            Kind::Ball { .. }
            | Kind::Ellipsoid { .. }
            | Kind::Mapped { .. }
            | Kind::Form { .. }
            | Kind::Slab { .. }
            | Kind::CrossPolytope { .. }
            | Kind::Between { .. } => Kind::Outside(Box::new(self.clone())),
            Kind::Interval { .. } | Kind::Box { .. } | Kind::Root | Kind::Arc { .. } | Kind::Convex | Kind::General => {
                Kind::General
            }
        }
    }
}
