//! nem: a language in which layers are declared by their likelihoods, and the gradients and noise conditions are derived.

pub mod audit;
pub mod check;
pub mod cli;
pub mod data;
pub mod derive;
pub mod diag;
pub mod exec;
pub mod experiment;
pub mod expr;
pub mod model;
pub mod plan;
pub mod prompt;
pub mod repl;
pub mod report;
pub mod sample;
pub mod session;
pub mod source;
pub mod special;
pub mod stdlib;
pub mod syntax;
pub mod train;
pub mod verify;
