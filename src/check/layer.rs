//! Layers: each call makes parameters of its own and one value.

use super::calls::circular;
use super::declarations::duplicate;
use super::mentions::Mentions;
use super::order::order;
use super::problem::{Check, all, fail};
use super::scope::{Scope, Value};
use super::shapes;
use super::terms::{Evaluator, Place};
use crate::diag::{Diagnostic, codes};
use crate::expr::{Dim, Domain, Expr, Shape};
use crate::model::{Kind, Node, Support};
use crate::source::Span;
use crate::syntax::ast::{Arg, Item, LayerDecl};

/// What the layers of one statement of a model have made so far.
#[derive(Default)]
pub struct Layers {
    /// The statement's variable, which the parameters are named after.
    pub statement: String,
    pub count: usize,
    pub nodes: Vec<Node>,
}

impl Layers {
    /// The name that the parameters of the next layer begin with: `h1`, then `h1.2`, ….
    fn next_prefix(&mut self) -> String {
        self.count += 1;
        match self.count {
            1 => self.statement.clone(),
            n => format!("{}.{n}", self.statement),
        }
    }
}

impl Evaluator<'_> {
    pub fn layer(&mut self, decl: &LayerDecl, scope: &Scope, args: &[Arg], span: Span) -> Check<Value> {
        let prefix = match &mut self.place {
            Place::Model(layers) if !self.in_function => layers.next_prefix(),
            _ => return fail(stray_layer(decl, span)),
        };
        let mut inner = self.bind(&decl.name, &decl.formals, scope, args, span)?;
        self.enter(&decl.name)?;
        let value = self.items(decl, &prefix, &mut inner).and_then(|()| self.layer_value(decl, &mut inner));
        self.open.pop();
        let value = value.map_err(|problems| super::calls::called_here(problems, decl.span, span))?;
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

    fn items(&mut self, decl: &LayerDecl, prefix: &str, scope: &mut Scope) -> Check<()> {
        let items: Vec<&Item> = decl.items.iter().collect();
        let done = in_order(&items)?.into_iter().map(|item| {
            let name = &item.name().text;
            let made = match item {
                Item::Param { .. } => self.parameter(scope, item, &format!("{prefix}.{name}")).map(|node| {
                    scope.value(name, Value::claimed(node.var, node.support));
                    self.emit(node);
                }),
                Item::Define { value, .. } => self.meaning(scope, value).map(|m| scope.insert(name, m)),
                Item::Input { span, .. } | Item::Random { span, .. } => fail(not_in_layer(*span)),
            };
            made.inspect_err(|_| scope.broken(name))
        });
        all(done.collect::<Vec<_>>()).map(drop)
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

/// Items in an order in which each comes after those it mentions. Errors: `DUPLICATE_NAME`, `CYCLE`.
pub fn in_order<'i>(items: &[&'i Item]) -> Check<Vec<&'i Item>> {
    let again = items.iter().enumerate().filter_map(|(i, item)| {
        let first = items[..i].iter().find(|first| first.name().text == item.name().text)?;
        Some(fail::<()>(duplicate(item.name(), first.name())))
    });
    all(again)?;
    let mentions: Vec<Mentions> = items.iter().map(|item| Mentions::of_item(item)).collect();
    let needs = mentions.iter().map(|m| (0..items.len()).filter(|j| m.contains(&items[*j].name().text)).collect());
    match order(&needs.collect::<Vec<_>>()) {
        Ok(order) => Ok(order.into_iter().map(|i| items[i]).collect()),
        Err(circle) => {
            let path: Vec<&str> = circle.iter().chain(circle.first()).map(|i| items[*i].name().text.as_str()).collect();
            circle.first().map_or_else(|| Ok(vec![]), |i| fail(circular(items[*i].name(), &path)))
        }
    }
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
            sums_to_one: false,
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
