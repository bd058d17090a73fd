//! Noise that the command line asks about.

use super::Session;
use crate::check::request;
use crate::derive::ProgramDerivation;
use crate::derive::request::{Request, of_likelihood, of_model};
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::Expr;
use crate::model::Model;
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

    fn noise_statement(&mut self, text: &str) -> Result<ast::Noise, Problems> {
        let drawn = text.contains("<-") && !text.contains("where");
        let text = format!("noise {text}{}", if drawn { " where n ~ gaussian(0, 1)" } else { "" });
        let file = self.argument("--noise", &text);
        match &syntax::parse_settings(file, &text)?[..] {
            [Setting::Noise(noise)] => Ok(noise.clone()),
            _ => {
                let problem = Diagnostic::new(codes::USAGE, "`--noise` takes one noise statement");
                Err(problem.help("write it like this: `--noise \"sigma *= n\"`, `--noise \"y <- y * (1 + n)\"`").into())
            }
        }
    }

    /// The first likelihood or model that has the variable.
    fn answer(&self, derived: &mut ProgramDerivation, noise: &ast::Noise) -> Result<(), Problems> {
        let mut refused = Problems::new();
        for one in &mut derived.likelihoods {
            let likelihood = one.likelihood.clone();
            let formals = likelihood.formals.iter().map(|f| (f.name.as_str(), f.var));
            let variables: Vec<_> = formals.chain([(likelihood.outcome_name.as_str(), likelihood.outcome)]).collect();
            match request(&self.declarations, noise, &variables) {
                Ok((variable, injection)) => {
                    one.requested.push(of_likelihood(&likelihood, Request { variable, injection }));
                    return Ok(());
                }
                Err(found) => refused = found,
            }
        }
        for one in &mut derived.models {
            let Some(model) = self.checked.models.iter().find(|m| m.name == one.name) else { continue };
            let variables = named_variables(model);
            match request(&self.declarations, noise, &variables) {
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

/// The variables of a model by the names that programs give them: what a layer makes is called like its definition.
fn named_variables(model: &Model) -> Vec<(&str, Expr)> {
    let mut list = vec![];
    for node in &model.nodes {
        let short = node.name.strip_suffix(".o").filter(|name| model.node(name).is_none());
        let name = short.unwrap_or(&node.name);
        // A dotted name is not one that a statement can speak of.
        if !name.contains('.') {
            list.push((name, node.var));
        }
    }
    list
}
