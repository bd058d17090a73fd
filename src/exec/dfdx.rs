//! Runs plans on dfdx tensors, f32, without dfdx's tape: on the CPU or, by the same code, on CUDA.
//!
//! Every buffer is contiguous, row after row. dfdx changes an owned tensor in place when nobody shares its memory.

use ::dfdx::shapes::{Axes2, Axis, HasShape};
use ::dfdx::tensor::{Cpu, Tensor};
use ::dfdx::tensor_ops::{
    ChooseFrom, LogSumExpTo, PermuteTo, ReshapeTo, TryAdd, TryDiv, TryEq, TryGe, TryGt, TryLt, TryMatMul, TryMul,
    TrySub,
};

use super::device::{Device, ExecError, Operand, check_len, number, operands};
use crate::plan::{Binary, Op, Unary};

/// A matrix on a dfdx device.
pub type Matrix<D> = Tensor<(usize, usize), f32, D>;

/// What dfdx must offer: its own trait for a device with every operation.
pub trait Kernels: ::dfdx::tensor_ops::Device<f32> {}
impl<D: ::dfdx::tensor_ops::Device<f32>> Kernels for D {}

/// A dfdx device as a device that runs plans.
#[derive(Clone, Debug)]
pub struct Dfdx<D> {
    device: D,
    name: String,
}

impl Dfdx<Cpu> {
    pub fn cpu() -> Dfdx<Cpu> {
        Dfdx { device: Cpu::default(), name: "dfdx on the CPU (f32)".into() }
    }
}

#[cfg(feature = "cuda")]
impl Dfdx<::dfdx::tensor::Cuda> {
    /// The CUDA device of this number; an error when there is none.
    pub fn cuda(ordinal: usize) -> Result<Self, ExecError> {
        let device = ::dfdx::tensor::Cuda::try_build(ordinal, 0).map_err(|e| ExecError::Device(format!("{e:?}")))?;
        Ok(Dfdx { device, name: format!("dfdx on CUDA device {ordinal} (f32)") })
    }
}

impl<D: Kernels> Device for Dfdx<D> {
    type Element = f32;
    type Buffer = Matrix<D>;

    fn name(&self) -> String {
        self.name.clone()
    }

    fn upload(&self, rows: usize, columns: usize, values: Vec<f32>) -> Result<Matrix<D>, ExecError> {
        check_len(rows, columns, values.len())?;
        self.device.try_tensor_from_vec(values, (rows, columns)).map_err(failed)
    }

    fn download(&self, buffer: &Matrix<D>) -> Result<Vec<f32>, ExecError> {
        let (rows, columns) = self.shape(buffer);
        let mut values = vec![0.0; rows * columns];
        buffer.copy_into(&mut values);
        Ok(values)
    }

    fn shape(&self, buffer: &Matrix<D>) -> (usize, usize) {
        *HasShape::shape(buffer)
    }

    fn run(
        &self,
        op: &Op,
        slots: &[f64],
        inputs: Vec<Operand<Matrix<D>>>,
        output: (usize, usize),
    ) -> Result<Matrix<D>, ExecError> {
        let number = |scalar| number(scalar, slots);
        let made = match *op {
            Op::Fill(value) => return self.upload(output.0, output.1, vec![value as f32; output.0 * output.1]),
            Op::Unary(op) => unary(op, one(inputs)?),
            Op::Scale(s) => one(inputs)?.try_mul(number(s) as f32),
            Op::Shift(s) => one(inputs)?.try_add(number(s) as f32),
            Op::Power(exponent) => one(inputs)?.try_powf(exponent),
            Op::SumRows => sum_rows(one(inputs)?),
            Op::SumColumns => sum_columns(one(inputs)?),
            Op::Softmax => one(inputs)?.try_softmax::<Axis<1>>(),
            Op::LogSumExp => one(inputs)?.try_logsumexp::<(usize,), Axis<1>>().and_then(column),
            Op::MatMul { transpose } => two(inputs).map(|[x, y]| matmul(x, y, transpose))?,
            Op::Binary(op) => two(inputs).map(|[x, y]| binary(op, expand(x, output)?, expand(y, output)?))?,
            Op::Blend { alpha, beta } => blend(operands(inputs)?, number(alpha), number(beta)),
        };
        made.map_err(failed)
    }
}

