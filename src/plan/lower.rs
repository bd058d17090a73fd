//! From expressions to instructions.
//!
//! An expression speaks of one example: its scalars become columns (`batch × 1`), its vectors become `batch × width`. What
//! depends on parameters only has one row. Equal expressions are computed once, whichever equation asks for them first.

use std::collections::HashMap;

use super::build::Builder;
use super::ir::*;
use crate::expr::{Dim, Expr, Func, Node, Shape, find, print};
use crate::special::Special;

/// Lowers expressions over variables that have buffers (or slots).
#[derive(Default)]
pub struct Lowering {
    pub builder: Builder,
    buffers: HashMap<Expr, BufferId>,
    slots: HashMap<Expr, Scalar>,
}

/// Logarithms, roots, exponentials, quotients: where finite numbers can give one that is not, a message names the
/// expression.
fn may_leave_the_numbers(e: Expr) -> bool {
    matches!(e.node(), Node::Call(..) | Node::Pow(..))
}

/// Whether there is a matrix in it that differs from example to example.
fn has_outer(e: Expr) -> bool {
    find(e, |x| matches!(x.node(), Node::Outer(..))).is_some()
}

/// A matrix, and whether it stands transposed.
fn flipped(m: Expr) -> (Expr, bool) {
    match m.node() {
        Node::Transpose(inner) => (inner, true),
        _ => (m, false),
    }
}

fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

impl Lowering {
    /// From now on `var` is what this buffer holds.
    pub fn bind(&mut self, var: Expr, buffer: BufferId) {
        self.buffers.insert(var, buffer);
    }

    /// A scalar variable that the caller sets before each run.
    pub fn bind_slot(&mut self, var: Expr, name: &str) {
        let slot = self.builder.slot(name);
        self.slots.insert(var, slot);
    }

    /// Computes `value` and lets `var` stand for it.
    pub fn define(&mut self, var: Expr, value: Expr) -> BufferId {
        let buffer = self.lower(value);
        self.bind(var, buffer);
        buffer
    }

    pub fn output(&mut self, name: &str, buffer: BufferId) {
        self.builder.plan.outputs.push((name.into(), buffer));
    }

    /// The buffer that holds this expression.
    pub fn lower(&mut self, e: Expr) -> BufferId {
        if let Some(known) = self.buffers.get(&e) {
            return *known;
        }
        let readable = print::present(e);
        let first = self.builder.plan.instrs.len();
        let buffer = if readable == e { self.compute(e) } else { self.lower(readable) };
        if may_leave_the_numbers(e) {
            self.builder.name_part(first, &short(&print::text(e)));
        }
        self.buffers.insert(e, buffer);
        buffer
    }

    fn compute(&mut self, e: Expr) -> BufferId {
        match e.node() {
            Node::Num(bits) => self.builder.constant(f64::from_bits(bits), 1),
            Node::Pi => self.builder.constant(std::f64::consts::PI, 1),
            Node::Var(_) => self.variable(e),
            Node::Add(terms) => self.sum(&terms),
            Node::Mul(_) => self.product(e),
            Node::Pow(base, exponent) => self.power(base, exponent),
            Node::Call(f, x) => self.call(f, x),
            Node::Max(a, b) => self.maximum(a, b),
            Node::Min(a, b) => self.pair(Binary::Minimum, a, b),
            Node::Sum(x, _) => {
                let x = self.lower(x);
                self.builder.sum_columns(x)
            }
            Node::Softmax(x) => self.row_wise(Op::Softmax, x, false),
            Node::LogSumExp(x) => self.row_wise(Op::LogSumExp, x, true),
            Node::Dot(a, b) => self.dot(a, b),
            Node::Spread(x, dim) => self.spread(x, dim),
            Node::Transpose(x) => {
                let x = self.lower(x);
                self.builder.transposed(x)
            }
            Node::Outer(a, b) => self.pair(Binary::Multiply, a, b),
            Node::Special(f, args) => self.special(f, &args),
            Node::Concat(parts) => self.concat(&parts),
            Node::Slice(x, skipped, length) => self.slice(x, skipped, length),
            Node::Inverse(x) => {
                let x = self.lower(x);
                self.builder.emit(Op::Inverse, &[x], self.builder.shape(x))
            }
            Node::LnDet(x) => {
                let x = self.lower(x);
                self.builder.emit(Op::LnDet, &[x], (Rows::Fixed(1), 1))
            }
        }
    }

