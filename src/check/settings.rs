//! The settings of a `train` declaration: one line of a table each.

use super::problem::{Check, all, fail};
use super::scope::Scope;
use super::terms::Evaluator;
use crate::diag::{Diagnostic, codes};
use crate::model::{Arm, Compared, EStep, GradientLaw, Method, Optimizer, Renormalise, Select, Sparsity};
use crate::source::Span;
use crate::syntax::ast::{Arg, Name, Setting, Term, TermKind};

/// What can be set, with what holds where nothing is said.
pub struct Settings {
    pub epochs: usize,
    pub batch: usize,
    /// With the first of its rates.
    pub optimizer: Optimizer,
    /// The rates of a list; none where one number stands.
    pub rates: Vec<(f64, Span)>,
    pub seeds: Vec<u64>,
    pub compared: Vec<Compared>,
    pub select: Select,
    pub estep: EStep,
    pub method: Method,
    pub sparsity: Option<Sparsity>,
    pub normaliser: Renormalise,
    pub checkpoints: usize,
    pub audit: bool,
    pub gradient: GradientLaw,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            epochs: 10,
            batch: 32,
            optimizer: Optimizer::Sgd { rate: 0.1, momentum: 0.0 },
            rates: vec![],
            seeds: vec![1],
            compared: vec![Compared { arm: Arm::None, pretrained: false }],
            select: Select::Drop,
            estep: EStep::MeanField,
            method: Method::ContrastiveDivergence(1),
            sparsity: None,
            normaliser: Renormalise::Shared,
            checkpoints: 0,
            audit: false,
            gradient: GradientLaw::Exact,
        }
    }
}

struct Rule {
    key: &'static str,
    /// How it looks, for messages.
    form: &'static str,
    read: fn(&mut Settings, &mut Reader, &[Term]) -> Taken<()>,
}

const RULES: &[Rule] = &[
    Rule { key: "epochs", form: "epochs 40", read: |s, r, v| r.count(v).map(|n| s.epochs = n) },
    Rule { key: "batch", form: "batch 100", read: |s, r, v| r.count(v).map(|n| s.batch = n) },
    Rule {
        key: "optimizer",
        form: "optimizer sgd(rate = 0.1, momentum = 0.9)` or `optimizer adam(rate = 0.001)",
        read: |s, r, v| r.optimizers(v).map(|(first, rates)| (s.optimizer, s.rates) = (first, rates)),
    },
    Rule {
        key: "seeds",
        form: "seeds 1..10` or `seeds 3, 5, 8",
        read: |s, r, v| r.seeds(v).map(|seeds| s.seeds = seeds),
    },
    Rule { key: "compare", form: "compare none, nem", read: |s, r, v| r.compared(v).map(|list| s.compared = list) },
    Rule {
        key: "select",
        form: "select drop`, `select reflect`, `select resample(16)` or `select best_of(8)",
        read: |s, r, v| r.way(v, SELECT).map(|x| s.select = x),
    },
    Rule {
        key: "estep",
        form: "estep mean_field`, `estep importance(10)` or `estep exact",
        read: |s, r, v| r.way(v, ESTEP).map(|x| s.estep = x),
    },
    Rule {
        key: "method",
        form: "method contrastive_divergence(1)`, `method persistent(1)`, `method mean_field(1)`, `method exact` or `method hebbian",
        read: |s, r, v| r.way(v, METHOD).map(|x| s.method = x),
    },
    Rule {
        key: "normaliser",
        form: "normaliser shared`, `normaliser exact` or `normaliser sampled(100)",
        read: |s, r, v| r.way(v, NORMALISER).map(|x| s.normaliser = x),
    },
    Rule {
        key: "sparsity",
        form: "sparsity penalty(0.05, weight = 1)",
        read: |s, r, v| r.sparsity(v).map(|x| s.sparsity = Some(x)),
    },
    Rule { key: "checkpoints", form: "checkpoints 10", read: |s, r, v| r.count(v).map(|n| s.checkpoints = n) },
    Rule {
        key: "audit",
        form: "audit 10",
        read: |s, r, v| r.count(v).map(|n| (s.checkpoints, s.audit) = (s.checkpoints.max(n), true)),
    },
    Rule {
        key: "gradient",
        form: "gradient exact` or `gradient printed",
        read: |s, r, v| r.word(v, GRADIENT).map(|x| s.gradient = x),
    },
];

