//! Train declarations: a model, the data it trains on, settings, and noise.

use super::declarations::Declarations;
use super::designs::{self, List};
use super::instance::lacks;
use super::pretrain;
use super::problem::{Check, all, both, fail, told_already};
use super::scope::Scope;
use super::settings::{Settings, settings, span_of};
use super::support::within;
use super::terms::{Evaluator, Place};
use crate::diag::{Diagnostic, Problems, codes};
use crate::model::{
    Arm, Bound, Compared, DataSpec, Injection, Instance, Kind, Model, Node, Noise, Select, Training, type_of,
};
use crate::source::Span;
use crate::syntax::ast::{self, Decl, Setting, Term, TermKind, TrainDecl};

/// Checks a `train` declaration with its model and its data.
pub fn training(declarations: &Declarations, decl: &TrainDecl) -> Check<Training> {
    let (model, data) = (declarations.model_of(decl), data_of(declarations, decl));
    let fitted = both(model, data).and_then(|(model, data)| fit(&model, &data, decl.data.span).map(|()| (model, data)));
    let pretraining = match &fitted {
        Ok((model, data)) => pretrain::stages(declarations, model, data, decl),
        Err(_) => told_already(),
    };
    let (training, pretraining) = both(configured(declarations, decl, fitted), pretraining)?;
    pretrain::needed(&training, &pretraining, decl)?;
    let training = match span_of(&decl.settings, "compare") {
        None if !pretraining.is_empty() => Training { compared: vec![pretrain::PRETRAINED], ..training },
        _ => training,
    };
    Ok(Training { pretraining, ..training })
}

/// A model and its data with the settings of a declaration.
pub(super) fn configured(
    declarations: &Declarations,
    decl: &TrainDecl,
    fitted: Check<(Model, DataSpec)>,
) -> Check<Training> {
    let mut evaluator = Evaluator::new(declarations, Place::Declaration);
    let model = fitted.as_ref().map(|(model, _)| model);
    let noise = model.map_or_else(|_| told_already(), |model| evaluator.noise(model, &decl.settings));
    let settings = both(settings(&mut evaluator, &decl.settings), noise);
    let ((model, data), (settings, (noise, lists))) = both(fitted, settings)?;
    super::energy::trainable(&model, &settings, decl)?;
    let Settings {
        epochs, batch, optimizer, rates, seeds, compared, select, estep, method, sparsity, normaliser, ..
    } = settings;
    let Settings { checkpoints, audit, gradient, .. } = settings;
    both(needs_noise(&model, &compared, &noise, decl), needs_means(&model))?;
    let estep_at = span_of(&decl.settings, "estep").unwrap_or(decl.span);
    super::estep::possible(&model, estep, batch, estep_at)?;
    let rates = designs::rates(rates, span_of(&decl.settings, "optimizer").unwrap_or(decl.span))?;
    let varied = designs::varied(lists.into_iter().chain([rates]).collect(), &compared)?;
    let span = decl.span;
    Ok(Training {
        model,
        data,
        epochs,
        batch,
        optimizer,
        seeds,
        noise,
        varied,
        compared,
        pretraining: vec![],
        select,
        estep,
        estep_span: estep_at,
        method,
        sparsity,
        normaliser,
        checkpoints,
        audit,
        gradient,
        span,
    })
}

/// A likelihood that noise can be drawn from, with numbers for its parameters.
pub fn proposal(declarations: &Declarations, term: &Term) -> Check<Instance> {
    Evaluator::new(declarations, Place::Declaration).proposal(term)
}

fn data_of(declarations: &Declarations, decl: &TrainDecl) -> Check<DataSpec> {
    match &*declarations.expect(&decl.data, "data")? {
        Decl::Data(data) => super::data::data(declarations, data),
        _ => told_already(),
    }
}

/// Every input and observed variable is a column of the same length whose values it can take.
///
/// Errors: `DATA_SHAPE` at `place`.
pub fn fit(model: &Model, data: &DataSpec, place: Span) -> Check<()> {
    all(model.from_data().map(|node| column_fits(node, data, place))).map(drop)
}

