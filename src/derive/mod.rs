//! What the theory says about a likelihood, a layer and a model. Works on expressions; knows no tensors.
//!
//! Sources, as the files of this folder cite them: [K] Kosko, Audhkhasi and Osoba, *Noise can speed backpropagation learning
//! and deep bidirectional pretraining* (2020); [R] Adigun and Kosko, *Noise-boosted recurrent backpropagation* (2023);
//! [G] Osoba and Kosko, *Noisy expectation-maximization: applications and generalizations* (2018); [F] Sayed, *Inference and
//! Learning from Data*, chapter 65, *Feedforward neural networks* (2022).

mod ascent;
mod backward;
mod carried;
mod chain;
mod condition;
mod corners;
mod delta;
pub mod energy;
mod facts;
mod hidden;
mod injection;
mod invariance;
mod layer;
mod likelihood;
mod limits;
mod noise;
mod prior;
mod problem;
mod program;
mod region;
pub mod request;
mod sampler;

pub use backward::{Backward, Hidden, Objective, Step, backward};
pub use carried::{Carried, carried};
pub use condition::{Condition, Relation};
pub use delta::{NoiseDerivation, Site, noise_derivation};
pub use hidden::hidden_target;
pub use injection::{inject, noise_shape};
pub use invariance::{Failure, Invariance};
pub use layer::{Delta, LayerDerivation, derive_layer, layer_noise, pre_activations};
pub use likelihood::{LikelihoodDerivation, derive_likelihood};
pub use noise::{AsWritten, Choice, Selected, Values};
pub use prior::{PriorDerivation, WithPriors};
pub use program::{ModelDerivation, ProgramDerivation, derive_model};
pub use region::{Kind, Region, Traits};
pub use sampler::Sampler;
