//! Models with the sizes of a call: `Rbm(784, 20)`.

use super::Session;
use crate::diag::{Diagnostic, Problems, codes};
use crate::model::Model;
use crate::syntax;
use crate::syntax::ast::TermKind;

impl Session {
    /// The name in `Rbm(784, 20)`: from here on the model of this name has these sizes, until [`Session::forget_sizes`]. What is
    /// no call is a name. Errors: `SYNTAX`, `USAGE`, `UNKNOWN_NAME`, `WRONG_KIND`, `ARGUMENTS`, and those of the model.
    pub fn called(&mut self, text: &str) -> Result<String, Problems> {
        if !text.contains('(') {
            return Ok(text.into());
        }
        let file = self.argument("name", text);
        let term = syntax::parse_term(file, text)?;
        let TermKind::Call { callee, args } = &term.kind else { return Err(no_call(text).into()) };
        let model = self.declarations.called(callee, args, term.span)?;
        self.sized.retain(|other| other.name != model.name);
        self.sized.push(model);
        Ok(callee.text.clone())
    }

    /// Models have the sizes of their declarations again.
    pub fn forget_sizes(&mut self) {
        self.sized.clear();
    }

    /// The model of this name with the sizes it was called with, or else its default sizes, or else those it is trained with.
    pub(super) fn model_called(&self, name: &str) -> Option<&Model> {
        let trained = self.checked.trainings.iter().map(|training| &training.model);
        self.sized.iter().chain(&self.checked.models).chain(trained).find(|model| model.name == name)
    }
}

fn no_call(text: &str) -> Diagnostic {
    Diagnostic::new(codes::USAGE, format!("`{text}` names no likelihood and no model"))
        .help("write a name, or a model with its sizes: `Rbm(784, 20)`")
}