fn column_fits(node: &Node, data: &DataSpec, place: Span) -> Check<()> {
    let Some(column) = data.train.iter().find(|c| c.name == node.name) else {
        let known = data.train.iter().map(|c| c.name.as_str());
        let message = format!("the data `{}` has no column `{}`, which the model needs", data.name, node.name);
        let problem = Diagnostic::new(codes::DATA_SHAPE, message).at(place, format!("no column `{}`", node.name));
        return fail(problem.related(node.span, "needed here").suggest(&node.name, known));
    };
    let width = node.shape.1;
    if column.width == width && within(column.support, node.support) {
        return Ok(());
    }
    let (wanted, found) = (type_of(node.support, (1, width)), type_of(column.support, (1, column.width)));
    let message = format!("`{}` is `{wanted}` in the model and `{found}` in the data", node.name);
    fail(
        Diagnostic::new(codes::DATA_SHAPE, message)
            .at(place, "does not fit the model")
            .related(node.span, format!("`{wanted}` here"))
            .related(column.span, format!("`{found}` here"))
            .help("give both the same type"),
    )
}

/// The arms that use noise need some.
fn needs_noise(model: &Model, compared: &[Compared], noise: &[Noise], decl: &TrainDecl) -> Check<()> {
    if !noise.is_empty() || compared.iter().all(|c| c.arm == Arm::None) {
        return Ok(());
    }
    let is_outcome = |node: &&Node| !matches!(node.kind, Kind::Input);
    let name = model.from_data().find(is_outcome).map_or("y", |node| &node.name);
    fail(
        Diagnostic::new(codes::NOISE_TARGET, "noisy arms are compared, and no noise is declared")
            .at(span_of(&decl.settings, "compare").unwrap_or(decl.span), "these arms have no noise to use")
            .help(format!("add a line such as `noise {name} += gaussian(0, 0.4) cooled 1`")),
    )
}

/// Predictions are means: without one there is nothing to judge.
fn needs_means(model: &Model) -> Check<()> {
    let without = model.observed().filter(|(_, instance)| instance.likelihood.mean.is_none());
    all(without.map(|(_, instance)| fail::<()>(lacks(&instance.likelihood, "mean", instance.span)))).map(drop)
}

impl Evaluator<'_> {
    /// The noise statements with the first number of each list, and the lists.
    fn noise(&mut self, model: &Model, given: &[Setting]) -> Check<(Vec<Noise>, Vec<List>)> {
        let statements = given.iter().filter_map(|s| if let Setting::Noise(n) = s { Some(n) } else { None });
        let statements: Vec<&ast::Noise> = statements.collect();
        let again = statements.iter().enumerate().filter_map(|(i, noise)| {
            let first = statements[..i].iter().find(|first| first.target.text == noise.target.text)?;
            Some(fail::<()>(second_noise(noise, first)))
        });
        let noise = statements.iter().enumerate().map(|(at, noise)| self.one_noise(model, at, noise));
        let noise = all(noise.collect::<Vec<_>>());
        let (noise, lists): (Vec<_>, Vec<_>) = both(all(again), noise)?.1.into_iter().unzip();
        Ok((noise, lists.into_iter().flatten().collect()))
    }

    fn one_noise(&mut self, model: &Model, at: usize, noise: &ast::Noise) -> Check<(Noise, Vec<List>)> {
        let target = target(model, noise);
        let injection =
            target.as_ref().map_err(|_| Problems::new()).and_then(|t| self.injection(&Scope::default(), noise, t.var));
        let proposal = match noise.proposal.kind {
            TermKind::Hole => fail(super::hole::noise(noise)),
            _ => self.proposal_with_lists(at, &noise.target, &noise.proposal),
        };
        let cooling = self.cooling_with_list(at, &noise.target, noise.cooled.as_ref());
        let ((target, injection), ((proposal, mut lists), (cooling, list))) =
            both(both(target, injection), both(proposal, cooling))?;
        lists.extend(list);
        let target_name = noise.target.text.clone();
        let through = noise.through.iter().map(|name| name.text.clone()).collect();
        let noise = Noise { target: target.var, target_name, injection, proposal, cooling, through, span: noise.span };
        Ok((noise, lists))
    }

    pub fn proposal(&mut self, term: &Term) -> Check<Instance> {
        let proposal = self.instance_of_numbers(&Scope::default(), term)?;
        match proposal.likelihood.draw {
            Some(_) => Ok(proposal),
            None => fail(lacks(&proposal.likelihood, "draw", term.span)),
        }
    }

    pub fn cooling(&mut self, term: &Term) -> Check<f64> {
        let tau = self.number(&Scope::default(), term)?;
        if tau >= 0.0 {
            return Ok(tau);
        }
        fail(
            Diagnostic::new(codes::BAD_SETTING, format!("noise cannot be cooled by {tau}: it would grow"))
                .at(term.span, "below 0")
                .help("`cooled 1` scales the noise of epoch k by 1/k; 0 keeps it as it is"),
        )
    }
}

