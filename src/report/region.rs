//! The picture of a region of noise as SVG: filled in two dimensions, or under Δ along one.

use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::axis::Axis;
use super::raster::png;
use super::sheet::{Area, Drawn, FONT, GRID, failed, grid, sheet, write};
use crate::sample::{Content, Curve, Map, Portrait, Words};

/// Sizes in pixels.
const SIZE: (u32, u32) = (560, 620);
const LOW: (u32, u32) = (560, 420);
const TOP: u32 = 82;

const REGION: RGBColor = RGBColor(214, 231, 243);
const INSIDE: RGBColor = RGBColor(0, 114, 178);
const OUTSIDE: RGBColor = RGBColor(213, 94, 0);
const CENTRE: RGBColor = RGBColor(0, 158, 115);

/// The bytes of the picture in the format that a file's name asks for: SVG, which it is without an ending, or PNG. Errors: one
/// sentence.
pub fn file(portrait: &Portrait, path: &Path) -> Result<Vec<u8>, String> {
    let svg = figure(portrait)?;
    match path.extension().map(|e| e.to_ascii_lowercase()) {
        Some(ending) if ending == "png" => png(&svg),
        Some(ending) if ending != "svg" => Err(format!("a picture is a `.svg` or a `.png`, not `{}`", path.display())),
        _ => Ok(svg.into_bytes()),
    }
}

/// The text of an SVG file. Errors: one sentence when the drawing library fails.
pub fn figure(portrait: &Portrait) -> Result<String, String> {
    let size = if matches!(portrait.content, Content::Curve(_)) { LOW } else { SIZE };
    sheet(size, |root| {
        let (top, rest) = root.split_vertically(GRID * TOP);
        heading(&top, portrait)?;
        match &portrait.content {
            Content::Curve(line) => draw_line(&rest, line, portrait.words),
            Content::Map(plane) => draw_plane(&rest, plane),
        }
    })
}

/// Title, numbers, and the legend outside of the panel.
fn heading(area: &Area, portrait: &Portrait) -> Drawn {
    let middle = SIZE.0 as i32 / 2;
    write(area, &portrait.title, (middle, 20), HPos::Center, 20)?;
    write(area, &portrait.subtitle, (middle, 44), HPos::Center, 14)?;
    let (sampled, centred) = match &portrait.content {
        Content::Curve(line) => (!line.sample.is_empty(), false),
        Content::Map(plane) => (!plane.sample.is_empty(), plane.centre.is_some()),
    };
    let entries = [
        ("changes nothing", BLACK, true),
        ("centre", CENTRE, centred),
        ("draw inside", INSIDE, sampled),
        ("draw outside", OUTSIDE, sampled),
    ];
    let mut x = 70;
    for (name, colour, _) in entries.into_iter().filter(|(.., shown)| *shown) {
        area.draw(&Circle::new(grid(x, 68), 4 * GRID, colour.filled())).map_err(failed)?;
        write(area, name, (x + 10, 68), HPos::Left, 14)?;
        x += 36 + 7 * name.len() as i32;
    }
    Ok(())
}

/// Builds a chart with axes and their names.
macro_rules! chart {
    ($area:expr, $x:expr, $y:expr, $names:expr) => {{
        let mut chart = ChartBuilder::on($area)
            .margin_right(GRID * 24)
            .margin_left(GRID * 10)
            .margin_top(GRID * 6)
            .margin_bottom(GRID * 10)
            .x_label_area_size(GRID * 40)
            .y_label_area_size(GRID * 58)
            .build_cartesian_2d($x, $y)
            .map_err(failed)?;
        chart
            .configure_mesh()
            .light_line_style(RGBColor(244, 244, 244).stroke_width(GRID))
            .bold_line_style(RGBColor(224, 224, 224).stroke_width(GRID))
            .axis_style(RGBColor(90, 90, 90).stroke_width(GRID))
            .set_all_tick_mark_size(GRID * 4)
            .label_style((FONT, GRID * 14))
            .axis_desc_style((FONT, GRID * 15))
            .x_desc($names.0)
            .y_desc($names.1)
            .draw()
            .map_err(failed)?;
        chart
    }};
}

