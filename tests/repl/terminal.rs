//! A person at a terminal, which is played by a pseudo-terminal.

use std::fs;
use std::path::Path;
use std::process::Command;

use rexpect::session::{PtySession, spawn_command};
use tempfile::{TempDir, tempdir};

pub const NEM: &str = env!("CARGO_BIN_EXE_nem");
const PATIENCE_MS: u64 = 20_000;
pub const TAB: &str = "\t";
pub const ENTER: &str = "\r";
const UP: &str = "\x1b[A";

/// A command in a terminal, with the folders of its files below `home`.
pub fn spawn(mut command: Command, home: &Path) -> PtySession {
    command.env("XDG_CONFIG_HOME", home.join("config")).env("XDG_STATE_HOME", home.join("state"));
    command.env("TERM", "xterm").env("NO_COLOR", "1");
    spawn_command(command, Some(PATIENCE_MS)).unwrap()
}

/// `nem` at its first prompt.
fn open(home: &Path) -> PtySession {
    let mut session = spawn(Command::new(NEM), home);
    session.exp_string(":help for help").unwrap();
    session.exp_string("nem> ").unwrap();
    session
}

/// Presses keys.
pub fn press(session: &mut PtySession, keys: &[&str]) {
    for key in keys {
        session.send(key).unwrap();
    }
    session.flush().unwrap();
}

/// Leaves, and checks that all ended well.
pub fn leave(mut session: PtySession) {
    session.send_control('d').unwrap();
    ends(session, 0);
}

/// Checks that the session ends with this status.
pub fn ends(mut session: PtySession, status: i32) {
    session.exp_eof().unwrap();
    let ended = format!("{:?}", session.process().wait().unwrap());
    assert!(ended.starts_with("Exited") && ended.ends_with(&format!(", {status})")), "{ended}");
}

/// Sends the signal that Ctrl-C is while an answer is worked out.
fn interrupt(process: &str) {
    assert!(Command::new("kill").args(["-INT", process]).status().unwrap().success());
}

fn history(home: &TempDir) -> String {
    fs::read_to_string(home.path().join("state/nem/history")).unwrap()
}

#[test]
fn a_likelihood_is_written_over_several_lines_with_the_help_of_tab() {
    let home = tempdir().unwrap();
    let mut session = open(home.path());
    press(&mut session, &["likelihood mine(", "\\mu", TAB, ": real) over y: real {", ENTER]);
    press(&mut session, &["log_d", TAB, "-abs(y - μ) - ln(2)", ENTER, ENTER, "}", ENTER]);
    press(&mut session, &[":help quit", ENTER]);
    session.exp_string("leave; Ctrl-D").unwrap();
    leave(session);
    let kept = "likelihood mine(μ: real) over y: real {\\n    log_density = -abs(y - μ) - ln(2)\\n";
    assert!(history(&home).contains(kept), "{}", history(&home));
}

#[test]
fn what_is_pasted_is_entered_input_by_input() {
    let home = tempdir().unwrap();
    let mut session = open(home.path());
    press(&mut session, &["\x1b[200~fn f(x) =\r    x\r:help quit\r\x1b[201~", ENTER]);
    session.exp_string("leave; Ctrl-D").unwrap();
    leave(session);
}

#[test]
fn history_outlives_the_session() {
    let home = tempdir().unwrap();
    let mut first = open(home.path());
    press(&mut first, &[":help quit", ENTER]);
    first.exp_string("leave; Ctrl-D").unwrap();
    // Killed, as if it had crashed.
    drop(first);
    let mut second = open(home.path());
    press(&mut second, &[UP, ENTER]);
    second.exp_string("leave; Ctrl-D").unwrap();
    leave(second);
    assert_eq!(history(&home).matches(":help quit").count(), 1, "the same input again is kept once");
}

#[test]
fn earlier_inputs_are_searched() {
    let home = tempdir().unwrap();
    let mut session = open(home.path());
    press(&mut session, &[":help quit", ENTER, "1 + 1", ENTER]);
    session.exp_string("leave; Ctrl-D").unwrap();
    session.exp_string("2").unwrap();
    press(&mut session, &["\x12", "qui", ENTER]);
    session.exp_string("leave; Ctrl-D").unwrap();
    leave(session);
}

#[test]
fn lines_are_edited_as_in_vi_where_the_config_file_says_so() {
    let home = tempdir().unwrap();
    fs::create_dir_all(home.path().join("config/nem")).unwrap();
    fs::write(home.path().join("config/nem/config.toml"), "edit_mode = \"vi\"\n").unwrap();
    let mut session = open(home.path());
    // To the first letter, and inserting there.
    press(&mut session, &["help quit", "\x1b", "0", "i", ":", ENTER]);
    session.exp_string("leave; Ctrl-D").unwrap();
    leave(session);
}

#[test]
fn ctrl_c_abandons_what_is_written() {
    let home = tempdir().unwrap();
    let mut session = open(home.path());
    press(&mut session, &["model Half {", ENTER, "input x"]);
    session.exp_string("input x").unwrap();
    session.send_control('c').unwrap();
    session.exp_string("nem> ").unwrap();
    press(&mut session, &[":quit", ENTER]);
    ends(session, 0);
    assert!(!history(&home).contains("Half"));
}

#[test]
fn the_second_interrupt_of_an_answer_leaves() {
    let home = tempdir().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", "echo process $$; exec \"$0\"", NEM]);
    let mut session = spawn(shell, home.path());
    session.exp_string("process ").unwrap();
    let process = session.read_line().unwrap();
    session.exp_string("nem> ").unwrap();
    for _ in 0..2 {
        interrupt(&process);
        session.exp_string("Ctrl-C again leaves").unwrap();
        // The next answer begins with nothing interrupted.
        press(&mut session, &[":help quit", ENTER]);
        session.exp_string("leave; Ctrl-D").unwrap();
    }
    interrupt(&process);
    session.exp_string("Ctrl-C again leaves").unwrap();
    interrupt(&process);
    ends(session, 130);
}

#[test]
fn a_history_that_cannot_be_written_is_a_warning() {
    let home = tempdir().unwrap();
    fs::write(home.path().join("state"), "not a folder").unwrap();
    let mut session = spawn(Command::new(NEM), home.path());
    session.exp_string("warning").unwrap();
    session.exp_string("nem> ").unwrap();
    leave(session);
}
