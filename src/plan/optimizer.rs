//! How a gradient moves a parameter. Gradients point uphill: training maximises the log-likelihood.

use super::build::Builder;
use super::ir::*;
use crate::model::Optimizer;

/// Names of the slots that the caller fills for each step; see [`slot_value`].
const STEP: &str = "step size";
const OFFSET: &str = "adam epsilon";

/// Appends the update of parameter `p` (of this name) by its mean gradient `g`.
pub fn update(b: &mut Builder, optimizer: Optimizer, name: &str, p: BufferId, g: BufferId) {
    let step = b.slot(STEP);
    let one = Scalar::Constant(1.0);
    match optimizer {
        Optimizer::Sgd { momentum: 0.0, .. } => b.emit_into(Op::Blend { alpha: one, beta: step }, &[p, g], p),
        Optimizer::Sgd { momentum, .. } => {
            let velocity = state(b, name, "velocity", p);
            b.emit_into(Op::Blend { alpha: Scalar::Constant(momentum), beta: one }, &[velocity, g], velocity);
            b.emit_into(Op::Blend { alpha: one, beta: step }, &[p, velocity], p);
        }
        Optimizer::Adam { beta1, beta2, .. } => {
            let (m, v) = (state(b, name, "first moment", p), state(b, name, "second moment", p));
            let blend = |beta: f64| Op::Blend { alpha: Scalar::Constant(beta), beta: Scalar::Constant(1.0 - beta) };
            b.emit_into(blend(beta1), &[m, g], m);
            let square = b.unary(Unary::Square, g);
            b.emit_into(blend(beta2), &[v, square], v);
            let root = b.unary(Unary::Sqrt, v);
            let offset = b.slot(OFFSET);
            let root = b.emit(Op::Shift(offset), &[root], b.shape(root));
            let direction = b.binary(Binary::Divide, m, root);
            b.emit_into(Op::Blend { alpha: one, beta: step }, &[p, direction], p);
        }
    }
}

fn state(b: &mut Builder, name: &str, what: &str, like: BufferId) -> BufferId {
    let (rows, columns) = match b.shape(like) {
        (Rows::Fixed(rows), columns) => (rows, columns),
        (Rows::Batch | Rows::Samples(_), columns) => (1, columns),
    };
    b.persistent(&format!("{name} ({what})"), rows, columns)
}

/// The optimiser's slots for the step number `t` (from 1). Adam's bias corrections are folded into step size and epsilon
/// (Kingma and Ba 2015, end of section 2).
pub fn slot_value(optimizer: Optimizer, slot: &str, t: u64) -> Option<f64> {
    match (optimizer, slot) {
        (Optimizer::Sgd { rate, .. }, STEP) => Some(rate),
        (Optimizer::Adam { rate, beta1, beta2, .. }, STEP) => {
            Some(rate * correction(beta2, t).sqrt() / correction(beta1, t))
        }
        (Optimizer::Adam { beta2, epsilon, .. }, OFFSET) => Some(epsilon * correction(beta2, t).sqrt()),
        _ => None,
    }
}

fn correction(beta: f64, t: u64) -> f64 {
    1.0 - beta.powf(t as f64)
}
