//! A likelihood whose arguments are numbers: its density, score, mean and draws.

use super::numbers::{DIGITS, one_line};
use crate::check;
use crate::diag::{Diagnostic, codes};
use crate::expr::{Bindings, Dim, Domain, Expr, Shape, Trace, Value, evaluate, gradient, print, simplify, tidy};
use crate::model::{Bound, Formal};
use crate::plan::FillKind;
use crate::sample::Random;
use crate::source::Span;
use crate::train::stop;

pub struct Distribution(pub check::Distribution);

/// An outcome: its letter, and the letters' values.
pub struct Outcome {
    letter: Expr,
    values: Bindings,
}

impl Distribution {
    pub fn name(&self) -> &str {
        &self.0.instance.likelihood.name
    }

    /// `gaussian(mu = 0, sigma = 1)`
    pub fn written(&self) -> String {
        let formals = self.0.instance.likelihood.formals.iter();
        let args = formals.filter_map(|f| Some(format!("{} = {}", f.name, one_line(&self.argument(&f.name)?, DIGITS))));
        format!("{}({})", self.name(), args.collect::<Vec<_>>().join(", "))
    }

    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.0.instance.likelihood.formals.iter().map(|f| f.name.as_str())
    }

    /// Those that a score speaks of.
    pub fn scored(&self) -> impl Iterator<Item = &str> {
        let formals = self.0.instance.likelihood.formals.iter();
        formals.filter(|f| is_smooth(f)).map(|f| f.name.as_str())
    }

    /// The value of a parameter.
    pub fn argument(&self, name: &str) -> Option<Value> {
        let at = self.parameters().position(|parameter| print::alike(parameter, name))?;
        evaluate(self.0.instance.args[at], &self.0.values).ok()
    }

    /// `real (any number)`
    pub fn support_in_words(&self) -> String {
        let support = self.0.instance.support();
        match self.shape() {
            Shape::Vector(Dim::Fixed(n)) if !support.is_vector() => {
                format!("{support}[{n}] ({}, {n} of them)", support.holds())
            }
            Shape::Vector(Dim::Fixed(n)) => format!("{support}[{n}] ({})", support.holds()),
            _ => format!("{support} ({})", support.holds()),
        }
    }

    fn shape(&self) -> Shape {
        match self.0.instance.likelihood.dim {
            None if self.0.width == 1 => Shape::Scalar,
            _ => Shape::Vector(Dim::Fixed(self.0.width)),
        }
    }

    fn letter(&self, shape: Shape) -> Expr {
        Expr::var(&self.0.instance.likelihood.outcome_name, shape, self.0.instance.likelihood.support.closure())
    }

    pub fn mean(&self) -> Option<Value> {
        let e = self.0.instance.mean(self.letter(self.shape()))?;
        let mean = self.worth(e, &self.0.values);
        mean.numbers().iter().all(|x| x.is_finite()).then_some(mean)
    }

    /// An outcome of this distribution. Errors: `SHAPE`, `SUPPORT`.
    pub fn outcome(&self, y: Value, span: Span) -> Result<Outcome, Diagnostic> {
        let y = self.repeated(y);
        let shape = self.shape_with(&y).ok_or_else(|| self.other_shape(&y, span))?;
        let letter = self.letter(shape);
        let mut values = self.0.values.clone();
        values.insert(letter, y.clone());
        let outcome = Outcome { letter, values };
        if self.holds(&outcome, &y) { Ok(outcome) } else { Err(self.outside(&y, span)) }
    }

    /// A number repeats along independent outcomes.
    fn repeated(&self, y: Value) -> Value {
        match (self.shape(), y) {
            (Shape::Vector(Dim::Fixed(n)), Value::Scalar(x)) if n == 1 || self.0.instance.likelihood.dim.is_none() => {
                Value::Vector(vec![x; n])
            }
            (_, y) => y,
        }
    }

    /// The shape of an outcome: several of a distribution of one number are independent.
    fn shape_with(&self, y: &Value) -> Option<Shape> {
        match (self.shape(), y) {
            (Shape::Scalar, Value::Scalar(_)) => Some(Shape::Scalar),
            (Shape::Scalar, Value::Vector(v)) if self.0.instance.likelihood.takes_several() => {
                Some(Shape::Vector(Dim::Fixed(v.len())))
            }
            (shape, Value::Vector(v)) => (shape == Shape::Vector(Dim::Fixed(v.len()))).then_some(shape),
            _ => None,
        }
    }

    fn holds(&self, outcome: &Outcome, y: &Value) -> bool {
        let inside = |bound: &Bound| {
            let room = match *bound {
                Bound::Lower(end) => outcome.letter - end,
                Bound::Upper(end) => end - outcome.letter,
                Bound::Total(_) => return true,
            };
            self.worth(room, &outcome.values).numbers().iter().all(|x| *x >= 0.0)
        };
        let Distribution(check::Distribution { instance, .. }) = self;
        let bounds = instance.likelihood.bounds_at(outcome.letter, &instance.args);
        instance.support().contains_row(y.numbers()) && bounds.iter().all(inside)
    }

    /// ln f(y); −∞ where the density is 0.
    pub fn log_density(&self, outcome: &Outcome) -> f64 {
        self.worth(self.0.instance.log_density(outcome.letter), &outcome.values).scalar()
    }

    /// P(Y ≤ y), component by component.
    pub fn cdf(&self, outcome: &Outcome) -> Option<Value> {
        let Distribution(check::Distribution { instance, .. }) = self;
        let e = instance.likelihood.apply(instance.likelihood.cdf?, outcome.letter, &instance.args);
        Some(self.worth(e, &outcome.values))
    }

    /// ∂ ln f/∂θ for each parameter that can change by a little, from the derived gradient.
    pub fn score(&self, outcome: &Outcome) -> Vec<(String, Value)> {
        let Distribution(check::Distribution { instance, values, .. }) = self;
        let likelihood = &instance.likelihood;
        let letters = likelihood.formals.iter().zip(&instance.args);
        let letters: Vec<Expr> =
            letters.map(|(f, arg)| Expr::var(&f.name, arg.shape(), f.support.interior())).collect();
        let mut at = outcome.values.clone();
        at.extend(letters.iter().zip(&instance.args).map(|(letter, arg)| (*letter, self.worth(*arg, values))));
        let trace = &mut Trace::default();
        let ln_f = tidy(likelihood.log_density_at(outcome.letter, &letters), trace);
        let smooth = likelihood.formals.iter().zip(&letters).filter(|(f, _)| is_smooth(f));
        smooth.map(|(f, letter)| (f.name.clone(), self.worth(tidy(gradient(ln_f, *letter), trace), &at))).collect()
    }

    /// Draws, one below the other, as many as there are until somebody asks to stop; one alone where no count is
    /// given. `None` where the likelihood says nothing of draws.
    pub fn draw(&self, count: Option<usize>, random: &mut Random) -> Option<Value> {
        let shape = self.shape();
        let draw = self.0.instance.likelihood.draw.as_ref()?;
        let letters: Vec<(Expr, FillKind)> =
            draw.randomness.iter().map(|(_, kind)| (Expr::var("u", shape, Domain::REAL), *kind)).collect();
        let pairs: Vec<(Expr, Expr)> =
            draw.randomness.iter().zip(&letters).map(|((old, _), (new, _))| (*old, *new)).collect();
        let drawn = simplify(self.0.instance.drawn(self.letter(shape), &pairs)?, &mut Trace::default());
        let mut one = || {
            let mut values = self.0.values.clone();
            values.extend(letters.iter().map(|(letter, kind)| (*letter, randomness(*kind, shape, random))));
            evaluate(drawn, &values).unwrap_or(Value::Scalar(f64::NAN))
        };
        let Some(count) = count else { return Some(one()) };
        let draws: Vec<Value> = (0..count).take_while(|_| !stop::is_requested()).map(|_| one()).collect();
        let (count, draws) = (draws.len(), draws.iter().flat_map(Value::numbers).copied().collect());
        Some(match shape {
            Shape::Vector(Dim::Fixed(n)) => Value::Matrix(count, n, draws),
            _ => Value::Vector(draws),
        })
    }

    fn worth(&self, e: Expr, values: &Bindings) -> Value {
        evaluate(simplify(e, &mut Trace::default()), values).unwrap_or(Value::Scalar(f64::NAN))
    }

    fn other_shape(&self, y: &Value, span: Span) -> Diagnostic {
        let wanted = match self.shape() {
            Shape::Vector(Dim::Fixed(n)) => format!("a vector of length {n}"),
            _ => "a number".into(),
        };
        let found = match y {
            Value::Scalar(_) => "a number".to_string(),
            Value::Vector(v) => format!("a vector of length {}", v.len()),
            Value::Matrix(rows, columns, _) => format!("a {rows} × {columns} matrix"),
        };
        Diagnostic::new(codes::SHAPE, format!("an outcome of `{}` is {wanted} here, and this is {found}", self.name()))
            .at(span, found)
            .help(format!("give {wanted}"))
    }

    fn outside(&self, y: &Value, span: Span) -> Diagnostic {
        let support = self.0.instance.support();
        let message = format!("{} lies outside the support of `{}`", one_line(y, DIGITS), self.name());
        let error = Diagnostic::new(codes::SUPPORT, message);
        if support.contains_row(y.numbers()) {
            let error = error.at(span, "beyond an end that the arguments set");
            return error.help(format!("the arguments are those of `{}`", self.written()));
        }
        error.at(span, format!("outside `{support}`")).help(format!("`{support}` holds {}", support.holds()))
    }
}

/// Whether a parameter can change by a little.
fn is_smooth(formal: &Formal) -> bool {
    !formal.support.is_discrete()
}

fn randomness(kind: FillKind, shape: Shape, random: &mut Random) -> Value {
    let mut number = || match kind {
        FillKind::StandardNormal => random.normal(),
        FillKind::StandardUniform => random.uniform(),
    };
    match shape {
        Shape::Vector(Dim::Fixed(n)) => Value::Vector((0..n).map(|_| number()).collect()),
        _ => Value::Scalar(number()),
    }
}
