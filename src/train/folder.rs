//! Folders for results: `runs/digits-001`, `runs/digits-002`, …, and files that are either whole or not there.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use crate::diag::{Diagnostic, Problems, codes, paths};

/// Makes the next folder `name-001`, `name-002`, … inside `root` (made too, if it is not there).
///
/// Two processes that ask at once get different folders: `create_dir` makes a folder or fails, in one step.
///
/// # Errors
/// E0801 when `root` or the folder cannot be made.
pub fn create_run_folder(root: &Path, name: &str) -> Result<PathBuf, Problems> {
    fs::create_dir_all(root).map_err(|e| cannot("make the folder", root, &e))?;
    let name = plain(name);
    let mut number = last_number(root, &name).map_err(|e| cannot("read the folder", root, &e))? + 1;
    loop {
        let folder = root.join(format!("{name}-{number:03}"));
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => number += 1,
            Err(e) => return Err(cannot("make the folder", &folder, &e)),
        }
    }
}

/// Writes the file whole or not at all: into a temporary file beside it, to the disk, then renamed. A file of that name
/// is replaced.
///
/// # Errors
/// E0801 when the file cannot be written; a file that was there before is then untouched.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), Problems> {
    let temporary = beside(path);
    write_and_rename(&temporary, path, bytes).map_err(|e| {
        // Nothing more can be done when the removal fails too, and the first error is the one to tell.
        let _ = fs::remove_file(&temporary);
        cannot("write", path, &e)
    })
}

fn write_and_rename(temporary: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(temporary, path)?;
    sync_folder(path)
}

/// On Unix a rename reaches the disk only with its folder.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent().filter(|p| cfg!(unix) && !p.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// A name in the same folder that no other process or thread uses.
fn beside(path: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    path.with_file_name(format!(".{name}.{}-{count}.tmp", std::process::id()))
}

fn last_number(root: &Path, name: &str) -> io::Result<u32> {
    let mut last = 0;
    for entry in fs::read_dir(root)? {
        let found = entry?.file_name();
        let number = found.to_str().and_then(|f| f.strip_prefix(name)?.strip_prefix('-')?.parse().ok());
        last = last.max(number.unwrap_or(0));
    }
    Ok(last)
}

/// A name without what a file system could take for something else.
fn plain(name: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || c == '_' || c == '-' { c } else { '_' };
    if name.is_empty() { "run".into() } else { name.chars().map(safe).collect() }
}

/// E0801 for a failed `action` (such as `write`) on `path`, with the remedy that fits the cause.
pub fn cannot(action: &str, path: &Path, error: &io::Error) -> Problems {
    Diagnostic::new(codes::RUN_FOLDER, format!("cannot {action} `{}`: {}", path.display(), paths::reason(error)))
        .help(remedy(action, error.kind()))
        .into()
}

fn remedy(action: &str, kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "free some space on that disk, or choose a folder on another one"
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "choose a folder that you may write to",
        ErrorKind::NotFound if action == "write" => "its folder is not there: make it, or choose another",
        ErrorKind::NotFound => "check the path; `nem train` lists the files it wrote at its end",
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "a file stands where a folder is needed: move it, or choose another folder"
        }
        _ => "check the path and the disk, or choose another folder",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn only<T: std::fmt::Debug>(result: Result<T, Problems>) -> Diagnostic {
        result.unwrap_err().iter().next().unwrap().clone()
    }

    fn names(folder: &Path) -> BTreeSet<String> {
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn numbers_go_on_after_the_highest_even_past_a_gap() {
        let root = tempfile::tempdir().unwrap();
        for taken in ["digits-001", "digits-041", "digits-old", "other-100"] {
            fs::create_dir(root.path().join(taken)).unwrap();
        }
        let made = create_run_folder(root.path(), "digits").unwrap();
        assert_eq!(made, root.path().join("digits-042"));
        assert_eq!(create_run_folder(root.path(), "../a b").unwrap(), root.path().join("___a_b-001"));
    }

    #[test]
    fn folders_made_at_once_are_different() {
        let root = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            (0..8).for_each(|_| {
                scope.spawn(|| (0..10).for_each(|_| drop(create_run_folder(root.path(), "run").unwrap())));
            });
        });
        assert_eq!(names(root.path()).len(), 80);
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("results.json");
        write_atomically(&path, b"old").unwrap();
        write_atomically(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(root.path()).len(), 1);
    }

    #[test]
    fn a_failed_write_leaves_no_temporary_file_and_says_what_to_do() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("results.json");
        fs::create_dir(&path).unwrap();
        let told = only(write_atomically(&path, b"new"));
        assert_eq!(told.code, codes::RUN_FOLDER);
        assert!(told.message.contains("results.json") && told.help.is_some(), "{told:?}");
        assert_eq!(names(root.path()), BTreeSet::from(["results.json".to_string()]));
    }

    #[test]
    fn a_file_in_the_way_of_a_folder_is_told() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("runs");
        fs::write(&file, "").unwrap();
        let told = only(create_run_folder(&file, "digits"));
        assert!(told.help.unwrap().contains("a file stands where a folder is needed"));
    }

    #[test]
    fn a_full_and_a_read_only_disk_have_their_own_remedies() {
        assert!(remedy("write", ErrorKind::StorageFull).starts_with("free some space"));
        assert!(remedy("write", ErrorKind::ReadOnlyFilesystem).contains("may write to"));
    }
}
