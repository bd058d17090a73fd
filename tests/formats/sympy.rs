use std::collections::{BTreeSet, HashSet};
use std::process::Command;

use nemlang::derive::{NoiseDerivation, ProgramDerivation};
use nemlang::expr::{Bindings, Dim, Domain, Expr, Shape, Value, evaluate, free_variables, print, substitute};
use nemlang::report::derivation_sympy::file;
use nemlang::session::Session;
use nemlang::special::Special;
use rand::{RngExt, SeedableRng};

use super::{derivations, derived};

/// The length that stands for `K`.
const LENGTH: usize = 3;

/// Longer expressions are left out, for SymPy is slow.
const LARGEST: u32 = 120;

/// What the files may use without defining it.
const SYMPY: &str = "
    Abs Eq Function Ge Heaviside IndexedBase Le Max Min Piecewise Rational Sum Symbol True besseli cos digamma erf erfc exp
    floor from gamma import integer log loggamma lowergamma nonnegative oo pi polygamma positive real sign sin sqrt sympify
    sympy symbols tanh atan";

#[test]
fn files_define_what_the_page_promises() {
    let text = file(&derived(&Session::library(), Some("gaussian")));
    for line in [
        "from sympy import *",
        "sigma = Symbol('sigma', positive=True)",
        "gaussian_log_density = sympify(-(y - mu)**2/(2*sigma**2) - log(2)/2 - log(pi)/2 - log(sigma))",
        "gaussian_score_mu = sympify((y - mu)/sigma**2)",
        "gaussian_add_condition = Le((y + n - mu)**2, (y - mu)**2)",
        "gaussian_outcomes_add_centre = sympify(mu_K[k] - y_K[k])",
        "gaussian_outcomes_add_region = 'ball'",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    let text = file(&derived(&Session::library(), Some("exponential")));
    assert!(text.contains("exponential_log_density = sympify(log(lambda_) - lambda_*y)"), "{text}");
}

#[test]
fn files_use_nothing_before_it_is_defined() {
    let known: BTreeSet<&str> = SYMPY.split_whitespace().collect();
    for (name, derived) in derivations() {
        let text = file(&derived);
        let mut defined: BTreeSet<&str> = BTreeSet::new();
        for line in text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let (left, right) = line.split_once(" = ").unwrap_or(("", line));
            for word in words(right) {
                assert!(known.contains(word) || defined.contains(word), "{name}: `{word}` in {line}");
            }
            let count = |c: char| line.matches(c).count();
            assert_eq!((count('('), count('[')), (count(')'), count(']')), "{name}: {line}");
            defined.extend(words(left));
        }
    }
}

/// The names in a line of Python, without those between quotes.
fn words(line: &str) -> Vec<&str> {
    let unquoted = line.split('\'').step_by(2);
    let names = unquoted.flat_map(|part| part.split(|c: char| !c.is_alphanumeric() && c != '_'));
    names.filter(|w| w.starts_with(|c: char| c.is_alphabetic())).collect()
}

/// Every expression that a file defines.
fn expressions(derived: &ProgramDerivation) -> Vec<Expr> {
    let likelihoods = derived.likelihoods.iter().flat_map(|l| {
        let noises = [&l.single, &l.joint, &l.separate, &l.ascent].into_iter().flatten().flat_map(of_noise);
        let scores = l.scores.iter().map(|(_, score)| *score);
        [l.log_density].into_iter().chain(l.likelihood.mean).chain(scores).chain(noises).collect::<Vec<_>>()
    });
    let layers = derived.models.iter().flat_map(|m| &m.layers).flat_map(|l| {
        let noises = [&l.noise, &l.noise_in_o, &l.ascent].into_iter().flatten().flat_map(of_noise);
        let deltas = l.deltas.iter().flat_map(|d| [d.delta, d.in_mean, d.noisy, d.value]);
        [l.log_density, l.log_density_in_mean].into_iter().chain(l.mean).chain(deltas).chain(noises).collect::<Vec<_>>()
    });
    let priors = derived.models.iter().flat_map(|m| {
        let own = m.priors.iter().flat_map(|p| [p.log_density, p.score]);
        own.chain(m.with_priors.iter().flat_map(|with| with.deltas.clone())).collect::<Vec<_>>()
    });
    likelihoods.chain(layers).chain(priors).collect()
}

fn of_noise(derived: &NoiseDerivation) -> Vec<Expr> {
    let data = derived.region.kind.data().into_iter().filter_map(|(_, value)| value);
    [derived.delta, derived.condition.left, derived.condition.right].into_iter().chain(data).collect()
}

/// Every special function at a point of its domain, for what the library's likelihoods do not use.
fn specials() -> Vec<Expr> {
    let unit = |name: &str| Expr::var(name, Shape::Scalar, Domain::UNIT);
    let all = Special::ALL.iter();
    all.map(|f| Expr::special(*f, &["a", "b", "c"].map(unit)[..f.arity()])).collect()
}

#[test]
fn python_finds_the_same_numbers_where_it_has_sympy() {
    let has_sympy = Command::new("python3").args(["-c", "import sympy"]).output().is_ok_and(|o| o.status.success());
    if !has_sympy {
        eprintln!("SKIPPED: there is no python3 with sympy on this machine");
        return;
    }
    let mut script = String::from(HEADER);
    for (name, derived) in derivations() {
        script += &format!("exec({:?}, {{}})\n", file(&derived));
        let mut known = HashSet::new();
        expressions(&derived).into_iter().filter(|e| known.insert(*e)).for_each(|e| script += &check(&name, e));
    }
    specials().into_iter().for_each(|e| script += &check("special functions", e));
    let path = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(path.path(), &script).unwrap();
    let run = Command::new("python3").arg(path.path()).output().unwrap();
    assert!(script.matches("\ncheck(").count() > 300, "nearly nothing was compared");
    let told = String::from_utf8_lossy(&run.stdout) + String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{told}");
}

