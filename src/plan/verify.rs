//! Checks a plan before it runs: every value is made before it is read, and shapes fit.

use super::ir::{BufferId, Instr, Op, Plan, Role, Rows, Scalar};

/// Rows and columns; both may be the number of examples once a matrix is transposed.
type Shape = (Rows, Rows);

/// The first thing wrong with the plan, as text for the people who wrote the compiler: a program cannot cause it.
pub fn verify(plan: &Plan) -> Result<(), String> {
    plan.buffers.iter().enumerate().try_for_each(|(i, _)| role(plan, i))?;
    let mut ready: Vec<bool> = plan.buffers.iter().map(|b| b.role != Role::Temporary).collect();
    for (i, instr) in plan.instrs.iter().enumerate() {
        check(plan, &mut ready, instr).map_err(|why| format!("instruction {i} ({:?}): {why}", instr.op))?;
    }
    for (name, id) in &plan.outputs {
        if !ready.get(id.0 as usize).is_some_and(|ready| *ready) {
            return Err(format!("output `{name}`: buffer {} has no value at the end", id.0));
        }
    }
    Ok(())
}

/// No buffer is empty, and a persistent one has the shape of its persistent, and no other buffer stands for the same one.
fn role(plan: &Plan, index: usize) -> Result<(), String> {
    let buffer = &plan.buffers[index];
    if buffer.columns == 0 || buffer.rows == Rows::Fixed(0) {
        return Err(format!("buffer {index} is empty"));
    }
    if let (Role::Table(values), Rows::Fixed(rows)) = (&buffer.role, buffer.rows)
        && values.len() != rows * buffer.columns
    {
        return Err(format!("buffer {index} has {} numbers", values.len()));
    }
    let Role::Persistent(p) = buffer.role else { return Ok(()) };
    let persistent = plan.persistent.get(p).ok_or(format!("buffer {index}: there is no persistent {p}"))?;
    if (buffer.rows, buffer.columns) != (Rows::Fixed(persistent.rows), persistent.columns) {
        return Err(format!("buffer {index}: its shape is not that of `{}`", persistent.name));
    }
    match plan.buffers[..index].iter().position(|b| b.role == buffer.role) {
        Some(other) => Err(format!("buffers {other} and {index} are both `{}`", persistent.name)),
        None => Ok(()),
    }
}

fn check(plan: &Plan, ready: &mut [bool], instr: &Instr) -> Result<(), String> {
    let mut inputs = Vec::with_capacity(instr.inputs.len());
    for id in &instr.inputs {
        inputs.push(shape(plan, *id)?);
        if !ready[id.0 as usize] {
            return Err(format!("buffer {} is read before it is written", id.0));
        }
    }
    let (expected, found) = (result(&instr.op, &inputs)?, shape(plan, instr.output)?);
    if expected.is_some_and(|expected| expected != found) {
        return Err(format!("the output is {}, its buffer {}", text(expected.unwrap_or(found)), text(found)));
    }
    scalars(&instr.op).into_iter().flatten().try_for_each(|s| slot(plan, s))?;
    if instr.origin >= plan.origins.len() {
        return Err(format!("there is no origin {}", instr.origin));
    }
    write(plan, ready, instr.output)
}

fn write(plan: &Plan, ready: &mut [bool], id: BufferId) -> Result<(), String> {
    match plan.buffers[id.0 as usize].role {
        Role::Temporary if std::mem::replace(&mut ready[id.0 as usize], true) => {
            Err(format!("buffer {} is written twice", id.0))
        }
        Role::Data(_) | Role::Random(_) | Role::Table(_) => Err(format!("buffer {} is not the plan's to write", id.0)),
        Role::Temporary | Role::Persistent(_) => Ok(()),
    }
}

fn shape(plan: &Plan, id: BufferId) -> Result<Shape, String> {
    let buffer = plan.buffers.get(id.0 as usize).ok_or(format!("there is no buffer {}", id.0))?;
    Ok((buffer.rows, Rows::Fixed(buffer.columns)))
}

fn scalars(op: &Op) -> [Option<Scalar>; 2] {
    match *op {
        Op::Scale(s) | Op::Shift(s) => [Some(s), None],
        Op::Blend { alpha, beta } => [Some(alpha), Some(beta)],
        _ => [None, None],
    }
}

fn slot(plan: &Plan, scalar: Scalar) -> Result<(), String> {
    match scalar {
        Scalar::Slot(index) if index >= plan.slots.len() => Err(format!("there is no slot {index}")),
        _ => Ok(()),
    }
}

