//! A checked model as text: one variable a line, in the order of computation.

use std::fmt::Write;

use super::{Init, Instance, Kind, Model, Node, Support};
use crate::expr::print::text;

/// `h1.W: real[784, 40]  parameter, starts as gaussian(0, 0.05)`
pub fn show(model: &Model) -> String {
    let sizes: Vec<String> = model.sizes.iter().map(|(name, n)| format!("{name} = {n}")).collect();
    let mut lines = format!("model {}({})\n", model.name, sizes.join(", "));
    for node in &model.nodes {
        let _ = writeln!(lines, "  {:<28} {}", declaration(node), meaning(node));
    }
    if let Some(energy) = &model.energy {
        let _ = writeln!(lines, "  energy {}", text(energy.value));
    }
    lines
}

/// `h1.W: real[784, 40]`
pub fn declaration(node: &Node) -> String {
    format!("{}: {}", node.name, type_of(node.support, node.shape))
}

/// A type as programs write it.
pub fn type_of(support: Support, shape: (usize, usize)) -> String {
    match shape {
        (1, 1) => support.to_string(),
        (1, width) => format!("{support}[{width}]"),
        (rows, columns) => format!("{support}[{rows}, {columns}]"),
    }
}

fn meaning(node: &Node) -> String {
    match &node.kind {
        Kind::Input => "input".into(),
        Kind::Definition { value, layer: Some(layer) } => format!("{layer}: {}", text(*value)),
        Kind::Definition { value, layer: None } => format!("= {}", text(*value)),
        Kind::Random { observed, instance } => {
            format!("~ {}, {}", call(instance), if *observed { "observed" } else { "latent" })
        }
        Kind::Unit { observed } => if *observed { "visible units" } else { "hidden units" }.into(),
        Kind::Parameter(parameter) => {
            let start = match &parameter.init {
                Init::Constant(value) => format!("{value}"),
                Init::Draw(instance) => call(instance),
            };
            let map = if parameter.raw == node.var { String::new() } else { format!(" = {}", text(parameter.value)) };
            let prior = parameter.prior.as_ref().map_or(String::new(), |p| format!(", prior {}", call(p)));
            format!("parameter{map}, raw start {start}{prior}")
        }
    }
}

fn call(instance: &Instance) -> String {
    let args: Vec<String> = instance.args.iter().map(|a| text(*a)).collect();
    format!("{}({})", instance.likelihood.name, args.join(", "))
}
