//! Powers, products and quotients: what stands over the line and what under it, and in which order.

use super::numbers::fraction;
use super::{Level, Printer, is_single, is_variable, sums};
use crate::expr::node::{Expr, Func, Node};
use crate::expr::shape::Shape;

impl Printer {
    pub(super) fn power(self, base: Expr, exponent: Expr) -> (Level, String) {
        match exponent.as_num() {
            Some(n) if n < 0.0 => self.product(base.pow(exponent)),
            Some(0.5) => self.root(base),
            _ => {
                let exponent = self.at(exponent, self.notation.inside(Level::Atom));
                (Level::Power, (self.notation.power)(&self.at(base, Level::Atom), &exponent))
            }
        }
    }

    /// The root of a sum of squares is a norm.
    fn root(self, base: Expr) -> (Level, String) {
        if let Node::Sum(inside, dim) = base.node()
            && let Node::Pow(x, n) = inside.node()
            && n.is_num(2.0)
        {
            let around = if is_single(dim) { self.notation.absolute } else { self.notation.norm };
            return (Level::Atom, around(&self.whole().at(x, Level::Sum)));
        }
        (Level::Atom, (self.notation.root)(&self.at(base, self.notation.inside(Level::Atom))))
    }

    pub(super) fn product(self, e: Expr) -> (Level, String) {
        let (number, rest) = e.split_coefficient();
        if let Node::Sum(x, dim) = rest.node()
            && x.factors().iter().any(|f| sums::is_artanh(&f.terms()))
        {
            return self.total(Expr::num(number) * x, dim);
        }
        let (c, over, under) = parts(e);
        let (numerator, denominator) = fraction(c.abs());
        let divided = !under.is_empty() || denominator != "1";
        let sign = if c < 0.0 { self.notation.minus } else { "" };
        if let ([sum], [], true) = (&over[..], &under[..], denominator != "1")
            && self.needs_fraction_in_front(*sum)
        {
            let fraction = (self.notation.quotient)(&[numerator], &[denominator]);
            return (Level::Product, format!("{sign}{fraction} {}", self.at(*sum, Level::Product)));
        }
        if let ([only], [], "1", "1", "") = (&over[..], &under[..], numerator.as_str(), denominator.as_str(), sign) {
            return self.print(*only);
        }
        let mut over: Vec<String> = match &over[..] {
            [only] if divided && self.notation.holds && numerator == "1" => vec![self.at(*only, Level::Sum)],
            _ => self.factors(&over, divided && !self.notation.holds),
        };
        let alone = under.len() == 1 && denominator == "1";
        let level = if alone { self.notation.inside(Level::Power) } else { Level::Power };
        let mut under: Vec<String> = under.iter().map(|f| self.at(*f, level)).collect();
        if numerator != "1" || over.is_empty() {
            over.insert(0, numerator);
        }
        if denominator != "1" {
            under.insert(0, denominator);
        }
        let text = if divided { (self.notation.quotient)(&over, &under) } else { (self.notation.product)(&over) };
        (Level::Product, format!("{sign}{text}"))
    }

    /// `Σ_k x_k/2` could be read in two ways; `1/2 Σ_k x_k` cannot.
    fn needs_fraction_in_front(self, e: Expr) -> bool {
        matches!(e.node(), Node::Sum(..)) && self.print(e).1.starts_with(self.notation.total)
    }

    fn factors(self, factors: &[Expr], divided: bool) -> Vec<String> {
        let last = factors.len().saturating_sub(1);
        factors.iter().enumerate().map(|(i, f)| self.factor(*f, i == last, divided)).collect()
    }

    /// A Σ may stand bare at the end of a product, where nothing follows that it could swallow; so may `ln x`.
    fn factor(self, f: Expr, last: bool, divided: bool) -> String {
        match f.node() {
            Node::Sum(..) if last && !divided => self.at(f, Level::Product),
            Node::Call(Func::Ln, x) if !last || divided => self.function("ln", &[x]),
            _ => self.at(f, Level::Power),
        }
    }
}

fn is_noise(e: Expr) -> bool {
    e.name().as_deref() == Some("n")
}

/// The number in front, what stands over the line and what under it.
fn parts(e: Expr) -> (f64, Vec<Expr>, Vec<Expr>) {
    let (mut c, rest) = e.split_coefficient();
    let (mut over, mut under) = (vec![], vec![]);
    for factor in if rest.is_num(1.0) { vec![] } else { flat_factors(rest) } {
        match factor.node() {
            Node::Pow(base, n) if n.as_num().is_some_and(|n| n < 0.0) => under.push(base.pow(-n)),
            Node::Add(terms) if sums::is_artanh(&terms) => {
                over.push(Expr::num(c) * factor);
                c = 1.0;
            }
            Node::Add(terms) => match sums::content(&terms) {
                Some((content, rest)) => {
                    c *= content;
                    over.push(Expr::add_all(&rest));
                }
                None => over.push(factor),
            },
            _ => over.push(factor),
        }
    }
    over.sort_by_key(|f| place(*f));
    (c, over, under)
}

/// The factors, those of a sum over one component among them.
fn flat_factors(e: Expr) -> Vec<Expr> {
    let open = |f: Expr| match f.node() {
        Node::Sum(x, dim) if is_single(dim) => x.factors(),
        _ => vec![f],
    };
    e.factors().into_iter().flat_map(open).collect()
}

/// Where a factor stands in a product: what is known to be positive, the noise (or how far it is from 1), variables with
/// the latest first (an outcome before its parameters), functions, sums.
pub(super) fn place(e: Expr) -> (u8, Option<Expr>, std::cmp::Reverse<Option<Expr>>) {
    let deviation = |terms: &[Expr]| terms.len() == 2 && terms.iter().all(|t| is_noise(*t) || t.as_num().is_some());
    let group = match e.node() {
        Node::Pi | Node::Num(_) => 0,
        Node::Var(_) if is_noise(e) => 2,
        Node::Var(_) if e.shape() == Shape::Scalar && e.is_positive() => return (1, Some(e), std::cmp::Reverse(None)),
        Node::Var(_) => 3,
        Node::Add(terms) if deviation(&terms) => 2,
        Node::Add(terms) if terms.iter().all(|t| sums::split_log(*t).is_some()) => 6,
        Node::Pow(base, _) if is_variable(base) => 3,
        Node::Pow(..) => 4,
        Node::Add(_) => 5,
        Node::Call(Func::Step, _) => 7,
        Node::Call(..) | Node::Softmax(_) | Node::LogSumExp(_) => 6,
        _ => 8,
    };
    (group, None, std::cmp::Reverse(Some(e)))
}
