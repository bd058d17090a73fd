//! Which device runs the plans.

use std::fmt;

use crate::diag::{Diagnostic, Problems, codes};
use crate::exec::{Device, Dfdx, ExecError, Reference};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceChoice {
    Cpu,
    Cuda(usize),
    Reference,
}

/// Work for whichever device was chosen.
pub trait OnDevice {
    type Output;

    /// `make` gives a device; each thread makes its own.
    fn run<D: Device>(self, make: impl Fn() -> Result<D, ExecError> + Sync) -> Result<Self::Output, ExecError>;
}

impl fmt::Display for DeviceChoice {
    /// As [`DeviceChoice::parse`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            DeviceChoice::Cpu => f.write_str("cpu"),
            DeviceChoice::Cuda(number) => write!(f, "cuda:{number}"),
            DeviceChoice::Reference => f.write_str("reference"),
        }
    }
}

impl DeviceChoice {
    /// `cpu`, `cuda`, `cuda:1`, `reference`
    pub fn parse(text: &str) -> Result<DeviceChoice, String> {
        match text.split_once(':') {
            None if text == "cpu" => Ok(DeviceChoice::Cpu),
            None if text == "reference" => Ok(DeviceChoice::Reference),
            None if text == "cuda" => Ok(DeviceChoice::Cuda(0)),
            Some(("cuda", number)) => number.parse().map(DeviceChoice::Cuda).map_err(|e| e.to_string()),
            _ => Err("a device is `cpu`, `cuda`, `cuda:N` or `reference`".into()),
        }
    }

    /// Errors: `DEVICE` for CUDA where nem was built without it.
    pub fn is_there(self) -> Result<(), Problems> {
        match self {
            DeviceChoice::Cuda(_) if cfg!(not(feature = "cuda")) => Err(no_cuda().into()),
            _ => Ok(()),
        }
    }

    pub fn run<W: OnDevice>(self, work: W) -> Result<W::Output, ExecError> {
        match self {
            DeviceChoice::Cpu => work.run(|| Ok(Dfdx::cpu())),
            DeviceChoice::Reference => work.run(|| Ok(Reference)),
            #[cfg(feature = "cuda")]
            DeviceChoice::Cuda(number) => work.run(|| Dfdx::cuda(number)),
            #[cfg(not(feature = "cuda"))]
            DeviceChoice::Cuda(_) => Err(ExecError::Device("there is no CUDA here".into())),
        }
    }
}

fn no_cuda() -> Diagnostic {
    Diagnostic::new(codes::DEVICE, "this nem was built without CUDA")
        .help("choose `cpu`, or build nem with `cargo build --release --features cuda`")
}
