//! What a term means, given what its names mean. Functions and layers are inlined on the way.

use std::collections::BTreeSet;

use super::budget::Budget;
use super::declarations::{Declarations, in_words};
use super::functions;
use super::layer::Layers;
use super::leaves::Leaves;
use super::prior::FLAT;
use super::problem::{Check, all, both, fail, told_already};
use super::scope::{Meaning, Scope, Value};
use super::shapes;
use crate::diag::{Diagnostic, codes, did_you_mean};
use crate::expr::{Bindings, Expr, Shape, free_variables};
use crate::model::Kind;
use crate::source::Span;
use crate::syntax::ast::{BinaryOp, Name, Term, TermKind};

/// Where a term stands, which decides what it may use.
pub enum Place {
    Declaration,
    /// Layers make parameters here.
    Model(Layers),
    /// Files and draws are read here.
    Data(Leaves),
    /// At a prompt: every name has a value. These are the letters that stand for several numbers.
    Known(Bindings),
}

pub struct Evaluator<'d> {
    pub declarations: &'d Declarations,
    pub place: Place,
    /// The functions and layers that are being inlined, innermost last.
    pub(super) open: Vec<Name>,
    /// Inside a function, where no layer can make parameters.
    pub(super) in_function: bool,
    pub(super) budget: Budget,
}

impl<'d> Evaluator<'d> {
    pub fn new(declarations: &'d Declarations, place: Place) -> Self {
        Evaluator { declarations, place, open: vec![], in_function: false, budget: Budget::default() }
    }

    pub fn in_data(&self) -> bool {
        matches!(self.place, Place::Data(_))
    }

    pub fn meaning(&mut self, scope: &Scope, term: &Term) -> Check<Meaning> {
        self.budget.enter(term.span)?;
        let meaning = self.unguarded(scope, term);
        self.budget.leave();
        let meaning = meaning?;
        if let Meaning::Value(value) = &meaning {
            self.sized(value.expr, term.span)?;
        }
        Ok(meaning)
    }

    pub fn value(&mut self, scope: &Scope, term: &Term) -> Check<Value> {
        match self.meaning(scope, term)? {
            Meaning::Value(value) => Ok(value),
            Meaning::Declared(decl) => fail(not_called(term.span, decl.kind())),
            Meaning::Function(_) => fail(not_called(term.span, "fn")),
            Meaning::Prior(_) => {
                fail(misplaced(term.span, "a prior", "priors belong to parameters: `param w: real ~ gaussian(0, 1)`"))
            }
        }
    }

    /// A number that depends on nothing.
    pub fn number(&mut self, scope: &Scope, term: &Term) -> Check<f64> {
        let value = self.value(scope, term)?;
        self.constant(value).ok_or_else(|| no_number(value.expr, term.span).into())
    }

    fn unguarded(&mut self, scope: &Scope, term: &Term) -> Check<Meaning> {
        let span = term.span;
        match &term.kind {
            TermKind::Number(x) => Ok(Meaning::Value(Value::number(*x))),
            TermKind::Name(name) => self.name(scope, &Name { text: name.clone(), span }),
            TermKind::Call { callee, args } => self.call(scope, callee, args, span),
            TermKind::Negate(inner) => self.value(scope, inner).map(|v| Meaning::Value((-v.expr).into())),
            TermKind::Binary(..) => self.chain(scope, term).map(Meaning::Value),
            TermKind::Draw(likelihood) => self.draw(scope, likelihood, span).map(Meaning::Value),
            TermKind::Index { base, index } if self.in_data() => {
                self.rows(scope, base, index, span).map(Meaning::Value)
            }
            TermKind::Index { base, index } => self.components(scope, base, index, span).map(Meaning::Value),
            TermKind::List(items) => {
                self.matrix(scope, items, span).unwrap_or_else(|| self.list(scope, items, span)).map(Meaning::Value)
            }
            TermKind::Range(..) => {
                fail(misplaced(span, "a range", "ranges count seeds and rows of data, as in `seeds 1..10`"))
            }
            TermKind::Part { name, .. } => fail(stray_part(name)),
            TermKind::Hole => fail(stray_hole(span)),
            TermKind::Text(_) => {
                fail(misplaced(span, "a text", "texts name files and their columns, as in `csv(\"a.csv\", \"x\")`"))
            }
        }
    }

