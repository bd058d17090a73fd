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

/// A persistent buffer has the shape of its persistent, and no other buffer stands for the same one.
fn role(plan: &Plan, index: usize) -> Result<(), String> {
    let buffer = &plan.buffers[index];
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
        Role::Data(_) | Role::Random(_) => Err(format!("buffer {} is not the plan's to write", id.0)),
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
        (Op::Binary(_), [x, y]) => (common(x.0, y.0)?, common(x.1, y.1)?),
        (Op::MatMul { transpose }, [x, y]) => product(flip(*x, transpose[0]), flip(*y, transpose[1]))?,
        _ => return Err(format!("its inputs are {}", inputs.iter().map(|s| text(*s)).collect::<Vec<_>>().join(", "))),
    };
    Ok(Some(shape))
}

/// Two sizes of an element-wise instruction: equal, or one of them 1 and repeated.
fn common(a: Rows, b: Rows) -> Result<Rows, String> {
    match (a, b) {
        (Rows::Fixed(1), other) | (other, Rows::Fixed(1)) => Ok(other),
        _ if a == b => Ok(a),
        _ => Err(format!("{} and {} cannot be matched", size(a), size(b))),
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
        Rows::Fixed(n) => n.to_string(),
    }
}
