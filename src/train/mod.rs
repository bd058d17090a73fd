//! Training runs: arms, seeds, epochs, and what they add up to.

pub mod checkpoint;
pub mod folder;
mod lossless;
pub mod record;
pub mod stats;

pub(crate) use lossless::{option as lossless_option, plain as lossless_f64};
