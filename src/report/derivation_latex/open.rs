//! Formulas too wide for a line, written so that they can be broken: brackets that do not grow, fractions with a slash,
//! cases one after the other.

use super::display::width;

/// Opens whatever is wider than `columns` and would hold its parts together; looks into nothing that fits.
pub fn open(formula: &str, columns: usize) -> String {
    let mut text = String::new();
    let mut rest = formula;
    while let Some(c) = rest.chars().next() {
        let (block, after) = block(rest);
        rest = match block {
            Some(block) if width(block.source) > columns => {
                text += &block.opened(columns);
                after
            }
            Some(block) => {
                text += block.source;
                after
            }
            None => {
                text.push(c);
                &rest[c.len_utf8()..]
            }
        };
    }
    text
}

/// A part of a formula that LaTeX does not break.
struct Block<'a> {
    source: &'a str,
    parts: Parts<'a>,
}

enum Parts<'a> {
    Fraction(&'a str, &'a str),
    /// The opening bracket, what is inside, and the closing one.
    Brackets(&'a str, &'a str, &'a str),
    /// The first value, its condition, the other value.
    Cases(&'a str, &'a str, &'a str),
    /// Braces, as of an exponent.
    Group,
}

impl Block<'_> {
    fn opened(&self, columns: usize) -> String {
        let bracketed = |x: &str| if x.contains(' ') { format!(r"\bigl({}\bigr)", open(x, columns)) } else { x.into() };
        match self.parts {
            Parts::Fraction(over, under) => format!("{} / {}", bracketed(over), bracketed(under)),
            Parts::Brackets(left, inside, right) => format!(r"\bigl{left}{}\bigr{right}", open(inside, columns)),
            Parts::Cases(first, condition, second) => {
                let [first, condition, second] = [first, condition, second].map(|x| open(x, columns));
                format!(r"\bigl\{{{first} \text{{ if }} {condition}, \text{{ else }} {second}\bigr\}}")
            }
            Parts::Group => self.source.into(),
        }
    }
}

/// The block that a formula begins with, and what comes after it.
fn block(text: &str) -> (Option<Block<'_>>, &str) {
    let found = fraction(text).or_else(|| brackets(text)).or_else(|| cases(text)).or_else(|| {
        let (_, after) = text.starts_with('{').then(|| group(text))?;
        Some((Parts::Group, after))
    });
    match found {
        Some((parts, after)) => (Some(Block { source: &text[..text.len() - after.len()], parts }), after),
        None => (None, text),
    }
}

fn fraction(text: &str) -> Option<(Parts<'_>, &str)> {
    let (over, after) = group(text.strip_prefix(r"\frac")?);
    let (under, after) = group(after);
    Some((Parts::Fraction(over, under), after))
}

fn brackets(text: &str) -> Option<(Parts<'_>, &str)> {
    let (inside, after) = nested(text, r"\left", r"\right")?;
    let (left, inside) = bracket(inside);
    let (right, after) = bracket(after);
    Some((Parts::Brackets(left, inside, right), after))
}

fn cases(text: &str) -> Option<(Parts<'_>, &str)> {
    let (inside, after) = nested(text, r"\begin{cases}", r"\end{cases}")?;
    let at = |sign: &str| top_level(inside, sign);
    let (and, line) = (at(" & ")?, at(r" \\ ")?);
    let (first, condition, rest) = (&inside[..and], &inside[and + 3..line], &inside[line + 4..]);
    Some((Parts::Cases(first, condition, &rest[..top_level(rest, " & ")?]), after))
}

/// Where a sign first stands outside of inner cases.
fn top_level(text: &str, sign: &str) -> Option<usize> {
    let outside = |at: &usize| {
        let before = &text[..*at];
        before.matches(r"\begin{cases}").count() == before.matches(r"\end{cases}").count()
    };
    text.match_indices(sign).map(|(at, _)| at).find(outside)
}

/// What stands between a start at the beginning and the end that belongs to it, and what comes after that.
fn nested<'a>(text: &'a str, start: &str, end: &str) -> Option<(&'a str, &'a str)> {
    let body = text.strip_prefix(start)?;
    let mut depth = 1;
    for (at, _) in body.match_indices('\\') {
        depth += i32::from(body[at..].starts_with(start)) - i32::from(body[at..].starts_with(end));
        if depth == 0 {
            return Some((&body[..at], &body[at + end.len()..]));
        }
    }
    None
}

/// A bracket, which may be a command such as `\lVert`.
fn bracket(text: &str) -> (&str, &str) {
    let length = match text.strip_prefix('\\') {
        Some(command) => 1 + command.len() - command.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len(),
        None => text.chars().next().map_or(0, char::len_utf8),
    };
    text.split_at(length)
}

/// What stands in the braces at the start, and what comes after them.
pub fn group(text: &str) -> (&str, &str) {
    let mut depth = 0;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        depth += if escaped { 0 } else { i32::from(c == '{') - i32::from(c == '}') };
        escaped = c == '\\' && !escaped;
        if depth == 0 {
            return (text.get(1..at).unwrap_or(""), &text[at + c.len_utf8()..]);
        }
    }
    ("", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_as_it_is() {
        let formula = r"\frac{a + b}{c} + \left(\frac{x}{y}\right)^{2}";
        assert_eq!(open(formula, 80), formula);
    }

    #[test]
    fn what_is_too_wide_is_opened() {
        assert_eq!(open(r"x \frac{a + b}{c}", 1), r"x \bigl(a + b\bigr) / c");
        assert_eq!(open(r"\left(\frac{a}{b} + c\right)^{2}", 3), r"\bigl(\frac{a}{b} + c\bigr)^{2}");
        assert_eq!(open(r"\left\lvert a b\right\rvert", 1), r"\bigl\lvert a b\bigr\rvert");
        let cases = r"\begin{cases} a & b \ge 0 \\ c & \text{otherwise} \end{cases}";
        assert_eq!(open(cases, 2), r"\bigl\{ a \text{ if } b \ge 0, \text{ else } c\bigr\}");
    }
}
