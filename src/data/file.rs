//! Opening data files: plain or gzipped, whatever the name says, and what to say when that fails.

use std::ffi::OsStr;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufReader, Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::diag::{Code, Diagnostic, codes, did_you_mean};
use crate::source::Span;

/// The most numbers one file may hold: 8 GiB as `f64`. A file that claims or unpacks to more is refused, because
/// running out of memory ends the program without a word.
pub(super) const MOST_VALUES: usize = 1 << 30;

/// The first two bytes of a gzip member (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What stands under the place in the program that names the file.
pub(super) const READ_HERE: &str = "read here";

/// How many names of a folder a message lists.
const LISTED: usize = 6;

/// A data file and the place in the program that names it.
#[derive(Clone, Copy)]
pub(super) struct DataFile<'a> {
    pub path: &'a Path,
    pub place: Span,
}

impl DataFile<'_> {
    /// Its bytes, unpacked as they are read.
    ///
    /// Errors: E0401 when the file cannot be opened.
    pub fn open(self) -> Result<Box<dyn Read>, Diagnostic> {
        reader(self.path).map_err(|error| self.cannot_read(&error))
    }

    /// A diagnostic that begins with the file's name.
    pub fn error(self, code: Code, what: impl Display) -> Diagnostic {
        Diagnostic::new(code, format!("`{}` {what}", self.path.display())).at(self.place, READ_HERE)
    }

    /// What an error while reading means: the packing is cut off or damaged, or the disk failed.
    pub fn failed(self, error: &io::Error) -> Diagnostic {
        match error.kind() {
            ErrorKind::UnexpectedEof => self
                .error(codes::DATA_TRUNCATED, "ends inside its gzip packing")
                .help("the file was probably not copied whole: fetch it again"),
            ErrorKind::InvalidData | ErrorKind::InvalidInput => self
                .error(codes::DATA_FORMAT, format!("has a damaged gzip packing: {error}"))
                .help("fetch the file again; `gzip -t` tells whether it is sound"),
            _ => self.cannot_read(error),
        }
    }

    fn cannot_read(self, error: &io::Error) -> Diagnostic {
        let (why, help) = match error.kind() {
            ErrorKind::NotFound => ("does not exist".to_string(), similar_path(self.path)),
            ErrorKind::IsADirectory => ("is a folder".to_string(), contents(self.path, "")),
            _ => (format!("cannot be read: {error}"), "check that the file may be read".to_string()),
        };
        let error = self.error(codes::DATA_MISSING, why).help(help);
        if self.path.is_absolute() {
            error
        } else {
            error.note(format!("looked for {}", absolute(self.path).display()))
        }
    }
}

fn reader(path: &Path) -> io::Result<Box<dyn Read>> {
    let mut file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    let mut head = vec![];
    file.by_ref().take(2).read_to_end(&mut head)?;
    let gzipped = head == GZIP;
    let whole = BufReader::new(Cursor::new(head).chain(file));
    Ok(if gzipped { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) })
}

/// Help for a path that leads nowhere: what stands beside its first part that does not exist.
fn similar_path(path: &Path) -> String {
    let whole = absolute(path);
    let missing = whole.ancestors().take_while(|p| !p.exists()).last().unwrap_or(&whole);
    let folder = missing.parent().unwrap_or(missing);
    let name = missing.file_name().unwrap_or_default().to_string_lossy();
    let names = names_in(folder);
    match did_you_mean(&name, names.iter().map(String::as_str)) {
        Some(close) => format!("did you mean `{}`?", renamed(path, missing, close).display()),
        None => contents(folder, &name),
    }
}

/// What a folder holds, the names most like `wanted` first.
fn contents(folder: &Path, wanted: &str) -> String {
    match names_in(folder) {
        names if names.is_empty() => format!("the folder {} is empty", folder.display()),
        names => format!("the folder {} holds {}", folder.display(), listing(&names, wanted)),
    }
}

/// `path` as the user wrote it, with the part that is `missing` renamed.
fn renamed(path: &Path, missing: &Path, name: &str) -> PathBuf {
    let below = absolute(path).components().count() - missing.components().count();
    let parts: Vec<_> = path.components().collect();
    let at = parts.len().saturating_sub(below + 1);
    parts.iter().enumerate().map(|(i, part)| if i == at { OsStr::new(name) } else { part.as_os_str() }).collect()
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// The names in a folder, sorted, but for hidden ones; none when it cannot be read.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|e| e.file_name().into_string().ok()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    names
}

/// A few of `names`, those most like `wanted` first, judged by how long they agree from the start.
pub(super) fn listing(names: &[String], wanted: &str) -> String {
    let agree = |name: &str| name.chars().zip(wanted.chars()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_by_key(|name| std::cmp::Reverse(agree(name)));
    let left = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    let shown = names.join(", ");
    if left == 0 { shown } else { format!("{shown} and {left} more") }
}
