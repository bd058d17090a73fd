//! What columns of data are computed from: files, spaced numbers, draws.

use super::problem::{Check, all, both, fail};
use super::scope::{Scope, Value};
use super::shapes;
use super::terms::{Evaluator, Place, unsupported};
use crate::diag::{Diagnostic, codes};
use crate::expr::{Dim, Domain, Expr, Shape, substitute};
use crate::model::Leaf;
use crate::source::Span;
use crate::syntax::ast::{Arg, Name, Term, TermKind};

/// The leaves of one column. Each is a vector with one element a row.
pub struct Leaves {
    pub rows: Dim,
    pub list: Vec<(Expr, Leaf)>,
}

/// A way to get data, and how it is called.
struct Source {
    name: &'static str,
    form: &'static str,
    read: fn(&mut Evaluator, &Scope, &Call) -> Option<Check<Leaf>>,
}

struct Call<'a> {
    args: &'a [Arg],
    span: Span,
}

const SOURCES: &[Source] = &[
    Source { name: "idx", form: "idx(\"images.gz\")", read: idx },
    Source { name: "csv", form: "csv(\"table.csv\", \"first\"..\"last\")", read: csv },
    Source { name: "linspace", form: "linspace(0, 1)", read: linspace },
];

pub fn is_source(name: &str) -> bool {
    SOURCES.iter().any(|s| s.name == name)
}

impl Evaluator<'_> {
    /// A call of `idx`, `csv` or `linspace`.
    pub fn source(&mut self, scope: &Scope, callee: &Name, args: &[Arg], span: Span) -> Check<Value> {
        let Some(source) = SOURCES.iter().find(|s| s.name == callee.text) else {
            return fail(self.unknown(scope, callee));
        };
        if !self.in_data() {
            return fail(
                Diagnostic::new(codes::WRONG_KIND, format!("`{}` reads data, which only `data` does", callee.text))
                    .at(callee.span, "not in a `data` declaration")
                    .help("make it a column of a `data` declaration, and an `input` or `observe` of the model"),
            );
        }
        let unnamed = args.iter().all(|a| a.name.is_none());
        match (source.read)(self, scope, &Call { args, span }).filter(|_| unnamed) {
            Some(leaf) => leaf.map(|leaf| self.leaf(&callee.text, Domain::REAL, leaf)),
            None => fail(
                Diagnostic::new(
                    codes::ARGUMENTS,
                    format!("`{}` is called with other arguments than it takes", callee.text),
                )
                .at(span, "wrong arguments")
                .help(format!("write `{}`", source.form)),
            ),
        }
    }

    /// `csv("a.csv", "y")[1..1300]`: these rows alone.
    pub fn rows(&mut self, scope: &Scope, base: &Term, index: &[Term], span: Span) -> Check<Value> {
        let from_file =
            matches!(&base.kind, TermKind::Call { callee, .. } if matches!(callee.text.as_str(), "idx" | "csv"));
        let [Term { kind: TermKind::Range(first, last), .. }] = index else { return fail(no_range(span)) };
        if !from_file {
            return fail(no_range(span));
        }
        let (value, range) = both(self.value(scope, base), both(self.count(scope, first), self.count(scope, last)))?;
        if range.0 > range.1 {
            return fail(empty_range(range, span));
        }
        if let Place::Data(Leaves { list, .. }) = &mut self.place
            && let Some((_, Leaf::Idx { rows, .. } | Leaf::Csv { rows, .. })) = list.last_mut()
        {
            *rows = Some(range);
        }
        Ok(value)
    }

    /// A whole number from 1.
    pub fn count(&mut self, scope: &Scope, term: &Term) -> Check<usize> {
        let n = self.number(scope, term)?;
        match n >= 1.0 && n.fract() == 0.0 && n < 1e15 {
            true => Ok(n as usize),
            false => fail(
                Diagnostic::new(codes::SIZE, format!("a whole number from 1 is needed here, and {n} is not one"))
                    .at(term.span, "counted from 1")
                    .help("write a number such as 400"),
            ),
        }
    }

    /// `draw gaussian(0, 1)`: one draw a row, independent of every other.
    pub fn draw(&mut self, scope: &Scope, term: &Term, span: Span) -> Check<Value> {
        if !self.in_data() {
            return fail(
                Diagnostic::new(codes::RANDOMNESS, "`draw` makes data, and stands only in `data`")
                    .at(span, "not in a `data` declaration")
                    .help("in a model, declare a random variable: `h ~ likelihood(…)`"),
            );
        }
        let (likelihood, values) = self.likelihood_call(scope, term)?;
        if likelihood.dim.is_some() {
            return fail(unsupported("draws of whole vectors", span));
        }
        let Some(draw) = &likelihood.draw else { return fail(super::instance::lacks(&likelihood, "draw", span)) };
        let mut pairs: Vec<(Expr, Expr)> =
            likelihood.formals.iter().map(|f| f.var).zip(values.iter().map(|(v, _)| v.expr)).collect();
        for (var, kind) in &draw.randomness {
            let name = var.name().unwrap_or_default();
            let random = self.leaf(&name, var.domain().unwrap_or(Domain::REAL), Leaf::Random(*kind));
            pairs.push((*var, random.expr));
        }
        Ok(Value::claimed(substitute(draw.value, &pairs), likelihood.support))
    }

    fn leaf(&mut self, name: &str, domain: Domain, leaf: Leaf) -> Value {
        let Place::Data(leaves) = &mut self.place else { return Value::number(f64::NAN) };
        let var = Expr::var(name, Shape::Vector(leaves.rows), domain);
        leaves.list.push((var, leaf));
        var.into()
    }
}

