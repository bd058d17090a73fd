//! Derivations as people read them: a page of at most 100 columns, and a summary.

mod brief;
mod energy;
pub(super) mod layer;
mod likelihood;
pub(super) mod noise;
mod page;
pub(super) mod prior;

pub use brief::{brief, brief_likelihood};
pub use layer::model;
pub use likelihood::{likelihood, signature as likelihood_signature};
pub use noise::injected;

use crate::derive::{NoiseDerivation, ProgramDerivation};
use crate::expr::print;

/// Every likelihood and every model; ends with a line break.
pub fn program(derived: &ProgramDerivation) -> String {
    let likelihoods = derived.likelihoods.iter().map(likelihood);
    likelihoods.chain(derived.models.iter().map(model)).collect::<Vec<_>>().join("\n")
}

/// The condition of one noise, in the letters of its declaration.
pub fn condition(derived: &NoiseDerivation) -> String {
    noise::condition(derived, None, &print::text)
}

/// The region of one noise, in the letters of its declaration.
pub fn region(derived: &NoiseDerivation) -> String {
    noise::region(derived, None, &print::text)
}
