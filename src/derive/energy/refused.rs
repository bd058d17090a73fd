//! What is said of a group that has no conditional in closed form.

use super::conditional::{Refused, field};
use crate::diag::{Diagnostic, codes};
use crate::expr::{Expr, Trace, depends_on, expand, print, simplify};
use crate::model::{Node, Support};

pub fn diagnostic(units: &Node, energy: Expr, why: Refused) -> Box<Diagnostic> {
    let name = &units.name;
    let problem = |message: String, label: String| Diagnostic::new(codes::CANNOT_DERIVE, message).at(units.span, label);
    let term = || culprit(units, energy).map_or(String::new(), |term| format!(" by the term {}", print::text(term)));
    Box::new(match why {
        Refused::Interacting => problem(
            format!("the units of `{name}` interact with each other"),
            format!("not independent given all others{}", term()),
        )
        .note("units that are drawn at once must not depend on each other")
        .help(format!(
            "divide `{name}` into groups of which each has no term with itself, such as `{name}1` and `{name}2`: they are drawn in turn, {name}1 given {name}2 and {name}2 given {name}1"
        )),
        Refused::Form => problem(
            format!("the energy is not linear or quadratic in `{name}`"),
            format!("of another form{}", term().replace("by the term", "in the term")),
        )
        .note("only then has the distribution of a unit given all others a closed form")
        .help(format!("write the energy with `{name}` and `{name}^2` alone, each multiplied with other groups and parameters")),
        Refused::Improper(e) => problem(
            format!("the energy does not confine the units `{name}`"),
            format!("{} is not shown to be positive", print::text(simplify(e, &mut Trace::default()))),
        )
        .note(format!("`{name}` is `{}`, and e^−E has to have a finite integral over it", units.support))
        .help(match units.support {
            Support::Real => format!("add a term that grows on both sides, such as `sum({name}^2) / 2`; declare a precision `positive`"),
            _ => format!("add a term that grows, such as `sum({name}^2) / 2`; declare a rate or a precision `positive`"),
        }),
    })
}

/// The first term of the energy that alone would be refused.
fn culprit(units: &Node, energy: Expr) -> Option<Expr> {
    let terms = expand(energy).terms().into_iter().filter(|t| depends_on(*t, &[units.var]));
    terms.into_iter().find(|term| field(*term, units.var).is_none())
}
