//! Commands that look at noise at given numbers.

use std::path::{Path, PathBuf};

use super::words::Words;
use super::{Done, subject};
use crate::diag::{Diagnostic, Problems, codes};
use crate::model::{Criterion, Injection};
use crate::prompt::{Listener, Next, Prompt};
use crate::report::{region, region_text};
use crate::sample::{self, Portrait, Values, View, Wish, portrait};
use crate::session::{Asked, Looked};
use crate::train::folder::write_atomically;

const CRITERIA: [(&str, Criterion); 3] =
    [("nem", Criterion::Nem), ("anti", Criterion::Anti), ("ascent", Criterion::Ascent)];

/// How many draws there are where nothing is said.
const SHOWN: usize = 8;
const IN_PICTURE: usize = 300;

/// `NAME at y=2 mu=0 [noise="y *= n"] [from gaussian(0, 1)] [criterion=anti]`
fn look(prompt: &mut Prompt, words: &mut Words) -> Result<Looked, Problems> {
    let statements: Vec<String> = words.take("noise").into_iter().collect();
    let criterion = criterion(words.take("criterion"))?;
    let from = words.after("from")?;
    let injections = if statements.is_empty() { &[Injection::Add][..] } else { &[] };
    let name = subject(prompt, words)?;
    if words.pairs.is_empty() {
        return Err(no_point(prompt, &name).into());
    }
    let asked = Asked { injections, statements: &statements, criterion };
    let looked = prompt.session.look(Some(&name), &words.point(), &asked)?;
    let given = from.map(|text| prompt.session.proposal(&text)).transpose()?;
    Ok(Looked { proposal: given.or(looked.proposal), ..looked })
}

/// What is looked at is looked at somewhere.
fn no_point(prompt: &Prompt, name: &str) -> Diagnostic {
    let point = match prompt.session.declarations.likelihood(name) {
        Ok(likelihood) => {
            let needed = likelihood.formals.iter().filter(|formal| formal.default.is_none());
            let names = [&likelihood.outcome_name].into_iter().chain(needed.map(|formal| &formal.name));
            names.map(|name| format!(" {name}=…")).collect()
        }
        Err(_) => " y=… noise=\"y += n\"".to_string(),
    };
    Diagnostic::new(codes::USAGE, format!("nothing says at which numbers `{name}` is looked at"))
        .help(format!("write them behind it: `{name} at{point}`"))
}

fn criterion(word: Option<String>) -> Result<Criterion, Problems> {
    let Some(word) = word else { return Ok(Criterion::Nem) };
    let found = CRITERIA.iter().find(|(name, _)| *name == word).map(|(_, criterion)| *criterion);
    found.ok_or_else(|| {
        let problem = Diagnostic::new(codes::USAGE, format!("there is no criterion `{word}`"));
        problem.suggest(&word, CRITERIA.iter().map(|(name, _)| *name)).into()
    })
}

/// Draws a region in the terminal, or into a file.
pub fn region(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    let mut words = Words::of(text);
    let file = words.after("to")?.map(PathBuf::from);
    let axes = words.take("dims");
    let Looked { scene, noises, given, proposal } = look(prompt, &mut words)?;
    let view = View {
        axes: axes_of(axes, noises[0].dim())?,
        held: given.map(|n| n.numbers().to_vec()),
        proposal: proposal.as_ref(),
        count: IN_PICTURE,
        seed: prompt.seed,
    };
    let picture = portrait(&scene, &noises[0], &view);
    match file {
        Some(file) => write(&picture, &file, listener),
        None => {
            listener.say(region_text::drawing(&picture, listener.columns()).trim_end());
            Ok(Next::Go)
        }
    }
}

fn write(picture: &Portrait, file: &Path, listener: &mut dyn Listener) -> Done {
    let bytes = region::file(picture, file)
        .map_err(|why| Diagnostic::new(codes::USAGE, why).help("name a file such as `region.svg` or `region.png`"))?;
    write_atomically(file, &bytes)?;
    listener.say(&file.display().to_string());
    Ok(Next::Go)
}

/// Two components, counted from 1 where they are written.
fn axes_of(text: Option<String>, dim: usize) -> Result<(usize, usize), Problems> {
    let text = text.unwrap_or("1,2".into());
    let named = text.trim_matches(['(', ')', '[', ']']).split(',').map(|n| n.trim().parse());
    let named: Vec<usize> = named.collect::<Result<_, _>>().unwrap_or_default();
    match named[..] {
        _ if dim == 1 => Ok((0, 0)),
        [i, j] if i != j && (1..=dim).contains(&i) && (1..=dim).contains(&j) => Ok((i - 1, j - 1)),
        _ => {
            let message = format!("the noise has components 1 to {dim}, and a picture shows two");
            Err(Diagnostic::new(codes::USAGE, message).help("name two of them: `dims=[1, 2]`").into())
        }
    }
}

/// Draws noise that lies in a region.
pub fn draw(prompt: &mut Prompt, text: &str, listener: &mut dyn Listener) -> Done {
    let mut words = Words::of(text);
    let (count, best_of) = (words.number("count", SHOWN)?, words.number("best_of", 1)?);
    let Looked { noises, proposal, .. } = look(prompt, &mut words)?;
    let proposal = proposal.ok_or_else(no_proposal)?;
    let wish = Wish { count, seed: prompt.seed, best_of };
    let draws = sample::draws(&noises[0], &proposal, wish)?;
    listener.say(draws.csv(&noises[0]).trim_end());
    listener.say(&draws.told(&noises[0]));
    Ok(Next::Go)
}

fn no_proposal() -> Diagnostic {
    Diagnostic::new(codes::USAGE, "nothing says what noise is drawn from")
        .help("say it: `:noise gaussian at y=2 mu=0 from gaussian(0, 1)`")
}

/// The numbers of a derivation at a point.
pub fn values(prompt: &mut Prompt, name: &str, point: &str, statements: &[String]) -> Result<String, Problems> {
    let injections = &[Injection::Add, Injection::Multiply];
    let asked = Asked { injections, statements, criterion: Criterion::Nem };
    let Looked { scene, noises, given, .. } = prompt.session.look(Some(name), point, &asked)?;
    Ok(Values::new(scene, &noises, given.as_ref()).text().trim_end().into())
}