/// The shape that an instruction's output has; `None` where the output's own buffer decides.
fn result(op: &Op, inputs: &[Shape]) -> Result<Option<Shape>, String> {
    let one = Rows::Fixed(1);
    let shape = match (op, inputs) {
        (Op::Fill(_), []) => return Ok(None),
        (Op::Unary(_) | Op::Scale(_) | Op::Shift(_) | Op::Power(_) | Op::Softmax, [x]) => *x,
        (Op::SumColumns | Op::LogSumExp, [(rows, _)]) => (*rows, one),
        (Op::SumRows, [(_, columns)]) => (one, *columns),
        (Op::Blend { .. }, [x, y]) if x == y => *x,
        (Op::Binary(_), [x, y]) => (repeated(x.0, y.0)?, common(x.1, y.1)?),
        (Op::Special(f), list) if list.len() == f.arity() => {
            list.iter().try_fold((one, one), |all, x| Ok::<_, String>((common(all.0, x.0)?, common(all.1, x.1)?)))?
        }
        (Op::Concat, [first, ..]) => side_by_side(*first, inputs)?,
        // The output's own width decides; that it fits is checked when the plan is made.
        (Op::Slice(_), [_]) => return Ok(None),
        (Op::Repeat(m), [(Rows::Batch, columns)]) => (Rows::Samples(*m), *columns),
        (Op::Tile, [(Rows::Fixed(n), columns)]) => (Rows::Samples(*n), *columns),
        (Op::SumSamples, [(Rows::Samples(_), columns)]) => (Rows::Batch, *columns),
        (Op::Flatten, [(Rows::Samples(m), Rows::Fixed(c))]) => (Rows::Batch, Rows::Fixed(m * c)),
        (Op::Unflatten(m), [(Rows::Batch, Rows::Fixed(c))]) if *m > 0 && c % m == 0 => {
            (Rows::Samples(*m), Rows::Fixed(c / m))
        }
        (Op::Transpose, [x]) => flip(*x, true),
        (Op::Inverse, [(rows, columns)]) if rows == columns => (*rows, *columns),
        (Op::LnDet, [(rows, columns)]) if rows == columns => (one, one),
        (Op::MatMul { transpose }, [x, y]) => product(flip(*x, transpose[0]), flip(*y, transpose[1]))?,
        _ => return Err(format!("its inputs are {}", inputs.iter().map(|s| text(*s)).collect::<Vec<_>>().join(", "))),
    };
    Ok(Some(shape))
}

fn side_by_side(first: Shape, inputs: &[Shape]) -> Result<Shape, String> {
    let rows = inputs.iter().try_fold(first.0, |rows, x| common(rows, x.0))?;
    let width = |x: &Shape| match x.1 {
        Rows::Fixed(n) => Ok(n),
        Rows::Batch | Rows::Samples(_) => Err("examples cannot stand side by side".to_string()),
    };
    Ok((rows, Rows::Fixed(inputs.iter().map(width).sum::<Result<usize, String>>()?)))
}

/// Two sizes of an element-wise instruction: equal, or one of them 1 and repeated.
fn common(a: Rows, b: Rows) -> Result<Rows, String> {
    match (a, b) {
        (Rows::Fixed(1), other) | (other, Rows::Fixed(1)) => Ok(other),
        _ if a == b => Ok(a),
        _ => Err(format!("{} and {} cannot be matched", size(a), size(b))),
    }
}

/// The rows of a binary instruction: what has one an example is repeated for its samples.
fn repeated(a: Rows, b: Rows) -> Result<Rows, String> {
    match (a, b) {
        (Rows::Batch, samples @ Rows::Samples(_)) | (samples @ Rows::Samples(_), Rows::Batch) => Ok(samples),
        _ => common(a, b),
    }
}

fn product(x: Shape, y: Shape) -> Result<Shape, String> {
    if x.1 == y.0 { Ok((x.0, y.1)) } else { Err(format!("{} times {} does not fit", text(x), text(y))) }
}

fn flip(shape: Shape, transpose: bool) -> Shape {
    if transpose { (shape.1, shape.0) } else { shape }
}

fn text(shape: Shape) -> String {
    format!("{} × {}", size(shape.0), size(shape.1))
}