/// What can be set, by name.
pub fn keys() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.key)
}

/// A value that was read, or why it cannot be taken; help that is missing says how the setting looks.
pub type Taken<T> = Result<T, Box<Diagnostic>>;

pub const ARMS: &[(&str, Arm)] =
    &[("none", Arm::None), ("blind", Arm::Blind), ("nem", Arm::Nem), ("anti", Arm::Anti), ("ascent", Arm::Ascent)];
/// Beside an arm: the network starts from pretrained energies.
const PRETRAINED: &str = "pretrained";
const SELECT: &[Way<Select>] = &[
    ("drop", Named::Plain(Select::Drop)),
    ("reflect", Named::Plain(Select::Reflect)),
    ("resample", Named::Counted("draws", Some(16), 64, Select::Resample)),
    ("best_of", Named::Counted("draws", None, 64, Select::BestOf)),
];
const ESTEP: &[Way<EStep>] = &[
    ("mean_field", Named::Plain(EStep::MeanField)),
    ("importance", Named::Counted("samples", None, 10_000, EStep::Importance)),
    ("exact", Named::Plain(EStep::Exact)),
];
const METHOD: &[Way<Method>] = &[
    ("contrastive_divergence", Named::Counted("steps", Some(1), 1000, Method::ContrastiveDivergence)),
    ("persistent", Named::Counted("steps", Some(1), 1000, Method::Persistent)),
    ("mean_field", Named::Counted("rounds", Some(1), 1000, Method::MeanField)),
    ("exact", Named::Plain(Method::Exact)),
    ("hebbian", Named::Plain(Method::Hebbian)),
];
const NORMALISER: &[Way<Renormalise>] = &[
    ("shared", Named::Plain(Renormalise::Shared)),
    ("exact", Named::Plain(Renormalise::Exact)),
    ("sampled", Named::Counted("chains", Some(100), 10_000, Renormalise::Sampled)),
];
const GRADIENT: &[(&str, GradientLaw)] = &[("exact", GradientLaw::Exact), ("printed", GradientLaw::Printed)];

