//! Plain f64 loops: the oracle that other devices are tested against. Clear over fast.

use super::device::{Device, ExecError, Operand, check_len, number, operands};
use crate::plan::{Binary, Op, Unary};
use crate::special::matrix;

/// A matrix, row after row.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    pub rows: usize,
    pub columns: usize,
    pub values: Vec<f64>,
}

impl Matrix {
    fn from_fn(rows: usize, columns: usize, mut f: impl FnMut(usize, usize) -> f64) -> Matrix {
        let values = (0..rows * columns).map(|i| f(i / columns, i % columns)).collect();
        Matrix { rows, columns, values }
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.columns + column]
    }

    /// The element of the matrix repeated to so many rows, each row below itself, and one column across.
    fn at_broadcast(&self, rows: usize, row: usize, column: usize) -> f64 {
        self.at(row * self.rows / rows, if self.columns == 1 { 0 } else { column })
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..][..self.columns]
    }

    fn transposed(&self) -> Matrix {
        Matrix::from_fn(self.columns, self.rows, |r, c| self.at(c, r))
    }

    fn map(&self, f: impl Fn(f64) -> f64) -> Matrix {
        Matrix { values: self.values.iter().copied().map(f).collect(), ..*self }
    }

    fn map_rows(&self, columns: usize, f: impl Fn(&[f64]) -> Vec<f64>) -> Matrix {
        Matrix { rows: self.rows, columns, values: (0..self.rows).flat_map(|r| f(self.row(r))).collect() }
    }
}

/// The reference device.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reference;

impl Device for Reference {
    type Element = f64;
    type Buffer = Matrix;

    fn name(&self) -> String {
        "reference (f64)".into()
    }

    fn upload(&self, rows: usize, columns: usize, values: Vec<f64>) -> Result<Matrix, ExecError> {
        check_len(rows, columns, values.len())?;
        Ok(Matrix { rows, columns, values })
    }

    fn download(&self, buffer: &Matrix) -> Result<Vec<f64>, ExecError> {
        Ok(buffer.values.clone())
    }

    fn shape(&self, buffer: &Matrix) -> (usize, usize) {
        (buffer.rows, buffer.columns)
    }

    fn run(
        &self,
        op: &Op,
        slots: &[f64],
        inputs: Vec<Operand<Matrix>>,
        (rows, columns): (usize, usize),
    ) -> Result<Matrix, ExecError> {
        let number = |scalar| number(scalar, slots);
        Ok(match *op {
            Op::Fill(value) => Matrix::from_fn(rows, columns, |_, _| value),
            Op::Unary(unary) => one(inputs)?.map(unary_function(unary)),
            Op::Scale(s) => one(inputs)?.map(|x| x * number(s)),
            Op::Shift(s) => one(inputs)?.map(|x| x + number(s)),
            Op::Power(exponent) => one(inputs)?.map(|x| x.powf(exponent)),
            Op::SumColumns => one(inputs)?.map_rows(1, |row| vec![row.iter().sum()]),
            Op::SumRows => one(inputs)?.transposed().map_rows(1, |row| vec![row.iter().sum()]).transposed(),
            Op::Softmax => one(inputs)?.map_rows(columns, softmax),
            Op::LogSumExp => one(inputs)?.map_rows(1, |row| vec![log_sum_exp(row)]),
            Op::MatMul { transpose } => {
                let [x, y] = two(inputs)?;
                matmul(&flip(x, transpose[0]), &flip(y, transpose[1]))
            }
            Op::Binary(binary) => {
                let ([x, y], f) = (two(inputs)?, binary_function(binary));
                Matrix::from_fn(rows, columns, |r, c| f(x.at_broadcast(rows, r, c), y.at_broadcast(rows, r, c)))
            }
            Op::Special(f) => {
                let inputs: Vec<Matrix> = inputs.into_iter().map(Operand::into_owned).collect();
                let at = |r, c| inputs.iter().map(|x| x.at_broadcast(rows, r, c)).collect::<Vec<f64>>();
                Matrix::from_fn(rows, columns, |r, c| f.value(&at(r, c)))
            }
            Op::Concat => {
                let inputs: Vec<Matrix> = inputs.into_iter().map(Operand::into_owned).collect();
                let row = |r: usize| inputs.iter().flat_map(move |x| x.row(if x.rows == 1 { 0 } else { r })).copied();
                Matrix { rows, columns, values: (0..rows).flat_map(row).collect() }
            }
            Op::Slice(first) => one(inputs)?.map_rows(columns, |row| row[first..][..columns].to_vec()),
            Op::Repeat(m) => {
                let x = one(inputs)?;
                Matrix::from_fn(rows, columns, |r, c| x.at(r / m, c))
            }
            Op::Tile => {
                let x = one(inputs)?;
                Matrix::from_fn(rows, columns, |r, c| x.at(r % x.rows, c))
            }
            Op::SumSamples => {
                let x = one(inputs)?;
                let m = x.rows / rows.max(1);
                Matrix::from_fn(rows, columns, |r, c| (0..m).map(|i| x.at(r * m + i, c)).sum())
            }
            Op::Flatten | Op::Unflatten(_) => Matrix { rows, columns, values: one(inputs)?.values },
            Op::Transpose => one(inputs)?.transposed(),
            Op::Inverse => Matrix { rows, columns, values: matrix::inverse(rows, &one(inputs)?.values) },
            Op::LnDet => {
                let x = one(inputs)?;
                Matrix { rows, columns, values: vec![matrix::ln_det(x.rows, &x.values)] }
            }
            Op::Blend { alpha, beta } => {
                let ([x, y], alpha, beta) = (two(inputs)?, number(alpha), number(beta));
                Matrix::from_fn(rows, columns, |r, c| alpha * x.at(r, c) + beta * y.at(r, c))
            }
        })
    }
}

