//! The names of files that a path could become.

use std::fs::{self, DirEntry};

use super::Completion;

/// What begins like this path, folders with a slash behind them. Hidden files are found by their dot alone.
pub fn complete(path: &str) -> Vec<Completion> {
    let cut = path.rfind('/').map_or(0, |slash| slash + 1);
    let (folder, begin) = path.split_at(cut);
    let entries = fs::read_dir(if folder.is_empty() { "." } else { folder });
    let names = entries.into_iter().flatten().flatten().filter_map(|entry| name(&entry));
    let fitting = names.filter(|name| name.starts_with(begin) && name.starts_with('.') == begin.starts_with('.'));
    let mut found: Vec<_> = fitting.map(|name| Completion::new(format!("{folder}{name}"), "file")).collect();
    found.sort_by(|a, b| a.text.cmp(&b.text));
    found
}

fn name(entry: &DirEntry) -> Option<String> {
    let name = entry.file_name().into_string().ok()?;
    Some(if entry.path().is_dir() { name + "/" } else { name })
}
