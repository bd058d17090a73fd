//! What a trained network says, and what it has learned.

use super::words::Words;
use super::{Done, model};
use crate::audit::Kept;
use crate::check::fit;
use crate::data::{Column, Table, load};
use crate::diag::{Diagnostic, Problems, codes};
use crate::exec::{Dfdx, Program};
use crate::expr::{Bindings, Value, evaluate};
use crate::model::{Kind, Model, Node, Parameter, Training, declaration};
use crate::plan::network::{evaluation_of, mean_output};
use crate::prompt::{Listener, Next, Prompt};
use crate::report::significant;
use crate::train::arm::state;
use crate::train::checkpoint::Tensor;
use crate::train::evaluate::OnDevice;
use crate::train::network::{device_failed, program};

/// The networks of one training.
pub struct Trained {
    model: Model,
    evaluation: Program,
    runs: Vec<Kept>,
}

impl Trained {
    pub fn new(training: &Training, runs: Vec<Kept>) -> Result<Trained, Problems> {
        let plan = evaluation_of(&training.model, training.estep, training.method)?;
        Ok(Trained { model: training.model.clone(), evaluation: program(plan, training)?, runs })
    }

    /// The run of `arm=nem seed=3`; without these the first.
    fn run(&self, words: &mut Words) -> Result<&Kept, Problems> {
        let (arm, seed) = (words.take("arm"), words.take("seed"));
        let is_it = |run: &&Kept| {
            arm.as_ref().is_none_or(|arm| *arm == run.arm)
                && seed.as_ref().is_none_or(|seed| *seed == run.seed.to_string())
        };
        self.runs.iter().find(is_it).ok_or_else(|| {
            let known: Vec<String> =
                self.runs.iter().map(|run| format!("arm={} seed={}", quoted(&run.arm), run.seed)).collect();
            Diagnostic::new(codes::USAGE, "no network was trained like that")
                .help(format!("there are {}", known.join(", ")))
                .into()
        })
    }
}

fn quoted(name: &str) -> String {
    if name.contains(' ') { format!("\"{name}\"") } else { name.into() }
}

/// The networks of the model that the words begin with.
fn trained<'p>(prompt: &'p Prompt, words: &mut Words) -> Result<&'p Trained, Problems> {
    let name = if words.plain.is_empty() { String::new() } else { words.plain.remove(0) };
    let name = match prompt.trained.keys().next() {
        Some(only) if name.is_empty() && prompt.trained.len() == 1 => only.clone(),
        _ => model(prompt, &name)?,
    };
    prompt.trained.get(&name).ok_or_else(|| {
        let problem = Diagnostic::new(codes::USAGE, format!("`{name}` has not been trained here"));
        problem.help(format!("train it first: `:train {name}`")).into()
    })
}

/// What a network has learned: each parameter in a line, or the values of one.
pub fn params(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    let mut words = Words::of(text);
    let trained = trained(prompt, &mut words)?;
    let run = trained.run(&mut words)?;
    let parameters: Vec<(&Node, &Parameter)> = trained.model.parameters().collect();
    let values = |at: usize| learned(parameters[at], &run.last[at]);
    match words.plain.first() {
        None => {
            listener.say(&format!("{}, arm {}, seed {}", trained.model.name, run.arm, run.seed));
            (0..parameters.len()).for_each(|at| listener.say(&summary(parameters[at].0, &values(at))));
        }
        Some(name) => {
            let at = parameters.iter().position(|(node, _)| node.name == *name).ok_or_else(|| {
                let problem =
                    Diagnostic::new(codes::UNKNOWN_NAME, format!("`{}` learns no `{name}`", trained.model.name));
                problem.suggest(name, parameters.iter().map(|(node, _)| node.name.as_str()))
            })?;
            listener.say(&matrix(&values(at), parameters[at].0.shape.1));
        }
    }
    Ok(Next::Go)
}

/// The values, of which a checkpoint has the unconstrained ones.
fn learned((node, parameter): (&Node, &Parameter), raw: &Tensor) -> Vec<f64> {
    let raw_values: Vec<f64> = raw.values.iter().map(|x| f64::from(*x)).collect();
    let bound = match node.shape {
        (1, 1) if raw_values.len() == 1 => Value::Scalar(raw_values[0]),
        (1, _) => Value::Vector(raw_values.clone()),
        (rows, columns) => Value::Matrix(rows, columns, raw_values.clone()),
    };
    let value = evaluate(parameter.value, &Bindings::from([(parameter.raw, bound)]));
    value.map_or(raw_values, |value| value.numbers().to_vec())
}

/// `  h1.W: real[784, 40]   mean 0.0012, sd 0.31, from −1.2 to 2.4`
fn summary(node: &Node, values: &[f64]) -> String {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sd = (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(*x), b.max(*x)));
    let [mean, sd, low, high] = [mean, sd, low, high].map(|x| significant(x, 3));
    let told = if values.len() == 1 { mean } else { format!("mean {mean}, sd {sd}, from {low} to {high}") };
    format!("  {:<26} {told}", declaration(node))
}

