//! Noise in a training step: where it gets in, under which derived condition, and what is refused.

mod inject;
mod refused;

use super::energy::Renormalised;
use super::estep;
use super::lower::Lowering;
use super::network::{StepSpec, Task};
use crate::derive::energy::{EnergyDerivation, Moments};
use crate::derive::request::{Request, of_model};
use crate::derive::{
    AsWritten, Choice, NoiseDerivation, Selected, Site, Values, carried, hidden_target, layer_noise, noise_derivation,
    pre_activations,
};
use crate::diag::Problems;
use crate::expr::{Domain, Expr, Shape, Trace, depends_on, pull_back, simplify};
use crate::model::{Arm, Bound, Criterion, Injection, Instance, Kind, Model, NOISE, Node, Noise, Renormalise, Support};
pub use inject::{Against, inject_noise};
use refused::{before_hidden, no_ascent, no_layers, no_reflection, no_target, not_carried, not_visible};

/// Slot: the noise's scale in this epoch, k^−τ of noise statement `i`.
pub fn cooling_slot(i: usize) -> String {
    format!("cooling {i}")
}

/// Output: for each example, which share of the draws of noise statement `i` was used.
pub fn accepted_output(i: usize) -> String {
    format!("{ACCEPTED} {i}")
}

/// How the names of these outputs begin.
pub const ACCEPTED: &str = "accepted";

/// Output of an audit: for each example, by how much the noise of statement `i` raises ln f, in nats.
pub fn raised_output(i: usize) -> String {
    format!("{RAISED} {i}")
}

/// How the names of these outputs begin.
pub const RAISED: &str = "raised";

/// Where noise gets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// An observed variable: its likelihood is evaluated without the noise, and the gradient is taken with it.
    Outcome,
    /// A sample of a hidden variable: the same, for each sample; what follows from the sample follows without the noise.
    Sample,
    /// The target that a hidden variable at its mean has by what comes back to it: see `derive::hidden`.
    Target,
    /// An input or a computed value: what follows from it follows from its noisy value.
    Inner,
}

/// A variable with noise in it, and how the noise comes about.
pub struct NoisyVariable<'a> {
    /// The variable of the model.
    node: Expr,
    place: Place,
    pub clean: Expr,
    pub noisy: Expr,
    /// Letters for the noise as selected, and for which of it is used.
    used: Selected,
    derived: NoiseDerivation,
    /// What the noise does to ln f, whatever the arm asks for.
    nem: NoiseDerivation,
    /// The conditions on this noise as it arrives at hidden variables.
    carried: Vec<NoiseDerivation>,
    statement: &'a Noise,
    index: usize,
    spec: &'a StepSpec<'a>,
}

impl NoisyVariable<'_> {
    /// The noisy target, if this is the outcome or the sample.
    pub fn as_target(&self, node: Expr) -> Option<Expr> {
        (self.is_between() && self.node == node).then_some(self.noisy)
    }

    /// The target without and with the noise, if this is the hidden variable at its mean.
    pub fn as_hidden(&self, node: Expr) -> Option<(Expr, Expr)> {
        (self.place == Place::Target && self.node == node).then_some((self.clean, self.noisy))
    }

    /// The noiseless value, if this is the input or the computed value.
    pub fn as_inner(&self, node: Expr) -> Option<Expr> {
        (self.place == Place::Inner && self.node == node).then_some(self.clean)
    }

    /// Whether its noise goes in when all values are there, and before anything comes back.
    pub fn is_between(&self) -> bool {
        matches!(self.place, Place::Outcome | Place::Sample)
    }

    /// Whether this is the step after which its noise goes in.
    pub fn follows(&self, step: Expr) -> bool {
        self.place == Place::Target && self.clean == step
    }

    /// What the adjoint of the noisy value is for the noiseless one, the noise held fixed.
    pub fn through(&self, adjoint: Expr) -> Expr {
        let noisy = self.used.applied(self.derived.injection, self.clean);
        simplify(pull_back(noisy, adjoint, &[self.clean])[0], &mut Trace::default())
    }
}

/// Noise in the visible groups of an energy; `raised` is E[−E] over the hidden ones, for which letters stand.
pub fn noisy_units<'a>(spec: &'a StepSpec<'a>, raised: Expr) -> Result<Vec<NoisyVariable<'a>>, Problems> {
    if spec.arm == Arm::None {
        return Ok(vec![]);
    }
    collected(spec, |index, statement| noisy_group(spec, raised, index, statement))
}

