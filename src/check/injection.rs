//! How a noise statement puts noise into its variable: `+=`, `*=`, or `y <- expression of y and n`.

use super::declarations::Declarations;
use super::problem::{Check, fail};
use super::scope::Scope;
use super::shapes;
use super::terms::{Evaluator, Place};
use crate::diag::{Diagnostic, codes};
use crate::expr::{Domain, Expr, Shape, depends_on, print};
use crate::model::{Custom, Injection};
use crate::syntax::ast;

/// A noise statement about one of these variables.
///
/// Errors: `UNKNOWN_NAME` for another name, and those of the injection.
pub fn request(
    declarations: &Declarations,
    noise: &ast::Noise,
    variables: &[(&str, Expr)],
) -> Check<(Expr, Injection)> {
    let name = &noise.target;
    let Some((_, variable)) = variables.iter().find(|(known, _)| print::alike(known, &name.text)) else {
        let problem = Diagnostic::new(codes::UNKNOWN_NAME, format!("there is no variable `{}` here", name.text));
        return fail(problem.at(name.span, "not known").suggest(&name.text, variables.iter().map(|(n, _)| *n)));
    };
    let mut scope = Scope::default();
    variables.iter().for_each(|(name, var)| scope.value(name, *var));
    let injection = Evaluator::new(declarations, Place::Declaration).injection(&scope, noise, *variable)?;
    Ok((*variable, injection))
}

impl Evaluator<'_> {
    /// The injection into `variable`; `scope` holds what else its expression may speak of.
    ///
    /// Errors: `SHAPE` when the value is not one of the variable; `NOISE_TARGET` when it is free of the noise.
    pub fn injection(&mut self, scope: &Scope, noise: &ast::Noise, variable: Expr) -> Check<Injection> {
        let is_matrix = matches!(variable.shape(), Shape::Matrix(..));
        let (value, letter) = match &noise.injection {
            ast::Injection::Add | ast::Injection::Custom(..) if is_matrix => return fail(not_scaled(noise)),
            ast::Injection::Open => return fail(super::hole::noise(noise)),
            ast::Injection::Add => return Ok(Injection::Add),
            ast::Injection::Multiply => return Ok(Injection::Multiply),
            ast::Injection::Custom(value, letter) => (value, letter),
        };
        let n = Expr::var(&letter.text, variable.shape(), Domain::REAL);
        let mut scope = scope.clone();
        scope.value(&noise.target.text, variable);
        scope.value(&letter.text, n);
        let e = self.value(&scope, value)?.expr;
        if e.shape() != variable.shape() {
            let (found, wanted) = (shapes::words(e.shape()), shapes::words(variable.shape()));
            let message = format!("`{}` becomes {found}, and it is {wanted}", noise.target.text);
            return fail(
                Diagnostic::new(codes::SHAPE, message).at(value.span, found).help(format!("make it {wanted}")),
            );
        }
        if !depends_on(e, &[n]) {
            let message = format!("the new value of `{}` is free of the noise `{}`", noise.target.text, letter.text);
            let problem = Diagnostic::new(codes::NOISE_TARGET, message).at(value.span, "no noise in it");
            return fail(
                problem.help(format!("use `{}` in it, as in `{} + {}`", letter.text, noise.target.text, letter.text)),
            );
        }
        Ok(match e {
            e if e == variable + n => Injection::Add,
            e if e == variable * n => Injection::Multiply,
            value => Injection::Custom(Custom { variable, noise: n, value }),
        })
    }
}

fn not_scaled(noise: &ast::Noise) -> Diagnostic {
    let name = &noise.target.text;
    Diagnostic::new(codes::NOISE_TARGET, format!("`{name}` is a matrix, and noise scales a matrix by a number"))
        .at(noise.span, "noise of another kind")
        .help(format!("write `{name} *= n`"))
}
