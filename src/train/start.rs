//! Where parameters start: the same for every arm of a seed.

use crate::diag::{Diagnostic, Problems, codes};
use crate::exec::{Purpose, Streams, random::open_uniform};
use crate::expr::{Bindings, Expr, Value, evaluate, substitute};
use crate::model::{Init, Instance, Model, Node};
use crate::plan::{Fill, FillKind};

/// The first values of every parameter, in the model's order and in raw (unconstrained) coordinates, row after row.
pub fn initial_values(model: &Model, seed: u64) -> Vec<Vec<f64>> {
    let streams = Streams::new(seed);
    model
        .parameters()
        .enumerate()
        .map(|(at, (node, parameter))| match &parameter.init {
            Init::Constant(value) => vec![*value; node.shape.0 * node.shape.1],
            Init::Draw(instance) => draw(instance, node, &streams, at),
        })
        .collect()
}

/// Errors: `SIZE` for a model with more parameters than `most`.
pub fn fits_in_memory(model: &Model, most: usize) -> Result<(), Problems> {
    let size = |node: &Node| node.shape.0.saturating_mul(node.shape.1);
    let nodes = || model.parameters().map(|(node, _)| node);
    let total = nodes().map(size).fold(0, usize::saturating_add);
    let Some(largest) = nodes().max_by_key(|node| size(node)).filter(|_| total > most) else {
        return Ok(());
    };
    let message = format!("the model `{}` has {total} parameters, which do not fit in memory", model.name);
    Err(Diagnostic::new(codes::SIZE, message)
        .at(largest.span, format!("`{}` alone has {}", largest.name, size(largest)))
        .help(format!("make its layers narrower; at most {most} numbers are learned"))
        .into())
}

fn draw(instance: &Instance, node: &Node, streams: &Streams, parameter: usize) -> Vec<f64> {
    let count = node.shape.0 * node.shape.1;
    let Some(draw) = &instance.likelihood.draw else { return vec![f64::NAN; count] };
    let mut bindings = Bindings::new();
    for (k, (var, kind)) in draw.randomness.iter().enumerate() {
        bindings.insert(*var, Value::Vector(standard(*kind, streams, Fill::source(parameter, k), count)));
    }
    let formals: Vec<Expr> = instance.likelihood.formals.iter().map(|f| f.var).collect();
    let pairs: Vec<(Expr, Expr)> = formals.into_iter().zip(instance.args.iter().copied()).collect();
    match evaluate(substitute(draw.value, &pairs), &bindings) {
        Ok(Value::Scalar(x)) => vec![x; count],
        Ok(values) => values.numbers().to_vec(),
        Err(_) => vec![f64::NAN; count],
    }
}

fn standard(kind: FillKind, streams: &Streams, source: u32, count: usize) -> Vec<f64> {
    let mut generator = streams.generator(Purpose::Initial, source, 0);
    let mut numbers: Vec<f64> = (0..count).map(|_| open_uniform(&mut generator)).collect();
    if kind == FillKind::StandardNormal {
        crate::special::quantiles(&mut numbers);
    }
    numbers
}
