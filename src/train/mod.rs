//! Training runs: arms, seeds, epochs, and what they add up to.

pub mod anneal;
pub mod arm;
pub mod audit;
pub mod checkpoint;
pub mod crew;
pub mod evaluate;
pub mod folder;
mod lossless;
pub mod network;
pub mod parallel;
pub mod pretrain;
pub mod recall;
pub mod record;
pub mod start;
pub mod stats;
pub mod stop;

pub(crate) use lossless::{option as lossless_option, plain as lossless_f64};
