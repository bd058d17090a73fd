//! [K] Theorem 1 by numbers: at the parameters where they meet, the gradient of ln p(y | x) is the gradient of the
//! Q-function ([K] (94)-(97)).
//!
//! Q's gradient comes from the plan that goes through all states of the hidden variables. ln p(y | x) is differentiated by
//! differences; its value is compared with the sum over all states as the model is written.

use serde_json::json;

use super::compare::{counted, norm};
use super::differences::{Direction, SIGNS, all_at_once, directions};
use super::numbers::{Lists, LogLikelihood, Numbers, Use, random};
use super::slopes::Slopes;
use super::written::{Written, agreement};
use crate::exec::ExecError;
use crate::model::{EStep, Model};
use crate::plan::estep::{MOST_STATES, all_states, hidden_nodes, states};
use crate::sample::{Check, Verdict};

/// How far the two gradients may be apart, over all parameters together.
const TOLERANCE: f64 = 1e-10;

/// Rows of states of which every parameter is differentiated on its own; of more all of them at once.
const MOST_ROWS: usize = 1 << 12;

/// Elements of a parameter that are moved on their own.
const ELEMENTS: usize = 20;

/// Whether the sum over all states can be had.
pub enum States {
    /// So many, on so many of the examples.
    Finite { count: usize, rows: usize },
    /// For this reason there is none.
    Missing(String),
}

impl States {
    pub fn of(model: &Model, rows: usize) -> States {
        if let Some((node, _)) = hidden_nodes(model).find(|(node, _)| states(node).is_none()) {
            return States::Missing(format!("no sum over the states of {}: it is {}", node.name, node.support));
        }
        match all_states(model) {
            _ if hidden_nodes(model).next().is_none() => {
                States::Missing("no hidden variable: there is nothing to compare".into())
            }
            Some(count) if count <= MOST_STATES => States::Finite { count, rows: (MOST_STATES / count).clamp(1, rows) },
            _ => States::Missing(format!("{} states; all of at most {MOST_STATES} are gone through", power(model))),
        }
    }
}

/// How many there are, as a power of two.
fn power(model: &Model) -> String {
    let bits = hidden_nodes(model).map(|(node, _)| states(node).map_or(node.shape.1 as f64, |n| (n as f64).log2()));
    format!("2^{}", bits.sum::<f64>().round())
}

pub fn checks(numbers: &Numbers, states: &States) -> Result<Vec<Check>, ExecError> {
    let what = "exact ∇Q is ∇ln p(y|x)";
    let (count, rows) = match states {
        States::Finite { count, rows } => (*count, *rows),
        States::Missing(why) => return Ok(vec![Check::new(what, Verdict::Skipped, why)]),
    };
    let numbers = numbers.first(rows);
    let derived = numbers.gradient(EStep::Exact)?;
    let log_likelihood = LogLikelihood::new(&numbers, EStep::Exact)?;
    let all = ways(&derived, count * rows);
    let slopes = Slopes::new(&derived, |p| log_likelihood.at(p), &numbers.parameters, &all)?;
    let compared = slopes.compare(TOLERANCE, norm(&derived.concat()));
    let words = format!("{}, {}", counted(count, "state"), counted(all.len(), "direction"));
    let gradient = compared.check(what.into(), TOLERANCE, &words, json!({ "states": count }));
    let (found, written) = (
        log_likelihood.at(&numbers.parameters)?,
        Written::new(numbers.model).marginal(&numbers.parameters, &numbers.examples),
    );
    Ok(vec![agreement("ln p(y|x) over all states", found, written), gradient])
}

fn ways(gradient: &Lists, rows: usize) -> Vec<Direction> {
    let mut random = random(Use::Directions, 1 << 20);
    if rows > MOST_ROWS {
        let elements = gradient.iter().enumerate().flat_map(|(which, g)| (0..g.len()).map(move |i| (which, i)));
        let elements: Vec<(usize, usize)> = elements.collect();
        return (0..SIGNS).map(|_| all_at_once(&elements, &mut random)).collect();
    }
    let each = gradient.iter().enumerate();
    each.flat_map(|(which, g)| directions(which, g.len(), ELEMENTS, &mut random)).collect()
}
