//! What was entered in earlier sessions. It is kept from input to input, so that it outlives whatever happens.

use std::fs;
use std::path::PathBuf;

use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{Editor, Helper};

use super::places;
use crate::diag::{Diagnostic, Severity, codes, paths};

/// The file of the history; none where it cannot be used.
pub struct HistoryFile {
    path: Option<PathBuf>,
}

/// Whether the file could be used. Boxed, because it hardly ever could not.
pub type Kept = Result<(), Box<Diagnostic>>;

impl HistoryFile {
    pub fn new() -> HistoryFile {
        HistoryFile { path: places::history_file() }
    }

    /// Reads what there is. Errors: a warning, after which the file is left alone.
    pub fn load<H: Helper>(&mut self, editor: &mut Editor<H, FileHistory>) -> Kept {
        let Some(path) = &self.path else { return Ok(()) };
        let read = match path.parent().map_or(Ok(()), fs::create_dir_all) {
            Ok(()) if !path.exists() => Ok(()),
            Ok(()) => editor.load_history(path),
            Err(error) => Err(error.into()),
        };
        read.map_err(|error| self.give_up(&error))
    }

    /// Adds an input. Errors: a warning, the first time that the file cannot be written.
    pub fn keep<H: Helper>(&mut self, editor: &mut Editor<H, FileHistory>, text: &str) -> Kept {
        let added = editor.add_history_entry(text.trim_end());
        let Some(path) = &self.path else { return Ok(()) };
        let written = added.and_then(|_| editor.append_history(path));
        written.map_err(|error| self.give_up(&error))
    }

    fn give_up(&mut self, error: &ReadlineError) -> Box<Diagnostic> {
        let path = self.path.take().unwrap_or_default();
        let why = match error {
            ReadlineError::Io(error) => paths::reason(error),
            other => other.to_string(),
        };
        let message = format!("the history `{}` cannot be used: {why}", path.display());
        let warning = Diagnostic::new(codes::USAGE, message).help("what is entered now is not kept for later sessions");
        Box::new(Diagnostic { severity: Severity::Warning, ..warning })
    }
}
