//! Numbers as a file holds them, before a support gives them meaning.

use crate::diag::{Diagnostic, codes};
use crate::source::Span;

/// `rows × width` numbers, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw {
    pub rows: usize,
    pub width: usize,
    pub values: Vec<f64>,
}

impl Raw {
    /// Rows `from` to `to`, counted from 1, both included. `place` is where the program names the rows.
    ///
    /// Errors: a row that is not there, or `from` after `to`.
    pub fn rows_between(&self, from: usize, to: usize, place: Span) -> Result<Raw, Diagnostic> {
        if from < 1 || from > to || to > self.rows {
            return Err(self.no_such_rows(from, to, place));
        }
        let values = self.values[(from - 1) * self.width..to * self.width].to_vec();
        Ok(Raw { rows: to - from + 1, width: self.width, values })
    }

    fn no_such_rows(&self, from: usize, to: usize, place: Span) -> Diagnostic {
        let rows = self.rows;
        let (what, label) = if from < 1 {
            ("there is no row 0: rows are counted from 1".to_string(), "starts before the first row")
        } else if from > to {
            (format!("row {from} comes after row {to}"), "no rows between these")
        } else {
            (format!("there is no row {to}: the data has {rows} rows"), "goes past the last row")
        };
        let start = if (1..=rows).contains(&from) { from } else { 1 };
        Diagnostic::new(codes::DATA_SHAPE, what).at(place, label).help(format!("the data allows `{start}..{rows}`"))
    }
}
