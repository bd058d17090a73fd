//! The symbolic core: hash-consed tensor expressions that can be simplified, differentiated, read as polynomials,
//! evaluated and printed. It knows mathematics and domains, but no statistics.
//!
//! An [`Expr`] stands for the value that *one example* has: a scalar, a vector or a matrix. Element-wise operations
//! repeat a scalar along a vector.

mod build;
mod careful;
mod curvature;
mod diff;
pub mod domain;
mod eval;
mod factor;
mod hash;
mod linear;
mod node;
mod ops;
mod poly;
pub mod print;
mod range;
mod ray;
mod rules;
mod shape;
mod simplify;
mod special;
mod walk;

pub use curvature::{Bend, Provided, bends, has_jumps, is_affine, one_component};
pub use diff::{gradient, pull_back};
pub use domain::Domain;
pub use eval::{Bindings, Value, evaluate};
pub use factor::{gathered, shortest, tidy};
pub use node::{Expr, Func, Node, VarId};
pub use poly::{Quadratic, by_degree, by_slope, collect, expand, quadratic};
pub use range::Range;
pub use ray::{Fall, falls};
pub use rules::RULES;
pub use shape::{Dim, Shape};
pub use simplify::{Trace, normal_form, prove_equal, simplify};
pub use walk::{contains, depends_on, find, find_all, free_variables, replace, substitute};

#[cfg(test)]
mod tests;