fn target<'m>(model: &'m Model, noise: &ast::Noise) -> Check<&'m Node> {
    let name = &noise.target;
    let observed = || model.observed().map(|(node, _)| node.name.as_str());
    // A name for what a layer gives is no variable of its own.
    let named_layer = || model.node(&format!("{}.o", name.text));
    let Some(node) = model.node(&name.text).or_else(named_layer) else {
        let problem =
            Diagnostic::new(codes::UNKNOWN_NAME, format!("the model `{}` has no variable `{}`", model.name, name.text));
        return fail(problem.at(name.span, "not in the model").suggest(&name.text, observed()));
    };
    let why = match node.kind {
        Kind::Random { .. } | Kind::Unit { .. } | Kind::Input | Kind::Definition { .. } => return Ok(node),
        Kind::Parameter(_) => "a parameter, which is learned and not drawn",
    };
    fail(
        Diagnostic::new(codes::NOISE_TARGET, format!("noise cannot act on `{}`", name.text))
            .at(name.span, why)
            .related(node.span, "declared here")
            .help(format!(
                "put the noise into a random variable, an input or a computed value: {}",
                open_to_noise(model)
            )),
    )
}

/// The names of what can take noise.
fn open_to_noise(model: &Model) -> String {
    let open = |n: &&Node| matches!(n.kind, Kind::Random { .. } | Kind::Unit { .. } | Kind::Input);
    model.nodes.iter().filter(open).map(|n| n.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn second_noise(noise: &ast::Noise, first: &ast::Noise) -> Diagnostic {
    Diagnostic::new(codes::NOISE_TARGET, format!("two noises act on `{}`", noise.target.text))
        .at(noise.span, "a second noise")
        .related(first.span, "the first")
        .help("keep one of them")
}

/// What is legal in a training and has no effect.
pub fn without_effect(training: &Training, decl: &TrainDecl) -> Vec<Diagnostic> {
    let arms = || training.compared.iter().map(|c| c.arm);
    let noisy = arms().any(|arm| arm != Arm::None);
    let selects = arms().any(|arm| arm.criterion().is_some());
    let mut list = pretrain::idle(training, decl);
    if !noisy {
        list.extend(training.noise.iter().map(|noise| idle_noise(noise.span)));
    }
    let select = span_of(&decl.settings, "select").filter(|_| training.select != Select::Drop && !selects);
    list.extend(select.map(|span| {
        Diagnostic::new(codes::NO_EFFECT, "`select` has no effect")
            .at(span, "no arm selects noise")
            .help("compare an arm that does, such as `nem`, or remove the line")
    }));
    list
}

/// Noise that can take a variable to where it has no density, in an arm that uses every draw.
pub fn leaves_support(training: &Training) -> Vec<Diagnostic> {
    if !training.compared.iter().any(|c| c.arm == Arm::Blind) {
        return vec![];
    }
    let bounds = |noise: &Noise| {
        let outcome = training.model.observed().find(|(node, _)| node.var == noise.target);
        outcome.map_or(vec![], |(node, instance)| instance.likelihood.bounds_at(node.var, &instance.args))
    };
    let leaving = training.noise.iter().filter(|noise| bounds(noise).iter().any(|b| can_pass(noise, *b)));
    leaving.map(leaving_noise).collect()
}

/// Noise that is never negative keeps what is above 0 there, added or multiplied.
fn can_pass(noise: &Noise, bound: Bound) -> bool {
    let rises = noise.proposal.likelihood.support.closure().lower >= 0.0;
    let keeps = matches!(noise.injection, Injection::Add | Injection::Multiply);
    !matches!(bound, Bound::Lower(x) if x.is_num(0.0) && rises && keeps)
}

fn leaving_noise(noise: &Noise) -> Diagnostic {
    let name = &noise.target_name;
    Diagnostic::new(codes::LEAVES_SUPPORT, format!("this noise can take `{name}` out of its support"))
        .at(noise.span, "the arm `blind` uses every draw")
        .note("arms with a condition drop such draws; a density outside of its support has no logarithm")
        .help(format!("multiply by positive noise, as in `noise {name} *= log_normal(0, 0.2)`, or leave `blind` out"))
}

fn idle_noise(span: Span) -> Diagnostic {
    Diagnostic::new(codes::NO_EFFECT, "this noise has no effect")
        .at(span, "no arm uses it")
        .help("compare an arm that does: `compare none, nem`")
}
