//! Sums: positive terms first, numbers last, logarithms drawn together.

use super::numbers::fraction;
use super::{Level, Printer};
use crate::expr::node::{Expr, Func, Node};

/// Where a term stands among those of its sign.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Plain,
    Logarithm,
    /// Of numbers, as in `ln(2 π)/2`.
    ConstantLogarithm,
    Number,
}

/// A term as it will stand in the line: its sign, and its text without it.
struct Piece {
    minus: bool,
    kind: Kind,
    level: Level,
    text: String,
}

/// A term `±magnitude · ln argument`.
struct Log {
    term: Expr,
    magnitude: Expr,
    minus: bool,
    argument: Expr,
}

impl Log {
    fn of(term: Expr) -> Option<Log> {
        let (c, argument) = split_log(term)?;
        let minus = c.split_coefficient().0 < 0.0;
        Some(Log { term, magnitude: if minus { -c } else { c }, minus, argument })
    }
}

impl Printer {
    pub(super) fn sum(self, terms: &[Expr]) -> (Level, String) {
        if let Some((content, rest)) = content(terms) {
            return self.scaled_sum(content, &rest);
        }
        let (mut pieces, left) = self.logarithms(terms);
        let (steps, left) = self.steps(&left);
        pieces.extend(steps);
        pieces.extend(left.iter().map(|t| self.piece(*t)));
        if let [only] = &pieces[..]
            && !only.minus
        {
            return (only.level, only.text.clone());
        }
        pieces.sort_by_key(|p| (p.minus, p.kind));
        let mut line = String::new();
        for Piece { minus, text, .. } in &pieces {
            line += &match (line.is_empty(), minus) {
                (true, true) => self.notation.minus.into(),
                (true, false) => String::new(),
                (false, true) => format!(" {} ", self.notation.minus),
                (false, false) => " + ".into(),
            };
            line += text;
        }
        (if pieces.len() == 1 { Level::Product } else { Level::Sum }, line)
    }

    /// `2 a − 2 y` as `2 (a − y)`.
    fn scaled_sum(self, content: f64, terms: &[Expr]) -> (Level, String) {
        let (numerator, denominator) = fraction(content.abs());
        let (_, inner) = self.sum(terms);
        let sign = if content < 0.0 { self.notation.minus } else { "" };
        let simple = numerator == "1" && denominator != "1" && !inner.contains(self.notation.total);
        let text = if simple && self.notation.holds {
            (self.notation.quotient)(&[inner], &[denominator])
        } else {
            (self.notation.share)(&numerator, &denominator, &(self.notation.parentheses)(&inner))
        };
        (Level::Product, format!("{sign}{text}"))
    }

    fn piece(self, term: Expr) -> Piece {
        let minus = term.split_coefficient().0 < 0.0;
        let (level, text) = self.print(if minus { -term } else { term });
        let text = if level < Level::Product { (self.notation.parentheses)(&text) } else { text };
        let kind = match split_log(term) {
            Some((c, x)) if c.as_num().is_some() => log_kind(x),
            _ if term.as_num().is_some() => Kind::Number,
            _ => Kind::Plain,
        };
        Piece { minus, kind, level, text }
    }

    /// `c ln a + c ln b − c ln d` as `c ln(a b/d)`, for each c that occurs more than once; with the terms left over.
    fn logarithms(self, terms: &[Expr]) -> (Vec<Piece>, Vec<Expr>) {
        let (logs, mut left): (Vec<Expr>, Vec<Expr>) = terms.iter().partition(|t| split_log(**t).is_some());
        let mut logs: Vec<Log> = logs.into_iter().filter_map(Log::of).collect();
        let mut pieces = vec![];
        while let Some(first) = logs.first() {
            let magnitude = first.magnitude;
            let (group, others): (Vec<Log>, Vec<Log>) = logs.into_iter().partition(|l| l.magnitude == magnitude);
            match &group[..] {
                [only] => left.push(only.term),
                _ => pieces.push(self.logarithm(magnitude, &group)),
            }
            logs = others;
        }
        (pieces, left)
    }

