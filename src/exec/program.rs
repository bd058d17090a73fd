//! A plan made ready to run: checked once, and with the last use of every value known.

use super::device::ExecError;
use crate::plan::{BufferId, Plan, Role, Rows, verify};

/// A plan that passed `plan::verify`, and which instruction uses a value for the last time.
#[derive(Clone, Debug)]
pub struct Program {
    plan: Plan,
    /// One an instruction.
    pub(super) steps: Vec<Step>,
    data: Vec<BufferId>,
    random: Vec<BufferId>,
}

/// What the machine must know of one instruction beside the instruction itself.
#[derive(Clone, Debug, PartialEq, Default)]
pub(super) struct Step {
    /// An input that nothing reads afterwards and that stands in the instruction once: the device may overwrite it.
    pub owned: Vec<bool>,
    /// Buffers whose values nobody reads after this instruction.
    pub dead: Vec<BufferId>,
}

impl Program {
    /// Fails when the plan is not well formed.
    pub fn new(plan: Plan) -> Result<Program, ExecError> {
        verify::verify(&plan).map_err(ExecError::Plan)?;
        let with_role = |wanted: fn(&Role) -> bool| -> Vec<BufferId> {
            (0..).map(BufferId).zip(&plan.buffers).filter(|(_, b)| wanted(&b.role)).map(|(id, _)| id).collect()
        };
        let data = with_role(|role| matches!(role, Role::Data(_)));
        let random = with_role(|role| matches!(role, Role::Random(_)));
        Ok(Program { steps: steps(&plan), data, random, plan })
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The data buffers in the order in which a run wants its feeds.
    pub fn data(&self) -> &[BufferId] {
        &self.data
    }

    /// The names of the data, in the order in which a run wants its feeds.
    pub fn data_names(&self) -> impl Iterator<Item = &str> {
        self.data.iter().map(|id| self.name(*id))
    }

    /// The buffers that are filled with random numbers before each run.
    pub fn random(&self) -> &[BufferId] {
        &self.random
    }

    /// How many samples of the hidden variables an example has; 1 where it has none.
    pub fn samples(&self) -> usize {
        let of = |b: &crate::plan::Buffer| if let Rows::Samples(m) = b.rows { m } else { 1 };
        self.plan.buffers.iter().map(of).max().unwrap_or(1)
    }

    /// Where this output stands among the results of a run.
    pub fn output(&self, name: &str) -> Option<usize> {
        self.plan.outputs.iter().position(|(output, _)| output == name)
    }

    /// Rows and columns of a buffer when a run has `rows` examples.
    pub fn shape(&self, id: BufferId, rows: usize) -> (usize, usize) {
        let buffer = &self.plan.buffers[id.0 as usize];
        let rows = match buffer.rows {
            Rows::Batch => rows,
            Rows::Samples(m) => m * rows,
            Rows::Fixed(rows) => rows,
        };
        (rows, buffer.columns)
    }

    /// What messages call a buffer.
    pub(super) fn name(&self, id: BufferId) -> &str {
        match &self.plan.buffers[id.0 as usize].role {
            Role::Data(name) => name,
            Role::Persistent(index) => &self.plan.persistent[*index].name,
            Role::Random(_) => "a random draw",
            Role::Table(_) => "a table",
            Role::Temporary => "a temporary",
        }
    }
}

/// Walks the plan backwards. A value is alive from its making to its last use; outputs and persistents live on.
fn steps(plan: &Plan) -> Vec<Step> {
    let mut alive: Vec<bool> = plan.buffers.iter().map(|b| matches!(b.role, Role::Persistent(_))).collect();
    plan.outputs.iter().for_each(|(_, id)| alive[id.0 as usize] = true);
    let mut steps: Vec<Step> =
        plan.instrs.iter().rev().map(|instr| step(&mut alive, &instr.inputs, instr.output)).collect();
    steps.reverse();
    steps
}

fn step(alive: &mut [bool], inputs: &[BufferId], output: BufferId) -> Step {
    let unused = !std::mem::replace(&mut alive[output.0 as usize], false);
    let once = |id| inputs.iter().filter(|i| **i == id).count() == 1;
    let last = |id: BufferId| !alive[id.0 as usize];
    let owned = inputs.iter().map(|id| last(*id) && once(*id)).collect();
    let mut dead: Vec<BufferId> = inputs.iter().copied().filter(|id| last(*id) && *id != output).collect();
    dead.dedup();
    dead.extend(unused.then_some(output));
    inputs.iter().for_each(|id| alive[id.0 as usize] = true);
    Step { owned, dead }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Binary, Buffer, Instr, Op, Origin, Persistent, Scalar, Unary};

    fn buffer(role: Role) -> Buffer {
        Buffer { rows: Rows::Fixed(1), columns: 2, role }
    }

    fn instr(op: Op, inputs: &[u32], output: u32) -> Instr {
        Instr { op, inputs: inputs.iter().copied().map(BufferId).collect(), output: BufferId(output), origin: 0 }
    }

    #[test]
    fn the_last_use_of_a_value_is_owned_and_a_double_use_is_not() {
        let plan = Plan {
            buffers: vec![
                buffer(Role::Persistent(0)),
                buffer(Role::Data("x".into())),
                buffer(Role::Temporary),
                buffer(Role::Temporary),
            ],
            instrs: vec![
                instr(Op::Unary(Unary::Exp), &[1], 2),
                instr(Op::Binary(Binary::Multiply), &[2, 2], 3),
                instr(Op::Blend { alpha: Scalar::Constant(1.0), beta: Scalar::Constant(0.5) }, &[0, 3], 0),
            ],
            persistent: vec![Persistent { name: "w".into(), rows: 1, columns: 2 }],
            origins: vec![Origin { text: String::new(), span: None }],
            ..Plan::default()
        };
        let steps = steps(&plan);
        assert_eq!(steps[0], Step { owned: vec![true], dead: vec![BufferId(1)] });
        assert_eq!(steps[1], Step { owned: vec![false, false], dead: vec![BufferId(2)] });
        // The old `w` is replaced by this instruction, so it may be changed in place.
        assert_eq!(steps[2], Step { owned: vec![true, true], dead: vec![BufferId(3)] });
    }
}
