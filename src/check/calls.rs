//! Calls: which argument belongs to which parameter, and the inlining of functions.

use super::declarations::in_words;
use super::functions::{Apply, Function};
use super::leaves;
use super::problem::{Check, all, fail, told_already};
use super::scope::{Meaning, Scope, Value};
use super::shapes;
use super::support::Place as Where;
use super::terms::{Evaluator, cannot_join};
use crate::diag::{Code, Diagnostic, Problems, codes, did_you_mean};
use crate::expr::{Expr, Shape, print};
use crate::source::Span;
use crate::special::Special;
use crate::syntax::ast::{Arg, Decl, FnDecl, Formal, Name, Term};

/// The names under which randomness is had in a `draw`.
pub const RANDOMNESS: &[&str] = &["standard_normal", "standard_uniform"];

impl Evaluator<'_> {
    pub fn call(&mut self, scope: &Scope, callee: &Name, args: &[Arg], span: Span) -> Check<Meaning> {
        if RANDOMNESS.contains(&callee.text.as_str()) {
            return fail(stray_randomness(callee));
        }
        if leaves::is_source(&callee.text) {
            return self.source(scope, callee, args, span).map(Meaning::Value);
        }
        match self.name(scope, callee)? {
            Meaning::Function(function) => self.apply(function, scope, args, span).map(Meaning::Value),
            other @ (Meaning::Value(_) | Meaning::Prior(_)) => fail(not_callable(callee, other.kind())),
            Meaning::Declared(decl) => match &*decl {
                Decl::Fn(decl) => self.inline(decl, scope, args, span),
                Decl::Layer(decl) => self.layer(decl, scope, args, span).map(Meaning::Value),
                Decl::Likelihood(_) => fail(likelihood_as_value(callee)),
                other => fail(not_callable(callee, in_words(other.kind()))),
            },
        }
    }

    /// A mathematical function.
    fn apply(&mut self, function: &Function, scope: &Scope, args: &[Arg], span: Span) -> Check<Value> {
        let (name, arity) = (function.name, function.arity());
        if args.len() != arity || args.iter().any(|a| a.name.is_some()) {
            return fail(wrong_count(name, arity, args.len(), span));
        }
        let values = all(args.iter().map(|a| self.value(scope, &a.value)))?;
        if let Some(why) = never_defined(function, values[0]).filter(|_| !self.is_known()) {
            return fail(self.undefined(&why, span));
        }
        let e = match (&function.apply, &values[..]) {
            (Apply::One(f), [x]) => f(x.expr),
            (Apply::Two(f), [x, y]) => match shapes::lift(x.expr, y.expr) {
                Some((x, y)) => self.as_long_as(x.shape().join(y.shape()).unwrap_or(Shape::Scalar), f(x, y)),
                None => return fail(cannot_join(x.expr, y.expr, span)),
            },
            (Apply::Special(f), _) => self.special(*f, &values, span)?,
            (Apply::Square(f), [x]) => square(*f, name, x.expr, args[0].value.span)?,
            _ => self.sum(values[0].expr, args[0].value.span)?,
        };
        Ok(e.into())
    }

    /// A special function of values whose shapes fit. Errors: `SHAPE`, `SUPPORT` where numbers are outside its domain.
    fn special(&self, f: Special, values: &[Value], span: Span) -> Check<Expr> {
        let longest = values.iter().map(|v| v.expr).max_by_key(|e| matches!(e.shape(), Shape::Vector(_)));
        let mut args = vec![];
        for value in values {
            let whole = longest.unwrap_or(value.expr);
            match shapes::lift(value.expr, whole) {
                Some((arg, _)) => args.push(arg),
                None => return fail(cannot_join(value.expr, whole, span)),
            }
        }
        let numbers: Option<Vec<f64>> = args.iter().map(|x| self.constant((*x).into())).collect();
        match numbers.filter(|x| !self.is_known() && f.value(x).is_nan()) {
            Some(x) => {
                let written: Vec<String> = x.iter().map(f64::to_string).collect();
                fail(self.undefined(&format!("`{}` has no value at {}", f.name(), written.join(", ")), span))
            }
            None => Ok(Expr::special(f, &args)),
        }
    }

    fn sum(&self, e: Expr, span: Span) -> Check<Expr> {
        match e.shape() {
            Shape::Vector(dim) if !self.in_data() => Ok(e.sum(dim)),
            Shape::Vector(_) => fail(
                Diagnostic::new(codes::SHAPE, "`sum` would add up the rows of a column")
                    .at(span, "a column")
                    .help("a column is computed element by element; sum inside the model instead"),
            ),
            shape => fail(
                Diagnostic::new(codes::SHAPE, format!("`sum` adds up a vector, and this is {}", shapes::words(shape)))
                    .at(span, "not a vector")
                    .help("give what is summed a length, such as `x: real[K]`"),
            ),
        }
    }

    fn inline(&mut self, decl: &FnDecl, scope: &Scope, args: &[Arg], span: Span) -> Check<Meaning> {
        let inner = self.bind(&decl.name, &decl.formals, scope, args, span)?;
        self.enter(&decl.name)?;
        let outside = std::mem::replace(&mut self.in_function, true);
        let result = self.body(decl, inner);
        self.in_function = outside;
        self.open.pop();
        result.map_err(|problems| self.called_here(problems, decl.span, span))
    }

    /// The value of a function whose parameters are bound.
    pub fn body(&mut self, decl: &FnDecl, mut scope: Scope) -> Check<Meaning> {
        let meaning = self.meaning(&scope, &decl.body)?;
        match (&decl.result, meaning) {
            (Some(ty), Meaning::Value(value)) => {
                let support = self.support(&scope, ty)?;
                self.bind_shape(&mut scope, ty, value, &decl.name.text, decl.body.span)?;
                self.not_outside(value, support, &decl.name, decl.body.span)?;
                Ok(Meaning::Value(Value::claimed(value.expr, support)))
            }
            (_, meaning) => Ok(meaning),
        }
    }

    /// Marks a function or layer as being inlined. Errors: `CYCLE`, when it is already.
    pub fn enter(&mut self, name: &Name) -> Check<()> {
        if let Some(first) = self.open.iter().position(|n| n.span == name.span) {
            return fail(circular(&self.open[first..].iter().collect::<Vec<_>>()));
        }
        self.open.push(name.clone());
        Ok(())
    }

    /// The scope inside a declaration that is called with these arguments.
    pub fn bind(&mut self, callee: &Name, formals: &[Formal], scope: &Scope, args: &[Arg], call: Span) -> Check<Scope> {
        let given = arrange(callee, formals, args, call)?;
        let argument =
            |(formal, term): (&Formal, &Option<&Term>)| term.map(|t| (self.argument(formal, scope, t), t.span));
        let meanings: Vec<Option<(Check<Meaning>, Span)>> = formals.iter().zip(&given).map(argument).collect();
        let mut inner = Scope::default();
        let bound = formals.iter().zip(meanings).map(|(formal, meaning)| {
            let (meaning, span) = match (meaning, &formal.default) {
                (Some(given), _) => given,
                (None, Some(default)) => (self.argument(formal, &inner, default), default.span),
                (None, None) => (told_already(), call),
            };
            let fitted = meaning.and_then(|m| self.fit(callee, formal, m, &mut inner, span));
            match fitted {
                Ok(meaning) => inner.insert(&formal.name.text, meaning),
                Err(problems) => {
                    inner.broken(&formal.name.text);
                    return Err(problems);
                }
            }
            Ok(())
        });
        all(bound.collect::<Vec<_>>())?;
        Ok(inner)
    }

    /// An argument as the parameter's type has it.
    fn fit(&mut self, callee: &Name, formal: &Formal, m: Meaning, inner: &mut Scope, span: Span) -> Check<Meaning> {
        self.is_of_kind(callee, formal, &m, inner, span)?;
        let (Some(ty), &Meaning::Value(value)) = (&formal.ty, &m) else { return Ok(m) };
        let support = self.support(inner, ty)?;
        self.bind_shape(inner, ty, value, &formal.name.text, span)?;
        self.lies_in(value, support, Where { formal: &formal.name.text, callee: &callee.text, span })?;
        Ok(Meaning::Value(Value { claim: value.claim.or(Some(support)), ..value }))
    }
}

