//! Model declarations: inputs, parameters, definitions and random variables become nodes in the order of computation.

use super::declarations::{Declarations, duplicate};
use super::hole::{self, Open};
use super::instance::lacks;
use super::layer::{Layers, definition, sequence};
use super::likelihood::distinct;
use super::problem::{Check, all, both, fail};
use super::scope::{Meaning, Scope, Value};
use super::shapes;
use super::support::described;
use super::terms::{Evaluator, Place};
use super::types::size;
use crate::diag::{Diagnostic, codes};
use crate::expr::{Dim, Expr, Shape, free_variables, print};
use crate::model::{Kind, Model, Node, Support};
use crate::source::Span;
use crate::syntax::ast::{Arg, Formal, Item, ModelDecl, Name, Term, TermKind, Type};

/// A model with the sizes that a `train` declaration gives it.
pub fn with_args(declarations: &Declarations, decl: &ModelDecl, args: &[Arg], call: Span) -> Check<Model> {
    let unset = unset(decl, &[]);
    if let (Some(first), true) = (unset.first(), args.is_empty()) {
        let problem = no_sizes(decl, &unset);
        return fail(problem.at(call, "no size given").related(first.span, "has no default"));
    }
    let given = super::calls::arrange(&decl.name, &decl.formals, args, call)?;
    let mut evaluator = Evaluator::new(declarations, Place::Declaration);
    let sizes = decl.formals.iter().zip(given).map(|(formal, term)| {
        term.map(|t| {
            evaluator.number(&Scope::default(), t).and_then(|n| Ok((formal.name.text.clone(), size(n, t.span)?)))
        })
        .transpose()
    });
    let given: Vec<(String, usize)> = all(sizes.collect::<Vec<_>>())?.into_iter().flatten().collect();
    instantiate(declarations, decl, &given)
}

/// A model with sizes by name. Errors: `ARGUMENTS` for a name that is not a size of the model, or a size without a value.
pub fn with_sizes(declarations: &Declarations, decl: &ModelDecl, sizes: &[(&str, usize)]) -> Check<Model> {
    let formals = || decl.formals.iter().map(|f| f.name.text.as_str());
    let unknown = sizes.iter().filter(|(name, _)| !formals().any(|f| f == *name)).map(|(name, _)| {
        let problem = Diagnostic::new(codes::ARGUMENTS, format!("the model `{}` has no size `{name}`", decl.name.text));
        fail::<()>(problem.suggest(name, formals()))
    });
    let zero = sizes.iter().map(|(_, n)| size(*n as f64, decl.name.span).map(drop));
    let unset = unset(decl, sizes);
    let lacking = unset.first().map(|first| fail(no_sizes(decl, &unset).at(first.span, "has no default")));
    all(unknown.chain(zero).chain(lacking))?;
    let sizes: Vec<(String, usize)> = sizes.iter().map(|(name, n)| (name.to_string(), *n)).collect();
    instantiate(declarations, decl, &sizes)
}

fn instantiate(declarations: &Declarations, decl: &ModelDecl, given: &[(String, usize)]) -> Check<Model> {
    let mut evaluator = Evaluator::new(declarations, Place::Model(Layers::default()));
    let mut scope = Scope::default();
    let sizes = sizes(&mut evaluator, &mut scope, decl, given);
    let sequence = sequence(&decl.items, &mut scope);
    let mut made: Vec<Check<()>> = sequence.order.iter().map(|i| evaluator.item(&mut scope, &decl.items[*i])).collect();
    made.extend([names(decl), observes(decl), super::energy::whole(decl)]);
    let (sizes, ()) = both(sizes, sequence.finish(made))?;
    let Place::Model(Layers { nodes, energy, .. }) = evaluator.place else { return super::problem::told_already() };
    Ok(Model { name: decl.name.text.clone(), doc: decl.doc.clone(), span: decl.name.span, sizes, nodes, energy })
}

