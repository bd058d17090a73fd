//! The pipeline, stage by stage: text → declarations → checked program → derivation → plan → numbers → answer.

mod hole;
mod look;
mod models;
mod request;
mod sizes;

pub use look::{Asked, Looked};
pub use models::BoundModel;

use std::path::Path;
use std::rc::Rc;

use crate::check::{Checked, Declarations, Text, check_all};
use crate::data::{Dataset, load};
use crate::derive::{LikelihoodDerivation, ProgramDerivation, derive_likelihood, derive_model};
use crate::diag::{Diagnostic, Problems, codes};
use crate::model::{Likelihood, Model, Training};
use crate::sample::{self, Place, Proposal};
use crate::source::{FileId, SourceFile, Sources, Span};
use crate::syntax;
use crate::syntax::ast::{Decl, Setting, TrainDecl};
use crate::train::network::Network;

/// Who asks, so that messages show how to ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asker {
    #[default]
    CommandLine,
    Prompt,
}

impl Asker {
    /// `--noise "y += n"` or `noise="y += n"`
    fn option(self, key: &str, value: &str) -> String {
        match self {
            Asker::CommandLine => format!("--{key} {value}"),
            Asker::Prompt => format!("{key}={value}"),
        }
    }
}

/// A program that was read and checked.
pub struct Session {
    pub sources: Sources,
    pub declarations: Declarations,
    pub checked: Checked,
    /// Errors and warnings so far.
    pub problems: Problems,
    pub asker: Asker,
    /// Models as they were called, with other sizes than their declarations give.
    sized: Vec<Model>,
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

    /// Reads and checks a program of several texts.
    pub fn from_texts(texts: &[Text]) -> Session {
        let mut sources = Sources::default();
        let (declarations, problems) = Declarations::from_texts(texts, &mut sources);
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
        let mut session = Session {
            sources,
            declarations,
            checked,
            problems: Problems::new(),
            asker: Asker::default(),
            sized: vec![],
        };
        session.problems = hole::told(&session.declarations, &session.train_decls(None), problems);
        session
    }

    /// What the derivation finds suspicious or impossible in the models.
    pub fn derived_problems(&self) -> Problems {
        let derived = self.checked.models.iter().map(derive_model);
        collected(derived.map(|d| d.map_or_else(|found| found, |model| model.warnings())))
    }

    /// Where the derivatives of the program's own log-densities may jump.
    pub fn corners(&self, derived: &ProgramDerivation) -> Problems {
        let own = |d: &&LikelihoodDerivation| self.checked.likelihoods.iter().any(|l| l.span == d.likelihood.span);
        let with_corners = derived.likelihoods.iter().filter(own).filter(|d| !d.corners.is_empty());
        collected(with_corners.map(|d| d.corner_warning().into()))
    }

    /// What keeps the program's own trainings from being planned, such as a selection that a region does not allow.
    pub fn planning_problems(&self) -> Problems {
        collected(self.checked.trainings.iter().filter_map(|training| Network::new(training).err()))
    }

    /// Every likelihood and model of the program, or the one of this name (the stdlib's included).
    pub fn derive(&self, name: Option<&str>) -> Result<ProgramDerivation, Problems> {
        let mut derived = ProgramDerivation::default();
        let mut problems = Problems::new();
        for likelihood in self.wanted_likelihoods(name) {
            match derive_likelihood(&likelihood) {
                Ok(one) => derived.likelihoods.push(one),
                Err(found) => problems.extend(found),
            }
        }
        for model in self.wanted_models(name) {
            match derive_model(model) {
                Ok(one) => derived.models.push(one),
                Err(found) => problems.extend(found),
            }
        }
        match name {
            _ if problems.has_errors() => Err(problems),
            Some(name) if derived.likelihoods.is_empty() && derived.models.is_empty() => Err(self.not_checked(name)),
            _ => Ok(derived),
        }
    }

    /// The likelihood of this name, or the only one that the program declares.
    pub fn likelihood(&self, name: Option<&str>) -> Result<Rc<Likelihood>, Problems> {
        match (name, &self.checked.likelihoods[..]) {
            (Some(name), _) => self.declarations.likelihood(name),
            (None, [only]) => Ok(only.clone()),
            (None, several) => Err(self.which(several).into()),
        }
    }

