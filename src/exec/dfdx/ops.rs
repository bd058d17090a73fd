//! The instructions as dfdx operations, for any dfdx device. What dfdx lacks is composed of what it has.

use ::dfdx::shapes::{Axes2, Axis, HasShape};
use ::dfdx::tensor::Tensor;
use ::dfdx::tensor_ops::{
    BroadcastTo, ChooseFrom, LogSumExpTo, PermuteTo, ReshapeTo, TryAdd, TryDiv, TryEq, TryGe, TryGt, TryLt, TryMatMul,
    TryMul, TrySub,
};

use super::{Kernels, Matrix};
use crate::exec::device::Operand;
use crate::plan::{Binary, Unary};

pub fn matmul<D: Kernels>(x: Matrix<D>, y: Matrix<D>, transpose: [bool; 2]) -> Result<Matrix<D>, D::Err> {
    flip(x, transpose[0])?.try_matmul(flip(y, transpose[1])?)
}

/// A transposed view: the product reads it with exchanged strides.
fn flip<D: Kernels>(x: Matrix<D>, transpose: bool) -> Result<Matrix<D>, D::Err> {
    if transpose { x.try_permute::<(usize, usize), Axes2<1, 0>>() } else { Ok(x) }
}

fn ones<D: Kernels>(like: &Matrix<D>, shape: (usize, usize)) -> Result<Matrix<D>, D::Err> {
    like.device().try_ones_like(&shape)
}

/// A view in which a row is repeated down or a column across.
pub fn broadcast<D: Kernels>(x: Matrix<D>, output: (usize, usize)) -> Result<Matrix<D>, D::Err> {
    match *x.shape() {
        shape if shape == output => Ok(x),
        (1, 1) => x.try_reshape_like(&())?.try_broadcast_like::<_, Axes2<0, 1>>(&output),
        (1, columns) => x.try_reshape_like(&(columns,))?.try_broadcast_like::<_, Axis<0>>(&output),
        (rows, _) => x.try_reshape_like(&(rows,))?.try_broadcast_like::<_, Axis<1>>(&output),
    }
}

/// As a product with ones: four times faster than dfdx's walk by index on the CPU, and always in the same order, which
/// its atomic sums on CUDA are not.
pub fn sum_rows<D: Kernels>(x: Matrix<D>) -> Result<Matrix<D>, D::Err> {
    ones(&x, (1, x.shape().0))?.try_matmul(x)
}

pub fn sum_columns<D: Kernels>(x: Matrix<D>) -> Result<Matrix<D>, D::Err> {
    let ones = ones(&x, (x.shape().1, 1))?;
    x.try_matmul(ones)
}

pub fn log_sum_exp<D: Kernels>(x: Matrix<D>) -> Result<Matrix<D>, D::Err> {
    let column = (x.shape().0, 1);
    x.try_logsumexp::<(usize,), Axis<1>>()?.try_reshape_like(&column)
}

/// In place in whichever operand is used for the last time.
pub fn blend<D: Kernels>([x, y]: [Operand<Matrix<D>>; 2], alpha: f64, beta: f64) -> Result<Matrix<D>, D::Err> {
    let (into, alpha, from, beta) = match x.is_owned() || !y.is_owned() {
        true => (x, alpha, y, beta),
        false => (y, beta, x, alpha),
    };
    let mut into = into.into_owned();
    into.try_axpy(alpha, from.get(), beta)?;
    Ok(into)
}

pub fn binary<D: Kernels>(op: Binary, x: Matrix<D>, y: Matrix<D>) -> Result<Matrix<D>, D::Err> {
    match op {
        Binary::Add => x.try_add(y),
        Binary::Subtract => x.try_sub(y),
        Binary::Multiply => x.try_mul(y),
        Binary::Divide => x.try_div(y),
        Binary::Maximum => x.try_maximum(y),
        Binary::Minimum => x.try_minimum(y),
    }
}

pub fn unary<D: Kernels>(op: Unary, x: Matrix<D>) -> Result<Matrix<D>, D::Err> {
    match op {
        Unary::Negate => x.try_negate(),
        Unary::Exp => x.try_exp(),
        Unary::Ln => x.try_ln(),
        Unary::Sqrt => x.try_sqrt(),
        Unary::Square => x.try_square(),
        Unary::Reciprocal => x.try_recip(),
        Unary::Abs => x.try_abs(),
        Unary::Sign => step(&x, 0.0, TryGt::try_gt)?.try_sub(step(&x, 0.0, TryLt::try_lt)?),
        Unary::Step => step(&x, 0.0, TryGe::try_ge),
        Unary::Relu => x.try_relu(),
        Unary::Sin => x.try_sin(),
        Unary::Cos => x.try_cos(),
        Unary::Tanh => x.try_tanh(),
        Unary::Logistic => D::logistic(x),
        Unary::Softplus => softplus(x),
    }
}

type Mask<D> = Tensor<(usize, usize), bool, D>;

/// 1 where the comparison with `bound` holds, else 0.
fn step<D: Kernels>(
    x: &Matrix<D>,
    bound: f32,
    compare: fn(&Matrix<D>, f32) -> Result<Mask<D>, D::Err>,
) -> Result<Matrix<D>, D::Err> {
    let zeros = x.device().try_zeros_like(x.shape())?;
    compare(x, bound)?.try_choose(ones(x, *x.shape())?, zeros)
}

/// max(x, 0) + ln(1 + e^−|x|)
fn softplus<D: Kernels>(x: Matrix<D>) -> Result<Matrix<D>, D::Err> {
    let tail = ln_1p(x.clone().try_abs()?.try_negate()?.try_exp()?)?;
    x.try_relu()?.try_add(tail)
}

/// ln(1 + x) for 0 ≤ x ≤ 1 to full relative precision: x · ln u / (u − 1) with u = 1 + x as rounded, and x itself where
/// u is 1 (Kahan; see Goldberg 1991, theorem 4).
fn ln_1p<D: Kernels>(x: Matrix<D>) -> Result<Matrix<D>, D::Err> {
    let u = x.clone().try_add(1.0)?;
    let rest = u.clone().try_sub(1.0)?;
    let tiny = rest.try_eq(0.0)?;
    let large = u.try_ln()?.try_mul(x.clone())?.try_div(rest)?;
    tiny.try_choose(x, large)
}
