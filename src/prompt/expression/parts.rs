//! What can be asked of a distribution: one line of a table each.

use std::rc::Rc;

use super::answer::Answer;
use super::distribution::{Distribution, Outcome};
use super::numbers::{DIGITS, one_line};
use crate::diag::{Diagnostic, codes};
use crate::expr::{Value, print};
use crate::sample::Random;
use crate::source::Span;
use crate::syntax::ast::Name;
use crate::train::stop;

pub struct Part {
    name: &'static str,
    /// How it is asked for.
    pub form: &'static str,
    /// What it says of this distribution, in words.
    pub says: fn(&Distribution) -> String,
    takes: Takes,
    has: fn(&Distribution) -> bool,
    tell: fn(&Distribution, Asked) -> Result<Answer, Diagnostic>,
}

#[derive(Clone, Copy, PartialEq)]
enum Takes {
    Nothing,
    Outcome,
    /// How many; one without.
    Count,
}

/// A question: its arguments with their places, and where random numbers come from.
pub struct Asked<'a> {
    pub name: &'a Name,
    pub args: Vec<(Value, Span)>,
    pub span: Span,
    pub random: &'a mut Random,
}

#[rustfmt::skip]
const PARTS: &[Part] = &[
    Part { name: "support", form: "support", says: Distribution::support_in_words, takes: Takes::Nothing, has: always, tell: support },
    Part { name: "mean", form: "mean", says: mean_in_words, takes: Takes::Nothing, has: has_mean, tell: mean },
    Part { name: "log_density", form: "log_density(y)", says: |_| "ln f(y)".into(), takes: Takes::Outcome, has: always, tell: log_density },
    Part { name: "density", form: "density(y)", says: |_| "f(y)".into(), takes: Takes::Outcome, has: always, tell: density },
    Part { name: "score", form: "score(y)", says: scores_in_words, takes: Takes::Outcome, has: always, tell: score },
    Part { name: "cdf", form: "cdf(y)", says: |_| "P(Y ≤ y)".into(), takes: Takes::Outcome, has: has_cdf, tell: cdf },
    Part { name: "draw", form: "draw, .draw(n)", says: |_| "one draw, n draws".into(), takes: Takes::Count, has: has_draw, tell: draw },
];

/// How many draws are made at once.
const MOST_DRAWS: f64 = 100_000.0;

/// What can be asked of distributions.
pub fn names() -> impl Iterator<Item = &'static str> {
    PARTS.iter().map(|part| part.name)
}

/// The parts that a distribution has.
pub fn of(distribution: &Distribution) -> impl Iterator<Item = &'static Part> {
    PARTS.iter().filter(|part| (part.has)(distribution))
}

/// A part of a distribution, or the value of a parameter. Errors: `UNKNOWN_NAME`, `ARGUMENTS`, `INCOMPLETE`, and those of
/// the outcome.
pub fn ask(distribution: &Rc<Distribution>, asked: Asked) -> Result<Answer, Diagnostic> {
    let Some(part) = PARTS.iter().find(|part| part.name == asked.name.text) else {
        return parameter(distribution, &asked);
    };
    if !(part.has)(distribution) {
        return Err(lacking(distribution, &asked));
    }
    match (part.takes, asked.args.len()) {
        (Takes::Nothing, 0) | (Takes::Outcome, 1) | (Takes::Count, 0 | 1) => (part.tell)(distribution, asked),
        _ => Err(miscounted(part, &asked)),
    }
}

fn parameter(distribution: &Distribution, asked: &Asked) -> Result<Answer, Diagnostic> {
    let name = &asked.name.text;
    match distribution.argument(name) {
        Some(value) if asked.args.is_empty() => Ok(Answer::Value(value)),
        Some(_) => Err(Diagnostic::new(codes::ARGUMENTS, format!("`{name}` is a parameter, and takes no arguments"))
            .at(asked.span, "arguments given")
            .help(format!("write `.{name}`"))),
        None => {
            let names = of(distribution).map(|part| part.name).chain(distribution.parameters());
            Err(Diagnostic::new(codes::UNKNOWN_NAME, format!("`{}` has no part `{name}`", distribution.name()))
                .at(asked.name.span, "not known")
                .suggest(name, names))
        }
    }
}

fn always(_: &Distribution) -> bool {
    true
}

fn has_cdf(distribution: &Distribution) -> bool {
    distribution.0.instance.likelihood.cdf.is_some()
}

fn has_mean(distribution: &Distribution) -> bool {
    distribution.0.instance.likelihood.mean.is_some()
}

/// The mean itself: it takes no arguments.
fn mean_in_words(distribution: &Distribution) -> String {
    distribution.mean().map_or("not finite".into(), |mean| one_line(&mean, DIGITS))
}

