//! Expressions in SymPy: `Sum(y[k]*log(p[k]), (k, 1, K))`. Vectors and matrices are written by component, counted from 1;
//! an expression that is one itself has `k` (and `j`) free.

use super::numbers::fraction;
use super::python::{identifier, special};
use super::{LONGEST, Level, present};
use crate::expr::node::{Expr, Func, Node};
use crate::expr::shape::{Dim, Shape};

/// The letters that count components, the outermost first.
pub const INDICES: [&str; 6] = ["k", "j", "i", "l", "k5", "k6"];

/// The expression with variables under their own names.
pub fn sympy(e: Expr) -> String {
    sympy_with(e, &|variable| identifier(&variable.name().unwrap_or_default()))
}

/// The same with variables named by the caller. An expression too long to be of use becomes a symbol that says so.
pub fn sympy_with(e: Expr, name: &dyn Fn(Expr) -> String) -> String {
    if e.size() > LONGEST {
        return format!("Symbol('expression_of_{}_operations')", e.size());
    }
    let free = match e.shape() {
        Shape::Scalar => 0,
        Shape::Vector(_) => 1,
        Shape::Matrix(..) => 2,
    };
    let own: Vec<String> = (0..free).map(index).collect();
    Writer { name, depth: free }.at(present(e), &own, Level::Sum)
}

fn index(depth: usize) -> String {
    let further = || format!("Symbol('k{}', integer=True)", depth + 1);
    INDICES.get(depth).map_or_else(further, |letter| letter.to_string())
}

#[derive(Clone, Copy)]
struct Writer<'a> {
    name: &'a dyn Fn(Expr) -> String,
    /// How many indices are in use.
    depth: usize,
}

