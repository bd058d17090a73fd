//! An energy in two parts: what each group has alone, and what couples groups. Between them stand E_β = alone + β · coupled for β
//! from 0, where all groups are independent and ln Z has a closed form, to 1 (Neal 2001; Salakhutdinov and Murray 2008).

use super::{EnergyDerivation, derive_energy};
use crate::diag::Problems;
use crate::expr::{Domain, Expr, Shape, Trace, depends_on, expand, simplify, substitute};
use crate::model::{Energy, Model};

pub struct Annealed {
    /// Everything that follows from E_β.
    pub derived: EnergyDerivation,
    pub beta: Expr,
    /// ln Z of E_0, free of units.
    pub log_normaliser: Expr,
}

/// Errors: those of the derivation, where a group alone has no distribution.
pub fn annealed(model: &Model, energy: Energy) -> Result<Annealed, Problems> {
    let groups: Vec<Expr> = model.units().map(|(node, _)| node.var).collect();
    let in_several = |term: &Expr| groups.iter().filter(|group| depends_on(*term, &[**group])).count() > 1;
    let (coupled, alone): (Vec<Expr>, Vec<Expr>) = expand(energy.value).terms().into_iter().partition(in_several);
    let beta = Expr::var("β", Shape::Scalar, Domain::ZERO_TO_ONE);
    let value = Expr::add_all(&alone) + beta * Expr::add_all(&coupled);
    let derived = derive_energy(model, Energy { value, ..energy })?;
    let at_zero = |e: Expr| simplify(substitute(e, &[(beta, Expr::num(0.0))]), &mut Trace::default());
    let normalisers = derived.groups.iter().map(|group| at_zero(group.conditional.log_normaliser));
    let constant = alone.iter().copied().filter(|term| !depends_on(*term, &groups));
    let log_normaliser = Expr::add_all(&normalisers.chain(constant.map(|term| -term)).collect::<Vec<_>>());
    Ok(Annealed { derived, beta, log_normaliser })
}
