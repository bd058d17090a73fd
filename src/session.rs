//! The pipeline, stage by stage: text → declarations → checked program → derivation → plan → numbers → answer.

use std::path::Path;
use std::rc::Rc;

use crate::check::{Checked, Declarations, check_all, request};
use crate::data::{Dataset, load};
use crate::derive::request::{Request, of_likelihood, of_model};
use crate::derive::{ProgramDerivation, derive_likelihood, derive_model};
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::Expr;
use crate::model::{Likelihood, Model, Training};
use crate::source::{SourceFile, Sources};
use crate::syntax;
use crate::syntax::ast::{self, Decl, Setting, TrainDecl};
use crate::train::network::Network;

/// A program that was read and checked.
pub struct Session {
    pub sources: Sources,
    pub declarations: Declarations,
    pub checked: Checked,
    /// Errors and warnings so far.
    pub problems: Problems,
}

impl Session {
    /// Reads and checks a program from a file.
    pub fn open(path: &Path) -> Session {
        let mut sources = Sources::default();
        let (declarations, problems) = Declarations::load(path, &mut sources);
        Session::check(sources, declarations, problems)
    }

    /// Reads and checks a program that is at hand; relative paths in it start from `folder`.
    pub fn from_text(name: &str, text: &str, folder: Option<&Path>) -> Session {
        let mut sources = Sources::default();
        let (declarations, problems) = Declarations::from_text(name, text, folder, &mut sources);
        Session::check(sources, declarations, problems)
    }

    /// The stdlib alone.
    pub fn library() -> Session {
        let mut sources = Sources::default();
        let (declarations, problems) = Declarations::library_alone(&mut sources);
        Session::check(sources, declarations, problems)
    }

    fn check(sources: Sources, declarations: Declarations, mut problems: Problems) -> Session {
        let (checked, found) = check_all(&declarations);
        problems.extend(found);
        Session { sources, declarations, checked, problems }
    }

    /// What the derivation finds suspicious or impossible in the models.
    pub fn derived_problems(&self) -> Problems {
        let derived = self.checked.models.iter().map(derive_model);
        collected(derived.map(|d| d.map_or_else(|found| found, |model| model.warnings())))
    }

    /// What keeps the program's own trainings from being planned, such as a selection that a region does not allow.
    pub fn planning_problems(&self) -> Problems {
        collected(self.checked.trainings.iter().filter_map(|training| Network::new(training).err()))
    }

    /// Every likelihood and model of the program, or the one of this name (the stdlib's included).
    pub fn derive(&self, name: Option<&str>) -> Result<ProgramDerivation, Problems> {
        let mut derived = ProgramDerivation::default();
        let mut problems = Problems::new();
        let wanted = |found: &str| name.is_none_or(|name| name == found);
        for likelihood in self.wanted_likelihoods(name) {
            match derive_likelihood(&likelihood) {
                Ok(one) => derived.likelihoods.push(one),
                Err(found) => problems.extend(found),
            }
        }
        for model in self.checked.models.iter().filter(|m| wanted(&m.name)) {
            match derive_model(model) {
                Ok(one) => derived.models.push(one),
                Err(found) => problems.extend(found),
            }
        }
        match name {
            _ if problems.has_errors() => Err(problems),
            Some(name) if derived.likelihoods.is_empty() && derived.models.is_empty() => {
                Err(self.nothing_called(name).into())
            }
            _ => Ok(derived),
        }
    }

    /// Adds to a derivation what follows for noise that is asked for by statements such as `sigma *= n` or
    /// `y <- y * (1 + n)`, in which `n` is the noise.
    pub fn request(&mut self, derived: &mut ProgramDerivation, statements: &[String]) -> Result<(), Problems> {
        let mut problems = Problems::new();
        for statement in statements {
            if let Err(found) = self.noise_statement(statement).and_then(|noise| self.answer(derived, &noise)) {
                problems.extend(found);
            }
        }
        if problems.has_errors() { Err(problems) } else { Ok(()) }
    }

    fn noise_statement(&mut self, text: &str) -> Result<ast::Noise, Problems> {
        let drawn = text.contains("<-") && !text.contains("where");
        let text = format!("noise {text}{}", if drawn { " where n ~ gaussian(0, 1)" } else { "" });
        let file = self.sources.add(SourceFile { name: "--noise".into(), text: text.clone() });
        match &syntax::parse_settings(file, &text)?[..] {
            [Setting::Noise(noise)] => Ok(noise.clone()),
            _ => {
                let problem = Diagnostic::new(codes::USAGE, "`--noise` takes one noise statement");
                Err(problem.help("write it like this: `--noise \"sigma *= n\"`, `--noise \"y <- y * (1 + n)\"`").into())
            }
        }
    }

