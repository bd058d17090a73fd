//! `:train MODEL on DATA epochs=5`: an experiment as `nem train` runs it, watched from the prompt.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::live::{Live, Watched};
use super::networks::Trained;
use super::words::Words;
use super::{Done, model};
use crate::diag::{Diagnostic, Problems, codes};
use crate::experiment::{self, Options, Report, Watch};
use crate::model::Training;
use crate::prompt::{Entry, Listener, Next, Prompt};
use crate::report::wrap;
use crate::source::SourceFile;
use crate::syntax::{
    self,
    ast::{Decl, Program, Setting, TrainDecl},
};
use crate::train::stop;

pub fn train(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    let decl = asked_for(prompt, text)?;
    let training = prompt.session.training(&decl)?;
    stop::clear();
    let report = run(prompt, &decl, &training, listener)?;
    tell(prompt, &report, listener);
    stop::clear();
    let behind = prompt.program.behind(&training.model.name);
    let trained = Trained::new(&training, report.kept, behind)?;
    prompt.trained.insert(training.model.name.clone(), trained);
    keep(prompt, decl, listener);
    Ok(Next::Go)
}

/// A training that the session does not declare becomes a part of it, so that a saved session trains the same.
fn keep(prompt: &mut Prompt, decl: TrainDecl, listener: &mut dyn Listener) {
    let is_it = |entry: &Entry| entry.kind == "train" && entry.name.as_deref() == Some(&decl.model.text);
    if !prompt.program.entries().iter().any(is_it) {
        let mut program = prompt.program.clone();
        let source = program.imply(&syntax::print(&Program { decls: vec![Decl::Train(decl)], unread: vec![] }));
        prompt.take(program, &source, listener);
    }
}

/// The declaration that is meant, with the settings of the line in the place of its own.
fn asked_for(prompt: &mut Prompt, text: &str) -> Result<TrainDecl, Problems> {
    let (head, block) = divided(text)?;
    let mut words = Words::of(&head);
    let data = words.after("on")?;
    if let Some(word) = words.plain.get(1) {
        let problem = Diagnostic::new(codes::USAGE, format!("`{word}` has no meaning here"));
        return Err(problem.help("settings are written `epochs=5`, or in a block: `{ compare none, nem }`").into());
    }
    let call = words.plain.first().cloned().unwrap_or_default();
    let name = model(prompt, &call)?;
    let sizes = call.trim().strip_prefix(&name).unwrap_or("");
    let decl = declared(prompt, (&name, sizes), data.as_deref())?;
    let lines: String = words.pairs.iter().map(|(key, value)| format!("{key} {value}\n")).collect();
    let seeds = format!("seeds {}\n", prompt.seed);
    let seeds = if decl.settings.iter().any(is_seeds) { vec![] } else { settings(prompt, &seeds)? };
    let decl = TrainDecl { settings: [seeds, decl.settings].concat(), ..decl };
    Ok(crate::session::with_settings(&decl, &settings(prompt, &format!("{lines}{block}"))?))
}

/// What stands outside of a block of settings, and what stands in it. Errors: `USAGE` for a block that does not end.
fn divided(text: &str) -> Result<(String, &str), Problems> {
    let Some(open) = text.find('{') else { return Ok((text.into(), "")) };
    let mut depth = 0;
    let close = text.char_indices().skip_while(|(at, _)| *at < open).find_map(|(at, c)| {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        (depth == 0).then_some(at)
    });
    let unclosed = || Diagnostic::new(codes::USAGE, "the block of settings has no end").help("close it with `}`");
    let close = close.ok_or_else(unclosed)?;
    Ok((format!("{} {}", &text[..open], &text[close + 1..]), &text[open + 1..close]))
}

fn is_seeds(setting: &Setting) -> bool {
    matches!(setting, Setting::Option { key, .. } if key.text == "seeds")
}

fn settings(prompt: &mut Prompt, text: &str) -> Result<Vec<Setting>, Problems> {
    let file = prompt.session.sources.add(SourceFile { name: ":train".into(), text: text.into() });
    if text.trim().is_empty() { Ok(vec![]) } else { syntax::parse_settings(file, text) }
}

