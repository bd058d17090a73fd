//! Reads a program with all the files it uses, after the standard library.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::Declarations;
use crate::diag::{Diagnostic, Problems, codes, paths};
use crate::source::{SourceFile, Sources, Span};
use crate::stdlib;
use crate::syntax::ast::{Decl, Use};
use crate::syntax::parse;

/// A part of a program.
pub struct Text<'t> {
    /// What messages call it.
    pub name: &'t str,
    pub text: &'t str,
    /// Where relative paths in it start; the working directory without one.
    pub folder: Option<&'t Path>,
}

impl Declarations {
    /// Reads a program from a file. Errors: `CANNOT_READ`, `NOT_TEXT`, `USE_CYCLE`, `DUPLICATE_NAME` and those of the
    /// parser; whatever could be read is declared all the same.
    pub fn load(path: &Path, sources: &mut Sources) -> (Declarations, Problems) {
        let mut loader = Loader::with_library(sources, stdlib::FILES);
        loader.file(path, None);
        (loader.declarations, loader.problems)
    }

    /// The standard library alone.
    pub fn library_alone(sources: &mut Sources) -> (Declarations, Problems) {
        let loader = Loader::with_library(sources, stdlib::FILES);
        (loader.declarations, loader.problems)
    }

    /// Reads a program from text; `use` and data paths start from `folder`, or else from the working directory.
    pub fn from_text(name: &str, text: &str, folder: Option<&Path>, sources: &mut Sources) -> (Declarations, Problems) {
        Declarations::from_text_with_library(stdlib::FILES, name, text, folder, sources)
    }

    /// Reads a program from several texts, as if they were one.
    pub fn from_texts(texts: &[Text], sources: &mut Sources) -> (Declarations, Problems) {
        let mut loader = Loader::with_library(sources, stdlib::FILES);
        texts.iter().for_each(|Text { name, text, folder }| loader.text(name, text.to_string(), *folder));
        (loader.declarations, loader.problems)
    }

    /// The same with another standard library: pairs of name and text.
    pub fn from_text_with_library(
        library: &[(&str, &'static str)],
        name: &str,
        text: &str,
        folder: Option<&Path>,
        sources: &mut Sources,
    ) -> (Declarations, Problems) {
        let mut loader = Loader::with_library(sources, library);
        loader.text(name, text.to_string(), folder);
        (loader.declarations, loader.problems)
    }
}

#[derive(PartialEq)]
enum State {
    Open,
    Done,
}

struct Loader<'s> {
    sources: &'s mut Sources,
    declarations: Declarations,
    problems: Problems,
    /// Files by their full path, so that one that two others use is read once.
    files: HashMap<PathBuf, State>,
}

impl<'s> Loader<'s> {
    fn with_library(sources: &'s mut Sources, library: &[(&str, &'static str)]) -> Self {
        let mut loader =
            Loader { sources, declarations: Declarations::default(), problems: Problems::new(), files: HashMap::new() };
        for (name, text) in library {
            let file = loader.sources.add(SourceFile { name: name.to_string(), text: text.to_string() });
            loader.declarations.add_library(file, text);
        }
        loader
    }

    /// Reads a file that `asked_by` uses, or the program itself.
    fn file(&mut self, path: &Path, asked_by: Option<Span>) {
        let full = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        match self.files.get(&full) {
            Some(State::Open) => return self.report(circle(path).into(), asked_by, "closes the circle"),
            Some(State::Done) => return,
            None => {}
        }
        match paths::read_program(path) {
            Ok(text) => {
                self.files.insert(full.clone(), State::Open);
                self.text(&path.display().to_string(), text, path.parent());
                self.files.insert(full, State::Done);
            }
            Err(problem) => {
                self.declarations.set_incomplete();
                self.report(problem.into(), asked_by, "asked for here");
            }
        }
    }

    fn text(&mut self, name: &str, text: String, folder: Option<&Path>) {
        let source = SourceFile { name: name.to_string(), text };
        let file = self.sources.add(source);
        self.declarations.add_file(file, folder);
        let (program, problems) = parse(file, &self.sources.get(file).text);
        self.problems.extend(problems);
        self.declarations.add_unread(program.unread);
        for decl in program.decls {
            match decl {
                Decl::Use(Use { path, span }) => {
                    let path = self.declarations.resolve(&path, file);
                    self.file(&path, Some(span));
                }
                other => self.declarations.add(other).unwrap_or_else(|problems| self.problems.extend(problems)),
            }
        }
    }

    fn report(&mut self, problems: Problems, asked_by: Option<Span>, label: &str) {
        for problem in problems.iter().cloned() {
            self.problems.push(match asked_by {
                Some(span) => problem.at(span, label),
                None => problem,
            });
        }
    }
}

fn circle(path: &Path) -> Diagnostic {
    Diagnostic::new(codes::USE_CYCLE, format!("`{}` uses itself, by way of the files it uses", path.display()))
        .help("move what both files need into a third, and use that from both")
}