    /// A variable without a buffer is a slot; one with neither would be a mistake of ours, and shows as NaN.
    fn variable(&mut self, e: Expr) -> BufferId {
        let slot = self.slots.get(&e).copied().unwrap_or(Scalar::Constant(f64::NAN));
        let one = self.builder.constant(1.0, 1);
        self.builder.scale(one, slot)
    }

    fn pair(&mut self, f: Binary, a: Expr, b: Expr) -> BufferId {
        let (a, b) = (self.lower(a), self.lower(b));
        self.builder.binary(f, a, b)
    }

    /// Positive terms first, so that most sums need no negation.
    fn sum(&mut self, terms: &[Expr]) -> BufferId {
        let constant: f64 = terms.iter().filter_map(|t| t.as_num()).sum();
        let mut rest: Vec<Expr> = terms.iter().copied().filter(|t| t.as_num().is_none()).collect();
        rest.sort_by_key(|t| t.split_coefficient().0 < 0.0);
        let mut total: Option<BufferId> = None;
        for term in rest {
            let (c, positive) = term.split_coefficient();
            total = Some(match total {
                None => self.lower(term),
                Some(sum) if c == -1.0 => {
                    let x = self.lower(positive);
                    self.builder.binary(Binary::Subtract, sum, x)
                }
                Some(sum) => {
                    let x = self.lower(term);
                    self.builder.binary(Binary::Add, sum, x)
                }
            });
        }
        match total {
            Some(sum) if constant == 0.0 => sum,
            Some(sum) => self.builder.emit(Op::Shift(Scalar::Constant(constant)), &[sum], self.builder.shape(sum)),
            None => self.builder.constant(constant, 1),
        }
    }

    /// Numbers and slots scale; negative powers divide.
    fn product(&mut self, e: Expr) -> BufferId {
        let (c, rest) = e.split_coefficient();
        let mut scalars = vec![Scalar::Constant(c)];
        let (mut over, mut under) = (vec![], vec![]);
        for factor in rest.factors() {
            match factor.node() {
                _ if self.slots.contains_key(&factor) => scalars.push(self.slots[&factor]),
                Node::Pow(base, n) if n.as_num().is_some_and(|n| n < 0.0) => under.push(base.pow(-n)),
                _ => over.push(factor),
            }
        }
        // Narrow factors first: a column times a column is cheaper than a column times a matrix. Together with the numbers
        // they are one expression, which other products have as well.
        over.sort_by_key(|f| f.shape() != Shape::Scalar);
        let narrow = over.iter().take_while(|f| f.shape() == Shape::Scalar).count();
        if narrow > 0 && over.len() > narrow {
            let numbers = rest.factors().into_iter().filter(|f| self.slots.contains_key(f));
            let column: Vec<Expr> = over.drain(..narrow).chain(numbers).chain([Expr::num(c)]).collect();
            over.insert(0, Expr::mul_all(&column));
            scalars.clear();
        }
        let mut product = match over.split_first() {
            Some((first, others)) => {
                let first = self.lower(*first);
                others.iter().fold(first, |product, f| {
                    let f = self.lower(*f);
                    self.builder.binary(Binary::Multiply, product, f)
                })
            }
            None => self.builder.constant(1.0, 1),
        };
        for divisor in under {
            let divisor = self.lower(divisor);
            product = self.builder.binary(Binary::Divide, product, divisor);
        }
        scalars.into_iter().fold(product, |product, s| self.builder.scale(product, s))
    }

    fn power(&mut self, base: Expr, exponent: Expr) -> BufferId {
        let Some(n) = exponent.as_num() else { return self.lower((exponent * base.ln()).exp()) };
        let x = self.lower(base);
        match n {
            2.0 => self.builder.unary(Unary::Square, x),
            0.5 => self.builder.unary(Unary::Sqrt, x),
            -1.0 => self.builder.unary(Unary::Reciprocal, x),
            _ => self.builder.emit(Op::Power(n), &[x], self.builder.shape(x)),
        }
    }

