//! The distribution of a group of units given all others, read off the energy: where E = … − Σ_k a_k x_k + Σ_k c_k x_k², the
//! units of the group are independent given the rest, each with density ∝ e^(a x − c x²) on its support ([K] §8).

use crate::expr::{Dim, Expr, Func, Shape, Trace, by_slope, expand, gradient, is_affine, simplify, tidy};
use crate::model::{Node, Support};
use crate::special::Special;

/// a and c: a number or a vector as long as the group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    pub linear: Expr,
    pub quadratic: Expr,
}

/// What is known of a group given all others; but for `log_normaliser`, a number for each unit.
#[derive(Clone, Debug)]
pub struct Conditional {
    pub field: Field,
    pub family: Family,
    /// What the link is applied to, the mean of a gaussian before it is cut off, or a rate.
    pub input: Expr,
    pub precision: Option<Expr>,
    pub mean: Expr,
    /// ln of the sum or integral of e^(a x − c x²), over all units of the group.
    pub log_normaliser: Expr,
}

/// Densities ∝ e^(a x − c x²), by support.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// P(x = 1) = logistic(a − c)
    Logistic,
    /// P(x = 1) = (1 + tanh(a))/2
    Tanh,
    /// softmax(a − c)
    Softmax,
    /// Mean a/2c, precision 2c.
    Gaussian,
    /// The same, cut off at 0.
    TruncatedGaussian,
    /// Rate −a, where c = 0.
    Exponential,
}

/// Why there is no such distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A unit's part of the energy depends on other units of its group.
    Interacting,
    /// The energy is of another form than linear or quadratic.
    Form,
    /// This is not shown to be positive, so that e^−E need not have a finite integral.
    Improper(Expr),
}

pub fn conditional(energy: Expr, units: &Node, trace: &mut Trace) -> Result<Conditional, Refused> {
    let field = field(energy, units.var).ok_or_else(|| why_not(energy, units.var))?;
    let dim = units.var.shape().dim().unwrap_or(Dim::Fixed(1));
    let [a, c] = [field.linear, field.quadratic].map(|e| tidy(e, trace));
    let sum = |e: Expr| e.spread(dim).sum(dim);
    Ok(match units.support {
        Support::Binary => {
            let logits = simplify(a - c, trace);
            discrete(field, Family::Logistic, logits, logits.call(Func::Logistic), sum(logits.call(Func::Softplus)))
        }
        Support::Bipolar => {
            let each = (2.0 * a).call(Func::Softplus) - a - c;
            discrete(field, Family::Tanh, a, a.call(Func::Tanh), sum(each))
        }
        Support::OneHot => {
            let logits = simplify(a - c, trace).spread(dim);
            discrete(field, Family::Softmax, logits, logits.softmax(), logits.log_sum_exp())
        }
        Support::Positive if field.quadratic.is_zero() => {
            let rate = positive(simplify(-a, trace))?;
            discrete(field, Family::Exponential, rate, rate.powi(-1), -sum(rate.ln()))
        }
        support => gaussian(field, positive(tidy(2.0 * c, trace))?, support == Support::Positive, dim, trace),
    })
}

impl Conditional {
    /// E[x²] of each unit.
    pub fn square(&self) -> Expr {
        let spread = || self.precision.map_or(Expr::num(0.0), |precision| precision.powi(-1));
        match self.family {
            Family::Logistic | Family::Softmax => self.mean,
            Family::Tanh => Expr::num(1.0),
            Family::Gaussian => self.mean.powi(2) + spread(),
            // Integrating by parts: E[x²] = μ E[x] + σ², the boundary at 0 adding nothing.
            Family::TruncatedGaussian => self.input * self.mean + spread(),
            Family::Exponential => 2.0 * self.mean.powi(2),
        }
    }
}

fn discrete(field: Field, family: Family, input: Expr, mean: Expr, log_normaliser: Expr) -> Conditional {
    Conditional { field, family, input, precision: None, mean, log_normaliser }
}

/// ∫ e^(a x − c x²) = e^(τ μ²/2) √(2π/τ) with τ = 2c and μ = a/τ; from 0 on it is Φ(μ√τ) of that.
fn gaussian(field: Field, precision: Expr, is_cut: bool, dim: Dim, trace: &mut Trace) -> Conditional {
    let half = Expr::num(0.5);
    let input = tidy(field.linear / precision, trace);
    let whole = half * precision * input.powi(2) + half * (2.0 * Expr::pi() / precision).ln();
    let standard = input * precision.pow(half);
    let (family, mean, each) = match is_cut {
        true => (Family::TruncatedGaussian, input + ratio(standard) * precision.pow(-half), whole + ln_cdf(standard)),
        false => (Family::Gaussian, input, whole),
    };
    Conditional { field, family, input, precision: Some(precision), mean, log_normaliser: each.spread(dim).sum(dim) }
}

fn ln_cdf(x: Expr) -> Expr {
    Expr::special(Special::LnNormalCdf, &[x])
}

/// φ(x)/Φ(x)
fn ratio(x: Expr) -> Expr {
    (Expr::num(-0.5) * x.powi(2) - 0.5 * (2.0 * Expr::pi()).ln() - ln_cdf(x)).exp()
}

fn positive(e: Expr) -> Result<Expr, Refused> {
    if e.range().is_positive() { Ok(e) } else { Err(Refused::Improper(e)) }
}

/// −E = … + Σ a x − Σ c x².
pub fn field(energy: Expr, x: Expr) -> Option<Field> {
    let (linear, quadratic) = by_slope(-energy, x)?;
    Some(Field { linear, quadratic: -quadratic })
}

fn why_not(energy: Expr, x: Expr) -> Refused {
    let several = !matches!(x.shape(), Shape::Vector(Dim::Fixed(1)));
    let is_affine = is_affine(expand(gradient(energy, x)), x);
    if several && is_affine { Refused::Interacting } else { Refused::Form }
}
