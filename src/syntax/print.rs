//! Syntax tree to text. Reading the text again gives the same tree, up to spans.

use super::ast::*;
use super::format::layout;

/// The program as canonical text. Comments are not in the tree; to tidy a file with its comments, use [`super::format`].
pub fn print(program: &Program) -> String {
    let decls: Vec<String> = program.decls.iter().map(decl).collect();
    layout(&decls.join("\n"))
}

/// One expression on one line.
pub fn print_term(term: &Term) -> String {
    layout(&loose(term)).trim_end().to_string()
}

/// How a likelihood is called, and what it is over: `laplace(mu: real, b: positive = 1) over y: real`.
pub fn print_head(likelihood: &LikelihoodDecl) -> String {
    layout(&head(likelihood)).trim_end().to_string()
}

fn head(likelihood: &LikelihoodDecl) -> String {
    let LikelihoodDecl { name, formals, outcome, outcome_ty, .. } = likelihood;
    format!("{}({}) over {}: {}", name.text, self::formals(formals), outcome.text, ty(outcome_ty))
}

/// How a declaration is called, `gaussian(mu: real, sigma: positive = 1) over y: real`; `None` for one that takes nothing.
pub fn print_call(decl: &Decl) -> Option<String> {
    let call = |name: &Name, given: &[Formal]| format!("{}({})", name.text, formals(given));
    let text = match decl {
        Decl::Fn(d) => call(&d.name, &d.formals) + &result(&d.result),
        Decl::Likelihood(d) => head(d),
        Decl::Layer(d) => call(&d.name, &d.formals) + &result(&d.result),
        Decl::Model(d) => call(&d.name, &d.formals),
        Decl::Use(_) | Decl::Data(_) | Decl::Train(_) => return None,
    };
    Some(layout(&text).trim_end().to_string())
}

fn decl(decl: &Decl) -> String {
    match decl {
        Decl::Use(d) => format!("use \"{}\"\n", d.path),
        Decl::Fn(d) => {
            let head = format!("{}fn {}({})", doc(&d.doc), d.name.text, formals(&d.formals));
            format!("{head}{} = {}\n", result(&d.result), loose(&d.body))
        }
        Decl::Likelihood(d) => {
            format!("{}likelihood {} {}", doc(&d.doc), print_head(d), body(d.entries.iter().map(entry)))
        }
        Decl::Layer(d) => {
            let head = format!("{}layer {}({})", doc(&d.doc), d.name.text, formals(&d.formals));
            let value = format!("return {}", loose(&d.value));
            format!("{head}{} {}", result(&d.result), body(d.items.iter().map(item).chain([value])))
        }
        Decl::Model(d) => {
            let formals = if d.formals.is_empty() { String::new() } else { format!("({})", formals(&d.formals)) };
            format!("{}model {}{formals} {}", doc(&d.doc), d.name.text, body(d.items.iter().map(item)))
        }
        Decl::Data(d) => {
            let test = (!d.test.is_empty()).then(|| format!("test {}", body(d.test.iter().map(column))));
            format!("{}data {} {}", doc(&d.doc), d.name.text, body(d.columns.iter().map(column).chain(test)))
        }
        Decl::Train(d) => {
            let head = format!("{}train {}{}", doc(&d.doc), d.model.text, call_args(&d.args));
            format!("{head} on {} {}", d.data.text, body(d.settings.iter().map(setting)))
        }
    }
}

fn doc(doc: &Doc) -> String {
    let lines = doc.iter().flat_map(|text| text.split('\n'));
    lines.map(|line| if line.is_empty() { "///\n".to_string() } else { format!("/// {line}\n") }).collect()
}

fn body(lines: impl Iterator<Item = String>) -> String {
    let lines: String = lines.map(|line| line + "\n").collect();
    if lines.is_empty() { "{}\n".to_string() } else { format!("{{\n{lines}}}\n") }
}

