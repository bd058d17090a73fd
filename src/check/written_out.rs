//! A pre-activation written out where a layer could stand: `gaussian(x @ W + b)` is derived like `gaussian(affine(x, 1))`.

use super::layer::definition;
use super::problem::Check;
use super::scope::Value;
use super::terms::{Evaluator, Place};
use crate::expr::{Expr, Node, Shape, replace};
use crate::model::Instance;

impl Evaluator<'_> {
    /// Gives each pre-activation written out among the arguments a node of its own, named like a layer's value.
    pub fn name_pre_activations(&mut self, instance: &mut Instance) -> Check<()> {
        for (arg, span) in instance.args.iter_mut().zip(&instance.arg_spans) {
            let Some(inner) = pre_activation(*arg) else { continue };
            let Place::Model(layers) = &mut self.place else { continue };
            let name = format!("{}.o", layers.next_prefix());
            let factor = Expr::num(product_factor(inner));
            let node = definition(&name, "o", Value { expr: inner / factor, claim: None }, None, *span)?;
            *arg = replace(*arg, inner, factor * node.var);
            self.emit(node);
        }
        Ok(())
    }
}

/// The part of an argument that holds all its matrix products and is linear in each of them, as large as it can be.
fn pre_activation(e: Expr) -> Option<Expr> {
    if !has_product(e) {
        return None;
    }
    if e.terms().into_iter().all(|t| !has_product(t) || is_linear(t)) {
        return Some(e);
    }
    let mut holding = e.children().iter().copied().filter(|c| has_product(*c));
    match (holding.next(), holding.next()) {
        (Some(only), None) => pre_activation(only),
        _ => None,
    }
}

/// The number before the first matrix product. It belongs to the link: in tanh(o) as 2 / (1 + exp(−2 o)) − 1, the −2 was
/// multiplied out into the sum.
fn product_factor(e: Expr) -> f64 {
    e.terms().into_iter().find(|t| has_product(*t)).map_or(1.0, |t| t.split_coefficient().0)
}

/// A product, perhaps times a number.
fn is_linear(term: Expr) -> bool {
    is_product(term.split_coefficient().1)
}

fn has_product(e: Expr) -> bool {
    is_product(e) || e.children().iter().copied().any(has_product)
}

/// A matrix product, or the inner product of two vectors that have names: the sums in a link are of other things.
fn is_product(e: Expr) -> bool {
    match e.node() {
        Node::Dot(..) => true,
        Node::Sum(inside, _) => {
            let factors = inside.factors();
            factors.len() == 2 && factors.iter().all(|f| f.name().is_some() && matches!(f.shape(), Shape::Vector(_)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Dim, Domain};

    #[test]
    fn the_part_linear_in_the_products_is_found_below_the_link() {
        let vector = |name: &str, n| Expr::var(name, Shape::Vector(Dim::Fixed(n)), Domain::REAL);
        let (x, b) = (vector("x", 3), vector("b", 2));
        let w = Expr::var("W", Shape::Matrix(Dim::Fixed(3), Dim::Fixed(2)), Domain::REAL);
        let o = x.dot(w) + b;
        assert_eq!(pre_activation(o), Some(o));
        assert_eq!(pre_activation((-o).exp()), Some(-o));
        assert_eq!(pre_activation(Expr::num(1.0) / ((-o).exp() + 1.0)), Some(-o));
        assert_eq!(product_factor(-2.0 * o), -2.0);
        let inner = x.dot(vector("w", 3)) + 1.0;
        assert_eq!(pre_activation(inner.exp()), Some(inner));
        assert_eq!(pre_activation(b.exp() / b.exp().sum(Dim::Fixed(2))), None, "the sum of a softmax is no product");
        assert_eq!(pre_activation(b), None);
        assert_eq!(pre_activation(x.dot(w).exp() + o.powi(2)), None, "two places, neither holds both");
    }
}