fn square(f: fn(Expr) -> Expr, name: &str, e: Expr, span: Span) -> Check<Expr> {
    match e.shape() {
        Shape::Matrix(rows, columns) if rows == columns => Ok(f(e)),
        shape => fail(
            Diagnostic::new(
                codes::SHAPE,
                format!("`{name}` takes a square matrix, and this is {}", shapes::words(shape)),
            )
            .at(span, "not a square matrix")
            .help("declare it with two equal lengths, as in `real[K, K]`"),
        ),
    }
}

/// Why a function has no value at any value its argument can take. Where one has a value, it has one further up.
fn never_defined(function: &Function, argument: Value) -> Option<String> {
    let (name, upper) = (function.name, argument.expr.range().upper);
    match argument.constant() {
        Some(x) => (!(function.defined_at)(x)).then(|| format!("`{name}` has no value at {x}")),
        None if upper.is_nan() || (function.defined_at)(upper) => None,
        None => Some(format!("`{name}` has no value here: what it is applied to is never above {upper}")),
    }
}

/// The argument for each parameter, `None` where its default is taken. Errors: `ARGUMENTS`.
pub fn arrange<'a>(callee: &Name, formals: &[Formal], args: &'a [Arg], call: Span) -> Check<Vec<Option<&'a Term>>> {
    let mut given: Vec<Option<&Term>> = vec![None; formals.len()];
    let mut named = false;
    let placed = args.iter().enumerate().map(|(i, arg)| {
        named |= arg.name.is_some();
        let at = match &arg.name {
            Some(name) => formals.iter().position(|f| print::alike(&f.name.text, &name.text)),
            None if named => return fail(after_named(arg)),
            None => (i < formals.len()).then_some(i),
        };
        match at.map(|at| given[at].replace(&arg.value)) {
            None => fail(no_such_argument(callee, formals, arg)),
            Some(Some(first)) => fail(given_twice(first, arg)),
            Some(None) => Ok(()),
        }
    });
    all(placed.collect::<Vec<_>>())?;
    let missing = |(f, g): &(&Formal, &Option<&Term>)| f.default.is_none() && g.is_none();
    let missing: Vec<&str> = formals.iter().zip(&given).filter(missing).map(|(f, _)| f.name.text.as_str()).collect();
    if missing.is_empty() { Ok(given) } else { fail(too_few(callee, formals, &missing, call)) }
}