/// How much of a matrix is shown.
const SHOWN: usize = 8;

fn matrix(values: &[f64], columns: usize) -> String {
    let row = |row: &[f64]| {
        let numbers = row.iter().take(SHOWN).map(|x| format!("{:>10}", significant(*x, 4))).collect::<String>();
        if row.len() > SHOWN { format!("{numbers}  … {columns} columns") } else { numbers }
    };
    let rows: Vec<&[f64]> = values.chunks(columns.max(1)).collect();
    let mut lines: Vec<String> = rows.iter().take(SHOWN).map(|r| row(r)).collect();
    if rows.len() > SHOWN {
        lines.push(format!("         … {} rows", rows.len()));
    }
    lines.join("\n")
}

/// Means of what a network observes, for rows of data or for one input.
pub fn predict(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    let mut words = Words::of(text);
    let (data, rows) = (words.after("on"), words.number("rows", 5)? as usize);
    let trained = trained(prompt, &mut words)?;
    let run = trained.run(&mut words)?;
    let table = match &data {
        Some(name) => some_rows(prompt, trained, name, rows)?,
        None => one_row(trained, &words)?,
    };
    for node in trained.model.from_data().filter(|node| !matches!(node.kind, Kind::Input)) {
        let means = means(trained, run, &table, &node.name)?;
        listener.say(&format!("mean of {}", node.name));
        for (at, row) in means.chunks(node.shape.1).enumerate() {
            let truth = table.column(&node.name).filter(|_| data.is_some()).map(|column| column.row(at));
            listener.say(&format!("  {}", compared(row, truth)));
        }
    }
    Ok(Next::Go)
}

fn compared(row: &[f64], truth: Option<&[f64]>) -> String {
    let line = |row: &[f64]| matrix(row, row.len()).trim_start().to_string();
    truth.map_or(line(row), |truth| format!("{}    data: {}", line(row), line(truth)))
}

/// The first rows of the test part, or of the training part where there is none.
fn some_rows(prompt: &Prompt, trained: &Trained, name: &str, rows: usize) -> Result<Table, Problems> {
    let spec = prompt.session.declarations.data(name)?;
    fit(&trained.model, &spec, spec.span)?;
    let data = load(&spec)?;
    let whole = data.test.unwrap_or(data.train);
    let first = |column: &Column| {
        let values = column.values.iter().take(rows.max(1) * column.width).copied().collect();
        Column { values, ..column.clone() }
    };
    Ok(Table { columns: whole.columns.iter().map(first).collect() })
}

/// One example whose inputs the words give. What it observes is not known, and does not enter the means.
fn one_row(trained: &Trained, words: &Words) -> Result<Table, Problems> {
    let column = |node: &Node| {
        let width = node.shape.1;
        let values = match node.kind {
            Kind::Input => given(node, words)?,
            _ => vec![0.0; width],
        };
        Ok(Column { name: node.name.clone(), width, values })
    };
    let units = trained.model.units().next().map(|(node, _)| node);
    if let (Some(units), true) = (units, trained.model.inputs().next().is_none()) {
        let problem = Diagnostic::new(codes::USAGE, format!("`{}` has no inputs", trained.model.name));
        return Err(problem
            .help(format!("reconstruct `{}` from data: `:predict {} on …`", units.name, trained.model.name))
            .into());
    }
    Ok(Table { columns: trained.model.from_data().map(column).collect::<Result<_, Problems>>()? })
}

/// `x=[1, 2]`. Errors: `USAGE`.
fn given(node: &Node, words: &Words) -> Result<Vec<f64>, Problems> {
    let width = node.shape.1;
    let text = words.pairs.iter().find(|(key, _)| *key == node.name).map_or("", |(_, value)| value);
    let numbers = text.trim_matches(['[', ']']).split(',').map(|n| n.trim().parse());
    let numbers: Vec<f64> = numbers.collect::<Result<_, _>>().unwrap_or_default();
    if numbers.len() == width {
        return Ok(numbers);
    }
    let wanted = if width == 1 { format!("{}=0.5", node.name) } else { format!("{}=[…]", node.name) };
    let problem = Diagnostic::new(
        codes::USAGE,
        format!("the input `{}` needs {}", node.name, crate::report::count(width, "number")),
    );
    Err(problem.help(format!("give it, `{wanted}`, or name data: `on …`")).into())
}

fn means(trained: &Trained, run: &Kept, table: &Table, name: &str) -> Result<Vec<f64>, Problems> {
    let device = Dfdx::cpu();
    let start: Vec<Vec<f64>> = run.last.iter().map(|t| t.values.iter().map(|x| f64::from(*x)).collect()).collect();
    let evaluated = state(&device, &trained.evaluation, &start).and_then(|mut state| {
        let data = OnDevice::new(&device, &trained.evaluation, table)?;
        data.outputs(&device, &trained.evaluation, &mut state, [&mean_output(name)])
    });
    let [means] = evaluated.map_err(|e| device_failed(&e, trained.model.span))?;
    Ok(means)
}
