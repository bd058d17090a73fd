//! What a trained network says of rows of data, or of one input.

use super::Done;
use super::networks::{Trained, Which, matrix, trained};
use super::words::Words;
use crate::audit::Kept;
use crate::check::fit;
use crate::data::{Column, Table, load};
use crate::diag::{Diagnostic, Problems, codes};
use crate::exec::Dfdx;
use crate::model::{Kind, Model, Node};
use crate::plan::network::mean_output;
use crate::prompt::{Listener, Next, Prompt};
use crate::report::count;
use crate::sample::point::{self, Assignment};
use crate::source::SourceFile;
use crate::train::arm::state;
use crate::train::evaluate::OnDevice;
use crate::train::network::device_failed;

/// Means of what a network observes.
pub fn predict(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    let mut words = Words::of(text);
    let (data, rows, which) = (words.after("on")?, words.number("rows", 5)?, Which::of(&mut words));
    let inputs = inputs(prompt, &words.point())?;
    let trained = trained(prompt, &mut words)?;
    words.pairs.clear();
    words.finish("write `:predict MODEL on DATA`, or give inputs: `:predict MODEL x=0.5`")?;
    let run = trained.run(&which)?;
    trained.told(prompt, run).iter().for_each(|words| listener.say(words));
    if let (Some(data), Some(input)) = (&data, inputs.first()) {
        let problem = Diagnostic::new(codes::USAGE, format!("`{}` is given, and so are the data `{data}`", input.name));
        return Err(problem.help("write one of them: rows of data, or one input").into());
    }
    let table = match &data {
        Some(name) => some_rows(prompt, trained, name, rows)?,
        None => one_row(&trained.model, &inputs)?,
    };
    for node in trained.model.from_data().filter(|node| !matches!(node.kind, Kind::Input)) {
        let means = means(trained, run, &table, &node.name)?;
        listener.say(&format!("mean of {}", node.name));
        for (at, row) in means.chunks(node.shape.1).enumerate() {
            let truth = table.column(&node.name).filter(|_| data.is_some()).map(|column| column.row(at));
            listener.say(&format!("  {}", compared(row, truth, prompt.precision)));
        }
    }
    Ok(Next::Go)
}

/// `x=[1, 2], z=3`
fn inputs(prompt: &mut Prompt, text: &str) -> Result<Vec<Assignment>, Problems> {
    if text.is_empty() {
        return Ok(vec![]);
    }
    let file = prompt.session.sources.add(SourceFile { name: ":predict".into(), text: text.into() });
    point::parse(file, text)
}

fn compared(row: &[f64], truth: Option<&[f64]>, digits: usize) -> String {
    let line = |row: &[f64]| matrix(row, row.len(), digits).trim_start().to_string();
    truth.map_or(line(row), |truth| format!("{}    data: {}", line(row), line(truth)))
}

/// The first rows of the test part, or of the training part where there is none.
fn some_rows(prompt: &Prompt, trained: &Trained, name: &str, rows: usize) -> Result<Table, Problems> {
    let spec = prompt.session.declarations.data(name)?;
    fit(&trained.model, &spec, spec.span).map_err(of_an_earlier_session)?;
    let data = load(&spec)?;
    let whole = data.test.unwrap_or(data.train);
    let first = |column: &Column| {
        let values = column.values.iter().take(rows.saturating_mul(column.width)).copied().collect();
        Column { values, ..column.clone() }
    };
    Ok(Table { columns: whole.columns.iter().map(first).collect() })
}

/// One example with these inputs. What it observes is not known, and does not enter the means. Errors: `USAGE`, `UNKNOWN_NAME`,
/// `SHAPE`, `SUPPORT`.
fn one_row(model: &Model, inputs: &[Assignment]) -> Result<Table, Problems> {
    if model.inputs().next().is_none() {
        let problem = Diagnostic::new(codes::USAGE, format!("`{}` has no inputs", model.name));
        return Err(problem.help(format!("compare it with data: `:predict {} on …`", model.name)).into());
    }
    let is_input = |given: &&Assignment| model.inputs().any(|node| given.is(&node.name));
    if let Some(stranger) = inputs.iter().find(|given| !is_input(given)) {
        let problem =
            Diagnostic::new(codes::UNKNOWN_NAME, format!("`{}` has no input `{}`", model.name, stranger.name));
        let problem = problem.at(stranger.name_span, "not an input");
        return Err(problem.suggest(&stranger.name, model.inputs().map(|node| node.name.as_str())).into());
    }
    let column = |node: &Node| {
        let values = match node.kind {
            Kind::Input => given(node, inputs)?,
            _ => vec![0.0; node.shape.1],
        };
        Ok(Column { name: node.name.clone(), width: node.shape.1, values })
    };
    Ok(Table { columns: model.from_data().map(column).collect::<Result<_, Problems>>()? })
}

fn given(node: &Node, inputs: &[Assignment]) -> Result<Vec<f64>, Problems> {
    let (name, width) = (&node.name, node.shape.1);
    let needs = format!("the input `{name}` needs {}", count(width, "number"));
    let Some(given) = inputs.iter().find(|given| given.is(name)) else {
        let wanted = if width == 1 { format!("{name}=0.5") } else { format!("{name}=[…]") };
        let problem = Diagnostic::new(codes::USAGE, needs);
        return Err(problem.help(format!("give it, `{wanted}`, or name data: `on …`")).into());
    };
    let numbers = given.value.numbers().to_vec();
    if numbers.len() != width {
        let problem = Diagnostic::new(codes::SHAPE, format!("{needs}, and {} given", are(numbers.len())));
        return Err(problem.at(given.span, count(numbers.len(), "number")).help(format!("give {width}")).into());
    }
    if !node.support.contains_row(&numbers) {
        let problem = Diagnostic::new(codes::SUPPORT, format!("`{name}` lies outside of its support"));
        let problem = problem.at(given.span, format!("outside `{}`", node.support));
        return Err(problem.help(format!("`{}` holds {}", node.support, node.support.holds())).into());
    }
    Ok(numbers)
}

/// Without the places in the model's declaration, which may be gone.
fn of_an_earlier_session(problems: Problems) -> Problems {
    let mut placed = Problems::new();
    for problem in problems.iter() {
        placed.push(Diagnostic { related: vec![], ..problem.clone() });
    }
    placed
}

fn are(n: usize) -> String {
    if n == 1 { "1 is".into() } else { format!("{n} are") }
}

fn means(trained: &Trained, run: &Kept, table: &Table, name: &str) -> Result<Vec<f64>, Problems> {
    let device = Dfdx::cpu();
    let start: Vec<Vec<f64>> = run.last.iter().map(|t| t.values.iter().map(|x| f64::from(*x)).collect()).collect();
    let evaluated = state(&device, &trained.evaluation, &start).and_then(|mut state| {
        let data = OnDevice::new(&device, &trained.evaluation, table)?;
        data.outputs(&device, &trained.evaluation, &mut state, [&mean_output(name)])
    });
    let [means] = evaluated.map_err(|e| of_an_earlier_session(device_failed(&e, trained.model.span).into()))?;
    Ok(means)
}
