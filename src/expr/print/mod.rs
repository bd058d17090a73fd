//! Expressions as a mathematician writes them: `‖y + n − μ‖²`, `Σ_k n_k ln a_k`, `nᵀo`.

mod latex;
mod notation;
mod numbers;
mod python;
mod readable;
mod sums;
mod symbols;
mod sympy;

use super::node::{Dim, Expr, Func, Node, Shape};
use crate::special::Special;
pub use latex::{latex, latex_symbol};
use notation::{Around, Notation, TEXT};
use numbers::{fraction, greek};
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
        (Level::Atom, self.applied((self.notation.special)(f), args))
    }

    fn power(self, base: Expr, exponent: Expr) -> (Level, String) {
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

    fn product(self, e: Expr) -> (Level, String) {
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
fn place(e: Expr) -> (u8, Option<Expr>, std::cmp::Reverse<Option<Expr>>) {
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