fn failed(error: impl std::fmt::Display) -> ExecError {
    ExecError::Device(error.to_string())
}

fn one<D: Kernels>(inputs: Vec<Operand<Matrix<D>>>) -> Result<Matrix<D>, ExecError> {
    operands(inputs).map(|[x]| x.into_owned())
}

fn two<D: Kernels>(inputs: Vec<Operand<Matrix<D>>>) -> Result<[Matrix<D>; 2], ExecError> {
    operands(inputs).map(|both: [_; 2]| both.map(Operand::into_owned))
}

fn matmul<D: Kernels>(x: Matrix<D>, y: Matrix<D>, transpose: [bool; 2]) -> Result<Matrix<D>, D::Err> {
    flip(x, transpose[0])?.try_matmul(flip(y, transpose[1])?)
}

/// A transposed view: the product reads it with exchanged strides.
fn flip<D: Kernels>(x: Matrix<D>, transpose: bool) -> Result<Matrix<D>, D::Err> {
    if transpose { x.try_permute::<(usize, usize), Axes2<1, 0>>() } else { Ok(x) }
}

fn ones<D: Kernels>(like: &Matrix<D>, shape: (usize, usize)) -> Result<Matrix<D>, D::Err> {
    like.device().try_ones_like(&shape)
}

/// A row repeated down or a column repeated across, as a product with ones: exact, and on the CPU several times faster
/// than dfdx's walk over a broadcast view.
fn expand<D: Kernels>(x: Matrix<D>, (rows, columns): (usize, usize)) -> Result<Matrix<D>, D::Err> {
    let (x_rows, x_columns) = *x.shape();
    let down = if x_rows == rows { x } else { ones(&x, (rows, 1))?.try_matmul(x)? };
    if x_columns == columns { Ok(down) } else { down.clone().try_matmul(ones(&down, (1, columns))?) }
}

fn sum_rows<D: Kernels>(x: Matrix<D>) -> Result<Matrix<D>, D::Err> {
    ones(&x, (1, x.shape().0))?.try_matmul(x)
}

fn sum_columns<D: Kernels>(x: Matrix<D>) -> Result<Matrix<D>, D::Err> {
    let ones = ones(&x, (x.shape().1, 1))?;
    x.try_matmul(ones)
}

fn column<D: Kernels>(x: Tensor<(usize,), f32, D>) -> Result<Matrix<D>, D::Err> {
    let rows = x.shape().0;
    x.try_reshape_like(&(rows, 1))
}

/// In place in whichever operand is used for the last time.
fn blend<D: Kernels>([x, y]: [Operand<Matrix<D>>; 2], alpha: f64, beta: f64) -> Result<Matrix<D>, D::Err> {
    let (into, alpha, from, beta) = match x.is_owned() || !y.is_owned() {
        true => (x, alpha, y, beta),
        false => (y, beta, x, alpha),
    };
    let mut into = into.into_owned();
    into.try_axpy(alpha, from.get(), beta)?;
    Ok(into)
}

fn binary<D: Kernels>(op: Binary, x: Matrix<D>, y: Matrix<D>) -> Result<Matrix<D>, D::Err> {
    match op {
        Binary::Add => x.try_add(y),
        Binary::Subtract => x.try_sub(y),
        Binary::Multiply => x.try_mul(y),
        Binary::Divide => x.try_div(y),
        Binary::Maximum => x.try_maximum(y),
        Binary::Minimum => x.try_minimum(y),
    }
}

fn unary<D: Kernels>(op: Unary, x: Matrix<D>) -> Result<Matrix<D>, D::Err> {
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
        // 1 / (1 + e^−x): where e^−x overflows the quotient is 0, which is right to rounding.
        Unary::Logistic => x.try_sigmoid(),
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
