//! Noise in a visible group: Δ(n) = E(v, h) − E(φ(v, n), h), with c = ln Z_n/Z to be reached where the noisy model is
//! renormalised ([K] (175)-(185), Theorems 9 and 10).

use super::Group;
use crate::derive::delta::{NoiseDerivation, Site, noise_derivation};
use crate::expr::{Domain, Expr, depends_on};
use crate::model::{Bound, Injection, NOISE, Support};

#[derive(Clone, Debug)]
pub struct EnergyNoise {
    pub variable: String,
    /// y + n and y n.
    pub noise: Vec<NoiseDerivation>,
    /// Of the noise that is added.
    pub normaliser: Normaliser,
}

/// ln Z_n/Z with Z_n = Σ e^−E(v + n, h) over all states.
#[derive(Clone, Debug, PartialEq)]
pub enum Normaliser {
    /// 0: the sum runs over a whole line, which noise only shifts.
    Unchanged,
    /// ln E[e^Δ(n)] under the model: over these groups, the others being gone from Δ.
    Expected(Vec<String>),
}

pub fn of(energy: Expr, group: &Group, groups: &[Group]) -> EnergyNoise {
    let derived = |injection| {
        let noise = Expr::var(NOISE, group.var.shape(), Domain::REAL);
        noise_derivation(-energy, Site { variable: group.var, noise, injection, bounds: Bound::of(group.support) })
    };
    let noise = vec![derived(Injection::Add), derived(Injection::Multiply)];
    let normaliser = match group.support {
        Support::Real => Normaliser::Unchanged,
        _ => Normaliser::Expected(names_in(noise[0].delta, groups)),
    };
    EnergyNoise { variable: group.name.clone(), noise, normaliser }
}

fn names_in(delta: Expr, groups: &[Group]) -> Vec<String> {
    groups.iter().filter(|g| depends_on(delta, &[g.var])).map(|g| g.name.clone()).collect()
}
