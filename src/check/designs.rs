//! Lists of numbers in noise statements and of learning rates: what a training compares besides its arms.

use super::problem::{Check, all, both, fail};
use super::terms::Evaluator;
use crate::diag::{Diagnostic, codes};
use crate::model::{Compared, Instance, Place, Varied, count};
use crate::source::Span;
use crate::syntax::ast::{Arg, Name, Term, TermKind};

/// How many variants of the arms may be trained with each seed.
const MOST_VARIANTS: usize = 200;

/// A list that stands for one number.
pub struct List {
    pub place: Place,
    /// The variable that the noise acts on, or `optimizer`.
    owner: String,
    /// `sigma`, `cooled`, `rate`
    what: String,
    values: Vec<f64>,
    span: Span,
}

/// The numbers of a list, or the one that stands in its place.
fn items(term: &Term) -> &[Term] {
    match &term.kind {
        TermKind::List(items) => items,
        _ => std::slice::from_ref(term),
    }
}

/// The first number of a list, or the one that stands in its place. Errors: `BAD_SETTING` for an empty list.
fn first(term: &Term) -> Check<&Term> {
    items(term).first().map_or_else(|| fail(empty(term.span)), Ok)
}

impl Evaluator<'_> {
    /// A proposal with the first number of each of its lists, and the lists.
    pub fn proposal_with_lists(
        &mut self,
        statement: usize,
        target: &Name,
        term: &Term,
    ) -> Check<(Instance, Vec<List>)> {
        let TermKind::Call { callee, args } = &term.kind else { return Ok((self.proposal(term)?, vec![])) };
        let firsts = all(args.iter().map(|arg| Ok(Arg { value: first(&arg.value)?.clone(), ..arg.clone() })))?;
        let with = |args| Term { kind: TermKind::Call { callee: callee.clone(), args }, span: term.span };
        let lists = args.iter().enumerate().filter(|(_, arg)| matches!(arg.value.kind, TermKind::List(_)));
        let lists = lists.map(|(at, arg)| {
            let mut args = firsts.clone();
            let each = items(&arg.value).iter().map(|item| {
                args[at].value = item.clone();
                self.proposal(&with(args.clone()))
            });
            argument_list(statement, target, (at, arg), &all(each.collect::<Vec<_>>())?)
        });
        let lists = all(lists.collect::<Vec<_>>());
        both(self.proposal(&with(firsts)), lists)
    }

    /// The first τ of a statement, and the list it stands in.
    pub fn cooling_with_list(
        &mut self,
        statement: usize,
        target: &Name,
        cooled: Option<&Term>,
    ) -> Check<(f64, Option<List>)> {
        let Some(term) = cooled else { return Ok((0.0, None)) };
        first(term)?;
        let values = all(items(term).iter().map(|item| self.cooling(item)))?;
        let (place, start) = (Place::Cooling { statement }, values[0]);
        let list = list(place, (&target.text, "cooled"), with_spans(values, term), term.span)?;
        Ok((start, Some(list)))
    }
}

/// The list of one argument; `each` has the proposals that its items make.
fn argument_list(statement: usize, target: &Name, (at, arg): (usize, &Arg), each: &[Instance]) -> Check<List> {
    let index = formal(&each[0], arg, at);
    let what = &each[0].likelihood.formals[index].name;
    let values = each.iter().filter_map(|proposal| proposal.args[index].as_num());
    let place = Place::Argument { statement, index };
    list(place, (&target.text, what), with_spans(values, &arg.value), arg.value.span)
}

/// Which parameter an argument is for.
fn formal(proposal: &Instance, arg: &Arg, at: usize) -> usize {
    let named = |name: &Name| proposal.likelihood.formals.iter().position(|f| f.name == name.text);
    arg.name.as_ref().and_then(named).unwrap_or(at)
}

/// Each number with its place in the list.
fn with_spans(values: impl IntoIterator<Item = f64>, term: &Term) -> Vec<(f64, Span)> {
    values.into_iter().zip(items(term).iter().map(|item| item.span)).collect()
}

/// The learning rates. Errors: `BAD_SETTING` for one that is there twice.
pub fn rates(rates: Vec<(f64, Span)>, span: Span) -> Check<List> {
    list(Place::Rate, ("optimizer", "rate"), rates, span)
}

/// Errors: `BAD_SETTING` for a number that is there twice.
fn list(place: Place, (owner, what): (&str, &str), values: Vec<(f64, Span)>, span: Span) -> Check<List> {
    let before = |i: usize| values[..i].iter().any(|(value, _)| *value == values[i].0);
    if let Some((value, again)) = (0..values.len()).find(|i| before(*i)).map(|i| values[i]) {
        let problem =
            Diagnostic::new(codes::BAD_SETTING, format!("`{what}` is {value} twice")).at(again, "given again");
        return fail(problem.help("name each number once: equal runs tell nothing new"));
    }
    let values = values.into_iter().map(|(value, _)| value).collect();
    Ok(List { place, owner: owner.into(), what: what.into(), values, span })
}

