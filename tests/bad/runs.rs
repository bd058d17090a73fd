//! Run folders that are damaged, incomplete, or asked for what they do not hold.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{expectation::compare, nem, refused, root};

const PROGRAM: &str = "\
data waves {
    x: real = linspace(0, 6) take 20
    y: real = sin(x)
}

data short {
    t: real = linspace(0, 6) take 20
}

model Sine(hidden = 3) {
    input x: real
    h ~ bernoulli(logistic(affine(x, hidden)))
    observe y: real ~ gaussian(affine(h, 1), 1)
}

train Sine on waves {
    epochs 1
    seeds 4..5
}
";

/// A folder with a program and one finished run of it, `runs/sine-001`.
fn finished() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sine.nem"), PROGRAM).unwrap();
    let answer = nem(folder.path(), &["train", "sine.nem", "--quiet"]);
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    folder
}

/// Evaluates the run with more arguments; the code and all that is said of the first error.
fn eval(folder: &Path, args: &[&str]) -> (String, String) {
    let mut all = vec!["--message-format", "json", "eval", "runs/sine-001"];
    all.extend(args);
    let answer = nem(folder, &all);
    let errors = refused(&answer);
    assert!(answer.out.is_empty() || !args.contains(&"--arm"), "half an answer: {}", answer.out);
    (errors[0]["code"].as_str().unwrap().to_string(), errors[0].to_string())
}

/// What is printed of a run that cannot be used stands in a file of the folder `runs`.
fn printed(folder: &Path, file: &str) {
    compare(&root().join("runs").join(file), &nem(folder, &["eval", "runs/sine-001"]).err).unwrap();
}

fn expect(found: (String, String), code: &str, words: &[&str]) {
    assert_eq!(found.0, code, "{}", found.1);
    assert!(words.iter().all(|w| found.1.contains(w)), "{words:?} in {}", found.1);
}

fn run_file(folder: &Path, name: &str) -> PathBuf {
    folder.join("runs/sine-001").join(name)
}

#[test]
fn what_a_run_does_not_hold_is_told_with_what_it_holds() {
    let folder = finished();
    expect(eval(folder.path(), &["--arm", "nem"]), "E0901", &["nem", "none"]);
    expect(eval(folder.path(), &["--seed", "3"]), "E0901", &["3", "4, 5"]);
    expect(eval(folder.path(), &["--on", "wave"]), "E0201", &["did you mean `waves`"]);
    expect(eval(folder.path(), &["--on", "short"]), "E0406", &["no column `x`"]);
}

#[test]
fn a_run_that_kept_nothing_on_the_way_cannot_be_audited() {
    let folder = finished();
    let answer = nem(folder.path(), &["audit", "runs/sine-001"]);
    assert_eq!((answer.code, answer.out.as_str()), (Some(1), ""));
    compare(&root().join("runs/nothing_kept.stderr"), &answer.err).unwrap();
}

#[test]
fn an_audit_afterwards_finds_what_the_one_at_the_end_of_training_found() {
    let folder = finished();
    let args = ["--set", "audit 2", "--set", "epochs 4", "--set", "compare none, blind", "--set"];
    let noise = "noise y += gaussian(0, 0.3) noise h += gaussian(0, 0.1)";
    let answer = nem(folder.path(), &[&["train", "sine.nem", "--quiet"], &args[..], &[noise]].concat());
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    let files = ["audit.json", "audit.svg"].map(|name| folder.path().join("runs/sine-002").join(name));
    let first = files.each_ref().map(|file| std::fs::read_to_string(file).unwrap());
    files.iter().for_each(|file| std::fs::remove_file(file).unwrap());
    let again = nem(folder.path(), &["audit", "runs/sine-002"]);
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert_eq!(first, files.each_ref().map(|file| std::fs::read_to_string(file).unwrap()));
    let report = again.out.trim_end();
    assert!(answer.out.contains(report), "{report}\nis not in\n{}", answer.out);
}

#[test]
fn folders_that_are_no_runs_are_told() {
    let folder = finished();
    for (path, words) in [("runs", "does not exist"), ("nowhere", "does not exist"), ("sine.nem", "nem train")] {
        let errors = refused(&nem(folder.path(), &["--message-format", "json", "eval", path]));
        assert_eq!(errors[0]["code"], "E0801");
        assert!(errors[0].to_string().contains(words), "{errors:?}");
    }
}