fn idx(evaluator: &mut Evaluator, _: &Scope, call: &Call) -> Option<Check<Leaf>> {
    let [Arg { value: Term { kind: TermKind::Text(path), .. }, .. }] = call.args else { return None };
    let path = evaluator.declarations.resolve(path, call.span.file);
    Some(Ok(Leaf::Idx { path, rows: None, span: call.span }))
}

fn csv(evaluator: &mut Evaluator, _: &Scope, call: &Call) -> Option<Check<Leaf>> {
    let [Arg { value: Term { kind: TermKind::Text(path), .. }, .. }, columns] = call.args else { return None };
    let path = evaluator.declarations.resolve(path, call.span.file);
    let (first, last) = match &columns.value.kind {
        TermKind::Text(name) => (name.clone(), None),
        TermKind::Range(first, last) => match (&first.kind, &last.kind) {
            (TermKind::Text(first), TermKind::Text(last)) => (first.clone(), Some(last.clone())),
            _ => return None,
        },
        _ => return None,
    };
    Some(Ok(Leaf::Csv { path, first, last, rows: None, span: call.span }))
}

fn linspace(evaluator: &mut Evaluator, scope: &Scope, call: &Call) -> Option<Check<Leaf>> {
    let [first, last] = call.args else { return None };
    let ends = all([first, last].map(|end| evaluator.number(scope, &end.value)));
    Some(ends.map(|ends| Leaf::Linspace(ends[0], ends[1])))
}

fn no_range(span: Span) -> Diagnostic {
    Diagnostic::new(codes::WRONG_KIND, "in data, brackets pick rows of a file, and nothing else")
        .at(span, "not rows of a file")
        .help("write `csv(\"table.csv\", \"y\")[1..1300]`; rows count from 1, both ends are included")
}

fn empty_range((first, last): (usize, usize), span: Span) -> Diagnostic {
    Diagnostic::new(codes::SIZE, format!("the rows {first}..{last} run backwards"))
        .at(span, "no rows")
        .help(format!("write `[{last}..{first}]`"))
}

/// Whether a leaf says by itself how many rows there are.
pub fn has_rows(leaf: &Leaf) -> bool {
    matches!(leaf, Leaf::Idx { .. } | Leaf::Csv { .. } | Leaf::Column(_))
}

/// What a column is, for messages about its width.
pub fn width_words(width: usize) -> String {
    shapes::words(Shape::Vector(Dim::Fixed(width)))
}
