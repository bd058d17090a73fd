//! Numbers as people read them.

use super::comparison::{Difference, Measure, Unit};
use crate::train::stats::Interval;

/// `−11.7`, `+0.3`, `0.0`: with a real minus sign, and as many decimals as it takes for a number to differ from 0.
pub fn signed(value: f64) -> String {
    match value {
        v if v.is_nan() => "–".into(),
        v if v.is_infinite() => format!("{}∞", sign(v)),
        v => format!("{}{:.*}", sign(v), decimals(v), v.abs()),
    }
}

fn sign(value: f64) -> &'static str {
    if value > 0.0 {
        "+"
    } else if value < 0.0 {
        "−"
    } else {
        ""
    }
}

/// One decimal; two for what would read as 0.0 with one; at most four.
fn decimals(value: f64) -> usize {
    (1..4).find(|d| value == 0.0 || value.abs() >= 0.5 * 10f64.powi(-(*d as i32))).unwrap_or(4)
}

/// The unit after a change: ` %`, ` points` or nothing.
pub fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => " %",
        Unit::Points => " points",
        Unit::Own => "",
    }
}

/// The change of the median with its unit, as in `−11.7 %`.
pub fn change(difference: &Difference) -> String {
    signed(difference.median) + unit(difference.unit)
}

/// `−13.0 to −9.9`; an end beyond every number, because runs diverged, is told as such.
pub fn range(interval: &Interval) -> String {
    format!("{} to {}", signed(interval.low), signed(interval.high))
}

/// `97.9 %`
pub fn coverage(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// The level of a measure: an error rate in percent, anything else to four significant digits.
pub fn level(value: f64, measure: Measure, error_is_share: bool) -> String {
    match value {
        v if !v.is_finite() => "diverged".into(),
        v if error_is_share && !measure.is_loss() => format!("{:.1} %", 100.0 * v),
        v => significant(v, 4),
    }
}

/// `0.02213`, `413.1`, `1.20e-7`.
pub fn significant(value: f64, digits: i32) -> String {
    let magnitude = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
    if !(-5..7).contains(&magnitude) {
        return format!("{value:.*e}", (digits - 2).max(0) as usize).replace('-', "−");
    }
    format!("{value:.*}", (digits - 1 - magnitude).max(0) as usize).replace('-', "−")
}

/// `cross-entropy` of `cross-entropy (nats)`.
pub fn without_unit(name: &str) -> &str {
    name.split(" (").next().unwrap_or(name)
}

/// `1 seed`, `10 seeds`.
pub fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// `1`, `1 and 2`, `1, 2 and 5`.
pub fn list<T: ToString>(items: &[T]) -> String {
    let texts: Vec<String> = items.iter().map(T::to_string).collect();
    match texts.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => texts.concat(),
    }
}

/// The text in lines of at most `columns` characters, all but the first indented by two; words are never cut.
pub fn wrap(text: &str, columns: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last().map_or(0, |l| l.chars().count());
        if line > 0 && line + 1 + word.chars().count() > columns {
            lines.push(format!("  {word}"));
        } else if let Some(last) = lines.last_mut() {
            *last = if last.is_empty() { word.into() } else { format!("{last} {word}") };
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_fit_and_keep_every_word() {
        assert_eq!(wrap("one two three four", 9), "one two\n  three\n  four");
        assert_eq!(wrap("unbreakable", 3), "unbreakable");
    }

    #[test]
    fn changes_that_are_not_zero_never_read_as_zero() {
        let cases = [
            (-11.71, "−11.7"),
            (0.3, "+0.3"),
            (0.04, "+0.04"),
            (-0.0012, "−0.001"),
            (0.0, "0.0"),
            (f64::INFINITY, "+∞"),
            (f64::NAN, "–"),
        ];
        for (value, text) in cases {
            assert_eq!(signed(value), text);
        }
    }

    #[test]
    fn levels_have_four_digits() {
        let cases = [(0.0221349, "0.02213"), (413.07, "413.1"), (0.0, "0.000"), (1.2e-7, "1.20e−7"), (-0.5, "−0.5000")];
        for (value, text) in cases {
            assert_eq!(significant(value, 4), text);
        }
        assert_eq!(level(0.154, Measure::FinalTestError, true), "15.4 %");
        assert_eq!(level(0.154, Measure::FinalTestError, false), "0.1540");
        assert_eq!(level(f64::INFINITY, Measure::FinalTestError, true), "diverged");
    }

    #[test]
    fn coverages_and_lists_read_as_sentences() {
        assert_eq!(coverage(0.9375), "93.8 %");
        assert_eq!(coverage(0.978515625), "97.9 %");
        assert_eq!(
            (list(&[1, 2, 5]), list(&[1]), count(1, "seed")),
            ("1, 2 and 5".into(), "1".into(), "1 seed".into())
        );
    }
}
