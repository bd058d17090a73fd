//! The settings of a `train` declaration: one line of a table each.

use super::problem::{Check, all, fail};
use super::scope::Scope;
use super::terms::Evaluator;
use crate::diag::{Diagnostic, codes};
use crate::model::{Arm, GradientLaw, Optimizer, Select};
use crate::source::Span;
use crate::syntax::ast::{Arg, Name, Setting, Term, TermKind};

/// What can be set, with what holds where nothing is said.
pub struct Settings {
    pub epochs: usize,
    pub batch: usize,
    pub optimizer: Optimizer,
    pub seeds: Vec<u64>,
    pub arms: Vec<Arm>,
    pub select: Select,
    pub gradient: GradientLaw,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            epochs: 10,
            batch: 32,
            optimizer: Optimizer::Sgd { rate: 0.1, momentum: 0.0 },
            seeds: vec![1],
            arms: vec![Arm::None],
            select: Select::Drop,
            gradient: GradientLaw::Exact,
        }
    }
}

struct Rule {
    key: &'static str,
    /// What it can be, for messages.
    allowed: &'static str,
    /// `None` for values that are not allowed.
    read: fn(&mut Settings, &mut Reader, &[Term]) -> Option<()>,
}

const RULES: &[Rule] = &[
    Rule {
        key: "epochs",
        allowed: "a whole number from 1, as in `epochs 40`",
        read: |s, r, v| r.count(v).map(|n| s.epochs = n),
    },
    Rule {
        key: "batch",
        allowed: "a whole number from 1, as in `batch 100`",
        read: |s, r, v| r.count(v).map(|n| s.batch = n),
    },
    Rule {
        key: "optimizer",
        allowed: "`sgd(rate = 0.1, momentum = 0)` or `adam(rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8)`, \
                  with rates and epsilon above 0 and the others from 0 to below 1",
        read: |s, r, v| r.optimizer(v).map(|o| s.optimizer = o),
    },
    Rule {
        key: "seeds",
        allowed: "different whole numbers from 0, as in `seeds 1..10` or `seeds 3, 5, 8`; at most 10000",
        read: |s, r, v| r.seeds(v).map(|seeds| s.seeds = seeds),
    },
    Rule {
        key: "compare",
        allowed: "different ones of `none`, `blind`, `nem`, `anti`, as in `compare none, nem`",
        read: |s, _, v| distinct(words(v, ARMS)?).map(|arms| s.arms = arms),
    },
    Rule { key: "select", allowed: "`drop` or `reflect`", read: |s, _, v| word(v, SELECT).map(|x| s.select = x) },
    Rule {
        key: "gradient",
        allowed: "`exact` or `printed`",
        read: |s, _, v| word(v, GRADIENT).map(|x| s.gradient = x),
    },
];

pub const ARMS: &[(&str, Arm)] = &[("none", Arm::None), ("blind", Arm::Blind), ("nem", Arm::Nem), ("anti", Arm::Anti)];
const SELECT: &[(&str, Select)] = &[("drop", Select::Drop), ("reflect", Select::Reflect)];
const GRADIENT: &[(&str, GradientLaw)] = &[("exact", GradientLaw::Exact), ("printed", GradientLaw::Printed)];

/// How many seeds one `train` may have.
const MOST_SEEDS: f64 = 10_000.0;

/// Reads all settings. Errors: `UNKNOWN_SETTING`, `BAD_SETTING`, `DUPLICATE_NAME`.
pub fn settings(evaluator: &mut Evaluator, given: &[Setting]) -> Check<Settings> {
    let options: Vec<(&Name, &[Term], Span)> = given.iter().filter_map(option).collect();
    let mut settings = Settings::default();
    let mut reader = Reader { evaluator };
    let read = options.iter().enumerate().map(|(i, (key, values, span))| {
        if let Some((first, ..)) = options[..i].iter().find(|(first, ..)| first.text == key.text) {
            return fail(set_twice(key, first));
        }
        let Some(rule) = RULES.iter().find(|r| r.key == key.text) else { return fail(unknown(key)) };
        (rule.read)(&mut settings, &mut reader, values).map_or_else(|| fail(bad(rule, *span)), Ok)
    });
    all(read.collect::<Vec<_>>())?;
    Ok(settings)
}

fn option(setting: &Setting) -> Option<(&Name, &[Term], Span)> {
    match setting {
        Setting::Option { key, values, span } => Some((key, values, *span)),
        Setting::Noise(_) => None,
    }
}

