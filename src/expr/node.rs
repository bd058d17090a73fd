//! Expressions as nodes in a per-thread table: equal expressions are the same node, so comparing is free.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::hash::FastMap;
use super::shape::{Dim, Shape};
use super::{Domain, Range};
use crate::special::Special;

/// An expression: a node of the thread's table, which is never taken out of it.
#[derive(Clone, Copy)]
pub struct Expr(&'static Info);

/// Equal expressions are the same node.
impl PartialEq for Expr {
    fn eq(&self, other: &Expr) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Expr {}

/// By number and not by address, which another run would not repeat.
impl Hash for Expr {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.id.hash(state);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VarId(u32);

/// Functions of one argument, applied element by element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Func {
    Exp,
    Ln,
    Abs,
    /// −1, 0 or 1.
    Sign,
    /// 1 where the argument is ≥ 0, else 0.
    Step,
    Sin,
    Cos,
    /// Only for reading and lowering: the rules calculate with `2 logistic(2x) − 1`.
    Tanh,
    /// 1 / (1 + e^−x); arises by recognising that expression.
    Logistic,
    /// ln(1 + e^x); arises by recognising that expression.
    Softplus,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    Num(u64),
    Pi,
    Var(VarId),
    /// Two or more terms: flat, sorted, like terms collected.
    Add(Rc<[Expr]>),
    /// Two or more factors: flat, sorted, equal bases collected.
    Mul(Rc<[Expr]>),
    Pow(Expr, Expr),
    Call(Func, Expr),
    Max(Expr, Expr),
    Min(Expr, Expr),
    /// Σ over the components of a vector of this length.
    Sum(Expr, Dim),
    Softmax(Expr),
    LogSumExp(Expr),
    /// vector·matrix or matrix·vector.
    Dot(Expr, Expr),
    Transpose(Expr),
    /// a bᵀ of two vectors.
    Outer(Expr, Expr),
    /// A vector of this length whose components all equal a scalar.
    Spread(Expr, Dim),
    /// A function of one to three arguments, element by element.
    Special(Special, Rc<[Expr]>),
    /// Vectors and numbers one after the other.
    Concat(Rc<[Expr]>),
    /// So many components of a vector, from behind this many on.
    Slice(Expr, Dim, Dim),
    /// Of a square matrix.
    Inverse(Expr),
    /// ln |det M| of a square matrix.
    LnDet(Expr),
}

impl Node {
    fn children(&self) -> Vec<Expr> {
        match self {
            Node::Num(_) | Node::Pi | Node::Var(_) => vec![],
            Node::Add(list) | Node::Mul(list) => list.to_vec(),
            Node::Pow(a, b) | Node::Max(a, b) | Node::Min(a, b) | Node::Dot(a, b) | Node::Outer(a, b) => vec![*a, *b],
            Node::Call(_, a) | Node::Softmax(a) | Node::LogSumExp(a) | Node::Transpose(a) => vec![*a],
            Node::Sum(a, _) | Node::Spread(a, _) | Node::Inverse(a) | Node::LnDet(a) => vec![*a],
            Node::Special(_, list) | Node::Concat(list) => list.to_vec(),
            Node::Slice(a, skipped, length) => vec![*a, Expr::length(*skipped), Expr::length(*length)],
        }
    }
}

/// By structure, so that the order of terms does not depend on what else was built before.
impl Ord for Expr {
    fn cmp(&self, other: &Expr) -> Ordering {
        if self == other { Ordering::Equal } else { self.0.node.cmp(&other.0.node) }
    }
}

impl PartialOrd for Expr {
    fn partial_cmp(&self, other: &Expr) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

struct Info {
    id: u32,
    node: Node,
    children: Box<[Expr]>,
    shape: Shape,
    range: Range,
    /// How many nodes the expression has when written out as a tree.
    size: u32,
    /// How many of these are variables.
    letters: u32,
    /// Whether there is a logistic function in it: what may read as a hyperbolic tangent.
    has_logistic: bool,
}

#[derive(Clone)]
pub(super) struct VarInfo {
    pub name: Rc<str>,
    pub domain: Domain,
}

#[derive(Default)]
struct Table {
    known: FastMap<Node, Expr>,
    vars: Vec<VarInfo>,
}

thread_local! {
    static TABLE: RefCell<Table> = RefCell::default();
}

impl Expr {
    pub(super) fn intern(node: Node, shape: Shape) -> Expr {
        let known = TABLE.with_borrow(|table| table.known.get(&node).copied());
        known.unwrap_or_else(|| Expr::insert(node, shape))
    }

    /// Expressions are as many as a program can write, and live as long as it: nothing is given back.
    fn insert(node: Node, shape: Shape) -> Expr {
        let range = super::range::of(&node);
        let children = node.children();
        let total =
            |start: u32, count: fn(Expr) -> u32| children.iter().fold(start, |sum, c| sum.saturating_add(count(*c)));
        let size = total(1, Expr::size);
        let letters = total(matches!(node, Node::Var(_)).into(), Expr::letters);
        let has_logistic = matches!(node, Node::Call(Func::Logistic, _)) || children.iter().any(|c| c.has_logistic());
        TABLE.with_borrow_mut(|table| {
            let id = table.known.len() as u32;
            let (key, children) = (node.clone(), children.into());
            let info = Info { id, node, children, shape, range, size, letters, has_logistic };
            let new = Expr(Box::leak(Box::new(info)));
            table.known.insert(key, new);
            new
        })
    }

    /// A new variable, different from every other even when the name is the same.
    pub fn var(name: &str, shape: Shape, domain: Domain) -> Expr {
        let id = TABLE.with_borrow_mut(|table| {
            table.vars.push(VarInfo { name: name.into(), domain });
            VarId(table.vars.len() as u32 - 1)
        });
        Expr::intern(Node::Var(id), shape)
    }

    /// A dimension known by name only, such as `K`.
    pub fn dimension(name: &str) -> Dim {
        Dim::Named(Expr::var(name, Shape::Scalar, Domain::POSITIVE))
    }

    pub(super) fn var_info(id: VarId) -> VarInfo {
        TABLE.with_borrow(|table| table.vars[id.0 as usize].clone())
    }

    pub fn node(self) -> Node {
        self.0.node.clone()
    }

    /// The node as it lies in the table, for what is done so often that copies would count.
    pub(super) fn head(self) -> &'static Node {
        &self.0.node
    }

    pub fn shape(self) -> Shape {
        self.0.shape
    }

    /// How many nodes the expression has when written out as a tree: how long it is to read.
    pub fn size(self) -> u32 {
        self.0.size
    }

    /// How many variables it has when written out, repetitions counted.
    pub fn letters(self) -> u32 {
        self.0.letters
    }

    pub(super) fn has_logistic(self) -> bool {
        self.0.has_logistic
    }

    /// The values this expression (each of its components) can take.
    pub fn range(self) -> Range {
        self.0.range
    }

    /// The number, if the expression is one.
    pub fn as_num(self) -> Option<f64> {
        match self.0.node {
            Node::Num(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    pub fn is_num(self, value: f64) -> bool {
        self.as_num() == Some(value)
    }

    /// The name of a variable.
    pub fn name(self) -> Option<Rc<str>> {
        match self.0.node {
            Node::Var(id) => Some(Expr::var_info(id).name),
            _ => None,
        }
    }

    /// What is known about the values of a variable.
    pub fn domain(self) -> Option<Domain> {
        match self.0.node {
            Node::Var(id) => Some(Expr::var_info(id).domain),
            _ => None,
        }
    }

    /// The sub-expressions directly below.
    pub fn children(self) -> &'static [Expr] {
        &self.0.children
    }

    /// The same operation on other sub-expressions (in the order of [`Expr::children`]), rebuilt in canonical form.
    pub fn with_children(self, new: &[Expr]) -> Expr {
        match self.node() {
            Node::Num(_) | Node::Pi | Node::Var(_) => self,
            Node::Add(_) => Expr::add_all(new),
            Node::Mul(_) => Expr::mul_all(new),
            Node::Pow(..) => new[0].pow(new[1]),
            Node::Call(f, _) => new[0].call(f),
            Node::Max(..) => new[0].max(new[1]),
            Node::Min(..) => new[0].min(new[1]),
            // A vector brings its own length, which differs from the old one when `K` was replaced by a number.
            Node::Sum(_, dim) => match new[0].shape() {
                Shape::Vector(own) => new[0].sum(own),
                _ => new[0].sum(dim),
            },
            Node::Softmax(_) => new[0].softmax(),
            Node::LogSumExp(_) => new[0].log_sum_exp(),
            Node::Dot(..) => new[0].dot(new[1]),
            Node::Transpose(_) => new[0].transpose(),
            Node::Outer(..) => new[0].outer(new[1]),
            Node::Spread(_, dim) => new[0].spread(dim),
            Node::Special(f, _) => Expr::special(f, new),
            Node::Concat(_) => Expr::concat(new),
            Node::Slice(..) => new[0].slice(Dim::of(new[1]), Dim::of(new[2])),
            Node::Inverse(_) => new[0].inverse(),
            Node::LnDet(_) => new[0].ln_det(),
        }
    }
}

impl std::fmt::Debug for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", super::print::text(*self))
    }
}
