//! Noise carried back: the noise n of an outcome adds to its error, and the error that arrives at the hidden layer below
//! carries U n with it, U being the weights between the two ([K] (127)-(132)). A hidden layer that takes this noise, and no
//! fresh one, does so under its own condition, which is one on n.

use super::delta::NoiseDerivation;
use super::layer::{layer_noise, pre_activations};
use crate::expr::{Domain, Expr, Trace, depends_on, pull_back, simplify};
use crate::model::{Criterion, Custom, Injection, Instance, Model, NOISE, Node};

/// The noise of one variable, arriving at a hidden one.
#[derive(Clone, Debug)]
pub struct Carried {
    /// The variable whose noise it is.
    pub from: String,
    pub to: String,
    /// With the hidden variable as the outcome, and noise of the length of `from`.
    pub nem: NoiseDerivation,
}

/// For each observed variable the hidden variables of which its pre-activation is an affine function.
pub fn carried(model: &Model) -> Vec<Carried> {
    let mut list = vec![];
    for (observed, instance) in model.observed() {
        for pre in pre_activations(model, instance) {
            let hidden = model.random().filter(|(_, observed, _)| !observed);
            list.extend(hidden.filter_map(|(node, _, own)| arriving(model, observed, pre, (node, own))));
        }
    }
    list
}

fn arriving(model: &Model, from: &Node, pre: &Node, (to, instance): (&Node, &Instance)) -> Option<Carried> {
    let crate::model::Kind::Definition { value, .. } = pre.kind else { return None };
    let n = Expr::var(NOISE, pre.var.shape(), Domain::REAL);
    let back = simplify(pull_back(value, n, &[to.var])[0], &mut Trace::default());
    if back.is_num(0.0) || depends_on(back, &[to.var]) {
        return None;
    }
    let injection = Injection::Custom(Custom { variable: to.var, noise: n, value: to.var + back });
    let learned: Vec<Expr> = pre_activations(model, instance).iter().map(|n| n.var).collect();
    let nem = layer_noise(instance, to.var, &learned, injection, Criterion::Nem)?;
    Some(Carried { from: from.name.clone(), to: to.name.clone(), nem })
}
