//! The figure of an experiment as SVG: loss above, error below, training set left, test set right, one colour an arm.

use plotters::prelude::*;

use super::{
    axis::Axis,
    curves::{Panel, Point, curve},
    format,
    sheet::{Area, Drawn, GRID, LINE, below, chart, colour, curves, heading, sheet},
};
use crate::train::record::Experiment;

/// Sizes in pixels.
const PANEL: (u32, u32) = (480, 300);
const TOP: u32 = 68;
const BOTTOM: u32 = 46;

/// The text of an SVG file: median curves with bands from the lower to the upper quartile over the seeds, and below them
/// these notes.
///
/// # Errors
/// One sentence when the drawing library fails.
pub fn figure(experiment: &Experiment, notes: &[String]) -> Result<String, String> {
    let columns = if experiment.has_test() { 2 } else { 1 };
    let lines = caption(experiment, notes);
    let bottom = BOTTOM.max(LINE * lines.len() as u32 + 6);
    sheet((columns * PANEL.0, TOP + 2 * PANEL.1 + bottom), |root| {
        let (top, rest) = root.split_vertically(GRID * TOP);
        let (panels, bottom) = rest.split_vertically(GRID * 2 * PANEL.1);
        let arms: Vec<(&str, RGBColor)> =
            experiment.arms.iter().map(|a| (a.as_str(), colour(&experiment.arms, a))).collect();
        heading(&top, &format!("{} on {}", experiment.model, experiment.data), &arms)?;
        for (area, panel) in panels.split_evenly((2, columns as usize)).iter().zip(layout(columns)) {
            draw(area, experiment, panel)?;
        }
        below(&bottom, &lines)
    })
}

/// The panels, row by row.
fn layout(columns: u32) -> Vec<Panel> {
    let all = [Panel::TrainLoss, Panel::TestLoss, Panel::TrainError, Panel::TestError];
    all.into_iter().filter(|p| columns == 2 || !p.is_test()).collect()
}

fn draw(area: &Area, experiment: &Experiment, panel: Panel) -> Drawn {
    let scale = if !panel.is_loss() && experiment.error_is_share { 100.0 } else { 1.0 };
    let curves_of: Vec<(&str, Vec<Point>)> =
        experiment.arms.iter().map(|arm| (arm.as_str(), scaled(curve(experiment, arm, panel), scale))).collect();
    let x = Axis::linear(0.0, experiment.last_epoch().max(1) as f64);
    let y = Axis::around(visible(&curves_of));
    let caption = if panel.is_test() { "Test set" } else { "Training set" };
    let mut chart = chart(area, caption, (x, "epoch"), (y, &unit(experiment, panel)))?;
    let coloured: Vec<_> = curves_of.iter().map(|(arm, points)| (colour(&experiment.arms, arm), points)).collect();
    curves(&mut chart, &coloured)
}

fn unit(experiment: &Experiment, panel: Panel) -> String {
    match (panel.is_loss(), experiment.error_is_share) {
        (true, _) => experiment.loss.clone(),
        (false, true) => format!("{} (%)", experiment.error),
        (false, false) => experiment.error.clone(),
    }
}

fn scaled(points: Vec<Point>, scale: f64) -> Vec<Point> {
    let each = |p: Point| Point { epoch: p.epoch, low: p.low * scale, middle: p.middle * scale, high: p.high * scale };
    points.into_iter().map(each).collect()
}

/// The values an axis must hold: all, but no more than ten times where any arm started, or one exploding run would
/// flatten all the others.
fn visible(curves: &[(&str, Vec<Point>)]) -> Vec<f64> {
    let points = || curves.iter().flat_map(|(_, points)| points);
    let start = points().filter(|p| p.epoch == 0 && p.high.is_finite()).map(|p| p.high).fold(0.0, f64::max);
    let ceiling = if start > 0.0 { 10.0 * start } else { f64::INFINITY };
    points().flat_map(|p| [p.low, p.middle, p.high]).filter(|v| *v <= ceiling).collect()
}

/// The lines below the panels.
fn caption(experiment: &Experiment, notes: &[String]) -> Vec<String> {
    let seeds = format::count(experiment.seeds.len(), "seed");
    let first = match experiment.seeds.len() {
        0 | 1 => format!("One run an arm ({seeds})."),
        _ => format!("Line: median over {seeds}. Band: lower to upper quartile."),
    };
    std::iter::once(first).chain(notes.iter().cloned()).chain(diverged(experiment)).collect()
}

fn diverged(experiment: &Experiment) -> Option<String> {
    let count = |arm: &String| experiment.runs_of(arm).filter(|r| r.diverged().is_some()).count();
    let arms = experiment.arms.iter().map(|a| (a, count(a))).filter(|(_, n)| *n > 0);
    let told: Vec<String> = arms.map(|(arm, n)| format!("{arm} {n}")).collect();
    (!told.is_empty()).then(|| format!("Runs that diverged, drawn above everything: {}.", told.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::demo;

    #[test]
    fn a_figure_names_its_arms_axes_and_band() {
        let svg = figure(&demo::boosted(10), &[]).unwrap();
        for needed in
            ["Classifier on digits", "none", "anti", "cross-entropy (nats)", "error rate (%)", "epoch", "quartile"]
        {
            assert!(svg.contains(needed), "no {needed}");
        }
        assert_eq!(svg.matches("<polygon").count(), 16);
    }

    #[test]
    fn without_test_data_there_is_one_column_and_empty_experiments_do_not_fail() {
        let mut e = demo::boosted(1);
        e.runs.iter_mut().flat_map(|r| &mut r.epochs).for_each(|e| (e.test_loss, e.test_error) = (None, None));
        assert!(!figure(&e, &[]).unwrap().contains("Test set"));
        assert!(figure(&demo::of(vec![]), &[]).is_ok());
        assert!(figure(&demo::of(vec![demo::run("none", 1, &[f64::NAN])]), &[]).is_ok());
    }

    #[test]
    fn diverged_runs_are_told_and_do_not_flatten_the_others() {
        let svg = figure(&demo::diverging(), &[]).unwrap();
        assert!(svg.contains("Runs that diverged, drawn above everything: blind 3, anti 7."), "{svg}");
        assert!(!svg.contains("e30"));
    }

    /// `cargo test --lib figures_to_look_at -- --ignored`, then open the files it names.
    #[test]
    #[ignore = "writes files for the eye"]
    fn figures_to_look_at() {
        let mut regression = demo::boosted(6);
        regression.loss = "−ln p (nats)".into();
        regression.error = "root-mean-square error".into();
        regression.error_is_share = false;
        let mut alone = demo::boosted(1);
        alone.runs.iter_mut().flat_map(|r| &mut r.epochs).for_each(|e| (e.test_loss, e.test_error) = (None, None));
        let figures = [
            ("boosted", demo::boosted(10)),
            ("diverging", demo::diverging()),
            ("regression", regression),
            ("alone", alone),
        ];
        for (name, experiment) in figures {
            let path = std::env::temp_dir().join(format!("nem-{name}.svg"));
            std::fs::write(&path, figure(&experiment, &[]).unwrap()).unwrap();
            println!("{}", path.display());
        }
    }
}
