//! From a term to its answer.

use std::rc::Rc;

use super::answer::Answer;
use super::blame::blame;
use super::distribution::Distribution;
use super::parts::{self, Asked};
use super::{ANS, Memory};
use crate::check::{Declarations, Known};
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::{Value, print};
use crate::sample::Random;
use crate::source::{FileId, Span};
use crate::syntax::ast::{Arg, Name, Term, TermKind};

type Read<T> = Result<T, Problems>;

pub struct Reader<'a> {
    declarations: &'a Declarations,
    memory: &'a Memory,
    /// Names with values, and those of what was worked out inside of a term: they begin with `#`.
    known: Known,
    worked_out: usize,
    seed: u64,
    draws: &'a mut u32,
    text: &'a str,
}

impl<'a> Reader<'a> {
    /// `draws` counts how often was drawn with the seed, so that each time is different.
    pub fn new(
        declarations: &'a Declarations,
        memory: &'a Memory,
        (seed, draws): (u64, &'a mut u32),
        (file, text): (FileId, &'a str),
    ) -> Reader<'a> {
        let mut known = Known::default();
        for (name, answer) in memory.iter().filter(|(name, _)| !knows(declarations, name, file)) {
            match answer {
                Answer::Value(value) => known.insert(name, value.clone()),
                _ => known.mention(name),
            }
        }
        Reader { declarations, memory, known, worked_out: 0, seed, draws, text }
    }

    pub fn answer(&mut self, term: &Term) -> Read<Answer> {
        match &term.kind {
            TermKind::Part { base, name, args } => self.part(base, name, args, term.span),
            TermKind::Draw(inner) => self.drawn(inner, term.span),
            TermKind::Call { callee, .. } if self.declarations.is_likelihood(callee) => {
                let term = self.worked_out(term)?;
                let distribution = self.declarations.distribution(&self.known, &term)?;
                Ok(Answer::Distribution(Rc::new(Distribution(distribution))))
            }
            TermKind::Name(name) => match self.remembered(name, term.span) {
                Some(answer) => Ok(answer.clone()),
                None if name == ANS => Err(no_answer(term.span).into()),
                None if self.declarations.named(name).is_some() && self.memory.get(name).is_none() => {
                    Err(self.no_value_itself(name, term.span).into())
                }
                None => self.worth(term).map(Answer::Value),
            },
            _ => self.worth(term).map(Answer::Value),
        }
    }

    /// A declaration that is not called.
    fn no_value_itself(&self, name: &str, span: Span) -> Diagnostic {
        let kind = self.declarations.named(name).map_or("declaration", |decl| decl.kind());
        let help = match kind {
            "likelihood" => format!("give it arguments, `{name}(…)`; `:derive {name}` tells what follows from it"),
            "fn" => format!("give it arguments, `{name}(…)`"),
            _ => format!("`:info {name}` shows it"),
        };
        let problem =
            Diagnostic::new(codes::WRONG_KIND, format!("`{name}` by itself has no value: it is declared by `{kind}`"));
        problem.at(span, "no value").help(help)
    }

    /// What a name stands for at the prompt. A declaration of the program comes first.
    fn remembered(&self, name: &str, span: Span) -> Option<&'a Answer> {
        self.memory.get(name).filter(|_| !knows(self.declarations, name, span.file))
    }

    fn value(&mut self, term: &Term) -> Read<Value> {
        match self.answer(term)? {
            Answer::Value(value) => Ok(value),
            other => Err(no_value(&other, term.span).into()),
        }
    }

    fn worth(&mut self, term: &Term) -> Read<Value> {
        let term = self.worked_out(term)?;
        match self.declarations.worth(&self.known, &term) {
            Ok(value) if value.numbers().iter().all(|x| x.is_finite()) => Ok(value),
            Err(problems) if !problems.iter().any(|p| p.code == codes::NO_VALUE) => Err(problems),
            _ => Err(blame(&term, self.text, &|part| self.declarations.worth(&self.known, part)).into()),
        }
    }

    /// The term with everything that only a prompt knows worked out and named.
    fn worked_out(&mut self, term: &Term) -> Read<Term> {
        let mut term = term.clone();
        for child in term.children_mut() {
            self.work_out(child)?;
        }
        Ok(term)
    }