/// What goes wrong because of how a declaration is called.
const OF_CALLS: &[Code] =
    &[codes::WRONG_KIND, codes::SHAPE, codes::SIZE, codes::SUPPORT, codes::TOO_LARGE, codes::NO_VALUE];

impl Evaluator<'_> {
    /// Adds where the call was to what went wrong inside the called declaration. The library is right, so that a
    /// problem inside it is one of the call.
    pub fn called_here(&self, problems: Problems, inside: Span, call: Span) -> Problems {
        let within = |span: &Span| span.file == inside.file && span.start >= inside.start && span.end <= inside.end;
        let from_program = self.declarations.is_library(inside.file) && !self.declarations.is_library(call.file);
        let mut marked = Problems::new();
        for mut problem in problems.iter().cloned() {
            let place = problem.primary.take();
            let (label, moves) = ("called here".to_string(), from_program && OF_CALLS.contains(&problem.code));
            match place {
                Some(place) if within(&place.0) && moves => {
                    problem.related.push(place);
                    problem.primary = Some((call, label));
                }
                Some(place) => {
                    let new = within(&place.0) && OF_CALLS.contains(&problem.code);
                    if new && problem.related.iter().all(|(_, l)| *l != label) {
                        problem.related.push((call, label));
                    }
                    problem.primary = Some(place);
                }
                None => {}
            }
            marked.push(problem);
        }
        marked
    }
}

/// The declared names a declaration is called with, for messages: `gaussian(mu, sigma = …)`.
fn signature(callee: &str, formals: &[Formal]) -> String {
    let each = |f: &Formal| if f.default.is_some() { format!("{} = …", f.name.text) } else { f.name.text.clone() };
    format!("{callee}({})", formals.iter().map(each).collect::<Vec<_>>().join(", "))
}

