//! Which instructions a fused engine could do in one pass over memory.

use std::ops::Range;

use super::ir::{BufferId, Op, Plan, Rows};

/// The maximal runs of at least two element-wise instructions in a row whose outputs have one shape.
///
/// Inside a run an instruction may read what an earlier one made: as both have the same shape, element by element.
pub fn groups(plan: &Plan) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (i, instr) in plan.instrs.iter().enumerate().filter(|(_, instr)| is_element_wise(&instr.op)) {
        match groups.last_mut() {
            Some(g) if g.end == i && shape(plan, plan.instrs[i - 1].output) == shape(plan, instr.output) => g.end += 1,
            _ => groups.push(i..i + 1),
        }
    }
    groups.retain(|g| g.len() > 1);
    groups
}

/// Whether each element of the output depends on one element of each input only.
pub fn is_element_wise(op: &Op) -> bool {
    match op {
        Op::Unary(_) | Op::Binary(_) | Op::Scale(_) | Op::Shift(_) | Op::Power(_) | Op::Blend { .. } | Op::Fill(_) => {
            true
        }
        Op::Special(_) => true,
        Op::MatMul { .. } | Op::SumColumns | Op::SumRows | Op::Softmax | Op::LogSumExp => false,
        Op::Repeat(_) | Op::Tile | Op::SumSamples | Op::Flatten | Op::Unflatten(_) => false,
        Op::Concat | Op::Slice(_) | Op::Transpose | Op::Inverse | Op::LnDet => false,
    }
}

fn shape(plan: &Plan, id: BufferId) -> Option<(Rows, usize)> {
    plan.buffers.get(id.0 as usize).map(|b| (b.rows, b.columns))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Binary, Buffer, Instr, Role, Unary};

    fn plan(ops: &[(Op, Rows, usize)]) -> Plan {
        let buffers =
            ops.iter().map(|(_, rows, columns)| Buffer { rows: *rows, columns: *columns, role: Role::Temporary });
        let instrs =
            ops.iter().zip(0..).map(|((op, ..), i)| Instr { op: *op, inputs: vec![], output: BufferId(i), origin: 0 });
        Plan { buffers: buffers.collect(), instrs: instrs.collect(), ..Plan::default() }
    }

    #[test]
    fn a_run_ends_at_a_reduction_and_at_another_shape() {
        let (add, exp) = (Op::Binary(Binary::Add), Op::Unary(Unary::Exp));
        let found = groups(&plan(&[
            (add, Rows::Batch, 3),
            (exp, Rows::Batch, 3),
            (exp, Rows::Batch, 4),
            (exp, Rows::Fixed(1), 4),
            (add, Rows::Fixed(1), 4),
            (Op::Power(2.0), Rows::Fixed(1), 4),
            (Op::Softmax, Rows::Fixed(1), 4),
            (exp, Rows::Fixed(1), 4),
        ]));
        assert_eq!(found, [0..2, 3..6]);
    }
}
