//! Data from files and from draws, encoded by the support that the program declares for it.

mod batch;
mod csv;
mod encode;
mod file;
mod findings;
mod idx;
mod load;
mod raw;

pub use batch::{batches, epoch_order, gather};
pub use csv::{Pick, read_csv};
pub use encode::{encode, same_rows};
pub use idx::read_idx;
pub use load::load;
pub use raw::Raw;

/// A column of data: `rows × width` numbers, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    pub width: usize,
    pub values: Vec<f64>,
}

impl Column {
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.width).unwrap_or(0)
    }

    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width..(row + 1) * self.width]
    }
}

/// One part (training or test) of a data set: columns of equally many rows.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Table {
    pub columns: Vec<Column>,
}

impl Table {
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Column::rows)
    }

    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }
}

/// A loaded data set. Without a test part, `test` is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    pub name: String,
    pub train: Table,
    pub test: Option<Table>,
}
