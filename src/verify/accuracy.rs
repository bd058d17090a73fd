//! The bounds of [K] Theorem 6: the log-likelihood of a classifier lies below its accuracy.
//!
//! One-hot outcomes: A_class counts an example whose own class has the largest probability (149), and A_class ≥ L (153).
//! K outcomes of two values: A counts the components on the right side of ½, over all K of them (147)-(148), and
//! A ≥ L + K ln 2 (154), for K = 1 (139). L is the log-likelihood of the outcomes by their probabilities, (22) and (62);
//! that it is what training maximises is a premise, which a mask breaks.

use std::f64::consts::LN_2;

use serde_json::json;

use super::numbers::Numbers;
use crate::data::Column;
use crate::exec::ExecError;
use crate::model::{Node, Support};
use crate::plan::network::{LOG_LIKELIHOOD, mean_output};
use crate::sample::{Check, Verdict, number};

/// What rounding may take from a bound.
const ROUNDING: f64 = 1e-9;

/// Accuracy and log-likelihood of one example.
struct Example {
    accuracy: f64,
    likelihood: f64,
}

/// One line for each outcome that names classes.
pub fn checks(numbers: &Numbers) -> Result<Vec<Check>, ExecError> {
    let mut judged = vec![];
    for (node, _) in numbers.model.observed() {
        let (Some(means), Some(truth)) =
            (numbers.evaluated(&mean_output(&node.name))?, numbers.examples.column(&node.name))
        else {
            continue;
        };
        judged.extend(examples(node.support, &means, truth).map(|examples| (node, examples)));
    }
    let maximised = numbers.evaluated(LOG_LIKELIHOOD)?.unwrap_or_default();
    let is_whole = judged.len() == numbers.model.observed().count();
    let of_row = |row: usize| judged.iter().map(|(_, examples)| examples[row].likelihood).sum::<f64>();
    let premise = !is_whole || maximised.iter().enumerate().all(|(row, l)| same(*l, of_row(row)));
    Ok(judged.iter().map(|(node, examples)| check(node, examples, premise)).collect())
}

/// Where a probability is near 1, its distance from 1 has lost digits.
fn same(maximised: f64, by_probabilities: f64) -> bool {
    (maximised - by_probabilities).abs() <= 1e-6 * (1.0 + maximised.abs()) || by_probabilities < -20.0
}

fn examples(support: Support, probabilities: &[f64], truth: &Column) -> Option<Vec<Example>> {
    let of: fn(&[f64], &[f64]) -> Example = match support {
        Support::OneHot => one_of_all,
        Support::Binary => |p, t| each(p.iter().copied(), t.iter().map(|t| *t == 1.0)),
        Support::Bipolar => |m, t| each(m.iter().map(|m| (1.0 + m) / 2.0), t.iter().map(|t| *t == 1.0)),
        _ => return None,
    };
    let rows = probabilities.chunks(truth.width).zip(truth.values.chunks(truth.width));
    Some(rows.map(|(p, t)| of(p, t)).collect())
}

fn one_of_all(p: &[f64], t: &[f64]) -> Example {
    let own = p.iter().zip(t).find(|(_, t)| **t == 1.0).map_or(f64::NAN, |(p, _)| *p);
    let largest = p.iter().copied().fold(0.0, f64::max);
    Example { accuracy: f64::from(u8::from(own == largest)), likelihood: own.ln() }
}

fn each(p: impl Iterator<Item = f64>, t: impl Iterator<Item = bool>) -> Example {
    let none = Example { accuracy: 0.0, likelihood: 0.0 };
    p.zip(t).fold(none, |sum, (p, t)| Example {
        accuracy: sum.accuracy + f64::from(u8::from(t == (p >= 0.5))),
        likelihood: sum.likelihood + if t { p } else { 1.0 - p }.ln(),
    })
}

fn check(node: &Node, examples: &[Example], premise: bool) -> Check {
    let (bound, more) = match node.support {
        Support::OneHot => ("A ≥ L".to_string(), 0.0),
        _ => (format!("A ≥ L + {} ln 2", node.shape.1), node.shape.1 as f64 * LN_2),
    };
    let what = format!("Theorem 6 for {}", node.name);
    if !premise {
        return Check::new(
            what,
            Verdict::Skipped,
            "the log-likelihood is not that of the outcomes by their probabilities",
        );
    }
    let mean = |of: fn(&Example) -> f64| examples.iter().map(of).sum::<f64>() / examples.len() as f64;
    let (accuracy, likelihood) = (mean(|e| e.accuracy), mean(|e| e.likelihood));
    let room = examples.iter().map(|e| e.accuracy - e.likelihood - more).fold(f64::INFINITY, f64::min);
    let detail = format!(
        "{bound} in all of {} examples, least room {}; on average {} and {}",
        examples.len(),
        rounded(room),
        rounded(accuracy),
        rounded(likelihood + more)
    );
    let figures = json!({ "examples": examples.len(), "accuracy": accuracy, "log_likelihood": likelihood, "bound": likelihood + more, "least_room": room });
    Check::holds(what, room >= -ROUNDING, detail).with(figures)
}

fn rounded(x: f64) -> String {
    number((x * 1e4).round() / 1e4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accuracy_is_counted_as_the_theorem_does() {
        let one = one_of_all(&[0.2, 0.5, 0.3], &[0.0, 1.0, 0.0]);
        assert_eq!((one.accuracy, one.likelihood), (1.0, 0.5f64.ln()));
        assert_eq!(one_of_all(&[0.2, 0.5, 0.3], &[1.0, 0.0, 0.0]).accuracy, 0.0);
        // Two of three components are on the right side.
        let three = each([0.9, 0.4, 0.5].into_iter(), [true, true, true].into_iter());
        assert_eq!(three.accuracy, 2.0);
        assert!((three.likelihood - (0.9f64 * 0.4 * 0.5).ln()).abs() < 1e-15);
    }

    #[test]
    fn the_bound_is_near_where_a_probability_is_just_below_half() {
        let below = each([0.5 - 1e-9].into_iter(), [true].into_iter());
        let room = below.accuracy - below.likelihood - LN_2;
        assert!((0.0..1e-8).contains(&room), "{room}");
    }
}
