//! The figure of an experiment as SVG: loss above, error below, training set left, test set right, one colour an arm.

use plotters::{
    coord::{Shift, cartesian::Cartesian2d},
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{
    axis::Axis,
    curves::{Panel, Point, curve},
    format,
};
use crate::train::record::Experiment;

/// Sizes in pixels.
const PANEL: (u32, u32) = (480, 300);
const TOP: u32 = 68;
const BOTTOM: u32 = 46;
/// From one line of the caption to the next.
const LINE: u32 = 20;
/// The library rounds to whole pixels, which makes curves jagged: draw on a finer grid, and show it smaller.
pub(super) const GRID: u32 = 8;
pub(super) const FONT: &str = "sans-serif";

/// The colours of Okabe and Ito, told apart with every kind of colour blindness; the usual arms always have the same.
const COLOURS: [(&str, RGBColor); 4] = [
    ("none", RGBColor(0, 0, 0)),
    ("blind", RGBColor(230, 159, 0)),
    ("nem", RGBColor(0, 114, 178)),
    ("anti", RGBColor(213, 94, 0)),
];
const OTHERS: [RGBColor; 3] = [RGBColor(0, 158, 115), RGBColor(204, 121, 167), RGBColor(86, 180, 233)];

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;
/// A sentence: only the drawing library's own faults can cause it.
pub(super) type Drawn = Result<(), String>;

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

/// A white sheet with what is drawn on it, as the text of an SVG file.
pub(super) fn sheet(size: (u32, u32), draw: impl FnOnce(&Area) -> Drawn) -> Result<String, String> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (GRID * size.0, GRID * size.1)).into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        draw(&root)?;
        root.present().map_err(failed)?;
    }
    Ok(shown_at(size, svg))
}

/// The same drawing at this size: only the outermost width and height change, not the grid inside.
fn shown_at((width, height): (u32, u32), svg: String) -> String {
    let outer = |w: u32, h: u32| format!("<svg width=\"{w}\" height=\"{h}\"");
    svg.replacen(&outer(GRID * width, GRID * height), &outer(width, height), 1)
}

/// The panels, row by row.
fn layout(columns: u32) -> Vec<Panel> {
    let all = [Panel::TrainLoss, Panel::TestLoss, Panel::TrainError, Panel::TestError];
    all.into_iter().filter(|p| columns == 2 || !p.is_test()).collect()
}

fn draw(area: &Area, experiment: &Experiment, panel: Panel) -> Drawn {
    let scale = if !panel.is_loss() && experiment.error_is_share { 100.0 } else { 1.0 };
    let curves: Vec<(&str, Vec<Point>)> =
        experiment.arms.iter().map(|arm| (arm.as_str(), scaled(curve(experiment, arm, panel), scale))).collect();
    let x = Axis::linear(0.0, experiment.last_epoch().max(1) as f64);
    let y = Axis::around(visible(&curves));
    let caption = if panel.is_test() { "Test set" } else { "Training set" };
    let mut chart = chart(area, caption, (x, "epoch"), (y, &unit(experiment, panel)))?;
    for (arm, points) in &curves {
        let colour = colour(&experiment.arms, arm);
        chart.draw_series([Polygon::new(band(points), colour.mix(0.16))]).map_err(failed)?;
    }
    for (arm, points) in &curves {
        let style = colour(&experiment.arms, arm).stroke_width(2 * GRID);
        chart.draw_series(LineSeries::new(line(points), style)).map_err(failed)?;
    }
    Ok(())
}

/// A panel with its grid and axes, each with what it shows.
pub(super) fn chart<'a, 'b>(
    area: &'a Area<'b>,
    caption: &str,
    x: (Axis, &str),
    y: (Axis, &str),
) -> Result<Chart<'a, 'b>, String> {
    let mut chart = ChartBuilder::on(area)
        .margin_right(GRID * 18)
        .margin_left(GRID * 16)
        .margin_top(GRID * 14)
        .x_label_area_size(GRID * 40)
        .y_label_area_size(GRID * 58)
        .caption(caption, (FONT, GRID * 17))
        .build_cartesian_2d(x.0, y.0)
        .map_err(failed)?;
    chart
        .configure_mesh()
        .light_line_style(RGBColor(244, 244, 244).stroke_width(GRID))
        .bold_line_style(RGBColor(224, 224, 224).stroke_width(GRID))
        .axis_style(RGBColor(90, 90, 90).stroke_width(GRID))
        .set_all_tick_mark_size(GRID * 4)
        .label_style((FONT, GRID * 14))
        .axis_desc_style((FONT, GRID * 15))
        .x_desc(x.1)
        .y_desc(y.1)
        .draw()
        .map_err(failed)?;
    Ok(chart)
}

