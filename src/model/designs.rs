//! Designs: where a `train` declaration gives several numbers for one, each choice of one number from every list.

use super::{Arm, Compared, Noise, Optimizer, Training};
use crate::expr::Expr;
use crate::source::Span;

/// A number that takes several values: `gaussian(0, [0.1, 0.28])`, `cooled [0, 1, 2]`, `sgd(rate = [0.5, 1])`.
#[derive(Clone, Debug)]
pub struct Varied {
    pub place: Place,
    /// `sigma`, `cooled`, `rate`; `y.sigma`, where another would have the same name.
    pub name: String,
    /// Whether its value stands alone in the name of an arm: `nem 0.28`, beside `nem cooled 2`.
    pub is_plain: bool,
    /// Two or more, all different.
    pub values: Vec<f64>,
    pub span: Span,
}

/// Where a number stands, noise statements and arguments counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Argument { statement: usize, index: usize },
    Cooling { statement: usize },
    Rate,
}

impl Varied {
    /// Without noise, what varies in the noise changes nothing.
    fn concerns(&self, arm: Arm) -> bool {
        arm != Arm::None || self.place == Place::Rate
    }
}

/// An arm in one design.
#[derive(Clone, Debug)]
pub struct Variant<'t> {
    pub arm: Arm,
    pub pretrained: bool,
    pub noise: Vec<Noise>,
    pub optimizer: Optimizer,
    /// What sets it apart from the other variants of its arm.
    pub values: Vec<(&'t Varied, f64)>,
}

impl Training {
    /// What is trained with each seed: every arm in every design that makes a difference to it.
    pub fn variants(&self) -> Vec<Variant<'_>> {
        let of_one = |compared: Compared| {
            choices(&self.varied, compared.arm).into_iter().map(move |values| self.variant(compared, values))
        };
        self.compared.iter().copied().flat_map(of_one).collect()
    }

    fn variant<'t>(&self, compared: Compared, values: Vec<(&'t Varied, f64)>) -> Variant<'t> {
        let Compared { arm, pretrained } = compared;
        let mut variant =
            Variant { arm, pretrained, noise: self.noise.clone(), optimizer: self.optimizer, values: vec![] };
        values.iter().for_each(|(varied, value)| variant.put(varied.place, *value));
        Variant { values, ..variant }
    }
}

impl Variant<'_> {
    fn put(&mut self, place: Place, value: f64) {
        match place {
            Place::Argument { statement, index } => {
                self.noise[statement].proposal.args[index] = Expr::num(value);
            }
            Place::Cooling { statement } => self.noise[statement].cooling = value,
            Place::Rate => *self.optimizer.rate_mut() = value,
        }
    }
}

/// How many variants there are.
pub fn count(compared: &[Compared], varied: &[Varied]) -> usize {
    let times = |n: usize, varied: &Varied| n.saturating_mul(varied.values.len());
    let of_one = |one: &Compared| varied.iter().filter(|v| v.concerns(one.arm)).fold(1, times);
    compared.iter().map(of_one).fold(0, usize::saturating_add)
}

/// All ways to choose a value of each number, the first number changing last.
fn choices(varied: &[Varied], arm: Arm) -> Vec<Vec<(&Varied, f64)>> {
    let concerned = varied.iter().filter(|v| v.concerns(arm));
    concerned.fold(vec![vec![]], |chosen, varied| {
        let each = chosen.iter().flat_map(|begun| {
            varied.values.iter().map(move |value| begun.iter().copied().chain([(varied, *value)]).collect())
        });
        each.collect()
    })
}
