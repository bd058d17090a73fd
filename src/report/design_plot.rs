//! The figure of the designs as SVG: what each arm changes against the noiseless one, over the first number that varies. One
//! row of panels for each choice of the others, one panel a measure, one colour an arm.

use plotters::prelude::*;

use super::{
    axis::Axis,
    choice::SHOWN,
    comparison::{ArmSummary, BASELINE, Comparison, Difference, Measure, Unit},
    format,
    sheet::{Area, Chart, Drawn, GRID, below, chart, colour, dots, failed, heading, sheet, zero},
};
use crate::train::record::{Design, Experiment};

/// Sizes in pixels.
const PANEL: (u32, u32) = (400, 300);
/// Title and caption need as much, also where there is one panel in a row.
const LEAST_WIDTH: u32 = 680;
const TOP: u32 = 68;
const BOTTOM: u32 = 46;
/// How far one arm stands beside the next, as a share of the axis.
const BESIDE: f64 = 0.014;

/// What is drawn of one arm in one panel: where the design stands on the axis, and what it changes.
type Points<'c> = Vec<(f64, &'c Difference)>;

/// The text of an SVG file: the median change with the interval over the seeds. `None` where nothing is compared.
///
/// # Errors
/// One sentence when the drawing library fails.
pub fn figure(e: &Experiment, c: &Comparison) -> Option<Result<String, String>> {
    let measures: Vec<Measure> =
        SHOWN.into_iter().filter(|m| c.arms.iter().any(|a| a.difference(*m).is_some())).collect();
    let rows = rows(c);
    let size = (LEAST_WIDTH.max(PANEL.0 * measures.len() as u32), TOP + PANEL.1 * rows.len() as u32 + BOTTOM);
    let draw = |root: &Area| {
        let (top, rest) = root.split_vertically(GRID * TOP);
        let (panels, bottom) = rest.split_vertically(GRID * PANEL.1 * rows.len() as u32);
        let kinds = c.kinds();
        let arms: Vec<(&str, RGBColor)> =
            kinds.iter().filter(|arm| **arm != BASELINE).map(|arm| (*arm, colour(&kinds, arm))).collect();
        heading(&top, &format!("{} on {}: change against {}", e.model, e.data, c.baseline_name()), &arms)?;
        let cells = rows.iter().flat_map(|row| measures.iter().map(move |measure| (*row, *measure)));
        for (area, (row, measure)) in panels.split_evenly((rows.len(), measures.len())).iter().zip(cells) {
            panel(area, c, row, measure)?;
        }
        below(&bottom, &caption(c))
    };
    (!measures.is_empty()).then(|| sheet(size, draw))
}

/// The designs that can be compared with the noiseless one.
fn compared(c: &Comparison) -> impl Iterator<Item = (&ArmSummary, &Design)> {
    c.arms.iter().filter(|arm| !arm.differences.is_empty()).filter_map(|arm| Some((arm, arm.design.as_ref()?)))
}

/// Every choice of the numbers after the first.
fn rows(c: &Comparison) -> Vec<&[(String, f64)]> {
    let mut rows: Vec<&[(String, f64)]> = vec![];
    for (_, design) in compared(c) {
        let others = &design.values[1..];
        if !rows.contains(&others) {
            rows.push(others);
        }
    }
    rows
}

fn panel(area: &Area, c: &Comparison, row: &[(String, f64)], measure: Measure) -> Drawn {
    let kinds = c.kinds();
    let noisy = kinds.iter().filter(|arm| **arm != BASELINE);
    let lines: Vec<(&str, Points)> = noisy.map(|arm| (*arm, points(c, arm, row, measure))).collect();
    let all = || lines.iter().flat_map(|(_, points)| points);
    let Some((_, first)) = all().next() else { return Ok(()) };
    let x = horizontal(all().map(|(x, _)| *x).collect());
    let y = vertical(&all().map(|(_, d)| *d).collect::<Vec<_>>());
    let others: String = row.iter().map(|(name, value)| format!(", {name} {value}")).collect();
    let mut chart = chart(area, &format!("{}{others}", title(measure)), (x.clone(), name(c)), (y, change(first.unit)))?;
    zero(&mut chart, &x)?;
    for (at, (arm, points)) in lines.iter().enumerate() {
        let shift = BESIDE * (at as f64 - 0.5 * (lines.len() - 1) as f64);
        let points: Points = points.iter().map(|(value, d)| (x.beside(*value, shift), *d)).collect();
        mark(&mut chart, &points, colour(&kinds, arm))?;
    }
    Ok(())
}

