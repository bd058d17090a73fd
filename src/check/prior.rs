//! Priors as values: a likelihood with numbers for its arguments, given to a parameter of a layer, or `flat`, which is none.
//!
//! A density that is the same for all real numbers has no integral, so `flat` is a name of the language and no likelihood of
//! the library.

use super::declarations::in_words;
use super::hole;
use super::problem::{Check, fail};
use super::scope::{Meaning, Scope};
use super::support::{described, within};
use super::terms::Evaluator;
use crate::diag::{Diagnostic, codes};
use crate::model::{Instance, Support};
use crate::source::Span;
use crate::syntax::ast::{Decl, Formal, Name, Term, TermKind};

/// The prior that pulls nowhere.
pub const FLAT: &str = "flat";

const VALUE: &str = "a value";
const FUNCTION: &str = "a function";
const PRIOR: &str = "a prior";

impl Evaluator<'_> {
    /// The meaning of an argument. Where no type asks for a value, a call of a likelihood is a prior.
    pub fn argument(&mut self, formal: &Formal, scope: &Scope, term: &Term) -> Check<Meaning> {
        if formal.ty.is_none() && self.calls_likelihood(scope, term) {
            return self.instance_of_numbers(scope, term).map(|instance| Meaning::Prior(Some(instance)));
        }
        self.meaning(scope, term)
    }

    fn calls_likelihood(&self, scope: &Scope, term: &Term) -> bool {
        let TermKind::Call { callee, .. } = &term.kind else { return false };
        let declared = self.declarations.lookup(&callee.text, callee.span.file);
        scope.get(&callee.text).is_none() && matches!(declared.map(|d| &**d), Some(Decl::Likelihood(_)))
    }

    /// A parameter takes values if it has a type, and else what its default is. Errors: `WRONG_KIND`.
    pub fn is_of_kind(
        &mut self,
        callee: &Name,
        formal: &Formal,
        given: &Meaning,
        inner: &Scope,
        at: Span,
    ) -> Check<()> {
        let wanted = match &formal.ty {
            Some(_) => Some(VALUE),
            None => formal.default.as_ref().and_then(|default| self.kind(inner, default)),
        };
        match wanted {
            Some(wanted) if wanted != given.kind() => fail(other_kind(callee, formal, wanted, given.kind(), at)),
            _ => Ok(()),
        }
    }

    /// What a default is, without evaluating it; `None` for a call, which may give a function.
    fn kind(&mut self, scope: &Scope, term: &Term) -> Option<&'static str> {
        match &term.kind {
            TermKind::Name(text) => {
                let name = Name { text: text.clone(), span: term.span };
                self.name(scope, &name).ok().map(|meaning| meaning.kind())
            }
            TermKind::Call { .. } => self.calls_likelihood(scope, term).then_some(PRIOR),
            _ => Some(VALUE),
        }
    }

    /// A prior by its name, or written out.
    pub fn prior(&mut self, scope: &Scope, term: &Term) -> Check<Option<Instance>> {
        let TermKind::Name(text) = &term.kind else { return self.instance_of_numbers(scope, term).map(Some) };
        match self.name(scope, &Name { text: text.clone(), span: term.span })? {
            Meaning::Prior(prior) => Ok(prior),
            other => fail(not_a_prior(text, other.kind(), term.span)),
        }
    }

    /// A prior that has a density for every value of a support. Errors: `SUPPORT`.
    pub fn prior_over(&mut self, scope: &Scope, term: &Term, support: Support, name: &str) -> Check<Option<Instance>> {
        if term.kind == TermKind::Hole {
            return fail(hole::prior(self.declarations, name, support, term.span));
        }
        let prior = self.prior(scope, term)?;
        match prior.as_ref().filter(|instance| !within(support, instance.support())) {
            Some(instance) => fail(elsewhere(instance, support, name)),
            None => Ok(prior),
        }
    }
}

impl Meaning {
    /// What it is, in messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Meaning::Value(_) => VALUE,
            Meaning::Function(_) => FUNCTION,
            Meaning::Prior(_) => PRIOR,
            Meaning::Declared(decl) if matches!(**decl, Decl::Layer(_)) => FUNCTION,
            Meaning::Declared(decl) => in_words(decl.kind()),
        }
    }
}

fn other_kind(callee: &Name, formal: &Formal, wanted: &str, found: &str, at: Span) -> Diagnostic {
    let message = format!("`{}` of `{}` is {wanted}, and {found} is given", formal.name.text, callee.text);
    Diagnostic::new(codes::WRONG_KIND, message).at(at, found).help(instead(wanted, found))
}

fn not_a_prior(name: &str, found: &str, span: Span) -> Diagnostic {
    Diagnostic::new(codes::WRONG_KIND, format!("a prior is needed here, and `{name}` is {found}"))
        .at(span, "not a prior")
        .help(instead(PRIOR, found))
}

fn instead(wanted: &str, found: &str) -> &'static str {
    match (wanted, found) {
        (VALUE, FUNCTION) => "call the function with arguments in brackets",
        (VALUE, _) => "give a number, a variable, or a call of a function",
        (FUNCTION, _) => "give the name of a function, without brackets",
        _ => "give a likelihood with numbers for its arguments, as in `gaussian(0, 1)`, or `flat` for none",
    }
}

fn elsewhere(prior: &Instance, support: Support, name: &str) -> Diagnostic {
    let (lies, over) = (described(support), described(prior.support()));
    let message = format!("`{name}` lies in {lies}, and `{}` is a likelihood over {over}", prior.likelihood.name);
    Diagnostic::new(codes::SUPPORT, message)
        .at(prior.span, "has no density at some values")
        .help("take a prior that covers the support of the parameter")
}
