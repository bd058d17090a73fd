//! Declarations that only mean something where they are called, checked as they are written: names and types, and for
//! functions the body with symbols for arguments.

use super::declarations::Declarations;
use super::functions;
use super::leaves::is_source;
use super::likelihood::distinct;
use super::mentions::Mentions;
use super::prior::FLAT;
use super::problem::{Check, all, both, fail};
use super::scope::Scope;
use super::terms::{Evaluator, Place};
use super::types::typed;
use crate::expr::{Expr, Shape};
use crate::model::Support;
use crate::syntax::ast::{FnDecl, Formal, Init, Item, LayerDecl, ModelDecl, Name, Term, TermKind, Type};

/// A function, with symbols for its arguments. A parameter without a type stands for a number, unless it is called.
pub fn function(declarations: &Declarations, decl: &FnDecl) -> Check<()> {
    let mut writer = Writer::new(declarations, &decl.formals);
    let names = writer.formals(&decl.formals);
    let body = writer.terms([&decl.body]);
    let result = decl.result.as_ref().map(|ty| writer.ty(ty)).transpose();
    both(names, both(body, result))?;
    let untyped = |f: &&Formal| f.ty.is_none() && f.default.is_none();
    if decl.formals.iter().filter(untyped).any(|f| calls(&decl.body, &f.name.text)) {
        return Ok(());
    }
    let mut evaluator = Evaluator::new(declarations, Place::Declaration);
    let mut scope = Scope::default();
    all(decl.formals.iter().map(|formal| symbol(&mut evaluator, &mut scope, formal)).collect::<Vec<_>>())?;
    evaluator.enter(&decl.name)?;
    evaluator.in_function = true;
    evaluator.body(decl, scope).map(drop)
}

/// A layer: its names and supports.
pub fn layer(declarations: &Declarations, decl: &LayerDecl) -> Check<()> {
    let mut writer = Writer::new(declarations, &decl.formals);
    let names = both(writer.formals(&decl.formals), writer.items(&decl.items));
    let value = writer.terms([&decl.value]);
    let result = decl.result.as_ref().map(|ty| writer.ty(ty)).transpose();
    both(names, both(value, result)).map(drop)
}

/// A model whose sizes are not known: its names and supports.
pub fn model(declarations: &Declarations, decl: &ModelDecl) -> Check<()> {
    let mut writer = Writer::new(declarations, &decl.formals);
    both(writer.formals(&decl.formals), writer.items(&decl.items)).map(drop)
}

fn symbol(evaluator: &mut Evaluator, scope: &mut Scope, formal: &Formal) -> Check<()> {
    let name = &formal.name.text;
    let meaning = match (&formal.ty, &formal.default) {
        (Some(ty), _) => {
            let support = evaluator.support(scope, ty)?;
            let shape = evaluator.declared_shape(scope, ty)?;
            typed(Expr::var(name, shape, support.interior()), support)
        }
        (None, Some(default)) => evaluator.argument(formal, scope, default)?,
        (None, None) => typed(Expr::var(name, Shape::Scalar, Support::Real.interior()), Support::Real),
    };
    scope.insert(name, meaning);
    Ok(())
}

fn calls(term: &Term, name: &str) -> bool {
    let called = matches!(&term.kind, TermKind::Call { callee, .. } if callee.text == name);
    called || term.children().into_iter().any(|t| calls(t, name))
}

/// Looks names up without asking what they mean.
struct Writer<'d> {
    evaluator: Evaluator<'d>,
    /// The names of the declaration, all without a meaning.
    scope: Scope,
}

impl<'d> Writer<'d> {
    fn new(declarations: &'d Declarations, formals: &[Formal]) -> Self {
        let mut scope = Scope::default();
        for formal in formals {
            scope.broken(&formal.name.text);
            formal.ty.iter().flat_map(|ty| &ty.shape).for_each(|axis| {
                if let TermKind::Name(name) = &axis.kind {
                    scope.broken(name);
                }
            });
        }
        Writer { evaluator: Evaluator::new(declarations, Place::Declaration), scope }
    }

    fn formals(&mut self, formals: &[Formal]) -> Check<()> {
        let names: Vec<&Name> = formals.iter().map(|f| &f.name).collect();
        let types = formals.iter().filter_map(|f| f.ty.as_ref()).map(|ty| self.ty(ty)).collect::<Vec<_>>();
        let defaults = self.terms(formals.iter().filter_map(|f| f.default.as_ref()));
        both(distinct(&names), both(all(types), defaults)).map(drop)
    }

    fn items(&mut self, items: &[Item]) -> Check<()> {
        items.iter().for_each(|item| self.scope.broken(&item.name().text));
        let sequence = super::layer::sequence(items, &mut self.scope);
        let each = items.iter().map(|item| match item {
            Item::Input { ty, .. } => self.ty(ty),
            Item::Param { ty, prior, init, .. } => {
                let init = init.as_ref().map(|(Init::Draw(t) | Init::Value(t))| t);
                both(self.ty(ty), self.terms(prior.iter().chain(init))).map(drop)
            }
            Item::Unit { ty, .. } => self.ty(ty),
            Item::Define { value, .. } | Item::Energy { value, .. } => self.terms([value]),
            Item::Random { ty, likelihood, .. } => {
                let ty = ty.as_ref().map(|ty| self.ty(ty)).transpose();
                both(ty, self.terms([likelihood])).map(drop)
            }
        });
        let each = each.collect();
        sequence.finish(each)
    }

    fn ty(&mut self, ty: &Type) -> Check<()> {
        let shape = self.terms(&ty.shape);
        both(self.evaluator.support(&self.scope, ty), shape).map(drop)
    }

    fn terms<'t>(&mut self, terms: impl IntoIterator<Item = &'t Term>) -> Check<()> {
        let mut mentions = Mentions::default();
        terms.into_iter().for_each(|t| mentions.term(t));
        all(mentions.places().map(|name| self.name(&name)).collect::<Vec<_>>()).map(drop)
    }

    fn name(&mut self, name: &Name) -> Check<()> {
        let declared = self.evaluator.declarations.lookup(&name.text, name.span.file).is_some();
        let built_in = functions::find(&name.text).is_some() || ["pi", FLAT].contains(&name.text.as_str());
        let local = self.scope.get(&name.text).is_some();
        let unread = self.evaluator.declarations.may_be_unread(&name.text);
        let known = declared || built_in || local || unread || is_source(&name.text);
        if known { Ok(()) } else { fail(self.evaluator.unknown(&self.scope, name)) }
    }
}
