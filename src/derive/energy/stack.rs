//! Which layers of a network compute what the units of an energy are on average, and from which of its parameters: greedy pretraining
//! puts the energy's in their place (Hinton, Osindero and Teh 2006; Hinton and Salakhutdinov 2006).

use super::{EnergyDerivation, Group};
use crate::expr::{
    self, Expr, Func, Shape, Trace, depends_on, find_all, free_variables, prove_equal, replace, simplify, substitute,
};
use crate::model::{Given, Kind, Model, Node, Shared};

/// An energy of one visible and one hidden group.
pub struct Storey<'a> {
    pub model: &'a Model,
    pub visible: &'a Group,
    pub hidden: &'a Group,
}

impl<'a> Storey<'a> {
    /// `None` for an energy with other groups, or with inputs.
    pub fn of(model: &'a Model, derived: &'a EnergyDerivation) -> Option<Storey<'a>> {
        match &derived.groups[..] {
            [one, other] if one.observed != other.observed && model.inputs().next().is_none() => {
                let (visible, hidden) = if one.observed { (one, other) } else { (other, one) };
                Some(Storey { model, visible, hidden })
            }
            _ => None,
        }
    }
}

/// What one energy gives the network.
#[derive(Clone)]
pub struct Level {
    /// The variable in the place of the visible units.
    pub below: String,
    /// The layer that computes E[h | v], and then one that computes E[v | h], where the network decodes what it encoded.
    pub given: Vec<Given>,
}

impl Level {
    /// The parameters of the network that it gives, by number.
    pub fn parameters(&self) -> impl Iterator<Item = usize> {
        self.given.iter().flat_map(|given| &given.shared).map(|shared| shared.parameter)
    }
}

/// Fits each energy to the layer above what the one before it was fitted to, then back down where the network decodes.
///
/// Errors: the number of the first energy that no layer fits.
pub fn stack(network: &Model, storeys: &[Storey]) -> Result<Vec<Level>, usize> {
    let (mut levels, top) = climb(network, &network.inputs().collect::<Vec<_>>(), storeys, 0)?;
    if let Some(back) = top.and_then(|top| way_back(network, top, storeys)) {
        levels.iter_mut().zip(back).for_each(|(level, given)| level.given.push(given));
    }
    Ok(levels)
}

/// The levels from one storey on, above one of these variables, and the variable at their top: the first layers of which the later
/// ones fit, too, where several stand on one layer.
fn climb<'m>(
    network: &'m Model,
    below: &[&'m Node],
    storeys: &[Storey],
    at: usize,
) -> Result<(Vec<Level>, Option<&'m Node>), usize> {
    let Some(storey) = storeys.get(at) else { return Ok((vec![], None)) };
    let mut furthest = at;
    for from in below {
        for (node, given) in layers(network, from, storey, [storey.visible, storey.hidden]) {
            match climb(network, &[node], storeys, at + 1) {
                Ok((above, top)) => {
                    let level = Level { below: called(network, from), given: vec![given] };
                    return Ok(([vec![level], above].concat(), top.or(Some(node))));
                }
                Err(reached) => furthest = furthest.max(reached),
            }
        }
    }
    Err(furthest)
}

/// The layers that decode what was encoded, one for each energy, where the last of them is an outcome: a classifier of layers of one
/// width has others that would fit.
fn way_back<'m>(network: &'m Model, top: &'m Node, storeys: &[Storey]) -> Option<Vec<Given>> {
    let (mut below, mut back) = (top, vec![]);
    for storey in storeys.iter().rev() {
        let (node, given) = layers(network, below, storey, [storey.hidden, storey.visible]).into_iter().next()?;
        back.push(given);
        below = node;
    }
    back.reverse();
    matches!(below.kind, Kind::Random { observed: true, .. }).then_some(back)
}

/// The layers that compute from `from` what the second group is on average given the first. Of variables with the same mean, the last
/// is what later layers see.
fn layers<'m>(
    network: &'m Model,
    from: &Node,
    storey: &Storey,
    [given, wanted]: [&Group; 2],
) -> Vec<(&'m Node, Given)> {
    if from.var.shape() != given.var.shape() {
        return vec![];
    }
    let target = in_logistic(substitute(wanted.conditional.mean, &[(given.var, from.var)]));
    let means: Vec<(&Node, Expr)> =
        network.nodes.iter().filter_map(|node| Some((node, written_from(network, from, node)?))).collect();
    let is_new = |at: &usize| !means[..*at].iter().any(|(_, earlier)| *earlier == means[*at].1);
    let fitting = (0..means.len()).filter(is_new).filter_map(|at| {
        let (_, mean) = means[at];
        let (node, _) = means.iter().rev().find(|(_, other)| *other == mean)?;
        let shared = shared(network, storey.model, mean, target)?;
        Some((*node, Given { variable: called(network, node), shared }))
    });
    fitting.collect()
}

