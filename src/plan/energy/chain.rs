//! Block Gibbs sampling in a plan: every group of units has a letter for its present value, and a draw gives it a new one.

use crate::derive::energy::{Conditional, Family, Group, Moments};
use crate::expr::{Domain, Expr, Func, Trace, simplify, substitute};
use crate::plan::draw::width;
use crate::plan::estep;
use crate::plan::ir::*;
use crate::plan::lower::Lowering;
use crate::special::Special;

/// How many draws of a method are told apart by the random numbers they take, all groups together.
pub const MOST_DRAWS: usize = 3000;

/// Values of some or all groups, one row a chain.
#[derive(Clone)]
pub struct Chain<'a> {
    pub groups: &'a [Group],
    /// What stands for each group of which a value is known.
    values: Vec<(Expr, Expr)>,
    rows: Rows,
    /// How often a group was drawn.
    draws: usize,
}

impl<'a> Chain<'a> {
    pub fn new(groups: &'a [Group], rows: Rows) -> Chain<'a> {
        Chain { groups, values: vec![], rows, draws: 0 }
    }

    /// Chains beside those of the method, for noise statement `number`: with random numbers of their own, after all that a method
    /// draws ([`MOST_DRAWS`]).
    pub fn beside(self, number: usize) -> Chain<'a> {
        Chain { draws: MOST_DRAWS + number * self.groups.len(), ..self }
    }

    /// From now on the group has this value.
    pub fn set(&mut self, group: Expr, value: Expr) {
        self.values.retain(|(known, _)| *known != group);
        self.values.push((group, value));
    }

    pub fn value(&self, group: &Group) -> Expr {
        self.at(group.var)
    }

    /// An expression of the groups at their present values.
    pub fn at(&self, e: Expr) -> Expr {
        substitute(e, &self.values)
    }

    /// Draws group number `at` given all others.
    pub fn draw(&mut self, l: &mut Lowering, at: usize) {
        let group = &self.groups[at];
        l.builder.origin(format!("draw of {}", group.name), Some(group.span));
        let fresh = self.fresh(l, group, at);
        let value = self.at(draw(&group.conditional, fresh));
        let letter = Expr::var(&group.name, group.var.shape(), group.support.closure());
        l.define(letter, simplify(value, &mut Trace::default()));
        self.set(group.var, letter);
        self.draws += 1;
    }

    /// Draws every group once, block after block.
    pub fn sweep(&mut self, l: &mut Lowering, blocks: &[Vec<usize>]) {
        blocks.iter().flatten().for_each(|at| self.draw(l, *at));
    }

    /// The moments of a group given the present values of all others, computed in the plan.
    pub fn moments(&self, l: &mut Lowering, group: &Group) -> Moments {
        l.builder.origin(format!("mean of {}", group.name), Some(group.span));
        let mean = self.known(l, group.conditional.mean, group);
        let square = match group.conditional.square() {
            square if square == group.conditional.mean => mean,
            square if square.as_num().is_some() => square,
            square => self.known(l, square, group),
        };
        Moments { group: group.var, mean, square }
    }

    fn known(&self, l: &mut Lowering, e: Expr, group: &Group) -> Expr {
        let letter = Expr::var(&format!("E[{}]", group.name), group.var.shape(), Domain::REAL);
        l.define(letter, simplify(self.at(e), &mut Trace::default()));
        letter
    }

    /// One standard random number for each unit.
    fn fresh(&self, l: &mut Lowering, group: &Group, at: usize) -> Expr {
        let (kind, domain) = match group.conditional.family {
            Family::Gaussian => (FillKind::StandardNormal, Domain::REAL),
            _ => (FillKind::StandardUniform, Domain::ZERO_TO_ONE),
        };
        let fill = Fill { kind, source: estep::source(at, self.draws), coarse: true };
        let buffer = l.builder.buffer(self.rows, width(group.var), Role::Random(fill));
        let letter = Expr::var("u", group.var.shape(), domain);
        l.bind(letter, buffer);
        letter
    }
}

/// One draw from e^(a x − c x²), `u` being standard uniform or, for a gaussian, standard normal.
fn draw(conditional: &Conditional, u: Expr) -> Expr {
    let deviation = || conditional.precision.map_or(Expr::num(1.0), |precision| precision.pow(Expr::num(-0.5)));
    let one = Expr::num(1.0);
    match conditional.family {
        Family::Logistic => (conditional.mean - u).call(Func::Step),
        Family::Tanh => 2.0 * (conditional.mean - (2.0 * u - one)).call(Func::Step) - one,
        // The Gumbel-max trick.
        Family::Softmax => {
            let raised = conditional.input - (-u.ln()).ln();
            (shares(raised.max(Expr::num(-1e6))) - Expr::num(0.5)).call(Func::Step)
        }
        Family::Gaussian => conditional.input + deviation() * u,
        // From above: P(x > t) = u P(x > 0), which keeps its digits where little of the normal density is above 0.
        Family::TruncatedGaussian => {
            let standard = conditional.input / deviation();
            let share = u * Expr::special(Special::NormalCdf, &[standard]);
            let above = -Expr::special(Special::NormalQuantile, &[share]);
            (conditional.input + deviation() * above).max(Expr::num(0.0))
        }
        Family::Exponential => -u.ln() / conditional.input,
    }
}

/// A softmax so steep that only the largest components have a share, the same each.
pub fn shares(scores: Expr) -> Expr {
    (Expr::num(1e30) * scores).softmax()
}