const HEADER: &str = "
from sympy import *
k, j, i, l, k5, k6 = symbols('k j i l k5 k6', integer=True)

def near(x, y):
    return abs(x - y) <= 1e-9*(1 + abs(y))

def check(name, text, variables, values, columns, expected):
    numbers = {variables[v]: x for v, x in values.items() if not isinstance(x, list)}
    e = sympify(eval(text, globals() | variables)).subs(numbers).doit()
    at = {variables[v][c + 1]: y for v, x in values.items() if isinstance(x, list) and not isinstance(x[0], list)
           for c, y in enumerate(x)}
    at |= {variables[v][r + 1, c + 1]: y for v, x in values.items() if isinstance(x, list) and isinstance(x[0], list)
           for r, row in enumerate(x) for c, y in enumerate(row)}
    for c, wanted in enumerate(expected):
        here = {k: c // columns + 1, j: c % columns + 1}
        found = complex(e.subs(here).subs(at).evalf(17))
        assert near(found, wanted), (name, text, values, found, wanted)
";

/// A line of Python that compares the SymPy form with the value here; nothing where SymPy has no form.
fn check(name: &str, e: Expr) -> String {
    let (e, variables) = numbered(e);
    let written = print::sympy(e);
    if written.contains("Function(") || e.size() > LARGEST {
        return String::new();
    }
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(u64::from(e.size()));
    let lengths = lengths(&variables);
    let mut bindings: Bindings = variables.iter().map(|v| (*v, value(*v, &mut random))).collect();
    bindings.extend(lengths.iter().map(|v| (*v, Value::Scalar(LENGTH as f64))));
    let variables = [variables, lengths].concat();
    let expected = evaluate(e, &bindings).unwrap_or_else(|v| panic!("{name}: {v:?} has no value"));
    if expected.numbers().iter().any(|x| !x.is_finite()) {
        return String::new();
    }
    let names: Vec<String> = variables.iter().map(|v| format!("'{0}': {1}", v.name().unwrap(), symbol(*v))).collect();
    let values: Vec<String> =
        variables.iter().map(|v| format!("'{}': {}", v.name().unwrap(), list(&bindings[v]))).collect();
    let columns = if let Value::Matrix(_, columns, _) = expected { columns } else { 1 };
    let (names, values) = (names.join(", "), values.join(", "));
    format!("check({name:?}, {written:?}, {{{names}}}, {{{values}}}, {columns}, {:?})\n", expected.numbers())
}

/// The expression with its variables named apart, and those.
fn numbered(e: Expr) -> (Expr, Vec<Expr>) {
    let all = free_variables(e);
    let lengths = lengths(&all);
    let variables: Vec<Expr> = all.into_iter().filter(|v| !lengths.contains(v)).collect();
    let renamed = |(i, v): (usize, &Expr)| (*v, Expr::var(&format!("v{i}"), v.shape(), v.domain().unwrap()));
    let pairs: Vec<(Expr, Expr)> = variables.iter().enumerate().map(renamed).collect();
    (substitute(e, &pairs), pairs.into_iter().map(|(_, new)| new).collect())
}

fn lengths(variables: &[Expr]) -> Vec<Expr> {
    let dims = variables.iter().flat_map(|v| match v.shape() {
        Shape::Scalar => vec![],
        Shape::Vector(n) => vec![n],
        Shape::Matrix(n, m) => vec![n, m],
    });
    let mut found: Vec<Expr> = dims.flat_map(|dim| free_variables(Expr::length(dim))).collect();
    found.sort();
    found.dedup();
    found
}

fn symbol(variable: Expr) -> String {
    let kind = if variable.shape() == Shape::Scalar { "Symbol" } else { "IndexedBase" };
    format!("{kind}('{}', real=True)", variable.name().unwrap())
}

fn value(variable: Expr, random: &mut impl RngExt) -> Value {
    let domain = variable.domain().unwrap();
    let mut number = || {
        let (low, high) = (domain.lower.max(-2.0), domain.upper.min(2.0));
        low + (high - low) * random.random_range(0.05..0.95)
    };
    let length = |dim: Dim| {
        let letters = free_variables(Expr::length(dim)).into_iter().map(|v| (v, Value::Scalar(LENGTH as f64)));
        evaluate(Expr::length(dim), &letters.collect()).unwrap().scalar() as usize
    };
    match variable.shape() {
        Shape::Scalar => Value::Scalar(number()),
        Shape::Vector(dim) => {
            let numbers: Vec<f64> = (0..length(dim)).map(|_| number()).collect();
            let total: f64 = if domain.sums_to_one { numbers.iter().sum() } else { 1.0 };
            Value::Vector(numbers.into_iter().map(|x| x / total).collect())
        }
        Shape::Matrix(rows, columns) => {
            let (rows, columns) = (length(rows), length(columns));
            Value::Matrix(rows, columns, (0..rows * columns).map(|_| number()).collect())
        }
    }
}

fn list(value: &Value) -> String {
    match value {
        Value::Scalar(x) => x.to_string(),
        Value::Vector(list) => format!("{list:?}"),
        Value::Matrix(_, columns, list) => {
            let rows: Vec<String> = list.chunks(*columns).map(|row| format!("{row:?}")).collect();
            format!("[{}]", rows.join(", "))
        }
    }
}
