//! What the theory says about a likelihood, a layer and a model. Works on expressions; knows no tensors.
//!
//! Sources: [K] Adigun and Kosko, *Noise-boosted backpropagation and learning of classifiers and generative networks*;
//! [R] Adigun and Kosko, *Noise-boosted recurrent backpropagation*; [G] Osoba, Mitaim and Kosko and successors on noisy
//! expectation-maximization; [F] Sayed, chapter on feedforward networks.

mod backward;
mod condition;
mod delta;
mod invariance;
mod layer;
mod likelihood;
mod noise;
mod region;

pub use backward::{Backward, Objective, Step, backward};
pub use condition::{Condition, Relation};
pub use delta::{NoiseDerivation, identity_element, inject};
pub use invariance::Invariance;
pub use layer::{Delta, LayerDerivation, derive_layer};
pub use likelihood::{LikelihoodDerivation, derive_likelihood};
pub use noise::{Selected, select};
pub use region::{Bound, Kind, Region};
