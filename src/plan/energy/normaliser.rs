//! c = ln Z_n/Z, which Δ(n) has to reach where the noisy model is renormalised ([K] (176)-(179)): Z_n/Z is the mean of e^Δ(n) under
//! the model, over its states or over chains that go on from step to step.

use super::chain::Chain;
use super::exact::States;
use super::{keep, kept_groups, refused, write_back};
use crate::derive::energy::{EnergyDerivation, Group, Moments};
use crate::diag::Problems;
use crate::expr::{Domain, Expr, depends_on, substitute};
use crate::model::Renormalise;
use crate::plan::ir::*;
use crate::plan::lower::Lowering;

/// States or samples of the groups that a noise difference speaks of, one row each for every example.
pub struct Renormalised {
    /// What stands in the difference for values given the data, and what for states.
    in_place: Vec<(Expr, Expr)>,
    /// ln of what each state weighs, side by side.
    log_shares: BufferId,
    count: usize,
}

impl Renormalised {
    /// For the difference of noise statement `number`, over hidden groups with these moments. Errors: `BAD_SETTING` for states that are too many.
    pub fn new(
        l: &mut Lowering,
        derived: &EnergyDerivation,
        (hidden, delta): (&[Moments], Expr),
        (how, number): (Renormalise, usize),
    ) -> Result<Renormalised, Problems> {
        let speaks_of = |group: &Group| {
            let moments = hidden.iter().filter(|m| m.group == group.var).flat_map(|m| [m.mean, m.square]);
            moments.chain([group.var]).any(|letter| letter.as_num().is_none() && depends_on(delta, &[letter]))
        };
        let (chain, log_shares, count) = match how {
            Renormalise::Sampled(count) => sampled(l, derived, (count, number)),
            _ => {
                let states = States::choose(derived, speaks_of).or_else(|| States::choose(derived, |_| true));
                let states = states.ok_or_else(|| refused::too_many(derived, refused::NORMALISER, derived.span))?;
                let chain = states.chains(l, derived);
                let shares = states.log_shares(l, &chain);
                (chain, shares, states.count())
            }
        };
        let mut in_place = vec![];
        for group in derived.groups.iter().filter(|g| speaks_of(g)) {
            let state = tiled(l, chain.value(group), group, count);
            match hidden.iter().find(|m| m.group == group.var) {
                Some(moments) => in_place.extend([(moments.mean, state), (moments.square, state.powi(2))]),
                None => in_place.push((group.var, state)),
            }
        }
        in_place.retain(|(letter, _)| letter.as_num().is_none());
        // A unit of which only the first moment is known has squares that are it, or 1.
        in_place.dedup_by_key(|(letter, _)| *letter);
        Ok(Renormalised { in_place, log_shares, count })
    }

    /// ln of the mean of e^Δ over the states, for each example.
    pub fn constant(&self, l: &mut Lowering, delta: Expr) -> BufferId {
        // A difference without units in it is the same in every state.
        if self.in_place.is_empty() {
            return l.lower(delta);
        }
        let each = l.lower(substitute(delta, &self.in_place));
        let side_by_side = l.builder.emit(Op::Flatten, &[each], (Rows::Batch, self.count));
        let weighted = l.builder.binary(Binary::Add, side_by_side, self.log_shares);
        l.builder.emit(Op::LogSumExp, &[weighted], (Rows::Batch, 1))
    }
}

/// Each state again for every example.
fn tiled(l: &mut Lowering, state: Expr, group: &Group, count: usize) -> Expr {
    let buffer = l.lower(state);
    let (_, columns) = l.builder.shape(buffer);
    let tiled = l.builder.emit(Op::Tile, &[buffer], (Rows::Samples(count), columns));
    let letter = Expr::var(&group.name, group.var.shape(), Domain::REAL);
    l.bind(letter, tiled);
    letter
}

/// Chains of their own, one sweep a step.
fn sampled<'a>(
    l: &mut Lowering,
    derived: &'a EnergyDerivation,
    (count, number): (usize, usize),
) -> (Chain<'a>, BufferId, usize) {
    let mut chain = Chain::new(&derived.groups, Rows::Fixed(count)).beside(number);
    let kept = kept_groups(derived);
    let buffers = keep(l, &mut chain, &kept, (count, &format!(" for noise {number}")));
    chain.sweep(l, &derived.blocks);
    write_back(l, &chain, &kept, buffers);
    let shares = l.builder.constant(-(count as f64).ln(), count);
    (chain, shares, count)
}
