//! Same seed, same file, same machine: the same parameters bit for bit, whatever the threads and the order of arms.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use nemlang::train::checkpoint;

const PROGRAM: &str = "
data points {
    x: real[3] = draw gaussian(0, 1) take 70 seed 3
    y: real    = draw gaussian(0, 1) take 70 seed 4
}
model M {
    input x: real[3]
    h ~ bernoulli(logistic(affine(x, 6)))
    observe y: real ~ gaussian(affine(h, 1), 1)
}
train M on points {
    epochs 3
    batch 16
    optimizer adam(rate = 0.01)
    seeds 1..3
    noise y += gaussian(0, 0.5) cooled 1
    compare none
}
";

/// Trains in a folder of its own and returns every parameter file by name.
fn train(folder: &Path, name: &str, arms: &str, threads: usize) -> BTreeMap<String, Vec<u8>> {
    parameters(&train_with(folder, name, &[&format!("compare {arms}")], threads))
}

/// Trains in a folder of its own, which it returns.
fn train_with(folder: &Path, name: &str, settings: &[&str], threads: usize) -> PathBuf {
    let out = folder.join(name);
    let program = folder.join("program.nem");
    std::fs::write(&program, PROGRAM).unwrap();
    Command::cargo_bin("nem")
        .unwrap()
        .arg("train")
        .arg(&program)
        .args(settings.iter().flat_map(|setting| ["--set", setting]))
        .args(["--threads", &threads.to_string(), "--quiet", "--out"])
        .arg(&out)
        .assert()
        .success();
    out.join("program-001")
}

fn parameters(run: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(run).unwrap().map(|e| e.unwrap().path());
    let is_parameters = |p: &PathBuf| p.extension().is_some_and(|e| e == "safetensors");
    files
        .filter(is_parameters)
        .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&p).unwrap()))
        .collect()
}

#[test]
fn threads_and_the_order_of_arms_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let first = train(folder.path(), "first", "none, blind, nem, anti", 1);
    assert_eq!(first.len(), 12);
    assert_eq!(first, train(folder.path(), "again", "none, blind, nem, anti", 1));
    assert_eq!(first, train(folder.path(), "threads", "none, blind, nem, anti", 4));
    assert_eq!(first, train(folder.path(), "order", "anti, nem, none, blind", 3));
    assert!(first["none-1.safetensors"] != first["nem-1.safetensors"], "noise must change the parameters");
    assert!(first["none-1.safetensors"] != first["none-2.safetensors"], "seeds must differ");
}

#[test]
fn a_design_among_others_is_what_it_is_alone() {
    let folder = tempfile::tempdir().unwrap();
    let compare = "compare none, blind, nem";
    let grid = ["noise y += gaussian(0, [0.2, 0.5, 0.8]) cooled [0, 1]", compare];
    let grid = train_with(folder.path(), "grid", &grid, 2);
    let alone = train_with(folder.path(), "alone", &["noise y += gaussian(0, 0.8)", compare], 2);
    let files: Vec<PathBuf> = std::fs::read_dir(&grid).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(files.iter().filter(|f| f.extension().is_some_and(|e| e == "safetensors")).count(), (1 + 2 * 6) * 3);
    for (arm, in_grid) in [("none", "none"), ("blind", "blind-0.8-cooled-0"), ("nem", "nem-0.8-cooled-0")] {
        for seed in 1..=3 {
            let read =
                |run: &Path, name: &str| checkpoint::read(&run.join(format!("{name}-{seed}.safetensors"))).unwrap();
            assert_eq!(read(&grid, in_grid).tensors, read(&alone, arm).tensors, "{arm} {seed}");
        }
    }
    let of = |run: &Path, arm: &str| {
        let output = Command::cargo_bin("nem").unwrap().arg("eval").arg(run).args(["--arm", arm]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        let numbers = |line: &str| line.trim_start_matches(arm).trim().to_string();
        text.lines().skip_while(|line| !line.starts_with(arm)).map(numbers).collect::<Vec<String>>()
    };
    assert_eq!(of(&grid, "nem 0.8 cooled 0"), of(&alone, "nem"));
    assert_eq!(of(&grid, "nem").len(), 6 * 3);
}