    /// What a name stands for: here, in the program, in the library, or in mathematics.
    pub fn name(&mut self, scope: &Scope, name: &Name) -> Check<Meaning> {
        match scope.get(&name.text) {
            Some(Some(meaning)) => return Ok(meaning.clone()),
            Some(None) => return told_already(),
            None => {}
        }
        let declared = self.declarations.lookup(&name.text, name.span.file);
        match (declared, functions::find(&name.text)) {
            (Some(decl), _) => Ok(Meaning::Declared(decl.clone())),
            (None, Some(function)) => Ok(Meaning::Function(function)),
            (None, None) if name.text == "pi" => Ok(Meaning::Value(Expr::pi().into())),
            (None, None) if name.text == FLAT => Ok(Meaning::Prior(None)),
            (None, None) if self.declarations.may_be_unread(&name.text) => told_already(),
            (None, None) => fail(self.unknown(scope, name)),
        }
    }

    pub fn unknown(&self, scope: &Scope, name: &Name) -> Diagnostic {
        let local: Vec<&str> = scope.names().collect();
        let declared = ["fn", "layer", "likelihood"].into_iter().flat_map(|kind| self.declarations.names_of(kind));
        let close = did_you_mean(&name.text, local.iter().copied().chain(declared).chain(functions::names()));
        let problem = Diagnostic::new(codes::UNKNOWN_NAME, format!("`{}` is not declared", name.text));
        let problem = problem.at(name.span, "not known here");
        match close.filter(|_| name.text.chars().count() > 1) {
            Some(close) => problem.help(format!("did you mean `{close}`?")),
            None if self.is_known() => problem.help("declare it, or give it a value here: `name = 1`"),
            None if local.is_empty() => problem.help("only numbers stand here: write one"),
            None => problem.help(format!("declare `{}`; known here: {}", name.text, local.join(", "))),
        }
    }

    /// `[x, h]`: vectors and numbers one after the other.
    fn list(&mut self, scope: &Scope, items: &[Term], span: Span) -> Check<Value> {
        let values = all(items.iter().map(|t| self.value(scope, t)))?;
        if self.in_data() {
            return fail(unsupported("lists in data", span));
        }
        let matrix = values.iter().position(|v| matches!(v.expr.shape(), Shape::Matrix(..)));
        match matrix {
            _ if values.is_empty() => fail(self.undefined("an empty list has no value", span)),
            None => Ok(Expr::concat(&values.iter().map(|v| v.expr).collect::<Vec<_>>()).into()),
            Some(at) => fail(
                Diagnostic::new(codes::SHAPE, "a list holds numbers and vectors")
                    .at(items[at].span, "a matrix")
                    .help("multiply it with a vector first"),
            ),
        }
    }

    /// A row of operators that binds to the left, without recursion: sums can be long.
    fn chain(&mut self, scope: &Scope, term: &Term) -> Check<Value> {
        let (mut first, mut rest) = (term, vec![]);
        while let TermKind::Binary(op, left, right) = &first.kind {
            rest.push((*op, &**right, first.span));
            first = left;
        }
        let mut value = self.value(scope, first);
        for (op, right, span) in rest.into_iter().rev() {
            let right = self.value(scope, right);
            value = both(value, right).and_then(|(a, b)| self.binary(op, a.expr, b.expr, span));
        }
        value
    }

    /// Errors: `TOO_LARGE`, and a number that is not finite.
    fn sized(&mut self, e: Expr, span: Span) -> Check<()> {
        if e.as_num().is_some_and(|x| !x.is_finite()) {
            return fail(self.undefined("this number is too large to be represented", span));
        }
        self.budget.check(e, span)
    }

