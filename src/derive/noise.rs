//! From a region to a rule for drawing: what each arm does with a proposed noise.
//!
//! `drop` keeps a draw inside the region and otherwise adds nothing ([K] Algorithm 1). `reflect` mirrors a draw that falls
//! outside a half-space at its boundary: for a proposal symmetric about that plane this samples the proposal restricted
//! to the region exactly, and no draw is lost. `anti` asks for the opposite region (the dual of [K], noise that harms).

use super::delta::{NoiseDerivation, identity_element, inject};
use super::region::Kind;
use crate::expr::{Expr, Func, Quadratic, Trace, simplify};
use crate::model::{Arm, Injection, Select};

/// The noise that an arm uses, and which share of an example's draw was accepted (0 or 1).
#[derive(Clone, Copy, Debug)]
pub struct Selected {
    pub noise: Expr,
    pub accepted: Expr,
}

/// What `arm` makes of the proposal `draw` for the variable that `derived` speaks of. `None` when `reflect` is asked of a
/// region that is no half-space, or of one that the support cuts.
pub fn select(derived: &NoiseDerivation, target: Expr, draw: Expr, arm: Arm, how: Select) -> Option<Selected> {
    let sign = match arm {
        Arm::None | Arm::Blind => return Some(Selected { noise: draw, accepted: Expr::num(1.0) }),
        Arm::Nem => 1.0,
        Arm::Anti => -1.0,
    };
    let mut trace = Trace::default();
    match how {
        Select::Drop => {
            let delta = crate::expr::replace(derived.delta, derived.noise, draw);
            let inside = (sign * delta).call(Func::Step) * within(derived, target, draw);
            let identity = identity_element(derived.injection);
            let noise = simplify((draw - identity) * inside + identity, &mut trace);
            Some(Selected { noise, accepted: inside })
        }
        Select::Reflect => {
            // A mirrored draw keeps its distribution, but need not keep within a bounded support.
            let Kind::HalfSpace { normal } = derived.region.kind else { return None };
            if !derived.region.support.is_empty() {
                return None;
            }
            Some(Selected { noise: reflect(draw, normal, sign, derived.injection), accepted: Expr::num(1.0) })
        }
    }
}

/// 1 where the noisy target keeps within its support, else 0.
fn within(derived: &NoiseDerivation, target: Expr, draw: Expr) -> Expr {
    let noisy = inject(derived.injection, target, draw);
    let mut inside = Expr::num(1.0);
    for bound in &derived.region.support {
        let kept = bound.slack(noisy).call(Func::Step);
        // Every component must be inside: no component may be outside.
        let missing = Quadratic::total(1.0 - kept, target.shape().dim());
        inside = inside * (-missing).call(Func::Step);
    }
    inside
}

/// The mirror image of a draw in the plane through the identity with this normal, if it lies on the wrong side.
fn reflect(draw: Expr, normal: Expr, sign: f64, injection: Injection) -> Expr {
    let deviation = draw - identity_element(injection);
    let dim = draw.shape().dim();
    let height = Quadratic::total(deviation * normal, dim);
    let wrong = (sign * height).min(Expr::num(0.0));
    // The smallest normal number keeps a vanishing normal, where no side is wrong, from dividing by zero.
    let square = Quadratic::total(normal.powi(2), dim).max(Expr::num(f64::from(f32::MIN_POSITIVE)));
    draw - sign * (2.0 * wrong) / square * normal
}
