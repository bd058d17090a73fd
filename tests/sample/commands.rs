//! The commands, run as a user runs them.

use std::path::Path;

use assert_cmd::Command;

struct Answer {
    code: Option<i32>,
    out: String,
    err: String,
}

fn nem(folder: &Path, args: &[&str]) -> Answer {
    let output = Command::cargo_bin("nem").unwrap().current_dir(folder).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Answer { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn here() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_derivation_at_a_point_says_its_numbers() {
    let folder = here();
    let point = ["--at", "y=2, mu=0, n=-0.5"];
    let text = nem(folder.path(), &[&["derive", "laplace"], &point[..]].concat());
    for line in
        ["ln f            −2.693147", "Δ(n)            0.5", "condition       1.5 ≤ 2", "region          [−4, 0]"]
    {
        assert!(text.out.contains(line), "no `{line}` in\n{}", text.out);
    }
    let json = nem(folder.path(), &[&["derive", "laplace", "--format", "json"], &point[..]].concat());
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let tried = &document["at"]["noise"][0]["tried"];
    assert_eq!((tried["delta"].as_f64(), tried["inside"].as_bool()), (Some(0.5), Some(true)), "{tried}");
    assert_eq!(document["at"]["noise"][0]["ends"], serde_json::json!([[-4.0, 0.0]]));
}

#[test]
fn noise_is_a_table_that_a_seed_repeats() {
    let folder = here();
    let args = ["noise", "gaussian", "--at", "y=[1, 2], mu=0", "--proposal", "gaussian(0, 1)", "--count", "5"];
    let first = nem(folder.path(), &args);
    assert_eq!(first.code, Some(0), "{}", first.err);
    assert_eq!(first.out, nem(folder.path(), &args).out);
    let other = nem(folder.path(), &[&args[..], &["--seed", "2"]].concat());
    assert_ne!(first.out, other.out);
    let mut rows = csv::Reader::from_reader(first.out.as_bytes());
    assert_eq!(rows.headers().unwrap(), vec!["n1", "n2", "delta", "inside"]);
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert!(rows.len() == 5 && rows.iter().all(|r| &r[3] == "true" && r[2].parse::<f64>().unwrap() >= 0.0));
    assert!(first.err.contains("region: ball; method: direction and radius") && first.err.contains("(100 %)"));
    let shares = |alpha: &str| {
        let point = format!("y=[0.2, 0.3, 0.5], alpha={alpha}");
        nem(folder.path(), &["noise", "dirichlet", "--at", &point, "--proposal", "gaussian(0, 0.1)", "--count", "5"])
            .err
    };
    assert!(
        shares("[2, 3, 1]").contains("method: hit-and-run") && shares("[2, 0.5, 1]").contains("method: keep a draw")
    );
}

#[test]
fn a_region_is_drawn_and_no_other_file_is_left() {
    let folder = here();
    for (name, at, words) in [
        ("gaussian", "y=[1, 2, 3], mu=0", "n₃"),
        ("laplace", "y=2, mu=0", "Δ(n)"),
        ("dirichlet", "y=[0.2, 0.3, 0.5], alpha=[2, 3, 4]", "n₃"),
    ] {
        let args = ["region", name, "--at", at, "--plot", "r.svg", "--proposal", "gaussian(0, 1)", "--dims", "1,3"];
        let answer = nem(folder.path(), &args);
        assert_eq!((answer.code, answer.out.trim()), (Some(0), "r.svg"), "{}", answer.err);
        let svg = std::fs::read_to_string(folder.path().join("r.svg")).unwrap();
        assert!(svg.contains(words) && svg.contains("draw outside") && svg.len() > 10_000);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn good_likelihoods_are_certified() {
    let folder = here();
    for name in ["gamma", "categorical", "poisson", "von_mises"] {
        let answer = nem(folder.path(), &["verify", name]);
        assert_eq!(answer.code, Some(0), "{}{}", answer.out, answer.err);
        assert!(!answer.out.contains("failed") && answer.out.contains(" to 1 "), "{}", answer.out);
    }
    let json = nem(folder.path(), &["verify", "gaussian", "--at", "y=1, mu=0", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(document["schema"], "nem-certificate/2");
    assert!(document["certificates"][0]["places"][0]["checks"].as_array().unwrap().len() > 5);
}

#[test]
fn models_are_certified() {
    let folder = here();
    let model = "model Small(width = 2) {\n    input x: real\n    h ~ bernoulli(logistic(affine(x, width)))\n    \
                 observe y: one_hot[3] ~ categorical(softmax(affine(h, 3)))\n}\n";
    std::fs::write(folder.path().join("m.nem"), model).unwrap();
    let answer = nem(folder.path(), &["verify", "m.nem", "Small"]);
    assert_eq!(answer.code, Some(0), "{}{}", answer.out, answer.err);
    for line in
        ["gradient of h.W", "exact ∇Q is ∇ln p(y|x)", "importance against M", "Theorem 6 for y", "hidden target of h"]
    {
        assert!(answer.out.contains(&format!("ok       {line} ")), "{line}\n{}", answer.out);
    }
    assert!(!answer.out.contains("skipped") && !answer.out.contains("failed"), "{}", answer.out);
    let json = nem(folder.path(), &["verify", "m.nem", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let certificate = &document["certificates"][0];
    assert_eq!((&certificate["model"], &certificate["sizes"]["width"]), (&"Small".into(), &2.into()));
    let checks = certificate["places"][0]["checks"].as_array().unwrap();
    let gradient = checks.iter().find(|c| c["check"] == "gradient of h.W").unwrap();
    assert!(gradient["figures"]["distance"].as_f64().unwrap() < 1e-10, "{gradient}");
}

#[test]
fn what_is_wrong_is_told() {
    let folder = here();
    let halved = "likelihood halved(mu: real) over y: real {\n    log_density = -(y - mu)^2 / 2\n}\n";
    let biased = "likelihood biased(mu: real) over y: real {\n    log_density = -(y - mu)^2 / 2 - ln(2 * pi) / 2\n    \
                  mean        = mu\n    draw        = mu + 1 + z where z ~ standard_normal()\n}\n";
    std::fs::write(folder.path().join("a.nem"), halved).unwrap();
    std::fs::write(folder.path().join("b.nem"), biased).unwrap();
    let warned = nem(folder.path(), &["verify", "a.nem"]);
    assert!(
        warned.code == Some(0) && warned.err.contains("W0601") && warned.err.contains("2.506628"),
        "{}",
        warned.err
    );
    let failed = nem(folder.path(), &["verify", "b.nem"]);
    assert!(failed.code == Some(1) && failed.err.contains("E0603") && failed.err.contains("mean"), "{}", failed.err);
}
