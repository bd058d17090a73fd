//! From a region to a rule for drawing: what each arm does with a proposed noise.
//!
//! `drop` keeps a draw inside the region and otherwise adds nothing ([K] Algorithm 1). `reflect` mirrors a draw that falls
//! outside a half-space at its boundary: for a proposal symmetric about that plane this samples the proposal restricted
//! to the region exactly, and no draw is lost. `anti` asks for the opposite region (the dual of [K], noise that harms).

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

/// What `arm` makes of the proposal `draw` for the variable that `derived` speaks of. `None` when `reflect` is asked of a
/// region that is no half-space, or of one that the support cuts.
pub fn select(derived: &NoiseDerivation, target: Expr, draw: Expr, arm: Arm, how: Select) -> Option<Selected> {
    let sign = match arm {
        Arm::None | Arm::Blind => return Some(Selected { noise: draw, accepted: Expr::num(1.0) }),
        Arm::Nem | Arm::Ascent => 1.0,
        Arm::Anti => -1.0,
    };
    match how {
        Select::Drop => {
            let noisy = inject(derived.injection, target, draw);
            let delta = replace(derived.delta, derived.noise, draw);
            let inside = (sign * delta).call(Func::Step) * within(&derived.support, noisy);
            Some(Selected { noise: draw, accepted: inside })
        }
        Select::Reflect => {
            // A mirrored draw keeps its distribution, but need not keep within a bounded support.
            let (Kind::HalfSpace { normal }, Some(still), []) =
                (&derived.region.kind, derived.still, &derived.region.support[..])
            else {
                return None;
            };
            Some(Selected { noise: reflect(draw, *normal, sign, still), accepted: Expr::num(1.0) })
        }
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
