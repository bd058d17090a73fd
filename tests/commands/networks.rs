//! Training at the prompt, and what trained networks say.

use super::*;
use nemlang::train::stop;

fn prompt() -> (Prompt, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut prompt = Prompt { out: folder.path().join("runs"), ..Prompt::default() };
    answered(&mut prompt, &[&ROBUST.replace("abs(y - mu)", "(y - mu)^2"), DATA]);
    answered(&mut prompt, &[MODEL]);
    (prompt, folder)
}

#[test]
fn a_model_is_trained_on_the_only_data_with_the_seed_of_the_session() {
    let _turn = turn();
    let (mut prompt, _folder) = prompt();
    let Told { out, err, shown } = told(&mut prompt, &[":set seed 5", ":train M epochs=3"]);
    assert!(
        err.is_empty() && out.contains("Median over 1 seed after 3 epochs") && out.contains("results: "),
        "{out}{err}"
    );
    assert!(shown[0].contains("of 4 epochs") && shown[0].contains("seed 5"), "{shown:?}");
    assert_eq!(shown.last().map(String::as_str), Some(""), "the picture goes away");
}

#[test]
fn settings_of_a_line_stand_in_the_place_of_those_declared() {
    let _turn = turn();
    let (mut prompt, folder) = prompt();
    let declared =
        "train M on d { epochs 9  seeds 1..2  optimizer sgd(0.01)  noise y += gaussian(0, 0.1)  compare none, nem }";
    let line = ":train M on d batch=5 { seeds 1..3 } epochs=2";
    says(&mut prompt, &[declared, line], &["Median over 3 seeds after 2 epochs", "\nnem "]);
    // The run folder is that of any training, and its program trains the same again.
    let run = folder.path().join("runs/prompt-001");
    let program = std::fs::read_to_string(run.join("program.nem")).unwrap();
    assert!(
        program.contains("epochs 2") && program.contains("seeds 1..3") && !program.contains("epochs 9"),
        "{program}"
    );
    let eval = std::process::Command::new(env!("CARGO_BIN_EXE_nem")).arg("eval").arg(&run).output().unwrap();
    assert!(eval.status.success());
}

#[test]
fn what_cannot_be_trained_is_told() {
    let _turn = turn();
    let (mut prompt, _folder) = prompt();
    refuses(&mut prompt, &[":train N"], "E0201", "there is no model `N`");
    refuses(&mut prompt, &[":train M on e"], "E0201", "no data `e`");
    refuses(&mut prompt, &[":train M epoch=3"], "E0501", "did you mean `epochs`?");
    refuses(&mut prompt, &[":train M blah"], "E0901", "`blah` has no meaning here");
    refuses(&mut prompt, &[":train M { epochs 2"], "E0901", "has no end");
    refuses(&mut prompt, &[":train M noise=\"y += ?\""], "E0206", "student_t(");
    refuses(&mut prompt, &[":train M epochs=0"], "E0502", "whole number");
    refuses(
        &mut prompt,
        &["data e { x: real = linspace(0, 1) take 3  y: real = x }", ":train M"],
        "E0901",
        "which data",
    );
    refuses(&mut Prompt::default(), &[MODEL.replace("robust", "laplace").as_str(), ":train M"], "E0901", "which data");
}

#[test]
fn predictions_are_means_with_the_data_beside_them() {
    let _turn = turn();
    let (mut prompt, _folder) = prompt();
    refuses(&mut prompt, &[":predict M x=1"], "E0901", "has not been trained here");
    refuses(&mut prompt, &[":predict"], "E0901", "no network was trained here");
    refuses(&mut prompt, &[":params"], "E0901", "no network was trained here");
    answered(&mut prompt, &[":train M epochs=2 seeds=1..2"]);
    let rows = answered(&mut prompt, &[":predict M on d rows=3"]);
    assert!(rows.starts_with("mean of y\n") && rows.matches("data: ").count() == 3, "{rows}");
    // The first row of the data is x = 0.
    let first = rows.lines().nth(1).unwrap().split_whitespace().next().unwrap().to_string();
    assert_eq!(answered(&mut prompt, &[":predict M x=0"]).split_whitespace().nth(3), Some(&first[..]));
    assert_ne!(answered(&mut prompt, &[":predict M x=0 seed=2"]).split_whitespace().nth(3), Some(&first[..]));
    refuses(&mut prompt, &[":predict M"], "E0901", "the input `x` needs 1 number");
    refuses(&mut prompt, &[":predict M x=0 seed=9"], "E0901", "arm=none seed=2");
    refuses(&mut prompt, &[":predict M x=0 z=1"], "E0201", "no input `z`");
    refuses(&mut prompt, &[":predict M x=[1, 2]"], "E0301", "needs 1 number, and 2 are given");
    refuses(&mut prompt, &[":predict M x=one"], "E0101", "a number is expected");
    refuses(&mut prompt, &[":predict M on d rows=0"], "E0901", "`rows` is a whole number from 1 to");
    refuses(&mut prompt, &[":predict M d"], "E0901", "`d` has no meaning here");
    refuses(&mut prompt, &[":predict M on"], "E0901", "nothing stands behind `on`");
    refuses(&mut prompt, &[":predict M on d x=1"], "E0901", "and so are the data `d`");
}