fn noisy_group<'a>(
    spec: &'a StepSpec<'a>,
    raised: Expr,
    index: usize,
    statement: &'a Noise,
) -> Result<NoisyVariable<'a>, Problems> {
    let node = statement.target;
    let support =
        spec.model.units().find(|(unit, observed)| *observed && unit.var == node).map(|(unit, _)| unit.support);
    let support = support.ok_or_else(|| Problems::from(not_visible(spec.model, statement)))?;
    if spec.arm.criterion() == Some(Criterion::Ascent) {
        return Err(no_ascent(statement).into());
    }
    if !statement.through.is_empty() {
        return Err(no_layers(statement).into());
    }
    let noise = Expr::var(NOISE, node.shape(), Domain::REAL);
    let site = Site { variable: node, noise, injection: statement.injection, bounds: Bound::of(support) };
    let derived = noise_derivation(raised, site);
    let noisy = Expr::var(&format!("noisy {}", statement.target_name), node.shape(), Domain::REAL);
    let (place, used, nem) = (Place::Outcome, used(statement, &derived), derived.clone());
    let noisy =
        NoisyVariable { node, place, clean: node, noisy, used, derived, nem, carried: vec![], statement, index, spec };
    noisy.can_be_chosen()
}

pub fn noisy_variables<'a>(spec: &'a StepSpec<'a>) -> Result<Vec<NoisyVariable<'a>>, Problems> {
    collected(spec, |index, statement| noisy_variable(spec, index, statement))
}

fn collected<'a>(
    spec: &'a StepSpec<'a>,
    variable: impl Fn(usize, &'a Noise) -> Result<NoisyVariable<'a>, Problems>,
) -> Result<Vec<NoisyVariable<'a>>, Problems> {
    let mut problems = Problems::new();
    let mut list = vec![];
    for (index, statement) in spec.noise.iter().enumerate() {
        match variable(index, statement) {
            Ok(noisy) => list.push(noisy),
            Err(found) => problems.extend(found),
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(list) }
}

fn noisy_variable<'a>(
    spec: &'a StepSpec<'a>,
    index: usize,
    statement: &'a Noise,
) -> Result<NoisyVariable<'a>, Problems> {
    let node = statement.target;
    let letter = |what: &str| Expr::var(&format!("{what} {}", statement.target_name), node.shape(), Domain::REAL);
    let random = spec.model.random().find(|(n, ..)| n.var == node);
    let (place, clean, noisy, derived) = match random {
        Some((owner, observed, instance)) => {
            let place = place(spec, owner, observed, instance, statement)?;
            let clean = if place == Place::Target { letter("target of") } else { node };
            let criterion = spec.arm.criterion().unwrap_or(Criterion::Nem);
            (place, clean, letter("noisy"), of_random(spec, node, instance, (statement, criterion))?.renamed(clean))
        }
        None => {
            let clean = letter("noiseless");
            (Place::Inner, clean, node, of_inner(spec, statement)?.renamed(clean))
        }
    };
    let used = used(statement, &derived);
    let nem = match (random, derived.criterion) {
        (Some((_, _, instance)), Criterion::Ascent) if spec.task != Task::Train => {
            of_random(spec, node, instance, (statement, Criterion::Nem))?.renamed(clean)
        }
        _ => derived.clone(),
    };
    let carried = arriving(spec, statement)?;
    let noisy = NoisyVariable { node, place, clean, noisy, used, derived, nem, carried, statement, index, spec };
    noisy.can_be_chosen()
}

/// Letters for the noise as an arm uses it.
fn used(statement: &Noise, derived: &NoiseDerivation) -> Selected {
    Selected {
        noise: Expr::var(&format!("used noise on {}", statement.target_name), derived.noise.shape(), Domain::REAL),
        accepted: Expr::var(&format!("accepted on {}", statement.target_name), Shape::Scalar, Domain::ZERO_TO_ONE),
    }
}

/// What the noise on a random variable adds to.
fn place(
    spec: &StepSpec,
    node: &Node,
    observed: bool,
    instance: &Instance,
    statement: &Noise,
) -> Result<Place, Problems> {
    let given = estep::are_given(spec.model, spec.estep);
    match (observed, given) {
        (true, _) => Ok(Place::Outcome),
        (false, true) => Ok(Place::Sample),
        (false, false) => match hidden_target(spec.model, node, instance, node.var) {
            Some(_) => Ok(Place::Target),
            None => Err(no_target(node, instance, statement).into()),
        },
    }
}

