//! Flat tensor programs: what is computed, in which order, in which buffers.

mod build;
pub mod ir;
mod lower;
pub mod network;
pub mod optimizer;

pub use ir::*;
