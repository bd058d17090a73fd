//! Runs plans. Knows nothing of nem: only instructions, buffers and devices.
//!
//! `Program` is a plan made ready once, `State` the parameters that live from run to run, `run` one pass. Devices:
//! [`Reference`] (plain f64 loops, the oracle) and [`Dfdx`] (f32 on the CPU, or on CUDA with the feature `cuda`).

pub mod device;
pub mod dfdx;
pub mod machine;
pub mod program;
pub mod random;
pub mod reference;
pub mod state;
pub mod threads;

pub use device::{Device, Element, ExecError, Operand};
pub use dfdx::Dfdx;
pub use dfdx::tape::{ByTape, Given, by_tape};
pub use machine::{Call, Feed, run, run_checked};
pub use program::Program;
pub use random::{Purpose, Streams};
pub use reference::Reference;
pub use state::State;
pub use threads::single_threaded;
