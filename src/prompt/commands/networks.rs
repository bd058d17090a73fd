//! What a trained network says, and what it has learned.

use super::words::Words;
use super::{Done, model_name};
use crate::audit::Kept;
use crate::diag::{Diagnostic, Problems, codes};
use crate::exec::Program;
use crate::expr::{Bindings, Value, evaluate};
use crate::model::{Model, Node, Parameter, Training, declaration};
use crate::plan::network::evaluation_of;
use crate::prompt::{Listener, Next, Prompt};
use crate::report::significant;
use crate::train::checkpoint::Tensor;
use crate::train::network::program;

/// The networks of one training.
pub struct Trained {
    pub model: Model,
    pub evaluation: Program,
    runs: Vec<Kept>,
    /// The declarations that the model rested on.
    behind: String,
}

/// Which of them is asked for: `arm=nem seed=3`; without these the first.
pub struct Which {
    arm: Option<String>,
    seed: Option<String>,
}

impl Which {
    pub fn of(words: &mut Words) -> Which {
        Which { arm: words.take("arm"), seed: words.take("seed") }
    }
}

impl Trained {
    pub fn new(training: &Training, runs: Vec<Kept>, behind: String) -> Result<Trained, Problems> {
        let plan = evaluation_of(&training.model, training.estep, training.method)?;
        Ok(Trained { model: training.model.clone(), evaluation: program(plan, training)?, runs, behind })
    }

    /// What has to be known of answers of a run: that it is of an earlier declaration, that it came to nothing.
    pub fn told(&self, prompt: &Prompt, run: &Kept) -> Vec<String> {
        let name = &self.model.name;
        let earlier = (self.behind != prompt.program.behind(name)).then(|| {
            format!("this network was trained before `{name}`, or what it rests on, was declared anew: `:train {name}` trains the present one")
        });
        let numbers = run.last.iter().flat_map(|tensor| &tensor.values);
        let diverged =
            numbers.clone().any(|x| !x.is_finite()).then(|| "this run diverged: numbers are lost".to_string());
        earlier.into_iter().chain(diverged).collect()
    }

    pub fn run(&self, Which { arm, seed }: &Which) -> Result<&Kept, Problems> {
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

/// The networks of the model that the words begin with, or of the only one that was trained.
pub fn trained<'p>(prompt: &'p Prompt, words: &mut Words) -> Result<&'p Trained, Problems> {
    let named = (!words.plain.is_empty()).then(|| words.plain.remove(0));
    let known: Vec<String> = prompt.trained.keys().cloned().collect();
    let name = match (named, &known[..]) {
        (Some(name), _) => model_name(prompt, &name)?,
        (None, [only]) => only.clone(),
        (None, []) => return Err(untrained("no network was trained here", "MODEL").into()),
        (None, several) => {
            let problem = Diagnostic::new(codes::USAGE, "nothing says which network is meant");
            return Err(problem.help(format!("there are those of {}", several.join(", "))).into());
        }
    };
    let problem = || untrained(&format!("`{name}` has not been trained here"), &name).into();
    prompt.trained.get(&name).ok_or_else(problem)
}

fn untrained(message: &str, model: &str) -> Diagnostic {
    Diagnostic::new(codes::USAGE, message).help(format!("train it first: `:train {model}`"))
}

/// What a network has learned: each parameter in a line, or the values of one.
pub fn params(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    let mut words = Words::of(text);
    let which = Which::of(&mut words);
    let trained = trained(prompt, &mut words)?;
    let run = trained.run(&which)?;
    let named = (!words.plain.is_empty()).then(|| words.plain.remove(0));
    words.finish("write `:params MODEL`, or the name of one of its parameters behind that")?;
    trained.told(prompt, run).iter().for_each(|words| listener.say(words));
    let parameters: Vec<(&Node, &Parameter)> = trained.model.parameters().collect();
    let values = |at: usize| learned(parameters[at], &run.last[at]);
    match &named {
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
            listener.say(&matrix(&values(at), parameters[at].0.shape.1, prompt.precision));
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
    let finite = values.iter().all(|x| x.is_finite());
    let told = if !finite {
        "not finite".into()
    } else if values.len() == 1 {
        mean
    } else {
        format!("mean {mean}, sd {sd}, from {low} to {high}")
    };
    format!("  {:<26} {told}", declaration(node))
}

/// How much of a matrix is shown.
const SHOWN: usize = 8;

pub fn matrix(values: &[f64], columns: usize, digits: usize) -> String {
    let width = digits + 6;
    let row = |row: &[f64]| {
        let numbers = row.iter().take(SHOWN).map(|x| format!("{:>width$}", significant(*x, digits as i32)));
        let numbers = numbers.collect::<String>();
        if row.len() > SHOWN { format!("{numbers}  … {columns} columns") } else { numbers }
    };
    let rows: Vec<&[f64]> = values.chunks(columns.max(1)).collect();
    let mut lines: Vec<String> = rows.iter().take(SHOWN).map(|r| row(r)).collect();
    if rows.len() > SHOWN {
        lines.push(format!("         … {} rows", rows.len()));
    }
    lines.join("\n")
}
