//! The derived gradients against those of dfdx's tape, which differentiates the evaluation instruction by instruction.

use serde_json::json;

use super::compare::{counted, distance, norm, short};
use super::marginal::States;
use super::numbers::{Numbers, outputs};
use crate::exec::{ByTape, Dfdx, ExecError, Given, Program, by_tape};
use crate::model::EStep;
use crate::plan::Op;
use crate::plan::network::{LOG_LIKELIHOOD, evaluation, gradients};
use crate::sample::{Check, Verdict};

/// How far the two may be apart over all parameters: so much, or so many times what f32 makes of the derived gradient
/// itself, which loses digits in a saturated unit.
const TOLERANCE: f64 = 1e-4;
const TIMES: f64 = 10.0;

/// Rows of states that are recorded at most: the tape keeps every value.
const MOST_ROWS: usize = 1 << 10;

/// Of the log-likelihood at the means, and where there are few states of ln p(y | x).
pub fn checks(numbers: &Numbers, states: &States) -> Result<Vec<Check>, ExecError> {
    let mut checks = vec![check("gradients by dfdx's tape", numbers, EStep::MeanField)?];
    if let States::Finite { count, rows } = states
        && count * rows <= MOST_ROWS
    {
        checks.push(check("exact ∇Q by dfdx's tape", &numbers.first(*rows), EStep::Exact)?);
    }
    Ok(checks)
}

fn check(what: &str, numbers: &Numbers, estep: EStep) -> Result<Check, ExecError> {
    let program = Program::new(evaluation(numbers.model, estep))?;
    let at = program.output(LOG_LIKELIHOOD).ok_or_else(|| ExecError::Plan("nothing is evaluated".into()))?;
    let output = program.plan().outputs[at].1;
    let data = |name: &str| numbers.examples.column(name).map(|c| c.values.clone());
    let given = Given { rows: numbers.examples.rows(), parameters: &numbers.parameters, data: &data };
    let taped = match by_tape(&program, output, &given)? {
        ByTape::Gradients(gradients) => gradients.concat(),
        ByTape::Untaped(op) => {
            let why = format!("dfdx cannot differentiate {}", name(&op));
            return Ok(Check::new(what, Verdict::Skipped, why).with(json!({ "operation": name(&op) })));
        }
    };
    let derived = numbers.gradient(estep)?.concat();
    let in_f32 = outputs(&Dfdx::cpu(), &Program::new(gradients(numbers.model, estep))?, &numbers.at(0))?.concat();
    let relative = |gradient: &[f64]| distance(&derived, gradient) / norm(&derived).max(f64::MIN_POSITIVE);
    let (apart, rounding) = (relative(&taped), relative(&in_f32));
    let detail = format!("{} in f32: off by {}", counted(taped.len(), "number"), short(apart));
    let figures = json!({ "numbers": taped.len(), "distance": apart, "rounding": rounding });
    Ok(Check::holds(what, apart <= TOLERANCE.max(TIMES * rounding), detail).with(figures))
}

fn name(op: &Op) -> String {
    match op {
        Op::Special(f) => f.name().to_string(),
        Op::Inverse => "inverse".into(),
        Op::LnDet => "ln_det".into(),
        other => format!("{other:?}"),
    }
}
