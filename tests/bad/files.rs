//! Paths and options on the command line that lead nowhere.

use super::{expectation::compare, nem, refused, root};

/// The command fails with these codes, each time with help.
fn fails(args: &[&str], codes: &[&str]) {
    let json: Vec<&str> = ["--message-format", "json"].iter().chain(args).copied().collect();
    let errors = refused(&nem(&root(), &json));
    let found: Vec<&str> = errors.iter().map(|e| e["code"].as_str().unwrap()).collect();
    assert_eq!(found, codes, "{args:?}: {errors:?}");
}

#[test]
fn programs_that_are_not_there_are_told_by_every_command() {
    for command in ["check", "derive", "train", "fmt"] {
        fails(&[command, "syntax/no_such_program.nem"], &["E0105"]);
        fails(&[command, "syntax"], &["E0105"]);
    }
    fails(&["inspect", "--stage", "model", "syntax/no_such_program.nem"], &["E0105"]);
}

#[test]
fn a_slip_in_a_path_is_recognised() {
    let answer = nem(&root(), &["check", "syntax/semicolon.nem"]);
    compare(&root().join("slip_in_a_path.stderr"), &answer.err).unwrap();
}

#[test]
fn a_folder_for_runs_that_cannot_be_made_is_told_before_training() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("runs");
    std::fs::write(&file, "").unwrap();
    let out = file.display().to_string();
    let program = root().join("../../examples/sine.nem").display().to_string();
    let began = std::time::Instant::now();
    fails(&["train", &program, "--quiet", "--set", "epochs 100000", "--out", &out], &["E0801"]);
    assert!(began.elapsed().as_secs() < 20, "training came first");
}