/// What varies, each under a name of its own. Errors: `BAD_SETTING` for too many variants.
pub fn varied(lists: Vec<List>, compared: &[Compared]) -> Check<Vec<Varied>> {
    let lists: Vec<List> = lists.into_iter().filter(|list| list.values.len() > 1).collect();
    let several = |what: &str| lists.iter().filter(|list| list.what == what).count() > 1;
    let is_argument = |list: &List| matches!(list.place, Place::Argument { .. });
    let one_argument = lists.iter().filter(|list| is_argument(list)).count() == 1;
    let varied = lists.iter().map(|list| Varied {
        place: list.place,
        name: if several(&list.what) { format!("{}.{}", list.owner, list.what) } else { list.what.clone() },
        is_plain: one_argument && is_argument(list),
        values: list.values.clone(),
        span: list.span,
    });
    let varied: Vec<Varied> = varied.collect();
    let variants = count(compared, &varied);
    match varied.iter().max_by_key(|v| v.values.len()).filter(|_| variants > MOST_VARIANTS) {
        Some(longest) => fail(too_many(longest, variants)),
        None => Ok(varied),
    }
}

fn empty(span: Span) -> Diagnostic {
    Diagnostic::new(codes::BAD_SETTING, "an empty list names no number")
        .at(span, "no number")
        .help("write one number, or several in a list: `[0.1, 0.3]`")
}

fn too_many(longest: &Varied, variants: usize) -> Diagnostic {
    let message = format!("{variants} networks would be trained with each seed, and at most {MOST_VARIANTS} are");
    Diagnostic::new(codes::BAD_SETTING, message)
        .at(longest.span, format!("{} numbers here, the most of any list", longest.values.len()))
        .note("every arm but `none` is trained with every choice of one number from each list")
        .help("shorten the lists, or compare fewer arms")
}

#[cfg(test)]
mod tests {
    use crate::model::Training;
    use crate::session::Session;
    use crate::train::network::variant_name;

    fn training(settings: &str) -> Training {
        let program = format!(
            "data d {{
                x: real = linspace(0, 6) take 20
                y: real = sin(x)
            }}
            model M {{
                input x: real
                h ~ bernoulli(logistic(affine(x, 4)))
                observe y: real ~ gaussian(affine(h, 1), 1)
            }}
            train M on d {{
                {settings}
            }}"
        );
        let session = Session::from_text("test.nem", &program, None);
        assert!(!session.problems.has_errors(), "{:?}", session.problems.sorted());
        session.checked.trainings[0].clone()
    }

    fn names(settings: &str) -> String {
        training(settings).variants().iter().map(variant_name).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn every_arm_with_noise_takes_every_choice_and_none_takes_one() {
        let training = training("noise y += gaussian(0, sigma = [0.1, 0.3]) cooled [0, 1]\ncompare none, nem");
        let variants = training.variants();
        let names: Vec<String> = variants.iter().map(variant_name).collect();
        let expected = ["none", "nem 0.1 cooled 0", "nem 0.1 cooled 1", "nem 0.3 cooled 0", "nem 0.3 cooled 1"];
        assert_eq!(names, expected);
        let (noise, last) = (&variants[0].noise[0], &variants[4].noise[0]);
        assert_eq!((noise.cooling, noise.proposal.args[1].as_num()), (0.0, Some(0.1)));
        assert_eq!((last.cooling, last.proposal.args[1].as_num()), (1.0, Some(0.3)));
    }

    #[test]
    fn names_say_what_varies_and_no_more() {
        assert_eq!(names("noise y += gaussian(0, [0.3]) cooled [1]\ncompare none, nem"), "none, nem");
        assert_eq!(names("noise y += gaussian(0, 0.3) cooled [0.5, 2]\ncompare nem"), "nem cooled 0.5, nem cooled 2");
        assert_eq!(names("optimizer sgd([0.1, 1e300, 1e-9])"), "none rate 0.1, none rate 1e300, none rate 1e-9");
        let both = "noise y += gaussian([0, 1], [0.3, 0.5])\ncompare blind";
        assert!(names(both).starts_with("blind mu 0 sigma 0.3, blind mu 0 sigma 0.5, blind mu 1 sigma 0.3"));
        let two = "noise y += gaussian(0, [0.3, 0.5])\nnoise x += gaussian(0, [0.1, 0.2]) cooled [1, 2]\ncompare blind";
        assert!(names(two).starts_with("blind y.sigma 0.3 x.sigma 0.1 cooled 1, "), "{}", names(two));
    }

    #[test]
    fn rates_concern_the_noiseless_arm_too() {
        let settings = "optimizer sgd([0.5, 1], momentum = 0.9)\nnoise y += gaussian(0, [0.3, 0.4])\ncompare none, nem";
        let expected = "none rate 0.5, none rate 1, nem 0.3 rate 0.5, nem 0.3 rate 1, nem 0.4 rate 0.5, nem 0.4 rate 1";
        assert_eq!(names(settings), expected);
        let rates: Vec<f64> = training(settings).variants().iter().map(|v| v.optimizer.rate()).collect();
        assert_eq!(rates, [0.5, 1.0, 0.5, 1.0, 0.5, 1.0]);
    }
}
