//! What follows from one declared energy E of groups of units, p ∝ e^−E: the conditional of every group, the order of
//! block Gibbs sampling, the free energy, the two phases of learning, and the noise that makes visible data more probable
//! ([K] §8-9, Theorems 8-10).

mod conditional;
mod couplings;
mod expected;
mod free;
mod noise;
mod refused;
mod stack;

use std::collections::BTreeMap;

use crate::diag::Problems;
use crate::expr::{Expr, Trace, depends_on, pull_back, simplify, tidy};
use crate::model::{Energy, Model, Node, Support};
use crate::source::Span;

pub use conditional::{Conditional, Family, Field};
pub use couplings::{Annealed, annealed};
pub use expected::{Moments, expected};
pub use free::{free_energy, summed_out};
pub use noise::{EnergyNoise, Normaliser};
pub use stack::{Level, Storey, stack};

#[derive(Clone, Debug)]
pub struct EnergyDerivation {
    pub energy: Expr,
    pub span: Span,
    /// One for each group of units, in the model's order.
    pub groups: Vec<Group>,
    /// The groups, by number, that can be drawn at once, in the order of block Gibbs sampling: hidden ones first.
    pub blocks: Vec<Vec<usize>>,
    /// F(v) = −ln Σ_h e^−E, or the hidden groups that interact.
    pub free_energy: Result<Expr, (String, String)>,
    pub phases: Vec<Phase>,
    /// For each visible group.
    pub noise: Vec<EnergyNoise>,
    pub rules: Vec<&'static str>,
}

/// A group of units, given all others.
#[derive(Clone, Debug)]
pub struct Group {
    pub name: String,
    pub span: Span,
    pub observed: bool,
    pub support: Support,
    pub var: Expr,
    pub conditional: Conditional,
}

/// −∂E/∂θ: its mean with the visible units held at data, less its mean under the model, is ∂ ln p(v)/∂θ.
#[derive(Clone, Debug)]
pub struct Phase {
    pub parameter: String,
    pub statistic: Expr,
}

/// Derives everything that an energy gives. Errors: `CANNOT_DERIVE` for each group of which the energy is not linear or
/// quadratic, whose units interact, or over which e^−E has no finite integral.
pub fn derive_energy(model: &Model, energy: Energy) -> Result<EnergyDerivation, Problems> {
    let mut trace = Trace::default();
    let value = simplify(energy.value, &mut trace);
    let groups = groups(model, value, &mut trace)?;
    Ok(EnergyDerivation {
        energy: value,
        span: energy.span,
        blocks: blocks(&groups),
        free_energy: free_energy(value, &groups, &mut trace),
        phases: phases(model, value, &mut trace),
        noise: groups.iter().filter(|g| g.observed).map(|g| noise::of(value, g, &groups)).collect(),
        groups,
        rules: trace.rules,
    })
}

fn groups(model: &Model, energy: Expr, trace: &mut Trace) -> Result<Vec<Group>, Problems> {
    let mut problems = Problems::new();
    let mut groups = vec![];
    for (node, observed) in model.units() {
        match group(node, observed, energy, trace) {
            Ok(group) => groups.push(group),
            Err(found) => problems.push(*found),
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(groups) }
}

fn group(node: &Node, observed: bool, energy: Expr, trace: &mut Trace) -> Result<Group, Box<crate::diag::Diagnostic>> {
    let conditional =
        conditional::conditional(energy, node, trace).map_err(|why| refused::diagnostic(node, energy, why))?;
    let Node { name, span, support, var, .. } = node.clone();
    Ok(Group { name, span, observed, support, var, conditional })
}

impl Group {
    /// Whether the distribution of one depends on the other.
    pub fn interacts_with(&self, other: &Group) -> bool {
        let Field { linear, quadratic } = self.conditional.field;
        depends_on(linear, &[other.var]) || depends_on(quadratic, &[other.var])
    }
}

/// Each group into the first block in which nothing interacts with it.
fn blocks(groups: &[Group]) -> Vec<Vec<usize>> {
    let mut blocks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let (visible, hidden): (Vec<usize>, Vec<usize>) = (0..groups.len()).partition(|i| groups[*i].observed);
    for at in hidden.into_iter().chain(visible) {
        let is_free = |members: Option<&Vec<usize>>| {
            members.is_none_or(|m| m.iter().all(|other| !groups[at].interacts_with(&groups[*other])))
        };
        let block = (0..).find(|b| is_free(blocks.get(b))).unwrap_or(0);
        blocks.entry(block).or_default().push(at);
    }
    blocks.into_values().collect()
}

fn phases(model: &Model, energy: Expr, trace: &mut Trace) -> Vec<Phase> {
    let learned = model.parameters().filter(|(node, _)| depends_on(energy, &[node.var]));
    let mut phase = |node: &Node| Phase {
        parameter: node.name.clone(),
        statistic: tidy(pull_back(-energy, Expr::num(1.0), &[node.var])[0], trace),
    };
    learned.map(|(node, _)| phase(node)).collect()
}
