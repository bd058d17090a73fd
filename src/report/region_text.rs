//! The picture of a region of noise for a terminal: what [`super::region`] draws, of characters.

use super::braille::{self, Canvas};
use super::region::{component, height};
use crate::sample::{Content, Curve, Map, Portrait, Words};

/// Characters down: of a plane, and of a curve.
const ROWS: usize = 20;
const LOW: usize = 12;

type Place = (f64, f64);
/// A draw, and whether it lies inside.
type Point = (Place, bool);

const STILL: char = 'o';
const CENTRE: char = '+';

/// Title, picture and legend, for a terminal of so many columns; ends with a line break.
pub fn drawing(portrait: &Portrait, columns: usize) -> String {
    let across = braille::fitting(columns);
    let picture = match &portrait.content {
        Content::Curve(line) => line_picture(line, across, portrait.words),
        Content::Map(plane) => plane_picture(plane, across, portrait.words),
    };
    format!("{}\n{}\n\n{picture}", portrait.title, portrait.subtitle)
}

fn plane_picture(plane: &Map, columns: usize, words: &Words) -> String {
    let (right, up) = plane.window;
    let mut canvas = Canvas::new((right.lower, right.upper), (up.lower, up.upper), columns, ROWS);
    let (across, rows) = canvas.size();
    let inside = |(x, y): (f64, f64)| {
        plane.shape.strips.iter().any(|[a, b, c, d]| (*a..=*b).contains(&x) && (*c..=*d).contains(&y))
    };
    for dot in (0..across).flat_map(|i| (0..rows).map(move |j| (i, j))) {
        if inside(canvas.point(dot)) {
            canvas.set(dot);
        }
    }
    plane.shape.outline.iter().for_each(|[from, to]| canvas.line(*from, *to));
    mark(&mut canvas, &plane.sample, plane.still, plane.centre);
    let (i, j) = plane.axes;
    let legend = legend(&[
        ("⣿", words.inside, true),
        ("o", "changes nothing", plane.still.is_some()),
        ("+", "centre", plane.centre.is_some()),
        ("x", "a draw outside", !plane.sample.is_empty()),
    ]);
    format!("  {} (up)\n{}{legend}", component(j), canvas.framed(&component(i)))
}

fn line_picture(line: &Curve, columns: usize, words: &Words) -> String {
    let window = (line.window.lower, line.window.upper);
    let (low, high) = height(line, words);
    let mut canvas = Canvas::new(window, (low, high), columns, LOW);
    line.curve.windows(2).for_each(|pair| {
        // Where the curve jumps or leaves the window, joined pieces would show a slope that is not there.
        if pair.iter().all(|p| (low..=high).contains(&p.1)) {
            canvas.line(pair[0], pair[1]);
        }
    });
    let zero = canvas.size().0;
    (0..zero).step_by(4).for_each(|i| {
        let x = canvas.point((i, 0)).0;
        canvas.plot((x, 0.0));
    });
    mark(&mut canvas, &[], line.still.map(|x| (x, 0.0)), None);
    let inside = |x: f64| line.region.iter().any(|i| (i.lower..=i.upper).contains(&x));
    let strip: String = (0..columns).map(|i| if inside(canvas.point((2 * i, 0)).0) { '━' } else { ' ' }).collect();
    let framed = canvas.framed("n");
    let indent = framed.lines().next().map_or(0, |row| row.chars().take_while(|c| *c != '┤').count() + 1);
    let legend = legend(&[("━", &words.condition(), true), ("o", "changes nothing", line.still.is_some())]);
    format!("  {} (up)\n{framed}{}{}\n{legend}", words.quantity, " ".repeat(indent), strip.trim_end())
}

/// Draws that fell outside, and the marks over everything else.
fn mark(canvas: &mut Canvas, sample: &[Point], still: Option<Place>, centre: Option<Place>) {
    sample.iter().filter(|(_, inside)| !inside).for_each(|(point, _)| canvas.letter(*point, 'x'));
    centre.iter().for_each(|point| canvas.letter(*point, CENTRE));
    still.iter().for_each(|point| canvas.letter(*point, STILL));
}

fn legend(entries: &[(&str, &str, bool)]) -> String {
    let shown: Vec<String> =
        entries.iter().filter(|(.., shown)| *shown).map(|(mark, what, _)| format!("{mark} {what}")).collect();
    format!("  {}\n", shown.join("   "))
}