#[test]
fn networks_of_earlier_declarations_say_so() {
    let _turn = turn();
    let (mut prompt, _folder) = prompt();
    let half = "fn half(x: real) -> real = x / 2";
    let model = "model H { input x: real  observe y: real ~ gaussian(half(affine(x, 1)), 1) }";
    let other = "fn other(x: real) -> real = x";
    let out = answered(&mut prompt, &[half, model, ":train H epochs=1", other, ":predict H x=1"]);
    assert!(out.starts_with("mean of y"), "{out}");
    says(&mut prompt, &["fn half(x: real) -> real = x / 3", ":predict H x=1"], &["before `H`, or what it rests on"]);
    says(&mut prompt, &[":train H epochs=1", ":params H"], &["H, arm none"]);
}

#[test]
fn networks_that_came_to_nothing_say_so() {
    let _turn = turn();
    let (mut prompt, _folder) = prompt();
    let line = "model L { input x: real  observe y: real ~ gaussian(affine(x, 1), 1) }";
    let trained = told(&mut prompt, &[line, ":train L epochs=20 optimizer=sgd(1e10)"]);
    assert!(trained.out.contains("1 of 1"), "{}{}", trained.out, trained.err);
    says(&mut prompt, &[":params L"], &["this run diverged", "not finite"]);
}

#[test]
fn what_was_learned_is_summed_up_or_shown() {
    let _turn = turn();
    let (mut prompt, _folder) = prompt();
    says(&mut prompt, &[":train M epochs=1", ":params M"], &["M, arm none, seed 1", "  h.W: real[3] ", "  y.b: real "]);
    assert_eq!(answered(&mut prompt, &[":params M h.W"]).split_whitespace().count(), 3);
    refuses(&mut prompt, &[":params M h.V"], "E0201", "did you mean `h.W`?");
}

/// Asks to stop as soon as there is a picture, as Ctrl-C does.
#[derive(Default)]
struct Impatient(Told);

impl Listener for Impatient {
    fn say(&mut self, text: &str) {
        self.0.say(text);
    }

    fn tell(&mut self, text: &str) {
        self.0.tell(text);
    }

    fn show(&mut self, _: &str) {
        stop::request();
    }
}

#[test]
fn a_training_that_is_stopped_keeps_its_networks() {
    let _turn = turn();
    let (mut prompt, _folder) = prompt();
    prompt.threads = 1;
    let mut impatient = Impatient::default();
    prompt.enter(":train M epochs=1000000 seeds=1..2", &mut impatient);
    let Told { out, err, .. } = impatient.0;
    assert!(err.is_empty() && out.starts_with("stopped: the networks are those of the last whole epoch"), "{out}{err}");
    says(&mut prompt, &[":predict M x=1"], &["mean of y"]);
    // The next training is not stopped.
    assert!(!answered(&mut prompt, &[":train M epochs=2"]).contains("stopped"));
}

#[test]
fn what_is_asked_to_stop_says_so() {
    let _turn = turn();
    let (mut prompt, _folder) = prompt();
    stop::request();
    refuses(&mut prompt, &["gaussian(0, 1).draw(1000)"], "E0705", "stopped before there was a result");
    refuses(&mut prompt, &[":verify M"], "E0705", "stopped before there was a result");
    stop::clear();
    says(&mut prompt, &["gaussian(0, 1).draw(2)"], &["["]);
}

#[test]
fn data_that_do_not_fit_a_network_of_an_earlier_session_are_told() {
    let _turn = turn();
    let (mut prompt, _folder) = prompt();
    let several: Vec<String> = (0..8).map(|i| format!("fn f{i}(x: real) -> real = x")).collect();
    several.iter().for_each(|text| drop(answered(&mut prompt, &[text])));
    answered(
        &mut prompt,
        &["model Late { input x: real  observe y: real ~ gaussian(affine(x, 1), 1) }", ":train Late epochs=1"],
    );
    (0..8).for_each(|i| drop(answered(&mut prompt, &[&format!(":clear f{i}")])));
    refuses(
        &mut prompt,
        &["data e { x: real[2] = draw gaussian(0) take 3 }", ":predict Late on e"],
        "E0406",
        "`real[2]` in the data",
    );
}

#[test]
fn a_training_that_nobody_wrote_goes_with_its_model() {
    let _turn = turn();
    let (mut prompt, _folder) = prompt();
    says(&mut prompt, &[":train M epochs=1", ":list"], &["trainings     M"]);
    answered(&mut prompt, &[":clear M"]);
    assert_eq!(answered(&mut prompt, &[":list"]), "likelihoods   robust\ndata          d\n");
}
