//! Who may know whom: every module's `use crate::` lines against the table of ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

type Allowed = BTreeMap<String, BTreeSet<String>>;

/// The rows `| `module` | … | a, b |` of the table; `None` for a module that may use everything.
fn table() -> Allowed {
    let text = std::fs::read_to_string("ARCHITECTURE.md").unwrap();
    let rows = text.lines().filter(|l| l.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let used = cells[3].split(',').map(|m| m.trim().to_string()).collect();
        (cells[1].trim_matches('`').to_string(), used)
    })
    .collect()
}

fn files(under: &Path) -> Vec<PathBuf> {
    if under.is_file() {
        return vec![under.to_path_buf()];
    }
    std::fs::read_dir(under).unwrap().flat_map(|entry| files(&entry.unwrap().path())).collect()
}

/// The modules that a source file names, outside its tests.
fn used(file: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap_or("");
    let code = code.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let names = code.split("crate::").skip(1);
    names
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or("").split(',').map(first_word).collect(),
            None => vec![first_word(rest)],
        })
        .filter(|name| !name.is_empty())
        .collect()
}

fn first_word(text: &str) -> String {
    text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn modules_know_only_whom_they_may() {
    let allowed = table();
    let modules: BTreeSet<String> = allowed.keys().cloned().collect();
    let mut trespasses = vec![];
    for entry in std::fs::read_dir("src").unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_string_lossy().into_owned();
        if ["lib", "main"].contains(&module.as_str()) {
            continue;
        }
        assert!(modules.contains(&module), "`{module}` is not in the table");
        let may = &allowed[&module];
        if may.iter().any(|m| m == "all above" || m.starts_with("session")) {
            continue;
        }
        for file in files(&path) {
            for name in used(&file).difference(may).filter(|n| modules.contains(*n) && **n != module) {
                trespasses.push(format!("{} uses {name}", file.display()));
            }
        }
    }
    assert!(trespasses.is_empty(), "{trespasses:#?}");
}

#[test]
fn the_table_is_read() {
    let allowed = table();
    assert!(allowed["plan"].contains("derive"));
    assert!(allowed["exec"].contains("plan") && !allowed["exec"].contains("expr"));
}
