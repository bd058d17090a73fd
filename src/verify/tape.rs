//! The derived gradients against those of dfdx's tape, which differentiates the evaluation instruction by instruction.

use serde_json::json;

use super::compare::{distance, norm, short};
use super::marginal::States;
use super::numbers::Numbers;
use crate::exec::{ByTape, ExecError, Given, Program, by_tape};
use crate::model::EStep;
use crate::plan::Op;
use crate::plan::network::{LOG_LIKELIHOOD, evaluation};
use crate::sample::{Check, Verdict};

/// How far the two may be apart over all parameters: dfdx computes in f32, whose rounding a sum over thousands of terms, or
/// a saturated unit, makes some hundred times larger.
const TOLERANCE: f64 = 1e-4;

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
    let outputs = &program.plan().outputs;
    let output = outputs.iter().find(|(name, _)| name == LOG_LIKELIHOOD).map(|(_, id)| *id);
    let output = output.ok_or_else(|| ExecError::Plan("nothing is evaluated".into()))?;
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
    let apart = distance(&derived, &taped) / norm(&taped).max(f64::MIN_POSITIVE);
    let detail = format!("{} numbers in f32: off by {}", taped.len(), short(apart));
    Ok(Check::holds(what, apart <= TOLERANCE, detail).with(json!({ "numbers": taped.len(), "distance": apart })))
}

fn name(op: &Op) -> String {
    match op {
        Op::Special(f) => f.name().to_string(),
        Op::Inverse => "inverse".into(),
        Op::LnDet => "ln_det".into(),
        other => format!("{other:?}"),
    }
}
