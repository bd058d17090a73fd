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

/// The formula in pieces that fit, as far as it has places to break.
fn lines(formula: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    let opened = open(formula, COLUMNS);
    let split = |piece| if width(piece) > COLUMNS { pieces(piece, FACTORS) } else { vec![piece] };
    for piece in pieces(&opened, BREAKS).into_iter().flat_map(split) {
        match lines.last_mut() {
            Some(line) if width(line) + width(piece) <= COLUMNS => line.push_str(piece),
            _ => lines.push(piece.into()),
        }
    }
    lines
}

/// The formula cut before every one of these signs, outside of braces and of brackets that grow.
fn pieces<'a>(formula: &'a str, signs: &[&str]) -> Vec<&'a str> {
    let mut pieces = vec![];
    let (mut start, mut depth) = (0, 0i32);
    for (at, c) in formula.char_indices() {
        let rest = &formula[at..];
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ if [r"\left", r"\begin{cases}"].iter().any(|start| rest.starts_with(start)) => 1,
            _ if [r"\right", r"\end{cases}"].iter().any(|end| rest.starts_with(end)) => -1,
            _ => 0,
        };
        if depth == 0 && at > start && signs.iter().any(|sign| rest.starts_with(sign)) {
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
                "left" | "right" | "bigl" | "bigr" | "operatorname" | "mathrm" | "text" | "begin" | "end" => 0,
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
        assert_eq!(width(r"\operatorname{ab}\left(x\right)"), 5);
    }

    #[test]
    fn long_formulas_are_broken_at_signs_outside_braces() {
        assert_eq!(pieces(r"a + \frac{b + c}{d} \ge e", BREAKS), ["a", r" + \frac{b + c}{d}", r" \ge e"]);
        let long = vec!["abcdefghij"; 20].join(" + ");
        assert!(lines(&long).iter().all(|l| width(l) <= COLUMNS));
        assert!(display(&long).contains("multline*"));
        assert!(display("a + b").contains("equation*"));
    }
}
