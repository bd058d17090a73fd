//! What follows for every random variable of a model, and for a whole program.

use super::layer::{LayerDerivation, derive_layer};
use super::likelihood::LikelihoodDerivation;
use crate::diag::Problems;
use crate::model::Model;
use crate::source::Span;

#[derive(Clone, Debug)]
pub struct ModelDerivation {
    pub name: String,
    pub span: Span,
    /// The sizes the model was made with.
    pub sizes: Vec<(String, usize)>,
    /// One for each random variable, in the model's order.
    pub layers: Vec<LayerDerivation>,
}

/// What `nem derive` tells.
#[derive(Clone, Debug, Default)]
pub struct ProgramDerivation {
    pub likelihoods: Vec<LikelihoodDerivation>,
    pub models: Vec<ModelDerivation>,
}

/// Derives every random variable of a model; fails where [`derive_layer`] does.
pub fn derive_model(model: &Model) -> Result<ModelDerivation, Problems> {
    let layers = model.random().map(|(node, observed, instance)| derive_layer(model, node, observed, instance));
    Ok(ModelDerivation {
        name: model.name.clone(),
        span: model.span,
        sizes: model.sizes.clone(),
        layers: layers.collect::<Result<_, _>>()?,
    })
}