fn draw_plane(area: &Area, plane: &Map) -> Drawn {
    let (across, up) = plane.window;
    let (x, y) = (Axis::linear(across.lower, across.upper), Axis::linear(up.lower, up.upper));
    let names = (component(plane.axes.0), component(plane.axes.1));
    let mut chart = chart!(area, x, y, names);
    let strips = plane.shape.strips.iter().map(|[a, b, c, d]| Rectangle::new([(*a, *c), (*b, *d)], REGION.filled()));
    chart.draw_series(strips).map_err(failed)?;
    let outline =
        plane.shape.outline.iter().map(|piece| PathElement::new(piece.to_vec(), INSIDE.stroke_width(2 * GRID)));
    chart.draw_series(outline).map_err(failed)?;
    let within = |p: &(f64, f64)| across.lower <= p.0 && p.0 <= across.upper && up.lower <= p.1 && p.1 <= up.upper;
    chart.draw_series(points(&plane.sample, within)).map_err(failed)?;
    let marks = plane.centre.map(|c| (c, CENTRE)).into_iter().chain(plane.still.map(|s| (s, BLACK)));
    chart.draw_series(marks.map(|(p, colour)| Circle::new(p, 5 * GRID, colour.filled()))).map_err(failed)?;
    Ok(())
}

fn draw_line(area: &Area, line: &Curve, words: &Words) -> Drawn {
    let window = line.window;
    let (low, high) = height(line, words);
    let names = ("n", words.quantity);
    let mut chart = chart!(area, Axis::linear(window.lower, window.upper), Axis::linear(low, high), names);
    let shaded = line.region.iter().map(|i| {
        let (from, to) = (i.lower.max(window.lower), i.upper.min(window.upper));
        Rectangle::new([(from, low), (to, high)], REGION.filled())
    });
    chart.draw_series(shaded).map_err(failed)?;
    let zero = vec![(window.lower, 0.0), (window.upper, 0.0)];
    chart.draw_series([PathElement::new(zero, RGBColor(90, 90, 90).stroke_width(GRID))]).map_err(failed)?;
    let visible = |p: &(f64, f64)| (low..=high).contains(&p.1) && (window.lower..=window.upper).contains(&p.0);
    // Where the curve leaves the window it is broken off: joined pieces would show a slope that is not there.
    for piece in line.curve.split(|p| !visible(p)) {
        chart.draw_series(LineSeries::new(piece.to_vec(), INSIDE.stroke_width(2 * GRID))).map_err(failed)?;
    }
    chart.draw_series(points(&line.sample, visible)).map_err(failed)?;
    chart.draw_series(line.still.map(|s| Circle::new((s, 0.0), 5 * GRID, BLACK.filled()))).map_err(failed)?;
    Ok(())
}

/// From below 0 to above: no farther beyond 0 than the curve goes inside of the region, or the rest of it would hide where that is.
pub(super) fn height(line: &Curve, words: &Words) -> (f64, f64) {
    let sign = if words.falls { -1.0 } else { 1.0 };
    let (low, high) = upright(line.curve.iter().map(|p| sign * p.1));
    if words.falls { (-high, -low) } else { (low, high) }
}

fn upright(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let (most, least) = (values.clone().fold(0.0, f64::max), values.fold(0.0, f64::min));
    let high = if most > 0.0 { most } else { least.abs().max(1.0) * 0.1 };
    (least.max(-2.0 * high) - 0.1 * high, 1.15 * high)
}

fn points(sample: &[((f64, f64), bool)], shown: impl Fn(&(f64, f64)) -> bool) -> Vec<Circle<(f64, f64), u32>> {
    let colour = |inside: bool| if inside { INSIDE } else { OUTSIDE };
    let shown = sample.iter().filter(|(p, _)| shown(p));
    shown.map(|(p, inside)| Circle::new(*p, 5 * GRID / 2, colour(*inside).mix(0.75).filled())).collect()
}

/// n₁
pub(super) fn component(k: usize) -> String {
    let digit = |c: char| char::from_u32(u32::from('₀') + c.to_digit(10).unwrap_or(0)).unwrap_or(c);
    format!("n{}", k.to_string().chars().map(digit).collect::<String>())
}