/// A word for a way of doing something.
type Way<T> = (&'static str, Named<T>);

/// What a word stands for.
#[derive(Clone, Copy)]
enum Named<T> {
    Plain(T),
    /// It takes a count: what it is called, the one that holds where none is given, the largest, and what it gives.
    Counted(&'static str, Option<usize>, usize, fn(usize) -> T),
}

/// How many seeds one `train` may have.
const MOST_SEEDS: f64 = 10_000.0;

/// Reads all settings. Errors: `UNKNOWN_SETTING`, `BAD_SETTING`, `DUPLICATE_NAME`.
pub fn settings(evaluator: &mut Evaluator, given: &[Setting]) -> Check<Settings> {
    let options: Vec<(&Name, &[Term], Span)> = given.iter().filter_map(option).collect();
    let mut settings = Settings::default();
    let read = options.iter().enumerate().map(|(i, (key, values, span))| {
        if let Some((first, ..)) = options[..i].iter().find(|(first, ..)| first.text == key.text) {
            return fail(set_twice(key, first));
        }
        let Some(rule) = RULES.iter().find(|r| r.key == key.text) else {
            return fail(unknown(key, "train", keys().chain(["noise", "pretrain"])));
        };
        let mut reader = Reader { evaluator, key: rule.key, span: *span };
        (rule.read)(&mut settings, &mut reader, values).or_else(|refused| fail(with_form(*refused, rule)))
    });
    all(read.collect::<Vec<_>>())?;
    Ok(settings)
}

fn option(setting: &Setting) -> Option<(&Name, &[Term], Span)> {
    match setting {
        Setting::Option { key, values, span } => Some((key, values, *span)),
        Setting::Noise(_) | Setting::Pretrain(_) => None,
    }
}

/// Where a setting stands, for warnings about it.
pub fn span_of(given: &[Setting], key: &str) -> Option<Span> {
    given.iter().filter_map(option).find(|(name, ..)| name.text == key).map(|(_, _, span)| span)
}

/// Reads the values of one setting.
pub struct Reader<'a, 'd> {
    evaluator: &'a mut Evaluator<'d>,
    key: &'static str,
    span: Span,
}

impl Reader<'_, '_> {
    pub fn only<'t>(&self, values: &'t [Term]) -> Taken<&'t Term> {
        match values {
            [term] => Ok(term),
            _ => refuse(self.span, format!("`{}` takes one value", self.key), "more than one"),
        }
    }

    pub fn number(&mut self, term: &Term, what: &str) -> Taken<f64> {
        let number = self.evaluator.number(&Scope::default(), term).ok().filter(|x| x.is_finite());
        number.map_or_else(|| refuse(term.span, format!("`{what}` needs a number here"), "not a number"), Ok)
    }

    fn whole(&mut self, term: &Term, least: f64) -> Taken<f64> {
        let n = self.number(term, self.key)?;
        if n >= least && n.fract() == 0.0 && n < 9e15 {
            return Ok(n);
        }
        refuse(
            term.span,
            format!("`{}` needs a whole number from {least}, and {n} is not one", self.key),
            "cannot be taken",
        )
    }

    fn count(&mut self, values: &[Term]) -> Taken<usize> {
        let term = self.only(values)?;
        self.whole(term, 1.0).map(|n| n as usize)
    }

    fn seeds(&mut self, values: &[Term]) -> Taken<Vec<u64>> {
        let mut seeds = vec![];
        for term in values {
            let (first, last) = match &term.kind {
                TermKind::Range(first, last) => (self.whole(first, 0.0)?, self.whole(last, 0.0)?),
                _ => self.whole(term, 0.0).map(|n| (n, n))?,
            };
            if last < first {
                let error = Diagnostic::new(codes::BAD_SETTING, format!("the seeds {first}..{last} run backwards"));
                return Err(error.at(term.span, "no seeds").help(format!("write `seeds {last}..{first}`")).into());
            }
            if last - first >= MOST_SEEDS - seeds.len() as f64 {
                return refuse(term.span, format!("there are more than {MOST_SEEDS} seeds"), "too many");
            }
            seeds.extend(first as u64..=last as u64);
        }
        self.distinct(seeds, |seed| seed.to_string())
    }

    fn compared(&self, values: &[Term]) -> Taken<Vec<Compared>> {
        let compared = values.iter().map(|term| self.one_compared(term)).collect::<Taken<Vec<_>>>()?;
        let name = |arm: Arm| ARMS.iter().find(|(_, a)| *a == arm).map_or("", |(name, _)| name);
        self.distinct(compared, |c| match (c.pretrained, c.arm) {
            (true, Arm::None) => PRETRAINED.to_string(),
            (true, arm) => format!("{PRETRAINED}({})", name(arm)),
            (false, arm) => name(arm).to_string(),
        })
    }

    /// `nem`, `pretrained`, or `pretrained(nem)`.
    fn one_compared(&self, term: &Term) -> Taken<Compared> {
        let known: Vec<(&str, Compared)> =
            ARMS.iter().map(|(name, arm)| (*name, Compared { arm: *arm, pretrained: false })).collect();
        match &term.kind {
            TermKind::Call { callee, args } if callee.text == PRETRAINED => match &args[..] {
                [Arg { name: None, value }] => self.one_word(value, ARMS).map(|arm| Compared { arm, pretrained: true }),
                _ => refuse(term.span, format!("`{PRETRAINED}` takes one arm"), "which arm?"),
            },
            _ => {
                let pretrained = (PRETRAINED, Compared { arm: Arm::None, pretrained: true });
                self.one_word(term, &[&known[..], &[pretrained]].concat())
            }
        }
    }

    fn word<T: Copy>(&self, values: &[Term], known: &[(&str, T)]) -> Taken<T> {
        self.one_word(self.only(values)?, known)
    }

    /// A word, with a count in brackets where it takes one.
    fn way<T: Copy>(&mut self, values: &[Term], known: &[Way<T>]) -> Taken<T> {
        let term = self.only(values)?;
        let (word, args) = match &term.kind {
            TermKind::Call { callee, args } => (callee.text.as_str(), &args[..]),
            TermKind::Name(name) => (name.as_str(), &[][..]),
            _ => return refuse(term.span, format!("`{}` takes a word", self.key), "not a word"),
        };
        let names = known.iter().map(|(word, _)| *word);
        let Some((_, named)) = known.iter().find(|(known, _)| *known == word) else {
            let error = Diagnostic::new(codes::BAD_SETTING, format!("`{}` does not know `{word}`", self.key));
            return Err(error.at(term.span, "not known").suggest(word, names).into());
        };
        match (*named, args) {
            (Named::Plain(value), []) => Ok(value),
            (Named::Plain(_), [first, ..]) => refuse(first.value.span, format!("`{word}` takes no number"), "too much"),
            (Named::Counted(_, Some(usual), _, make), []) => Ok(make(usual)),
            (Named::Counted(called, _, most, make), [Arg { name, value }])
                if name.as_ref().is_none_or(|name| name.text == called) =>
            {
                let n = self.whole(value, 1.0)?;
                if n > most as f64 {
                    return refuse(value.span, format!("`{word}` takes at most {most}, and {n} is more"), "too many");
                }
                Ok(make(n as usize))
            }
            (Named::Counted(called, ..), _) => {
                refuse(term.span, format!("`{word}` takes one number"), &format!("how many {called}?"))
            }
        }
    }

    fn one_word<T: Copy>(&self, term: &Term, known: &[(&str, T)]) -> Taken<T> {
        let names = known.iter().map(|(word, _)| *word);
        let listed = || format!("`{}` takes {}", self.key, names.clone().collect::<Vec<_>>().join(", "));
        let TermKind::Name(name) = &term.kind else { return refuse(term.span, listed(), "not one of these") };
        let found = known.iter().find(|(word, _)| word == name);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let error = Diagnostic::new(codes::BAD_SETTING, format!("`{}` does not know `{name}`", self.key));
            error.at(term.span, "not known").suggest(name, names.clone()).into()
        })
    }

    fn distinct<T: PartialEq>(&self, list: Vec<T>, name: impl Fn(&T) -> String) -> Taken<Vec<T>> {
        match (0..list.len()).find(|i| list[..*i].contains(&list[*i])) {
            Some(again) => {
                refuse(self.span, format!("`{}` names {} twice", self.key, name(&list[again])), "each once, please")
            }
            None => Ok(list),
        }
    }
}

pub fn refuse<T>(span: Span, message: impl Into<String>, label: &str) -> Taken<T> {
    Err(Diagnostic::new(codes::BAD_SETTING, message).at(span, label).into())
}

fn with_form(refused: Diagnostic, rule: &Rule) -> Diagnostic {
    match refused.help {
        Some(_) => refused,
        None => refused.help(format!("write it like this: `{}`", rule.form)),
    }
}

fn set_twice(key: &Name, first: &Name) -> Diagnostic {
    Diagnostic::new(codes::DUPLICATE_NAME, format!("`{}` is set twice", key.text))
        .at(key.span, "set again here")
        .related(first.span, "first set here")
        .help("remove one of them")
}

/// A setting that a block of this word does not know.
pub fn unknown(key: &Name, block: &str, known: impl Iterator<Item = &'static str>) -> Diagnostic {
    Diagnostic::new(codes::UNKNOWN_SETTING, format!("`{}` is not a setting of `{block}`", key.text))
        .at(key.span, "not known")
        .suggest(&key.text, known)
}
