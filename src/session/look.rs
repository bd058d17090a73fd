//! Noise at the numbers of a point, in a likelihood or in a model.

use std::rc::Rc;

use super::Session;
use super::request::{in_likelihood, in_model};
use crate::check::request;
use crate::derive::request::Request;
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::{Expr, Value, print};
use crate::model::{Criterion, Injection, Likelihood, Model};
use crate::sample::{NoiseAt, Place, Proposal, Scene, letters, point};
use crate::source::Span;
use crate::syntax::ast;

/// Which noise is looked at, and what is asked of it.
pub struct Asked<'a> {
    /// In the outcome of a likelihood.
    pub injections: &'a [Injection],
    /// In any variable: `sigma *= n`.
    pub statements: &'a [String],
    pub criterion: Criterion,
}

/// What is seen at a point.
pub struct Looked {
    pub scene: Scene,
    /// One for each injection and statement; of a model, for each statement.
    pub noises: Vec<NoiseAt>,
    /// A noise that the point gives.
    pub given: Option<Value>,
    /// What the first statement draws from, if it says so.
    pub proposal: Option<Proposal>,
}

enum Subject {
    Likelihood(Rc<Likelihood>),
    Model(Model),
}

impl Session {
    /// Looks at noise in the likelihood or model of this name, or the only one that has the variable, at the point `at`.
    pub fn look(&mut self, name: Option<&str>, at: &str, asked: &Asked) -> Result<Looked, Problems> {
        let statements: Vec<ast::Noise> =
            asked.statements.iter().map(|text| self.noise_statement(text)).collect::<Result<_, _>>()?;
        let file = self.argument("at", at);
        let (point, text) = (point::parse(file, at)?, Span::new(file, 0, at.len()));
        let (scene, noises) = match self.subject(name, &statements)? {
            Subject::Likelihood(likelihood) => {
                let place = Place::read(&likelihood, &point, text)?;
                (place.scene(), self.in_place(&place, asked, &statements)?)
            }
            Subject::Model(model) => {
                let requests = self.requests(&in_model(&model), &statements)?;
                let noises = letters::noises(&model, &requests, asked.criterion, (&point, text))?;
                (Scene::of_model(&model.name, &point), self.existing(&model.name, &requests, noises)?)
            }
        };
        let given = point::noise(&point, &noises)?;
        Ok(Looked { scene, noises, given, proposal: self.stated_proposal(statements.first())? })
    }

    fn in_place(&self, place: &Place, asked: &Asked, statements: &[ast::Noise]) -> Result<Vec<NoiseAt>, Problems> {
        let in_outcome = |injection: &Injection| Request { variable: place.outcome, injection: *injection };
        let mut requests: Vec<Request> = asked.injections.iter().map(in_outcome).collect();
        for request in self.requests(&place.variables(), statements)? {
            if !requests.contains(&request) {
                requests.push(request);
            }
        }
        let noises = requests.iter().map(|request| place.noise_in(*request, asked.criterion)).collect();
        self.existing(&place.instance.likelihood.name, &requests, noises)
    }

    fn requests(&self, variables: &[(&str, Expr)], statements: &[ast::Noise]) -> Result<Vec<Request>, Problems> {
        let one = |noise| request(&self.declarations, noise, variables);
        statements.iter().map(|noise| one(noise).map(|(variable, injection)| Request { variable, injection })).collect()
    }

    /// A bare name says nothing of where the noise comes from.
    fn stated_proposal(&self, noise: Option<&ast::Noise>) -> Result<Option<Proposal>, Problems> {
        let stated = noise.map(|n| &n.proposal).filter(|term| !matches!(term.kind, ast::TermKind::Name(_)));
        stated.map(|term| self.declarations.proposal(term).map(|instance| Proposal::new(&instance))).transpose()
    }

