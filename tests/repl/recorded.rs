//! A whole session in a terminal: every command, every kind of error, a redefinition, and a training that is interrupted.

use std::process::Command;

use tempfile::tempdir;

use super::terminal::{ENTER, NEM, TAB, ends, leave, press, spawn};

/// What is entered, and what the answer holds.
const SESSION: &[(&str, &str)] = &[
    (":help", ":quit"),
    (":set seed 3", "seed 3"),
    (
        "likelihood robust(mu: real, b: positive = 1) over y: real { log_density = -abs(y - mu) / b - ln(2 * b)  mean = mu }",
        "(interval)",
    ),
    (":info robust", "input 1"),
    (":list", "likelihoods   robust"),
    (":derive robust at y=2 mu=0 b=1 n=-1", "inside          yes"),
    (":region robust at y=2 mu=0 b=1", "n helps"),
    (":noise robust at y=2 mu=0 b=1 from gaussian(0, 1)", "proposals used"),
    (":verify robust", "density integrates to 1"),
    ("robust(0, 1).log_density(2)", "-2.69315"),
    ("ans * 2", "-5.38629"),
    ("draw gaussian(0, 1)", "draw"),
    ("data d { x: real = linspace(0, 1) take 20  y: real = 2 * x }", "data d: x: real, y: real"),
    ("model M { input x: real  observe y: real ~ robust(affine(x, 1)) }", "y ~ robust"),
    (":shapes M", "y.W: real"),
    // What is wrong in each stage: text, names, types, calls, settings, numbers, files, commands.
    ("model { input }", "E0101"),
    ("model K { input x: rael  observe y: real ~ gaussian(affine(x, 1), 1) }", "E0204"),
    ("model K { input x: real  param s: real = 1  observe y: real ~ gaussian(affine(x, 1), s) }", "E0302"),
    ("logistic(1, 2)", "E0303"),
    ("ln(-1)", "E0703"),
    ("model K { input x: real  observe y: real ~ ? }", "E0206"),
    (":train M epochs=0", "E0502"),
    (":load nothing.nem", "E0105"),
    (":derive robst", "did you mean `robust`?"),
    (":trian M", "did you mean `train`?"),
    // Another of the same name, and what it does to the model.
    (
        "likelihood robust(mu: real, b: positive, c: real) over y: real { log_density = -abs(y - mu) / b - ln(2 * b) + c - c  mean = mu }",
        "E0303",
    ),
    ("model M { input x: real  observe y: real ~ robust(affine(x, 1), 1, 0) }", "y ~ robust"),
    (":train M epochs=3", "Median over 1 seed after 3 epochs"),
    (":predict M x=0.5", "mean of y"),
    (":params M", "y.W: real"),
    (":save mine.nem", "mine.nem: 4 declarations"),
    (":time :list layers", "affine"),
    (":clear all", "all"),
    (":load mine.nem", "train M"),
    (":reload", "mine.nem: "),
    (":clear robust", "E0201"),
    (":tour", "Tutorial"),
    (":tour 1", "A likelihood"),
    (":tour try", "mean        = mu"),
];

#[test]
fn every_command_and_every_kind_of_error_answers_in_a_terminal() {
    let home = tempdir().unwrap();
    let mut command = Command::new(NEM);
    command.current_dir(home.path());
    let mut session = spawn(command, home.path());
    for (input, wanted) in SESSION {
        session.exp_string("nem> ").unwrap();
        press(&mut session, &[input, ENTER]);
        session.exp_string(wanted).unwrap_or_else(|e| panic!("{input}: {e}"));
    }
    // A file that is there is completed.
    press(&mut session, &[":load mi", TAB, ENTER]);
    session.exp_string("mine.nem: likelihood robust").unwrap();
    press(&mut session, &[":quit", ENTER]);
    session.exp_eof().unwrap();
}

#[test]
fn ctrl_c_stops_a_training_and_keeps_the_network() {
    let home = tempdir().unwrap();
    let mut command = Command::new(NEM);
    command.current_dir(home.path());
    let mut session = spawn(command, home.path());
    press(&mut session, &["data d { x: real = linspace(0, 1) take 20  y: real = 2 * x }", ENTER]);
    press(&mut session, &["model M { input x: real  observe y: real ~ gaussian(affine(x, 1), 1) }", ENTER]);
    press(&mut session, &[":train M epochs=100000000", ENTER]);
    session.exp_string("Ctrl-C stops").unwrap();
    session.send_control('c').unwrap();
    session.exp_string("stopped: the networks are those of the last whole epoch").unwrap();
    press(&mut session, &[":predict M x=0.5", ENTER]);
    session.exp_string("mean of y").unwrap();
    leave(session);
}

#[test]
fn ctrl_c_ends_nem_train_early_with_its_results() {
    let home = tempdir().unwrap();
    let program = "data d { x: real = linspace(0, 1) take 20  y: real = 2 * x }
model M { input x: real  observe y: real ~ gaussian(affine(x, 1), 1) }
train M on d { epochs 100000000 }
train M on d { epochs 1  batch 5 }";
    std::fs::write(home.path().join("a.nem"), program).unwrap();
    let mut command = Command::new(NEM);
    command.args(["train", "a.nem"]).current_dir(home.path());
    let mut session = spawn(command, home.path());
    session.exp_string("epoch").unwrap();
    session.send_control('c').unwrap();
    session.exp_string("stopped: the networks are those of the last whole epoch").unwrap();
    session.exp_string("results: runs/a-001").unwrap();
    ends(session, 130);
    assert!(home.path().join("runs/a-001/results.json").exists() && !home.path().join("runs/a-002").exists());
}
