//! Scripts at standard input, and single inputs on the command line.

use tempfile::tempdir;

use super::nem;

const FUNCTION: &str = "/// Twice as much.\nfn twice(x) =\n    2 * x\n";

/// The commands that were explained.
fn commands(out: &str) -> Vec<&str> {
    out.lines().filter(|line| line.starts_with(':')).filter_map(|line| line.split_whitespace().next()).collect()
}

#[test]
fn a_script_is_entered_input_by_input() {
    let home = tempdir().unwrap();
    let ended = nem(home.path(), &[], &format!("{FUNCTION}// nothing\n:help quit\n\n:help help\n"));
    assert!(ended.well, "{}", ended.err);
    assert_eq!(commands(&ended.out), [":quit", ":help"]);
    assert!(!ended.out.contains("nem>") && !ended.out.contains('\x1b'), "{}", ended.out);
}

#[test]
fn problems_go_to_standard_error_and_the_rest_goes_on() {
    let home = tempdir().unwrap();
    let ended = nem(home.path(), &[], "fn f(x) = y +* 1\n:nothing\n:help quit\n");
    assert!(!ended.well);
    assert!(ended.err.contains("E0101") && ended.err.contains("there is no command `:nothing`"), "{}", ended.err);
    assert!(ended.out.contains("leave"), "{}", ended.out);
}

#[test]
fn problems_are_told_as_json_where_that_is_asked_for() {
    let home = tempdir().unwrap();
    let ended = nem(home.path(), &["--message-format", "json"], "fn f(x) = y * x\n:nothing\n");
    let codes = ended.err.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["code"].clone());
    assert_eq!(codes.collect::<Vec<_>>(), ["E0201", "E0901"], "{}", ended.err);
}

#[test]
fn problems_of_a_script_name_its_lines() {
    let home = tempdir().unwrap();
    let ended = nem(home.path(), &[], "1 + 1\n\n2 + zz\nmodel M {\n  a = 1\n}\n:nothing\n");
    for place in ["script, line 3:1:5", "script, line 4:1:7", "in script, line 7"] {
        assert!(ended.err.contains(place), "{place}\n{}", ended.err);
    }
}

#[test]
fn warnings_are_no_failure() {
    let home = tempdir().unwrap();
    let unused = "model M { input x: real\n input z: real\n observe y: real ~ gaussian(x, 1) }\n";
    let ended = nem(home.path(), &[], unused);
    assert!(ended.well && ended.err.contains("W0201"), "{}", ended.err);
}

#[test]
fn what_is_unfinished_at_the_end_is_entered() {
    let home = tempdir().unwrap();
    let ended = nem(home.path(), &[], "model M {\n");
    assert!(!ended.well && ended.err.contains("never closed"), "{}", ended.err);
}

#[test]
fn a_script_ends_where_it_says_so() {
    let home = tempdir().unwrap();
    let ended = nem(home.path(), &[], ":quit\n:nothing\n");
    assert!(ended.well && ended.err.is_empty(), "{}", ended.err);
}

#[test]
fn a_script_that_is_no_text_is_refused() {
    let home = tempdir().unwrap();
    let mut command = assert_cmd::Command::cargo_bin("nem").unwrap();
    command.env("XDG_CONFIG_HOME", home.path()).write_stdin(vec![0xff, 0xfe, b'\n']);
    command.assert().failure().code(1);
}

#[test]
fn inputs_of_the_command_line_are_answered_in_turn() {
    let home = tempdir().unwrap();
    let ended = nem(home.path(), &["-e", ":help quit", "--eval", ":help help"], "");
    assert!(ended.well && commands(&ended.out) == [":quit", ":help"], "{}", ended.out);
    assert!(!nem(home.path(), &["-e", "1 +"], "").well);
    assert!(!nem(home.path(), &["-e", "f("], "").well);
    assert!(nem(home.path(), &["-e", "-1"], "").well, "an input may begin like an option");
}

#[test]
fn inputs_do_not_go_with_a_command() {
    let home = tempdir().unwrap();
    let ended = nem(home.path(), &["-e", "1", "check", "a.nem"], "");
    assert!(!ended.well && ended.err.contains("E0901"), "{}", ended.err);
    assert!(nem(home.path(), &["--help"], "").out.contains("--eval"));
}
