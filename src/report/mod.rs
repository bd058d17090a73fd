//! What people and tools read afterwards: derivations, tables, plots, result files.

pub mod comparison;
mod format;
pub mod progress;
pub mod results;
mod table;
mod verdict;

pub use format::wrap;
pub use table::table;
pub use verdict::verdict;

#[cfg(test)]
mod demo;