fn scores_in_words(distribution: &Distribution) -> String {
    let scores: Vec<String> = distribution.scored().map(|name| format!("∂ ln f/∂{}", print::symbol(name))).collect();
    scores.join(", ")
}

fn has_draw(distribution: &Distribution) -> bool {
    distribution.0.instance.likelihood.draw.is_some()
}

/// The outcome that is asked about.
fn outcome(distribution: &Distribution, asked: Asked) -> Result<(Outcome, Span), Diagnostic> {
    let span = asked.span;
    let (y, at) = asked.args.into_iter().next().unwrap_or((Value::Scalar(f64::NAN), span));
    Ok((distribution.outcome(y, at)?, span))
}

fn log_density(distribution: &Distribution, asked: Asked) -> Result<Answer, Diagnostic> {
    let (outcome, span) = outcome(distribution, asked)?;
    let ln_f = distribution.log_density(&outcome);
    match ln_f == f64::NEG_INFINITY {
        true => {
            Err(Diagnostic::new(codes::NO_VALUE, format!("the log-density of `{}` is −∞ here", distribution.name()))
                .at(span, "no finite value")
                .note("the density is 0, and 0 has no logarithm")
                .help("ask for `.density(y)`, or give another outcome"))
        }
        false => Ok(Answer::Value(Value::Scalar(ln_f))),
    }
}

fn density(distribution: &Distribution, asked: Asked) -> Result<Answer, Diagnostic> {
    let (outcome, _) = outcome(distribution, asked)?;
    Ok(Answer::Value(Value::Scalar(distribution.log_density(&outcome).exp())))
}

fn score(distribution: &Distribution, asked: Asked) -> Result<Answer, Diagnostic> {
    let (outcome, _) = outcome(distribution, asked)?;
    Ok(match <[(String, Value); 1]>::try_from(distribution.score(&outcome)) {
        Ok([(_, only)]) => Answer::Value(only),
        Err(several) => Answer::Score(several),
    })
}

fn cdf(distribution: &Distribution, asked: Asked) -> Result<Answer, Diagnostic> {
    let (outcome, _) = outcome(distribution, asked)?;
    Ok(Answer::Value(distribution.cdf(&outcome).unwrap_or(Value::Scalar(f64::NAN))))
}

fn mean(distribution: &Distribution, asked: Asked) -> Result<Answer, Diagnostic> {
    let no_mean = || {
        Diagnostic::new(codes::NO_VALUE, format!("the mean of `{}` is not finite here", distribution.name()))
            .at(asked.span, "no finite value")
            .help("give other arguments")
    };
    distribution.mean().map(Answer::Value).ok_or_else(no_mean)
}

fn support(distribution: &Distribution, _: Asked) -> Result<Answer, Diagnostic> {
    Ok(Answer::Words(distribution.support_in_words()))
}

fn draw(distribution: &Distribution, asked: Asked) -> Result<Answer, Diagnostic> {
    let count = asked.args.first().map(|(value, span)| count(value, *span)).transpose()?;
    let drawn = distribution.draw(count, asked.random);
    stop::check().map_err(|stopped| stopped.at(asked.span, "stopped here"))?;
    Ok(Answer::Value(drawn.unwrap_or(Value::Scalar(f64::NAN))))
}

fn count(value: &Value, span: Span) -> Result<usize, Diagnostic> {
    match *value {
        Value::Scalar(n) if n.fract() == 0.0 && (1.0..=MOST_DRAWS).contains(&n) => Ok(n as usize),
        _ => Err(Diagnostic::new(codes::SIZE, format!("draws are counted from 1 to {MOST_DRAWS}"))
            .at(span, "not such a number")
            .help("write a whole number, as in `.draw(5)`")),
    }
}

fn lacking(distribution: &Distribution, asked: &Asked) -> Diagnostic {
    let (owner, entry) = (distribution.name(), &asked.name.text);
    Diagnostic::new(codes::INCOMPLETE, format!("`{owner}` has no `{entry}`"))
        .at(asked.name.span, "its declaration says nothing of it")
        .help(format!("add a line `{entry} = …` to the likelihood, or ask for another part"))
}

fn miscounted(part: &Part, asked: &Asked) -> Diagnostic {
    let takes = match part.takes {
        Takes::Nothing => "no arguments",
        Takes::Outcome => "one argument, the outcome",
        Takes::Count => "one argument at most, how many",
    };
    Diagnostic::new(codes::ARGUMENTS, format!("`.{}` takes {takes}", part.name))
        .at(asked.span, format!("{} given", asked.args.len()))
        .help(format!("write `.{}`", part.form))
}
