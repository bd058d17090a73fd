//! Examples for checks: some of the data, or inputs from their supports with outcomes drawn from the model itself.

use super::numbers::{Lists, Use, random, rows_of};
use super::written::{bound, define, value};
use crate::data::{Column, Table};
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::{Bindings, Domain, Expr, Trace, Value, simplify};
use crate::model::{Instance, Kind, Model, Node, Support};
use crate::plan::FillKind;
use crate::sample::Random;

/// So many rows of a table, at equal distances; their numbers counted from 1.
pub fn spread(table: &Table, most: usize) -> (Table, Vec<usize>) {
    let count = table.rows().min(most);
    let rows: Vec<usize> = (0..count).map(|i| i * table.rows() / count).collect();
    (rows_of(table, &rows), rows.into_iter().map(|r| r + 1).collect())
}

/// Examples that the model makes. Errors: `INCOMPLETE` where an observed variable has no `draw`.
pub fn made(model: &Model, parameters: &Lists, count: usize, seed: u64) -> Result<Table, Problems> {
    let mut random = random(Use::Examples, seed);
    let known = bound(model, parameters);
    let mut columns: Vec<Column> = vec![];
    for _ in 0..count {
        for (node, values) in example(model, known.clone(), &mut random)? {
            match columns.iter_mut().find(|c| c.name == node.name) {
                Some(column) => column.values.extend(values),
                None => columns.push(Column { name: node.name.clone(), width: node.shape.1, values }),
            }
        }
    }
    Ok(Table { columns })
}

/// The inputs and outcomes of one example, one after the other.
fn example<'m>(
    model: &'m Model,
    mut known: Bindings,
    random: &mut Random,
) -> Result<Vec<(&'m Node, Vec<f64>)>, Problems> {
    let mut seen = vec![];
    for node in &model.nodes {
        match &node.kind {
            Kind::Input => {
                let values = row(node.support, node.shape.1, random);
                known.insert(node.var, Value::Vector(values.clone()));
                seen.push((node, values));
            }
            Kind::Definition { value: e, .. } => define(node, *e, &mut known),
            Kind::Random { observed, instance } => {
                draw(node, instance, &mut known, random)?;
                if *observed {
                    seen.push((node, value(node.var, &known).numbers().to_vec()));
                }
            }
            Kind::Parameter(_) => {}
        }
    }
    Ok(seen)
}

fn draw(node: &Node, instance: &Instance, known: &mut Bindings, random: &mut Random) -> Result<(), Problems> {
    let Some(draw) = &instance.likelihood.draw else { return Err(no_draw(node, instance).into()) };
    let mut letters = vec![];
    for (at, (letter, kind)) in draw.randomness.iter().enumerate() {
        let mut number = || match kind {
            FillKind::StandardNormal => random.normal(),
            FillKind::StandardUniform => random.uniform(),
        };
        let vector = Expr::var(&format!("u {at}"), node.var.shape(), letter.domain().unwrap_or(Domain::REAL));
        known.insert(vector, Value::Vector((0..node.shape.1).map(|_| number()).collect()));
        letters.push((*letter, vector));
    }
    if let Some(drawn) = instance.drawn(node.var, &letters) {
        // In its stable form: as declared, a softmax overflows.
        define(node, simplify(drawn, &mut Trace::default()), known);
    }
    Ok(())
}

fn no_draw(node: &Node, instance: &Instance) -> Diagnostic {
    let name = &instance.likelihood.name;
    Diagnostic::new(codes::INCOMPLETE, format!("there are no outcomes `{}` to check with", node.name))
        .at(instance.span, format!("`{name}` has no `draw`"))
        .related(node.span, "and no `train` declaration gives data for it")
        .help("add `train MODEL on DATA {}` to the program: its data are used, and nothing is trained")
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