    fn work_out(&mut self, term: &mut Term) -> Read<()> {
        let only_here = match &term.kind {
            TermKind::Part { .. } | TermKind::Draw(_) => true,
            TermKind::Name(name) => {
                self.remembered(name, term.span).is_some_and(|answer| !matches!(answer, Answer::Value(_)))
            }
            TermKind::Call { callee, .. } => self.declarations.is_likelihood(callee),
            _ => false,
        };
        if !only_here {
            return term.children_mut().into_iter().try_for_each(|child| self.work_out(child));
        }
        let value = self.value(term)?;
        let name = format!("#{}", self.worked_out);
        self.worked_out += 1;
        self.known.insert(&name, value);
        term.kind = TermKind::Name(name);
        Ok(())
    }

    fn part(&mut self, base: &Term, name: &Name, args: &[Arg], span: Span) -> Read<Answer> {
        let base_answer = self.answer(base)?;
        if let Some(named) = args.iter().find_map(|arg| arg.name.as_ref()) {
            return Err(no_names(named).into());
        }
        let args = args.iter().map(|arg| Ok((self.value(&arg.value)?, arg.value.span))).collect::<Read<Vec<_>>>()?;
        match base_answer {
            Answer::Distribution(distribution) => {
                let answer = self.ask(&distribution, name, args, span)?;
                self.finite(answer, span)
            }
            Answer::Score(scores) if args.is_empty() => of_score(scores, name),
            other => Err(no_parts(&other, base.span).into()),
        }
    }

    fn ask(
        &mut self,
        distribution: &Rc<Distribution>,
        name: &Name,
        args: Vec<(Value, Span)>,
        span: Span,
    ) -> Read<Answer> {
        let mut random = Random::new(self.seed, *self.draws);
        *self.draws += u32::from(name.text == DRAW);
        Ok(parts::ask(distribution, Asked { name, args, span, random: &mut random })?)
    }

    /// `draw d` is `d.draw`.
    fn drawn(&mut self, term: &Term, span: Span) -> Read<Answer> {
        self.part(term, &Name { text: DRAW.into(), span }, &[], span)
    }

    fn finite(&self, answer: Answer, span: Span) -> Read<Answer> {
        let numbers = match &answer {
            Answer::Value(value) => value.numbers().to_vec(),
            Answer::Score(scores) => scores.iter().flat_map(|(_, value)| value.numbers().to_vec()).collect(),
            Answer::Distribution(_) | Answer::Words(_) => vec![],
        };
        match numbers.iter().all(|x| x.is_finite()) {
            true => Ok(answer),
            false => Err(super::blame::unexplained(self.text, span).into()),
        }
    }
}

const DRAW: &str = "draw";

fn knows(declarations: &Declarations, name: &str, file: FileId) -> bool {
    declarations.knows(&Name { text: name.into(), span: Span::new(file, 0, 0) })
}

fn of_score(scores: Vec<(String, Value)>, name: &Name) -> Read<Answer> {
    match scores.iter().find(|(parameter, _)| print::alike(parameter, &name.text)) {
        Some((_, value)) => Ok(Answer::Value(value.clone())),
        None => Err(Diagnostic::new(codes::UNKNOWN_NAME, format!("the score has no part `{}`", name.text))
            .at(name.span, "not a parameter")
            .suggest(&name.text, scores.iter().map(|(parameter, _)| parameter.as_str()))
            .into()),
    }
}

fn no_answer(span: Span) -> Diagnostic {
    Diagnostic::new(codes::UNKNOWN_NAME, "nothing was answered yet")
        .at(span, "the last answer")
        .help("enter an expression first, such as `1 + 1`")
}

fn no_value(answer: &Answer, span: Span) -> Diagnostic {
    let help = match answer {
        Answer::Distribution(d) => format!("ask for a part of it: `draw {0}(…)`, `{0}(…).mean`", d.name()),
        Answer::Score(scores) => {
            let parts: Vec<String> = scores.iter().map(|(name, _)| format!(".{name}")).collect();
            format!("ask for one of them: {}", parts.join(", "))
        }
        _ => "give a number or a vector".into(),
    };
    Diagnostic::new(codes::WRONG_KIND, format!("this is {}, and a value is needed", answer.kind()))
        .at(span, "not a value")
        .help(help)
}

fn no_parts(answer: &Answer, span: Span) -> Diagnostic {
    Diagnostic::new(codes::WRONG_KIND, format!("this is {}, which has no parts", answer.kind()))
        .at(span, "not a distribution")
        .help("distributions have parts, as in `gaussian(0, 1).mean`")
}

fn no_names(name: &Name) -> Diagnostic {
    Diagnostic::new(codes::ARGUMENTS, "what is asked of a distribution takes arguments without names")
        .at(name.span, "named")
        .help("write the value alone, as in `gaussian(0, 1).density(0.5)`")
}
