//! Noise that somebody asks about: in the outcome or a parameter of a likelihood ([K] (123)-(125)), or in any variable of
//! a model: its outcomes, pre-activations, hidden variables, inputs and parameters.

use std::rc::Rc;

use super::ascent::{Slope, ascent};
use super::delta::{NoiseDerivation, Site, derivation, noise_derivation};
use super::injection::noise_shape;
use super::layer::{layer_noise, pre_activations};
use crate::expr::{Domain, Expr, Shape, Trace, depends_on, replace, simplify, substitute};
use crate::model::{Bound, Criterion, Custom, Injection, Kind, Likelihood, Model, NOISE, Support};

/// Noise in a variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    pub variable: Expr,
    pub injection: Injection,
}

/// What is derived for a request.
#[derive(Clone, Debug)]
pub struct Requested {
    pub nem: NoiseDerivation,
    pub ascent: Option<NoiseDerivation>,
    /// For noise in a parameter: the same for the part of ln f that depends on the outcome, the normaliser being that of the
    /// noiseless density ([K] (124)).
    pub shared: Option<NoiseDerivation>,
    /// For noise in an outcome that is a number: K independent outcomes.
    pub joint: Option<NoiseDerivation>,
}

impl Requested {
    /// What is derived by this criterion.
    pub fn by(self, criterion: Criterion) -> Option<NoiseDerivation> {
        if criterion == Criterion::Ascent { self.ascent } else { Some(self.nem) }
    }
}

/// Noise in the outcome or in a parameter of a likelihood.
pub fn of_likelihood(likelihood: &Rc<Likelihood>, request: Request) -> Requested {
    if request.variable == likelihood.outcome {
        in_outcome(likelihood, request)
    } else {
        in_parameter(likelihood, request)
    }
}

fn in_outcome(likelihood: &Likelihood, request: Request) -> Requested {
    let args: Vec<Expr> = likelihood.formals.iter().map(|f| f.var).collect();
    let outcome = likelihood.outcome;
    let site = |injection: Injection, outcome: Expr, args: &[Expr]| {
        site(outcome, injection, likelihood.bounds_at(outcome, args))
    };
    let nem = noise_derivation(likelihood.log_density, site(request.injection, outcome, &args));
    let mean = likelihood.formals.iter().find(|f| likelihood.mean == Some(f.var));
    let ascent = mean.map(|mean| {
        let slope = Slope::of(&|y| likelihood.log_density_at(y, &args), mean.var, outcome);
        ascent(&[slope], site(request.injection, outcome, &args))
    });
    let joint = likelihood.takes_several().then(|| {
        let dim = Expr::dimension("K");
        let lifted = |e: Expr| {
            let domain = e.domain().unwrap_or(Domain::REAL);
            Expr::var(&e.name().unwrap_or_default(), Shape::Vector(dim), domain)
        };
        let outcomes = lifted(outcome);
        let args: Vec<Expr> = likelihood
            .formals
            .iter()
            .map(|f| if likelihood.mean == Some(f.var) { lifted(f.var) } else { f.var })
            .collect();
        let injection = injection_for(likelihood, request.injection, outcomes, &args);
        noise_derivation(likelihood.log_density_at(outcomes, &args), site(injection, outcomes, &args))
    });
    Requested { nem, ascent, shared: None, joint }
}

/// An injection written for one outcome, for outcomes and parameters of other shapes.
fn injection_for(likelihood: &Likelihood, injection: Injection, outcome: Expr, args: &[Expr]) -> Injection {
    let Injection::Custom(c) = injection else { return injection };
    let noise = Expr::var(&c.noise.name().unwrap_or_default(), outcome.shape(), Domain::REAL);
    let value = substitute(likelihood.apply(c.value, outcome, args), &[(c.noise, noise)]);
    Injection::Custom(Custom { variable: outcome, noise, value })
}

