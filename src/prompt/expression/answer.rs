//! What an expression can be worth.

use std::fmt;
use std::rc::Rc;

use super::distribution::Distribution;
use super::numbers::{DIGITS, one_line, value};
use super::parts;
use crate::expr::{Value, print};

#[derive(Clone)]
pub enum Answer {
    Value(Value),
    Distribution(Rc<Distribution>),
    /// ∂ ln f/∂θ for each parameter.
    Score(Vec<(String, Value)>),
    /// What is no number, in words.
    Words(String),
}

impl Answer {
    /// What it is, in messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Answer::Value(_) => "a value",
            Answer::Distribution(_) => "a distribution",
            Answer::Score(_) => "a score of several parameters",
            Answer::Words(_) => "no number",
        }
    }
}

impl fmt::Display for Answer {
    /// `{:.4}` asks for four digits.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let digits = f.precision().unwrap_or(DIGITS);
        match self {
            Answer::Value(v) => f.write_str(&value(v, digits)),
            Answer::Distribution(distribution) => f.write_str(&told(distribution)),
            Answer::Score(scores) => f.write_str(&score(scores, digits)),
            Answer::Words(words) => f.write_str(words),
        }
    }
}

fn score(scores: &[(String, Value)], digits: usize) -> String {
    let each = scores.iter().map(|(name, v)| (format!("∂ ln f/∂{}", print::symbol(name)), one_line(v, digits)));
    table("", &each.collect::<Vec<_>>())
}

/// The distribution, what is known of it, and what can be asked.
fn told(distribution: &Distribution) -> String {
    let lines = parts::of(distribution).map(|part| (format!(".{}", part.form), (part.says)(distribution)));
    let arguments: Vec<String> = distribution.parameters().map(|name| format!(".{name}")).collect();
    let arguments = (arguments.join(", "), "the arguments".to_string());
    let lines: Vec<(String, String)> = lines.chain([arguments]).collect();
    format!("{}\n{}", distribution.written(), table("    ", &lines))
}

/// Two columns.
fn table(indent: &str, lines: &[(String, String)]) -> String {
    let width = lines.iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0);
    let line = |(left, right): &(String, String)| {
        let padding = " ".repeat(width - left.chars().count());
        format!("{indent}{left}{padding}  {right}")
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}
