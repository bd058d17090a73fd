//! The program as it was written: every piece with its span, nothing resolved.

use crate::source::Span;

#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

/// The text of the `///` comment lines above a declaration, without the slashes.
pub type Doc = Option<String>;

#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    pub decls: Vec<Decl>,
    /// The names of declarations that could not be read.
    pub unread: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Decl {
    Use(Use),
    Fn(FnDecl),
    Likelihood(LikelihoodDecl),
    Layer(LayerDecl),
    Model(ModelDecl),
    Data(DataDecl),
    Train(TrainDecl),
}

/// `use "layers.nem"`: brings in the declarations of another file, found from this file's folder.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    pub path: String,
    pub span: Span,
}

/// `x: real[N]`, `size`, `b: positive = 1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Formal {
    pub name: Name,
    pub ty: Option<Type>,
    pub default: Option<Term>,
}

/// A support with its arguments and a shape: `real[784]`, `one_hot[10]`, `interval(-1, 1)[K]`, `real[N, size]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    pub support: Name,
    pub args: Vec<Term>,
    pub shape: Vec<Term>,
    pub span: Span,
}

/// `fn logistic(o: real) -> unit = 1 / (1 + exp(-o))`
#[derive(Clone, Debug, PartialEq)]
pub struct FnDecl {
    pub doc: Doc,
    pub name: Name,
    pub formals: Vec<Formal>,
    pub result: Option<Type>,
    pub body: Term,
    pub span: Span,
}

/// `likelihood laplace(mu: real, b: positive = 1) over y: real { log_density = …  mean = …  draw = … where u ~ … }`
#[derive(Clone, Debug, PartialEq)]
pub struct LikelihoodDecl {
    pub doc: Doc,
    pub name: Name,
    pub formals: Vec<Formal>,
    pub outcome: Name,
    pub outcome_ty: Type,
    pub entries: Vec<Entry>,
    pub span: Span,
}

/// `draw = mu - b * … where u ~ standard_uniform()`: a named property of a likelihood and the randomness it uses.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub name: Name,
    pub value: Term,
    pub randomness: Vec<(Name, Term)>,
    pub span: Span,
}

/// `layer affine(x: real[N], size) -> real[size] { param …  return x @ W + b }`
#[derive(Clone, Debug, PartialEq)]
pub struct LayerDecl {
    pub doc: Doc,
    pub name: Name,
    pub formals: Vec<Formal>,
    pub result: Option<Type>,
    pub items: Vec<Item>,
    pub value: Term,
    pub span: Span,
}

/// `model Classifier(hidden = 40) { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct ModelDecl {
    pub doc: Doc,
    pub name: Name,
    pub formals: Vec<Formal>,
    pub items: Vec<Item>,
    pub span: Span,
}

/// One line of a model or a layer. A layer holds only `Param` and `Define`.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `input x: real[784]`
    Input { name: Name, ty: Type, span: Span },
    /// `param W: real[n, m] ~ gaussian(0, 1) = init gaussian(0, 0.01)`: prior and initialiser are both optional.
    Param { name: Name, ty: Type, prior: Option<Term>, init: Option<Init>, span: Span },
    /// `h: unit[40] ~ bernoulli(…)` (latent) or, with `observed`, `observe y: one_hot[10] ~ categorical(…)`.
    Random { observed: bool, name: Name, ty: Option<Type>, likelihood: Term, span: Span },
    /// `latent h: binary[40]` or, with `observed`, `observe v: binary[784]`: units that an energy speaks of.
    Unit { observed: bool, name: Name, ty: Type, span: Span },
    /// `score = h @ U`
    Define { name: Name, value: Term, span: Span },
    /// `energy -(v @ W @ h)`; it is called by its first word.
    Energy { name: Name, value: Term, span: Span },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Init {
    /// `= init gaussian(0, 0.01)`: drawn once per seed.
    Draw(Term),
    /// `= 0`: every element the same, or a literal list.
    Value(Term),
}

/// `data digits { x: real[784] = idx("…") / 255  …  test { x = …  y = … } }`
#[derive(Clone, Debug, PartialEq)]
pub struct DataDecl {
    pub doc: Doc,
    pub name: Name,
    pub columns: Vec<Column>,
    pub test: Vec<Column>,
    pub span: Span,
}

/// `x: real = draw uniform(0, 6) take 200 seed 7`; in `test` the type may be left out (it is the training part's).
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: Name,
    pub ty: Option<Type>,
    pub source: Term,
    pub take: Option<Term>,
    pub seed: Option<Term>,
    pub span: Span,
}

/// `train Classifier(hidden = 80) on digits { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct TrainDecl {
    pub doc: Doc,
    pub model: Name,
    pub args: Vec<Arg>,
    pub data: Name,
    pub settings: Vec<Setting>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // There are few settings, and matching on them reads better without a box.
