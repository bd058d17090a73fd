//! What has been declared at a prompt, piece by piece.

use std::path::{Path, PathBuf};

use super::paths::moved;
use crate::check::Text;
use crate::session::{Asker, Session};
use crate::syntax::{self, Class, pieces};

/// The declarations of a session, in the order in which their names came up first.
#[derive(Clone, Default)]
pub struct Program {
    entries: Vec<Entry>,
    /// The files that were loaded, in the order in which they were last.
    loaded: Vec<PathBuf>,
    count: usize,
    /// What is read instead of a person, and the line that is answered: messages name them.
    pub script: Option<(String, usize)>,
}

/// One declaration as it was written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What messages call it: `input 3`, or a file.
    pub source: String,
    pub kind: String,
    pub name: Option<String>,
    pub text: String,
    /// The lines above it in its source, and the columns before it in its line.
    place: (usize, usize),
    /// Where relative paths in it start; the working directory without one.
    pub folder: Option<PathBuf>,
    /// The file that it was loaded from.
    pub file: Option<PathBuf>,
    /// Nobody wrote it: it goes with the model that it trains.
    implied: bool,
}

impl Program {
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds what a text declares, under the name of a source, which is given back. A declaration stands in the place of an earlier
    /// one of the same name.
    pub fn declare(&mut self, text: &str) -> String {
        self.count += 1;
        let source = self.source();
        self.add(text, &source, None);
        source
    }

    /// Adds a training that a command stands for.
    pub fn imply(&mut self, training: &str) -> String {
        let source = self.declare(training);
        self.entries.iter_mut().filter(|entry| entry.source == source).for_each(|entry| entry.implied = true);
        source
    }

    /// Without what nobody wrote and has lost its model.
    fn pruned(mut self) -> Program {
        let models: Vec<Option<String>> =
            self.entries.iter().filter(|entry| entry.kind == "model").map(|entry| entry.name.clone()).collect();
        self.entries.retain(|entry| !entry.implied || models.contains(&entry.name));
        self
    }

    fn source(&self) -> String {
        self.line().unwrap_or(format!("input {}", self.count))
    }

    /// `init.nem, line 3`, while a script is read.
    pub fn line(&self) -> Option<String> {
        self.script.as_ref().map(|(name, line)| format!("{name}, line {line}"))
    }

    /// The same with the text of a file. What it declared before and does not any more goes.
    pub fn load(&mut self, path: &Path, text: &str) {
        self.entries.retain(|entry| entry.file.as_deref() != Some(path));
        self.loaded.retain(|loaded| loaded != path);
        self.loaded.push(path.into());
        self.add(text, &path.display().to_string(), Some(path));
        *self = std::mem::take(self).pruned();
    }

    fn add(&mut self, text: &str, source: &str, file: Option<&Path>) {
        for piece in pieces(text) {
            let before = &text[..piece.start];
            let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count());
            let entry = Entry {
                place: (before.matches('\n').count(), column),
                source: source.into(),
                kind: piece.kind.into(),
                name: piece.name.map(String::from),
                text: piece.text.into(),
                folder: file.and_then(|f| f.parent()).map(PathBuf::from),
                file: file.map(PathBuf::from),
                implied: false,
            };
            // What one source declares twice is for the checker to refuse.
            match self.entries.iter_mut().find(|old| old.source != entry.source && old.is_replaced_by(&entry)) {
                Some(old) => *old = entry,
                None => self.entries.push(entry),
            }
        }
    }

    /// The declarations in whose place a later program has those of another source.
    pub fn replaced_in<'p>(&'p self, later: &'p Program) -> impl Iterator<Item = &'p Entry> {
        let takes_its_place = |old: &Entry, new: &Entry| old.is_replaced_by(new) && old.source != new.source;
        let named = self.entries.iter().filter(|old| old.name.is_some());
        named.filter(move |old| later.entries.iter().any(|new| takes_its_place(old, new)))
    }

    /// Without any declaration.
    pub fn emptied(&self) -> Program {
        Program { entries: vec![], loaded: vec![], ..self.clone() }
    }

    /// Without what is called by a name; `None` where nothing is.
    pub fn without(&self, name: &str) -> Option<Program> {
        let mut program = self.clone();
        program.entries.retain(|entry| entry.name.as_deref() != Some(name));
        (program.entries.len() < self.entries.len()).then(|| program.pruned())
    }

    /// Without trainings of a model.
    pub fn without_training(&self, model: &str) -> Program {
        let mut program = self.clone();
        program.entries.retain(|entry| entry.kind != "train" || entry.name.as_deref() != Some(model));
        program
    }

    /// All declarations as one program, for a file in `folder`.
    pub fn text(&self, folder: Option<&Path>) -> String {
        let working = Path::new("");
        let here = |entry: &Entry| moved(&entry.text, entry.folder.as_deref().unwrap_or(working), folder);
        self.entries.iter().map(|entry| here(entry) + "\n").collect::<Vec<_>>().join("\n")
    }

    pub fn loaded(&self) -> &[PathBuf] {
        &self.loaded
    }

    /// Everything, read and checked.
    pub fn session(&self) -> Session {
        // Blanks before it, so that messages name its lines and columns.
        let blanks = |(lines, columns): (usize, usize)| "\n".repeat(lines) + &" ".repeat(columns);
        let placed = |entry: &Entry| blanks(entry.place) + &entry.text;
        let placed: Vec<String> = self.entries.iter().map(placed).collect();
        let with_text = self.entries.iter().zip(&placed);
        let texts = with_text.map(|(entry, text)| Text { name: &entry.source, text, folder: entry.folder.as_deref() });
        let mut session = Session::from_texts(&texts.collect::<Vec<_>>());
        session.asker = Asker::Prompt;
        session
    }

    /// The declarations that one rests on, its own among them, as one text: where that stays the same, so does what they mean. A name
    /// that a declaration uses for something of its own counts, too, so that the text may change and the meaning not.
    pub fn behind(&self, name: &str) -> String {
        let mut names: Vec<&str> = vec![name];
        let mut at = 0;
        while let Some(name) = names.get(at) {
            let mentioned: Vec<&str> = self.called(name).flat_map(|entry| mentioned(&entry.text)).collect();
            for name in mentioned {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            at += 1;
        }
        names.iter().flat_map(|name| self.called(name)).map(|entry| format!("{}\n", entry.text)).collect()
    }

    fn called(&self, name: &str) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.kind != "train" && entry.name.as_deref() == Some(name))
    }
}

fn mentioned(text: &str) -> impl Iterator<Item = &str> {
    syntax::tokens(text).into_iter().filter(|(_, class)| *class == Class::Name).map(|(range, _)| &text[range])
}

impl Entry {
    /// `model M`, or the word alone.
    pub fn title(&self) -> String {
        self.name.as_ref().map_or(self.kind.clone(), |name| format!("{} {name}", self.kind))
    }

    /// A `train` is called by its model, and shares its name with it.
    fn is_replaced_by(&self, new: &Entry) -> bool {
        let (train, new_train) = (self.kind == "train", new.kind == "train");
        match &new.name {
            Some(_) => self.name == new.name && train == new_train,
            None => self.text == new.text,
        }
    }
}
