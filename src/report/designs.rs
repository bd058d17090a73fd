//! Designs as rows and columns: `designs.csv`, and the columns that other tables have for them.

use serde::Serialize;

use super::choice::Choice;
use super::comparison::{ArmSummary, Comparison, Difference, Level, Measure};
use crate::train::record::{ArmRun, Experiment};

/// The experiment with every arm in one design alone, the one that did best in training; and a note of which these are. With
/// a single design, the experiment as it is.
pub fn best(e: &Experiment, c: &Comparison) -> (Experiment, Vec<String>) {
    let chosen: Vec<&Choice> = c.choices.iter().filter(|choice| choice.by == Measure::MeanTrainLoss).collect();
    if chosen.is_empty() {
        return (e.clone(), vec![]);
    }
    let arm_of = |run: &ArmRun| chosen.iter().find(|choice| choice.best == run.arm).map(|choice| choice.arm.clone());
    let runs = e.runs.iter().filter_map(|run| Some(ArmRun { arm: arm_of(run)?, ..run.clone() })).collect();
    let arms = chosen.iter().map(|choice| choice.arm.clone()).collect();
    let names: Vec<&str> = chosen.iter().filter(|choice| choice.among > 1).map(|choice| &choice.best[..]).collect();
    let note = format!("Of the designs, those that did best in training: {}.", names.join(", "));
    (Experiment { arms, runs, designs: vec![], ..e.clone() }, vec![note])
}

/// The columns that say which arm a row is of.
pub fn columns(e: &Experiment) -> Vec<&str> {
    std::iter::once("arm").chain(e.varied()).collect()
}

/// What stands in them: the arm, and its values, empty where they do not concern it.
pub fn cells(e: &Experiment, arm: &str) -> Vec<String> {
    let Some(design) = e.design(arm) else { return vec![arm.to_string()] };
    let value =
        |name: &str| design.values.iter().find(|(n, _)| n == name).map_or(String::new(), |(_, v)| v.to_string());
    std::iter::once(design.arm.clone()).chain(e.varied().into_iter().map(value)).collect()
}

/// The columns of `designs.csv` after those: the median over the seeds, and the change against the noiseless arm.
const COLUMNS: [&str; 9] =
    ["measure", "median", "change", "unit", "change_low", "change_high", "coverage", "seeds", "diverged"];

/// The text of `designs.csv`: one row an arm, design and measure. What there is not is left empty.
pub fn designs_csv(e: &Experiment, c: &Comparison) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(columns(e).into_iter().chain(COLUMNS))?;
    for (arm, level) in c.arms.iter().flat_map(|arm| arm.levels.iter().map(move |level| (arm, level))) {
        writer.write_record(cells(e, &arm.arm).into_iter().chain(record(arm, level)))?;
    }
    let bytes = writer.into_inner().map_err(|e| csv::Error::from(e.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn record(arm: &ArmSummary, level: &Level) -> [String; COLUMNS.len()] {
    let change = arm.difference(level.measure);
    let of_change = |get: fn(&Difference) -> Option<String>| change.and_then(get).unwrap_or_default();
    [
        word(level.measure),
        level.median.to_string(),
        of_change(|d| Some(d.median.to_string())),
        of_change(|d| Some(word(d.unit))),
        of_change(|d| Some(d.interval?.low.to_string())),
        of_change(|d| Some(d.interval?.high.to_string())),
        of_change(|d| Some(d.interval?.coverage.to_string())),
        change.map_or(arm.runs, |d| d.by_seed.len()).to_string(),
        arm.diverged.len().to_string(),
    ]
}

/// A word as `results.json` has it.
fn word(word: impl Serialize) -> String {
    serde_json::to_value(word).ok().and_then(|value| value.as_str().map(String::from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::demo;

    #[test]
    fn the_best_designs_make_an_experiment_of_plain_arms() {
        let e = demo::designs(6);
        let (best, notes) = best(&e, &Comparison::new(&e));
        assert_eq!((best.arms.join(" "), best.runs.len()), ("none blind nem".into(), 3 * 6));
        assert!(notes[0].ends_with(", nem 0.4 cooled 1."), "{notes:?}");
        let single = demo::boosted(6);
        assert_eq!(super::best(&single, &Comparison::new(&single)), (single, vec![]));
    }

    #[test]
    fn every_arm_design_and_measure_has_a_row() {
        let e = demo::designs(6);
        let text = designs_csv(&e, &Comparison::new(&e)).unwrap();
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(rows[0][..5], ["arm", "sigma", "cooled", "measure", "median"]);
        assert_eq!(rows.len(), 1 + 13 * 5);
        assert_eq!(
            (rows[1][..4].join(","), rows[1][5..].join(",")),
            ("none,,,mean_train_loss".into(), ",,,,,6,0".into())
        );
        let last = &rows[65];
        assert_eq!((last[..4].join(","), last[6]), ("nem,0.8,1,final_test_error".into(), "points"));
        assert_eq!(last[9..].join(","), "0.96875,6,0");
    }
}
