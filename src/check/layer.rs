//! Layers: each call makes parameters of its own and one value.

use super::mentions::Mentions;
use super::order::Sequence;
use super::problem::{Check, fail, told_already};
use super::scope::{Scope, Value};
use super::shapes;
use super::terms::{Evaluator, Place};
use crate::diag::{Diagnostic, codes};
use crate::expr::{Dim, Domain, Expr, Shape};
use crate::model::{Energy, Kind, Node, Support};
use crate::source::Span;
use crate::syntax::ast::{Arg, Item, LayerDecl, Name};

/// What the layers of one statement of a model have made so far.
#[derive(Default)]
pub struct Layers {
    /// The statement's variable, which the parameters are named after.
    pub statement: String,
    pub count: usize,
    pub nodes: Vec<Node>,
    pub energy: Option<Energy>,
}

impl Layers {
    /// The statement of this variable is next.
    pub fn begin(&mut self, statement: &str) {
        (self.statement, self.count) = (statement.to_string(), 0);
    }

    /// The name that the parameters of the next layer begin with: `h1`, then `h1.2`, ….
    pub fn next_prefix(&mut self) -> String {
        self.count += 1;
        match self.count {
            1 => self.statement.clone(),
            n => format!("{}.{n}", self.statement),
        }
    }
}

impl Evaluator<'_> {
    pub fn layer(&mut self, decl: &LayerDecl, scope: &Scope, args: &[Arg], span: Span) -> Check<Value> {
        if self.in_function || !matches!(self.place, Place::Model(_)) {
            return fail(stray_layer(decl, span));
        }
        let mut inner = self.bind(&decl.name, &decl.formals, scope, args, span)?;
        // The layers among the arguments come first, as in the computation.
        let Place::Model(layers) = &mut self.place else { return told_already() };
        let prefix = layers.next_prefix();
        self.enter(&decl.name)?;
        let value = self.items(decl, &prefix, &mut inner, span).and_then(|()| self.layer_value(decl, &mut inner));
        self.open.pop();
        let value = value.map_err(|problems| self.called_here(problems, decl.span, span))?;
        let node = definition(&format!("{prefix}.o"), "o", value, Some(decl.name.text.clone()), span)?;
        let meaning = Value::claimed(node.var, node.support);
        self.emit(node);
        Ok(meaning)
    }

    /// Adds a node to the model that is being made.
    pub fn emit(&mut self, node: Node) {
        if let Place::Model(layers) = &mut self.place {
            layers.nodes.push(node);
        }
    }

    /// Makes what the layer declares. Its parameters belong to the call, and that is where messages look for them.
    fn items(&mut self, decl: &LayerDecl, prefix: &str, scope: &mut Scope, call: Span) -> Check<()> {
        let sequence = sequence(&decl.items, scope);
        let made = sequence.order.iter().map(|i| {
            let item = &decl.items[*i];
            let made = self.layer_item(item, prefix, scope, call);
            made.inspect_err(|_| scope.broken(&item.name().text))
        });
        let made = made.collect();
        sequence.finish(made)
    }

    fn layer_item(&mut self, item: &Item, prefix: &str, scope: &mut Scope, call: Span) -> Check<()> {
        let name = &item.name().text;
        match item {
            Item::Param { .. } => {
                let node = self.parameter(scope, item, &format!("{prefix}.{name}"))?;
                scope.value(name, Value::claimed(node.var, node.support));
                self.emit(Node { span: call, ..node });
            }
            Item::Define { value, .. } => {
                let meaning = self.meaning(scope, value)?;
                scope.insert(name, meaning);
            }
            Item::Input { span, .. }
            | Item::Random { span, .. }
            | Item::Unit { span, .. }
            | Item::Energy { span, .. } => return fail(not_in_layer(*span)),
        }
        Ok(())
    }

    fn layer_value(&mut self, decl: &LayerDecl, scope: &mut Scope) -> Check<Value> {
        let value = self.value(scope, &decl.value)?;
        let Some(ty) = &decl.result else { return Ok(value) };
        let support = self.support(scope, ty)?;
        self.bind_shape(scope, ty, value, &decl.name.text, decl.value.span)?;
        self.not_outside(value, support, &decl.name, decl.value.span)?;
        Ok(Value::claimed(value.expr, support))
    }
}

/// The items of a model or layer in the order of computation.
pub fn sequence(items: &[Item], scope: &mut Scope) -> Sequence {
    let names: Vec<&Name> = items.iter().map(Item::name).collect();
    let mentions: Vec<Mentions> = items.iter().map(Mentions::of_item).collect();
    Sequence::new(&names, &mentions, scope)
}

/// A node that names a value. What examples have one number of is a vector of length 1.
pub fn definition(name: &str, var: &str, value: Value, layer: Option<String>, span: Span) -> Check<Node> {
    let expr = value.expr.spread(Dim::Fixed(1));
    let Shape::Vector(Dim::Fixed(width)) = expr.shape() else {
        let message = format!("`{name}` is {}, and the values of a model are vectors", shapes::words(expr.shape()));
        let problem = Diagnostic::new(codes::SHAPE, message).at(span, "not a vector");
        return fail(problem.help("multiply matrices with vectors: `x @ W`"));
    };
    let range = value.expr.range();
    let domain = match value.claim {
        Some(support) if support != Support::Real => support.closure(),
        _ => Domain {
            lower: range.lower,
            upper: range.upper,
            lower_closed: range.lower_closed,
            upper_closed: range.upper_closed,
            ..Domain::REAL
        },
    };
    Ok(Node {
        name: name.to_string(),
        var: Expr::var(var, expr.shape(), domain),
        span,
        support: value.claim.unwrap_or(Support::Real),
        shape: (1, width),
        kind: Kind::Definition { value: expr, layer },
    })
}

fn stray_layer(decl: &LayerDecl, span: Span) -> Diagnostic {
    Diagnostic::new(codes::WRONG_KIND, format!("the layer `{}` is called outside a model", decl.name.text))
        .at(span, "its parameters would belong to nothing")
        .help("call layers in a model or in another layer; declare this one as a `layer` if it is a `fn`")
}

fn not_in_layer(span: Span) -> Diagnostic {
    Diagnostic::new(codes::WRONG_KIND, "a layer holds only parameters and definitions")
        .at(span, "not in a layer")
        .help("take it as a parameter of the layer, and declare it in the model")
}