fn in_parameter(likelihood: &Likelihood, request: Request) -> Requested {
    let parameter = request.variable;
    let support = likelihood.formals.iter().find(|f| f.var == parameter).map_or(Support::Real, |f| f.support);
    let derive = |ln_f: Expr| parameter_noise(ln_f, request, support);
    let ln_f = simplify(likelihood.log_density, &mut Trace::default());
    let (kernel, normaliser): (Vec<Expr>, Vec<Expr>) =
        ln_f.terms().into_iter().partition(|t| depends_on(*t, &[likelihood.outcome]));
    let normalised = normaliser.iter().any(|t| depends_on(*t, &[parameter]));
    let shared = normalised.then(|| derive(Expr::add_all(&kernel)));
    Requested { nem: derive(likelihood.log_density), ascent: None, shared, joint: None }
}

/// Noise in a variable of this support that is no outcome, `ln_f` being an expression of it.
pub fn parameter_noise(ln_f: Expr, request: Request, support: Support) -> NoiseDerivation {
    match request.variable.shape() {
        Shape::Matrix(..) => scaling(ln_f, request.variable, support),
        _ => noise_derivation(ln_f, site(request.variable, request.injection, Bound::of(support))),
    }
}

/// A matrix times a number: noise in the number, which is 1 without noise. A positive definite matrix stays one if the
/// number is positive.
fn scaling(ln_f: Expr, matrix: Expr, support: Support) -> NoiseDerivation {
    let (domain, bounds) = match support {
        Support::PositiveDefinite => (Domain::POSITIVE, vec![Bound::Lower(Expr::num(0.0))]),
        _ => (Domain::REAL, vec![]),
    };
    let scale = Expr::var(&matrix.name().unwrap_or_default(), Shape::Scalar, domain);
    let site = site(scale, Injection::Multiply, bounds);
    derivation(Criterion::Nem, replace(ln_f, matrix, scale * matrix), site, &[(scale, Expr::num(1.0))])
}

fn site(variable: Expr, injection: Injection, bounds: Vec<Bound>) -> Site {
    let noise = Expr::var(NOISE, noise_shape(injection, variable.shape()), Domain::REAL);
    Site { variable, noise, injection, bounds }
}

/// Noise in a variable of a model: hidden variables at their means, and the units of an energy at any values.
pub fn of_model(model: &Model, request: Request) -> Requested {
    let random = model.random().find(|(node, ..)| node.var == request.variable);
    if let Some((_, _, instance)) = random {
        let learned: Vec<Expr> = pre_activations(model, instance).iter().map(|n| n.var).collect();
        let derive = |criterion| layer_noise(instance, request.variable, &learned, request.injection, criterion);
        if let Some(nem) = derive(Criterion::Nem) {
            return Requested { nem, ascent: derive(Criterion::Ascent), shared: None, joint: None };
        }
    }
    let support = model.nodes.iter().find(|n| n.var == request.variable).map_or(Support::Real, |n| n.support);
    let ln_f = match model.energy {
        Some(energy) => -energy.value,
        None => log_likelihood_in(model, request.variable),
    };
    let nem = parameter_noise(ln_f, request, support);
    Requested { nem, ascent: None, shared: None, joint: None }
}

/// The log-likelihood of the observed variables as an expression of one variable, with everything behind it written out.
pub fn log_likelihood_in(model: &Model, variable: Expr) -> Expr {
    let at = model.nodes.iter().position(|n| n.var == variable).unwrap_or(0);
    let mut written: Vec<(Expr, Expr)> = vec![];
    for node in &model.nodes[at + 1..] {
        let value = match &node.kind {
            Kind::Definition { value, .. } => Some(*value),
            Kind::Random { observed: false, instance } => instance.mean(node.var),
            _ => None,
        };
        written.extend(value.map(|value| (node.var, substitute(value, &written))));
    }
    let terms = model.observed().map(|(node, instance)| substitute(instance.log_density(node.var), &written));
    Expr::add_all(&terms.filter(|t| depends_on(*t, &[variable])).collect::<Vec<_>>())
}
