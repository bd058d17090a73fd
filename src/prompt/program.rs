//! What has been declared at a prompt, piece by piece.

use std::path::{Path, PathBuf};

use crate::check::Text;
use crate::session::Session;
use crate::syntax::pieces;

/// The declarations of a session, in the order in which their names came up first.
#[derive(Clone, Default)]
pub struct Program {
    entries: Vec<Entry>,
    count: usize,
}

/// One declaration as it was written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What messages call it: `input 3`, or a file.
    pub source: String,
    pub kind: String,
    pub name: Option<String>,
    pub text: String,
    /// Where relative paths in it start; the working directory without one.
    pub folder: Option<PathBuf>,
    /// The file that it was loaded from.
    pub file: Option<PathBuf>,
}

impl Program {
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds what a text declares; a declaration of the same name stands in the place of the earlier one. Gives the names that were
    /// there before.
    pub fn declare(&mut self, text: &str) -> Vec<String> {
        self.count += 1;
        let source = format!("input {}", self.count);
        self.add(text, &source, None)
    }

    /// The same with the text of a file. What it declared before and does not any more goes.
    pub fn load(&mut self, path: &Path, text: &str) -> Vec<String> {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.file.as_deref() != Some(path));
        let again = self.entries.len() < before;
        let replaced = self.add(text, &path.display().to_string(), Some(path));
        if again { vec![] } else { replaced }
    }

    fn add(&mut self, text: &str, source: &str, file: Option<&Path>) -> Vec<String> {
        let mut replaced = vec![];
        for piece in pieces(text) {
            let entry = Entry {
                source: source.into(),
                kind: piece.kind.into(),
                name: piece.name.map(String::from),
                text: piece.text.into(),
                folder: file.and_then(|f| f.parent()).map(PathBuf::from),
                file: file.map(PathBuf::from),
            };
            match self.entries.iter_mut().find(|old| old.is_replaced_by(&entry)) {
                Some(old) => {
                    replaced.extend(entry.name.clone());
                    *old = entry;
                }
                None => self.entries.push(entry),
            }
        }
        replaced
    }

    /// The files that were loaded.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = self.entries.iter().filter_map(|entry| entry.file.clone()).collect();
        files.dedup();
        files
    }

    /// Everything, read and checked.
    pub fn session(&self) -> Session {
        Session::from_texts(&self.entries.iter().map(Entry::as_text).collect::<Vec<_>>())
    }
}

impl Entry {
    fn as_text(&self) -> Text<'_> {
        Text { name: &self.source, text: &self.text, folder: self.folder.as_deref() }
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