    fn logarithm(self, magnitude: Expr, members: &[Log]) -> Piece {
        let part = |wanted: bool| -> Expr {
            Expr::mul_all(&members.iter().filter(|m| m.minus == wanted).map(|m| m.argument).collect::<Vec<_>>())
        };
        let (over, under) = (part(false), part(true));
        let x = over - 1.0;
        let (factor, minus, function) = match over.is_num(1.0) {
            _ if members.len() == 2 && under == 1.0 - x && !x.is_num(0.0) => {
                (2.0 * magnitude, false, self.function("artanh", &[x]))
            }
            true => (magnitude, true, self.function("ln", &[under])),
            false => (magnitude, false, self.function("ln", &[over / under])),
        };
        let (level, text) = self.times(factor, function);
        Piece { minus, kind: log_kind(over * under), level, text }
    }

    /// `factor · function`, a denominator of the factor behind the function: `ln(2 π)/2`.
    fn times(self, factor: Expr, function: String) -> (Level, String) {
        if factor.is_num(1.0) {
            return (Level::Atom, function);
        }
        let text = match factor.as_num().map(fraction) {
            Some((over, under)) if over == "1" || under != "1" => (self.notation.share)(&over, &under, &function),
            _ => format!("{} {function}", self.at(factor, Level::Power)),
        };
        (Level::Product, text)
    }

    /// `1 − [−x ≥ 0]` as `[x > 0]`.
    fn steps(self, terms: &[Expr]) -> (Vec<Piece>, Vec<Expr>) {
        let step = |t: &Expr| match (t.split_coefficient(), t.split_coefficient().1.node()) {
            ((c, _), Node::Call(Func::Step, x)) => Some((c, x)),
            _ => None,
        };
        let found = terms.iter().find_map(|t| {
            let (c, x) = step(t)?;
            terms.iter().find(|n| n.is_num(-c)).map(|number| (*t, *number, -c, x))
        });
        let Some((term, number, c, x)) = found else { return (vec![], terms.to_vec()) };
        let left = terms.iter().copied().filter(|t| *t != term && *t != number).collect();
        let text = (self.notation.positive)(&self.at(-x, Level::Sum));
        let (level, text) = self.times(Expr::num(c.abs()), text);
        (vec![Piece { minus: c < 0.0, kind: Kind::Plain, level, text }], left)
    }
}

/// The number that every term is a multiple of, other than ±1, and the terms without it.
pub(super) fn content(terms: &[Expr]) -> Option<(f64, Vec<Expr>)> {
    let sizes: Vec<f64> = terms.iter().map(|t| t.split_coefficient().0).collect();
    let size = sizes.first()?.abs();
    let logs = terms.iter().any(|t| split_log(*t).is_some());
    let same = terms.len() > 1 && size != 1.0 && !logs && sizes.iter().all(|c| c.abs() == size);
    let rest: Vec<Expr> = terms.iter().map(|t| Expr::num(1.0 / size) * *t).collect();
    (same && rest.iter().all(|t| t.split_coefficient().0.abs() == 1.0)).then_some((size, rest))
}

/// `(c, x)` with `term = c ln x`.
pub(super) fn split_log(term: Expr) -> Option<(Expr, Expr)> {
    let factors = term.factors();
    let at = factors.iter().position(|f| matches!(f.node(), Node::Call(Func::Ln, _)))?;
    let Node::Call(_, x) = factors[at].node() else { return None };
    let rest: Vec<Expr> = factors.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, f)| *f).collect();
    Some((Expr::mul_all(&rest), x))
}

fn log_kind(x: Expr) -> Kind {
    if x.letters() == 0 { Kind::ConstantLogarithm } else { Kind::Logarithm }
}

/// Whether the terms are a multiple of artanh, which takes the number in front into itself.
pub(super) fn is_artanh(terms: &[Expr]) -> bool {
    let logs: Vec<(Expr, Expr)> = terms.iter().filter_map(|t| split_log(*t)).collect();
    let [(c, a), (d, b)] = logs[..] else { return false };
    terms.len() == 2 && c == -d && c.as_num().is_some() && a + b == Expr::num(2.0)
}
