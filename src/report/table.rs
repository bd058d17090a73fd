//! The comparison as a text table of at most 100 columns: the level of every arm, then what each changes.

use super::{
    choice::SHOWN,
    comparison::{ArmSummary, BASELINE, Comparison, Difference, Measure, Reading},
    format,
};

/// Levels, differences and what to know when reading them; ends with a line break.
pub fn table(comparison: &Comparison) -> String {
    let mut parts = vec![];
    if comparison.has_designs() {
        parts.push(levels(comparison, narrow_headings));
        parts.extend(by_measure(comparison));
    } else {
        parts.extend([levels(comparison, headings), differences(comparison)]);
    }
    parts.push(notes(comparison));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn levels(c: &Comparison, headings: fn(&[Measure]) -> Vec<Vec<String>>) -> String {
    let measures: Vec<Measure> = measured(c);
    let mut rows = headings(&measures);
    let above = rows.len();
    rows.extend(c.arms.iter().map(|arm| level_row(c, arm, &measures)));
    let seeds = format::count(c.seeds.len(), "seed");
    let epochs = format::count(c.epochs, "epoch");
    format!("Median over {seeds} after {epochs}; loss: {}, error: {}\n\n{}", c.loss, c.error, aligned(&rows, above))
}

/// The two lines above a column.
fn title(measure: Measure) -> [&'static str; 2] {
    match measure {
        Measure::MeanTrainLoss => ["training loss,", "mean of epochs"],
        Measure::FinalTrainLoss => ["training loss,", "final"],
        Measure::FinalTestLoss => ["test loss,", "final"],
        Measure::FinalTrainError => ["training error,", "final"],
        Measure::FinalTestError => ["test error,", "final"],
    }
}

fn headings(measures: &[Measure]) -> Vec<Vec<String>> {
    stacked(["", "arm"], measures, title, [["noise", ""], ["used", "diverged"]])
}

/// Three lines, which leave room for the names of designs.
fn narrow_headings(measures: &[Measure]) -> Vec<Vec<String>> {
    let title = |measure| match measure {
        Measure::MeanTrainLoss => ["training", "loss, mean", "of epochs"],
        Measure::FinalTrainLoss => ["training", "loss,", "final"],
        Measure::FinalTestLoss => ["test", "loss,", "final"],
        Measure::FinalTrainError => ["training", "error,", "final"],
        Measure::FinalTestError => ["test", "error,", "final"],
    };
    stacked(["", "", "arm"], measures, title, [["", ""], ["noise", ""], ["used", "diverged"]])
}

/// The lines above the levels: first column, measures, the last two columns.
fn stacked<const LINES: usize>(
    first: [&str; LINES],
    measures: &[Measure],
    title: impl Fn(Measure) -> [&'static str; LINES],
    last: [[&str; 2]; LINES],
) -> Vec<Vec<String>> {
    let line = |i: usize| {
        let titles = measures.iter().map(|m| title(*m)[i]);
        std::iter::once(first[i]).chain(titles).chain(last[i]).map(String::from).collect()
    };
    (0..LINES).map(line).collect()
}

fn level_row(c: &Comparison, arm: &ArmSummary, measures: &[Measure]) -> Vec<String> {
    let level = |m: &Measure| arm.level(*m).map_or("–".into(), |v| format::level(v, *m, c.error_is_share));
    let diverged = format!("{} of {}", arm.diverged.len(), arm.runs);
    let used = arm.accepted.map_or("–".into(), |share| format!("{:.0} %", 100.0 * share));
    std::iter::once(arm.arm.clone()).chain(measures.iter().map(level)).chain([used, diverged]).collect()
}

fn differences(c: &Comparison) -> String {
    let arms = c.arms.iter().filter(|a| !a.differences.is_empty());
    let blocks: Vec<Vec<String>> =
        arms.flat_map(|a| a.differences.iter().enumerate().map(|(i, d)| row(a, i, d))).collect();
    if blocks.is_empty() {
        return String::new();
    }
    let titles = std::iter::once("arm").chain(["measure"]).chain(CHANGE).map(String::from).collect();
    let rows: Vec<Vec<String>> = std::iter::once(titles).chain(blocks).collect();
    format!("Change against {BASELINE}, paired by seed; below 0 is better\n\n{}", aligned(&rows, 1))
}

/// The arm is named in its first row only.
fn row(arm: &ArmSummary, index: usize, d: &Difference) -> Vec<String> {
    let [what, when] = title(d.measure);
    let name = if index == 0 { arm.arm.clone() } else { String::new() };
    [name, format!("{what} {when}")].into_iter().chain(change(d)).collect()
}

const CHANGE: [&str; 5] = ["median", "interval", "coverage", "better in", "reading"];

fn change(d: &Difference) -> [String; CHANGE.len()] {
    [
        format::change(d),
        d.interval.map_or("–".into(), |i| format::range(&i)),
        d.interval.map_or("–".into(), |i| format::coverage(i.coverage)),
        format!("{} of {}", d.better_seeds(), d.by_seed.len()),
        reading(d.reading()).into(),
    ]
}

/// With several designs, one part a measure, so that designs stand below each other.
fn by_measure(c: &Comparison) -> Vec<String> {
    SHOWN.into_iter().map(|measure| changes(c, measure)).collect()
}

fn changes(c: &Comparison, measure: Measure) -> String {
    let found = c.arms.iter().filter_map(|arm| Some((&arm.arm, arm.difference(measure)?)));
    let found: Vec<Vec<String>> =
        found.map(|(arm, d)| std::iter::once(arm.clone()).chain(change(d)).collect()).collect();
    if found.is_empty() {
        return String::new();
    }
    let titles = std::iter::once("arm").chain(CHANGE).map(String::from).collect();
    let rows: Vec<Vec<String>> = std::iter::once(titles).chain(found).collect();
    let ([what, when], from) = (title(measure), c.baseline_name());
    format!("Change of the {what} {when}\nagainst {from}, paired by seed; below 0 is better\n\n{}", aligned(&rows, 1))
}

fn reading(reading: Reading) -> &'static str {
    match reading {
        Reading::Better => "better",
        Reading::Worse => "worse",
        Reading::SeemsBetter => "better?",
        Reading::SeemsWorse => "worse?",
        Reading::Unclear => "unclear",
        Reading::Identical => "identical",
    }
}

fn notes(c: &Comparison) -> String {
    if c.arms.iter().all(|a| a.differences.is_empty()) {
        return String::new();
    }
    let intervals = "Intervals come from the sign test over the seeds: whatever the distribution, they hold the median\n\
                     with the coverage told. Each stands alone: of twenty that cover 95 %, one may well miss.\n";
    let others = if c.has_designs() { "The other measures are in designs.csv.\n" } else { "" };
    format!("{intervals}{others}")
}

fn measured(c: &Comparison) -> Vec<Measure> {
    let has = |m: &Measure| c.arms.iter().any(|a| a.level(*m).is_some());
    Measure::ALL.into_iter().filter(has).collect()
}

/// Columns as wide as their widest cell, two spaces apart: the first and those that hold words flush left, the others flush
/// right. A rule stands under the headings.
pub fn aligned(rows: &[Vec<String>], headings: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(|c| rows.iter().map(|r| width(&r[c])).max().unwrap_or(0)).collect();
    let is_number = |x: char| x.is_ascii_digit() || x == '–';
    let is_words = |c: usize| c == 0 || rows[headings..].iter().all(|r| !r[c].contains(is_number));
    let mut lines: Vec<String> = rows.iter().map(|r| line(r, &widths, &is_words)).collect();
    lines.insert(headings, "─".repeat(widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1)));
    lines.join("\n") + "\n"
}

