//! Training and judging models that an energy gives: −∂E/∂θ, its mean with the visible units held at data less its mean
//! under the model ([K] Theorem 8).

pub mod anneal;
mod chain;
mod exact;
mod judge;
mod normaliser;
mod recall;
mod refused;
mod stack;

use super::draw::width;
use super::ir::*;
use super::lower::Lowering;
use super::network::{ONE_OVER_ROWS, StepSpec, batch_sums, enter_column, enter_parameters, move_parameters};
use super::noise::{Against, inject_noise, noisy_units};
use crate::derive::energy::{EnergyDerivation, Group, Moments, derive_energy, expected};
use crate::diag::Problems;
use crate::expr::{Dim, Domain, Expr, Shape, pull_back, substitute};
use crate::model::{Energy, Method, Model, Node, Parameter, Sparsity, Support};
use chain::Chain;
pub use judge::{FREE_ENERGY, Judgement, evaluation};
pub use normaliser::Renormalised;
pub use recall::{ENERGY, answer_output, recall};
pub use refused::{possible, sparse_possible};
pub use stack::{Fitted, stacked};

/// How often the means of hidden groups that interact are computed from each other (Salakhutdinov and Hinton 2009, which
/// find 10 to be enough).
const MEAN_FIELD_SWEEPS: usize = 10;

/// One side of the gradient: what is to be raised or lowered for each row, what a row counts, and what their sum is scaled by.
struct Side {
    raised: Expr,
    weight: Expr,
    scale: Scalar,
}

impl Side {
    /// Σ_rows weight · ∂raised/∂θ for every parameter.
    fn sums(&self, l: &mut Lowering, model: &Model) -> Vec<BufferId> {
        let parameters: Vec<Expr> = model.parameters().map(|(node, _)| node.var).collect();
        batch_sums(l, model, &pull_back(self.raised, self.weight, &parameters))
    }
}

/// The gradients: the data's side less the model's.
fn difference(l: &mut Lowering, model: &Model, data: Side, lowered: Option<Side>) -> Vec<BufferId> {
    let sums = data.sums(l, model);
    let Some(lowered) = lowered else {
        return sums.into_iter().map(|sum| l.builder.scale(sum, data.scale)).collect();
    };
    let sums = sums.into_iter().zip(lowered.sums(l, model));
    let of_one = |((node, _), (data_sum, model_sum)): ((&Node, &Parameter), (BufferId, BufferId))| {
        l.builder.origin(format!("gradient of {}", node.name), Some(node.span));
        if data.scale == lowered.scale {
            let difference = l.builder.binary(Binary::Subtract, data_sum, model_sum);
            return l.builder.scale(difference, data.scale);
        }
        let [data, model] =
            [(data_sum, data.scale), (model_sum, lowered.scale)].map(|(sum, s)| l.builder.scale(sum, s));
        l.builder.binary(Binary::Subtract, data, model)
    };
    model.parameters().zip(sums).map(of_one).collect()
}

/// One step of training in one arm, with the outputs that noise has in any model.
pub fn training_step(spec: &StepSpec, energy: Energy) -> Result<Plan, Problems> {
    let derived = derive_energy(spec.model, energy)?;
    let mut l = Lowering::default();
    let parameters = enter_parameters(&mut l, spec.model);
    spec.model.from_data().for_each(|node| enter_column(&mut l, node, node.var));
    let scale = l.builder.slot(ONE_OVER_ROWS);
    let weight = Expr::num(1.0);
    let mut chain = Chain::new(&derived.groups, Rows::Batch);
    let hidden = posterior(&mut l, &mut chain, &derived);
    let raised = raised(&derived, &hidden);
    let noisy = noisy_units(spec, raised)?;
    for n in &noisy {
        let normaliser = n.normaliser(&mut l, &derived, &hidden)?;
        inject_noise(&mut l, n, Against { samples: None, normaliser: normaliser.as_ref() });
    }
    let with_noise: Vec<(Expr, Expr)> = noisy.iter().map(|n| (n.clean, n.noisy)).collect();
    let sparse = spec.sparsity.map_or(Expr::num(0.0), |sparsity| sparse(&mut l, &derived, &hidden, sparsity));
    let data = Side { raised: substitute(raised, &with_noise) + sparse, weight, scale };
    let lowered = match spec.method {
        Method::ContrastiveDivergence(steps) => {
            Some(Side { raised: after(&mut l, chain, &derived, steps), weight, scale })
        }
        Method::MeanField(rounds) => {
            let raised = after_means(&mut l, chain, &derived, rounds);
            Some(Side { raised, weight, scale })
        }
        Method::Persistent(steps) => Some(persistent(&mut l, &derived, steps, spec.batch)),
        Method::Exact => Some(exact::states(&derived)?.side(&mut l, &derived)),
        Method::Hebbian => None,
    };
    let gradients = difference(&mut l, spec.model, data, lowered);
    move_parameters(&mut l, spec, parameters, gradients);
    Ok(l.builder.plan)
}

