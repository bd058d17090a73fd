//! A plan as text: one instruction a line, with shapes, and bars beside those that one pass could do.

use std::fmt::Write;

use super::fuse::groups;
use super::ir::*;

/// The whole program. Instructions marked `│` belong to a run of element-wise work that a fused engine does in one pass.
pub fn show(plan: &Plan) -> String {
    let mut text = String::new();
    for (id, buffer) in plan.buffers.iter().enumerate() {
        if let Some(role) = role(plan, buffer) {
            let _ = writeln!(text, "  %{id:<4} {:<14} {role}", shape(buffer));
        }
    }
    let fused = groups(plan);
    for (at, instr) in plan.instrs.iter().enumerate() {
        let bar = if fused.iter().any(|g| g.len() > 1 && g.contains(&at)) { "│" } else { " " };
        let inputs: Vec<String> = instr.inputs.iter().map(|i| format!("%{}", i.0)).collect();
        let output = &plan.buffers[instr.output.0 as usize];
        let origin = plan.origins.get(instr.origin).map_or("", |o| o.text.as_str());
        let left = format!("%{} ← {} {}", instr.output.0, operation(plan, instr.op), inputs.join(" "));
        let _ = writeln!(text, "{bar} {left:<52} {:<14} {origin}", shape(output));
    }
    for (name, id) in &plan.outputs {
        let _ = writeln!(text, "  → {name}: %{}", id.0);
    }
    text
}

fn role(plan: &Plan, buffer: &Buffer) -> Option<String> {
    match &buffer.role {
        Role::Data(name) => Some(format!("data {name}")),
        Role::Random(fill) => Some(format!("random {:?}, source {}", fill.kind, fill.source)),
        Role::Persistent(i) => Some(format!("parameter {}", plan.persistent[*i].name)),
        Role::Table(values) => Some(format!("table of {} numbers", values.len())),
        Role::Temporary => None,
    }
}

fn shape(buffer: &Buffer) -> String {
    match buffer.rows {
        Rows::Batch => format!("batch × {}", buffer.columns),
        Rows::Samples(m) => format!("{m} batch × {}", buffer.columns),
        Rows::Fixed(rows) => format!("{rows} × {}", buffer.columns),
    }
}

fn operation(plan: &Plan, op: Op) -> String {
    let scalar = |s: Scalar| match s {
        Scalar::Constant(x) => x.to_string(),
        Scalar::Slot(i) => format!("[{}]", plan.slots[i]),
    };
    match op {
        Op::MatMul { transpose } => {
            let mark = |t: bool| if t { "ᵀ" } else { "" };
            format!("matmul a{} b{}", mark(transpose[0]), mark(transpose[1]))
        }
        Op::Unary(f) => format!("{f:?}").to_lowercase(),
        Op::Binary(f) => format!("{f:?}").to_lowercase(),
        Op::Scale(s) => format!("scale {}", scalar(s)),
        Op::Shift(s) => format!("shift {}", scalar(s)),
        Op::Power(n) => format!("power {n}"),
        Op::Blend { alpha, beta } => format!("blend {} {}", scalar(alpha), scalar(beta)),
        Op::SumColumns => "sum columns".into(),
        Op::SumRows => "sum rows".into(),
        Op::Softmax => "softmax".into(),
        Op::LogSumExp => "logsumexp".into(),
        Op::Fill(x) => format!("fill {x}"),
        Op::Special(f) => f.name().into(),
        Op::Concat => "concat".into(),
        Op::Slice(first) => format!("columns from {}", first + 1),
        Op::Repeat(m) => format!("repeat {m}"),
        Op::Tile => "tile".into(),
        Op::SumSamples => "sum samples".into(),
        Op::Flatten => "samples side by side".into(),
        Op::Unflatten(m) => format!("{m} samples an example"),
        Op::Transpose => "transpose".into(),
        Op::Inverse => "inverse".into(),
        Op::LnDet => "ln det".into(),
    }
}
