//! Runs of energies: recall from those that have none and from what they cannot be given, audits, ln Z and images.

use std::path::Path;

use super::expectation::compare;
use super::{nem, refused, root};

const PROGRAM: &str = "\
data pairs {
    image: bipolar[3] = 2 * step(draw gaussian(0)) - 1 take 20
    size: real[2] = draw gaussian(0) take 20
}

data waves {
    x: real = linspace(0, 6) take 20
    y: real = sin(x)
}

model Bam {
    param W: real[3, 2] = 0
    observe image: bipolar[3]
    observe size: real[2]
    latent h: binary[2]
    energy -(image @ W @ size) - image @ W @ h + sum(size^2)
}

model Line {
    input x: real
    observe y: real ~ gaussian(affine(x, 1), 1)
}

train Bam on pairs {
    epochs 1
    method hebbian
}

train Line on waves {
    epochs 1
}
";

/// A folder with a run of either model, `runs/bam-001` and `runs/bam-002`.
fn finished() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bam.nem"), PROGRAM).unwrap();
    let answer = nem(folder.path(), &["train", "bam.nem", "--quiet"]);
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    folder
}

/// What is said stands in a file of the folder `recall`.
fn printed(folder: &Path, file: &str, code: &str, args: &[&str]) {
    let json = nem(folder, &[&["--message-format", "json", "recall"], args].concat());
    assert_eq!(refused(&json)[0]["code"], code, "{file}");
    compare(&root().join("recall").join(file), &nem(folder, &[&["recall"], args].concat()).err).unwrap();
}

#[test]
fn what_cannot_be_recalled_is_told_with_what_can() {
    let folder = finished();
    let folder = folder.path();
    printed(folder, "no_energy.stderr", "E0901", &["runs/bam-002"]);
    printed(folder, "unknown_group.stderr", "E0901", &["runs/bam-001", "--probe", "imge"]);
    printed(folder, "hidden_group.stderr", "E0901", &["runs/bam-001", "--probe", "h"]);
    printed(folder, "no_other_state.stderr", "E0901", &["runs/bam-001", "--flip", "0.1"]);
    printed(folder, "other_data.stderr", "E0406", &["runs/bam-001", "--on", "waves"]);
    printed(folder, "no_such_seed.stderr", "E0901", &["runs/bam-001", "--seed", "7"]);
}

#[test]
fn an_energy_has_no_audit() {
    let folder = finished();
    let answer = nem(folder.path(), &["--message-format", "json", "audit", "runs/bam-001"]);
    assert_eq!(refused(&answer)[0]["code"], "E0309");
}

#[test]
fn eval_tells_the_normaliser_of_an_energy_and_draws_it() {
    let folder = tempfile::tempdir().unwrap();
    let program = "data dots { v: binary[16] = draw bernoulli(0.3) take 40 }
model Rbm {
    param W: real[16, 3] = init gaussian(0, 0.1)
    observe v: binary[16]
    latent h: binary[3]
    energy -(v @ W @ h)
}
train Rbm on dots { epochs 1 }
";
    std::fs::write(folder.path().join("rbm.nem"), program).unwrap();
    assert_eq!(nem(folder.path(), &["train", "rbm.nem", "--quiet"]).code, Some(0));
    let answer = nem(folder.path(), &["eval", "runs/rbm-001", "--temperatures", "20"]);
    assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""));
    let row: Vec<&str> =
        answer.out.lines().rfind(|line| line.starts_with("none")).unwrap().split_whitespace().collect();
    // 19 units whose couplings are small: ln Z is near 19 ln 2, and known well.
    let [log_normaliser, error] = [5, 6].map(|at| row[at].parse::<f64>().unwrap());
    assert!((log_normaliser - 19.0 * 2f64.ln()).abs() < 2.0 && error < 0.1, "{}", answer.out);
    for image in ["filters-none-1.png", "samples-none-1.png"] {
        let bytes = std::fs::read(folder.path().join("runs/rbm-001").join(image)).unwrap();
        assert_eq!(bytes[..4], *b"\x89PNG");
    }
}

#[test]
fn options_that_are_no_shares_or_counts_are_told() {
    let folder = finished();
    for (option, value, words) in [
        ("--flip", "1.5", "a number from 0 to 1"),
        ("--flip", "some", "a number from 0 to 1"),
        ("--update", "subset(0)", "`subset(SHARE)`"),
        ("--update", "all", "`synchronous`"),
        ("--temperatures", "0", "0"),
    ] {
        let command = if option == "--temperatures" { "eval" } else { "recall" };
        let answer = nem(folder.path(), &[command, "runs/bam-001", option, value]);
        assert_eq!(answer.code, Some(2));
        assert!(answer.err.contains("error[E0901]") && answer.err.contains(words), "{}", answer.err);
    }
}