/// What a row adds to −½ weight Σ_j (q_j − target)² to first order: the mean q over the batch is held fixed.
fn sparse(l: &mut Lowering, derived: &EnergyDerivation, hidden: &[Moments], sparsity: Sparsity) -> Expr {
    let scale = l.builder.slot(ONE_OVER_ROWS);
    let groups = derived.groups.iter().filter(|g| !g.observed).zip(hidden);
    let binary = groups.filter(|(group, _)| group.support == Support::Binary);
    let mut pulls = vec![];
    for (group, moments) in binary {
        l.builder.origin(format!("sparsity of {}", group.name), Some(group.span));
        let sum = l.lower(moments.mean);
        let sum = l.builder.sum_rows(sum);
        let mean = l.builder.scale(sum, scale);
        let letter = Expr::var(&format!("mean of {}", group.name), group.var.shape(), Domain::REAL);
        l.bind(letter, mean);
        let dim = Dim::Fixed(width(group.var));
        pulls.push(((Expr::num(sparsity.target) - letter) * group.conditional.mean).spread(dim).sum(dim));
    }
    sparsity.weight * Expr::add_all(&pulls)
}

/// E[−E] over hidden groups with these moments.
fn raised(derived: &EnergyDerivation, hidden: &[Moments]) -> Expr {
    expected(-derived.energy, hidden).unwrap_or(Expr::num(f64::NAN))
}

/// The moments of the hidden groups given the visible ones as the chain has them: exact where no two interact, else by mean field.
/// The chain has the means as their present values.
fn posterior(l: &mut Lowering, chain: &mut Chain, derived: &EnergyDerivation) -> Vec<Moments> {
    let hidden = || derived.groups.iter().filter(|g| !g.observed);
    let sweeps = if derived.free_energy.is_ok() { 1 } else { MEAN_FIELD_SWEEPS };
    hidden().for_each(|group| chain.set(group.var, Expr::num(0.0).spread(Dim::Fixed(width(group.var)))));
    let mut moments = vec![];
    for _ in 0..sweeps {
        moments.clear();
        for group in hidden() {
            let known = chain.moments(l, group);
            chain.set(group.var, known.mean);
            moments.push(known);
        }
    }
    moments
}

/// E[−E] after so many sweeps of the chain: hidden groups that do not interact by their moments given the visible ones, others as
/// they were drawn.
fn after(l: &mut Lowering, mut chain: Chain, derived: &EnergyDerivation, sweeps: usize) -> Expr {
    (0..sweeps).for_each(|_| chain.sweep(l, &derived.blocks));
    swept(l, &chain, derived)
}

/// E[−E] after so many rounds in which each group takes its mean given the others.
fn after_means(l: &mut Lowering, mut chain: Chain, derived: &EnergyDerivation, rounds: usize) -> Expr {
    let mut visible: Vec<Moments> = vec![];
    for _ in 0..rounds {
        visible.clear();
        for group in derived.blocks.iter().flatten().map(|at| &derived.groups[*at]) {
            let moments = chain.moments(l, group);
            chain.set(group.var, moments.mean);
            visible.extend(group.observed.then_some(moments));
        }
    }
    let hidden = posterior(l, &mut chain, derived);
    chain.at(expected(raised(derived, &hidden), &visible).unwrap_or(Expr::num(f64::NAN)))
}

fn swept(l: &mut Lowering, chain: &Chain, derived: &EnergyDerivation) -> Expr {
    if derived.free_energy.is_err() {
        return chain.at(-derived.energy);
    }
    let hidden: Vec<_> = derived.groups.iter().filter(|g| !g.observed).map(|g| chain.moments(l, g)).collect();
    chain.at(raised(derived, &hidden))
}

/// Chains that go on from step to step. They start at 0, which the first draw leaves.
fn persistent(l: &mut Lowering, derived: &EnergyDerivation, sweeps: usize, count: usize) -> Side {
    let rows = Rows::Fixed(count);
    let mut chain = Chain::new(&derived.groups, rows);
    let kept = kept_groups(derived);
    let buffers = keep(l, &mut chain, &kept, (count, ""));
    (0..sweeps).for_each(|_| chain.sweep(l, &derived.blocks));
    let raised = swept(l, &chain, derived);
    write_back(l, &chain, &kept, buffers);
    // A column, so that what is the same for all chains counts once for each.
    let weight = Expr::var("a chain", Shape::Scalar, Domain::POSITIVE);
    let ones = l.builder.buffer(rows, 1, Role::Table(vec![1.0; count]));
    l.bind(weight, ones);
    Side { raised, weight, scale: Scalar::Constant(1.0 / count as f64) }
}

/// The groups whose values chains have to keep: hidden ones that do not interact are drawn anew from the visible ones.
fn kept_groups(derived: &EnergyDerivation) -> Vec<&Group> {
    derived.groups.iter().filter(|g| g.observed || derived.free_energy.is_err()).collect()
}

/// Lets the chain start where so many chains ended last time; what they are for tells chains of one group apart.
fn keep(l: &mut Lowering, chain: &mut Chain, kept: &[&Group], (count, purpose): (usize, &str)) -> Vec<BufferId> {
    let mut own = |group: &&Group| {
        let buffer = l.builder.persistent(&format!("chains of {}{purpose}", group.name), count, width(group.var));
        let letter = Expr::var(&group.name, group.var.shape(), Domain::REAL);
        l.bind(letter, buffer);
        chain.set(group.var, letter);
        buffer
    };
    kept.iter().map(&mut own).collect()
}

fn write_back(l: &mut Lowering, chain: &Chain, kept: &[&Group], buffers: Vec<BufferId>) {
    for (group, buffer) in kept.iter().zip(buffers) {
        l.builder.origin(format!("chains of {}", group.name), Some(group.span));
        let last = l.lower(chain.value(group));
        l.builder.emit_into(Op::Scale(Scalar::Constant(1.0)), &[last], buffer);
    }
}
