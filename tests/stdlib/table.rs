//! The table that everything here is driven by: `reference.txt`, which `reference.py` writes.

use std::rc::Rc;

use nemlang::expr::{Bindings, Expr, Shape, Trace, Value, evaluate, simplify};
use nemlang::model::{Likelihood, dims, named_length};
use nemlang::session::Session;

/// A likelihood at certain arguments.
pub struct Case {
    pub likelihood: Rc<Likelihood>,
    /// Only the log-densities of such a case are known.
    pub extreme: bool,
    /// One for each formal, row after row.
    pub args: Vec<Vec<f64>>,
    pub mean: Vec<f64>,
    pub variance: Vec<f64>,
    pub points: Vec<Point>,
}

pub struct Point {
    pub y: Vec<f64>,
    pub log_density: f64,
    /// NaN where the likelihood has no distribution function.
    pub cdf: f64,
}

/// The whole library, in the order of its files.
pub fn library() -> Vec<Rc<Likelihood>> {
    Session::library().declarations.likelihoods()
}

pub fn cases() -> Vec<Case> {
    let library = library();
    include_str!("reference.txt")
        .split("\n\n")
        .filter(|block| !block.trim().is_empty())
        .map(|b| case(b, &library))
        .collect()
}

fn case(block: &str, library: &[Rc<Likelihood>]) -> Case {
    let mut lines = block.trim().lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let extreme = head[0] == "!";
    let (name, given) = head[usize::from(extreme)..].split_first().unwrap();
    let likelihood = library.iter().find(|l| l.name == *name).unwrap_or_else(|| panic!("there is no `{name}`")).clone();
    let argument = |formal: &str| given.iter().find_map(|g| g.strip_prefix(&format!("{formal}="))).map(numbers);
    let args = likelihood.formals.iter().map(|f| argument(&f.name).expect(&f.name)).collect();
    let moments = lines.next().unwrap();
    let point = |line: Vec<&str>| Point { y: numbers(line[0]), log_density: number(line[1]), cdf: number(line[2]) };
    let (mean, variance) = (numbers(moments[1]), numbers(moments[3]));
    Case { likelihood, extreme, args, mean, variance, points: lines.map(point).collect() }
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is not a number"))
}

fn numbers(text: &str) -> Vec<f64> {
    text.split(',').map(number).collect()
}

impl Case {
    /// Values of the parameters, of the outcome and of the lengths that these name.
    pub fn bindings(&self, args: &[Vec<f64>], y: &[f64]) -> Bindings {
        let vars = self.likelihood.formals.iter().map(|f| f.var).chain([self.likelihood.outcome]);
        let values = args.iter().map(Vec::as_slice).chain([y]);
        vars.zip(values).flat_map(|(var, numbers)| bound(var, numbers)).collect()
    }

    pub fn at(&self, y: &[f64]) -> Bindings {
        self.bindings(&self.args, y)
    }

    pub fn label(&self, y: &[f64]) -> String {
        format!("{} {:?} at {y:?}", self.likelihood.name, self.args)
    }
}

fn bound(var: Expr, numbers: &[f64]) -> Vec<(Expr, Value)> {
    let n = if let Shape::Matrix(..) = var.shape() { numbers.len().isqrt() } else { numbers.len() };
    let value = match var.shape() {
        Shape::Scalar => Value::Scalar(numbers[0]),
        Shape::Vector(_) => Value::Vector(numbers.to_vec()),
        Shape::Matrix(..) => Value::Matrix(n, n, numbers.to_vec()),
    };
    let names = dims(var.shape()).into_iter().filter_map(named_length);
    names.map(|(name, more)| (name, Value::Scalar(n as f64 - more))).chain([(var, value)]).collect()
}

/// As the program computes it: simplified first, which is what makes softmax and softplus stable.
pub fn value(e: Expr, bindings: &Bindings) -> Vec<f64> {
    let simple = simplify(e, &mut Trace::default());
    evaluate(simple, bindings).unwrap_or_else(|free| panic!("{free:?} has no value")).numbers().to_vec()
}
