//! A gradient and the differences of the function whose gradient it is to be, direction by direction.

use serde_json::{Value as Json, json};

use super::compare::{distance, norm, short};
use super::differences::{Direction, Measured, along, derivative, moved};
use super::numbers::Lists;
use crate::exec::ExecError;
use crate::sample::{Check, Verdict};

/// A slope by two ways.
struct Pair {
    derived: f64,
    measured: Measured,
}

/// Slopes along some directions.
pub struct Slopes(Vec<Pair>);

/// What a comparison says.
pub struct Compared {
    pub directions: usize,
    /// Where the differences do not know the slope well enough: near corners (relu, absolute value), or for rounding.
    pub left_out: usize,
    /// ‖derived − measured‖ over the size of what is measured.
    pub distance: f64,
    /// What the differences claim to be off by, over the same.
    pub claimed: f64,
}

impl Compared {
    /// `words` say what was compared, `figures` the same for programs.
    pub fn check(&self, what: String, tolerance: f64, words: &str, figures: Json) -> Check {
        let Compared { directions, left_out, distance, claimed } = *self;
        if directions == 0 {
            return Check::new(what, Verdict::Skipped, format!("{words}: all left out for corners or rounding"));
        }
        let corners =
            if left_out == 0 { String::new() } else { format!(", {left_out} left out for corners or rounding") };
        let own = [("compared", json!(directions)), ("left_out", json!(left_out)), ("distance", json!(distance))];
        let mut all = figures.as_object().cloned().unwrap_or_default();
        all.extend(own.map(|(key, value)| (key.to_string(), value)));
        let detail = format!("{words}: off by {}{corners}", short(distance));
        Check::holds(what, distance <= tolerance + claimed, detail).with(Json::Object(all))
    }
}

impl Slopes {
    /// `f` is a function of the parameters.
    pub fn new(
        gradient: &Lists,
        f: impl Fn(&Lists) -> Result<f64, ExecError>,
        parameters: &Lists,
        directions: &[Direction],
    ) -> Result<Slopes, ExecError> {
        let pair = |direction: &Direction| {
            let measured = derivative(|s| f(&moved(parameters, direction, s)))?;
            Ok(Pair { derived: along(gradient, direction), measured })
        };
        directions.iter().map(pair).collect::<Result<_, _>>().map(Slopes)
    }

    /// Compares where the differences are exact enough to tell: relative to the slope, or to `unit` where that is larger.
    pub fn compare(&self, tolerance: f64, unit: f64) -> Compared {
        let unit = unit.max(f64::MIN_POSITIVE);
        let is_known = |p: &&Pair| p.measured.error <= tolerance * p.measured.value.abs().max(unit);
        let known: Vec<&Pair> = self.0.iter().filter(is_known).collect();
        let list = |of: fn(&Pair) -> f64| known.iter().map(|p| of(p)).collect::<Vec<f64>>();
        let (derived, measured) = (list(|p| p.derived), list(|p| p.measured.value));
        let size = norm(&measured).max(unit);
        Compared {
            directions: known.len(),
            left_out: self.0.len() - known.len(),
            distance: distance(&derived, &measured) / size,
            claimed: norm(&list(|p| p.measured.error)) / size,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Σ x³ over all elements, and its gradient with one element changed by `wrong`.
    fn cubes(wrong: f64) -> Compared {
        let parameters = vec![vec![0.5, -1.0], vec![2.0]];
        let f = |p: &Lists| Ok(p.concat().iter().map(|x| x.powi(3)).sum());
        let mut gradient: Lists = parameters.iter().map(|p| p.iter().map(|x| 3.0 * x * x).collect()).collect();
        gradient[1][0] += wrong;
        let directions: Vec<Direction> = vec![vec![(0, 0, 1.0)], vec![(0, 1, 0.6), (1, 0, -0.8)]];
        Slopes::new(&gradient, f, &parameters, &directions).unwrap().compare(1e-10, 1.0)
    }

    #[test]
    fn a_right_gradient_passes_and_a_wrong_one_does_not() {
        assert!(cubes(0.0).distance < 1e-13);
        assert!((cubes(1e-6).distance / 1e-7 - 1.0).abs() < 0.2, "{}", cubes(1e-6).distance);
        assert_eq!((cubes(0.0).directions, cubes(0.0).left_out), (2, 0));
        let verdict = |wrong| cubes(wrong).check("gradient".into(), 1e-10, "3 numbers", Json::Null).verdict;
        assert_eq!([0.0, 1e-8, 1.0].map(verdict), [Verdict::Ok, Verdict::Failed, Verdict::Failed]);
    }
}
