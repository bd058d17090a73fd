//! Which names a piece of a program mentions, without asking what they stand for.

use std::collections::BTreeMap;

use crate::source::Span;
use crate::syntax::ast::*;

/// Names that were mentioned, with the first place of each.
#[derive(Default)]
pub struct Mentions(BTreeMap<String, Span>);

impl Mentions {
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn places(&self) -> impl Iterator<Item = Name> {
        self.0.iter().map(|(text, span)| Name { text: text.clone(), span: *span })
    }

    fn mention(&mut self, name: &str, span: Span) {
        self.0.entry(name.to_string()).or_insert(span);
    }

    pub fn of_item(item: &Item) -> Mentions {
        let mut mentions = Mentions::default();
        mentions.item(item);
        mentions
    }

    pub fn of_term(term: &Term) -> Mentions {
        let mut mentions = Mentions::default();
        mentions.term(term);
        mentions
    }

    pub fn item(&mut self, item: &Item) {
        match item {
            Item::Input { ty, .. } => self.ty(ty),
            Item::Param { ty, prior, init, .. } => {
                self.ty(ty);
                prior.iter().for_each(|t| self.term(t));
                match init {
                    Some(Init::Draw(t) | Init::Value(t)) => self.term(t),
                    None => {}
                }
            }
            Item::Random { ty, likelihood, .. } => {
                ty.iter().for_each(|t| self.ty(t));
                self.term(likelihood);
            }
            Item::Unit { ty, .. } => self.ty(ty),
            Item::Define { value, .. } | Item::Energy { value, .. } => self.term(value),
        }
    }

    pub fn formal(&mut self, formal: &Formal) {
        formal.ty.iter().for_each(|t| self.ty(t));
        formal.default.iter().for_each(|t| self.term(t));
    }

    pub fn ty(&mut self, ty: &Type) {
        ty.args.iter().chain(&ty.shape).for_each(|t| self.term(t));
    }

    pub fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Name(name) => self.mention(name, term.span),
            TermKind::Call { callee, .. } => self.mention(&callee.text, callee.span),
            _ => {}
        }
        term.children().into_iter().for_each(|t| self.term(t));
    }
}

impl Item {
    pub fn name(&self) -> &Name {
        let (Item::Input { name, .. }
        | Item::Param { name, .. }
        | Item::Random { name, .. }
        | Item::Unit { name, .. }
        | Item::Define { name, .. }
        | Item::Energy { name, .. }) = self;
        name
    }
}