    fn call(&mut self, f: Func, x: Expr) -> BufferId {
        let x = self.lower(x);
        let unary = match f {
            Func::Exp => Unary::Exp,
            Func::Ln => Unary::Ln,
            Func::Abs => Unary::Abs,
            Func::Sign => Unary::Sign,
            Func::Step => Unary::Step,
            Func::Sin => Unary::Sin,
            Func::Cos => Unary::Cos,
            Func::Tanh => Unary::Tanh,
            Func::Logistic => Unary::Logistic,
            Func::Softplus => Unary::Softplus,
        };
        self.builder.unary(unary, x)
    }

    fn maximum(&mut self, a: Expr, b: Expr) -> BufferId {
        match (a.is_num(0.0), b.is_num(0.0)) {
            (true, _) => self.relu(b),
            (_, true) => self.relu(a),
            _ => self.pair(Binary::Maximum, a, b),
        }
    }

    fn relu(&mut self, x: Expr) -> BufferId {
        let x = self.lower(x);
        self.builder.unary(Unary::Relu, x)
    }

    fn row_wise(&mut self, op: Op, x: Expr, narrow: bool) -> BufferId {
        let x = self.lower(x);
        let (rows, columns) = self.builder.shape(x);
        self.builder.emit(op, &[x], (rows, if narrow { 1 } else { columns }))
    }

    fn dot(&mut self, a: Expr, b: Expr) -> BufferId {
        if let (Shape::Matrix(..), Shape::Matrix(..)) = (a.shape(), b.shape()) {
            return self.matrices(a, b);
        }
        // W h for one example is h Wᵀ for a batch of rows.
        let (vector, matrix, flip) = match a.shape() {
            Shape::Matrix(..) => (b, a, true),
            _ => (a, b, false),
        };
        let (matrix, flip) = match matrix.node() {
            Node::Transpose(inner) => (inner, !flip),
            _ => (matrix, flip),
        };
        let (vector, matrix) = (self.lower(vector), self.lower(matrix));
        self.builder.matmul(vector, matrix, [false, flip])
    }

    /// The product of two matrices that all examples share.
    fn matrices(&mut self, a: Expr, b: Expr) -> BufferId {
        let ((a, flip_a), (b, flip_b)) = (flipped(a), flipped(b));
        let (a, b) = (self.lower(a), self.lower(b));
        self.builder.matmul(a, b, [flip_a, flip_b])
    }

    fn special(&mut self, f: Special, args: &[Expr]) -> BufferId {
        let inputs = args.iter().map(|x| self.lower(*x)).collect();
        self.builder.special(f, inputs)
    }

    fn concat(&mut self, parts: &[Expr]) -> BufferId {
        let mut inputs: Vec<BufferId> = parts.iter().map(|x| self.lower(*x)).collect();
        let rows = self.builder.align(&mut inputs);
        let columns = inputs.iter().map(|x| self.builder.shape(*x).1).sum();
        self.builder.emit(Op::Concat, &inputs, (rows, columns))
    }

    fn slice(&mut self, x: Expr, skipped: Dim, length: Dim) -> BufferId {
        let x = self.lower(x);
        let (rows, columns) = self.builder.shape(x);
        let known = |dim: Dim| if let Dim::Fixed(n) = dim { n } else { columns };
        self.builder.emit(Op::Slice(known(skipped)), &[x], (rows, known(length)))
    }

    fn spread(&mut self, x: Expr, dim: Dim) -> BufferId {
        let x = self.lower(x);
        match dim {
            Dim::Fixed(n) => {
                let ones = self.builder.constant(1.0, n);
                self.builder.binary(Binary::Multiply, x, ones)
            }
            Dim::Named(_) => x,
        }
    }

    /// Σ over the batch of an expression: how per-example gradients become gradients of shared parameters.
    pub fn batch_sum(&mut self, e: Expr) -> BufferId {
        match e.node() {
            Node::Add(terms) => {
                let parts: Vec<BufferId> = terms.iter().map(|t| self.batch_sum(*t)).collect();
                parts[1..].iter().fold(parts[0], |sum, part| self.builder.binary(Binary::Add, sum, *part))
            }
            Node::Mul(factors) if matches!(e.shape(), Shape::Matrix(..)) => self.matrix_sum(&factors),
            Node::Dot(a, b) if has_outer(e) => self.product_sum(a, b),
            Node::Outer(a, b) => self.outer_sum(a, b),
            Node::Transpose(x) if has_outer(e) => {
                let sum = self.batch_sum(x);
                self.builder.transposed(sum)
            }
            _ => {
                let x = self.lower(e);
                let is_matrix = matches!(e.shape(), Shape::Matrix(..));
                self.rows_summed(x, is_matrix)
            }
        }
    }

