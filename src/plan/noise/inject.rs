//! Noise as it enters a plan: drawn, cooled, selected, and put into its variable.

use super::{NoisyVariable, accepted_output, cooling_slot, raised_output};
use crate::derive::{Choice, Selected, Values};
use crate::expr::{Domain, Expr, Shape, Trace, replace, simplify};
use crate::plan::draw::drawn;
use crate::plan::energy::Renormalised;
use crate::plan::estep::Samples;
use crate::plan::ir::*;
use crate::plan::lower::Lowering;
use crate::plan::network::Task;

/// What a condition is a mean over, and what it has to reach.
#[derive(Clone, Copy, Default)]
pub struct Against<'a> {
    /// The samples of the hidden variables and their weights; none where expressions stand for their expectations.
    pub samples: Option<(&'a Samples, BufferId)>,
    /// ln Z_n/Z of an energy; none where it is 0.
    pub normaliser: Option<&'a Renormalised>,
}

/// Draws, cools, selects and injects: noise n = e + k^−τ (draw − e) about the noise e that changes nothing.
pub fn inject_noise(l: &mut Lowering, noisy: &NoisyVariable, against: Against) {
    let Against { samples, normaliser } = against;
    let NoisyVariable { statement, derived, spec, .. } = noisy;
    l.builder.origin(format!("noise on {}", statement.target_name), Some(statement.span));
    let cooling = Expr::var(&cooling_slot(noisy.index), Shape::Scalar, Domain::POSITIVE);
    l.bind_slot(cooling, &cooling_slot(noisy.index));
    let rows = match samples.filter(|_| noisy.is_for_each()) {
        Some((samples, _)) => Rows::Samples(samples.count),
        None => Rows::Batch,
    };
    let draws: Vec<Expr> = (0..Choice::draws(spec.arm, spec.select))
        .map(|at| {
            let drawn = proposal(l, noisy, at, rows);
            let cooled = derived.still.map_or(cooling * drawn, |still| cooling * (drawn - still) + still);
            let draw = Expr::var(&format!("draw {} {at}", noisy.index), derived.noise.shape(), Domain::REAL);
            l.define(draw, simplify(cooled, &mut Trace::default()));
            draw
        })
        .collect();
    let against = Against { samples: samples.filter(|_| !noisy.is_for_each()), normaliser };
    let mut computed = Computed { against, l };
    let Some(selected) = noisy.choice(&mut computed).of(&draws) else { return };
    let value = selected.applied(derived.injection, noisy.clean);
    l.define(noisy.noisy, simplify(value, &mut Trace::default()));
    l.define(noisy.used.noise, selected.noise);
    let accepted = l.define(noisy.used.accepted, selected.accepted);
    if spec.arm.criterion().is_some() {
        l.output(&accepted_output(noisy.index), accepted);
    }
    if spec.task != Task::Train {
        tell_raised(l, noisy, samples);
    }
}

/// Outputs by how much the noise that is used raises ln f: 0 where it is not used.
fn tell_raised(l: &mut Lowering, noisy: &NoisyVariable, samples: Option<(&Samples, BufferId)>) {
    let Selected { noise, accepted } = noisy.used;
    let raised = accepted * replace(noisy.nem.delta, noisy.nem.noise, noise);
    let raised = match samples {
        Some((samples, weights)) => samples.average(l, weights, raised),
        None => l.lower(raised),
    };
    l.output(&raised_output(noisy.index), raised);
}

/// Hands out letters for what is computed in a plan.
struct Computed<'a, 'l> {
    against: Against<'a>,
    l: &'l mut Lowering,
}

impl Computed<'_, '_> {
    fn letter(&mut self, e: Expr, buffer: BufferId) -> Expr {
        let letter = Expr::var(&format!("value {}", buffer.0), e.shape(), Domain::REAL);
        self.l.bind(letter, buffer);
        letter
    }
}

impl Values for Computed<'_, '_> {
    fn known(&mut self, e: Expr) -> Expr {
        if e.as_num().is_some() || e.name().is_some() {
            return e;
        }
        let buffer = self.l.lower(e);
        self.letter(e, buffer)
    }

    fn expected(&mut self, e: Expr) -> Expr {
        let buffer = match self.against {
            Against { samples: Some((samples, weights)), .. } => samples.average(self.l, weights, e),
            Against { normaliser: Some(normaliser), .. } => {
                let constant = normaliser.constant(self.l, e);
                let raised = self.l.lower(e);
                self.l.builder.binary(Binary::Subtract, raised, constant)
            }
            _ => return self.known(e),
        };
        self.letter(e, buffer)
    }
}

/// Draw number `at` of the proposal, one for each component of the target.
fn proposal(l: &mut Lowering, noisy: &NoisyVariable, at: usize, rows: Rows) -> Expr {
    let instance = &noisy.statement.proposal;
    let count = instance.likelihood.draw.as_ref().map_or(0, |draw| draw.randomness.len());
    let source = |k| Fill::source(noisy.index, at * count + k);
    drawn(l, instance, noisy.derived.noise, rows, source).unwrap_or(Expr::num(f64::NAN))
}