fn unit(experiment: &Experiment, panel: Panel) -> String {
    match (panel.is_loss(), experiment.error_is_share) {
        (true, _) => experiment.loss.clone(),
        (false, true) => format!("{} (%)", experiment.error),
        (false, false) => experiment.error.clone(),
    }
}

fn scaled(points: Vec<Point>, scale: f64) -> Vec<Point> {
    let each = |p: Point| Point { epoch: p.epoch, low: p.low * scale, median: p.median * scale, high: p.high * scale };
    points.into_iter().map(each).collect()
}

/// The values an axis must hold: all, but no more than ten times where any arm started, or one exploding run would
/// flatten all the others.
fn visible(curves: &[(&str, Vec<Point>)]) -> Vec<f64> {
    let points = || curves.iter().flat_map(|(_, points)| points);
    let start = points().filter(|p| p.epoch == 0 && p.high.is_finite()).map(|p| p.high).fold(0.0, f64::max);
    let ceiling = if start > 0.0 { 10.0 * start } else { f64::INFINITY };
    points().flat_map(|p| [p.low, p.median, p.high]).filter(|v| *v <= ceiling).collect()
}

/// The median's line; it ends on the upper edge where half of the runs have diverged.
fn line(points: &[Point]) -> Vec<(f64, f64)> {
    let finite = points.iter().take_while(|p| p.median.is_finite()).count();
    points.iter().take(finite + 1).map(|p| (p.epoch as f64, p.median)).collect()
}

/// The outline of the band: along its upper edge, and back along its lower one.
fn band(points: &[Point]) -> Vec<(f64, f64)> {
    let finite: Vec<&Point> = points.iter().take_while(|p| p.low.is_finite()).collect();
    let high = finite.iter().map(|p| (p.epoch as f64, p.high));
    let low = finite.iter().rev().map(|p| (p.epoch as f64, p.low));
    high.chain(low).collect()
}

/// The colour of one of these arms.
pub(super) fn colour(arms: &[impl AsRef<str>], arm: &str) -> RGBColor {
    if let Some((_, colour)) = COLOURS.iter().find(|(name, _)| *name == arm) {
        return *colour;
    }
    let others = arms.iter().map(AsRef::as_ref).filter(|a| COLOURS.iter().all(|(name, _)| name != a));
    OTHERS[others.take_while(|a| *a != arm).count() % OTHERS.len()]
}

/// Title, and below it the legend, outside of the panels where it covers nothing.
pub(super) fn heading(area: &Area, title: &str, arms: &[(&str, RGBColor)]) -> Drawn {
    let middle = (area.dim_in_pixel().0 / GRID) as i32 / 2;
    write(area, title, (middle, 22), HPos::Center, 21)?;
    let longest = arms.iter().map(|(arm, _)| arm.chars().count()).max().unwrap_or(0) as i32;
    let step = 58 + 9 * longest;
    let start = middle - step * arms.len() as i32 / 2 + 12;
    for (i, (arm, colour)) in arms.iter().enumerate() {
        let x = start + step * i as i32;
        area.draw(&Rectangle::new([grid(x, 44), grid(x + 28, 58)], colour.mix(0.16).filled())).map_err(failed)?;
        let line = vec![grid(x, 51), grid(x + 28, 51)];
        area.draw(&PathElement::new(line, colour.stroke_width(2 * GRID))).map_err(failed)?;
        write(area, arm, (x + 34, 51), HPos::Left, 16)?;
    }
    Ok(())
}

pub(super) fn grid(x: i32, y: i32) -> (i32, i32) {
    (x * GRID as i32, y * GRID as i32)
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

pub(super) fn below(area: &Area, lines: &[String]) -> Drawn {
    for (i, text) in lines.iter().enumerate() {
        write(area, text, (16, 12 + LINE as i32 * i as i32), HPos::Left, 14)?;
    }
    Ok(())
}

fn diverged(experiment: &Experiment) -> Option<String> {
    let count = |arm: &String| experiment.runs_of(arm).filter(|r| r.diverged().is_some()).count();
    let arms = experiment.arms.iter().map(|a| (a, count(a))).filter(|(_, n)| *n > 0);
    let told: Vec<String> = arms.map(|(arm, n)| format!("{arm} {n}")).collect();
    (!told.is_empty()).then(|| format!("Runs that diverged, drawn above everything: {}.", told.join(", ")))
}

pub(super) fn write(area: &Area, text: &str, (x, y): (i32, i32), h: HPos, size: u32) -> Drawn {
    let style = (FONT, GRID * size).into_text_style(area).pos(Pos::new(h, VPos::Center));
    area.draw(&Text::new(text.to_string(), grid(x, y), style)).map_err(failed)
}

pub(super) fn failed(error: impl std::fmt::Display) -> String {
    format!("the figure cannot be drawn: {error}")
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
