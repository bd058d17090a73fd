//! Every declaration by its name: those of the standard library, and those of the program, which may shadow them.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::library::Library;
use super::problem::{Check, fail, told_already};
use super::{data, functions, likelihood, model, train};
use crate::diag::{Diagnostic, Problems, codes};
use crate::model::{DataSpec, Instance, Likelihood, Model, Training};
use crate::source::{FileId, Span};
use crate::syntax::ast::{Arg, Decl, Name, Term, TrainDecl};

type Names = BTreeMap<String, Rc<Decl>>;

#[derive(Default)]
pub struct Declarations {
    library: Library,
    /// The program's, in the order of reading.
    own: Vec<Rc<Decl>>,
    names: Names,
    folders: HashMap<FileId, PathBuf>,
    /// Names whose declarations could not be read.
    unread: HashSet<String>,
    /// A file that the program uses could not be read: nobody knows what it declares.
    incomplete: bool,
    likelihoods: RefCell<HashMap<Span, Check<Rc<Likelihood>>>>,
}

impl Declarations {
    /// A likelihood by name, in the program or else in the library.
    pub fn likelihood(&self, name: &str) -> Result<Rc<Likelihood>, Problems> {
        match self.named(name).as_deref() {
            Some(Decl::Likelihood(decl)) => self.likelihood_of(decl),
            _ => fail(missing("likelihood", name, self.names_of("likelihood"))),
        }
    }

    /// Every likelihood without errors, the library's first.
    pub fn likelihoods(&self) -> Vec<Rc<Likelihood>> {
        let decls = self.library.decls(Some("likelihood")).chain(&self.own);
        decls.filter_map(|d| if let Decl::Likelihood(d) = &**d { self.likelihood_of(d).ok() } else { None }).collect()
    }

    /// A model with the given sizes; those not given have their defaults.
    pub fn model(&self, name: &str, sizes: &[(&str, usize)]) -> Result<Model, Problems> {
        match self.named(name).as_deref() {
            Some(Decl::Model(decl)) => model::with_sizes(self, decl, sizes),
            _ => fail(missing("model", name, self.names_of("model"))),
        }
    }

    /// A model as it is called: `Rbm(784, 20)`. Errors: `UNKNOWN_NAME`, `WRONG_KIND`, `ARGUMENTS`, and those of the model.
    pub fn called(&self, name: &Name, args: &[Arg], call: Span) -> Result<Model, Problems> {
        match &*self.expect(name, "model")? {
            Decl::Model(decl) => model::with_args(self, decl, args, call),
            _ => told_already(),
        }
    }

    /// The model of a training, with the sizes that it gives.
    pub fn model_of(&self, decl: &TrainDecl) -> Result<Model, Problems> {
        self.called(&decl.model, &decl.args, decl.model.span)
    }

    pub fn data(&self, name: &str) -> Result<DataSpec, Problems> {
        match self.named(name).as_deref() {
            Some(Decl::Data(decl)) => data::data(self, decl),
            _ => fail(missing("data", name, self.names_of("data"))),
        }
    }

    pub fn training(&self, decl: &TrainDecl) -> Result<Training, Problems> {
        train::training(self, decl)
    }

    /// A likelihood that noise can be drawn from, as in `gaussian(0, 1)`.
    pub fn proposal(&self, term: &Term) -> Result<Instance, Problems> {
        train::proposal(self, term)
    }

    /// The program's own declarations, those of the files it uses included.
    pub fn own(&self) -> impl Iterator<Item = &Rc<Decl>> {
        self.own.iter()
    }

    /// The library's declarations.
    pub fn library(&self) -> impl Iterator<Item = &Rc<Decl>> {
        self.library.decls(None)
    }

    /// What a name in `file` refers to. The library does not see the program, so that shadowing one of its names
    /// changes nothing inside it.
    pub(super) fn lookup(&self, name: &str, file: FileId) -> Option<&Rc<Decl>> {
        let own = if self.is_library(file) { None } else { self.names.get(name) };
        own.or_else(|| self.library.get(name))
    }

    pub(super) fn likelihood_of(&self, decl: &crate::syntax::ast::LikelihoodDecl) -> Check<Rc<Likelihood>> {
        if let Some(done) = self.likelihoods.borrow().get(&decl.span) {
            return done.clone();
        }
        let checked = likelihood::likelihood(self, decl).map(Rc::new);
        self.likelihoods.borrow_mut().insert(decl.span, checked.clone());
        checked
    }

    /// The names of all declarations of a kind, as [`Decl::kind`] calls it, the library's first.
    pub fn names_of(&self, kind: &str) -> Vec<&str> {
        let own = self.own.iter().filter(|d| d.kind() == kind).filter_map(|d| d.name());
        self.library.names_of(kind).chain(own.map(|n| n.text.as_str())).collect()
    }

    /// The path as seen from the file that names it.
    pub(super) fn resolve(&self, path: &str, file: FileId) -> PathBuf {
        self.folders.get(&file).map_or_else(|| PathBuf::from(path), |folder| folder.join(path))
    }