/// The medians with a line through them, and the intervals behind.
fn mark(chart: &mut Chart, points: &Points, colour: RGBColor) -> Drawn {
    let medians: Vec<(f64, f64)> = points.iter().map(|(x, d)| (*x, d.median)).collect();
    let interval = |(x, d): &(f64, &Difference)| Some(vec![(*x, d.interval?.low), (*x, d.interval?.high)]);
    let style = colour.mix(0.5).stroke_width(2 * GRID);
    let bars = points.iter().filter_map(interval).map(|ends| PathElement::new(ends, style));
    chart.draw_series(bars).map_err(failed)?;
    chart.draw_series(LineSeries::new(medians.clone(), colour.stroke_width(2 * GRID))).map_err(failed)?;
    dots(chart, &medians, colour)
}

fn points<'c>(c: &'c Comparison, arm: &str, row: &[(String, f64)], measure: Measure) -> Points<'c> {
    let here = compared(c).filter(|(summary, design)| summary.kind() == arm && design.values[1..] == *row);
    let mut points: Points =
        here.filter_map(|(summary, d)| Some((d.values[0].1, summary.difference(measure)?))).collect();
    points.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    points
}

/// The name of the first number that varies.
fn name(c: &Comparison) -> &str {
    compared(c).next().map_or("", |(_, design)| &design.values[0].0)
}

fn title(measure: Measure) -> &'static str {
    match measure {
        Measure::MeanTrainLoss => "Training loss, mean of epochs",
        Measure::FinalTrainLoss => "Training loss",
        Measure::FinalTestLoss => "Test loss",
        Measure::FinalTrainError => "Training error",
        Measure::FinalTestError => "Test error",
    }
}

fn change(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "change (%)",
        Unit::Points => "change (points)",
        Unit::Own => "change",
    }
}

/// An axis with a tick at each value.
fn horizontal(mut values: Vec<f64>) -> Axis {
    values.sort_by(f64::total_cmp);
    values.dedup();
    Axis { ticks: values.clone(), ..Axis::around(values) }
}

fn vertical(changes: &[&Difference]) -> Axis {
    let interval = |d: &Difference| d.interval.map(|i| [i.low, i.high]).into_iter().flatten();
    let medians: Vec<f64> = changes.iter().map(|d| d.median).collect();
    Axis::with_zero(&medians, changes.iter().flat_map(|d| interval(d)))
}

fn caption(c: &Comparison) -> Vec<String> {
    let seeds = format::count(c.seeds.len(), "seed");
    let interval = c.arms.iter().flat_map(|arm| &arm.differences).find_map(|d| d.interval);
    let bar = interval.map(|i| format!("Bar: interval of {} coverage. ", format::coverage(i.coverage)));
    vec![
        format!("Dot: median over {seeds}, paired; below 0 is better."),
        format!("{}What lies beyond a panel stands on its edge.", bar.unwrap_or_default()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::demo;

    fn drawn(e: &Experiment) -> Option<String> {
        figure(e, &Comparison::new(e)).map(Result::unwrap)
    }

    #[test]
    fn a_figure_has_a_row_a_cooling_and_a_panel_a_measure() {
        let svg = drawn(&demo::designs(10)).unwrap();
        for needed in
            ["Classifier on digits: change against none", "sigma", "Test error, cooled 1", "change (points)", "0.4"]
        {
            assert!(svg.contains(needed), "no {needed}");
        }
        assert_eq!(svg.matches("<circle").count(), 2 * 3 * 2 * 3);
    }

    #[test]
    fn nothing_to_compare_gives_no_figure_and_one_seed_and_divergence_do_not_fail() {
        let mut e = demo::designs(6);
        e.runs.iter_mut().filter(|r| r.arm == "nem 0.8 cooled 0").for_each(|r| r.stopped = Some("infinite".into()));
        assert!(drawn(&e).is_some() && drawn(&demo::designs(1)).is_some());
        let mut diverging = demo::rates(6);
        diverging.runs.iter_mut().for_each(|r| r.stopped = Some("infinite".into()));
        assert!(drawn(&diverging).is_none());
        e.arms.remove(0);
        e.designs.remove(0);
        e.runs.retain(|r| r.arm != BASELINE);
        assert!(drawn(&e).is_none());
    }

    /// `cargo test --lib a_figure_of_designs_to_look_at -- --ignored`, then open the file it names.
    #[test]
    #[ignore = "writes a file for the eye"]
    fn a_figure_of_designs_to_look_at() {
        let path = std::env::temp_dir().join("nem-designs.svg");
        std::fs::write(&path, drawn(&demo::designs(10)).unwrap()).unwrap();
        println!("{}", path.display());
    }
}
