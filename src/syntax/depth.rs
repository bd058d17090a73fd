//! Refuses text whose tree would be too deep, before anything recursive sees it.

use super::build::Built;
use super::scan::{Kind, Token};
use crate::diag::{Diagnostic, codes};
use crate::source::{FileId, Span};

/// How many brackets may be open at once. Parsing recurses once for each.
const BRACKET_LIMIT: usize = 128;
/// The greatest height of an expression's tree: `a + b + c` has height 2. Every later pass recurses this deep.
const HEIGHT_LIMIT: usize = 1000;

/// A bound from above on the heights inside one pair of brackets: operators of the running expression, the highest
/// operand in it, and the highest expression before it.
#[derive(Default)]
struct Level {
    operators: usize,
    operand: usize,
    before: usize,
}

impl Level {
    fn height(&self) -> usize {
        self.before.max(self.operators + self.operand)
    }

    fn next_expression(&mut self) {
        *self = Level { before: self.height(), ..Level::default() };
    }
}

/// Errors: `TOO_DEEP`, at the token that goes over a limit.
pub fn check(file: FileId, tokens: &[Token]) -> Built<()> {
    let mut levels = vec![Level::default()];
    let mut after_operand = false;
    for token in tokens {
        step(&mut levels, token, after_operand);
        after_operand = token.ends_operand();
        let span = Span::new(file, token.start, token.end);
        if levels.len() > BRACKET_LIMIT + 1 {
            return Err(too_many_brackets(span).into());
        }
        if levels.last().is_some_and(|level| level.height() > HEIGHT_LIMIT) {
            return Err(too_many_operators(span).into());
        }
    }
    Ok(())
}

fn step(levels: &mut Vec<Level>, token: &Token, after_operand: bool) {
    if token.kind == Kind::Open {
        return levels.push(Level::default());
    }
    let closed = (token.kind == Kind::Close && levels.len() > 1).then(|| levels.pop()).flatten();
    let Some(level) = levels.last_mut() else { return };
    match token.kind {
        Kind::Close => level.operand = level.operand.max(closed.map_or(0, |inner| inner.height() + 1)),
        Kind::Symbol if matches!(token.text, "+" | "-" | "*" | "/" | "@" | "^" | ".." | ".") => level.operators += 1,
        // Two operands in a row, or any other symbol: a new expression begins.
        Kind::Symbol => level.next_expression(),
        _ if after_operand => level.next_expression(),
        _ => {}
    }
}

fn too_many_brackets(span: Span) -> Diagnostic {
    Diagnostic::new(codes::TOO_DEEP, format!("more than {BRACKET_LIMIT} brackets are open here"))
        .at(span, "one bracket too many")
        .help("give a name to a part of the expression: `inner = …`, and use the name")
}

fn too_many_operators(span: Span) -> Diagnostic {
    Diagnostic::new(codes::TOO_DEEP, format!("this expression chains more than {HEIGHT_LIMIT} operators"))
        .at(span, "one operator too many")
        .help("give names to parts of the expression, or put the numbers into a data file")
}

#[cfg(test)]
mod tests {
    use super::super::scan::scan;
    use super::*;

    fn fits(text: &str) -> bool {
        check(FileId(0), &scan(text)).is_ok()
    }

    #[test]
    fn brackets_have_a_limit() {
        let nest = |n: usize| "(".repeat(n) + "x" + &")".repeat(n);
        assert!(fits(&nest(128)));
        assert!(!fits(&nest(129)));
    }

    #[test]
    fn operators_have_a_limit_within_an_expression_but_not_across_items() {
        assert!(fits(&"a + ".repeat(1000)));
        assert!(!fits(&"a + ".repeat(1001)));
        assert!(!fits(&"-".repeat(1001)));
        assert!(fits(&"a = b + c d ~ - f, ".repeat(5000)));
        assert!(fits(&"epochs 2 * 3 - 4 ".repeat(5000)));
    }

    #[test]
    fn heights_add_up_through_brackets_on_either_side() {
        let left = format!("{}x{}", "(".repeat(100), ")+1+1+1+1+1+1+1+1+1+1+1".repeat(100));
        let right = format!("{}x{}", "a^a^a^a^a^a^a^a^a^a^a^(".repeat(100), ")".repeat(100));
        assert!(!fits(&left));
        assert!(!fits(&right));
    }
}