#[test]
fn recall_tells_fixed_points_energies_and_what_came_back() {
    let folder = finished();
    let told = |args: &[&str]| {
        let answer = nem(folder.path(), &[&["recall", "runs/bam-001"], args].concat());
        assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""));
        answer.out
    };
    let out = told(&["--probe", "image", "--flip", "0.2", "--update", "subset(0.5)"]);
    assert!(out.contains("20 of 20 probes reach a fixed point"), "{out}");
    assert!(out.contains("recalled exactly") && out.lines().any(|line| line.starts_with("image ")), "{out}");
    assert!(!out.contains("\nh "), "the data has no hidden units: {out}");
    assert_eq!(out, told(&["--probe", "image", "--flip", "0.2", "--update", "subset(0.5)"]));
    assert_ne!(out, told(&["--probe", "image", "--flip", "0.2", "--update", "subset(0.5)", "--noise-seed", "2"]));
    assert!(told(&["--steps", "0"]).contains("mean energy"));
}

const STACK: &str = "\
data d {
    x: binary[4] = draw bernoulli(0.5) take 20
    y: binary = draw bernoulli(0.5) take 20
}
model Rbm(visible, hidden) {
    observe v: binary[visible]
    latent h: binary[hidden]
    param W: real[visible, hidden] = init gaussian(0, 0.1)
    param c: real[hidden] = 0
    energy -(v @ W @ h) - c @ h
}
model M {
    input x: binary[4]
    h1 ~ bernoulli(logistic(affine(x, 3)))
    h2 ~ bernoulli(logistic(affine(h1, 2)))
    observe y: binary ~ bernoulli(logistic(affine(h2, 1)))
}
train M on d {
    epochs 2
    seeds 1..2
    noise y += gaussian(0, 0.2)
    pretrain Rbm(4, 3) { epochs 3  noise v += gaussian(0, 0.2)  compare nem }
    pretrain Rbm(3, 2) { epochs 4 }
    compare none, nem, pretrained, pretrained(nem)
}
";

#[test]
fn networks_from_energies_and_from_scratch_are_compared_in_one_run() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("stack.nem"), STACK).unwrap();
    let answer = nem(folder.path(), &["train", "stack.nem", "--quiet"]);
    assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""), "{}", answer.err);
    for told in [
        "  h1 from x: h1.W = W, h1.b = c of Rbm\n  h2 from h1: h2.W = W, h2.b = c of Rbm\n",
        "pretraining of h2 by Rbm: root-mean-square reconstruction error 0.0",
        "after 4 epochs",
        "Change against none",
        "\npretrained nem ",
    ] {
        assert!(answer.out.contains(told), "`{told}` is not in\n{}", answer.out);
    }
    let text = std::fs::read_to_string(folder.path().join("runs/stack-001/results.json")).unwrap();
    let results: serde_json::Value = serde_json::from_str(&text).unwrap();
    let arms = serde_json::json!(["none", "nem", "pretrained", "pretrained nem"]);
    assert_eq!(results["experiment"]["arms"], arms);
    let stages = results["experiment"]["pretraining"].as_array().unwrap();
    let told = |stage: &serde_json::Value| (stage["seed"].as_u64().unwrap(), stage["epochs"].as_u64().unwrap());
    assert_eq!(stages.iter().map(told).collect::<Vec<_>>(), [(1, 3), (1, 4), (2, 3), (2, 4)]);
    assert_eq!(results["configuration"]["pretrain"][0]["layers"], serde_json::json!(["h1"]));
    // Both starts, and nothing else, set two runs apart.
    let before = |arm: &str| {
        let runs = results["experiment"]["runs"].as_array().unwrap();
        let run = runs.iter().find(|run| run["arm"] == arm && run["seed"] == 1).unwrap();
        run["epochs"][0]["train_loss"].as_f64().unwrap()
    };
    assert_eq!((before("none"), before("pretrained")), (before("nem"), before("pretrained nem")));
    assert_ne!(before("none"), before("pretrained"));
    let eval = nem(folder.path(), &["eval", "runs/stack-001", "--arm", "pretrained nem"]);
    assert_eq!((eval.code, eval.err.as_str()), (Some(0), ""));
}

/// Ctrl-C while energies are trained: a network from half of them would be compared with others as if it were whole.
#[cfg(unix)]
#[test]
fn a_stopped_pretraining_gives_no_network() {
    let folder = tempfile::tempdir().unwrap();
    let program = STACK.replace("{ epochs 4 }", "{ epochs 100000000 }");
    std::fs::write(folder.path().join("stack.nem"), program).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_nem"));
    command.args(["train", "stack.nem", "--quiet", "--derivation", "no"]).current_dir(folder.path());
    let nem = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    // The run folder comes just before training.
    while !folder.path().join("runs/stack-001").exists() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let id = nem.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = nem.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    let error = &told[told.find("error[").unwrap()..];
    compare(&root().join("running/stopped_pretraining.stderr"), error).unwrap();
    assert!(!folder.path().join("runs/stack-001").exists(), "nothing is left of a run without a result");
}
