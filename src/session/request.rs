//! Noise that the command line asks about.

use super::Session;
use crate::check::request;
use crate::derive::ProgramDerivation;
use crate::derive::request::{Request, of_likelihood, of_model};
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::Expr;
use crate::model::{Likelihood, Model};
use crate::syntax;
use crate::syntax::ast::{self, Setting};

impl Session {
    /// Adds to a derivation what follows for noise that is asked for by statements such as `sigma *= n` or
    /// `y <- y * (1 + n)`, in which `n` is the noise.
    pub fn request(&mut self, derived: &mut ProgramDerivation, statements: &[String]) -> Result<(), Problems> {
        let mut problems = Problems::new();
        for statement in statements {
            if let Err(found) = self.noise_statement(statement).and_then(|noise| self.answer(derived, &noise)) {
                problems.extend(found);
            }
        }
        if problems.has_errors() { Err(problems) } else { Ok(()) }
    }

    /// A noise statement. Where nothing is said of what it is drawn from, a bare name stands for it: `sigma *= n`.
    pub(super) fn noise_statement(&mut self, text: &str) -> Result<ast::Noise, Problems> {
        let unsaid = text.contains("<-") && !text.contains("where");
        let text = format!("noise {text}{}", if unsaid { " where n ~ n" } else { "" });
        let file = self.argument("noise", &text);
        match &syntax::parse_settings(file, &text)?[..] {
            [Setting::Noise(noise)] => Ok(noise.clone()),
            _ => {
                let [scaled, any] = ["\"sigma *= n\"", "\"y <- y * (1 + n)\""].map(|s| self.asker.option("noise", s));
                let problem = Diagnostic::new(codes::USAGE, "this is not one noise statement");
                Err(problem.help(format!("write it like this: `{scaled}`, `{any}`")).into())
            }
        }
    }

    /// The first likelihood or model that has the variable.
    fn answer(&self, derived: &mut ProgramDerivation, noise: &ast::Noise) -> Result<(), Problems> {
        let mut refused = Problems::new();
        for one in &mut derived.likelihoods {
            let likelihood = one.likelihood.clone();
            match request(&self.declarations, noise, &in_likelihood(&likelihood)) {
                Ok((variable, injection)) => {
                    let told = one.single.iter().any(|told| told.outcome == variable && told.injection == injection);
                    if !told {
                        one.requested.push(of_likelihood(&likelihood, Request { variable, injection }));
                    }
                    return Ok(());
                }
                Err(found) => refused = found,
            }
        }
        for one in &mut derived.models {
            let Some(model) = self.model_called(&one.name) else { continue };
            match request(&self.declarations, noise, &in_model(model)) {
                Ok((variable, injection)) => {
                    one.requested.push(of_model(model, Request { variable, injection }));
                    return Ok(());
                }
                Err(found) => refused = found,
            }
        }
        Err(refused)
    }
}

/// The variables of a model that a statement can speak of: a dotted name is not one.
pub(super) fn in_model(model: &Model) -> Vec<(&str, Expr)> {
    model.named().filter(|(name, _)| !name.contains('.')).map(|(name, node)| (name, node.var)).collect()
}

/// The variables of a likelihood.
pub(super) fn in_likelihood(likelihood: &Likelihood) -> Vec<(&str, Expr)> {
    let formals = likelihood.formals.iter().map(|f| (f.name.as_str(), f.var));
    formals.chain([(likelihood.outcome_name.as_str(), likelihood.outcome)]).collect()
}
