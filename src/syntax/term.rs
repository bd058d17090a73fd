//! Parse tree to syntax tree: expressions.

use std::sync::LazyLock;

use pest::pratt_parser::{Assoc, Op, PrattParser};

use super::ast::{Arg, BinaryOp, Term, TermKind};
use super::build::{Builder, Built, Pair, unquoted};
use super::grammar::Rule;
use crate::diag::{Diagnostic, codes};
use crate::source::Span;

/// Binding power, loosest first. `-a ^ b` is `-(a ^ b)`, and `a ^ -b` is legal.
static OPERATORS: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    let left = |rule| Op::infix(rule, Assoc::Left);
    PrattParser::new()
        .op(left(Rule::add) | left(Rule::sub))
        .op(left(Rule::mul) | left(Rule::div) | left(Rule::dot))
        .op(Op::prefix(Rule::neg))
        .op(Op::infix(Rule::pow, Assoc::Right))
});

fn binary_op(rule: Rule) -> BinaryOp {
    match rule {
        Rule::add => BinaryOp::Add,
        Rule::sub => BinaryOp::Subtract,
        Rule::mul => BinaryOp::Multiply,
        Rule::div => BinaryOp::Divide,
        Rule::dot => BinaryOp::Dot,
        _ => BinaryOp::Power,
    }
}

fn term(kind: TermKind, span: Span) -> Term {
    Term { kind, span }
}

impl Builder<'_> {
    pub fn term(&self, pair: Pair) -> Built<Term> {
        let mut parts = self.parts(pair);
        let from = self.sum(parts.next()?)?;
        let Some(to) = parts.next_if(Rule::sum) else { return Ok(from) };
        let to = self.sum(to)?;
        let span = from.span.to(to.span);
        Ok(term(TermKind::Range(Box::new(from), Box::new(to)), span))
    }

    fn sum(&self, pair: Pair) -> Built<Term> {
        OPERATORS
            .map_primary(|operand| self.operand(operand))
            .map_prefix(|minus, inner| {
                let inner = inner?;
                let span = self.span(&minus).to(inner.span);
                Ok(term(TermKind::Negate(Box::new(inner)), span))
            })
            .map_infix(|left, op, right| {
                let (left, right) = (left?, right?);
                let span = left.span.to(right.span);
                Ok(term(TermKind::Binary(binary_op(op.as_rule()), Box::new(left), Box::new(right)), span))
            })
            .parse(pair.into_inner())
    }

    fn operand(&self, pair: Pair) -> Built<Term> {
        let mut parts = self.parts(pair);
        let mut base = self.primary(parts.next()?)?;
        for postfix in parts.rest() {
            base = self.postfix(base, postfix)?;
        }
        Ok(base)
    }

    fn postfix(&self, base: Term, pair: Pair) -> Built<Term> {
        let span = base.span.to(self.span(&pair));
        let base = Box::new(base);
        if pair.as_rule() == Rule::index {
            return Ok(term(TermKind::Index { base, index: self.terms(pair)? }, span));
        }
        let mut parts = self.parts(pair);
        let name = self.name(parts.next()?);
        let args = parts.next_if(Rule::arguments).map(|args| self.arguments(args)).transpose()?;
        Ok(term(TermKind::Part { base, name, args: args.unwrap_or_default() }, span))
    }

    /// A term, or `?` in its place.
    pub fn open_term(&self, pair: Pair) -> Built<Term> {
        match pair.as_rule() {
            Rule::hole => Ok(term(TermKind::Hole, self.span(&pair))),
            _ => self.term(pair),
        }
    }

    fn primary(&self, pair: Pair) -> Built<Term> {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::number => number(&pair, span)?,
            Rule::string => TermKind::Text(unquoted(&pair)),
            Rule::draw_term => TermKind::Draw(Box::new(self.primary(self.parts(pair).next()?)?)),
            Rule::reference => self.reference(pair)?,
            Rule::list => TermKind::List(self.terms(pair)?),
            // The brackets count to the place of what they hold, so that the place of `(a) + b` begins with them.
            _ => self.lone_term(pair)?.kind,
        };
        Ok(term(kind, span))
    }

    fn reference(&self, pair: Pair) -> Built<TermKind> {
        let mut parts = self.parts(pair);
        let name = self.name(parts.next()?);
        match parts.next_if(Rule::arguments) {
            Some(args) => Ok(TermKind::Call { callee: name, args: self.arguments(args)? }),
            None => Ok(TermKind::Name(name.text)),
        }
    }

    pub fn arguments(&self, pair: Pair) -> Built<Vec<Arg>> {
        self.parts(pair).rest().map(|arg| self.arg(arg)).collect()
    }

    pub fn arg(&self, pair: Pair) -> Built<Arg> {
        let mut parts = self.parts(pair);
        let name = parts.next_if(Rule::arg_name).map(|name| self.parts(name).next()).transpose()?;
        Ok(Arg { name: name.map(|name| self.name(name)), value: self.term(parts.next()?)? })
    }

    pub fn terms(&self, pair: Pair) -> Built<Vec<Term>> {
        self.parts(pair).rest().map(|term| self.term(term)).collect()
    }
}

fn number(pair: &Pair, span: Span) -> Built<TermKind> {
    match pair.as_str().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(TermKind::Number(value)),
        _ => Err(too_large(span)),
    }
}

fn too_large(span: Span) -> Box<Diagnostic> {
    let error = Diagnostic::new(codes::SYNTAX, "this number is too large");
    let error = error.at(span, "does not fit a 64-bit floating-point number");
    Box::new(error.help(format!("the largest number is about {:.1e}", f64::MAX)))
}
