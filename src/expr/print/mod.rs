//! Expressions as a mathematician writes them: `‖y + n − μ‖²`, `Σ_k n_k ln a_k`, `nᵀo`.

mod latex;
mod notation;
mod numbers;
mod products;
mod python;
mod readable;
mod sums;
mod symbols;
mod sympy;

use super::node::{Expr, Func, Node};
use super::shape::{Dim, Shape};
use crate::special::Special;
pub use latex::{latex, latex_symbol};
use notation::{Around, Notation, TEXT};
use numbers::{fraction, greek};
use products::place;
pub use python::identifier;
pub use readable::present;
pub use sympy::{INDICES, sympy, sympy_with};

/// Expressions longer than this are cut short: nobody reads them.
const LONGEST: u32 = 2_000;

/// The expression as one line of text.
pub fn text(e: Expr) -> String {
    if e.size() > LONGEST {
        return format!("… ({} operations)", e.size());
    }
    Printer::new(&TEXT).at(present(e), Level::Sum)
}

/// A name as it is written in formulas: `mu` is μ.
pub fn symbol(name: &str) -> String {
    greek(name)
}

/// Whether formulas write two names alike: `mu` and `μ`. Who reads one may write the other.
pub fn alike(one: &str, other: &str) -> bool {
    one == other || symbol(one) == symbol(other)
}

/// Whether values of this shape have one component.
pub fn is_line(shape: Shape) -> bool {
    matches!(shape, Shape::Scalar | Shape::Vector(Dim::Fixed(1)))
}

/// How tightly an operator binds; a part is put into parentheses when it binds less tightly than its place asks for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Sum,
    Product,
    Power,
    Atom,
}

#[derive(Clone, Copy)]
struct Printer {
    /// Inside a Σ_k, where vectors are written by component.
    subscript: bool,
    notation: &'static Notation,
}

impl Printer {
    fn new(notation: &'static Notation) -> Printer {
        Printer { subscript: false, notation }
    }

    /// Where vectors are written as a whole.
    fn whole(self) -> Printer {
        Printer { subscript: false, ..self }
    }

    fn at(self, e: Expr, level: Level) -> String {
        let (own, text) = self.print(e);
        if own < level { (self.notation.parentheses)(&text) } else { text }
    }

    fn print(self, e: Expr) -> (Level, String) {
        match e.node() {
            Node::Num(bits) => self.number(f64::from_bits(bits)),
            Node::Pi => (Level::Atom, self.notation.pi.into()),
            Node::Var(_) => (Level::Atom, self.indexed((self.notation.name)(&e.name().unwrap_or_default()), e)),
            Node::Add(terms) => self.sum(&terms),
            Node::Mul(_) => self.product(e),
            Node::Pow(base, exponent) => self.power(base, exponent),
            Node::Call(f, x) => self.call(f, x),
            Node::Max(a, b) => self.extremum("max", a, b),
            Node::Min(a, b) => self.extremum("min", a, b),
            Node::Sum(x, dim) => self.total(x, dim),
            Node::Softmax(x) => (Level::Atom, self.indexed(self.whole().function("softmax", &[x]), e)),
            Node::LogSumExp(x) => (Level::Atom, self.whole().function("logsumexp", &[x])),
            Node::Dot(a, b) => (Level::Product, self.indexed(self.dot(a, b), e)),
            Node::Transpose(x) => (Level::Atom, self.atom(self.notation.transposed, x)),
            Node::Outer(a, b) => {
                let (a, b) = (self.whole().at(a, Level::Atom), self.atom(self.notation.transposed, b));
                (Level::Product, (self.notation.product)(&[a, b]))
            }
            Node::Spread(x, _) => self.print(x),
            Node::Special(f, args) => self.special(f, &args),
            Node::Concat(parts) => {
                let parts: Vec<String> = parts.iter().map(|p| self.whole().at(*p, Level::Sum)).collect();
                (Level::Atom, self.indexed(format!("[{}]", parts.join(", ")), e))
            }
            Node::Slice(x, skipped, length) => {
                let [skipped, length] = [skipped, length].map(Expr::length);
                let [first, last] = [skipped + 1.0, skipped + length].map(|end| self.whole().at(end, Level::Sum));
                let text = (self.notation.slice)(&self.whole().at(x, Level::Atom), &first, &last);
                (Level::Atom, self.indexed(text, e))
            }
            Node::Inverse(x) => (Level::Atom, self.atom(self.notation.inverse, x)),
            Node::LnDet(x) => (Level::Power, self.atom(self.notation.ln_det, x)),
        }
    }

    /// Something around a vector or matrix as a whole.
    fn atom(self, around: Around, x: Expr) -> String {
        around(&self.whole().at(x, Level::Atom))
    }

    fn number(self, x: f64) -> (Level, String) {
        let (numerator, denominator) = fraction(x.abs());
        let sign = if x < 0.0 { self.notation.minus } else { "" };
        match denominator.as_str() {
            "1" => (if x < 0.0 { Level::Product } else { Level::Atom }, format!("{sign}{numerator}")),
            _ => (Level::Product, format!("{sign}{}", (self.notation.quotient)(&[numerator], &[denominator]))),
        }
    }

    fn indexed(self, name: String, e: Expr) -> String {
        let vector = matches!(e.shape(), Shape::Vector(_));
        if self.subscript && vector { (self.notation.component)(&name) } else { name }
    }

