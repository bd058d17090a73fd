//! What people and tools read afterwards: derivations, tables, plots, result files.

pub mod comparison;

mod format;

mod table;
mod verdict;

pub use format::wrap;
pub use table::table;
pub use verdict::verdict;

#[cfg(test)]
mod demo;
