//! Which layers of a network compute what the units of an energy are on average, and from which of its parameters: greedy pretraining
//! puts the energy's in their place (Hinton, Osindero and Teh 2006; Hinton and Salakhutdinov 2006).

use super::{EnergyDerivation, Group};
use crate::expr::{
    self, Expr, Func, Trace, depends_on, find_all, free_variables, prove_equal, replace, simplify, substitute,
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
pub struct Level {
    /// The variable in the place of the visible units.
    pub below: String,
    /// The layer that computes E[h | v], and then one that computes E[v | h], where the network decodes what it encoded.
    pub given: Vec<Given>,
}

/// Fits each energy to the layer above what the one before it was fitted to, then back down as far as the network goes.
///
/// Errors: the number of the first energy that no layer fits.
pub fn stack<'m>(network: &'m Model, storeys: &[Storey]) -> Result<Vec<Level>, usize> {
    let mut levels: Vec<Level> = vec![];
    let mut below: Vec<&Node> = network.inputs().collect();
    for (at, storey) in storeys.iter().enumerate() {
        let encoded = |from: &&'m Node| Some((*from, layer(network, from, storey, [storey.visible, storey.hidden])?));
        let (from, (node, given)) = below.iter().find_map(encoded).ok_or(at)?;
        levels.push(Level { below: called(network, from), given: vec![given] });
        below = vec![node];
    }
    for (storey, level) in storeys.iter().zip(&mut levels).rev() {
        let Some((node, given)) = layer(network, below[0], storey, [storey.hidden, storey.visible]) else { break };
        level.given.push(given);
        below = vec![node];
    }
    Ok(levels)
}

/// The first layer that computes from `from` what the second group is on average given the first. Of variables with the same mean,
/// the last is what later layers see.
fn layer<'m>(
    network: &'m Model,
    from: &Node,
    storey: &Storey,
    [given, wanted]: [&Group; 2],
) -> Option<(&'m Node, Given)> {
    if from.var.shape() != given.var.shape() {
        return None;
    }
    let target = in_logistic(substitute(wanted.conditional.mean, &[(given.var, from.var)]));
    let means: Vec<(&Node, Expr)> =
        network.nodes.iter().filter_map(|node| Some((node, written_from(network, from, node)?))).collect();
    let (mean, shared) =
        means.iter().find_map(|(_, mean)| Some((*mean, shared(network, storey.model, *mean, target)?)))?;
    let (node, _) = means.iter().rev().find(|(_, other)| *other == mean)?;
    Some((node, Given { variable: called(network, node), shared }))
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
        prove_equal(substitute(mean, &pairs), target, &mut Trace::default())
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
    let (rows, columns) = other.shape;
    let is_matrix = rows > 1 && columns > 1;
    let fits = [(node.shape == other.shape, false), (is_matrix && node.shape == (columns, rows), true)];
    let alike = node.support == other.support;
    let fitting = fits.into_iter().filter(move |(fits, _)| *fits && alike);
    fitting.map(move |(_, transposed)| Shared { parameter, from, transposed })
}
