//! Result files: `results.json` with everything there is to know of an experiment, `curves.csv` with one row an epoch.
//!
//! JSON has no infinity and no NaN: where a run diverged, such numbers stand as the texts `inf`, `-inf` and `NaN`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::comparison::Comparison;
use super::designs;
use crate::train::record::{Epoch, Experiment};

/// The version of the file's layout; a change that an older reader would misread gets a new number.
///
/// Since the second, an experiment may have several designs.
pub const SCHEMA: &str = "nem-results/2";
/// Says the same of a single design.
const BEFORE_DESIGNS: &str = "nem-results/1";

/// What ran the experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Program {
    pub name: String,
    pub version: String,
    /// `cpu`, `cuda:0`, …
    pub device: String,
    /// Operating system and processor, as in `linux x86_64`.
    pub platform: String,
    /// Versions of the libraries that decide the numbers: tensors, matrix products, random numbers.
    #[serde(default)]
    pub libraries: BTreeMap<String, String>,
}

const LIBRARIES: [&str; 3] = ["dfdx", "gemm", "rand_chacha"];

/// The versions that this program was built with, from its lock file.
fn libraries() -> BTreeMap<String, String> {
    let lock = include_str!("../../Cargo.lock");
    let field = |package: &str, key: &str| {
        let line = package.lines().find_map(|l| l.strip_prefix(key)?.strip_prefix(" = "))?;
        Some(line.trim_matches('"').to_string())
    };
    let packages = lock.split("[[package]]").filter_map(|p| Some((field(p, "name")?, field(p, "version")?)));
    // Of a library that is there twice, the newer one stands later: the one that nem itself uses.
    packages.filter(|(name, _)| LIBRARIES.contains(&name.as_str())).collect()
}

impl Program {
    pub fn on(device: impl Into<String>) -> Self {
        Program {
            name: "nem".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            device: device.into(),
            platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            libraries: libraries(),
        }
    }
}

/// The contents of `results.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Results {
    pub schema: String,
    pub program: Program,
    /// Every setting the experiment ran with, defaults included.
    pub configuration: Value,
    pub experiment: Experiment,
    pub comparison: Comparison,
    /// The comparison in sentences.
    pub verdict: Vec<String>,
}

impl Results {
    pub fn new(program: Program, configuration: Value, experiment: Experiment) -> Self {
        let comparison = Comparison::new(&experiment.common());
        let verdict = super::verdict(&comparison);
        Results { schema: SCHEMA.into(), program, configuration, experiment, comparison, verdict }
    }

    /// The text of `results.json`, indented, ending with a line break.
    pub fn to_json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Reads the text of a `results.json`.
    ///
    /// # Errors
    /// One sentence when the text is not JSON, not a nem result, or of another schema.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|e| format!("it is not JSON: {e}"))?;
        match value["schema"].as_str() {
            Some(SCHEMA | BEFORE_DESIGNS) => {
                serde_json::from_value(value).map_err(|e| format!("it is not a nem result: {e}"))
            }
            Some(other) => Err(format!("its schema is `{other}`, and this version reads `{SCHEMA}`")),
            None => Err("it is not a nem result: it names no schema".into()),
        }
    }
}

/// The columns of `curves.csv` after arm and seed. What was not measured is left empty.
const COLUMNS: [&str; 7] =
    ["epoch", "train_loss", "test_loss", "train_error", "test_error", "accepted", "effective_samples"];

