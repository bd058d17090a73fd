//! From a region to a rule for drawing: what each arm does with a proposed noise.
//!
//! `drop` keeps a draw inside the region and otherwise adds nothing ([K] Algorithm 1). `reflect` mirrors a draw that falls
//! outside a half-space at its boundary: for a proposal symmetric about that plane this samples the proposal restricted
//! to the region exactly, and no draw is lost. `resample` draws again, `best_of` draws several and takes the one that raises
//! the likelihood most. `anti` asks for the opposite region (the dual of [K], noise that harms).
//!
//! Where the hidden variables are samples, the condition is the expectation over them: Σ_m γ_m Δ_m(n) ≥ 0 is the difference
//! of the Q-functions with and without the noise ([K] (114)).

use super::delta::NoiseDerivation;
use super::injection::inject;
use super::region::{Kind, slack};
use crate::expr::{Expr, Func, Quadratic, replace};
use crate::model::{Arm, Bound, Injection, Select};

/// The noise that an arm uses, and which share of an example's draw was accepted (0 or 1).
#[derive(Clone, Copy, Debug)]
pub struct Selected {
    pub noise: Expr,
    pub accepted: Expr,
}

impl Selected {
    /// φ(y, n) where the noise is accepted, else y.
    pub fn applied(self, injection: Injection, y: Expr) -> Expr {
        let noisy = inject(injection, y, self.noise);
        if self.accepted.is_num(1.0) { noisy } else { y + self.accepted * (noisy - y) }
    }
}

/// What noise has to satisfy, and how a draw is found that does.
pub struct Choice<'a> {
    pub arm: Arm,
    pub how: Select,
    /// The condition of the variable itself.
    pub derived: &'a NoiseDerivation,
    /// The value that takes the noise.
    pub target: Expr,
    /// Conditions on the same noise as it arrives elsewhere.
    pub carried: &'a [NoiseDerivation],
    pub values: &'a mut dyn Values,
}

/// Who computes the expressions of a choice, and hands out letters for what is computed.
pub trait Values {
    /// A letter for the value of an expression.
    fn known(&mut self, e: Expr) -> Expr;
    /// The expectation of an expression over the hidden variables.
    fn expected(&mut self, e: Expr) -> Expr;
}

/// Expressions for themselves: hidden variables at their means, and nothing computed yet.
pub struct AsWritten;

impl Values for AsWritten {
    fn known(&mut self, e: Expr) -> Expr {
        e
    }

    fn expected(&mut self, e: Expr) -> Expr {
        e
    }
}

impl Choice<'_> {
    /// How many draws are looked at.
    pub fn draws(arm: Arm, how: Select) -> usize {
        match how {
            Select::Resample(n) | Select::BestOf(n) if arm.criterion().is_some() => n,
            _ => 1,
        }
    }

    /// What the arm makes of its draws. `None` when `reflect` is asked of a region that is no half-space, of one that the
    /// support cuts, or of one that is only part of the condition.
    pub fn of(&mut self, draws: &[Expr]) -> Option<Selected> {
        let first = draws[0];
        let Some(sign) = sign(self.arm) else { return Some(Selected { noise: first, accepted: Expr::num(1.0) }) };
        match self.how {
            Select::Reflect => {
                // A mirrored draw keeps its distribution, but need not keep within a bounded support.
                let (Kind::HalfSpace { normal }, Some(still), [], []) =
                    (&self.derived.region.kind, self.derived.still, &self.derived.region.support[..], self.carried)
                else {
                    return None;
                };
                let normal = self.values.expected(*normal);
                Some(Selected { noise: reflect(first, normal, sign, still), accepted: Expr::num(1.0) })
            }
            Select::Drop => Some(Selected { noise: first, accepted: self.judged(first, sign).1 }),
            Select::Resample(_) => Some(self.first_inside(draws, sign)),
            Select::BestOf(_) => Some(self.best(draws, sign)),
        }
    }

    /// By how much a draw raises what it should raise, and 1 if it is inside of everything, else 0.
    fn judged(&mut self, draw: Expr, sign: f64) -> (Expr, Expr) {
        let raised = self.raised(self.derived, draw, sign);
        let noisy = inject(self.derived.injection, self.target, draw);
        let carried = self.carried;
        let arriving: Vec<Expr> = carried.iter().map(|c| self.raised(c, draw, sign).call(Func::Step)).collect();
        (raised, raised.call(Func::Step) * within(&self.derived.support, noisy) * Expr::mul_all(&arriving))
    }

    fn raised(&mut self, derived: &NoiseDerivation, draw: Expr, sign: f64) -> Expr {
        sign * self.values.expected(replace(derived.delta, derived.noise, draw))
    }

    fn first_inside(&mut self, draws: &[Expr], sign: f64) -> Selected {
        let mut chosen = Selected { noise: draws[0], accepted: self.judged(draws[0], sign).1 };
        for draw in &draws[1..] {
            let inside = self.judged(*draw, sign).1;
            let taken = (Expr::num(1.0) - chosen.accepted) * inside;
            chosen = self.take(chosen, *draw, taken);
        }
        chosen
    }

    fn best(&mut self, draws: &[Expr], sign: f64) -> Selected {
        let mut chosen = Selected { noise: draws[0], accepted: Expr::num(0.0) };
        // What is inside raises by 0 or more.
        let mut most = Expr::num(0.0);
        for draw in draws {
            let (raised, inside) = self.judged(*draw, sign);
            let taken = self.values.known(inside * (raised - most).call(Func::Step));
            chosen = self.take(chosen, *draw, taken);
            most = self.values.known(most + taken * (raised - most));
        }
        chosen
    }

    /// The draw in the place of what was chosen before, where `taken` is 1.
    fn take(&mut self, chosen: Selected, draw: Expr, taken: Expr) -> Selected {
        Selected {
            noise: self.values.known(chosen.noise + taken * (draw - chosen.noise)),
            accepted: self.values.known(chosen.accepted.max(taken)),
        }
    }
}

/// Which side of the boundary an arm wants; `None` where it wants no side.
fn sign(arm: Arm) -> Option<f64> {
    match arm {
        Arm::None | Arm::Blind => None,
        Arm::Nem | Arm::Ascent => Some(1.0),
        Arm::Anti => Some(-1.0),
    }
}

/// 1 where the noisy target keeps within its support, else 0.
fn within(support: &[Bound], noisy: Expr) -> Expr {
    let keeps = |bound: &Bound| {
        let kept = slack(*bound, noisy).call(Func::Step);
        // Every component must be inside: no component may be outside.
        let missing = Quadratic::total(Expr::num(1.0) - kept, kept.shape().dim());
        (-missing).call(Func::Step)
    };
    Expr::mul_all(&support.iter().map(keeps).collect::<Vec<_>>())
}

/// The mirror image of a draw in the plane through the still noise with this normal, if it lies on the wrong side.
fn reflect(draw: Expr, normal: Expr, sign: f64, still: Expr) -> Expr {
    let dim = draw.shape().dim();
    let height = Quadratic::total((draw - still) * normal, dim);
    let wrong = (sign * height).min(Expr::num(0.0));
    // The smallest normal number keeps a vanishing normal, where no side is wrong, from dividing by zero.
    let square = Quadratic::total(normal.powi(2), dim).max(Expr::num(f64::from(f32::MIN_POSITIVE)));
    draw - sign * (2.0 * wrong) / square * normal
}
