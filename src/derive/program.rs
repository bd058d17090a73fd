//! What follows for every random variable of a model, and for a whole program.

use super::carried::{Carried, carried};
use super::energy::{EnergyDerivation, derive_energy};
use super::invariance::Invariance;
use super::layer::{Delta, LayerDerivation, derive_layer};
use super::likelihood::LikelihoodDerivation;
use super::prior::{PriorDerivation, WithPriors, priors, with_priors};
use super::request::Requested;
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::print;
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
    /// One for each parameter with a prior, in the model's order.
    pub priors: Vec<PriorDerivation>,
    /// What the noise of each random variable comes to with the priors; empty where there are none.
    pub with_priors: Vec<WithPriors>,
    /// The noise of outcomes as it arrives at hidden variables.
    pub carried: Vec<Carried>,
    /// What follows from the energy, where the model has one.
    pub energy: Option<EnergyDerivation>,
    /// What somebody asked for besides.
    pub requested: Vec<Requested>,
}

/// What `nem derive` tells.
#[derive(Clone, Debug, Default)]
pub struct ProgramDerivation {
    pub likelihoods: Vec<LikelihoodDerivation>,
    pub models: Vec<ModelDerivation>,
}

/// Derives every random variable of a model; fails where [`derive_layer`] does, or [`priors`].
pub fn derive_model(model: &Model) -> Result<ModelDerivation, Problems> {
    let layers = model.random().map(|(node, observed, instance)| derive_layer(model, node, observed, instance));
    let layers: Vec<LayerDerivation> = layers.collect::<Result<_, _>>()?;
    let priors = priors(model)?;
    Ok(ModelDerivation {
        name: model.name.clone(),
        span: model.span,
        sizes: model.sizes.clone(),
        with_priors: with_priors(&layers, &priors),
        layers,
        priors,
        carried: carried(model),
        energy: model.energy.map(|energy| derive_energy(model, energy)).transpose()?,
        requested: vec![],
    })
}

impl ModelDerivation {
    /// Legal but suspicious: links that keep δ from being proportional to t − a.
    pub fn warnings(&self) -> Problems {
        let mut problems = Problems::new();
        for (layer, delta) in self.layers.iter().flat_map(|l| l.deltas.iter().map(move |d| (l, d))) {
            if matches!(&delta.invariance, Invariance::Fails(failure) if failure.is_the_links()) {
                problems.push(broken_invariance(layer, delta));
            }
        }
        problems
    }
}

fn broken_invariance(layer: &LayerDerivation, delta: &Delta) -> Diagnostic {
    let name = &layer.name;
    Diagnostic::new(codes::BROKEN_INVARIANCE, format!("the link of `{name}` breaks the invariance of backpropagation"))
        .at(layer.span, format!("δ is {}, not a multiple of {name} − a", print::text(delta.in_mean)))
        .note("training uses the true δ, which is small wherever the slope of the link is small")
        .help(format!(
            "pair `{}` with the link for which δ = {name} − a, or keep this one on purpose",
            layer.instance.likelihood.name
        ))
}
