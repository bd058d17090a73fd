//! Words of programs, and sets, in LaTeX.

use std::ops::Bound::{Excluded, Included, Unbounded};

use crate::model::Support;

/// Characters that mean something to LaTeX, or that its plain fonts lack, by what prints them.
const ESCAPES: &[(char, &str)] = &[
    ('\\', r"\textbackslash{}"),
    ('{', r"\{"),
    ('}', r"\}"),
    ('_', r"\_"),
    ('^', r"\textasciicircum{}"),
    ('~', r"\textasciitilde{}"),
    ('#', r"\#"),
    ('$', r"\$"),
    ('%', r"\%"),
    ('&', r"\&"),
    ('<', "$<$"),
    ('>', "$>$"),
    ('|', "$|$"),
    ('"', "''"),
    ('−', "$-$"),
    ('–', "--"),
    ('′', "$'$"),
    ('≥', r"$\ge$"),
    ('≤', r"$\le$"),
];

/// Plain text. What is left beyond ASCII is given by its number.
pub fn escaped(text: &str) -> String {
    let escape = |c: char| match ESCAPES.iter().find(|(known, _)| *known == c) {
        Some((_, printed)) => printed.to_string(),
        None if c.is_ascii() => c.to_string(),
        None => format!("U+{:04X}", c as u32),
    };
    text.chars().map(escape).collect()
}

/// Text with words of programs between backquotes.
pub fn prose(text: &str) -> String {
    let part = |(i, part): (usize, &str)| if i % 2 == 1 { code(part) } else { escaped(part) };
    text.split('`').enumerate().map(part).collect()
}

/// A word of a program.
pub fn code(text: &str) -> String {
    format!(r"\texttt{{{}}}", escaped(text))
}

/// The set of values; `length` for a vector.
pub fn set(support: Support, length: Option<&str>) -> String {
    let power = length.map_or(String::new(), |n| format!("^{{{n}}}"));
    match support {
        Support::Real => format!(r"\mathbb{{R}}{power}"),
        Support::Binary => format!(r"\{{0, 1\}}{power}"),
        Support::Bipolar => format!(r"\{{-1, 1\}}{power}"),
        Support::Count => format!(r"\{{0, 1, 2, \dots\}}{power}"),
        Support::Simplex => format!(r"\{{p \in [0, 1]{power} : \sum_{{k}} p_{{k}} = 1\}}"),
        Support::OneHot => format!(r"\{{e \in \{{0, 1\}}{power} : \sum_{{k}} e_{{k}} = 1\}}"),
        Support::Whole(low, high) => format!(r"\{{{low}, \dots, {high}\}}{power}"),
        Support::Circle => format!(r"[-\pi, \pi]{power}"),
        Support::Ordered => format!(r"\{{x \in \mathbb{{R}}{power} : x_{{1}} < x_{{2}} < \dots\}}"),
        Support::PositiveDefinite => r"\{M : M^{\top} = M, \; x^{\top} M x > 0 \text{ for } x \ne 0\}".into(),
        other => interval(other) + &power,
    }
}

fn interval(support: Support) -> String {
    let lower = match support.lower() {
        Included(x) => format!("[{x}"),
        Excluded(x) => format!("({x}"),
        Unbounded => r"(-\infty".into(),
    };
    let upper = match support.upper() {
        Included(x) => format!("{x}]"),
        Excluded(x) => format!("{x})"),
        Unbounded => r"\infty)".into(),
    };
    format!("{lower}, {upper}")
}