/// The text of `curves.csv`: one row an arm, seed and epoch, in the order of arms and seeds. What differs between designs
/// stands after the arm.
pub fn curves_csv(experiment: &Experiment) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(designs::columns(experiment).into_iter().chain(["seed"]).chain(COLUMNS))?;
    for (arm, run) in experiment.arms.iter().flat_map(|arm| experiment.runs_of(arm).map(move |run| (arm, run))) {
        let which = designs::cells(experiment, arm).into_iter().chain([run.seed.to_string()]);
        for epoch in &run.epochs {
            writer.write_record(which.clone().chain(record(epoch)))?;
        }
    }
    let bytes = writer.into_inner().map_err(|e| csv::Error::from(e.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn record(epoch: &Epoch) -> [String; COLUMNS.len()] {
    let number = |value: Option<f64>| value.map_or(String::new(), |v| v.to_string());
    [
        epoch.epoch.to_string(),
        number(Some(epoch.train_loss)),
        number(epoch.test_loss),
        number(Some(epoch.train_error)),
        number(epoch.test_error),
        number(epoch.accepted),
        number(epoch.effective),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::demo::{self, run};
    use crate::train::record::ArmRun;
    use serde_json::json;

    fn diverging() -> Experiment {
        let mut runs: Vec<ArmRun> =
            (1..=6).flat_map(|s| [run("none", s, &[2.0, 1.0]), run("nem", s, &[2.0, 0.5])]).collect();
        runs[1].epochs[1].train_loss = f64::INFINITY;
        runs[1].stopped = Some("infinite".into());
        demo::of(runs)
    }

    #[test]
    fn results_come_back_as_they_were_written_divergence_included() {
        let results = Results::new(Program::on("cpu"), json!({"epochs": 1, "rate": 0.5}), diverging());
        let text = results.to_json().unwrap();
        assert!(text.starts_with("{\n  \"schema\": \"nem-results/2\""), "{text}");
        assert_eq!(Results::from_json(&text).unwrap(), results);
        assert_eq!(Results::from_json(&text.replace(SCHEMA, BEFORE_DESIGNS)).unwrap().experiment, results.experiment);
    }

    #[test]
    fn designs_come_back_too_and_a_single_one_is_not_mentioned() {
        let results = |e| Results::new(Program::on("cpu"), json!({}), e);
        let several = results(demo::designs(4));
        let text = several.to_json().unwrap();
        let read = Results::from_json(&text).unwrap();
        assert_eq!((read.experiment.designs, read.verdict), (several.experiment.designs, several.verdict));
        assert_eq!(read.comparison.choices[2].best, "nem 0.4 cooled 1");
        let single = results(diverging()).to_json().unwrap();
        for word in ["design", "choices", "values"] {
            assert!(text.contains(word) && !single.contains(word), "{word}");
        }
    }

    #[test]
    fn the_libraries_are_those_of_the_lock_file() {
        let libraries = libraries();
        assert_eq!(libraries.len(), LIBRARIES.len(), "{libraries:?}");
        assert!(libraries["dfdx"].starts_with("0.13."), "{libraries:?}");
        assert!(libraries["rand_chacha"].starts_with("0.10."), "{libraries:?}");
    }

    #[test]
    fn other_files_are_refused_with_the_reason() {
        assert!(Results::from_json("{").unwrap_err().starts_with("it is not JSON"));
        assert!(Results::from_json("[1]").unwrap_err().contains("names no schema"));
        assert!(Results::from_json(r#"{"schema": "nem-results/9"}"#).unwrap_err().contains("`nem-results/9`"));
        assert!(Results::from_json(r#"{"schema": "nem-results/2"}"#).unwrap_err().contains("missing field"));
    }

    #[test]
    fn curves_are_tidy_and_empty_where_nothing_was_measured() {
        let text = curves_csv(&diverging()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "arm,seed,epoch,train_loss,test_loss,train_error,test_error,accepted,effective_samples");
        assert_eq!(lines[1], "none,1,0,2,2.1,0.1,0.2,,");
        assert!(lines.contains(&"nem,1,1,inf,0.6,0.1,0.2,,"), "{text}");
        assert_eq!(lines.len(), 1 + 6 * 2 * 2);
    }

    #[test]
    fn what_differs_between_designs_has_columns_of_its_own() {
        let text = curves_csv(&demo::designs(2)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("arm,sigma,cooled,seed,epoch,train_loss,"));
        assert!(lines[1].starts_with("none,,,1,0,"));
        assert!(lines.last().unwrap().starts_with("nem,0.8,1,2,40,"), "{text}");
        assert_eq!(lines.len(), 1 + 13 * 2 * 41);
    }
}
