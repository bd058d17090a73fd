//! Examples for checks: some of the data, or inputs from their supports with outcomes drawn from the model itself.

use super::numbers::{At, Lists, Use, outputs, random, rows_of};
use crate::data::{Column, Table};
use crate::diag::{Diagnostic, Problems, codes};
use crate::exec::{Program, Reference};
use crate::model::{EStep, Model, Node, Support};
use crate::plan::network::{ancestral, draw_output};
use crate::sample::Random;
use crate::train::network::device_failed;

/// So many rows of a table, at equal distances; their numbers counted from 1.
pub fn spread(table: &Table, most: usize) -> (Table, Vec<usize>) {
    let count = table.rows().min(most);
    let rows: Vec<usize> = (0..count).map(|i| i * table.rows() / count).collect();
    (rows_of(table, &rows), rows.into_iter().map(|r| r + 1).collect())
}

/// Examples that the model makes. Errors: `INCOMPLETE` where an observed variable has no `draw`.
pub fn made(model: &Model, parameters: &Lists, count: usize, seed: u64) -> Result<Table, Problems> {
    let mut random = random(Use::Examples, seed);
    let mut column = |node: &Node| Column {
        name: node.name.clone(),
        width: node.shape.1,
        values: (0..count).flat_map(|_| row(node.support, node.shape.1, &mut random)).collect(),
    };
    let inputs = Table { columns: model.inputs().map(&mut column).collect() };
    // Any number of samples would do: the hidden variables are drawn once.
    let plan = ancestral(model, EStep::Importance(1)).ok_or_else(|| no_draw(model))?;
    let names: Vec<String> = plan.outputs.iter().map(|(name, _)| name.clone()).collect();
    let drawn = Program::new(plan).and_then(|program| {
        outputs(&Reference, &program, &At { parameters, examples: &inputs, rows: count, step: seed })
    });
    let drawn = names.into_iter().zip(drawn.map_err(|e| device_failed(&e, model.span))?).collect::<Vec<_>>();
    let outcome = |(node, _): (&Node, _)| {
        let values = drawn.iter().find(|(name, _)| *name == draw_output(&node.name)).map(|(_, values)| values.clone());
        Some(Column { name: node.name.clone(), width: node.shape.1, values: values? })
    };
    Ok(Table { columns: inputs.columns.iter().cloned().chain(model.observed().filter_map(outcome)).collect() })
}

fn no_draw(model: &Model) -> Diagnostic {
    let message = format!("there are no outcomes to check `{}` with", model.name);
    let problem = Diagnostic::new(codes::INCOMPLETE, message);
    let problem = match model.random().find(|(_, _, instance)| instance.likelihood.draw.is_none()) {
        Some((_, _, instance)) => problem.at(instance.span, format!("`{}` has no `draw`", instance.likelihood.name)),
        None => problem.at(model.span, "cannot be drawn from"),
    };
    problem.help(format!("add `train {} on DATA {{}}`: its data are then used, and nothing is trained", model.name))
}

/// Numbers of a support.
fn row(support: Support, size: usize, random: &mut Random) -> Vec<f64> {
    use std::ops::Bound::{Excluded, Included, Unbounded};
    let positive = |random: &mut Random| -random.uniform().ln();
    match support {
        Support::OneHot => {
            let class = (random.uniform() * size as f64) as usize;
            (0..size).map(|k| f64::from(u8::from(k == class))).collect()
        }
        Support::Simplex => {
            let parts: Vec<f64> = (0..size).map(|_| positive(random)).collect();
            parts.iter().map(|p| p / parts.iter().sum::<f64>()).collect()
        }
        Support::Ordered => {
            let mut numbers = random.normals(size);
            numbers.sort_by(f64::total_cmp);
            numbers
        }
        Support::Binary => (0..size).map(|_| f64::from(u8::from(random.uniform() < 0.5))).collect(),
        Support::Bipolar => (0..size).map(|_| if random.uniform() < 0.5 { -1.0 } else { 1.0 }).collect(),
        _ => {
            let number = |random: &mut Random| match (support.lower(), support.upper()) {
                (Unbounded, _) => random.normal(),
                (Included(a) | Excluded(a), Unbounded) => a + positive(random),
                (Included(a) | Excluded(a), Included(b) | Excluded(b)) => a + (b - a) * random.uniform(),
            };
            let whole = |x: f64| if support.is_discrete() { x.floor() } else { x };
            (0..size).map(|_| whole(number(random))).collect()
        }
    }
}