fn of_random(
    spec: &StepSpec,
    node: Expr,
    instance: &Instance,
    (statement, criterion): (&Noise, Criterion),
) -> Result<NoiseDerivation, Problems> {
    let learned: Vec<Expr> = pre_activations(spec.model, instance).iter().map(|n| n.var).collect();
    let derived = layer_noise(instance, node, &learned, statement.injection, criterion);
    derived.ok_or_else(|| no_ascent(statement).into())
}

/// Noise in an input or a computed value; hidden variables behind it would have to be drawn before it is known whether the
/// noise is used.
fn of_inner(spec: &StepSpec, statement: &Noise) -> Result<NoiseDerivation, Problems> {
    if spec.arm.criterion() == Some(Criterion::Ascent) {
        return Err(no_ascent(statement).into());
    }
    if estep::are_given(spec.model, spec.estep)
        && let Some(hidden) = hidden_behind(spec.model, statement.target)
    {
        return Err(before_hidden(statement, hidden).into());
    }
    let request = Request { variable: statement.target, injection: statement.injection };
    Ok(of_model(spec.model, request).nem)
}

/// A hidden variable whose distribution depends on this variable.
fn hidden_behind(model: &Model, variable: Expr) -> Option<&Node> {
    let mut reached = vec![variable];
    for node in &model.nodes {
        let depends = match &node.kind {
            Kind::Definition { value, .. } => depends_on(*value, &reached),
            Kind::Random { observed: false, instance } if instance.args.iter().any(|a| depends_on(*a, &reached)) => {
                return Some(node);
            }
            _ => false,
        };
        reached.extend(depends.then_some(node.var));
    }
    None
}

/// `through h`: the conditions on this noise as it arrives at hidden variables ([K] (130)-(132)).
fn arriving(spec: &StepSpec, statement: &Noise) -> Result<Vec<NoiseDerivation>, Problems> {
    if statement.through.is_empty() || spec.arm.criterion().is_none() {
        return Ok(vec![]);
    }
    if statement.injection != Injection::Add {
        return Err(not_carried(statement, &statement.through[0], "only noise that is added is carried back").into());
    }
    let known = carried(spec.model);
    let wanted = |name: &String| {
        let found = known.iter().find(|c| c.from == statement.target_name && c.to == *name);
        let free = found.filter(|c| !depends_on(c.nem.delta, &[c.nem.outcome]));
        let why = match found {
            Some(_) => "its condition depends on the hidden target, which is not known yet when this noise is drawn",
            None => "it is not a hidden variable of which the pre-activation is an affine function",
        };
        free.map(|c| c.nem.clone()).ok_or_else(|| Problems::from(not_carried(statement, name, why)))
    };
    statement.through.iter().map(wanted).collect()
}

impl NoisyVariable<'_> {
    /// Asked before anything runs: whether the region allows what the program selects.
    fn can_be_chosen(self) -> Result<Self, Problems> {
        match self.choice(&mut AsWritten).of(&[self.derived.noise]) {
            Some(_) => Ok(self),
            None => Err(no_reflection(&self).into()),
        }
    }

    fn choice<'c>(&'c self, values: &'c mut dyn Values) -> Choice<'c> {
        let StepSpec { arm, select, .. } = *self.spec;
        Choice { arm, how: select, derived: &self.derived, target: self.clean, carried: &self.carried, values }
    }

    /// What its condition has to reach; `None` where that is 0. Errors: `BAD_SETTING` for states that are too many.
    pub fn normaliser(
        &self,
        l: &mut Lowering,
        derived: &EnergyDerivation,
        hidden: &[Moments],
    ) -> Result<Option<Renormalised>, Problems> {
        let how = self.spec.normaliser;
        let support = self.spec.model.nodes.iter().find(|n| n.var == self.node).map(|n| n.support);
        // A sum over a whole line does not change when noise shifts it.
        let unchanged = support == Some(Support::Real) && self.derived.injection == Injection::Add;
        if how == Renormalise::Shared || unchanged || self.spec.arm.criterion().is_none() {
            return Ok(None);
        }
        Renormalised::new(l, derived, (hidden, self.derived.delta), (how, self.index)).map(Some)
    }

    /// Whether one draw is for one sample, so that no expectation over the samples is meant.
    fn is_for_each(&self) -> bool {
        self.place == Place::Sample
    }
}
