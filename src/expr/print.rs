//! Expressions as a mathematician writes them: `‖y + n − μ‖²`, `Σ_k n_k ln a_k`, `nᵀo`.

use super::node::{Expr, Func, Node, Shape};

/// The expression as one line of text.
pub fn text(e: Expr) -> String {
    Printer { subscript: false }.at(present(e), Level::Sum)
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
}

impl Printer {
    fn at(self, e: Expr, level: Level) -> String {
        let (own, text) = self.print(e);
        if own < level { format!("({text})") } else { text }
    }

    fn print(self, e: Expr) -> (Level, String) {
        match e.node() {
            Node::Num(bits) => number(f64::from_bits(bits)),
            Node::Pi => (Level::Atom, "π".into()),
            Node::Var(_) => (Level::Atom, self.indexed(greek(&e.name().unwrap_or_default()), e)),
            Node::Add(terms) => self.sum(&terms),
            Node::Mul(_) => self.product(e),
            Node::Pow(base, exponent) => self.power(base, exponent),
            Node::Call(f, x) => self.call(f, x),
            Node::Max(a, b) => self.function("max", &[a, b]),
            Node::Min(a, b) => self.function("min", &[a, b]),
            Node::Sum(x, _) => self.total(x),
            Node::Softmax(x) => (Level::Atom, self.indexed(format!("softmax({})", whole(x)), e)),
            Node::LogSumExp(x) => (Level::Atom, format!("logsumexp({})", whole(x))),
            Node::Dot(a, b) => (Level::Atom, self.indexed(dot(a, b), e)),
            Node::Transpose(x) => (Level::Atom, format!("{}ᵀ", Printer { subscript: false }.at(x, Level::Atom))),
            Node::Outer(a, b) => (Level::Product, format!("{} {}ᵀ", whole_atom(a), whole_atom(b))),
            Node::Spread(x, _) => self.print(x),
        }
    }

    fn indexed(self, name: String, e: Expr) -> String {
        let vector = matches!(e.shape(), Shape::Vector(_));
        if self.subscript && vector { format!("{name}_k") } else { name }
    }

    fn function(self, name: &str, args: &[Expr]) -> (Level, String) {
        let args: Vec<String> = args.iter().map(|a| self.at(*a, Level::Sum)).collect();
        (Level::Atom, format!("{name}({})", args.join(", ")))
    }

    fn call(self, f: Func, x: Expr) -> (Level, String) {
        let name = match f {
            Func::Abs => return (Level::Atom, format!("|{}|", self.at(x, Level::Sum))),
            Func::Step => return (Level::Atom, format!("[{} ≥ 0]", self.at(x, Level::Sum))),
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
            Node::Var(_) | Node::Pi if f == Func::Ln => (Level::Power, format!("ln {}", self.at(x, Level::Atom))),
            Node::Num(_) if f == Func::Ln => (Level::Power, format!("ln {}", self.at(x, Level::Atom))),
            _ => self.function(name, &[x]),
        }
    }

    fn power(self, base: Expr, exponent: Expr) -> (Level, String) {
        match exponent.as_num() {
            Some(n) if n < 0.0 => self.product(base.pow(exponent)),
            Some(0.5) => (Level::Atom, format!("√{}", self.at(base, Level::Atom))),
            Some(n) if n.fract() == 0.0 => {
                (Level::Power, format!("{}{}", self.at(base, Level::Atom), superscript(n as u64)))
            }
            _ => (Level::Power, format!("{}^{}", self.at(base, Level::Atom), self.at(exponent, Level::Atom))),
        }
    }