/// As programs call it.
fn called(network: &Model, node: &Node) -> String {
    network.named().find(|(_, other)| other.var == node.var).map_or(node.name.clone(), |(name, _)| name.into())
}

/// The mean of a variable in terms of `from` and of parameters alone.
fn written_from(network: &Model, from: &Node, node: &Node) -> Option<Expr> {
    let mean = match &node.kind {
        Kind::Random { instance, .. } => instance.mean(node.var)?,
        Kind::Definition { value, .. } => *value,
        _ => return None,
    };
    // Stable forms are seen before the pre-activation is written out.
    let written = network.nodes.iter().rev().fold(simple(mean), |e, other| match &other.kind {
        Kind::Definition { value, .. } if other.var != from.var => substitute(e, &[(other.var, simple(*value))]),
        _ => e,
    });
    let known = |var: &Expr| *var == from.var || network.parameters().any(|(p, _)| p.var == *var);
    (depends_on(written, &[from.var]) && free_variables(written).iter().all(known)).then_some(written)
}

/// tanh(x) = 2 logistic(2x) − 1, as what a program writes is simplified.
fn in_logistic(e: Expr) -> Expr {
    find_all(e, |part| matches!(part.node(), expr::Node::Call(Func::Tanh, _))).into_iter().fold(e, |e, part| match part
        .node()
    {
        expr::Node::Call(_, x) => replace(e, part, 2.0 * (2.0 * x).call(Func::Logistic) - 1.0),
        _ => e,
    })
}

fn simple(e: Expr) -> Expr {
    simplify(e, &mut Trace::default())
}

/// The parameters of the energy that have to stand for those of the network, all of them, for `mean` to be `target`.
fn shared(network: &Model, energy: &Model, mean: Expr, target: Expr) -> Option<Vec<Shared>> {
    let (learned, own) = (parameters(network, mean), parameters(energy, target));
    let var = |list: &[(usize, &Node)], at| list.iter().find(|(i, _)| *i == at).map(|(_, node)| node.var);
    let pair = |s: &Shared| {
        let from = var(&own, s.from)?;
        Some((var(&learned, s.parameter)?, if s.transposed { from.transpose() } else { from }))
    };
    assignments(&learned, &own).into_iter().find(|shared| {
        let pairs: Vec<(Expr, Expr)> = shared.iter().filter_map(pair).collect();
        let mean = substitute(mean, &pairs);
        mean.shape() == target.shape() && prove_equal(mean, target, &mut Trace::default())
    })
}

/// Those that an expression depends on, by number.
fn parameters(model: &Model, e: Expr) -> Vec<(usize, &Node)> {
    let all = model.parameters().map(|(node, _)| node).enumerate();
    all.filter(|(_, node)| depends_on(e, &[node.var])).collect()
}

/// All ways to give each parameter of the network one of the energy's of its shape, which may be transposed, each once.
fn assignments(learned: &[(usize, &Node)], own: &[(usize, &Node)]) -> Vec<Vec<Shared>> {
    if learned.len() != own.len() {
        return vec![];
    }
    learned.iter().fold(vec![vec![]], |begun, (parameter, node)| {
        let next = |begun: &Vec<Shared>| {
            let free = own.iter().filter(|(from, _)| begun.iter().all(|s| s.from != *from));
            let ways = free.flat_map(|(from, other)| ways((*parameter, node), (*from, other)));
            ways.map(|shared| begun.iter().copied().chain([shared]).collect()).collect::<Vec<Vec<Shared>>>()
        };
        begun.iter().flat_map(next).collect()
    })
}

/// As it is, and transposed, where that is of the right shape.
fn ways((parameter, node): (usize, &Node), (from, other): (usize, &Node)) -> impl Iterator<Item = Shared> + use<> {
    let (wanted, own) = (node.var.shape(), other.var.shape());
    let is_matrix = matches!(own, Shape::Matrix(..));
    let fits = [(wanted == own, false), (is_matrix && wanted == other.var.transpose().shape(), true)];
    let alike = node.support == other.support;
    let fitting = fits.into_iter().filter(move |(fits, _)| *fits && alike);
    fitting.map(move |(_, transposed)| Shared { parameter, from, transposed })
}
