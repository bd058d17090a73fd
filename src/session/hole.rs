//! What is left open in noise statements: the regions that the noise would have, and what it can be drawn from.

use super::request::in_model;
use crate::check::{Declarations, proposals};
use crate::derive::request::{Request, Requested, of_likelihood, of_model};
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::print;
use crate::model::{Injection, Kind, Model, Support};
use crate::report::derivation::{injected, region};
use crate::syntax::ast::{self, Arg, Name, Pretrain, Setting, TrainDecl};

/// What can stand in the place of a `?`: what is written before noise, how it gets in, and over what it is drawn.
const INJECTIONS: &[(&str, Injection, &[Support])] =
    &[("+=", Injection::Add, &[Support::Real]), ("*=", Injection::Multiply, &[Support::Positive, Support::Real])];

/// The problems, with what there is to choose from where noise of one of the trainings is left open.
pub fn told(declarations: &Declarations, trainings: &[TrainDecl], problems: Problems) -> Problems {
    if !problems.iter().any(|problem| problem.code == codes::HOLE) {
        return problems;
    }
    let mut told = Problems::new();
    for problem in problems.iter() {
        told.push(choices(declarations, trainings, problem).into_iter().fold(problem.clone(), Diagnostic::note));
    }
    told
}

fn choices(declarations: &Declarations, trainings: &[TrainDecl], problem: &Diagnostic) -> Vec<String> {
    let place = problem.primary.as_ref().map(|(span, _)| *span);
    let open = |noise: &&ast::Noise| problem.code == codes::HOLE && Some(noise.proposal.span) == place;
    let blocks = trainings.iter().flat_map(blocks);
    let found = blocks.filter_map(|(model, args, settings)| Some((model, args, noises(settings).find(open)?))).next();
    found.map_or(vec![], |(model, args, noise)| {
        let model = declarations.called(model, args, model.span);
        model.map_or(vec![], |model| notes(declarations, &model, noise))
    })
}

type Block<'d> = (&'d Name, &'d [Arg], &'d [Setting]);

/// The settings of a training and of each energy that pretrains it, with the model that they are for.
fn blocks(decl: &TrainDecl) -> impl Iterator<Item = Block<'_>> {
    let pretrains = decl.settings.iter().filter_map(|s| if let Setting::Pretrain(p) = s { Some(p) } else { None });
    [(&decl.model, &decl.args[..], &decl.settings[..])].into_iter().chain(pretrains.flat_map(inside))
}

fn inside(pretrain: &Pretrain) -> impl Iterator<Item = Block<'_>> {
    pretrain.energies.iter().map(|energy| (&energy.model, &energy.args[..], &pretrain.settings[..]))
}

fn noises(settings: &[Setting]) -> impl Iterator<Item = &ast::Noise> {
    settings.iter().filter_map(|setting| if let Setting::Noise(noise) = setting { Some(noise) } else { None })
}

fn notes(declarations: &Declarations, model: &Model, noise: &ast::Noise) -> Vec<String> {
    let fitting = INJECTIONS.iter().filter(|(_, injection, _)| match noise.injection {
        ast::Injection::Add => *injection == Injection::Add,
        ast::Injection::Multiply => *injection == Injection::Multiply,
        ast::Injection::Open => true,
        ast::Injection::Custom(..) => false,
    });
    let of_one = |(sign, injection, supports): &(&str, Injection, &[Support])| {
        let regions = regions(model, &noise.target.text, *injection);
        let drawn = |support: &Support| {
            format!("`{} {sign} n` with n {}", noise.target.text, proposals(declarations, *support))
        };
        regions.into_iter().chain(supports.iter().map(drawn)).collect::<Vec<_>>()
    };
    fitting.flat_map(of_one).collect()
}

/// The region of noise in a variable, in the letters of its likelihood where it has one.
fn regions(model: &Model, name: &str, injection: Injection) -> Option<String> {
    let (_, variable) = in_model(model).into_iter().find(|(known, _)| print::alike(known, name))?;
    let node = model.nodes.iter().find(|node| node.var == variable)?;
    Some(match &node.kind {
        Kind::Random { instance, .. } => {
            let likelihood = &instance.likelihood;
            let asked = of_likelihood(likelihood, Request { variable: likelihood.outcome, injection });
            format!("`{}`, {}", likelihood.name, of_request(&asked))
        }
        _ => of_request(&of_model(model, Request { variable, injection })),
    })
}

fn of_request(asked: &Requested) -> String {
    let joint = asked.joint.as_ref().map_or(String::new(), |joint| format!("; of K outcomes, {}", region(joint)));
    format!("region of {}: {}{joint}", injected(&asked.nem, &print::text), region(&asked.nem))
}
