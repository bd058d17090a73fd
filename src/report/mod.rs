//! What people and tools read afterwards: derivations, tables, plots, result files.

pub mod audit;
pub mod audit_plot;
mod axis;
pub mod braille;
mod choice;
pub mod comparison;
mod curves;
pub mod derivation;
pub mod derivation_json;
pub mod derivation_latex;
pub mod derivation_sympy;
pub mod design_plot;
pub mod designs;
mod difference;
mod format;
mod measure;
pub mod plot;
pub mod pretraining;
pub mod progress;
mod raster;
pub mod recall;
pub mod region;
pub mod region_text;
pub mod results;
mod sheet;
mod table;
pub mod tiles;
mod verdict;

pub use format::{count, significant, wrap};
pub use table::table;
pub use verdict::verdict;

#[cfg(test)]
mod demo;
