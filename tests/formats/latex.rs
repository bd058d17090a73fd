use std::process::Command;

use nemlang::expr::{Domain, Expr, Shape, print};
use nemlang::report::derivation_latex::document;
use nemlang::session::Session;

use super::{derivations, derived};

/// `likelihood | fact ⇒ formula`
const FORMULAS: &str = r"
    gaussian          ⇒ \ln f(y) = -\frac{(y - \mu)^{2}}{2 \sigma^{2}} - \ln \sigma - \frac{1}{2} \ln(2 \pi).
    gaussian          ⇒ \frac{\partial \ln f}{\partial \sigma} = \frac{(y - \mu)^{2} - \sigma^{2}}{\sigma^{3}}
    gaussian          ⇒ \lVert y + n - \mu\rVert^{2} \le \lVert y - \mu\rVert^{2}.
    gaussian          ⇒ \{n : \lVert n - c\rVert \le r\}, \quad c = \mu - y, \quad r = \lVert \mu - y\rVert.
    gaussian          ⇒ \sum_{k} \frac{(y_{k} + n_{k} - \mu_{k})^{2}}{\sigma_{k}^{2}} \le \sum_{k} \frac{(y_{k} - \mu_{k})^{2}}{\sigma_{k}^{2}}.
    bernoulli         ⇒ \sum_{k} n_{k} \ln\left(\frac{p_{k}}{1 - p_{k}}\right) \ge 0.
    bipolar_bernoulli ⇒ \sum_{k} n_{k} \operatorname{artanh}(m_{k}) \ge 0.
    categorical       ⇒ \ln f(y) = \sum_{k} y_{k} \ln p_{k}.
    categorical       ⇒ \frac{\partial \ln f}{\partial p} = \frac{y}{p}
    laplace           ⇒ \lvert y + n - \mu\rvert \le \lvert y - \mu\rvert.
    exponential       ⇒ \ln f(y) = \ln \lambda - \lambda y.
";

#[test]
fn formulas_are_those_of_the_table() {
    let library = Session::library();
    for row in FORMULAS.lines().filter(|l| !l.trim().is_empty()) {
        let (name, formula) = row.split_once('⇒').map(|(l, r)| (l.trim(), r.trim())).unwrap();
        let text = document(&derived(&library, Some(name)));
        assert!(text.lines().any(|line| line == formula), "{name} lacks\n{formula}\n{text}");
    }
}

const NAMES: &[(&str, &str)] = &[
    ("mu", r"\mu"),
    ("x", "x"),
    ("h1", "h_{1}"),
    ("h_12", "h_{12}"),
    ("mu2", r"\mu_{2}"),
    ("rate", r"\mathrm{rate}"),
    ("my_rate", r"\mathrm{my\_rate}"),
    ("y′", "y'"),
    ("λ", r"\lambda"),
    ("é", r"\mathrm{U00E9}"),
];

#[test]
fn names_are_set_as_mathematicians_set_them() {
    for (name, set) in NAMES {
        assert_eq!(print::latex_symbol(name), *set);
    }
}

#[test]
fn components_powers_and_products_read_well() {
    let dim = Expr::dimension("K");
    let vector = |name: &str| Expr::var(name, Shape::Vector(dim), Domain::REAL);
    let (h, n, rate) = (vector("h1"), vector("n"), Expr::var("rate", Shape::Scalar, Domain::POSITIVE));
    let cases = [
        ((n * n * h.exp()).sum(dim), r"\sum_{k} n_{k}^{2} \exp(h_{1,k})"),
        ((h - rate).powi(2).sum(dim).pow(Expr::num(0.5)), r"\lVert h_{1} - \mathrm{rate}\rVert"),
        (rate * Expr::var("y", Shape::Scalar, Domain::REAL), r"\mathrm{rate} \, y"),
        (Expr::num(0.5) / rate, r"\frac{1}{2 \, \mathrm{rate}}"),
        (rate.pow(Expr::num(0.5)), r"\sqrt{\mathrm{rate}}"),
    ];
    for (e, formula) in cases {
        assert_eq!(print::latex(e), formula);
    }
}

#[test]
fn documents_are_well_formed() {
    for (name, derived) in derivations() {
        let text = document(&derived);
        assert!(text.is_ascii(), "{name}: {:?}", text.chars().filter(|c| !c.is_ascii()).collect::<String>());
        assert_eq!(text.replace(r"\$", "").matches('$').count() % 2, 0, "{name}");
        assert_eq!(text.matches(r"\left").count(), text.matches(r"\right").count(), "{name}");
        assert!(text.contains(r"\step{"), "{name}");
        balanced(&name, &text);
        nested(&name, &text);
    }
}

fn balanced(name: &str, text: &str) {
    let mut depth = 0;
    for c in text.replace(r"\\", "").replace(r"\{", "").replace(r"\}", "").chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        assert!(depth >= 0, "{name}: a brace is closed that was not opened");
    }
    assert_eq!(depth, 0, "{name}: a brace is not closed");
}

/// Every environment ends, the last to begin first.
fn nested(name: &str, text: &str) {
    let mut open = vec![];
    for part in text.split('\\') {
        let within = |start: &str| part.strip_prefix(start).and_then(|rest| rest.split('}').next());
        if let Some(begun) = within("begin{") {
            open.push(begun);
        } else if let Some(ended) = within("end{") {
            assert_eq!(open.pop(), Some(ended), "{name}");
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
}

#[test]
fn latex_sets_the_documents_where_it_is_installed() {
    if Command::new("pdflatex").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no pdflatex on this machine");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, derived) in derivations() {
        std::fs::write(folder.path().join("it.tex"), document(&derived)).unwrap();
        let run = Command::new("pdflatex")
            .args(["-interaction=nonstopmode", "-halt-on-error", "it.tex"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let log = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(run.status.success(), "{name}: {log}");
        assert!(overhang(&log) <= LARGEST_OVERHANG, "{name}: {log}");
    }
}

/// How far a line may stick out into the margin, in points: the width of two letters.
const LARGEST_OVERHANG: f64 = 12.0;

/// How far the worst line of a document does.
fn overhang(log: &str) -> f64 {
    let told = log.split("Overfull \\hbox (").skip(1).filter_map(|rest| rest.split("pt").next()?.parse().ok());
    told.fold(0.0, f64::max)
}
