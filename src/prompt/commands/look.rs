//! Commands that show what there is.

use super::words::Words;
use super::{COMMANDS, Command, Done};
use crate::check::function_names;
use crate::derive::{ProgramDerivation, derive_likelihood};
use crate::diag::{Diagnostic, Problems, codes};
use crate::model::show;
use crate::prompt::{Listener, Next, Prompt};
use crate::report::derivation;
use crate::sample::{Certificate, verify as certify};
use crate::syntax::{ast::Decl, print_call};

pub fn help(_: &mut Prompt, of: &str, listener: &mut dyn Listener) -> Done {
    let wanted = of.trim_start_matches(':');
    if wanted.is_empty() {
        let lines: Vec<String> = COMMANDS.iter().map(line).collect();
        listener.say(&format!("{ENTERED}\n{}", lines.join("\n")));
        return Ok(Next::Go);
    }
    let command = super::command_called(wanted)?;
    listener.say(&format!(":{} {}\n    {}", command.name, command.takes, command.does));
    Ok(Next::Go)
}

/// `  :derive NAME [at y=2 mu=0]`, and what it does beside it, or below where there is no room.
fn line(command: &Command) -> String {
    let written = format!("  :{} {}", command.name, command.takes);
    let gap = if written.chars().count() > 36 { format!("\n{:36}", "") } else { String::new() };
    format!("{written:<36}{gap} {}", command.does)
}

const ENTERED: &str = "\
What can be entered:
  a declaration                      likelihood …, layer …, fn …, model …, data …, train …; again to change it
  an expression                      gaussian(0, 1).log_density(0.5), softmax([1, 2, 3]), draw poisson(4); `ans` is the last value
  a command:";

/// The kinds of declarations, and what a list of them is called.
const KINDS: [(&str, &str); 6] = [
    ("likelihood", "likelihoods"),
    ("fn", "functions"),
    ("layer", "layers"),
    ("model", "models"),
    ("data", "data"),
    ("train", "trainings"),
];

/// What names were given to at the prompt.
const VALUES: &str = "values";

/// The words that `:list` knows.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(_, plural)| *plural).chain(["all", VALUES])
}

/// What the session declares, or with a kind or `all` what the library does, too.
pub fn list(prompt: &mut Prompt, of: &str, listener: &mut dyn Listener) -> Done {
    let is_kind = |(kind, plural): &&(&str, &str)| of == *kind || of == *plural;
    let of_values = of == VALUES || of == "value";
    if !of_values && !of.is_empty() && of != "all" && !KINDS.iter().any(|k| is_kind(&k)) {
        let kinds = KINDS.iter().flat_map(|(kind, plural)| [*kind, *plural]).chain(["all", VALUES]);
        return Err(Diagnostic::new(codes::USAGE, format!("`:list` knows no `{of}`")).suggest(of, kinds).into());
    }
    let shown = KINDS.iter().filter(|k| of.is_empty() || of == "all" || is_kind(k));
    let lines: Vec<String> = shown.filter_map(|(kind, plural)| listed(prompt, kind, plural, !of.is_empty())).collect();
    let values: Vec<&str> = prompt.memory.kept().collect();
    let values =
        ((of.is_empty() || of_values) && !values.is_empty()).then(|| format!("{VALUES:<14}{}", values.join(", ")));
    let lines: Vec<String> = lines.into_iter().chain(values).collect();
    match lines.is_empty() {
        true if of.is_empty() => listener.say("Nothing is declared yet. `:list all` shows the standard library."),
        true => listener.say("There are none."),
        false => listener.say(&lines.join("\n")),
    }
    Ok(Next::Go)
}

fn listed(prompt: &Prompt, kind: &str, plural: &str, library: bool) -> Option<String> {
    // Those of files that are used, too.
    let own = prompt.session.declarations.own().filter(|decl| decl.kind() == kind);
    let called = |decl: &Decl| match decl {
        Decl::Train(train) => Some(train.model.text.clone()),
        other => other.name().map(|name| name.text.clone()),
    };
    let own: Vec<String> = own.filter_map(|decl| called(decl)).collect();
    let known = if library { prompt.session.declarations.names_of(kind) } else { vec![] };
    let others = known.into_iter().filter(|name| !own.iter().any(|o| o == name)).map(String::from);
    let names: Vec<String> = own.iter().cloned().chain(others).collect();
    let text = crate::report::wrap(&names.join(", "), 84).replace('\n', &format!("\n{:14}", ""));
    (!names.is_empty()).then(|| format!("{plural:<14}{text}"))
}

