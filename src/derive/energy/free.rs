//! Groups summed or integrated out: where no two of them interact, the sum factorises into one closed form for each. With
//! all hidden groups gone it is the free energy F(v) = −ln Σ_h e^−E(v, h), so that p(v) ∝ e^−F.

use super::Group;
use crate::expr::{Expr, Trace, depends_on, expand, simplify};

/// F(v). Fails with two hidden groups that interact.
pub fn free_energy(energy: Expr, groups: &[Group], trace: &mut Trace) -> Result<Expr, (String, String)> {
    let hidden: Vec<&Group> = groups.iter().filter(|g| !g.observed).collect();
    summed_out(energy, &hidden, trace)
}

/// −ln Σ e^−E over the states of these groups. Fails with two of them that interact.
pub fn summed_out(energy: Expr, groups: &[&Group], trace: &mut Trace) -> Result<Expr, (String, String)> {
    let mut pairs = groups.iter().enumerate().flat_map(|(i, a)| groups[i + 1..].iter().map(move |b| (a, b)));
    if let Some((a, b)) = pairs.find(|(a, b)| a.interacts_with(b)) {
        return Err((a.name.clone(), b.name.clone()));
    }
    let vars: Vec<Expr> = groups.iter().map(|g| g.var).collect();
    let summed = groups.iter().map(|g| simplify(-g.conditional.log_normaliser, trace)).collect::<Vec<_>>();
    Ok(free_of(energy, &vars) + Expr::add_all(&summed))
}

/// The terms without these variables, of which the others are polynomials without a constant; a term that has none stays as
/// it is written.
pub(super) fn free_of(energy: Expr, vars: &[Expr]) -> Expr {
    let (without, with): (Vec<Expr>, Vec<Expr>) = energy.terms().into_iter().partition(|t| !depends_on(*t, vars));
    let expanded = expand(Expr::add_all(&with)).terms().into_iter().filter(|t| !depends_on(*t, vars));
    Expr::add_all(&without.into_iter().chain(expanded).collect::<Vec<_>>())
}