pub enum Setting {
    /// `epochs 40`, `seeds 1..10`, `optimizer sgd(rate = 1.0)`, `compare none, blind, nem, anti`
    Option {
        key: Name,
        values: Vec<Term>,
        span: Span,
    },
    Noise(Noise),
    Pretrain(Pretrain),
}

/// `pretrain Rbm(784, 200), Rbm(200, 100) { epochs 10 }`
#[derive(Clone, Debug, PartialEq)]
pub struct Pretrain {
    /// Models with an energy, the first on the data.
    pub energies: Vec<Stacked>,
    pub settings: Vec<Setting>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Stacked {
    pub model: Name,
    pub args: Vec<Arg>,
    pub span: Span,
}

/// `noise y += gaussian(0, 0.42) cooled 1`
#[derive(Clone, Debug, PartialEq)]
pub struct Noise {
    pub target: Name,
    pub injection: Injection,
    pub proposal: Term,
    pub cooled: Option<Term>,
    /// `through h3, h2`
    pub through: Vec<Name>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Injection {
    /// `noise y += …`
    Add,
    /// `noise y *= …`
    Multiply,
    /// `noise y <- y * (1 + n) where n ~ …`: the expression, and the name of the noise in it.
    Custom(Box<Term>, Name),
    /// `noise y ?`: left open.
    Open,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    pub kind: TermKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TermKind {
    Number(f64),
    Text(String),
    Name(String),
    Negate(Box<Term>),
    Binary(BinaryOp, Box<Term>, Box<Term>),
    Call {
        callee: Name,
        args: Vec<Arg>,
    },
    /// `mu[z]`, `csv("…", "p0")[1..1300]`
    Index {
        base: Box<Term>,
        index: Vec<Term>,
    },
    /// `[x, h]`
    List(Vec<Term>),
    /// `1..10`, both ends included.
    Range(Box<Term>, Box<Term>),
    /// `draw gaussian(0, 1)`: in data, one draw a row.
    Draw(Box<Term>),
    /// `gaussian(0, 1).log_density(y)`: what is known of a distribution, at a prompt.
    Part {
        base: Box<Term>,
        name: Name,
        args: Vec<Arg>,
    },
    /// `?` in the place of a likelihood: left open, to be told what fits.
    Hole,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    pub name: Option<Name>,
    pub value: Term,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    /// `v @ W`, `W @ h`, `a @ b`: matrix products and the inner product.
    Dot,
    Power,
}

impl Decl {
    pub fn name(&self) -> Option<&Name> {
        match self {
            Decl::Use(_) | Decl::Train(_) => None,
            Decl::Fn(d) => Some(&d.name),
            Decl::Likelihood(d) => Some(&d.name),
            Decl::Layer(d) => Some(&d.name),
            Decl::Model(d) => Some(&d.name),
            Decl::Data(d) => Some(&d.name),
        }
    }

    /// What it takes, in order.
    pub fn formals(&self) -> &[Formal] {
        match self {
            Decl::Fn(d) => &d.formals,
            Decl::Likelihood(d) => &d.formals,
            Decl::Layer(d) => &d.formals,
            Decl::Model(d) => &d.formals,
            Decl::Use(_) | Decl::Data(_) | Decl::Train(_) => &[],
        }
    }
}

impl Term {
    /// The terms directly inside.
    pub fn children(&self) -> Vec<&Term> {
        match &self.kind {
            TermKind::Number(_) | TermKind::Text(_) | TermKind::Name(_) | TermKind::Hole => vec![],
            TermKind::Negate(inner) | TermKind::Draw(inner) => vec![inner],
            TermKind::Binary(_, a, b) | TermKind::Range(a, b) => vec![a, b],
            TermKind::Call { args, .. } => args.iter().map(|a| &a.value).collect(),
            TermKind::Index { base, index } => std::iter::once(&**base).chain(index).collect(),
            TermKind::List(items) => items.iter().collect(),
            TermKind::Part { base, args, .. } => {
                std::iter::once(&**base).chain(args.iter().map(|a| &a.value)).collect()
            }
        }
    }

    /// The same, to be changed.
    pub fn children_mut(&mut self) -> Vec<&mut Term> {
        match &mut self.kind {
            TermKind::Number(_) | TermKind::Text(_) | TermKind::Name(_) | TermKind::Hole => vec![],
            TermKind::Negate(inner) | TermKind::Draw(inner) => vec![inner],
            TermKind::Binary(_, a, b) | TermKind::Range(a, b) => vec![a, b],
            TermKind::Call { args, .. } => args.iter_mut().map(|a| &mut a.value).collect(),
            TermKind::Index { base, index } => std::iter::once(&mut **base).chain(index).collect(),
            TermKind::List(items) => items.iter_mut().collect(),
            TermKind::Part { base, args, .. } => {
                std::iter::once(&mut **base).chain(args.iter_mut().map(|a| &mut a.value)).collect()
            }
        }
    }
}
