//! The derived gradient against differences of the log-likelihood, both with the hidden variables at their means.

use serde_json::json;

use super::compare::{counted, norm};
use super::differences::directions;
use super::numbers::{LogLikelihood, Numbers, Use, random};
use super::slopes::{Compared, Slopes};
use super::written::{Written, agreement};
use crate::exec::ExecError;
use crate::model::EStep;
use crate::sample::Check;

/// How far a gradient may be from the differences.
const TOLERANCE: f64 = 1e-8;

/// Slopes are relative to themselves, or to this share of the whole gradient: differences know a slope that hardly matters
/// to few digits.
const SHARE: f64 = 1e-4;

/// Elements of a parameter that are moved on their own.
const ELEMENTS: usize = 40;

/// One line for the log-likelihood, and one for each parameter.
pub fn checks(numbers: &Numbers) -> Result<Vec<Check>, ExecError> {
    let derived = numbers.gradient(EStep::MeanField)?;
    let log_likelihood = LogLikelihood::new(numbers, EStep::MeanField)?;
    let unit = SHARE * norm(&derived.concat());
    let check = |(which, (node, _)): (usize, (&crate::model::Node, _))| {
        let size = derived[which].len();
        let directions = directions(which, size, ELEMENTS, &mut random(Use::Directions, which as u64));
        let slopes = Slopes::new(&derived, |p| log_likelihood.at(p), &numbers.parameters, &directions)?;
        Ok(line(&node.name, size, &slopes.compare(TOLERANCE, unit)))
    };
    let (found, written) = (
        log_likelihood.at(&numbers.parameters)?,
        Written::new(numbers.model).mean_field(&numbers.parameters, &numbers.examples),
    );
    let value = Ok(agreement("ln p(y|x) at the means", found, written));
    std::iter::once(value).chain(numbers.model.parameters().enumerate().map(check)).collect()
}

fn line(name: &str, size: usize, compared: &Compared) -> Check {
    let numbers = counted(size, "number");
    let words = match compared.directions + compared.left_out {
        all if all == size => numbers,
        some => format!("{numbers}, along {}", counted(some, "direction")),
    };
    compared.check(format!("gradient of {name}"), TOLERANCE, &words, json!({ "numbers": size }))
}