    fn sum(self, terms: &[Expr]) -> (Level, String) {
        let mut pieces: Vec<(bool, String)> = vec![];
        let mut left = terms.to_vec();
        while let Some((minus, text, rest)) = self.log_ratio(&left) {
            pieces.push((minus, text));
            left = rest;
        }
        pieces.extend(left.iter().map(|t| (t.split_coefficient().0 < 0.0, self.at(unsigned(*t), Level::Product))));
        if pieces.len() == 1 {
            let (minus, text) = pieces.remove(0);
            return (Level::Product, if minus { format!("−{text}") } else { text });
        }
        pieces.sort_by_key(|(minus, _)| *minus);
        let mut line = String::new();
        for (minus, text) in pieces {
            line += match (line.is_empty(), minus) {
                (true, true) => "−",
                (true, false) => "",
                (false, true) => " − ",
                (false, false) => " + ",
            };
            line += &text;
        }
        (Level::Sum, line)
    }

    /// `c ln a − c ln b` as `c ln(a/b)`, or `c artanh(x)` where it is that; with the terms left over.
    fn log_ratio(self, terms: &[Expr]) -> Option<(bool, String, Vec<Expr>)> {
        let logs: Vec<(usize, Expr, Expr)> =
            terms.iter().enumerate().filter_map(|(i, t)| split_log(*t).map(|(c, x)| (i, c, x))).collect();
        let (i, c, a, j, b) = logs.iter().find_map(|(i, c, a)| {
            let (j, _, b) = logs.iter().find(|(j, d, _)| j != i && *d == -*c && c.split_coefficient().0 > 0.0)?;
            Some((*i, *c, *a, *j, *b))
        })?;
        let rest = terms.iter().enumerate().filter(|(k, _)| *k != i && *k != j).map(|(_, t)| *t).collect();
        let x = a - 1.0;
        let (factor, function) = if b == 1.0 - x {
            (2.0 * c, self.function("artanh", &[x]).1)
        } else {
            (c, format!("ln({}/{})", self.at(a, Level::Atom), self.at(b, Level::Atom)))
        };
        let text =
            if factor.is_num(1.0) { function } else { format!("{} {function}", self.at(factor, Level::Product)) };
        Some((false, text, rest))
    }

    fn product(self, e: Expr) -> (Level, String) {
        let (c, rest) = e.split_coefficient();
        let (numerator, denominator) = fraction(c.abs());
        let (mut over, mut under) = (vec![], vec![]);
        for factor in if rest.is_num(1.0) { vec![] } else { rest.factors() } {
            match factor.node() {
                Node::Pow(base, n) if n.as_num().is_some_and(|n| n < 0.0) => under.push(base.pow(-n)),
                _ => over.push(factor),
            }
        }
        over.sort_by_key(|f| rank(*f));
        let last = over.len().saturating_sub(1);
        let mut over: Vec<String> = over.iter().enumerate().map(|(i, f)| self.factor(*f, i == last)).collect();
        let mut under: Vec<String> = under.iter().map(|f| self.at(*f, Level::Power)).collect();
        if numerator != "1" || over.is_empty() {
            over.insert(0, numerator);
        }
        if denominator != "1" {
            under.insert(0, denominator);
        }
        let sign = if c < 0.0 { "−" } else { "" };
        let text = match under.len() {
            0 => over.join(" "),
            1 => format!("{}/{}", over.join(" "), under[0]),
            _ => format!("{}/({})", over.join(" "), under.join(" ")),
        };
        (Level::Product, format!("{sign}{text}"))
    }

    /// A Σ may stand bare at the end of a product, where nothing follows that it could swallow.
    fn factor(self, f: Expr, last: bool) -> String {
        let bare = last && matches!(f.node(), Node::Sum(..));
        self.at(f, if bare { Level::Product } else { Level::Power })
    }

    /// Σ over components: a norm or an inner product where it is one.
    fn total(self, x: Expr) -> (Level, String) {
        match x.node() {
            Node::Pow(base, n) if n.is_num(2.0) => (Level::Power, format!("‖{}‖²", whole(base))),
            Node::Call(Func::Abs, base) => (Level::Power, format!("‖{}‖₁", whole(base))),
            Node::Mul(factors) if factors.len() == 2 && factors.iter().all(|f| matches!(f.node(), Node::Var(_))) => {
                let mut pair = factors.to_vec();
                pair.sort_by_key(|f| rank(*f));
                (Level::Product, format!("{}ᵀ{}", whole(pair[0]), whole(pair[1])))
            }
            _ => (Level::Product, format!("Σ_k {}", Printer { subscript: true }.at(x, Level::Product))),
        }
    }
}

