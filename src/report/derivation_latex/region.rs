//! Regions of noise as sets, with the data that place them.

use crate::derive::{Kind, NoiseDerivation, identity_element};
use crate::expr::{Expr, print};
use crate::model::Injection;

/// A set in mathematics mode, and the letters in it with their values.
pub struct Set {
    pub members: String,
    pub data: Vec<(&'static str, Expr)>,
}

/// The set, as a condition on the noise `n`; `None` where it has no name.
pub fn set(derived: &NoiseDerivation, n: &str) -> Option<Set> {
    let start = identity_element(derived.injection);
    let line = print::is_line(derived.noise.shape());
    let from_start = match derived.injection {
        Injection::Add => n.to_string(),
        Injection::Multiply => format!("({n} - 1)"),
    };
    let norm = |e: &str| if line { format!(r"\lvert {e}\rvert") } else { format!(r"\lVert {e}\rVert") };
    let (members, data) = match derived.region.kind {
        Kind::HalfSpace { normal } if line => (format!(r"v {from_start} \ge 0"), vec![("v", normal)]),
        Kind::HalfSpace { normal } => (format!(r"v^{{\top}} {from_start} \ge 0"), vec![("v", normal)]),
        Kind::Ball { centre, radius } => (norm(&format!("{n} - c")) + r" \le r", vec![("c", centre), ("r", radius)]),
        Kind::Ellipsoid { centre, weight } => {
            let from_centre = if start == 0.0 { "c_{k}".into() } else { format!("({start} - c_{{k}})") };
            let distance = format!(r"\sum_{{k}} w_{{k}} ({n}_{{k}} - c_{{k}})^{{2}}");
            let radius = format!(r"\sum_{{k}} w_{{k}} {from_centre}^{{2}}");
            (format!(r"{distance} \le {radius}"), vec![("c", centre), ("w", weight)])
        }
        Kind::CrossPolytope { centre, weight, radius } if weight.is_num(1.0) => {
            (norm(&format!("{n} - c")) + r"_{1} \le r", vec![("c", centre), ("r", radius)])
        }
        Kind::CrossPolytope { centre, weight, radius } => (
            format!(r"\sum_{{k}} w_{{k}} \lvert {n}_{{k}} - c_{{k}}\rvert \le r"),
            vec![("c", centre), ("w", weight), ("r", radius)],
        ),
        Kind::Interval { lower, upper } => interval(n, lower, upper),
        Kind::Between { other } => (format!(r"\min({start}, e) \le {n} \le \max({start}, e)"), vec![("e", other)]),
        Kind::Everything | Kind::General => return None,
    };
    Some(Set { members, data })
}

fn interval(n: &str, lower: Option<Expr>, upper: Option<Expr>) -> (String, Vec<(&'static str, Expr)>) {
    let from = lower.map_or("", |_| r"l \le ");
    let to = upper.map_or("", |_| r" \le u");
    let data = [("l", lower), ("u", upper)].into_iter().filter_map(|(letter, end)| Some((letter, end?)));
    (format!("{from}{n}{to}"), data.collect())
}
