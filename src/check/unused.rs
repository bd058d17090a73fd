//! Warnings about names that are declared and never used. A name that begins with `_` is unused on purpose.

use super::mentions::Mentions;
use crate::diag::{Diagnostic, codes};
use crate::syntax::ast::{Decl, Formal, Item, Name, TermKind};

/// The names that a declaration declares inside itself and never mentions.
pub fn unused(decl: &Decl) -> Vec<Diagnostic> {
    match decl {
        Decl::Fn(d) => {
            let mut mentions = formals(&d.formals);
            d.result.iter().for_each(|ty| mentions.ty(ty));
            mentions.term(&d.body);
            of_formals(&d.formals, &mentions)
        }
        Decl::Likelihood(d) => {
            let mut mentions = formals(&d.formals);
            mentions.ty(&d.outcome_ty);
            let random = d.entries.iter().flat_map(|e| {
                let used = Mentions::of_term(&e.value);
                e.randomness.iter().map(|(name, _)| name).filter(move |n| !used.contains(&n.text))
            });
            d.entries.iter().for_each(|e| mentions.term(&e.value));
            let mut list = of_formals(&d.formals, &mentions);
            list.extend(random.filter_map(|name| warning(name, "this randomness")));
            list
        }
        Decl::Layer(d) => {
            let mut mentions = formals(&d.formals);
            d.result.iter().for_each(|ty| mentions.ty(ty));
            mentions.term(&d.value);
            of_items(&d.formals, &d.items, mentions)
        }
        // What stands for the `?` may use any of them.
        Decl::Model(d) if d.items.iter().any(is_open) => vec![],
        Decl::Model(d) => of_items(&d.formals, &d.items, formals(&d.formals)),
        Decl::Use(_) | Decl::Data(_) | Decl::Train(_) => vec![],
    }
}

fn is_open(item: &Item) -> bool {
    matches!(item, Item::Random { likelihood, .. } if likelihood.kind == TermKind::Hole)
}

fn formals(formals: &[Formal]) -> Mentions {
    let mut mentions = Mentions::default();
    formals.iter().for_each(|f| mentions.formal(f));
    mentions
}

fn of_formals(formals: &[Formal], mentions: &Mentions) -> Vec<Diagnostic> {
    let idle = formals.iter().map(|f| &f.name).filter(|n| !mentions.contains(&n.text));
    idle.filter_map(|name| warning(name, "the parameter")).collect()
}

fn of_items(formals: &[Formal], items: &[Item], mut mentions: Mentions) -> Vec<Diagnostic> {
    items.iter().for_each(|item| mentions.item(item));
    let mut list = of_formals(formals, &mentions);
    let idle = items.iter().filter(|item| !mentions.contains(&item.name().text));
    list.extend(idle.filter_map(|item| warning(item.name(), kind(item)?)));
    list
}

/// What an item is called; `None` when it is there for its own sake.
fn kind(item: &Item) -> Option<&'static str> {
    match item {
        Item::Input { .. } => Some("the input"),
        Item::Param { .. } => Some("the parameter"),
        Item::Define { .. } => Some("the definition"),
        Item::Random { observed: false, .. } => Some("the hidden variable"),
        Item::Unit { observed: false, .. } => Some("the hidden group"),
        Item::Unit { observed: true, .. } => Some("the visible group"),
        Item::Random { observed: true, .. } | Item::Energy { .. } => None,
    }
}

fn warning(name: &Name, what: &str) -> Option<Diagnostic> {
    let message = format!("{what} `{}` is never used", name.text);
    let warning = Diagnostic::new(codes::UNUSED, message).at(name.span, "not used");
    let help = format!("remove it, or call it `_{}` if that is on purpose", name.text);
    (!name.text.starts_with('_')).then(|| warning.help(help))
}
