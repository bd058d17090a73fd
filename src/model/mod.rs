//! The typed program: what is left of the text when names, shapes and supports are settled.

mod designs;
mod domain;
mod likelihood;
mod program;
mod show;
pub mod support;
mod training;

/// What everything that is derived calls the noise.
pub const NOISE: &str = "n";

/// How pages call a variable of a program whose name is one of their own letters.
pub fn apart(name: &str) -> String {
    format!("{name}_0")
}

pub use designs::{Place, Variant, Varied, count};
pub use likelihood::{Bound, Draw, Formal, Instance, Likelihood, dims, named_length};
pub use program::{Energy, Init, Kind, Model, Node, Parameter};
pub use show::{declaration, show, type_of};
pub use support::Support;
pub use training::{
    Arm, ColumnSpec, Compared, Criterion, Custom, DataSpec, EStep, Given, GradientLaw, Injection, Leaf, Method, Noise,
    Optimizer, Renormalise, Select, Shared, Sparsity, Stage, Training,
};
