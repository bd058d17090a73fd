//! Lines of Python: a definition, preceded by the symbols that it is the first to use.

use std::cell::RefCell;

use crate::expr::{Dim, Domain, Expr, Shape, free_variables, print};

/// The symbols of a part, by variable.
#[derive(Clone, Default)]
pub struct Names {
    known: Vec<(Expr, String)>,
    /// How many of these are declared.
    declared: usize,
    /// Every name that has stood for a number in this part: a vector takes another.
    numbers: Vec<String>,
}

/// Collects the lines of a file.
#[derive(Default)]
pub struct Script {
    text: String,
    names: RefCell<Names>,
}

impl Script {
    /// Begins a part, with letters of its own.
    pub fn part(&mut self, title: &str) {
        self.text += &format!("\n# {}\n# {title}\n", "-".repeat(78));
        self.names.take();
    }

    pub fn comment(&mut self, text: &str) {
        self.text += &format!("\n# {text}\n");
    }

    /// The letters known so far, for [`Script::return_to`].
    pub fn names(&self) -> Names {
        self.names.borrow().clone()
    }

    /// Forgets the letters that have come since, but for the names of numbers.
    pub fn return_to(&mut self, names: &Names) {
        let numbers = self.names.take().numbers;
        self.names.replace(Names { numbers, ..names.clone() });
    }

    pub fn define(&mut self, name: &str, e: Expr) {
        let value = self.expression(e);
        self.line(&format!("{name} = sympify({value})"));
    }

    /// A definition whose right side is made from expressions.
    pub fn line(&mut self, line: &str) {
        self.declare();
        self.text += &format!("{line}\n");
    }

    /// The expression; its new letters are declared before the next line.
    pub fn expression(&self, e: Expr) -> String {
        print::sympy_with(e, &|variable| self.names.borrow_mut().name(variable))
    }

    fn declare(&mut self) {
        let names = self.names.get_mut();
        for (variable, name) in &names.known[names.declared..] {
            self.text += &declaration(*variable, name, is_length(*variable, &names.known));
        }
        names.declared = names.known.len();
    }

    pub fn finish(self) -> String {
        self.text
    }
}

impl Names {
    /// Its own name, unless another variable has taken it.
    fn name(&mut self, variable: Expr) -> String {
        if let Some((_, name)) = self.known.iter().find(|(known, _)| *known == variable) {
            return name.clone();
        }
        let own = print::identifier(&variable.name().unwrap_or_default());
        let is_number = variable.shape() == Shape::Scalar;
        let plural = (!is_number).then(|| format!("{}_K", own.trim_end_matches('_')));
        let numbered = (2..).map(|n| format!("{own}_{n}"));
        let name = std::iter::once(own.clone()).chain(plural).chain(numbered).find(|n| self.is_free(n, is_number));
        let name = name.unwrap_or(own);
        if is_number {
            self.numbers.push(name.clone());
        }
        self.known.push((variable, name.clone()));
        name
    }

    fn is_free(&self, name: &String, for_number: bool) -> bool {
        let taken = self.known.iter().any(|(_, known)| known == name);
        !taken && (for_number || !self.numbers.contains(name))
    }
}

/// Whether it is the length of one of these.
fn is_length(variable: Expr, known: &[(Expr, String)]) -> bool {
    let lengths = |(e, _): &(Expr, String)| match e.shape() {
        Shape::Scalar => vec![],
        Shape::Vector(n) => vec![n],
        Shape::Matrix(n, m) => vec![n, m],
    };
    let within = |dim: Dim| free_variables(Expr::length(dim)).contains(&variable);
    known.iter().flat_map(lengths).any(within)
}

/// `sigma = Symbol('sigma', positive=True)`
fn declaration(variable: Expr, name: &str, is_length: bool) -> String {
    let kind = if variable.shape() == Shape::Scalar { "Symbol" } else { "IndexedBase" };
    let domain = variable.domain().unwrap_or(Domain::REAL);
    let assumption = match domain {
        _ if is_length => "integer=True, positive",
        Domain { lower, lower_closed: false, .. } if lower >= 0.0 => "positive",
        Domain { lower, .. } if lower >= 0.0 => "nonnegative",
        _ => "real",
    };
    format!("{name} = {kind}('{name}', {assumption}=True)\n")
}
