//! A checked model: its variables in the order in which they are computed.

use super::{Instance, Support};
use crate::expr::Expr;
use crate::source::Span;

#[derive(Clone, Debug)]
pub struct Model {
    pub name: String,
    pub doc: Option<String>,
    pub span: Span,
    /// The sizes the model was made with (`hidden = 40`).
    pub sizes: Vec<(String, usize)>,
    pub nodes: Vec<Node>,
    /// What gives its units their distribution, in a model that declares one.
    pub energy: Option<Energy>,
}

/// E of p(units) ∝ e^−E, the definitions in it written out.
#[derive(Clone, Copy, Debug)]
pub struct Energy {
    pub value: Expr,
    pub span: Span,
}

/// One variable of a model. `var` stands for it in the expressions of later nodes.
#[derive(Clone, Debug)]
pub struct Node {
    pub name: String,
    pub var: Expr,
    pub span: Span,
    pub support: Support,
    /// Rows and columns. Per example a vector is `(1, width)`; parameters may be matrices.
    pub shape: (usize, usize),
    pub kind: Kind,
}

#[derive(Clone, Debug)]
pub enum Kind {
    Input,
    Parameter(Parameter),
    /// `name = …`, or the value of a layer.
    Definition {
        value: Expr,
        layer: Option<String>,
    },
    Random {
        observed: bool,
        instance: Instance,
    },
    /// A group of units of the model's energy.
    Unit {
        observed: bool,
    },
}

/// A learned value. Training moves an unconstrained `raw` variable; the node's `var` is `value(raw)`, which lies in the
/// support.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub raw: Expr,
    /// `raw` itself for real parameters, `exp(raw)` for positive ones, ….
    pub value: Expr,
    pub init: Init,
    pub prior: Option<Instance>,
}

/// Where a raw parameter starts.
#[derive(Clone, Debug)]
pub enum Init {
    Constant(f64),
    /// Drawn element by element; the arguments are numbers.
    Draw(Instance),
}

impl Model {
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|n| n.name == name)
    }

    /// The variables by the names that programs give them: what a layer makes is called like its definition.
    pub fn named(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.nodes.iter().map(|node| {
            let short = node.name.strip_suffix(".o").filter(|name| self.node(name).is_none());
            (short.unwrap_or(&node.name), node)
        })
    }

    pub fn inputs(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|n| matches!(n.kind, Kind::Input))
    }

    pub fn parameters(&self) -> impl Iterator<Item = (&Node, &Parameter)> {
        self.nodes.iter().filter_map(|n| match &n.kind {
            Kind::Parameter(p) => Some((n, p)),
            _ => None,
        })
    }

    /// Latent and observed variables, in order.
    pub fn random(&self) -> impl Iterator<Item = (&Node, bool, &Instance)> {
        self.nodes.iter().filter_map(|n| match &n.kind {
            Kind::Random { observed, instance } => Some((n, *observed, instance)),
            _ => None,
        })
    }

    /// The groups of units of the energy, hidden and visible, in order.
    pub fn units(&self) -> impl Iterator<Item = (&Node, bool)> {
        self.nodes.iter().filter_map(|n| match n.kind {
            Kind::Unit { observed } => Some((n, observed)),
            _ => None,
        })
    }

    /// What an example of the data has a value of.
    pub fn from_data(&self) -> impl Iterator<Item = &Node> {
        let is_given = |kind: &Kind| {
            matches!(kind, Kind::Input | Kind::Random { observed: true, .. } | Kind::Unit { observed: true })
        };
        self.nodes.iter().filter(move |n| is_given(&n.kind))
    }

    pub fn observed(&self) -> impl Iterator<Item = (&Node, &Instance)> {
        self.random().filter(|(_, observed, _)| *observed).map(|(n, _, i)| (n, i))
    }
}