    /// Errors: `USAGE` for a model of which no variable is named.
    fn subject(&self, name: Option<&str>, statements: &[ast::Noise]) -> Result<Subject, Problems> {
        let (likelihoods, models) = (&self.checked.likelihoods, &self.checked.models);
        let subject = match (name, statements) {
            (Some(name), _) => self.subject_called(name)?,
            (None, [noise, ..]) => self.subject_with(noise)?,
            (None, []) if likelihoods.is_empty() && !models.is_empty() => Subject::Model(models[0].clone()),
            (None, []) => Subject::Likelihood(self.likelihood(None)?),
        };
        match subject {
            Subject::Model(model) if statements.is_empty() => Err(self.nothing_named(&model.name).into()),
            subject => Ok(subject),
        }
    }

    fn subject_called(&self, name: &str) -> Result<Subject, Problems> {
        match self.model_called(name) {
            Some(model) => Ok(Subject::Model(model.clone())),
            None if self.declarations.names_of("likelihood").contains(&name) => {
                self.declarations.likelihood(name).map(Subject::Likelihood)
            }
            None => Err(self.not_checked(name)),
        }
    }

    /// The only likelihood or model of the program that has the variable of a statement.
    fn subject_with(&self, noise: &ast::Noise) -> Result<Subject, Problems> {
        let has =
            |variables: Vec<(&str, Expr)>| variables.iter().any(|(name, _)| print::alike(name, &noise.target.text));
        let likelihoods = self.checked.likelihoods.iter().filter(|l| has(in_likelihood(l)));
        let models = self.checked.models.iter().filter(|m| has(in_model(m)));
        let names: Vec<&str> =
            likelihoods.clone().map(|l| l.name.as_str()).chain(models.clone().map(|m| m.name.as_str())).collect();
        let subjects = likelihoods
            .cloned()
            .map(Subject::Likelihood)
            .chain(models.cloned().map(Subject::Model))
            .collect::<Vec<_>>();
        match <[Subject; 1]>::try_from(subjects) {
            Ok([only]) => Ok(only),
            Err(_) if names.is_empty() => Err(self.no_variable(noise).into()),
            Err(_) => Err(several(noise, &names).into()),
        }
    }

    /// Errors: `CANNOT_DERIVE` where there is no such condition.
    fn existing(
        &self,
        owner: &str,
        requests: &[Request],
        noises: Vec<Option<NoiseAt>>,
    ) -> Result<Vec<NoiseAt>, Problems> {
        let one = |(noise, request): (Option<NoiseAt>, &Request)| {
            noise.ok_or_else(|| self.no_ascent(owner, &request.variable.name().unwrap_or_default()).into())
        };
        noises.into_iter().zip(requests).map(one).collect()
    }

    fn no_ascent(&self, owner: &str, variable: &str) -> Diagnostic {
        Diagnostic::new(codes::CANNOT_DERIVE, format!("noise in `{variable}` of `{owner}` has no ascent condition"))
            .note("it is read off the score of the mean, which only an outcome has whose mean is a parameter")
            .help(format!("ask for `{}`", self.asker.option("criterion", "nem")))
    }

    fn nothing_named(&self, model: &str) -> Diagnostic {
        let message = format!("`{model}` is a model, and nothing says which variable takes noise");
        let option = self.asker.option("noise", "\"y += n\"");
        Diagnostic::new(codes::USAGE, message).help(format!("name one, as in `{option}`"))
    }

    fn no_variable(&self, noise: &ast::Noise) -> Diagnostic {
        let name = &noise.target;
        let all = self.checked.likelihoods.iter().flat_map(|l| in_likelihood(l));
        let all = all.chain(self.checked.models.iter().flat_map(in_model)).map(|(name, _)| name);
        Diagnostic::new(codes::UNKNOWN_NAME, format!("the program has no variable `{}`", name.text))
            .at(name.span, "not known")
            .suggest(&name.text, all)
    }
}

fn several(noise: &ast::Noise, names: &[&str]) -> Diagnostic {
    let name = &noise.target;
    Diagnostic::new(codes::USAGE, format!("more than one declaration has a variable `{}`", name.text))
        .at(name.span, "of which?")
        .help(format!("name one of them: {}", names.join(", ")))
}
