//! Regions of noise as sets, with the data that place them.

use crate::derive::{Kind, NoiseDerivation};
use crate::expr::{Expr, print};
use crate::report::derivation::noise::Write;

/// A condition on the noise in mathematics mode, and the letters in it with their values.
pub struct Set {
    pub members: String,
    pub data: Vec<(&'static str, Expr)>,
}

/// What regions are described by: the noise, and the noise that changes nothing.
pub struct Place {
    n: String,
    still: String,
    line: bool,
}

impl Place {
    pub fn of(derived: &NoiseDerivation, write: Write) -> Place {
        Place {
            n: write(derived.noise),
            still: derived.still.map_or("n_0".into(), write),
            line: print::is_line(derived.noise.shape()),
        }
    }

    /// `n - c`, or `n` where that is the same.
    fn from(&self, centre: &str) -> String {
        if centre == "0" { self.n.clone() } else { format!("({} - {centre})", self.n) }
    }

    fn norm(&self, x: &str) -> String {
        if self.line { format!(r"\lvert {x}\rvert") } else { format!(r"\lVert {x}\rVert") }
    }

    /// The set of a kind that has data; `None` for the others.
    pub fn set(&self, kind: &Kind) -> Option<Set> {
        let (n, still) = (&self.n, &self.still);
        let set = |members: String, data: &[(&'static str, Expr)]| Some(Set { members, data: data.to_vec() });
        match *kind {
            Kind::HalfSpace { normal } => {
                let top = if self.line { "" } else { r"^{\top}" };
                set(format!(r"v{top} {} \ge 0", self.from(still)), &[("v", normal)])
            }
            Kind::Ball { centre, radius } => {
                set(self.norm(&format!("{n} - c")) + r" \le r", &[("c", centre), ("r", radius)])
            }
            Kind::Ellipsoid { centre, weight } => {
                let edge = if still == "0" { "c_{k}".into() } else { format!("({still} - c_{{k}})") };
                let members =
                    format!(r"\sum_{{k}} w_{{k}} ({n}_{{k}} - c_{{k}})^{{2}} \le \sum_{{k}} w_{{k}} {edge}^{{2}}");
                set(members, &[("c", centre), ("w", weight)])
            }
            Kind::Mapped { map, centre, radius } => {
                set(r"\lVert m(n) - c\rVert \le r".replace('n', n), &[("m(n)", map), ("c", centre), ("r", radius)])
            }
            Kind::Form { centre, matrix, level } => {
                set(format!(r"({n} - c)^{{\top}} M ({n} - c) \le r"), &[("c", centre), ("M", matrix), ("r", level)])
            }
            Kind::Slab { height, other } => {
                set(format!(r"h({n}) \text{{ between }} 0 \text{{ and }} e"), &[("h(n)", height), ("e", other)])
            }
            Kind::CrossPolytope { centre, weight, radius } if weight.is_num(1.0) => {
                set(self.norm(&format!("{n} - c")) + r"_{1} \le r", &[("c", centre), ("r", radius)])
            }
            Kind::CrossPolytope { centre, weight, radius } => set(
                format!(r"\sum_{{k}} w_{{k}} \lvert {n}_{{k}} - c_{{k}}\rvert \le r"),
                &[("c", centre), ("w", weight), ("r", radius)],
            ),
            Kind::Interval { lower, upper } => self.between_ends("", lower, upper),
            Kind::Box { lower, upper } => self.between_ends("_{k}", lower, upper),
            Kind::Between { other } => set(format!(r"\min({still}, e) \le {n} \le \max({still}, e)"), &[("e", other)]),
            Kind::Arc { other } => set(
                format!(r"{n} \text{{ between }} {still} \text{{ and }} e, \text{{ up to turns by }} 2 \pi"),
                &[("e", other)],
            ),
            Kind::Outside(ref inside) => self.set(inside),
            Kind::Root | Kind::Everything | Kind::Only | Kind::Cone | Kind::Convex | Kind::General => None,
        }
    }

    fn between_ends(&self, index: &str, lower: Option<Expr>, upper: Option<Expr>) -> Option<Set> {
        let from = lower.map_or(String::new(), |_| format!(r"l{index} \le "));
        let to = upper.map_or(String::new(), |_| format!(r" \le u{index}"));
        let data = [("l", lower), ("u", upper)].into_iter().filter_map(|(letter, end)| Some((letter, end?)));
        Some(Set { members: format!("{from}{}{index}{to}", self.n), data: data.collect() })
    }

    /// What a region is, as the end of a sentence.
    pub fn words(&self, kind: &Kind, shape: &str) -> String {
        match kind {
            Kind::Outside(inside) => format!("what lies outside of the {}, with its boundary", inside.name()),
            Kind::Root => {
                format!(r"an interval that holds ${}$ and ends where $\Delta({})$ turns negative", self.still, self.n)
            }
            Kind::Everything => "everything".into(),
            Kind::Only => format!("${}$ alone", self.still),
            Kind::Cone => format!("a cone from ${}$: with every deviation all its positive multiples", self.still),
            Kind::Convex => "convex; it has no name beyond this".into(),
            Kind::General => "what the condition says; it has no name beyond this".into(),
            _ if shape.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {shape}"),
            _ => format!("a {shape}"),
        }
    }
}
