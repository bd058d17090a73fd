//! Displayed formulas: on one line where they fit, else broken before a relation, a plus or a minus.

use super::open::{group, open};

/// How many letters fit on a line.
const COLUMNS: usize = 76;

/// Signs before which a formula may go on in the next line.
const BREAKS: &[&str] = &[" = ", r" \ge ", r" \le ", " + ", " - "];

/// Where factors begin, before which it may go on where there is no better place.
const FACTORS: &[&str] =
    &[" / ", r" \left", r" \bigl", r" \frac", r" \exp", r" \ln", r" \begin{cases}", r" \operatorname"];

/// Sizes, with the columns that they have for each of a normal line's.
const SIZES: &[(&str, usize)] = &[("", 100), (r"\small", 110), (r"\footnotesize", 122), (r"\scriptsize", 140)];

/// A display; ends with a line break.
pub fn display(formula: &str) -> String {
    let lines = lines(formula);
    let widest = lines.iter().map(|l| width(l)).max().unwrap_or(0);
    let (size, _) = SIZES.iter().find(|(_, share)| widest * 100 <= COLUMNS * share).unwrap_or(&SIZES[SIZES.len() - 1]);
    let body = match &lines[..] {
        [only] => format!("\\begin{{equation*}}\n{only}\n\\end{{equation*}}\n"),
        _ => format!("\\begin{{multline*}}\n{}\n\\end{{multline*}}\n", lines.join(" \\\\\n")),
    };
    if size.is_empty() { body } else { format!("{{{size}\n{body}}}\n") }
}

/// The formula in pieces that fit, as far as it has places to break: between terms, then between factors, then
/// within brackets.
fn lines(formula: &str) -> Vec<String> {
    let opened = open(formula, COLUMNS);
    let terms = pieces(&opened, BREAKS, true);
    let factors = terms.into_iter().flat_map(|p| if fits(p) { vec![p] } else { pieces(p, FACTORS, true) });
    let within = factors.flat_map(|p| if fits(p) { vec![p] } else { pieces(p, BREAKS, false) });
    let mut lines: Vec<String> = vec![];
    for piece in within {
        match lines.last_mut() {
            Some(line) if width(line) + width(piece) <= COLUMNS => line.push_str(piece),
            _ => lines.push(piece.into()),
        }
    }
    lines
}

fn fits(piece: &str) -> bool {
    width(piece) <= COLUMNS
}

/// What holds its parts together, and what holds them together where there is another place to break.
const HOLDING: [&[&str]; 2] = [&["{", r"\left", r"\begin{cases}"], &["}", r"\right", r"\end{cases}"]];
const BRACKETS: [&[&str]; 2] = [&["(", "[", r"\lvert", r"\lVert"], &[")", "]", r"\rvert", r"\rVert"]];

/// The formula cut before every one of these signs that stands outside of what holds together. Brackets that were opened
/// do not; a sign is never left alone.
fn pieces<'a>(formula: &'a str, signs: &[&str], keep_brackets: bool) -> Vec<&'a str> {
    let starts = |rest: &str, list: &[&str]| list.iter().any(|start| rest.starts_with(start));
    let step = |rest: &str, [open, close]: [&[&str]; 2]| i32::from(starts(rest, open)) - i32::from(starts(rest, close));
    let mut pieces = vec![];
    let (mut start, mut depth) = (0, 0);
    for (at, _) in formula.char_indices() {
        let (before, rest) = formula.split_at(at);
        let opened = before.ends_with(r"\bigl") || before.ends_with(r"\bigr");
        depth += step(rest, HOLDING) + if keep_brackets && !opened { step(rest, BRACKETS) } else { 0 };
        if depth == 0 && before[start..].trim().len() > 1 && starts(rest, signs) {
            pieces.push(&formula[start..at]);
            start = at;
        }
    }
    pieces.push(&formula[start..]);
    pieces
}

/// About how many letters wide a formula is set. Of a fraction the wider part counts.
pub fn width(formula: &str) -> usize {
    let mut rest = formula;
    let mut total = 0;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(r"\frac") {
            let (over, after) = group(after);
            let (under, after) = group(after);
            total += width(over).max(width(under));
            rest = after;
        } else if let Some(after) = rest.strip_prefix('\\') {
            let name = after.len() - after.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
            total += match &after[..name] {
                "bigl" | "bigr" | "operatorname" | "mathrm" | "text" | "begin" | "end" => 0,
                function @ ("ln" | "exp" | "min" | "max" | "sin" | "cos" | "tanh" | "arctan" | "det") => function.len(),
                _ => 1,
            };
            rest = &after[name.max(1).min(after.len())..];
        } else {
            total += usize::from(!"{}^_ ".contains(c));
            rest = &rest[c.len_utf8()..];
        }
    }
    total + BREAKS.iter().map(|sign| formula.matches(sign).count()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_as_wide_as_their_wider_part() {
        assert_eq!(width(r"\frac{a b c}{\sigma^{2}}"), 3);
        assert_eq!(width(r"\operatorname{ab}(x)"), 5);
    }

    #[test]
    fn long_formulas_are_broken_at_signs_outside_braces() {
        let formula = r"aa + \frac{b + c}{d} \ge (e + f)";
        assert_eq!(pieces(formula, BREAKS, true), ["aa", r" + \frac{b + c}{d}", r" \ge (e + f)"]);
        assert_eq!(pieces(formula, BREAKS, false), ["aa", r" + \frac{b + c}{d}", r" \ge (e", " + f)"]);
        let long = vec!["abcdefghij"; 20].join(" + ");
        assert!(lines(&long).iter().all(|l| width(l) <= COLUMNS));
        assert!(display(&long).contains("multline*"));
        assert!(display("a + b").contains("equation*"));
    }
}
