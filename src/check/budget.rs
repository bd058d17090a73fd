//! Limits on inlining, so that a small program cannot ask for a huge expression or for endless work.

use std::collections::HashMap;

use super::problem::{Check, fail, told_already};
use crate::diag::{Diagnostic, codes};
use crate::expr::Expr;
use crate::source::Span;

/// How deep brackets and calls may nest, inlined ones counted.
const DEPTH: usize = 192;
/// How many terms may be looked at for one declaration, inlined ones counted.
const STEPS: usize = 100_000;
/// How large an expression may be when it is written out.
const SIZE: f64 = 20_000.0;

#[derive(Default)]
pub struct Budget {
    depth: usize,
    steps: usize,
    sizes: HashMap<Expr, f64>,
}

impl Budget {
    /// Counts a term. Errors: `TOO_DEEP`, `TOO_LARGE`.
    pub fn enter(&mut self, span: Span) -> Check<()> {
        self.steps += 1;
        if self.depth >= DEPTH {
            return fail(
                Diagnostic::new(codes::TOO_DEEP, format!("calls and brackets nest more than {DEPTH} deep"))
                    .at(span, "too deep, the functions that lead here counted")
                    .help("name parts of the expression, each in a line of its own"),
            );
        }
        match self.steps.checked_sub(STEPS) {
            None | Some(0) => {}
            Some(1) => return fail(too_large(span)),
            Some(_) => return told_already(),
        }
        self.depth += 1;
        Ok(())
    }

    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Errors: `TOO_LARGE`.
    pub fn check(&mut self, e: Expr, span: Span) -> Check<()> {
        if self.size(e) > SIZE { fail(too_large(span)) } else { Ok(()) }
    }

    /// The number of nodes of the expression written out as a tree.
    fn size(&mut self, e: Expr) -> f64 {
        if let Some(size) = self.sizes.get(&e) {
            return *size;
        }
        let size = 1.0 + e.children().iter().copied().map(|c| self.size(c)).sum::<f64>();
        self.sizes.insert(e, size);
        size
    }
}

fn too_large(span: Span) -> Diagnostic {
    Diagnostic::new(codes::TOO_LARGE, "this expression grows beyond what can be derived from")
        .at(span, "too large once its functions are written out")
        .help("split it: give parts of it names of their own in the model")
}
