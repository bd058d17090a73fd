//! Flat tensor programs: what is computed, in which order, in which buffers.

pub mod ir;

pub use ir::*;