/// Doc comment, signature and source of a declaration; of a command what it does.
pub fn info(prompt: &mut Prompt, name: &str, listener: &mut dyn Listener) -> Done {
    if name.starts_with(':') {
        return help(prompt, name, listener);
    }
    if let Some(answer) = prompt.memory.get(name).filter(|_| prompt.session.declarations.named(name).is_none()) {
        listener.say(&format!("{name} = {answer:.*}", prompt.precision));
        return Ok(Next::Go);
    }
    let decl = prompt.session.declarations.named(name).ok_or_else(|| nothing_called(prompt, name))?;
    let source = prompt.session.sources.text(decl.span());
    let file = &prompt.session.sources.get(decl.span().file).name;
    let doc = doc(&decl).map_or(String::new(), |doc| format!("{doc}\n\n"));
    listener.say(&format!("{doc}{}\n\n// {file}\n{source}", signature(prompt, &decl)));
    Ok(Next::Go)
}

fn doc(decl: &Decl) -> Option<&str> {
    match decl {
        Decl::Fn(d) => d.doc.as_deref(),
        Decl::Likelihood(d) => d.doc.as_deref(),
        Decl::Layer(d) => d.doc.as_deref(),
        Decl::Model(d) => d.doc.as_deref(),
        Decl::Data(d) => d.doc.as_deref(),
        Decl::Train(d) => d.doc.as_deref(),
        Decl::Use(_) => None,
    }
}

/// With the supports as they were understood, where it is a likelihood.
fn signature(prompt: &Prompt, decl: &Decl) -> String {
    let name = decl.name().map_or("", |n| n.text.as_str());
    match prompt.session.declarations.likelihood(name) {
        Ok(likelihood) if decl.kind() == "likelihood" => derivation::likelihood_signature(&likelihood),
        _ => head(decl),
    }
}

/// `fn half(x: real) -> real`, `model Line`
pub fn head(decl: &Decl) -> String {
    let name = decl.name().map_or("", |n| n.text.as_str());
    let call = print_call(decl).filter(|_| !decl.formals().is_empty());
    format!("{} {}", decl.kind(), call.unwrap_or(name.into()))
}

fn nothing_called(prompt: &Prompt, name: &str) -> Diagnostic {
    let names = KINDS.iter().flat_map(|(kind, _)| prompt.session.declarations.names_of(kind));
    let function = function_names().any(|function| function == name) || name == "pi";
    if function {
        return Diagnostic::new(codes::UNKNOWN_NAME, format!("`{name}` is built in, and declared nowhere"))
            .help("the language reference tells what it is, under «Built-in functions»");
    }
    let message = match name {
        "" => "`:info` needs the name of a declaration".into(),
        _ => format!("nothing is called `{name}`"),
    };
    Diagnostic::new(codes::UNKNOWN_NAME, message).suggest(name, names)
}

/// The page of a likelihood or a model, with any noise that is asked for, and values at a point.
pub fn derive(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    let mut words = Words::of(text);
    let statements: Vec<String> = std::iter::from_fn(|| words.take("noise")).collect();
    let name = super::subject(prompt, &mut words)?;
    let mut derived = prompt.session.derive(Some(&name))?;
    prompt.session.request(&mut derived, &statements)?;
    let values = match words.pairs.is_empty() {
        true => String::new(),
        false => format!("\n\n{}", super::noise::values(prompt, &name, &words.point(), &statements)?),
    };
    listener.say(&format!("{}{values}", derivation::program(&derived).trim_end()));
    warn(prompt, &derived, listener);
    Ok(Next::Go)
}

fn warn(prompt: &mut Prompt, derived: &ProgramDerivation, listener: &mut dyn Listener) {
    let problems = prompt.session.corners(derived);
    prompt.tell(&problems, listener);
}

/// Checks what was derived against numbers.
pub fn verify(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    let mut words = Words::of(text);
    let name = super::subject(prompt, &mut words)?;
    words.plain.clear();
    words.finish("it is checked at points of its own")?;
    let is_model = prompt.session.model_names().any(|model| model == name);
    let mut problems = Problems::new();
    let certificates: Vec<Result<Certificate, Problems>> = match is_model {
        true => {
            let models = prompt.session.models(Some(&name)).into_iter();
            models.map(|model| model.and_then(|model| prompt.session.certificate(&model))).collect()
        }
        false => {
            let likelihood = prompt.session.declarations.likelihood(&name)?;
            vec![derive_likelihood(&likelihood).map(|derived| certify(&derived, None))]
        }
    };
    for certificate in certificates {
        let certificate = certificate?;
        listener.say(certificate.text().trim_end());
        problems.extend(certificate.problems());
    }
    prompt.tell(&problems, listener);
    Ok(Next::Go)
}

/// Every variable of a model with its shape.
pub fn shapes(prompt: &mut Prompt, name: &str, listener: &mut dyn Listener) -> Done {
    let name = super::model(prompt, name)?;
    for bound in prompt.session.models(Some(&name)) {
        listener.say(show(&bound?.model).trim_end());
    }
    Ok(Next::Go)
}
