//! The settings `optimizer` and `sparsity`: which one, and its numbers.

use super::settings::{Reader, Taken, refuse};
use crate::diag::{Diagnostic, codes};
use crate::model::{Optimizer, Sparsity};
use crate::source::Span;
use crate::syntax::ast::{Arg, Name, Term, TermKind};

/// A number that a setting takes: its name, what it is if not given, and which values it can have.
type Knob = (&'static str, f64, Bound);

#[derive(Clone, Copy)]
enum Bound {
    Positive,
    Share,
}

impl Bound {
    fn holds(self, x: f64) -> bool {
        match self {
            Bound::Positive => x > 0.0,
            Bound::Share => (0.0..1.0).contains(&x),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Bound::Positive => "above 0",
            Bound::Share => "from 0 to below 1",
        }
    }
}

const SGD: [Knob; 2] = [("rate", 0.1, Bound::Positive), ("momentum", 0.0, Bound::Share)];
const ADAM: [Knob; 4] = [
    ("rate", 0.001, Bound::Positive),
    ("beta1", 0.9, Bound::Share),
    ("beta2", 0.999, Bound::Share),
    ("epsilon", 1e-8, Bound::Positive),
];

const PENALTY: [Knob; 2] = [("target", 0.1, Bound::Share), ("weight", 1.0, Bound::Positive)];

impl Reader<'_, '_> {
    pub fn sparsity(&mut self, values: &[Term]) -> Taken<Sparsity> {
        let term = self.only(values)?;
        match &term.kind {
            TermKind::Call { callee, args } if callee.text == "penalty" => {
                let [target, weight] = self.knobs(callee, args, PENALTY)?;
                Ok(Sparsity { target, weight })
            }
            _ => refuse(term.span, "`sparsity` takes a penalty with its numbers in brackets", "no penalty"),
        }
    }

    /// The optimizer, with the first rate where there is a list of them, and the list.
    pub fn optimizers(&mut self, values: &[Term]) -> Taken<(Optimizer, Vec<(f64, Span)>)> {
        let term = self.only(values)?;
        let TermKind::Call { callee, args } = &term.kind else {
            return refuse(term.span, "an optimizer stands with its numbers in brackets", "no brackets");
        };
        let is_rate = |arg: &Arg| arg.name.as_ref().is_none_or(|name| name.text == "rate");
        let lists = args.iter().enumerate().filter(|(_, arg)| is_rate(arg));
        let mut lists = lists.filter_map(|(at, arg)| Some((at, list_of(&arg.value)?)));
        let Some((at, items)) = lists.next() else { return Ok((self.optimizer(callee, args)?, vec![])) };
        let mut args = args.clone();
        let mut each = vec![];
        for item in items {
            args[at].value = item.clone();
            each.push((self.optimizer(callee, &args)?, item.span));
        }
        let Some((first, _)) = each.first() else {
            return refuse(args[at].value.span, "an empty list names no rate", "no rate");
        };
        Ok((*first, each.iter().map(|(optimizer, span)| (optimizer.rate(), *span)).collect()))
    }

    fn optimizer(&mut self, callee: &Name, args: &[Arg]) -> Taken<Optimizer> {
        match callee.text.as_str() {
            "sgd" => {
                let [rate, momentum] = self.knobs(callee, args, SGD)?;
                Ok(Optimizer::Sgd { rate, momentum })
            }
            "adam" => {
                let [rate, beta1, beta2, epsilon] = self.knobs(callee, args, ADAM)?;
                Ok(Optimizer::Adam { rate, beta1, beta2, epsilon })
            }
            name => {
                let error = Diagnostic::new(codes::BAD_SETTING, format!("there is no optimizer `{name}`"));
                Err(error.at(callee.span, "not known").suggest(name, ["sgd", "adam"]).into())
            }
        }
    }

    /// The values of named arguments, each given at most once; the first may stand without its name.
    fn knobs<const N: usize>(&mut self, callee: &Name, args: &[Arg], knobs: [Knob; N]) -> Taken<[f64; N]> {
        let mut values: [Option<f64>; N] = [None; N];
        for (i, arg) in args.iter().enumerate() {
            let at = place(callee, arg, i, &knobs)?;
            let (name, _, bound) = knobs[at];
            let value = self.number(&arg.value, name)?;
            if !bound.holds(value) {
                let message = format!("`{name}` is a number {}, and {value} is not", bound.words());
                return refuse(arg.value.span, message, "cannot be taken");
            }
            if values[at].replace(value).is_some() {
                return refuse(arg.value.span, format!("`{name}` is given twice"), "given again");
            }
        }
        Ok(std::array::from_fn(|i| values[i].unwrap_or(knobs[i].1)))
    }
}

/// What stands in a list.
fn list_of(term: &Term) -> Option<&[Term]> {
    if let TermKind::List(items) = &term.kind { Some(items) } else { None }
}

/// Which number an argument gives.
fn place(callee: &Name, arg: &Arg, index: usize, knobs: &[Knob]) -> Taken<usize> {
    let names = || knobs.iter().map(|(name, ..)| *name);
    match &arg.name {
        Some(name) => names().position(|known| known == name.text).ok_or_else(|| {
            let error = Diagnostic::new(codes::BAD_SETTING, format!("`{}` has no number `{}`", callee.text, name.text));
            error.at(name.span, "not known").suggest(&name.text, names()).into()
        }),
        None if index == 0 => Ok(0),
        None => refuse(arg.value.span, "all numbers but the first need their names", "which one is this?"),
    }
}
