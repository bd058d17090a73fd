//! Names, shapes and supports: from the syntax tree to the typed program.
//!
//! Elaboration is inlining: a term means an expression of the symbolic core, and functions and layers are written out
//! where they are called. No likelihood, link or layer is known here by its name. Every problem of a program is
//! collected; what rests on something broken is not reported again.

mod budget;
mod calls;
mod data;
mod declarations;
mod designs;
mod energy;
mod estep;
mod functions;
mod hole;
mod injection;
mod instance;
mod known;
mod layer;
mod leaves;
mod lengths;
mod library;
mod likelihood;
mod load;
mod mentions;
mod model;
mod optimizer;
mod order;
mod parameter;
mod pick;
mod pretrain;
mod prior;
mod problem;
mod scope;
mod settings;
mod shapes;
mod support;
mod terms;
mod train;
mod types;
mod unused;
mod written;
mod written_out;

use std::rc::Rc;

pub use declarations::Declarations;
pub use functions::names as function_names;
pub use hole::proposals;
pub use injection::request;
pub use known::{Distribution, Known};
pub use likelihood::ENTRIES;
pub use load::Text;
pub use settings::keys as setting_keys;
pub use train::fit;

use crate::diag::Problems;
use crate::model::{DataSpec, Likelihood, Model, Training};
use crate::syntax::ast::Decl;
use problem::Check;

/// What a program declares, as far as it is free of errors.
#[derive(Debug, Default)]
pub struct Checked {
    pub likelihoods: Vec<Rc<Likelihood>>,
    /// With their default sizes; a model with a size that has no default is found in the trainings alone.
    pub models: Vec<Model>,
    pub data: Vec<DataSpec>,
    pub trainings: Vec<Training>,
}

/// Checks every declaration of the program itself and says everything that is wrong or suspicious.
pub fn check_all(declarations: &Declarations) -> (Checked, Problems) {
    check(declarations, declarations.own())
}

/// The same for the standard library.
pub fn check_library(declarations: &Declarations) -> (Checked, Problems) {
    check(declarations, declarations.library())
}

fn check<'d>(declarations: &Declarations, decls: impl Iterator<Item = &'d Rc<Decl>>) -> (Checked, Problems) {
    let (mut checked, mut problems) = (Checked::default(), Found::default());
    for decl in decls {
        unused::unused(decl).into_iter().for_each(|d| problems.add(d.into()));
        match &**decl {
            Decl::Use(_) => {}
            Decl::Fn(f) => problems.keep(written::function(declarations, f), &mut vec![]),
            Decl::Layer(layer) => problems.keep(written::layer(declarations, layer), &mut vec![]),
            Decl::Likelihood(d) => problems.keep(declarations.likelihood_of(d), &mut checked.likelihoods),
            Decl::Model(d) if d.formals.iter().all(|f| f.default.is_some()) => {
                problems.keep(model::with_sizes(declarations, d, &[]), &mut checked.models);
            }
            Decl::Model(d) => problems.keep(written::model(declarations, d), &mut vec![]),
            Decl::Data(d) => problems.keep(data::data(declarations, d), &mut checked.data),
            Decl::Train(d) => {
                let training = declarations.training(d);
                let idle = training.as_ref().map(|t| train::without_effect(t, d)).unwrap_or_default();
                let leaving = training.as_ref().map(train::leaves_support).unwrap_or_default();
                idle.into_iter().chain(leaving).for_each(|d| problems.add(d.into()));
                problems.keep(training, &mut checked.trainings);
            }
        }
    }
    (checked, problems.0)
}

/// Problems, each told once: a declaration that is used in several places is wrong in one.
#[derive(Default)]
struct Found(Problems);

impl Found {
    fn keep<T>(&mut self, check: Check<T>, good: &mut Vec<T>) {
        match check {
            Ok(value) => good.push(value),
            Err(problems) => self.add(problems),
        }
    }

    fn add(&mut self, problems: Problems) {
        for problem in problems.iter() {
            let place = |d: &crate::diag::Diagnostic| d.primary.as_ref().map(|(span, _)| *span);
            let told = self
                .0
                .iter()
                .any(|d| d.code == problem.code && d.message == problem.message && place(d) == place(problem));
            if !told {
                self.0.push(problem.clone());
            }
        }
    }
}