fn one(inputs: Vec<Operand<Matrix>>) -> Result<Matrix, ExecError> {
    operands(inputs).map(|[x]| x.into_owned())
}

fn two(inputs: Vec<Operand<Matrix>>) -> Result<[Matrix; 2], ExecError> {
    operands(inputs).map(|both: [_; 2]| both.map(Operand::into_owned))
}

fn flip(x: Matrix, transpose: bool) -> Matrix {
    if transpose { x.transposed() } else { x }
}

fn matmul(x: &Matrix, y: &Matrix) -> Matrix {
    Matrix::from_fn(x.rows, y.columns, |r, c| (0..x.columns).map(|k| x.at(r, k) * y.at(k, c)).sum())
}

fn unary_function(op: Unary) -> fn(f64) -> f64 {
    match op {
        Unary::Negate => |x| -x,
        Unary::Exp => f64::exp,
        Unary::Ln => f64::ln,
        Unary::Sqrt => f64::sqrt,
        Unary::Square => |x| x * x,
        Unary::Reciprocal => f64::recip,
        Unary::Abs => f64::abs,
        Unary::Sign => |x| f64::from(i8::from(x > 0.0) - i8::from(x < 0.0)),
        Unary::Step => |x| f64::from(u8::from(x >= 0.0)),
        Unary::Relu => |x| if x < 0.0 { 0.0 } else { x },
        Unary::Sin => f64::sin,
        Unary::Cos => f64::cos,
        Unary::Tanh => f64::tanh,
        Unary::Logistic => |x| 1.0 / (1.0 + (-x).exp()),
        Unary::Softplus => |x| x.max(0.0) + (-x.abs()).exp().ln_1p(),
    }
}

fn binary_function(op: Binary) -> fn(f64, f64) -> f64 {
    match op {
        Binary::Add => |x, y| x + y,
        Binary::Subtract => |x, y| x - y,
        Binary::Multiply => |x, y| x * y,
        Binary::Divide => |x, y| x / y,
        // Not `f64::max` and `f64::min`: they lose a NaN.
        Binary::Maximum => |x, y| if x > y || x.is_nan() { x } else { y },
        Binary::Minimum => |x, y| if x < y || x.is_nan() { x } else { y },
    }
}

/// Shifted by the largest element, so that no exponential overflows.
fn softmax(row: &[f64]) -> Vec<f64> {
    let shift = log_sum_exp(row);
    row.iter().map(|x| (x - shift).exp()).collect()
}

fn log_sum_exp(row: &[f64]) -> f64 {
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + row.iter().map(|x| (x - largest).exp()).sum::<f64>().ln()
}
