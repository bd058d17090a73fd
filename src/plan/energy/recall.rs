//! Recall in an energy: every unit of a block takes the state of least energy given all others, as in a bidirectional
//! associative memory (Kosko 1988). Where both states have the same energy a unit stays as it is, so that no energy rises and
//! recall ends ([K] Theorem 7).

use super::chain::shares;
use super::{enter_column, enter_parameters};
use crate::derive::energy::{EnergyDerivation, Family, Group, derive_energy};
use crate::diag::Problems;
use crate::expr::{Dim, Domain, Expr, Func, Trace, simplify};
use crate::model::{Energy, Model};
use crate::plan::draw::width;
use crate::plan::ir::*;
use crate::plan::lower::Lowering;

/// The output that holds the energy of each row, before the block is updated.
pub const ENERGY: &str = "energy";

/// The output that holds the answers of a group's units.
pub fn answer_output(group: &str) -> String {
    format!("answer of {group}")
}

/// One program a block, in the derived order. Each takes the present values of all groups and outputs [`ENERGY`] and, for each
/// group of the block, [`answer_output`].
pub fn recall(model: &Model, energy: Energy) -> Result<Vec<Plan>, Problems> {
    let derived = derive_energy(model, energy)?;
    Ok(derived.blocks.iter().map(|block| block_update(model, &derived, block)).collect())
}

fn block_update(model: &Model, derived: &EnergyDerivation, block: &[usize]) -> Plan {
    let mut l = Lowering::default();
    enter_parameters(&mut l, model);
    let units = model.units().map(|(node, _)| node);
    model.inputs().chain(units).for_each(|node| enter_column(&mut l, node, node.var));
    l.builder.origin("the energy", Some(derived.span));
    let energy = l.lower(derived.energy);
    l.output(ENERGY, energy);
    for group in block.iter().map(|at| &derived.groups[*at]) {
        l.builder.origin(format!("answer of {}", group.name), Some(group.span));
        let answer = answer(&mut l, group).spread(Dim::Fixed(width(group.var)));
        let answer = l.lower(simplify(answer, &mut Trace::default()));
        l.output(&answer_output(&group.name), answer);
    }
    l.builder.plan
}

/// The mode of e^(a x − c x²).
fn answer(l: &mut Lowering, group: &Group) -> Expr {
    let (present, conditional) = (group.var, &group.conditional);
    match conditional.family {
        Family::Logistic => side(present, conditional.input, 0.0),
        Family::Tanh => side(present, conditional.input, -1.0),
        Family::Softmax => largest(l, group),
        Family::Gaussian => conditional.input,
        Family::TruncatedGaussian => conditional.input.max(Expr::num(0.0)),
        Family::Exponential => Expr::num(0.0),
    }
}

/// 1 where the input is above 0, the lower state where it is below, and the present one where it is 0.
fn side(present: Expr, input: Expr, lower: f64) -> Expr {
    let above = Expr::num(1.0) - (-input).call(Func::Step);
    let below = Expr::num(1.0) - input.call(Func::Step);
    present + above * (Expr::num(1.0) - present) + below * (Expr::num(lower) - present)
}

/// The class of the largest input; of several the present one, else the first.
fn largest(l: &mut Lowering, group: &Group) -> Expr {
    let classes = width(group.var);
    let fewest_first = Expr::var("K − i", group.var.shape(), Domain::POSITIVE);
    let table = (0..classes).map(|i| (classes - i) as f64).collect();
    let table = l.builder.buffer(Rows::Fixed(1), classes, Role::Table(table));
    l.bind(fewest_first, table);
    let tied = (shares(group.conditional.input) - Expr::num(0.5 / classes as f64)).call(Func::Step);
    let rank = tied * (fewest_first + classes as f64 * group.var);
    (shares(rank) - Expr::num(0.5)).call(Func::Step)
}