fn line(row: &[String], widths: &[usize], is_words: &dyn Fn(usize) -> bool) -> String {
    let cells = row.iter().zip(widths).enumerate().map(|(c, (cell, &wide))| {
        let space = " ".repeat(wide - width(cell));
        if is_words(c) { format!("{cell}{space}") } else { format!("{space}{cell}") }
    });
    cells.collect::<Vec<_>>().join("  ").trim_end().to_string()
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::demo;

    #[test]
    fn every_line_fits_and_every_arm_has_its_numbers() {
        let text = table(&Comparison::new(&demo::boosted(10)));
        println!("{text}");
        assert!(text.lines().all(|l| width(l) <= 100), "{text}");
        for needed in ["none", "blind", "nem", "anti", "better in", "97.9 %", "worse", "unclear", "0 of 10"] {
            assert!(text.contains(needed), "no {needed} in\n{text}");
        }
    }

    #[test]
    fn designs_stand_below_each_other_a_part_a_measure() {
        let text = table(&Comparison::new(&demo::designs(10)));
        println!("{text}");
        assert!(text.lines().all(|l| width(l) <= 100), "{text}");
        for needed in ["loss, mean", "Change of the test error, final", "nem 0.4 cooled 1  ", "designs.csv"] {
            assert!(text.contains(needed), "no {needed} in\n{text}");
        }
        assert_eq!(text.matches("nem 0.4 cooled 1").count(), 4);
        assert!(table(&Comparison::new(&demo::rates(6))).contains("against none at the same rate, paired by seed"));
    }

    #[test]
    fn extremes_fit_too() {
        let mut e = demo::boosted(4);
        for run in &mut e.runs {
            run.epochs.iter_mut().for_each(|epoch| epoch.train_loss *= 1e9 * run.seed as f64);
            run.stopped = (run.seed == 2 && run.arm != "none").then(|| "infinite".into());
        }
        let text = table(&Comparison::new(&e));
        println!("{text}");
        assert!(text.contains("+∞") && text.lines().all(|l| width(l) <= 100), "{text}");
    }

    #[test]
    fn without_test_data_its_columns_are_gone_and_without_baseline_the_differences() {
        let mut e = demo::boosted(6);
        e.runs.iter_mut().flat_map(|r| &mut r.epochs).for_each(|e| (e.test_loss, e.test_error) = (None, None));
        assert!(!table(&Comparison::new(&e)).contains("test loss"));
        e.arms.retain(|a| a != BASELINE);
        e.runs.retain(|r| r.arm != BASELINE);
        let text = table(&Comparison::new(&e));
        assert!(text.contains("nem") && !text.contains("Change"));
    }
}