fn size(rows: Rows) -> String {
    match rows {
        Rows::Batch => "batch".into(),
        Rows::Samples(m) => format!("{m} batch"),
        Rows::Fixed(n) => n.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Binary, Buffer, Origin, Persistent, Unary};

    /// An instruction: its inputs and its output by number.
    type Step<'a> = (Op, &'a [u32], u32);

    /// Buffers: 0 x (batch × 3), 1 w (3 × 2), 2 and 3 temporaries (batch × 2), 4 a row (1 × 2).
    fn plan(instrs: &[Step]) -> Plan {
        let buffer = |rows, columns, role| Buffer { rows, columns, role };
        let instr = |(op, inputs, output): &Step| Instr {
            op: *op,
            inputs: inputs.iter().copied().map(BufferId).collect(),
            output: BufferId(*output),
            origin: 0,
        };
        Plan {
            buffers: vec![
                buffer(Rows::Batch, 3, Role::Data("x".into())),
                buffer(Rows::Fixed(3), 2, Role::Persistent(0)),
                buffer(Rows::Batch, 2, Role::Temporary),
                buffer(Rows::Batch, 2, Role::Temporary),
                buffer(Rows::Fixed(1), 2, Role::Temporary),
            ],
            instrs: instrs.iter().map(instr).collect(),
            persistent: vec![Persistent { name: "w".into(), rows: 3, columns: 2 }],
            slots: vec!["rate".into()],
            outputs: vec![],
            origins: vec![Origin { text: String::new(), span: None }],
        }
    }

    const PRODUCT: Op = Op::MatMul { transpose: [false, false] };
    const BACK: Op = Op::MatMul { transpose: [true, false] };
    const EXP: Op = Op::Unary(Unary::Exp);
    const ADD: Op = Op::Binary(Binary::Add);
    const BLEND: Op = Op::Blend { alpha: Scalar::Constant(1.0), beta: Scalar::Slot(0) };

    #[test]
    fn a_plan_that_fits_passes() {
        let good = plan(&[
            (PRODUCT, &[0, 1], 2),
            (Op::SumRows, &[2], 4),
            (ADD, &[2, 4], 3),
            (BLEND, &[1, 1], 1),
            (BACK, &[0, 3], 1),
        ]);
        assert_eq!(verify(&good), Ok(()));
    }

    #[test]
    fn each_fault_is_named() {
        let faults: [(&[Step], &str); 11] = [
            (&[(EXP, &[2], 3)], "buffer 2 is read before it is written"),
            (&[(PRODUCT, &[0, 1], 2), (PRODUCT, &[0, 1], 2)], "buffer 2 is written twice"),
            (&[(EXP, &[0], 0)], "buffer 0 is not the plan's to write"),
            (&[(EXP, &[9], 2)], "there is no buffer 9"),
            (&[(EXP, &[0], 2)], "the output is batch × 3, its buffer batch × 2"),
            (&[(PRODUCT, &[1, 0], 2)], "3 × 2 times batch × 3 does not fit"),
            (&[(BACK, &[1, 0], 2)], "2 × 3 times batch × 3 does not fit"),
            (&[(ADD, &[0, 1], 2)], "batch and 3 cannot be matched"),
            (&[(BLEND, &[0, 1], 2)], "its inputs are batch × 3, 3 × 2"),
            (&[(EXP, &[0, 0], 2)], "its inputs are batch × 3, batch × 3"),
            (&[(Op::Scale(Scalar::Slot(1)), &[1], 1)], "there is no slot 1"),
        ];
        for (instrs, why) in faults {
            let found = verify(&plan(instrs)).unwrap_err();
            assert!(found.starts_with("instruction ") && found.ends_with(why), "{found}, not {why}");
        }
    }

    #[test]
    fn faults_outside_the_instructions_are_named() {
        let broken = |change: fn(&mut Plan)| {
            let mut plan = plan(&[(PRODUCT, &[0, 1], 2)]);
            change(&mut plan);
            verify(&plan).unwrap_err()
        };
        assert_eq!(broken(|p| p.persistent[0].rows = 4), "buffer 1: its shape is not that of `w`");
        assert_eq!(broken(|p| p.buffers[3].columns = 0), "buffer 3 is empty");
        assert_eq!(broken(|p| p.persistent.clear()), "buffer 1: there is no persistent 0");
        assert_eq!(broken(|p| p.buffers.push(p.buffers[1].clone())), "buffers 1 and 5 are both `w`");
        let output = |p: &mut Plan| p.outputs.push(("o".into(), BufferId(3)));
        assert_eq!(broken(output), "output `o`: buffer 3 has no value at the end");
        assert!(broken(|p| p.origins.clear()).ends_with("there is no origin 0"));
    }
}