    /// The first likelihood or model that has the variable.
    fn answer(&self, derived: &mut ProgramDerivation, noise: &ast::Noise) -> Result<(), Problems> {
        let mut refused = Problems::new();
        for one in &mut derived.likelihoods {
            let likelihood = one.likelihood.clone();
            let formals = likelihood.formals.iter().map(|f| (f.name.as_str(), f.var));
            let variables: Vec<_> = formals.chain([(likelihood.outcome_name.as_str(), likelihood.outcome)]).collect();
            match request(&self.declarations, noise, &variables) {
                Ok((variable, injection)) => {
                    one.requested.push(of_likelihood(&likelihood, Request { variable, injection }));
                    return Ok(());
                }
                Err(found) => refused = found,
            }
        }
        for one in &mut derived.models {
            let Some(model) = self.checked.models.iter().find(|m| m.name == one.name) else { continue };
            let variables = named_variables(model);
            match request(&self.declarations, noise, &variables) {
                Ok((variable, injection)) => {
                    one.requested.push(of_model(model, Request { variable, injection }));
                    return Ok(());
                }
                Err(found) => refused = found,
            }
        }
        Err(refused)
    }

    fn wanted_likelihoods(&self, name: Option<&str>) -> Vec<Rc<Likelihood>> {
        match name {
            None => self.checked.likelihoods.clone(),
            Some(name) => self.declarations.likelihood(name).into_iter().collect(),
        }
    }

    fn nothing_called(&self, name: &str) -> Diagnostic {
        let known = self.declarations.likelihoods();
        let models = self.checked.models.iter().map(|m| m.name.as_str());
        let names = known.iter().map(|l| l.name.as_str()).chain(models);
        let message = format!("there is no likelihood or model called `{name}`");
        Diagnostic::new(codes::UNKNOWN_NAME, message).suggest(name, names)
    }

    /// The `train` declarations, each with settings from the command line in the place of its own.
    pub fn trainings(&self, only: Option<&str>, settings: &[Setting]) -> Result<Vec<Training>, Problems> {
        let mut trainings = vec![];
        let mut problems = Problems::new();
        for decl in self.train_decls(only) {
            match self.declarations.training(&with_settings(&decl, settings)) {
                Ok(training) => trainings.push(training),
                Err(found) => problems.extend(found),
            }
        }
        if trainings.is_empty() && !problems.has_errors() {
            problems.push(self.nothing_to_train(only));
        }
        if problems.has_errors() { Err(problems) } else { Ok(trainings) }
    }

    fn train_decls(&self, only: Option<&str>) -> Vec<TrainDecl> {
        let wanted = |t: &TrainDecl| only.is_none_or(|name| t.model.text == name);
        let decls = self.declarations.own().filter_map(|d| match &**d {
            Decl::Train(train) => Some(train.clone()),
            _ => None,
        });
        decls.filter(wanted).collect()
    }

    fn nothing_to_train(&self, only: Option<&str>) -> Diagnostic {
        let trained = self.train_decls(None);
        let none = match only {
            Some(name) => format!("no `train` declaration is for a model called `{name}`"),
            None => "the program has no `train` declaration".to_string(),
        };
        Diagnostic::new(codes::USAGE, none)
            .help("declare one: `train MODEL on DATA { epochs 10 }`")
            .suggest(only.unwrap_or_default(), trained.iter().map(|t| t.model.text.as_str()))
    }

    pub fn data(&self, training: &Training) -> Result<Dataset, Problems> {
        load(&training.data)
    }
}

/// The variables of a model by the names that programs give them: what a layer makes is called like its definition.
fn named_variables(model: &Model) -> Vec<(&str, Expr)> {
    let mut list = vec![];
    for node in &model.nodes {
        let short = node.name.strip_suffix(".o").filter(|name| model.node(name).is_none());
        list.push((short.unwrap_or(&node.name), node.var));
    }
    list
}

/// The declaration with each of these settings put in the place of its own of the same name.
fn with_settings(decl: &TrainDecl, settings: &[Setting]) -> TrainDecl {
    let mut decl = decl.clone();
    for setting in settings {
        decl.settings.retain(|own| key(own) != key(setting));
    }
    decl.settings.extend(settings.iter().cloned());
    decl
}

fn key(setting: &Setting) -> &str {
    match setting {
        Setting::Option { key, .. } => &key.text,
        Setting::Noise(_) => "noise",
    }
}

fn collected(found: impl Iterator<Item = Problems>) -> Problems {
    let mut all = Problems::new();
    found.for_each(|problems| all.extend(problems));
    all
}