/// The `train` of the session for this model and these data with the sizes that are given, or an empty one. Errors: `USAGE`
/// where the data are not clear.
fn declared(prompt: &mut Prompt, (model, sizes): (&str, &str), data: Option<&str>) -> Result<TrainDecl, Problems> {
    let fits = |t: &TrainDecl| t.model.text == model && data.is_none_or(|data| t.data.text == data);
    let found = prompt.session.declarations.own().find_map(|decl| match &**decl {
        Decl::Train(train) if fits(train) => Some(train.clone()),
        _ => None,
    });
    match found {
        Some(train) if sizes.is_empty() => Ok(train),
        Some(train) => {
            Ok(TrainDecl { args: empty(prompt, &format!("{model}{sizes}"), &train.data.text)?.args, ..train })
        }
        None => {
            let data = the_data(prompt, model, data)?;
            empty(prompt, &format!("{model}{sizes}"), &data)
        }
    }
}

fn the_data(prompt: &Prompt, model: &str, data: Option<&str>) -> Result<String, Problems> {
    let known = prompt.session.declarations.names_of("data");
    match (data, &known[..]) {
        (Some(data), _) => Ok(data.to_string()),
        (None, [only]) => Ok(only.to_string()),
        (None, _) => Err(no_data(model, &known).into()),
    }
}

/// A training without settings.
fn empty(prompt: &mut Prompt, call: &str, data: &str) -> Result<TrainDecl, Problems> {
    let text = format!("train {call} on {data} {{}}");
    let file = prompt.session.sources.add(SourceFile { name: ":train".into(), text: text.clone() });
    let (program, problems) = syntax::parse(file, &text);
    match program.decls.into_iter().next() {
        Some(Decl::Train(train)) => Ok(train),
        _ => Err(problems),
    }
}

fn no_data(model: &str, known: &[&str]) -> Diagnostic {
    let problem = Diagnostic::new(codes::USAGE, format!("nothing says which data `{model}` is trained on"));
    match known {
        [] => problem.help("declare some: `data d { x: real = linspace(0, 6) take 100  y: real = sin(x) }`"),
        [first, ..] => problem.help(format!("name them: `:train {model} on {first}`; there are {}", known.join(", "))),
    }
}

/// Trains with a live picture, which goes away at the end.
fn run(
    prompt: &Prompt,
    decl: &TrainDecl,
    training: &Training,
    listener: &mut dyn Listener,
) -> Result<Report, Problems> {
    let text = with_training(prompt, decl);
    let watched = Watched(Mutex::new(Live::new(training, listener)));
    let options = Options {
        device: prompt.device,
        out: &prompt.out,
        threads: prompt.threads,
        watch: Watch::Each(&watched),
        program: Path::new("prompt.nem"),
        text: Some(&text),
        settings: &[],
    };
    let report = experiment::run(&prompt.session, training, &options);
    watched.0.into_inner().unwrap_or_else(PoisonError::into_inner).end();
    report
}

/// The program of the session in which this is the only training of its model.
fn with_training(prompt: &Prompt, decl: &TrainDecl) -> String {
    let others = prompt.program.without_training(&decl.model.text);
    let own = syntax::print(&Program { decls: vec![Decl::Train(decl.clone())], unread: vec![] });
    format!("{}\n{own}", others.text(None))
}

fn tell(prompt: &mut Prompt, report: &Report, listener: &mut dyn Listener) {
    if stop::is_requested() {
        listener.say(&format!("{}\n", stop::TOLD));
    }
    if !report.pretraining.is_empty() {
        listener.say(&report.pretraining);
    }
    listener.say(report.table.trim_end());
    report.verdict.iter().for_each(|paragraph| listener.say(&format!("\n{}", wrap(paragraph, listener.columns()))));
    listener.say(&format!("\nresults: {}", report.folder.display()));
    let mut problems = report.problems.clone();
    report.warnings.iter().for_each(|warning| problems.push(warning.clone()));
    prompt.tell(&problems, listener);
}
