//! Models given by an energy: groups of units, and one expression of them.

use super::problem::{Check, all, fail};
use super::scope::Scope;
use super::settings::{Settings, span_of};
use super::shapes;
use super::terms::{Evaluator, Place};
use crate::diag::{Diagnostic, codes};
use crate::expr::{Dim, Expr, Shape, substitute};
use crate::model::{Energy, Kind, Model, Node, Renormalise, Select, Support};
use crate::plan::energy::{possible, sparse_possible};
use crate::source::Span;
use crate::syntax::ast::{Item, ModelDecl, Name, Term, TrainDecl, Type};

/// What units can be: those whose distribution, given all others, has a sum or an integral in closed form when the energy
/// is linear or quadratic in them.
const UNITS: &[Support] = &[Support::Binary, Support::Bipolar, Support::OneHot, Support::Real, Support::Positive];

/// Units belong to an energy, and an energy needs units; what it speaks of has no likelihoods besides.
pub fn whole(decl: &ModelDecl) -> Check<()> {
    let energy =
        decl.items.iter().find_map(|item| if let Item::Energy { name, .. } = item { Some(name) } else { None });
    let wrong = decl.items.iter().filter_map(|item| match (item, energy) {
        (Item::Unit { name, observed, .. }, None) => Some(fail::<()>(without_distribution(name, *observed))),
        (Item::Random { name, .. }, Some(energy)) => Some(fail(two_distributions(name, energy))),
        _ => None,
    });
    all(wrong).map(drop)
}

impl Evaluator<'_> {
    pub(super) fn unit(&mut self, scope: &Scope, observed: bool, name: &Name, ty: &Type, span: Span) -> Check<Node> {
        let (support, width) = self.per_example(scope, ty)?;
        if !UNITS.contains(&support) {
            return fail(no_unit(name, support, ty.span));
        }
        let var = Expr::var(&name.text, Shape::Vector(Dim::Fixed(width)), support.closure());
        Ok(Node { name: name.text.clone(), var, span, support, shape: (1, width), kind: Kind::Unit { observed } })
    }

    /// One number for each state of the units.
    pub(super) fn energy(&mut self, scope: &Scope, term: &Term) -> Check<()> {
        let value = self.value(scope, term)?.expr;
        let scalar = match value.shape() {
            Shape::Vector(dim @ Dim::Fixed(1)) => value.sum(dim),
            Shape::Scalar => value,
            other => return fail(no_number(other, term.span)),
        };
        if let Place::Model(layers) = &mut self.place {
            layers.energy = Some(Energy { value: written_out(scalar, &layers.nodes), span: term.span });
        }
        Ok(())
    }
}

/// The expression with the definitions in it written out; nodes stand after what they are made of.
fn written_out(e: Expr, nodes: &[Node]) -> Expr {
    nodes.iter().rev().fold(e, |e, node| match &node.kind {
        Kind::Definition { value, .. } => substitute(e, &[(node.var, *value)]),
        _ => e,
    })
}

/// Settings that only an energy has, and those that it does not have.
const OF_ENERGIES: [&str; 3] = ["method", "sparsity", "normaliser"];
const OF_OTHERS: [&str; 3] = ["estep", "audit", "gradient"];

/// Whether the model's energy can be trained as the settings say, and the settings belong to an energy.
pub fn trainable(model: &Model, settings: &Settings, decl: &TrainDecl) -> Check<()> {
    let first = |keys: &[&str]| keys.iter().find_map(|key| span_of(&decl.settings, key));
    let Some(energy) = model.energy else {
        return first(&OF_ENERGIES).map_or(Ok(()), |span| fail(no_energy(model, span)));
    };
    if let Some(span) = first(&OF_OTHERS) {
        return fail(not_of_energies(span, energy));
    }
    let place = |key: &str| first(&[key]).unwrap_or(decl.span);
    settings.sparsity.map_or(Ok(()), |_| sparse_possible(model, place("sparsity")))?;
    renormalised(model, settings, place("normaliser"))?;
    possible(model, settings.method, place("method"))
}

/// A constant that each example has of its own moves the plane at which draws are mirrored, and inputs change it.
fn renormalised(model: &Model, settings: &Settings, place: Span) -> Check<()> {
    let problem =
        |message: &str| Diagnostic::new(codes::BAD_SETTING, message).at(place, "each example has its own constant");
    match (settings.normaliser, settings.select, model.inputs().next()) {
        (Renormalise::Shared, ..) => Ok(()),
        (_, Select::Reflect, _) => fail(
            problem("`select reflect` does not go with a normaliser of the noisy model")
                .help("write `select drop` or `select resample(16)`, or `normaliser shared`"),
        ),
        (.., Some(input)) => fail(
            problem("a normaliser of the noisy model does not go with inputs")
                .related(input.span, "an input")
                .help("write `normaliser shared`, which evaluates the same density at the noisy data"),
        ),
        _ => Ok(()),
    }
}

fn no_energy(model: &Model, span: Span) -> Diagnostic {
    Diagnostic::new(codes::UNKNOWN_SETTING, format!("`{}` has no energy to which this setting applies", model.name))
        .at(span, "for models with an energy")
        .help("remove the line; `estep` says what stands for hidden variables that have likelihoods")
}

fn not_of_energies(span: Span, energy: Energy) -> Diagnostic {
    Diagnostic::new(codes::UNSUPPORTED, "this setting is for models that likelihoods make, not for an energy")
        .at(span, "not with an energy")
        .related(energy.span, "the energy")
        .help("remove the line; `method contrastive_divergence(1)`, `persistent(1)` or `exact` says how an energy is trained")
}

fn without_distribution(name: &Name, observed: bool) -> Diagnostic {
    let likelihood = format!("{}{}: … ~ bernoulli(…)", if observed { "observe " } else { "" }, name.text);
    Diagnostic::new(codes::INCOMPLETE, format!("nothing says how `{}` is distributed", name.text))
        .at(name.span, "no likelihood, and the model has no energy")
        .help(format!("give it a likelihood, `{likelihood}`, or give the model an energy: `energy -(v @ W @ h)`"))
}

fn two_distributions(name: &Name, energy: &Name) -> Diagnostic {
    Diagnostic::new(codes::UNSUPPORTED, format!("`{}` has a likelihood in a model with an energy", name.text))
        .at(name.span, "a likelihood of its own")
        .related(energy.span, "the energy gives all units their distribution")
        .help(format!(
            "declare it as a group of units, `latent {}: binary[…]`, and let the energy speak of it",
            name.text
        ))
}

fn no_unit(name: &Name, support: Support, at: Span) -> Diagnostic {
    let known: Vec<String> = UNITS.iter().map(|s| format!("`{s}`")).collect();
    Diagnostic::new(codes::UNSUPPORTED, format!("the units `{}` cannot be `{support}`", name.text))
        .at(at, "no units of an energy")
        .help(format!("declare them as one of {}", known.join(", ")))
}

fn no_number(found: Shape, at: Span) -> Diagnostic {
    Diagnostic::new(codes::SHAPE, format!("an energy is one number, not {}", shapes::words(found)))
        .at(at, "not a number")
        .help("sum it up: `sum(…)`, or an inner product such as `b @ v`")
}
