//! What to say of a path that cannot be read: why, and what stands there instead.

use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::{Diagnostic, codes, did_you_mean};

/// How many names of a folder a message lists.
const LISTED: usize = 6;

/// The text of a program. Errors: `CANNOT_READ`, `NOT_TEXT`.
pub fn read_program(path: &Path) -> Result<String, Diagnostic> {
    let bytes = std::fs::read(path).map_err(|error| {
        let (why, help) = unreadable(path, &error);
        Diagnostic::new(codes::CANNOT_READ, format!("`{}` {why}", path.display())).help(help)
    })?;
    String::from_utf8(bytes).map_err(|_| {
        Diagnostic::new(codes::NOT_TEXT, format!("`{}` is not text", path.display()))
            .help("programs are UTF-8 text; was another file meant?")
    })
}

/// Why a file cannot be read, as the rest of a sentence that begins with its name, and the remedy.
pub fn unreadable(path: &Path, error: &io::Error) -> (String, String) {
    match error.kind() {
        ErrorKind::NotFound => ("does not exist".to_string(), similar_path(path)),
        ErrorKind::IsADirectory => ("is a folder".to_string(), contents(path, "")),
        _ => (format!("cannot be read: {}", reason(error)), "check that the file may be read".to_string()),
    }
}

/// What the system says, without the number it has for it.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_lowercase(),
        None => text,
    }
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

/// The whole path, from the root.
pub fn absolute(path: &Path) -> PathBuf {
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
pub fn listing(names: &[String], wanted: &str) -> String {
    let agree = |name: &str| name.chars().zip(wanted.chars()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_by_key(|name| std::cmp::Reverse(agree(name)));
    let left = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    let shown = names.join(", ");
    if left == 0 { shown } else { format!("{shown} and {left} more") }
}
