//! What is left open with `?`: the likelihoods that could stand there.

use super::declarations::Declarations;
use super::support::within;
use crate::diag::{Diagnostic, codes};
use crate::model::{Likelihood, Support};
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
    let of_support = |fits: &dyn Fn(Support) -> bool| signatures(declarations, |l| usable(l) && fits(l.support));
    let Some((support, _)) = open.declared else {
        return problem.note(listed("every likelihood", of_support(&|_| true)));
    };
    let exact = of_support(&|s| s == support);
    let narrower = of_support(&|s| s != support && within(s, support));
    let fits = format!("over `{support}`");
    let problem = if exact.is_empty() { problem } else { problem.note(listed(&fits, exact)) };
    let inside = format!("over part of `{support}`; declare `{name}` as what they are over");
    if narrower.is_empty() { problem } else { problem.note(listed(&inside, narrower)) }
}

impl Open<'_> {
    /// A likelihood of whole vectors needs one.
    fn has_length(&self, likelihood: &Likelihood) -> bool {
        likelihood.dim.is_none() || self.declared.is_none_or(|(_, width)| width > 1)
    }
}

/// What noise is drawn from, or how it gets in, is left open. What regions there are is told by those who derive them.
pub fn noise(noise: &ast::Noise) -> Diagnostic {
    let name = &noise.target.text;
    let what = match noise.injection {
        ast::Injection::Open => format!("how noise gets into `{name}` is left open"),
        _ => format!("what the noise in `{name}` is drawn from is left open"),
    };
    let help = format!("write it out, as in `noise {name} += gaussian(0, 0.4) cooled 1`");
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