fn whole(e: Expr) -> String {
    Printer { subscript: false }.at(e, Level::Sum)
}

fn whole_atom(e: Expr) -> String {
    Printer { subscript: false }.at(e, Level::Atom)
}

fn dot(a: Expr, b: Expr) -> String {
    format!("{}·{}", whole_atom(a), whole_atom(b))
}

/// Noise and plain variables before functions, so that `n ln a` is not written `ln a n`.
fn rank(e: Expr) -> (u8, Option<Expr>) {
    let kind = match e.node() {
        Node::Pi | Node::Num(_) => 0,
        Node::Var(_) if e.name().as_deref() == Some("n") => 1,
        Node::Var(_) => 2,
        Node::Pow(..) => 3,
        Node::Sum(..) => 6,
        Node::Call(..) | Node::Softmax(_) | Node::LogSumExp(_) => 5,
        _ => 4,
    };
    (kind, Some(e))
}

/// `(c, x)` with `e = c ln x`.
fn split_log(e: Expr) -> Option<(Expr, Expr)> {
    let factors = e.factors();
    let at = factors.iter().position(|f| matches!(f.node(), Node::Call(Func::Ln, x) if x.as_num().is_none()))?;
    let Node::Call(_, x) = factors[at].node() else { return None };
    let rest: Vec<Expr> = factors.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, f)| *f).collect();
    Some((Expr::mul_all(&rest), x))
}

fn unsigned(term: Expr) -> Expr {
    if term.split_coefficient().0 < 0.0 { -term } else { term }
}

fn number(x: f64) -> (Level, String) {
    let (numerator, denominator) = fraction(x.abs());
    let sign = if x < 0.0 { "−" } else { "" };
    match denominator.as_str() {
        "1" => (if x < 0.0 { Level::Product } else { Level::Atom }, format!("{sign}{numerator}")),
        _ => (Level::Product, format!("{sign}{numerator}/{denominator}")),
    }
}

/// A number as numerator and denominator: 0.5 is 1/2, 0.42 stays itself.
fn fraction(x: f64) -> (String, String) {
    let small = (1..=16u32).find(|q| (x * f64::from(*q)).fract() == 0.0 && x * f64::from(*q) < 1e9);
    match small {
        Some(q) if q == 1 || x * f64::from(q) < 100.0 => ((x * f64::from(q)).to_string(), q.to_string()),
        _ => (x.to_string(), "1".into()),
    }
}

fn superscript(n: u64) -> String {
    n.to_string().chars().map(|d| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(d as usize - '0' as usize).unwrap_or(d)).collect()
}

const GREEK: &[(&str, &str)] = &[
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("theta", "θ"),
];

fn greek(name: &str) -> String {
    GREEK.iter().find(|(latin, _)| *latin == name).map_or(name, |(_, letter)| letter).to_string()
}

/// The expression with the forms that the rules keep for calculating turned into those that people read.
pub fn present(e: Expr) -> Expr {
    super::walk::rebuild(e, &mut Default::default(), &mut |e| hyperbolic(e).unwrap_or(e))
}

/// `2c logistic(2x) − c` is `c tanh(x)`.
fn hyperbolic(e: Expr) -> Option<Expr> {
    let Node::Add(terms) = e.node() else { return None };
    terms.iter().find_map(|t| {
        let (c, rest) = t.split_coefficient();
        let Node::Call(Func::Logistic, double) = rest.node() else { return None };
        let constant = terms.iter().find_map(|t| t.as_num())?;
        (constant == -c / 2.0).then(|| e - *t - constant + (c / 2.0) * (0.5 * double).call(Func::Tanh))
    })
}