fn formals(formals: &[Formal]) -> String {
    list(formals, |f| f.name.text.clone() + &optional(": ", f.ty.as_ref().map(ty)) + &clause(" = ", &f.default))
}

fn result(result: &Option<Type>) -> String {
    optional(" -> ", result.as_ref().map(ty))
}

fn ty(ty: &Type) -> String {
    let bracketed = |open, terms: &[Term], close| match terms {
        [] => String::new(),
        terms => format!("{open}{}{close}", list(terms, loose)),
    };
    ty.support.text.clone() + &bracketed("(", &ty.args, ")") + &bracketed("[", &ty.shape, "]")
}

fn entry(entry: &Entry) -> String {
    let randomness = (!entry.randomness.is_empty()).then(|| list(&entry.randomness, binding));
    format!("{} = {}{}", entry.name.text, loose(&entry.value), optional(" where ", randomness))
}

fn binding((name, term): &(Name, Term)) -> String {
    format!("{} ~ {}", name.text, loose(term))
}

fn item(item: &Item) -> String {
    match item {
        Item::Input { name, ty: t, .. } => format!("input {}: {}", name.text, ty(t)),
        Item::Param { name, ty: t, prior, init, .. } => {
            let init = init.as_ref().map(|init| match init {
                Init::Draw(term) => format!("init {}", loose(term)),
                Init::Value(term) => loose(term),
            });
            format!("param {}: {}{}{}", name.text, ty(t), clause(" ~ ", prior), optional(" = ", init))
        }
        Item::Random { observed, name, ty: t, likelihood, .. } => {
            let observe = if *observed { "observe " } else { "" };
            format!("{observe}{}{} ~ {}", name.text, optional(": ", t.as_ref().map(ty)), loose(likelihood))
        }
        Item::Unit { observed, name, ty: t, .. } => {
            format!("{} {}: {}", if *observed { "observe" } else { "latent" }, name.text, ty(t))
        }
        Item::Energy { value, .. } => format!("energy {}", loose(value)),
        Item::Define { name, value, .. } => format!("{} = {}", name.text, loose(value)),
    }
}

fn column(column: &Column) -> String {
    let head = column.name.text.clone() + &optional(": ", column.ty.as_ref().map(ty));
    let source = loose(&column.source);
    format!("{head} = {source}{}{}", clause(" take ", &column.take), clause(" seed ", &column.seed))
}

fn setting(setting: &Setting) -> String {
    match setting {
        Setting::Option { key, values, .. } => format!("{} {}", key.text, list(values, loose)),
        Setting::Pretrain(pretrain) => {
            let energies = list(&pretrain.energies, |e| e.model.text.clone() + &call_args(&e.args));
            let settings = (!pretrain.settings.is_empty()).then(|| body(pretrain.settings.iter().map(self::setting)));
            format!("pretrain {energies}{}", optional(" ", settings).trim_end())
        }
        Setting::Noise(noise) => {
            let proposal = loose(&noise.proposal);
            let injection = match &noise.injection {
                Injection::Open => proposal,
                Injection::Add => format!("+= {proposal}"),
                Injection::Multiply => format!("*= {proposal}"),
                Injection::Custom(value, name) => format!("<- {} where {} ~ {proposal}", loose(value), name.text),
            };
            let through = (!noise.through.is_empty()).then(|| list(&noise.through, |name| name.text.clone()));
            let clauses = clause(" cooled ", &noise.cooled) + &optional(" through ", through);
            format!("noise {} {injection}{clauses}", noise.target.text)
        }
    }
}

fn clause(word: &str, term: &Option<Term>) -> String {
    optional(word, term.as_ref().map(loose))
}

fn optional(before: &str, text: Option<String>) -> String {
    text.map_or(String::new(), |text| format!("{before}{text}"))
}

fn list<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn call_args(args: &[Arg]) -> String {
    if args.is_empty() { String::new() } else { format!("({})", list(args, arg)) }
}