impl Writer<'_> {
    /// The component of `e` with these indices; a number has none.
    fn at(self, e: Expr, own: &[String], level: Level) -> String {
        let own = if e.shape() == Shape::Scalar { &[] } else { own };
        let (tightness, text) = self.write(e, own);
        if tightness < level { format!("({text})") } else { text }
    }

    fn write(self, e: Expr, own: &[String]) -> (Level, String) {
        let loose = |x: Expr| self.at(x, own, Level::Sum);
        let text = match e.node() {
            Node::Num(bits) => return number(f64::from_bits(bits)),
            Node::Pi => "pi".into(),
            Node::Var(_) if own.is_empty() => (self.name)(e),
            Node::Var(_) => format!("{}[{}]", (self.name)(e), own.join(", ")),
            Node::Add(terms) => return (Level::Sum, self.sum(&terms, own)),
            Node::Mul(_) => return (Level::Product, self.product(e, own)),
            Node::Pow(base, exponent) => return self.power(base, exponent, own),
            Node::Call(f, x) => return self.call(f, x, own),
            Node::Max(a, b) => format!("Max({}, {})", loose(a), loose(b)),
            Node::Min(a, b) => format!("Min({}, {})", loose(a), loose(b)),
            Node::Sum(x, dim) => self.total(x.shape().dim().unwrap_or(dim), |w, k| w.at(x, &[k], Level::Sum)),
            Node::Softmax(x) => return (Level::Product, format!("exp({})/{}", loose(x), self.sum_of_exp(x))),
            Node::LogSumExp(x) => format!("log({})", self.sum_of_exp(x)),
            Node::Dot(a, b) => self.dot(a, b, own),
            Node::Transpose(x) => return self.write(x, &own.iter().rev().cloned().collect::<Vec<_>>()),
            Node::Outer(a, b) => return (Level::Product, self.outer(a, b, own)),
            Node::Spread(x, _) => return self.write(x, &[]),
            Node::Special(f, args) => {
                return special(f, &args.iter().map(|a| self.at(*a, own, Level::Atom)).collect::<Vec<_>>());
            }
            Node::Concat(parts) => self.concat(&parts, own),
            Node::Slice(x, skipped, _) => {
                let shifted: Vec<String> = own.iter().map(|k| format!("{k} + {}", self.length(skipped))).collect();
                return self.write(x, &shifted);
            }
            Node::Inverse(x) => self.undefined("inverse", x, own),
            Node::LnDet(x) => self.undefined("ln_det", x, &[]),
        };
        (Level::Atom, text)
    }

    fn length(self, dim: Dim) -> String {
        self.at(Expr::length(dim), &[], Level::Product)
    }

    fn sum(self, terms: &[Expr], own: &[String]) -> String {
        let minus = |term: &Expr| term.split_coefficient().0 < 0.0;
        let mut terms = terms.to_vec();
        terms.sort_by_key(|t| (minus(t), t.as_num().is_some()));
        let mut line = String::new();
        for term in terms {
            let minus = minus(&term);
            line += match (line.is_empty(), minus) {
                (true, true) => "-",
                (true, false) => "",
                (false, true) => " - ",
                (false, false) => " + ",
            };
            line += &self.at(if minus { -term } else { term }, own, Level::Product);
        }
        line
    }

    /// Whole numbers over whole numbers only where something symbolic stands beside them: Python would divide.
    fn product(self, e: Expr, own: &[String]) -> String {
        let (c, rest) = e.split_coefficient();
        let (numerator, denominator) = fraction(c.abs());
        let tight = |x: Expr| self.at(x, own, Level::Power);
        let (mut over, mut under) = (vec![], vec![]);
        for factor in rest.factors() {
            match factor.node() {
                Node::Pow(base, n) if n.as_num().is_some_and(|n| n < 0.0) => under.push(tight(base.pow(-n))),
                _ => over.push(tight(factor)),
            }
        }
        if numerator != "1" || over.is_empty() {
            over.insert(0, numerator);
        }
        if denominator != "1" {
            under.insert(0, denominator);
        }
        let (sign, over, divisor) = (if c < 0.0 { "-" } else { "" }, over.join("*"), under.join("*"));
        match under.len() {
            0 => format!("{sign}{over}"),
            1 => format!("{sign}{over}/{divisor}"),
            _ => format!("{sign}{over}/({divisor})"),
        }
    }

    fn power(self, base: Expr, exponent: Expr, own: &[String]) -> (Level, String) {
        match exponent.as_num() {
            Some(0.5) => (Level::Atom, format!("sqrt({})", self.at(base, own, Level::Sum))),
            Some(n) if n < 0.0 => (Level::Product, format!("1/{}", self.at(base.pow(-exponent), own, Level::Power))),
            _ => {
                let [base, exponent] = [base, exponent].map(|x| self.at(x, own, Level::Atom));
                (Level::Power, format!("{base}**{exponent}"))
            }
        }
    }

    fn call(self, f: Func, x: Expr, own: &[String]) -> (Level, String) {
        let x = |level: Level| self.at(x, own, level);
        let name = match f {
            Func::Step => return (Level::Atom, format!("Heaviside({}, 1)", x(Level::Sum))),
            Func::Logistic => return (Level::Product, format!("1/(1 + exp(-{}))", x(Level::Power))),
            Func::Softplus => return (Level::Atom, format!("log(1 + exp({}))", x(Level::Sum))),
            Func::Exp => "exp",
            Func::Ln => "log",
            Func::Abs => "Abs",
            Func::Sign => "sign",
            Func::Sin => "sin",
            Func::Cos => "cos",
            Func::Tanh => "tanh",
        };
        (Level::Atom, format!("{name}({})", x(Level::Sum)))
    }

    /// A sum over a new index.
    fn total(self, dim: Dim, summand: impl Fn(Self, String) -> String) -> String {
        let k = index(self.depth);
        let inside = Writer { depth: self.depth + 1, ..self };
        let summand = summand(inside, k.clone());
        format!("Sum({summand}, ({k}, 1, {}))", self.length(dim))
    }

    fn sum_of_exp(self, x: Expr) -> String {
        let dim = x.shape().dim().unwrap_or(Dim::Fixed(1));
        self.total(dim, |w, k| format!("exp({})", w.at(x, &[k], Level::Sum)))
    }

    fn dot(self, a: Expr, b: Expr, own: &[String]) -> String {
        let dim = match (a.shape(), b.shape()) {
            (Shape::Vector(dim) | Shape::Matrix(_, dim), _) | (_, Shape::Vector(dim)) => dim,
            _ => Dim::Fixed(1),
        };
        let is_matrix = |x: Expr| matches!(x.shape(), Shape::Matrix(..));
        self.total(dim, |w, k| {
            let row = own.first().filter(|_| is_matrix(a)).into_iter().chain([&k]).cloned().collect::<Vec<_>>();
            let column = [&k].into_iter().chain(own.last().filter(|_| is_matrix(b))).cloned().collect::<Vec<_>>();
            format!("{}*{}", w.at(a, &row, Level::Power), w.at(b, &column, Level::Power))
        })
    }

    fn outer(self, a: Expr, b: Expr, own: &[String]) -> String {
        let part = |x: Expr, k: Option<&String>| self.at(x, k.map(std::slice::from_ref).unwrap_or(&[]), Level::Power);
        format!("{}*{}", part(a, own.first()), part(b, own.last()))
    }

    /// Which part a component lies in depends on its index.
    fn concat(self, parts: &[Expr], own: &[String]) -> String {
        let k = own.first().map_or("1", String::as_str);
        let mut before = Expr::num(0.0);
        let mut cases = vec![];
        for part in parts {
            let here =
                if before.is_num(0.0) { k.into() } else { format!("{k} - {}", self.at(before, &[], Level::Product)) };
            before = before + Expr::length(part.shape().dim().unwrap_or(Dim::Fixed(1)));
            cases.push(format!(
                "({}, {k} <= {})",
                self.at(*part, &[here], Level::Sum),
                self.at(before, &[], Level::Sum)
            ));
        }
        format!("Piecewise({})", cases.join(", "))
    }

    /// What has no form by components, as a function that SymPy knows by name alone.
    fn undefined(self, function: &str, x: Expr, own: &[String]) -> String {
        let inside = Writer { depth: self.depth + 2, ..self };
        let matrix = match x.node() {
            Node::Var(_) => (self.name)(x),
            _ => inside.at(x, &[index(self.depth), index(self.depth + 1)], Level::Sum),
        };
        let arguments: Vec<String> = std::iter::once(matrix).chain(own.iter().cloned()).collect();
        format!("Function('{function}')({})", arguments.join(", "))
    }
}

/// Fractions exactly, other numbers to their last digit.
fn number(x: f64) -> (Level, String) {
    let level = if x < 0.0 { Level::Product } else { Level::Atom };
    let sign = if x < 0.0 { "-" } else { "" };
    let text = match fraction(x.abs()) {
        _ if x.is_nan() => "nan".into(),
        _ if x.is_infinite() => format!("{sign}oo"),
        (whole, one) if one == "1" && x.fract() == 0.0 => format!("{sign}{whole}"),
        (_, one) if one == "1" => format!("{x:?}"),
        (numerator, denominator) => return (Level::Atom, format!("Rational({sign}{numerator}, {denominator})")),
    };
    (level, text)
}
