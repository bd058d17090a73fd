//! The config file and the init file.

use std::fs;
use std::path::Path;

use nemlang::diag::codes;
use nemlang::repl::{Config, read_config};
use nemlang::source::FileId;
use tempfile::tempdir;

use super::nem;

/// The values of a text, and the words of its problems.
fn read(text: &str) -> (Config, Vec<String>) {
    let (config, problems) = read_config(FileId(0), text);
    assert!(problems.iter().all(|p| p.code == codes::USAGE && p.help.is_some() && p.primary.is_some()));
    let said = problems.sorted().iter().map(|p| p.message.clone()).collect();
    (config, said)
}

fn write(home: &Path, name: &str, text: &str) {
    let folder = home.join("config/nem");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), text).unwrap();
}

#[test]
fn a_config_file_sets_what_it_names() {
    let (config, problems) = read("colour = \"never\"\nhistory = 1_000\nedit_mode = \"vi\"\ninit = \"a.nem\"\n");
    assert!(problems.is_empty());
    let shown = format!("{config:?}");
    let expected = "Config { colour: Never, history: 1000, edit_mode: Vi, init: Some(\"a.nem\") }";
    assert_eq!(shown, expected);
    assert_eq!(read(""), (Config::default(), vec![]));
}

#[test]
fn what_is_wrong_is_told_and_what_is_right_holds() {
    let (config, problems) =
        read("color = \"never\"\nhistory = -1\nedit_mode = \"vim\"\ninit = 3\ncolour = \"always\"\n");
    assert_eq!(problems.len(), 4, "{problems:?}");
    assert!(problems[0].contains("no key `color`") && problems[1].contains("`history`"), "{problems:?}");
    assert!(format!("{config:?}").starts_with("Config { colour: Always, history: 10000, edit_mode: Emacs, init: None"));
    assert_eq!(read("colour = = 1").1, ["the config file is not TOML here"]);
}

#[test]
fn nem_starts_with_a_wrong_config_file() {
    let home = tempdir().unwrap();
    write(home.path(), "config.toml", "histroy = 1\n");
    let ended = nem(home.path(), &["-e", ":help quit"], "");
    assert!(ended.well && ended.out.contains("leave"), "{}", ended.out);
    assert!(ended.err.contains("E0901") && ended.err.contains("did you mean `history`?"), "{}", ended.err);
}

#[test]
fn the_init_file_is_entered_in_silence() {
    let home = tempdir().unwrap();
    write(home.path(), "init.nem", ":help\nfn logistic_twice(x) = logistic(logistic(x))\n");
    let ended = nem(home.path(), &["-e", ":help quit"], "");
    assert!(ended.well && ended.err.is_empty() && ended.out.lines().count() >= 1, "{}", ended.err);
    assert!(!ended.out.contains(":help [COMMAND]"), "{}", ended.out);
}

#[test]
fn problems_of_the_init_file_are_told_unless_it_is_left_out() {
    let home = tempdir().unwrap();
    write(home.path(), "other.nem", ":nothing\n");
    write(home.path(), "config.toml", "init = \"other.nem\"\n");
    let ended = nem(home.path(), &["-e", ":help quit"], "");
    assert!(ended.well && ended.err.contains("there is no command `:nothing`"), "{}", ended.err);
    assert_eq!(nem(home.path(), &["--no-init", "-e", ":help quit"], "").err, "");
    fs::remove_file(home.path().join("config/nem/other.nem")).unwrap();
    let ended = nem(home.path(), &["-e", ":help quit"], "");
    assert!(ended.well && ended.err.contains("E0105"), "{}", ended.err);
}
