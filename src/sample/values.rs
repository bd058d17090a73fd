//! What was derived, as numbers at a point: ln f, and for each noise Δ, the condition's two sides, whether the noise lies
//! inside, and on a line where the region ends.

use serde_json::{Value as Json, json};

use super::ends::{Interval, ends, turn};
use super::noise::NoiseAt;
use super::scene::Scene;
use crate::derive::Relation;
use crate::expr::{Value, print};
use crate::model::Injection;

pub struct Values {
    place: String,
    point: Json,
    ln_f: Option<f64>,
    noises: Vec<NoiseValues>,
}

struct NoiseValues {
    injection: &'static str,
    /// `y + n`
    noisy: String,
    tried: Option<Tried>,
    still: Option<Vec<f64>>,
    /// On a line, with the length of a turn for an angle.
    ends: Option<(Vec<Interval>, Option<f64>)>,
}

/// One noise that the point gives.
struct Tried {
    noise: Vec<f64>,
    delta: f64,
    /// Left, right
    sides: (f64, f64),
    relation: Relation,
    inside: bool,
}

impl Values {
    /// `tried` is a noise that the point gives.
    pub fn new(scene: Scene, noises: &[NoiseAt], tried: Option<&Value>) -> Values {
        Values {
            place: scene.text,
            point: scene.json,
            ln_f: scene.log_density,
            noises: noises.iter().map(|at| NoiseValues::new(at, tried)).collect(),
        }
    }

    pub fn text(&self) -> String {
        let noises: String = self.noises.iter().map(NoiseValues::text).collect();
        let ln_f = self.ln_f.map_or(String::new(), |x| format!("\n{}", line("ln f", &number(x))));
        format!("at {}\n{ln_f}{noises}", self.place)
    }

    pub fn json(&self) -> Json {
        json!({
            "point": self.point,
            "log_density": self.ln_f,
            "noise": self.noises.iter().map(NoiseValues::json).collect::<Vec<_>>(),
        })
    }
}

impl NoiseValues {
    fn new(at: &NoiseAt, tried: Option<&Value>) -> NoiseValues {
        NoiseValues {
            injection: match at.derived.injection {
                Injection::Add => "add",
                Injection::Multiply => "multiply",
                Injection::Custom(_) => "custom",
            },
            noisy: print::text(at.derived.noisy()),
            tried: tried.filter(|n| at.fits(n)).map(|n| Tried::new(at, n.numbers())),
            still: at.still(),
            ends: at.is_line().then(|| (ends(at), turn(at))),
        }
    }

    fn text(&self) -> String {
        let still = self.still.as_ref().map_or(String::new(), |s| line("still", &numbers(s)));
        let ends = self.ends.as_ref().map_or(String::new(), |(ends, turn)| line("region", &pieces(ends, *turn)));
        let tried = self.tried.as_ref().map_or(String::new(), Tried::text);
        format!("\n  noise {}\n{tried}{still}{ends}", self.noisy)
    }

    fn json(&self) -> Json {
        let ends =
            self.ends.as_ref().map(|(ends, _)| ends.iter().map(|i| json!([i.lower, i.upper])).collect::<Vec<_>>());
        json!({
            "injection": self.injection,
            "noisy": self.noisy,
            "still": self.still,
            "ends": ends,
            "turn": self.ends.as_ref().and_then(|(_, turn)| *turn),
            "tried": self.tried.as_ref().map(Tried::json),
        })
    }
}

impl Tried {
    fn new(at: &NoiseAt, n: &[f64]) -> Tried {
        let condition = at.derived.condition;
        Tried {
            noise: n.to_vec(),
            delta: at.delta(n),
            sides: (at.value(condition.left, n).scalar(), at.value(condition.right, n).scalar()),
            relation: condition.relation,
            inside: at.contains(n),
        }
    }

    fn text(&self) -> String {
        let relation = match self.relation {
            Relation::AtLeast => "≥",
            Relation::AtMost => "≤",
        };
        let inside = if self.inside { "yes" } else { "no" };
        let (left, right) = (number(self.sides.0), number(self.sides.1));
        [
            line("n", &numbers(&self.noise)),
            line("Δ(n)", &number(self.delta)),
            line("condition", &format!("{left} {relation} {right}")),
            line("inside", inside),
        ]
        .concat()
    }

    fn json(&self) -> Json {
        let relation = match self.relation {
            Relation::AtLeast => ">=",
            Relation::AtMost => "<=",
        };
        json!({
            "noise": self.noise,
            "delta": self.delta,
            "condition": { "left": self.sides.0, "relation": relation, "right": self.sides.1 },
            "inside": self.inside,
        })
    }
}

fn line(label: &str, text: &str) -> String {
    let padding = " ".repeat(16_usize.saturating_sub(label.chars().count()));
    format!("    {label}{padding}{text}\n")
}

/// The most pieces that are listed: where there are more, the grid on which they are looked for has missed some, too.
pub const MOST_PIECES: usize = 8;

/// `[−4, 0]`, `(−∞, 0] and [2, ∞)`
fn pieces(ends: &[Interval], turn: Option<f64>) -> String {
    let lower = |x: f64| if x.is_finite() { format!("[{}", number(x)) } else { "(−∞".into() };
    let upper = |x: f64| if x.is_finite() { format!("{}]", number(x)) } else { "∞)".into() };
    let all: Vec<String> = ends.iter().map(|i| format!("{}, {}", lower(i.lower), upper(i.upper))).collect();
    let turns = turn.map_or(String::new(), |t| format!(", and the same after every {}", number(t)));
    match all.len() {
        0 => "empty".into(),
        1..=MOST_PIECES => all.join(" and ") + &turns,
        _ => format!("more than {MOST_PIECES} pieces{turns}"),
    }
}

fn numbers(list: &[f64]) -> String {
    match list {
        [x] => number(*x),
        list => format!("({})", list.iter().map(|x| number(*x)).collect::<Vec<_>>().join(", ")),
    }
}

/// Seven digits, without zeros at the end.
pub fn number(x: f64) -> String {
    let rounded = format!("{x:.6e}").parse::<f64>().unwrap_or(x);
    let plain = (1e-4..1e7).contains(&rounded.abs()) || rounded == 0.0;
    let text = if plain { rounded.to_string() } else { format!("{rounded:e}") };
    text.replace('-', "−").replace("inf", "∞").replace("NaN", "not a number")
}