/// Where a setting stands, for warnings about it.
pub fn span_of(given: &[Setting], key: &str) -> Option<Span> {
    given.iter().filter_map(option).find(|(name, ..)| name.text == key).map(|(_, _, span)| span)
}

struct Reader<'a, 'd> {
    evaluator: &'a mut Evaluator<'d>,
}

impl Reader<'_, '_> {
    fn number(&mut self, term: &Term) -> Option<f64> {
        self.evaluator.number(&Scope::default(), term).ok().filter(|x| x.is_finite())
    }

    fn whole(&mut self, term: &Term) -> Option<f64> {
        self.number(term).filter(|n| *n >= 0.0 && n.fract() == 0.0 && *n < 9e15)
    }

    fn count(&mut self, values: &[Term]) -> Option<usize> {
        let [term] = values else { return None };
        self.whole(term).filter(|n| *n >= 1.0).map(|n| n as usize)
    }

    fn seeds(&mut self, values: &[Term]) -> Option<Vec<u64>> {
        let mut seeds = vec![];
        for term in values {
            let (first, last) = match &term.kind {
                TermKind::Range(first, last) => (self.whole(first)?, self.whole(last)?),
                _ => (self.whole(term)?, self.whole(term)?),
            };
            if last < first || last - first >= MOST_SEEDS - seeds.len() as f64 {
                return None;
            }
            seeds.extend(first as u64..=last as u64);
        }
        distinct(seeds)
    }

    fn optimizer(&mut self, values: &[Term]) -> Option<Optimizer> {
        let [Term { kind: TermKind::Call { callee, args }, .. }] = values else { return None };
        let share = |x: f64| (0.0..1.0).contains(&x);
        match callee.text.as_str() {
            "sgd" => {
                let [rate, momentum] = self.numbers(args, [("rate", 0.1), ("momentum", 0.0)])?;
                (rate > 0.0 && share(momentum)).then_some(Optimizer::Sgd { rate, momentum })
            }
            "adam" => {
                let names = [("rate", 0.001), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8)];
                let [rate, beta1, beta2, epsilon] = self.numbers(args, names)?;
                let good = rate > 0.0 && epsilon > 0.0 && share(beta1) && share(beta2);
                good.then_some(Optimizer::Adam { rate, beta1, beta2, epsilon })
            }
            _ => None,
        }
    }

    /// The values of named arguments, each given at most once; the first may stand without its name.
    fn numbers<const N: usize>(&mut self, args: &[Arg], names: [(&str, f64); N]) -> Option<[f64; N]> {
        let mut values: [Option<f64>; N] = [None; N];
        for (i, arg) in args.iter().enumerate() {
            let at = match &arg.name {
                Some(name) => names.iter().position(|(known, _)| *known == name.text)?,
                None if i == 0 => 0,
                None => return None,
            };
            let value = self.number(&arg.value)?;
            if values.get_mut(at)?.replace(value).is_some() {
                return None;
            }
        }
        Some(std::array::from_fn(|i| values[i].unwrap_or(names[i].1)))
    }
}

fn words<T: Copy>(values: &[Term], known: &[(&str, T)]) -> Option<Vec<T>> {
    values.iter().map(|term| word(std::slice::from_ref(term), known)).collect()
}

fn word<T: Copy>(values: &[Term], known: &[(&str, T)]) -> Option<T> {
    let [Term { kind: TermKind::Name(name), .. }] = values else { return None };
    known.iter().find(|(word, _)| word == name).map(|(_, value)| *value)
}

fn distinct<T: PartialEq>(list: Vec<T>) -> Option<Vec<T>> {
    let again = |i: usize| list[..i].contains(&list[i]);
    (!(0..list.len()).any(again)).then_some(list)
}

fn set_twice(key: &Name, first: &Name) -> Diagnostic {
    Diagnostic::new(codes::DUPLICATE_NAME, format!("`{}` is set twice", key.text))
        .at(key.span, "set again here")
        .related(first.span, "first set here")
        .help("remove one of them")
}

fn unknown(key: &Name) -> Diagnostic {
    Diagnostic::new(codes::UNKNOWN_SETTING, format!("`{}` is not a setting of `train`", key.text))
        .at(key.span, "not known")
        .suggest(&key.text, RULES.iter().map(|r| r.key).chain(["noise"]))
}

fn bad(rule: &Rule, span: Span) -> Diagnostic {
    Diagnostic::new(codes::BAD_SETTING, format!("`{}` cannot take this value", rule.key))
        .at(span, "not allowed")
        .help(format!("allowed: {}", rule.allowed))
}