fn too_few(callee: &Name, formals: &[Formal], missing: &[&str], call: Span) -> Diagnostic {
    let names = missing.join("` and `");
    Diagnostic::new(codes::ARGUMENTS, format!("`{}` is called without `{names}`", callee.text))
        .at(call, format!("`{names}` missing"))
        .help(format!("write `{}`", signature(&callee.text, formals)))
}

fn no_such_argument(callee: &Name, formals: &[Formal], arg: &Arg) -> Diagnostic {
    let (message, span, label) = match &arg.name {
        Some(name) => (format!("`{}` takes no argument `{}`", callee.text, name.text), name.span, "not a parameter"),
        None => (format!("`{}` takes {}", callee.text, counted(formals.len())), arg.value.span, "one too many"),
    };
    let problem = Diagnostic::new(codes::ARGUMENTS, message).at(span, label);
    let names = formals.iter().map(|f| f.name.text.as_str());
    match (&arg.name, formals.is_empty()) {
        (_, true) => problem.help(format!("leave it out: `{}` is declared without any", callee.text)),
        (Some(name), _) if did_you_mean(&name.text, names.clone()).is_some() => problem.suggest(&name.text, names),
        _ => problem.help(format!("write `{}`", signature(&callee.text, formals))),
    }
}

fn counted(count: usize) -> String {
    match count {
        0 => "no arguments".into(),
        1 => "one argument".into(),
        n => format!("{n} arguments"),
    }
}

fn after_named(arg: &Arg) -> Diagnostic {
    Diagnostic::new(codes::ARGUMENTS, "an argument without a name follows one with a name")
        .at(arg.value.span, "which parameter is this?")
        .help("name this argument too, or put it before the named ones")
}

fn given_twice(first: &Term, arg: &Arg) -> Diagnostic {
    Diagnostic::new(codes::ARGUMENTS, "one argument is given twice")
        .at(arg.value.span, "given again")
        .related(first.span, "first given here")
        .help("remove one of them")
}

fn wrong_count(name: &str, arity: usize, found: usize, span: Span) -> Diagnostic {
    let form = if arity == 1 { format!("{name}(x)") } else { format!("{name}(x, y)") };
    Diagnostic::new(codes::ARGUMENTS, format!("`{name}` takes {}, without names", counted(arity)))
        .at(span, format!("{found} given"))
        .help(format!("write `{form}`"))
}

fn not_callable(callee: &Name, what: &str) -> Diagnostic {
    Diagnostic::new(codes::WRONG_KIND, format!("`{}` is {what} and cannot be called", callee.text))
        .at(callee.span, "not a function")
        .help("leave out the brackets, or multiply with `*`")
}

fn likelihood_as_value(callee: &Name) -> Diagnostic {
    let name = &callee.text;
    Diagnostic::new(codes::WRONG_KIND, format!("`{name}` is a likelihood, and a value is needed here"))
        .at(callee.span, "has no value of its own")
        .help(format!("declare a random variable, `h ~ {name}(…)`, and use `h`; in data write `draw {name}(…)`"))
}

fn stray_randomness(callee: &Name) -> Diagnostic {
    Diagnostic::new(codes::RANDOMNESS, format!("`{}()` can only name the randomness of a draw", callee.text))
        .at(callee.span, "not in a `where` of `draw`")
        .help(format!("inside a likelihood: `draw = … u … where u ~ {}()`", callee.text))
}

/// Each of these names needs the next, and the last one the first. Which of them comes first in the text opens the
/// message, so that a circle that is found twice is told once.
pub fn circular(circle: &[&Name]) -> Diagnostic {
    let start = (0..circle.len()).min_by_key(|i| circle[*i].span).unwrap_or(0);
    let path: Vec<&Name> = circle.iter().cycle().skip(start).take(circle.len() + 1).copied().collect();
    let shown: Vec<&str> = path.iter().map(|n| n.text.as_str()).collect();
    let problem = Diagnostic::new(codes::CYCLE, format!("`{}` depends on itself: {}", shown[0], shown.join(" → ")));
    problem.at(path[0].span, "needs its own value").help("break the circle; there is no recursion in this language")
}
