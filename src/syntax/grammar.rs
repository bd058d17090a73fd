//! The one place that runs the parser generated from `grammar/nem.pest`.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/nem.pest"]
struct Nem;

/// Where the text stopped making sense (a byte of the whole file), and what could have stood there.
pub struct Failure {
    pub at: usize,
    pub expected: Vec<Rule>,
}

/// Reads `text`, which begins at byte `offset` of its file.
pub fn parse(rule: Rule, text: &str, offset: usize) -> Result<Pair<'_, Rule>, Failure> {
    let nothing = || Failure { at: offset, expected: vec![] };
    let mut tree = Nem::parse(rule, text).map_err(|error| failure(error, offset))?;
    tree.next().ok_or_else(nothing)
}

fn failure(error: pest::error::Error<Rule>, offset: usize) -> Failure {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => offset + at,
    };
    let expected = match error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => vec![],
    };
    Failure { at, expected }
}
