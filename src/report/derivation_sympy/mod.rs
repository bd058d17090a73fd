//! Derivations as a Python file that runs with SymPy as it stands.

mod energy;
mod layer;
mod likelihood;
mod noise;
mod prior;
mod script;

use crate::derive::ProgramDerivation;
use crate::expr::print::INDICES;
use script::Script;

/// Every likelihood and every model; ends with a line break.
pub fn file(derived: &ProgramDerivation) -> String {
    let mut script = Script::default();
    derived.likelihoods.iter().for_each(|l| likelihood::define(&mut script, l));
    derived.models.iter().for_each(|m| layer::define(&mut script, m));
    header() + &script.finish()
}

fn header() -> String {
    let (with_spaces, with_commas) = (INDICES.join(" "), INDICES.join(", "));
    format!(
        "# Derived by nem. Every part that begins with a line of dashes binds the letters of its variables anew.\n\
         # What belongs to one component of a vector has {} free, which counts from 1.\n\
         from sympy import *\n\n\
         {with_commas} = symbols('{with_spaces}', integer=True)\n",
        INDICES[0]
    )
}
