//! Same seed, same file, same machine: the same parameters bit for bit, whatever the threads and the order of arms.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

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
    let out = folder.join(name);
    let program = folder.join("program.nem");
    std::fs::write(&program, PROGRAM).unwrap();
    Command::cargo_bin("nem")
        .unwrap()
        .arg("train")
        .arg(&program)
        .args(["--set", &format!("compare {arms}"), "--threads", &threads.to_string(), "--quiet", "--out"])
        .arg(&out)
        .assert()
        .success();
    parameters(&out.join("program-001"))
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