#[test]
fn damaged_files_of_a_run_are_told() {
    let folder = finished();
    let parameters = run_file(folder.path(), "none-4.safetensors");
    let whole = std::fs::read(&parameters).unwrap();
    for damaged in [&whole[..whole.len() - 7], &whole[..4], &b"not parameters at all, but a text"[..]] {
        std::fs::write(&parameters, damaged).unwrap();
        expect(eval(folder.path(), &[]), "E0801", &["none-4.safetensors", "train again"]);
    }
    printed(folder.path(), "damaged.stderr");
    std::fs::remove_file(&parameters).unwrap();
    expect(eval(folder.path(), &[]), "E0801", &["none-4.safetensors"]);

    let results = run_file(folder.path(), "results.json");
    let text = std::fs::read_to_string(&results).unwrap();
    for damaged in [&text[..text.len() / 2], "", "[]", "{\"schema\": \"nem-results/99\"}"] {
        std::fs::write(&results, damaged).unwrap();
        expect(eval(folder.path(), &[]), "E0801", &["results.json"]);
    }
}

#[test]
fn parameters_of_other_shapes_are_told_one_by_one() {
    let folder = finished();
    let results = run_file(folder.path(), "results.json");
    let text = std::fs::read_to_string(&results).unwrap();
    assert!(text.contains("\"hidden\": 3"));
    std::fs::write(&results, text.replace("\"hidden\": 3", "\"hidden\": 4")).unwrap();
    expect(eval(folder.path(), &[]), "E0802", &["`h.W` is 1 × 3, and the program needs 1 × 4", "`y.W` is 3 × 1"]);
    printed(folder.path(), "other_shapes.stderr");
    std::fs::write(&results, text.replace("\"hidden\": 3", "\"width\": 3")).unwrap();
    expect(eval(folder.path(), &[]), "E0303", &["no size `width`"]);
}

#[test]
fn a_program_that_is_gone_or_changed_is_told() {
    let folder = finished();
    let program = run_file(folder.path(), "program.nem");
    std::fs::write(&program, PROGRAM.replace("Sine", "Cosine")).unwrap();
    expect(eval(folder.path(), &[]), "E0201", &["no model `Sine`"]);
    std::fs::remove_file(&program).unwrap();
    expect(eval(folder.path(), &[]), "E0801", &["program.nem", "train again"]);
}

#[test]
fn runs_are_read_from_any_folder_also_those_of_a_training_in_a_used_file() {
    let folder = tempfile::tempdir().unwrap();
    let (main, inner) = (folder.path().join("main"), folder.path().join("main/inner"));
    std::fs::create_dir_all(&inner).unwrap();
    std::fs::write(main.join("main.nem"), "use \"inner/sine.nem\"\n").unwrap();
    std::fs::write(inner.join("x.csv"), "x\n1\n2\n").unwrap();
    std::fs::write(
        inner.join("sine.nem"),
        PROGRAM.replace("linspace(0, 6) take 20\n    y", "csv(\"x.csv\", \"x\")\n    y"),
    )
    .unwrap();
    let trained = nem(main.as_path(), &["train", "main.nem", "--quiet"]);
    assert_eq!(trained.code, Some(0), "{}", trained.err);
    for (from, run) in
        [(main.as_path(), "runs/main-001"), (folder.path(), "main/runs/main-001")].map(|(f, r)| (f.to_path_buf(), r))
    {
        let answer = nem(&from, &["eval", run]);
        assert_eq!(answer.code, Some(0), "{}", answer.err);
    }
}

#[test]
fn a_killed_process_leaves_no_results_and_harms_no_other_run() {
    let folder = finished();
    let before = std::fs::read(run_file(folder.path(), "results.json")).unwrap();
    let mut train = Command::new(env!("CARGO_BIN_EXE_nem"));
    train.current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut training = train.args(["train", "sine.nem", "--quiet", "--set", "epochs 10000000"]).spawn().unwrap();
    let killed = folder.path().join("runs/sine-002");
    let began = Instant::now();
    while !killed.exists() && began.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    training.kill().unwrap();
    training.wait().unwrap();
    assert!(killed.exists() && !killed.join("results.json").exists());
    let errors = refused(&nem(folder.path(), &["--message-format", "json", "eval", "runs/sine-002"]));
    assert!(errors[0]["message"].as_str().unwrap().contains("not a finished run"), "{errors:?}");
    assert_eq!(std::fs::read(run_file(folder.path(), "results.json")).unwrap(), before);
    assert_eq!(nem(folder.path(), &["train", "sine.nem", "--quiet"]).code, Some(0));
    assert!(folder.path().join("runs/sine-003/results.json").exists());
}

#[cfg(unix)]
#[test]
fn results_come_last() {
    let folder = finished();
    let written = |name: &str| std::fs::metadata(run_file(folder.path(), name)).unwrap().modified().unwrap();
    let files = std::fs::read_dir(folder.path().join("runs/sine-001")).unwrap();
    let names: Vec<String> = files.map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.len() >= 5 && names.iter().all(|name| !name.ends_with(".tmp")), "{names:?}");
    assert!(names.iter().all(|name| written(name) <= written("results.json")), "{names:?}");
}
