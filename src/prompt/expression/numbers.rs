//! Numbers as people like to read them, in a form that can be entered again.

use crate::expr::Value;

/// How many digits of a number are shown where nothing is said.
pub const DIGITS: usize = 6;
/// Whole numbers up to this are shown in full: all of them are exact.
const WHOLE: f64 = 1e15;
/// Longer vectors and matrices are shortened to their first and last elements.
const LONGEST: usize = 12;
const FIRST: usize = 6;
const LAST: usize = 2;

/// Up to so many digits, without zeros at the end.
pub fn number(x: f64, digits: usize) -> String {
    if !x.is_finite() {
        return if x.is_nan() { "not a number".into() } else { format!("{}infinity", if x < 0.0 { "-" } else { "" }) };
    }
    let whole = x.fract() == 0.0 && x.abs() < WHOLE;
    let rounded = if whole { x } else { format!("{x:.*e}", digits.max(1) - 1).parse().unwrap_or(x) };
    let plain = whole || (1e-4..1e6).contains(&rounded.abs());
    // −0 is 0.
    let rounded = if rounded == 0.0 { 0.0 } else { rounded };
    if plain { rounded.to_string() } else { format!("{rounded:e}") }
}

/// A value on as many lines as it has rows.
pub fn value(value: &Value, digits: usize) -> String {
    match value {
        Value::Matrix(rows, columns, numbers) => matrix(*rows, *columns, numbers, digits),
        other => one_line(other, digits),
    }
}

/// A value on one line.
pub fn one_line(value: &Value, digits: usize) -> String {
    match value {
        Value::Scalar(x) => number(*x, digits),
        Value::Vector(v) => vector(v, digits),
        Value::Matrix(rows, columns, numbers) => match rows * columns {
            n if n <= LONGEST => {
                format!("[{}]", numbers.chunks(*columns).map(|row| vector(row, digits)).collect::<Vec<_>>().join(", "))
            }
            _ => format!("a {rows} × {columns} matrix"),
        },
    }
}

fn vector(v: &[f64], digits: usize) -> String {
    let (shown, short) = shortened(&v.iter().map(|x| number(*x, digits)).collect::<Vec<_>>());
    let length = if short { format!("  ({} numbers)", v.len()) } else { String::new() };
    format!("[{}]{length}", shown.join(", "))
}

/// Row by row, columns one below the other.
fn matrix(rows: usize, columns: usize, numbers: &[f64], digits: usize) -> String {
    let cells: Vec<Vec<String>> = numbers
        .chunks(columns.max(1))
        .map(|row| shortened(&row.iter().map(|x| number(*x, digits)).collect::<Vec<_>>()).0)
        .collect();
    let width = |c: usize| cells.iter().filter_map(|row| row.get(c)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map_while(width).collect();
    let lines = cells.iter().map(|row| {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}"));
        format!("[{}]", padded.collect::<Vec<_>>().join(", "))
    });
    let lines: Vec<String> = lines.collect();
    let (mut shown, _) = shortened(&lines);
    if rows > LONGEST || columns > LONGEST {
        shown.push(format!("({rows} × {columns})"));
        return shown.join("\n");
    }
    format!("[{}]", shown.join(",\n "))
}

/// The first and the last ones where there are many, and whether something was left out.
fn shortened(items: &[String]) -> (Vec<String>, bool) {
    if items.len() <= LONGEST {
        return (items.to_vec(), false);
    }
    let (first, last) = (&items[..FIRST], &items[items.len() - LAST..]);
    ([first, &["…".to_string()], last].concat(), true)
}