fn arg(arg: &Arg) -> String {
    optional("", arg.name.as_ref().map(|n| format!("{} = ", n.text))) + &loose(&arg.value)
}

/// How tightly a term holds together, as in the grammar: range, sum, product, minus, power, operand, and what a `draw`
/// may stand before.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Hold {
    Range,
    Sum,
    Product,
    Minus,
    Power,
    Operand,
    Primary,
    Reference,
}

fn hold(kind: &TermKind) -> Hold {
    match kind {
        TermKind::Range(..) => Hold::Range,
        TermKind::Binary(op, ..) => operator(*op).1,
        TermKind::Negate(_) => Hold::Minus,
        TermKind::Index { .. } | TermKind::Part { .. } => Hold::Operand,
        TermKind::Number(_) | TermKind::Text(_) | TermKind::List(_) | TermKind::Draw(_) | TermKind::Hole => {
            Hold::Primary
        }
        TermKind::Name(_) | TermKind::Call { .. } => Hold::Reference,
    }
}

fn operator(op: BinaryOp) -> (&'static str, Hold) {
    match op {
        BinaryOp::Add => ("+", Hold::Sum),
        BinaryOp::Subtract => ("-", Hold::Sum),
        BinaryOp::Multiply => ("*", Hold::Product),
        BinaryOp::Divide => ("/", Hold::Product),
        BinaryOp::Dot => ("@", Hold::Product),
        BinaryOp::Power => ("^", Hold::Power),
    }
}

fn loose(term: &Term) -> String {
    at_least(term, Hold::Range)
}

/// The term, in brackets when it holds together less tightly than its place asks for.
fn at_least(term: &Term, wanted: Hold) -> String {
    let text = bare(&term.kind);
    if hold(&term.kind) < wanted { format!("({text})") } else { text }
}

fn bare(kind: &TermKind) -> String {
    match kind {
        TermKind::Number(value) => number(*value),
        TermKind::Text(text) => format!("\"{text}\""),
        TermKind::Name(name) => name.clone(),
        TermKind::Negate(inner) => format!("-{}", at_least(inner, Hold::Minus)),
        TermKind::Binary(op, left, right) => binary(*op, left, right),
        TermKind::Call { callee, args } => format!("{}({})", callee.text, list(args, arg)),
        TermKind::Index { base, index } => format!("{}[{}]", at_least(base, Hold::Operand), list(index, loose)),
        TermKind::List(items) => format!("[{}]", list(items, loose)),
        TermKind::Range(from, to) => format!("{}..{}", at_least(from, Hold::Sum), at_least(to, Hold::Sum)),
        TermKind::Draw(inner) => format!("draw {}", at_least(inner, Hold::Reference)),
        TermKind::Part { base, name, args } => format!("{}.{}{}", part_base(base), name.text, call_args(args)),
        TermKind::Hole => "?".into(),
    }
}

/// A number stands in brackets before a point.
fn part_base(base: &Term) -> String {
    match base.kind {
        TermKind::Number(_) => format!("({})", loose(base)),
        _ => at_least(base, Hold::Operand),
    }
}

/// All operators but `^` group to the left; the exponent of `^` may be a negation as it stands.
fn binary(op: BinaryOp, left: &Term, right: &Term) -> String {
    let (sign, own) = operator(op);
    let (left_hold, right_hold) = match op {
        BinaryOp::Power => (Hold::Operand, Hold::Minus),
        _ if own == Hold::Sum => (own, Hold::Product),
        _ => (own, Hold::Minus),
    };
    format!("{} {sign} {}", at_least(left, left_hold), at_least(right, right_hold))
}

/// Plain digits for usual sizes, a power of ten for the others; always read back as the same number.
fn number(value: f64) -> String {
    if value == 0.0 || (1e-4..1e16).contains(&value.abs()) { format!("{value}") } else { format!("{value:e}") }
}
