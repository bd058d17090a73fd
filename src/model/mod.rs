//! The typed program: what is left of the text when names, shapes and supports are settled.

mod designs;
mod domain;
mod likelihood;
mod program;
mod show;
pub mod support;
mod training;

pub use designs::{Place, Variant, Varied, count};
pub use likelihood::{Bound, Draw, Formal, Instance, Likelihood, dims, named_length};
pub use program::{Energy, Init, Kind, Model, Node, Parameter};
pub use show::{declaration, show, type_of};
pub use support::Support;
pub use training::{
    Arm, ColumnSpec, Compared, Criterion, Custom, DataSpec, EStep, Given, GradientLaw, Injection, Leaf, Method, Noise,
    Optimizer, Renormalise, Select, Shared, Sparsity, Stage, Training,
};
