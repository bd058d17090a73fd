//! The lengths that a likelihood names, as the values that it is given settle them: with `cut: ordered[J]` of length 3,
//! `y: one_hot[J + 1]` has length 4.

use crate::expr::{Dim, Expr};
use crate::model::named_length;
use crate::source::Span;

/// What each name stands for, with where it was learnt.
#[derive(Default)]
pub struct Lengths {
    known: Vec<(Expr, f64, Span)>,
}

impl Lengths {
    /// The length of this dimension, when it is known; a fixed one is known from `declared`.
    pub fn of(&self, dim: Dim, declared: Span) -> Option<(usize, Span)> {
        if let Dim::Fixed(n) = dim {
            return Some((n, declared));
        }
        let (name, more) = named_length(dim)?;
        let (_, n, at) = self.known.iter().find(|(known, ..)| *known == name)?;
        Some(((n + more).max(0.0) as usize, *at))
    }

    /// Takes a length as it is given. Errors: what it should have been, and where that was learnt.
    pub fn meet(&mut self, dim: Dim, given: usize, span: Span, declared: Span) -> Result<(), (usize, Span)> {
        match (self.of(dim, declared), named_length(dim)) {
            (Some((wanted, from)), _) if wanted != given => Err((wanted, from)),
            (None, Some((_, more))) if given as f64 - more < 1.0 => Err((more as usize + 1, declared)),
            (None, Some((name, more))) => {
                self.known.push((name, given as f64 - more, span));
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
