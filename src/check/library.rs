//! The standard library by name. A program uses a few declarations of it: each is parsed when it is first asked for.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::source::FileId;
use crate::syntax::ast::Decl;
use crate::syntax::{Outline, outline, parse_outlined};

#[derive(Default)]
pub struct Library {
    files: Vec<FileId>,
    /// In the order of the files.
    entries: Vec<Entry>,
    /// Indices of entries.
    names: BTreeMap<&'static str, usize>,
}

struct Entry {
    file: FileId,
    text: &'static str,
    outline: Outline<'static>,
    decl: OnceCell<Option<Rc<Decl>>>,
}

impl Entry {
    fn decl(&self) -> Option<&Rc<Decl>> {
        let parsed = || parse_outlined(self.file, self.text, &self.outline).map(Rc::new);
        self.decl.get_or_init(parsed).as_ref()
    }
}

impl Library {
    pub fn add(&mut self, file: FileId, text: &'static str) {
        self.files.push(file);
        for outline in outline(text) {
            self.names.insert(outline.name, self.entries.len());
            self.entries.push(Entry { file, text, outline, decl: OnceCell::new() });
        }
    }

    pub fn holds(&self, file: FileId) -> bool {
        self.files.contains(&file)
    }

    pub fn get(&self, name: &str) -> Option<&Rc<Decl>> {
        self.names.get(name).and_then(|at| self.entries[*at].decl())
    }

    /// Every declaration of a kind, as [`Decl::kind`] calls it, or of every kind.
    pub fn decls(&self, kind: Option<&'static str>) -> impl Iterator<Item = &Rc<Decl>> {
        let wanted = move |entry: &&Entry| kind.is_none_or(|kind| entry.outline.kind == kind);
        self.entries.iter().filter(wanted).filter_map(Entry::decl)
    }

    /// The names of all declarations of a kind.
    pub fn names_of(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(move |e| e.outline.kind == kind).map(|e| e.outline.name)
    }
}