    /// Σ_batch s (a bᵀ) ∘ M with a number s for each example: the matrix M of parameters stands outside of the sum.
    fn matrix_sum(&mut self, factors: &[Expr]) -> BufferId {
        let has_outer = |f: &Expr| has_outer(*f);
        let (scalars, matrices): (Vec<Expr>, Vec<Expr>) = factors.iter().partition(|f| f.shape() == Shape::Scalar);
        let (outer, fixed): (Vec<Expr>, Vec<Expr>) = matrices.into_iter().partition(has_outer);
        let scalar = Expr::mul_all(&scalars);
        let outer = Expr::mul_all(&outer);
        let sum = match outer.node() {
            Node::Outer(a, b) => {
                let (a, b) = (self.lower(a), self.lower(b));
                let scalar = self.lower(scalar);
                self.weighted_outer_sum(scalar, a, b)
            }
            // The number moves into the factor that differs from example to example.
            Node::Dot(a, b) if has_outer(&a) => self.product_sum(a * scalar, b),
            Node::Dot(a, b) => self.product_sum(a, b * scalar),
            _ => self.batch_sum(Expr::add_all(&outer.terms().iter().map(|t| *t * scalar).collect::<Vec<_>>())),
        };
        if fixed.is_empty() {
            return sum;
        }
        let fixed = self.lower(Expr::mul_all(&fixed));
        self.builder.binary(Binary::Multiply, sum, fixed)
    }

    /// Σ_batch A X B with X another for each example: A and B stand outside of the sum.
    fn product_sum(&mut self, a: Expr, b: Expr) -> BufferId {
        let ((a, flip_a), (b, flip_b)) = (flipped(a), flipped(b));
        let sides = [a, b].map(|side| if has_outer(side) { self.batch_sum(side) } else { self.lower(side) });
        self.builder.matmul(sides[0], sides[1], [flip_a, flip_b])
    }

    /// Σ_batch a bᵀ is one matrix product.
    fn outer_sum(&mut self, a: Expr, b: Expr) -> BufferId {
        let (a, b) = (self.lower(a), self.lower(b));
        self.matrix_product_of(a, b)
    }

    /// The number moves into the factor with one row a sample, so that the other need not be repeated.
    fn weighted_outer_sum(&mut self, scalar: BufferId, a: BufferId, b: BufferId) -> BufferId {
        let b_has_samples = matches!(self.builder.shape(b).0, Rows::Samples(_));
        let (a, b) = match b_has_samples {
            true => (a, self.builder.binary(Binary::Multiply, b, scalar)),
            false => (self.builder.binary(Binary::Multiply, a, scalar), b),
        };
        self.matrix_product_of(a, b)
    }

    /// Σ_samples a bᵀ = a (Σ_samples b)ᵀ where `a` has one row an example.
    fn matrix_product_of(&mut self, a: BufferId, b: BufferId) -> BufferId {
        let (a, b) = match (self.builder.shape(a).0, self.builder.shape(b).0) {
            (Rows::Batch, Rows::Samples(_)) => (a, self.builder.sum_samples(b)),
            (Rows::Samples(_), Rows::Batch) => (self.builder.sum_samples(a), b),
            _ => (a, b),
        };
        self.builder.matmul(a, b, [true, false])
    }

    /// What is the same for every example counts once for each; several rows of numbers or vectors are chains.
    fn rows_summed(&mut self, x: BufferId, is_matrix: bool) -> BufferId {
        match self.builder.shape(x).0 {
            Rows::Batch | Rows::Samples(_) => self.builder.sum_rows(x),
            Rows::Fixed(n) if n > 1 && !is_matrix => self.builder.sum_rows(x),
            Rows::Fixed(_) => {
                let rows = self.builder.slot(ROWS);
                self.builder.scale(x, rows)
            }
        }
    }
}