    pub(super) fn add_library(&mut self, file: FileId, text: &'static str) {
        self.library.add(file, text);
    }

    pub(super) fn add_file(&mut self, file: FileId, folder: Option<&Path>) {
        if let Some(folder) = folder {
            self.folders.insert(file, folder.to_path_buf());
        }
    }

    /// Remembers what was meant to be declared and could not be read.
    pub(super) fn add_unread(&mut self, names: Vec<String>) {
        self.unread.extend(names);
    }

    pub(super) fn set_incomplete(&mut self) {
        self.incomplete = true;
    }

    /// Whether an unknown name may be one that could not be read, so that there is nothing new to say.
    pub(super) fn may_be_unread(&self, name: &str) -> bool {
        self.incomplete || self.unread.contains(name)
    }

    /// Adds a declaration of the program. Errors: `DUPLICATE_NAME`, when the program has one of that name already.
    pub(super) fn add(&mut self, decl: Decl) -> Check<()> {
        let decl = Rc::new(decl);
        self.own.push(decl.clone());
        let Some(name) = decl.name() else { return Ok(()) };
        if functions::find(&name.text).is_some() {
            return fail(reserved(name));
        }
        match self.names.get(&name.text).and_then(|d| d.name()) {
            Some(first) => fail(duplicate(name, first)),
            None => {
                self.names.insert(name.text.clone(), decl.clone());
                Ok(())
            }
        }
    }

    pub(super) fn is_library(&self, file: FileId) -> bool {
        self.library.holds(file)
    }

    /// The declaration of this name, in the program or else in the library.
    pub fn named(&self, name: &str) -> Option<Rc<Decl>> {
        self.names.get(name).or_else(|| self.library.get(name)).cloned()
    }

    /// The declaration of this kind that a name in the text refers to.
    pub(super) fn expect(&self, name: &Name, kind: &str) -> Check<Rc<Decl>> {
        match self.lookup(&name.text, name.span.file) {
            Some(decl) if decl.kind() == kind => Ok(decl.clone()),
            Some(decl) => {
                let others = self.names_of(kind).into_iter().filter(|other| *other != name.text);
                fail(wrong_kind(name, decl, kind).suggest(&name.text, others))
            }
            None if self.may_be_unread(&name.text) => told_already(),
            None => {
                let problem = missing(kind, &name.text, self.names_of(kind));
                fail(problem.at(name.span, "not declared"))
            }
        }
    }
}

fn missing(kind: &str, name: &str, known: Vec<&str>) -> Diagnostic {
    let problem = Diagnostic::new(codes::UNKNOWN_NAME, format!("there is no {kind} `{name}`"));
    match known.is_empty() {
        true => problem.help(format!("declare it: `{kind} {name} … {{ … }}`")),
        false => problem.suggest(name, known),
    }
}

fn wrong_kind(name: &Name, decl: &Decl, kind: &str) -> Diagnostic {
    let (found, wanted) = (in_words(decl.kind()), in_words(kind));
    let message = format!("`{}` is {found}, and {wanted} is needed here", name.text);
    Diagnostic::new(codes::WRONG_KIND, message).at(name.span, format!("not {wanted}"))
}

/// What a declaration of this kind is called in messages.
pub(super) fn in_words(kind: &str) -> &'static str {
    match kind {
        "fn" => "a function",
        "likelihood" => "a likelihood",
        "layer" => "a layer",
        "model" => "a model",
        "data" => "a data declaration",
        _ => "a declaration",
    }
}

fn reserved(name: &Name) -> Diagnostic {
    Diagnostic::new(codes::DUPLICATE_NAME, format!("`{}` is a mathematical function of the language", name.text))
        .at(name.span, "this name is taken")
        .help("choose another name")
}

/// The same name twice among names that stand side by side.
pub(super) fn duplicate(second: &Name, first: &Name) -> Diagnostic {
    Diagnostic::new(codes::DUPLICATE_NAME, format!("`{}` is declared twice", second.text))
        .at(second.span, "declared again here")
        .related(first.span, "first declared here")
        .help("rename one of them, or remove it")
}

impl Decl {
    /// The word that begins the declaration.
    pub fn kind(&self) -> &'static str {
        match self {
            Decl::Use(_) => "use",
            Decl::Fn(_) => "fn",
            Decl::Likelihood(_) => "likelihood",
            Decl::Layer(_) => "layer",
            Decl::Model(_) => "model",
            Decl::Data(_) => "data",
            Decl::Train(_) => "train",
        }
    }

    pub fn span(&self) -> Span {
        match self {
            Decl::Use(d) => d.span,
            Decl::Fn(d) => d.span,
            Decl::Likelihood(d) => d.span,
            Decl::Layer(d) => d.span,
            Decl::Model(d) => d.span,
            Decl::Data(d) => d.span,
            Decl::Train(d) => d.span,
        }
    }
}