    fn which(&self, declared: &[Rc<Likelihood>]) -> Diagnostic {
        let names: Vec<&str> = declared.iter().map(|l| l.name.as_str()).collect();
        let (message, help) = match names.is_empty() {
            true => {
                ("the program declares no likelihood", "name one of the standard library, such as `gaussian`".into())
            }
            false => ("the program declares several likelihoods", format!("name one of them: {}", names.join(", "))),
        };
        Diagnostic::new(codes::USAGE, message).help(help)
    }

    /// The likelihoods of the program, or the one of this name; those of the library where the program is the library.
    pub fn likelihoods(&self, name: Option<&str>) -> Result<Vec<Rc<Likelihood>>, Problems> {
        match name {
            Some(name) => {
                let found = self.declarations.likelihood(name).map(|one| vec![one]);
                found.map_err(|_| self.not_checked(name))
            }
            None => Ok(self.wanted_likelihoods(None)),
        }
    }

    /// A point of the command line: `y=2, mu=0`.
    pub fn point(&mut self, likelihood: &Rc<Likelihood>, text: &str) -> Result<Place, Problems> {
        let id = self.argument("at", text);
        let point = sample::point::parse(id, text)?;
        Place::read(likelihood, &point, Span::new(id, 0, text.len()))
    }

    /// A proposal of the command line: `gaussian(0, 1)`.
    pub fn proposal(&mut self, text: &str) -> Result<Proposal, Problems> {
        let id = self.argument("proposal", text);
        let term = syntax::parse_term(id, text)?;
        self.declarations.proposal(&term).map(|instance| Proposal::new(&instance))
    }

    /// The text of an option, so that messages can point into it.
    fn argument(&mut self, option: &str, text: &str) -> FileId {
        let name = match self.asker {
            Asker::CommandLine => format!("--{option}"),
            Asker::Prompt => option.into(),
        };
        self.sources.add(SourceFile { name, text: text.into() })
    }

    fn wanted_likelihoods(&self, name: Option<&str>) -> Vec<Rc<Likelihood>> {
        match name {
            None if self.declarations.own().next().is_none() => self.declarations.likelihoods(),
            None => self.checked.likelihoods.clone(),
            Some(name) => self.declarations.likelihood(name).into_iter().collect(),
        }
    }

    fn wanted_models(&self, name: Option<&str>) -> Vec<&Model> {
        match name {
            None => self.checked.models.iter().collect(),
            Some(name) => self.model_called(name).into_iter().collect(),
        }
    }

    /// Why there is nothing to look at: a model that lacks a size, what is wrong with a declaration, or a name that stands for
    /// nothing.
    fn not_checked(&self, name: &str) -> Problems {
        let wrong = match self.declarations.named(name).map_or("", |decl| decl.kind()) {
            "model" => self.declarations.model(name, &[]).err(),
            "likelihood" => self.declarations.likelihood(name).err(),
            _ => None,
        };
        wrong.unwrap_or_else(|| self.nothing_called(name).into())
    }

    fn nothing_called(&self, name: &str) -> Diagnostic {
        let names = self.declarations.names_of("likelihood").into_iter().chain(self.model_names());
        let message = format!("there is no likelihood or model called `{name}`");
        Diagnostic::new(codes::UNKNOWN_NAME, message).suggest(name, names)
    }

    /// A training that the program need not declare.
    pub fn training(&self, decl: &TrainDecl) -> Result<Training, Problems> {
        let told = |problems| hole::told(&self.declarations, std::slice::from_ref(decl), problems);
        self.declarations.training(decl).map_err(told)
    }

    /// The `train` declarations, each with settings from the command line in the place of its own.
    pub fn trainings(&self, only: Option<&str>, settings: &[Setting]) -> Result<Vec<Training>, Problems> {
        let mut trainings = vec![];
        let mut problems = Problems::new();
        for decl in self.train_decls(only) {
            match self.training(&with_settings(&decl, settings)) {
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

/// The declaration with each of these settings put in the place of its own of the same name.
pub fn with_settings(decl: &TrainDecl, settings: &[Setting]) -> TrainDecl {
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
        Setting::Pretrain(_) => "pretrain",
    }
}

fn collected(found: impl Iterator<Item = Problems>) -> Problems {
    let mut all = Problems::new();
    found.for_each(|problems| all.extend(problems));
    all
}