    fn function(self, name: &str, args: &[Expr]) -> String {
        self.applied((self.notation.function)(name), args)
    }

    fn applied(self, function: String, args: &[Expr]) -> String {
        let args: Vec<String> = args.iter().map(|a| self.at(*a, Level::Sum)).collect();
        function + &(self.notation.parentheses)(&args.join(", "))
    }

    /// Numbers last, as in `max(o, 0)`.
    fn extremum(self, name: &str, a: Expr, b: Expr) -> (Level, String) {
        let args = if a.as_num().is_some() { [b, a] } else { [a, b] };
        (Level::Atom, self.function(name, &args))
    }

    fn call(self, f: Func, x: Expr) -> (Level, String) {
        let name = match f {
            Func::Abs => return (Level::Atom, (self.notation.absolute)(&self.at(x, Level::Sum))),
            Func::Step => return (Level::Atom, (self.notation.not_negative)(&self.at(x, Level::Sum))),
            Func::Exp => "exp",
            Func::Ln => "ln",
            Func::Sign => "sign",
            Func::Sin => "sin",
            Func::Cos => "cos",
            Func::Logistic => "logistic",
            Func::Softplus => "softplus",
            Func::Tanh => "tanh",
        };
        match x.node() {
            Node::Var(_) | Node::Pi | Node::Num(_) if f == Func::Ln => {
                (Level::Power, format!("{} {}", (self.notation.function)("ln"), self.at(x, Level::Atom)))
            }
            _ => (Level::Atom, self.function(name, &[x])),
        }
    }

    /// Special functions by their symbols where they have one.
    fn special(self, f: Special, args: &[Expr]) -> (Level, String) {
        if let (Special::Piecewise, [c, a, b]) = (f, args) {
            let [c, a, b] = [c, a, b].map(|x| self.at(*x, Level::Sum));
            return (Level::Atom, (self.notation.cases)(&a, &b, &c));
        }
        if let (Special::LnNormalBetween, [a, b]) = (f, args) {
            let [a, b] = [a, b].map(|x| self.applied((self.notation.special)(Special::NormalCdf), &[*x]));
            let difference = format!("{b} {} {a}", self.notation.minus);
            return (Level::Atom, (self.notation.function)("ln") + &(self.notation.parentheses)(&difference));
        }
        (Level::Atom, self.applied((self.notation.special)(f), args))
    }

    /// Σ over components: a norm or an inner product where it is one, the thing itself where there is one component.
    fn total(self, x: Expr, dim: Dim) -> (Level, String) {
        if is_single(dim) {
            return self.whole().print(x);
        }
        match x.node() {
            Node::Pow(base, n) if n.is_num(2.0) => {
                (Level::Power, (self.notation.norm_squared)(&self.whole().at(base, Level::Sum)))
            }
            Node::Call(Func::Abs, base) => (Level::Power, (self.notation.norm_one)(&self.whole().at(base, Level::Sum))),
            Node::Mul(factors) if factors.len() == 2 && factors.iter().all(|f| is_variable(*f)) => {
                let mut pair = factors.to_vec();
                pair.sort_by_key(|f| place(*f));
                (Level::Power, self.atom(self.notation.transposed, pair[0]) + &self.whole().at(pair[1], Level::Atom))
            }
            Node::Mul(factors) if factors.len() == 2 && factors.iter().any(|f| is_product(*f)) => {
                let at = usize::from(is_product(factors[1]));
                (Level::Product, self.form(factors[1 - at], factors[at]))
            }
            _ => {
                let summand = Printer { subscript: true, ..self }.at(x, Level::Product);
                let sum = format!("{}{summand}", self.notation.total);
                // A sum inside another runs over an index of its own.
                let sum = if self.subscript { sum.replace("_k", "_j").replace("_{k}", "_{j}") } else { sum };
                (Level::Product, sum)
            }
        }
    }

    /// aᵀ M b of a and the product M b, or bᵀ M a of a and bᵀ M.
    fn form(self, a: Expr, product: Expr) -> String {
        let Node::Dot(left, right) = product.node() else { return String::new() };
        let (first, matrix, last) = match left.shape() {
            Shape::Vector(_) => (left, right, a),
            _ => (a, left, right),
        };
        let whole = |x: Expr| self.whole().at(x, Level::Atom);
        (self.notation.product)(&[self.atom(self.notation.transposed, first), whole(matrix), whole(last)])
    }

    fn dot(self, a: Expr, b: Expr) -> String {
        let whole = |x: Expr| self.whole().at(x, Level::Atom);
        match (self.notation.dot, a.shape(), b.shape()) {
            (Some(sign), ..) => format!("{}{sign}{}", whole(a), whole(b)),
            (None, Shape::Vector(_), Shape::Vector(_)) => (self.notation.product)(&[whole(a.transpose()), whole(b)]),
            (None, Shape::Vector(_), _) => (self.notation.product)(&[whole(b.transpose()), whole(a)]),
            _ => (self.notation.product)(&[whole(a), whole(b)]),
        }
    }
}

fn is_single(dim: Dim) -> bool {
    dim == Dim::Fixed(1)
}

/// Whether it is a matrix times a vector.
fn is_product(e: Expr) -> bool {
    matches!(e.node(), Node::Dot(..))
}

fn is_variable(e: Expr) -> bool {
    matches!(e.node(), Node::Var(_))
}