    fn binary(&mut self, op: BinaryOp, a: Expr, b: Expr, span: Span) -> Check<Value> {
        if op == BinaryOp::Dot {
            if [a, b].into_iter().any(|e| matches!(e.shape(), Shape::Matrix(..)) && self.differs_by_example(e)) {
                return fail(unsupported("matrices that differ from example to example", span));
            }
            let product = if self.in_data() { None } else { shapes::dot(a, b) };
            return product.map_or_else(|| fail(cannot_multiply(a, b, span)), |e| Ok(e.into()));
        }
        if op == BinaryOp::Divide && b.is_num(0.0) {
            return fail(self.undefined("division by zero has no value", span));
        }
        let Some((a, b)) = shapes::lift(a, b) else { return fail(cannot_join(a, b, span)) };
        let shape = a.shape().join(b.shape()).unwrap_or(Shape::Scalar);
        let e = match op {
            BinaryOp::Add => a + b,
            BinaryOp::Subtract => a - b,
            BinaryOp::Divide => a / b,
            BinaryOp::Power => a.pow(b),
            BinaryOp::Multiply | BinaryOp::Dot => a * b,
        };
        let e = self.as_long_as(shape, e);
        self.sized(e, span)?;
        Ok(e.into())
    }
}

impl Evaluator<'_> {
    /// Whether a value of the model that is being made depends on inputs or random variables.
    fn differs_by_example(&self, e: Expr) -> bool {
        let Place::Model(layers) = &self.place else { return false };
        let mut waiting = free_variables(e);
        let mut seen = BTreeSet::new();
        while let Some(var) = waiting.pop() {
            if !seen.insert(var) {
                continue;
            }
            match layers.nodes.iter().find(|n| n.var == var).map(|n| &n.kind) {
                Some(Kind::Input | Kind::Random { .. } | Kind::Unit { .. }) => return true,
                Some(Kind::Definition { value, .. }) => waiting.extend(free_variables(*value)),
                Some(Kind::Parameter(_)) | None => {}
            }
        }
        false
    }
}

fn no_number(e: Expr, span: Span) -> Diagnostic {
    let why = match shapes::width(e.shape()) {
        Some(1) => "depends on values that are not known yet".into(),
        _ => shapes::words(e.shape()),
    };
    let problem = Diagnostic::new(codes::WRONG_KIND, "a number is needed here");
    problem.at(span, why).help("write a number, or an expression of numbers")
}

fn not_called(span: Span, kind: &str) -> Diagnostic {
    let message = format!("{} stands where a value is needed", in_words(kind));
    let problem = Diagnostic::new(codes::WRONG_KIND, message).at(span, "not a value");
    match kind {
        "fn" | "layer" => problem.help("call it with arguments in brackets"),
        _ => problem.help("use a number, a variable, or a call of a function"),
    }
}

fn misplaced(span: Span, what: &str, help: &str) -> Diagnostic {
    Diagnostic::new(codes::WRONG_KIND, format!("{what} stands where a value is needed"))
        .at(span, "not a value")
        .help(help)
}

fn stray_part(name: &Name) -> Diagnostic {
    Diagnostic::new(
        codes::WRONG_KIND,
        format!("`.{}` asks for a part of a distribution, and no program does", name.text),
    )
    .at(name.span, "asked for at a prompt only")
    .help("in a program, declare a random variable, `h ~ likelihood(…)`, and use `h`; write the formula out in a `fn`")
}

fn stray_hole(span: Span) -> Diagnostic {
    Diagnostic::new(codes::WRONG_KIND, "`?` stands where a value is needed")
        .at(span, "not a value")
        .help("a likelihood can be left open after `~` in a model, and noise after `noise y +=`")
}

pub fn unsupported(what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(codes::UNSUPPORTED, format!("this version does not know {what}"))
        .at(span, "not in this version")
        .help("say it another way; the language reference lists what there is")
}

pub fn cannot_join(a: Expr, b: Expr, span: Span) -> Diagnostic {
    let (left, right) = (shapes::words(a.shape()), shapes::words(b.shape()));
    Diagnostic::new(codes::SHAPE, format!("{left} meets {right}"))
        .at(span, "these do not fit element by element")
        .help("make their lengths equal; numbers fit everything")
}

fn cannot_multiply(a: Expr, b: Expr, span: Span) -> Diagnostic {
    let (left, right) = (shapes::words(a.shape()), shapes::words(b.shape()));
    Diagnostic::new(codes::SHAPE, format!("`@` cannot multiply {left} by {right}"))
        .at(span, "inner lengths must agree")
        .help(
            "`v @ W` takes a vector of length n and an n × m matrix, `W @ v` an n × m matrix and a vector of length m",
        )
}
