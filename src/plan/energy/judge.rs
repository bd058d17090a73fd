//! How well an energy fits data: a likelihood where it can be had, and the error of what is reconstructed or predicted.

use super::chain::Chain;
use super::{enter_column, enter_parameters, exact, posterior};
use crate::derive::energy::{EnergyDerivation, Group, derive_energy};
use crate::diag::Problems;
use crate::expr::{Dim, Domain, Expr, Func, Shape, Trace, simplify, substitute};
use crate::model::{Energy, Method, Model, Support};
use crate::plan::draw::width;
use crate::plan::estep;
use crate::plan::ir::*;
use crate::plan::lower::Lowering;
use crate::plan::network::{LOG_LIKELIHOOD, mean_output};

/// Output of the evaluation: F(v) of each example, where hidden groups can be summed out.
pub const FREE_ENERGY: &str = "free energy";

/// What stands for the log-likelihood of an energy, of which the normaliser is not known in general.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// ln p(v), the normaliser by going through states.
    Likelihood,
    /// Σ ln p(v_i | all other visible units) (Besag 1975), estimated with one unit of each group drawn for each example: units
    /// that have finitely many states, and no hidden groups that interact.
    Pseudo,
    /// ln p(v | hidden units at their means given v).
    Reconstruction,
}

impl Judgement {
    pub fn of(model: &Model, method: Method) -> Judgement {
        let derived = model.energy.and_then(|energy| derive_energy(model, energy).ok());
        match derived {
            _ if method == Method::Exact => Judgement::Likelihood,
            Some(derived)
                if derived.free_energy.is_ok()
                    && derived.groups.iter().filter(|g| g.observed).all(|g| g.support.is_discrete()) =>
            {
                Judgement::Pseudo
            }
            _ => Judgement::Reconstruction,
        }
    }
}

/// Outputs [`LOG_LIKELIHOOD`] as [`Judgement::of`] has it, [`FREE_ENERGY`], and for every visible group [`mean_output`]: its mean given the
/// hidden units at their means, or, for one of the classes beside other groups, its probabilities given these. Hidden groups have
/// theirs given the visible ones.
pub fn evaluation(model: &Model, energy: Energy, method: Method) -> Result<Plan, Problems> {
    let derived = derive_energy(model, energy)?;
    let mut l = Lowering::default();
    enter_parameters(&mut l, model);
    model.from_data().for_each(|node| enter_column(&mut l, node, node.var));
    let mut chain = Chain::new(&derived.groups, Rows::Batch);
    posterior(&mut l, &mut chain, &derived);
    let visible: Vec<&Group> = derived.groups.iter().filter(|g| g.observed).collect();
    l.builder.origin("the log-likelihood", Some(derived.span));
    let total = match (Judgement::of(model, method), &derived.free_energy) {
        (Judgement::Likelihood, Ok(free)) => likelihood(&mut l, *free, &derived)?,
        (Judgement::Pseudo, Ok(free)) => {
            let each: Vec<Expr> = visible.iter().map(|g| pseudo(&mut l, *free, g, &derived.groups)).collect();
            lowered(&mut l, Expr::add_all(&each))
        }
        _ => {
            let each: Vec<Expr> = visible.iter().map(|g| log_density(&chain, g)).collect();
            lowered(&mut l, Expr::add_all(&each))
        }
    };
    l.output(LOG_LIKELIHOOD, total);
    if let Ok(free) = derived.free_energy {
        let free = lowered(&mut l, free);
        l.output(FREE_ENERGY, free);
    }
    for group in &visible {
        l.builder.origin(format!("mean of {}", group.name), Some(group.span));
        let mean = match &derived.free_energy {
            Ok(free) if group.support == Support::OneHot && visible.len() > 1 => class_scores(*free, group).softmax(),
            _ => chain.at(group.conditional.mean).spread(Dim::Fixed(width(group.var))),
        };
        let mean = lowered(&mut l, mean);
        l.output(&mean_output(&group.name), mean);
    }
    for group in derived.groups.iter().filter(|g| !g.observed) {
        let mean = lowered(&mut l, chain.value(group).spread(Dim::Fixed(width(group.var))));
        l.output(&mean_output(&group.name), mean);
    }
    Ok(l.builder.plan)
}

fn lowered(l: &mut Lowering, e: Expr) -> BufferId {
    l.lower(simplify(e, &mut Trace::default()))
}

/// −F(v) − ln Z
fn likelihood(l: &mut Lowering, free: Expr, derived: &EnergyDerivation) -> Result<BufferId, Problems> {
    let log_normaliser = exact::states(derived)?.log_normaliser(l, derived);
    let log_weight = lowered(l, -free);
    Ok(l.builder.binary(Binary::Subtract, log_weight, log_normaliser))
}

/// a x − c x² less its normaliser, at the present values of the other groups.
fn log_density(chain: &Chain, group: &Group) -> Expr {
    let Group { var, conditional, .. } = group;
    let each = conditional.field.linear * *var - conditional.field.quadratic * var.powi(2);
    let dim = Dim::Fixed(width(*var));
    chain.at(each.spread(dim).sum(dim) - conditional.log_normaliser)
}

/// Σ_i ln p(v_i | rest) of a group: the whole of it for one of the classes, else as many times as there are units for one unit
/// drawn with equal chances.
fn pseudo(l: &mut Lowering, free: Expr, group: &Group, groups: &[Group]) -> Expr {
    if group.support == Support::OneHot {
        return -free - class_scores(free, group).log_sum_exp();
    }
    let units = width(group.var) as f64;
    let other = flipped(l, group, groups);
    // ln logistic(F(flipped) − F(v))
    -units * (free - substitute(free, &[(group.var, other)])).call(Func::Softplus)
}

/// −F with each of the classes in the group's place.
fn class_scores(free: Expr, group: &Group) -> Expr {
    let classes = width(group.var);
    let class = |k: usize| {
        let unit = |i: usize| Expr::num(f64::from(u8::from(i == k))).spread(Dim::Fixed(1));
        Expr::concat(&(0..classes).map(unit).collect::<Vec<_>>())
    };
    let score = |k: usize| substitute(-free, &[(group.var, class(k))]).spread(Dim::Fixed(1));
    Expr::concat(&(0..classes).map(score).collect::<Vec<_>>())
}

/// The group with one unit of each example in its other state.
fn flipped(l: &mut Lowering, group: &Group, groups: &[Group]) -> Expr {
    let units = width(group.var);
    let at = groups.iter().position(|g| g.var == group.var).unwrap_or(0);
    let fill = Fill { kind: FillKind::StandardUniform, source: estep::source(at, 0), coarse: false };
    let uniform = Expr::var("u", Shape::Scalar, Domain::ZERO_TO_ONE);
    let buffer = l.builder.buffer(Rows::Batch, 1, Role::Random(fill));
    l.bind(uniform, buffer);
    let numbers = Expr::var("i", group.var.shape(), Domain::REAL);
    let table = l.builder.buffer(Rows::Fixed(1), units, Role::Table((0..units).map(|i| i as f64).collect()));
    l.bind(numbers, table);
    let past = |from: Expr| (units as f64 * uniform - from).call(Func::Step);
    let chosen = past(numbers) - past(numbers + Expr::num(1.0));
    match group.support {
        Support::Bipolar => group.var - 2.0 * chosen * group.var,
        _ => group.var + chosen * (Expr::num(1.0) - 2.0 * group.var),
    }
}
