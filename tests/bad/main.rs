//! Bad programs, run through the real command. Each says in its first line what is expected:
//!
//! ```text
//! // expect E0302 at 4:46 "positive", E0201 at 5:3 "hidden"; nem train --set "epochs 1"
//! ```
//!
//! Every error in order, each with its place (`nowhere` if it has none) and a piece of what is said; after `;` the
//! command, which is `nem check` when nothing else is said. Where warnings are expected, there is no error, and the
//! command passes. What is printed stands beside the program in a file `.stderr`, which is rewritten when `NEM_BLESS=1`
//! is set.

mod deep;
mod energies;
mod expectation;
mod files;
mod runs;

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use expectation::{Expectation, compare};
use nemlang::diag::codes;

/// The folder of the bad programs, one folder a stage.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad")
}

/// What a command printed and how it ended.
struct Answer {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs `nem` in `folder`.
fn nem(folder: &Path, args: &[&str]) -> Answer {
    let output = Command::cargo_bin("nem").unwrap().current_dir(folder).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("nem prints UTF-8");
    Answer { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Checks that the command failed as a well-made one does, and gives its errors as JSON.
fn refused(answer: &Answer) -> Vec<serde_json::Value> {
    problems(answer, "error")
}

/// The problems of this severity as JSON. The command fails if they are errors, and leaves no trace of its insides.
fn problems(answer: &Answer, severity: &str) -> Vec<serde_json::Value> {
    let all = format!("{}{}", answer.out, answer.err);
    assert_eq!(answer.code, Some(i32::from(severity == "error")), "{all}");
    for leak in LEAKS {
        assert!(!all.contains(leak), "`{leak}` reached the user:\n{all}");
    }
    let lines = answer.err.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")));
    let problems: Vec<serde_json::Value> = lines.collect();
    assert!(problems.iter().all(|p| p["help"].is_string()), "no help:\n{}", answer.err);
    problems.into_iter().filter(|p| p["severity"] == severity).collect()
}

/// Traces of the program's insides that no message may show.
const LEAKS: &[&str] =
    &["panicked", "RUST_BACKTRACE", "Some(", "None)", "Ok(", "Err(", "Expr(", "Span {", "(os error", "#["];

/// The programs of a folder, sorted.
fn programs(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap().map(|e| e.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|p| p.extension().is_some_and(|e| e == "nem")).collect();
    files.sort();
    files
}

/// Runs every program of a folder and compares what is said.
fn stage(folder: &str, least: usize) {
    let programs = programs(folder);
    assert!(programs.len() >= least, "{folder}: {} programs", programs.len());
    let wrong: Vec<String> = programs.iter().filter_map(|path| one(folder, path).err()).collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n\n{}", wrong.len(), programs.len(), wrong.join("\n\n"));
}

fn one(folder: &str, path: &Path) -> Result<(), String> {
    let name = format!("{folder}/{}", path.file_name().unwrap().to_string_lossy());
    let bytes = std::fs::read(path).unwrap();
    let expectation = Expectation::read(&String::from_utf8_lossy(&bytes))
        .ok_or_else(|| format!("{name}: the first line says nothing"))?;
    let out = tempfile::tempdir().unwrap();
    let args = expectation.command(&name, out.path());
    let mut json: Vec<&str> = vec!["--message-format", "json"];
    json.extend(args.iter().map(String::as_str));
    expectation
        .fits(&problems(&nem(&root(), &json), expectation.severity()))
        .map_err(|why| format!("{name}: {why}"))?;
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    compare(&path.with_extension("stderr"), &nem(&root(), &args).err)
}

#[test]
fn every_code_is_shown() {
    let folders = root().read_dir().unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir());
    let files = folders.flat_map(|folder| folder.read_dir().unwrap()).map(|e| e.unwrap().path());
    let texts =
        files.filter(|p| p.extension().is_some_and(|e| e == "stderr")).map(|p| std::fs::read_to_string(p).unwrap());
    let shown: String = texts.collect();
    let missing: Vec<&str> =
        codes::ALL.iter().map(|c| c.id).filter(|id| !shown.contains(&format!("[{id}]: "))).collect();
    assert!(missing.is_empty(), "no file shows {missing:?}");
}

#[test]
fn syntax() {
    stage("syntax", 25);
}

#[test]
fn warnings() {
    stage("warnings", 6);
}

#[test]
fn names() {
    stage("names", 20);
}

#[test]
fn shapes() {
    stage("shapes", 10);
}

#[test]
fn energy() {
    stage("energy", 4);
}

#[test]
fn supports() {
    stage("supports", 15);
}

#[test]
fn data() {
    stage("data", 30);
}

#[test]
fn settings() {
    stage("settings", 30);
}

#[test]
fn derive() {
    stage("derive", 5);
}

#[test]
fn points() {
    stage("points", 13);
}

#[test]
fn verify() {
    stage("verify", 8);
}

#[test]
fn running() {
    stage("running", 8);
}
