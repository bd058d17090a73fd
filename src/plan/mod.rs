//! Flat tensor programs: what is computed, in which order, in which buffers.

mod build;
mod draw;
pub mod energy;
pub mod estep;
pub mod fuse;
pub mod ir;
mod lower;
pub mod network;
pub mod noise;
pub mod optimizer;
mod show;
pub mod verify;

pub use ir::*;
pub use show::show;
