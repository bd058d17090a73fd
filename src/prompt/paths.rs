//! Paths: what one could become, and those in declarations that move to another folder.

use std::fs::{self, DirEntry};
use std::path::Path;

use super::Completion;
use crate::syntax;

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

/// A declaration of a file in another folder: texts in quotes are paths, which start there.
pub fn moved(text: &str, from: &Path, to: Option<&Path>) -> String {
    let plain = |path: Option<&Path>| path.filter(|p| !p.as_os_str().is_empty()).map(Path::to_path_buf);
    if plain(Some(from)) == plain(to) {
        return text.into();
    }
    let (mut moved, mut at) = (String::new(), 0);
    for (range, _) in syntax::tokens(text) {
        let Some(path) = text[range.clone()].strip_prefix('"').and_then(|path| path.strip_suffix('"')) else {
            continue;
        };
        moved += &format!("{}\"{}\"", &text[at..range.start], from_anywhere(path, from));
        at = range.end;
    }
    moved + &text[at..]
}

/// A path that is there from `from`, from wherever one starts.
fn from_anywhere(path: &str, from: &Path) -> String {
    let joined = from.join(path);
    if !joined.exists() {
        return path.into();
    }
    std::path::absolute(&joined).unwrap_or(joined).display().to_string()
}
