//! What all figures are made of: a sheet with a heading and a caption, panels with axes, curves with bands, colours.

use plotters::{
    coord::{Shift, cartesian::Cartesian2d},
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{axis::Axis, curves::Point};

/// From one line of the caption to the next, in pixels.
pub const LINE: u32 = 20;
/// The library rounds to whole pixels, which makes curves jagged: draw on a finer grid, and show it smaller.
pub const GRID: u32 = 8;
pub const FONT: &str = "sans-serif";

/// The colours of Okabe and Ito, told apart with every kind of colour blindness; the usual arms always have the same.
const COLOURS: [(&str, RGBColor); 4] = [
    ("none", RGBColor(0, 0, 0)),
    ("blind", RGBColor(230, 159, 0)),
    ("nem", RGBColor(0, 114, 178)),
    ("anti", RGBColor(213, 94, 0)),
];
const OTHERS: [RGBColor; 3] = [RGBColor(0, 158, 115), RGBColor(204, 121, 167), RGBColor(86, 180, 233)];

pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;
/// A sentence: only the drawing library's own faults can cause it.
pub type Drawn = Result<(), String>;

/// A white sheet with what is drawn on it, as the text of an SVG file.
pub fn sheet(size: (u32, u32), draw: impl FnOnce(&Area) -> Drawn) -> Result<String, String> {
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

/// A panel with its grid and axes, each with what it shows.
pub fn chart<'a, 'b>(
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
        .y_label_area_size(GRID * (34 + 7 * y.0.widest_label()))
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

/// The bands, and the lines over all of them.
pub fn curves(chart: &mut Chart, curves: &[(RGBColor, &Vec<Point>)]) -> Drawn {
    for (colour, points) in curves {
        chart.draw_series([Polygon::new(band(points), colour.mix(0.16))]).map_err(failed)?;
    }
    for (colour, points) in curves {
        chart.draw_series(LineSeries::new(line(points), colour.stroke_width(2 * GRID))).map_err(failed)?;
    }
    Ok(())
}

/// Dots, where few points were measured and the line between them was not.
pub fn dots(chart: &mut Chart, at: &[(f64, f64)], colour: RGBColor) -> Drawn {
    chart.draw_series(at.iter().map(|at| Circle::new(*at, 3 * GRID, colour.filled()))).map_err(failed)?;
    Ok(())
}

/// Where nothing changes.
pub fn zero(chart: &mut Chart, x: &Axis) -> Drawn {
    let style = RGBColor(90, 90, 90).stroke_width(GRID);
    chart.draw_series(LineSeries::new([(x.low, 0.0), (x.high, 0.0)], style)).map_err(failed)?;
    Ok(())
}

/// A curve's line; it ends on the upper edge where half of the runs have diverged.
fn line(points: &[Point]) -> Vec<(f64, f64)> {
    let finite = points.iter().take_while(|p| p.middle.is_finite()).count();
    points.iter().take(finite + 1).map(|p| (p.epoch as f64, p.middle)).collect()
}

/// The outline of the band: along its upper edge, and back along its lower one.
fn band(points: &[Point]) -> Vec<(f64, f64)> {
    let finite: Vec<&Point> = points.iter().take_while(|p| p.low.is_finite()).collect();
    let high = finite.iter().map(|p| (p.epoch as f64, p.high));
    let low = finite.iter().rev().map(|p| (p.epoch as f64, p.low));
    high.chain(low).collect()
}

/// The colour of one of these arms.
pub fn colour(arms: &[impl AsRef<str>], arm: &str) -> RGBColor {
    if let Some((_, colour)) = COLOURS.iter().find(|(name, _)| *name == arm) {
        return *colour;
    }
    let others = arms.iter().map(AsRef::as_ref).filter(|a| COLOURS.iter().all(|(name, _)| name != a));
    OTHERS[others.take_while(|a| *a != arm).count() % OTHERS.len()]
}

/// Title, and below it the legend, outside of the panels where it covers nothing.
pub fn heading(area: &Area, title: &str, arms: &[(&str, RGBColor)]) -> Drawn {
    let middle = (area.dim_in_pixel().0 / GRID) as i32 / 2;
    write(area, title, (middle, 22), HPos::Center, 21)?;
    let step = legend_step(arms.iter().map(|(arm, _)| *arm));
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

/// From one name in the legend to the next, in pixels.
fn legend_step<'a>(names: impl Iterator<Item = &'a str>) -> i32 {
    58 + 9 * names.map(|name| name.chars().count()).max().unwrap_or(0) as i32
}

/// How many of these names a legend of this width has room for.
pub fn legend_room(names: &[&str], width: u32) -> usize {
    width as usize / legend_step(names.iter().copied()) as usize
}

pub fn grid(x: i32, y: i32) -> (i32, i32) {
    (x * GRID as i32, y * GRID as i32)
}

pub fn below(area: &Area, lines: &[String]) -> Drawn {
    for (i, text) in lines.iter().enumerate() {
        write(area, text, (16, 12 + LINE as i32 * i as i32), HPos::Left, 14)?;
    }
    Ok(())
}

pub fn write(area: &Area, text: &str, (x, y): (i32, i32), h: HPos, size: u32) -> Drawn {
    let style = (FONT, GRID * size).into_text_style(area).pos(Pos::new(h, VPos::Center));
    area.draw(&Text::new(text.to_string(), grid(x, y), style)).map_err(failed)
}

pub fn failed(error: impl std::fmt::Display) -> String {
    format!("the figure cannot be drawn: {error}")
}
