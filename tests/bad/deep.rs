//! Programs that nest too deeply, are too long, or are no programs at all. None may exhaust the stack, in a debug build
//! either.

use std::time::{Duration, Instant};

use super::{nem, refused};

/// How long any answer may take. A debug build on a busy machine is slow; without limits these would take minutes.
const PATIENCE: Duration = Duration::from_secs(10);

/// The codes that a program with these bytes is refused with.
fn codes(bytes: &[u8], command: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.nem"), bytes).unwrap();
    let began = Instant::now();
    let errors = refused(&nem(folder.path(), &["--message-format", "json", command, "bad.nem"]));
    assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
    assert!(!errors.is_empty());
    errors.iter().map(|e| e["code"].as_str().unwrap().to_string()).collect()
}

#[test]
fn deep_nesting_is_refused() {
    let deep = [
        format!("fn f(x) = {}x{}", "(".repeat(5000), ")".repeat(5000)),
        format!("fn f(x) = {}x{}", "ln(".repeat(5000), ")".repeat(5000)),
        format!("fn f(x) = {}x", "-".repeat(5000)),
        format!("fn f(x) = {}x", "x^".repeat(5000)),
        format!("fn f(x) = x{}", "^2".repeat(5000)),
        format!("fn f(x) = x{}", " + x".repeat(5000)),
        format!("fn f(x) = {}x{}", "[".repeat(5000), "]".repeat(5000)),
        format!("data d {{ x: real = {}x }}", "draw ".repeat(5000)),
    ];
    for program in deep {
        let found = codes(program.as_bytes(), "check");
        assert!(found.iter().all(|c| ["E0101", "E0104", "E0602"].contains(&c.as_str())), "{found:?}: {program:.60}");
    }
}

#[test]
fn a_chain_of_functions_that_doubles_each_time_is_refused() {
    let double = |i: usize| format!("fn f{}(x: real) -> real = f{i}(x) * f{i}(x + 1) + f{i}(x - 1)\n", i + 1);
    let program = "fn f0(x: real) -> real = x\n".to_string() + &(0..40).map(double).collect::<String>();
    assert!(codes(program.as_bytes(), "check").contains(&"E0602".to_string()));
}

#[test]
fn a_tall_model_is_derived_without_exhausting_the_stack() {
    let layers: String = (1..60).map(|i| format!("h{} ~ bernoulli(logistic(affine(h{i}, 2)))\n", i + 1)).collect();
    let program = format!(
        "model Tall {{\ninput x: real\nh1 ~ bernoulli(logistic(affine(x, 2)))\n{layers}\
         observe y: real ~ gaussian(affine(h60, 1), 1)\n}}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tall.nem"), program).unwrap();
    let answer = nem(folder.path(), &["derive", "tall.nem"]);
    assert_eq!(answer.code, Some(0), "{}", answer.err);
}

#[test]
fn what_is_no_text_is_refused() {
    let mut state = 7u64;
    let mut byte = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 40) as u8
    };
    let random: Vec<u8> = (0..1 << 20).map(|_| byte()).collect();
    assert_eq!(codes(&random, "check"), ["E0102"]);
    let printable: Vec<u8> = random.iter().map(|b| b' ' + b % 95).collect();
    assert!(codes(&printable, "check").iter().all(|c| c.starts_with("E01")));
    assert_eq!(codes(b"fn half(x: real) -> real = x / 2 // caf\xe9\n", "check"), ["E0102"]);
    assert_eq!(codes(b"", "check"), ["E0103"]);
    assert_eq!(codes(b"\xef\xbb\xbf\n", "check"), ["E0103"]);
    assert!(codes(&[0; 1 << 16], "check").iter().all(|c| c.starts_with("E01")));
}