fn sizes(
    evaluator: &mut Evaluator,
    scope: &mut Scope,
    decl: &ModelDecl,
    given: &[(String, usize)],
) -> Check<Vec<(String, usize)>> {
    let each = decl.formals.iter().map(|formal| {
        let name = &formal.name;
        let found = given.iter().find(|(given, _)| *given == name.text);
        let n = match (found, &formal.default) {
            (Some((_, n)), _) => Ok(*n),
            (None, Some(term)) => evaluator.number(scope, term).and_then(|n| size(n, term.span)),
            (None, None) => super::problem::told_already(),
        };
        match &n {
            Ok(n) => scope.value(&name.text, Value::number(*n as f64)),
            Err(_) => scope.broken(&name.text),
        }
        n.map(|n| (name.text.clone(), n))
    });
    all(each.collect::<Vec<_>>())
}

/// No variable has the name of a size, and none is written like another in formulas. That two have one name is told elsewhere.
fn names(decl: &ModelDecl) -> Check<()> {
    let sizes: Vec<&Name> = decl.formals.iter().map(|f| &f.name).collect();
    let items: Vec<&Name> = decl.items.iter().map(|item| item.name()).collect();
    let clashes = items.iter().enumerate().filter_map(|(i, name)| {
        let of_sizes = sizes.iter().find(|size| print::alike(&size.text, &name.text));
        let earlier =
            || items[..i].iter().find(|other| other.text != name.text && print::alike(&other.text, &name.text));
        Some(fail::<()>(duplicate(name, of_sizes.or_else(earlier)?)))
    });
    all(clashes.chain([distinct(&sizes)])).map(drop)
}

fn observes(decl: &ModelDecl) -> Check<()> {
    if decl
        .items
        .iter()
        .any(|item| matches!(item, Item::Random { observed: true, .. } | Item::Unit { observed: true, .. }))
    {
        return Ok(());
    }
    fail(
        Diagnostic::new(codes::NO_OBSERVATION, format!("the model `{}` observes nothing", decl.name.text))
            .at(decl.name.span, "has no `observe` line")
            .help("say what the data is: `observe y: … ~ likelihood(…)`"),
    )
}

