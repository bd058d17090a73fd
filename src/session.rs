//! The pipeline, stage by stage: text → declarations → checked program → derivation → plan → numbers → answer.

use std::path::Path;

use crate::check::{Checked, Declarations, check_all};
use crate::data::{Dataset, load};
use crate::derive::{LayerDerivation, LikelihoodDerivation, derive_layer, derive_likelihood};
use crate::diag::{Diagnostic, Problems, codes};
use crate::model::{Model, Training};
use crate::source::Sources;
use crate::syntax::ast::{Decl, Setting, TrainDecl};

/// A program that was read and checked.
pub struct Session {
    pub sources: Sources,
    pub declarations: Declarations,
    pub checked: Checked,
    /// Errors and warnings so far.
    pub problems: Problems,
}

/// What was derived, in the order of the program.
pub enum Derived {
    Likelihood(LikelihoodDerivation),
    Model(Model, Vec<LayerDerivation>),
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
        Session::from_text("<nothing>", "use_nothing = 0", None)
    }

    fn check(sources: Sources, declarations: Declarations, mut problems: Problems) -> Session {
        let (checked, found) = check_all(&declarations);
        problems.extend(found);
        Session { sources, declarations, checked, problems }
    }

    /// Every likelihood and model of the program, or the one of this name (the stdlib's included).
    pub fn derive(&self, name: Option<&str>) -> Result<Vec<Derived>, Problems> {
        match name {
            Some(name) => self.derive_named(name).map(|derived| vec![derived]),
            None => {
                let likelihoods = self.checked.likelihoods.iter().map(|l| Derived::Likelihood(derive_likelihood(l)));
                Ok(likelihoods.chain(self.checked.models.iter().map(derive_model)).collect())
            }
        }
    }

    fn derive_named(&self, name: &str) -> Result<Derived, Problems> {
        if let Some(model) = self.checked.models.iter().find(|m| m.name == name) {
            return Ok(derive_model(model));
        }
        self.declarations.likelihood(name).map(|l| Derived::Likelihood(derive_likelihood(&l))).map_err(|_| {
            let known = self.declarations.likelihoods();
            let models = self.checked.models.iter().map(|m| m.name.as_str());
            let names = known.iter().map(|l| l.name.as_str()).chain(models);
            let message = format!("there is no likelihood or model called `{name}`");
            Diagnostic::new(codes::UNKNOWN_NAME, message).suggest(name, names).into()
        })
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
            problems.push(nothing_to_train(only));
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

    pub fn data(&self, training: &Training) -> Result<Dataset, Problems> {
        load(&training.data)
    }
}

fn nothing_to_train(only: Option<&str>) -> Diagnostic {
    match only {
        Some(name) => Diagnostic::new(codes::USAGE, format!("no `train` declaration is for a model called `{name}`")),
        None => Diagnostic::new(codes::USAGE, "the program has no `train` declaration"),
    }
    .help("declare one: train MODEL on DATA { epochs 10 }")
}

pub fn derive_model(model: &Model) -> Derived {
    let layers = model.random().map(|(node, observed, instance)| derive_layer(model, node, observed, instance));
    Derived::Model(model.clone(), layers.collect())
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
