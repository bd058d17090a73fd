//! What is left open with `?`: the likelihoods that could stand there.

use super::declarations::Declarations;
use super::support::within;
use crate::diag::{Diagnostic, codes};
use crate::model::{Bound, Likelihood, Support};
use crate::source::Span;
use crate::syntax::ast::{self, Decl, LikelihoodDecl, Name};
use crate::syntax::print_head;

/// The random variable whose likelihood is left open.
pub struct Open<'a> {
    pub name: &'a Name,
    pub observed: bool,
    /// Its declared support and length.
    pub declared: Option<(Support, usize)>,
    /// Where the `?` is.
    pub span: Span,
}

/// The likelihood of a variable is left open.
pub fn likelihood(declarations: &Declarations, open: &Open) -> Diagnostic {
    let name = &open.name.text;
    let problem = Diagnostic::new(codes::HOLE, format!("the likelihood of `{name}` is left open"))
        .at(open.span, "to be filled in")
        .help("put one of them in the place of the `?`, with its arguments");
    let usable = |l: &Likelihood| (open.observed || l.mean.is_some()) && open.has_length(l);
    let fitting = |fits: &dyn Fn(&Likelihood) -> bool| signatures(declarations, |l| usable(l) && fits(l));
    let Some((support, _)) = open.declared else {
        return problem.note(listed("every likelihood", fitting(&|_| true)));
    };
    let exact = fitting(&|l| l.support == support || may_be_over(l, support));
    let narrower = fitting(&|l| l.support != support && !has_own_ends(l) && within(l.support, support));
    if exact.is_empty() && narrower.is_empty() {
        return problem.help(format!("nothing declared is over `{support}`: declare a likelihood that is"));
    }
    let fits = format!("over `{support}`");
    let problem = if exact.is_empty() { problem } else { problem.note(listed(&fits, exact)) };
    let inside = format!("over part of `{support}`; declare `{name}` as what they are over");
    if narrower.is_empty() { problem } else { problem.note(listed(&inside, narrower)) }
}

/// Whether the ends of a likelihood's outcomes are arguments.
fn has_own_ends(likelihood: &Likelihood) -> bool {
    likelihood.bounds != Bound::of(likelihood.support)
}

/// Whether some arguments make it one over the support: `binomial(3, …)` is over `whole(0, 3)`.
fn may_be_over(likelihood: &Likelihood, support: Support) -> bool {
    let ends = |bounds: &[Bound]| bounds.iter().map(std::mem::discriminant).collect::<Vec<_>>();
    let alike = ends(&likelihood.bounds) == ends(&Bound::of(support));
    has_own_ends(likelihood)
        && alike
        && likelihood.support.is_discrete() == support.is_discrete()
        && within(support, likelihood.support)
}

impl Open<'_> {
    /// A likelihood of whole vectors needs one.
    fn has_length(&self, likelihood: &Likelihood) -> bool {
        likelihood.dim.is_none() || self.declared.is_none_or(|(_, width)| width > 1)
    }
}

/// The prior of a parameter is left open: it has to have a density at all values that the parameter can take.
pub fn prior(declarations: &Declarations, name: &str, support: Support, span: Span) -> Diagnostic {
    let covers = |l: &Likelihood| l.dim.is_none() && !has_own_ends(l) && within(support, l.support);
    Diagnostic::new(codes::HOLE, format!("the prior of `{name}` is left open"))
        .at(span, "to be filled in")
        .note(listed(&format!("with a density on all of `{support}`"), signatures(declarations, covers)))
        .help("put one of them in the place of the `?`, with its arguments")
}

/// What noise is drawn from, or how it gets in, is left open. What regions there are is told by those who derive them.
pub fn noise(noise: &ast::Noise) -> Diagnostic {
    let name = &noise.target.text;
    let what = match noise.injection {
        ast::Injection::Open => format!("how noise gets into `{name}` is left open"),
        _ => format!("what the noise in `{name}` is drawn from is left open"),
    };
    let example = if noise.injection == ast::Injection::Multiply {
        "*= gaussian(1, 0.2)"
    } else {
        "+= gaussian(0, 0.4) cooled 1"
    };
    let help = format!("write it out, as in `noise {name} {example}`");
    Diagnostic::new(codes::HOLE, what).at(noise.proposal.span, "to be filled in").help(help)
}

/// The likelihoods of numbers over a support that noise can be drawn from, as notes show them.
pub fn proposals(declarations: &Declarations, support: Support) -> String {
    let drawn = |l: &Likelihood| l.dim.is_none() && l.draw.is_some() && l.support == support;
    listed(&format!("drawn over `{support}`"), signatures(declarations, drawn))
}

fn signatures(declarations: &Declarations, wanted: impl Fn(&Likelihood) -> bool) -> Vec<String> {
    let decls = declarations.library().chain(declarations.own());
    let decls = decls.filter_map(|d| if let Decl::Likelihood(d) = &**d { Some(d) } else { None });
    let fits = |d: &&LikelihoodDecl| declarations.likelihood_of(d).is_ok_and(|l| wanted(&l));
    decls.filter(fits).map(print_head).collect()
}

fn listed(what: &str, signatures: Vec<String>) -> String {
    format!("{what}:\n{}", signatures.iter().map(|s| format!("  {s}")).collect::<Vec<_>>().join("\n"))
}
