//! Means under the model by going through states: those of the visible groups, the hidden ones summed out, or the other way
//! round, or those of all.

use super::chain::Chain;
use super::{Side, refused};
use crate::derive::energy::{EnergyDerivation, Group, expected, summed_out};
use crate::diag::Problems;
use crate::expr::{Domain, Expr, Shape, Trace, simplify};
use crate::plan::draw::width;
use crate::plan::estep::{MOST_STATES, count_of_states, table_of_states};
use crate::plan::ir::*;
use crate::plan::lower::Lowering;
use crate::plan::network::ONE_OVER_ROWS;

/// Which groups `exact` goes through, and the free energy in them.
pub struct States<'a> {
    gone_through: Vec<&'a Group>,
    free_energy: Expr,
    count: usize,
}

/// Errors: `BAD_SETTING` where there are too many.
pub fn states(derived: &EnergyDerivation) -> Result<States<'_>, Problems> {
    States::of(derived).ok_or_else(|| refused::too_many(derived, refused::METHOD, derived.span).into())
}

impl<'a> States<'a> {
    /// `None` where every choice of groups has too many states, or leaves groups that interact.
    pub fn of(derived: &'a EnergyDerivation) -> Option<States<'a>> {
        let choices: [fn(&Group) -> bool; 3] = [|g| g.observed, |g| !g.observed, |_| true];
        let possible = choices.iter().filter_map(|choice| States::choose(derived, choice));
        possible.min_by_key(|states| states.count)
    }

    pub fn choose(derived: &'a EnergyDerivation, choice: impl Fn(&Group) -> bool) -> Option<States<'a>> {
        let (gone_through, others): (Vec<&Group>, Vec<&Group>) = derived.groups.iter().partition(|g| choice(g));
        let count = gone_through
            .iter()
            .try_fold(1usize, |all, g| all.checked_mul(count_of_states(g.support, width(g.var))?))?;
        let free_energy = summed_out(derived.energy, &others, &mut Trace::default()).ok()?;
        (count <= MOST_STATES).then_some(States { gone_through, free_energy, count })
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// ln of the probability of each state, side by side.
    pub fn log_shares(&self, l: &mut Lowering, chain: &Chain) -> BufferId {
        let log_weights = self.log_weights(l, chain);
        let total = l.builder.emit(Op::LogSumExp, &[log_weights], (Rows::Fixed(1), 1));
        l.builder.binary(Binary::Subtract, log_weights, total)
    }

    /// A chain for each state, in which the groups gone through have their states.
    pub fn chains(&self, l: &mut Lowering, derived: &'a EnergyDerivation) -> Chain<'a> {
        let mut chain = Chain::new(&derived.groups, Rows::Fixed(self.count));
        let mut stride = 1;
        for group in &self.gone_through {
            l.builder.origin(format!("states of {}", group.name), Some(group.span));
            let table = table_of_states(l, (group.support, width(group.var)), self.count, &mut stride);
            let letter = Expr::var(&group.name, group.var.shape(), group.support.closure());
            l.bind(letter, table);
            chain.set(group.var, letter);
        }
        chain
    }

    /// ln e^−F of every state, side by side.
    fn log_weights(&self, l: &mut Lowering, chain: &Chain) -> BufferId {
        let each = l.lower(simplify(chain.at(-self.free_energy), &mut Trace::default()));
        l.builder.transposed(each)
    }

    /// E[−E] of every state, weighted by its probability.
    pub fn side(&self, l: &mut Lowering, derived: &'a EnergyDerivation) -> Side {
        let chain = self.chains(l, derived);
        let log_weights = self.log_weights(l, &chain);
        let shares = l.builder.emit(Op::Softmax, &[log_weights], (Rows::Fixed(1), self.count));
        let shares = l.builder.transposed(shares);
        let weight = Expr::var("P(state)", Shape::Scalar, Domain::ZERO_TO_ONE);
        l.bind(weight, shares);
        let others = derived.groups.iter().filter(|g| !self.gone_through.iter().any(|of| of.var == g.var));
        let moments: Vec<_> = others.map(|g| chain.moments(l, g)).collect();
        let raised = expected(-derived.energy, &moments).unwrap_or(Expr::num(f64::NAN));
        // A single state, where all groups are summed out, is one row, which is summed as what all examples have in common.
        let scale = if self.count == 1 { l.builder.slot(ONE_OVER_ROWS) } else { Scalar::Constant(1.0) };
        Side { raised: chain.at(raised), weight, scale }
    }

    /// ln Z
    pub fn log_normaliser(&self, l: &mut Lowering, derived: &'a EnergyDerivation) -> BufferId {
        let chain = self.chains(l, derived);
        let log_weights = self.log_weights(l, &chain);
        l.builder.emit(Op::LogSumExp, &[log_weights], (Rows::Fixed(1), 1))
    }
}