impl Evaluator<'_> {
    fn item(&mut self, scope: &mut Scope, item: &Item) -> Check<()> {
        let name = item.name();
        if let Place::Model(layers) = &mut self.place {
            layers.begin(&name.text);
        }
        let made = match item {
            Item::Input { ty, span, .. } => self.input(scope, name, ty, *span).map(Made::node),
            Item::Param { .. } => self.parameter(scope, item, &name.text).map(Made::node),
            Item::Define { value, span, .. } => self.define(scope, name, value, *span),
            Item::Unit { observed, ty, span, .. } => self.unit(scope, *observed, name, ty, *span).map(Made::node),
            Item::Energy { value, .. } => return self.energy(scope, value),
            Item::Random { observed, ty, likelihood, span, .. } => {
                self.random(scope, *observed, name, ty.as_ref(), likelihood, *span).map(Made::node)
            }
        };
        match made {
            Ok(Made::Node(node)) => {
                scope.value(&name.text, Value::claimed(node.var, node.support));
                self.emit(*node);
                Ok(())
            }
            Ok(Made::Name(meaning)) => {
                scope.insert(&name.text, meaning);
                Ok(())
            }
            Err(problems) => {
                scope.broken(&name.text);
                Err(problems)
            }
        }
    }

    fn input(&mut self, scope: &Scope, name: &Name, ty: &Type, span: Span) -> Check<Node> {
        let (support, width) = self.per_example(scope, ty)?;
        let var = Expr::var(&name.text, Shape::Vector(Dim::Fixed(width)), support.closure());
        Ok(Node { name: name.text.clone(), var, span, support, shape: (1, width), kind: Kind::Input })
    }

    /// The support of what each example has, and its length.
    pub(super) fn per_example(&mut self, scope: &Scope, ty: &Type) -> Check<(Support, usize)> {
        let (support, shape) = both(self.support(scope, ty), self.known_shape(scope, ty))?;
        match shapes::width(shape) {
            Some(width) => Ok((support, width)),
            None => fail(
                Diagnostic::new(
                    codes::SHAPE,
                    format!("what an example has is a number or a vector, not {}", shapes::words(shape)),
                )
                .at(ty.span, "two axes")
                .help("put the elements into one vector, such as `real[784]`"),
            ),
        }
    }

    /// A number, a function or a variable gets another name; anything computed from variables becomes a node.
    fn define(&mut self, scope: &Scope, name: &Name, term: &Term, span: Span) -> Check<Made> {
        match self.meaning(scope, term)? {
            Meaning::Value(value) if value.expr.name().is_none() && !free_variables(value.expr).is_empty() => {
                definition(&name.text, &name.text, value, None, span).map(Made::node)
            }
            other => Ok(Made::Name(other)),
        }
    }

    fn random(
        &mut self,
        scope: &Scope,
        observed: bool,
        name: &Name,
        ty: Option<&Type>,
        term: &Term,
        span: Span,
    ) -> Check<Node> {
        let declared = ty.map(|ty| Ok((self.per_example(scope, ty)?, ty.span))).transpose();
        let width = declared.as_ref().ok().and_then(|d| d.as_ref()).map(|((_, width), span)| (*width, *span));
        if term.kind == TermKind::Hole {
            let declared = declared?.map(|(declared, _)| declared);
            return fail(hole::likelihood(self.declarations, &Open { name, observed, declared, span: term.span }));
        }
        let (declared, (mut instance, width)) = both(declared, self.instance(scope, term, width))?;
        self.name_pre_activations(&mut instance)?;
        let (support, hull) = (instance.support(), instance.likelihood.support);
        let support = match declared {
            Some(((other, _), at)) if ![support, hull].contains(&other) => {
                return fail(other_support(name, other, support, at, term));
            }
            Some(((other, _), _)) => other,
            None => support,
        };
        if !observed && instance.likelihood.mean.is_none() {
            return fail(
                lacks(&instance.likelihood, "mean", term.span)
                    .note("a variable without data stands for its mean when the rest of the model is computed"),
            );
        }
        let var = Expr::var(&name.text, Shape::Vector(Dim::Fixed(width)), support.closure());
        let kind = Kind::Random { observed, instance };
        Ok(Node { name: name.text.clone(), var, span, support, shape: (1, width), kind })
    }
}

/// What a line of a model leaves behind.
enum Made {
    Node(Box<Node>),
    Name(Meaning),
}

impl Made {
    fn node(node: Node) -> Made {
        Made::Node(Box::new(node))
    }
}

/// The sizes with neither a value nor a default.
fn unset<'d>(decl: &'d ModelDecl, given: &[(&str, usize)]) -> Vec<&'d Name> {
    let is_unset = |f: &&Formal| f.default.is_none() && !given.iter().any(|(name, _)| *name == f.name.text);
    decl.formals.iter().filter(is_unset).map(|formal| &formal.name).collect()
}

fn no_sizes(decl: &ModelDecl, unset: &[&Name]) -> Diagnostic {
    let model = &decl.name.text;
    let names: Vec<&str> = unset.iter().map(|name| name.text.as_str()).collect();
    let written: Vec<String> = names.iter().map(|name| format!("{name} = 40")).collect();
    let (values, they) = if names.len() == 1 { ("a value", "it a default") } else { ("values", "them defaults") };
    let message = format!("the model `{model}` needs {values} for `{}`", names.join("` and `"));
    Diagnostic::new(codes::ARGUMENTS, message).help(format!("write `{model}({})`, or give {they}", written.join(", ")))
}

fn other_support(name: &Name, declared: Support, likelihood: Support, at: Span, term: &Term) -> Diagnostic {
    let (found, wanted) = (described(declared), described(likelihood));
    Diagnostic::new(codes::SUPPORT, format!("`{}` is declared {found}, and its likelihood is over {wanted}", name.text))
        .at(at, format!("declared `{declared}`"))
        .related(term.span, format!("over `{likelihood}`"))
        .help(format!("declare it `{likelihood}`, or take a likelihood over `{declared}`"))
}
