//! δ by the chain rule, δ = Σ_θ J_θ ∂L/∂θ over the parameters θ that the pre-activation feeds: the form in which a δ that
//! is no multiple of t − a reads best, `(y − a) a (1 − a)/σ²`.

use super::invariance::{Failure, in_terms_of_mean, proportion};
use crate::expr::{Domain, Expr, Shape, Trace, depends_on, gradient, pull_back, replace, simplify, substitute, tidy};
use crate::model::{Formal, Instance};

/// One layer as the chain rule sees it.
#[derive(Clone, Copy)]
pub struct Chain<'a> {
    pub instance: &'a Instance,
    pub target: Expr,
    pub o: Expr,
    pub mean: Option<Expr>,
    /// The letter for the mean.
    pub a: Expr,
}

/// A parameter that the pre-activation feeds: the letter for it, and what it is.
struct Link {
    letter: Expr,
    value: Expr,
}

impl Chain<'_> {
    /// ∂L/∂o with the mean written as `a`.
    pub fn delta(&self, trace: &mut Trace) -> Expr {
        let links = self.links(trace);
        let density = self.density(&links);
        let parts: Vec<Expr> = links.iter().map(|link| self.through(link, density, trace)).collect();
        let values: Vec<(Expr, Expr)> =
            links.iter().filter(|l| l.letter != self.a).map(|l| (l.letter, l.value)).collect();
        let delta = substitute(Expr::add_all(&parts), &values);
        let in_mean = self.mean.map_or(delta, |m| in_terms_of_mean(delta, m, self.a, trace));
        if in_mean.size() <= delta.size() { in_mean } else { delta }
    }

    /// J · ∂L/∂θ, each factor as short as it gets.
    fn through(&self, link: &Link, density: Expr, trace: &mut Trace) -> Expr {
        let score = tidy(gradient(density, link.letter), trace);
        let (seed, pulled) = self.jacobian(link, trace);
        let score = match seed.shape() {
            Shape::Vector(dim) => score.spread(dim),
            _ => score,
        };
        replace(pulled, seed, score)
    }

    /// A seed, and what the link makes of it on the way back, in terms of the mean.
    fn jacobian(&self, link: &Link, trace: &mut Trace) -> (Expr, Expr) {
        let seed = Expr::var("s", link.value.shape(), Domain::REAL);
        let pulled = tidy(pull_back(link.value, seed, &[self.o])[0], trace);
        let pulled = self.mean.map_or(pulled, |m| in_terms_of_mean(pulled, m, self.a, trace));
        (seed, pulled)
    }

    /// Why δ is no multiple of t − a.
    pub fn failure(&self, trace: &mut Trace) -> Failure {
        let links = self.links(trace);
        let Some(link) = links.iter().find(|l| l.letter == self.a) else { return Failure::Indirect };
        let score = tidy(gradient(self.density(&links), self.a), trace);
        if proportion(score, self.target, self.a, self.a, trace).is_none() {
            return Failure::Score(score);
        }
        let (seed, pulled) = self.jacobian(link, trace);
        let slope = pulled / seed;
        if depends_on(slope, &[seed]) { Failure::Mixing } else { Failure::Slope(slope) }
    }

    fn links(&self, trace: &mut Trace) -> Vec<Link> {
        let parameters = self.instance.likelihood.formals.iter().zip(&self.instance.args);
        let fed = parameters.filter(|(_, arg)| depends_on(**arg, &[self.o]));
        fed.map(|(formal, arg)| self.link(formal, simplify(*arg, trace))).collect()
    }

    fn link(&self, formal: &Formal, value: Expr) -> Link {
        let is_mean = self.instance.likelihood.mean == Some(formal.var) && value.shape() == self.a.shape();
        let letter = if is_mean { self.a } else { Expr::var(&formal.name, value.shape(), formal.support.interior()) };
        Link { letter, value }
    }

    fn density(&self, links: &[Link]) -> Expr {
        let args: Vec<Expr> = self.instance.args.iter().map(|arg| self.letter_for(*arg, links)).collect();
        self.instance.likelihood.log_density_at(self.target, &args)
    }

    fn letter_for(&self, arg: Expr, links: &[Link]) -> Expr {
        let value = simplify(arg, &mut Trace::default());
        links.iter().find(|l| l.value == value).map_or(arg, |l| l.letter)
    }
}
