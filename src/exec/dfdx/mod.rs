//! Runs plans on dfdx tensors, f32, without dfdx's tape: on the CPU or, by the same code, on CUDA.
//!
//! Every buffer is contiguous, row after row. dfdx changes an owned tensor in place when nobody shares its memory.

mod cpu;
mod ops;
pub mod tape;

use ::dfdx::shapes::{Axis, HasShape};
use ::dfdx::tensor::{Cpu, Tensor};
use ::dfdx::tensor_ops::{ReshapeTo, TryAdd, TryGe, TryMul};

use super::device::{Device, ExecError, Operand, check_len, number, operands};
use super::reference::Reference;
use crate::plan::{Binary, Op};

/// A matrix on a dfdx device.
pub type Matrix<D> = Tensor<(usize, usize), f32, D>;

/// What dfdx must offer: its own trait for a device with every operation. The provided functions are dfdx's kernels; a
/// device whose memory is at hand may do them faster.
pub trait Kernels: ::dfdx::tensor_ops::Device<f32> {
    /// Element by element, a row repeated down and a column repeated across; the result has shape `output`.
    fn binary(op: Binary, x: Matrix<Self>, y: Matrix<Self>, output: (usize, usize)) -> Result<Matrix<Self>, Self::Err> {
        ops::binary(op, ops::broadcast(x, output)?, ops::broadcast(y, output)?)
    }

    /// max(x, 0); what is not a number stays so.
    fn relu(x: Matrix<Self>) -> Result<Matrix<Self>, Self::Err> {
        ops::relu(x)
    }

    /// 1 where x ≥ 0, else 0.
    fn step(x: Matrix<Self>) -> Result<Matrix<Self>, Self::Err> {
        ops::indicator(x.try_ge(0.0)?)
    }

    /// 1 / (1 + e^−x): where e^−x overflows the quotient is 0, which is right to rounding.
    fn logistic(x: Matrix<Self>) -> Result<Matrix<Self>, Self::Err> {
        x.try_sigmoid()
    }

    /// ln(1 + e^x), without overflow.
    fn softplus(x: Matrix<Self>) -> Result<Matrix<Self>, Self::Err> {
        ops::softplus(x)
    }

    /// Each row as often as the output has room for it, one below the other.
    fn repeat(x: Matrix<Self>, output: (usize, usize)) -> Result<Matrix<Self>, Self::Err> {
        ops::repeat(x, output)
    }

    /// Sum over the rows that fall on one row of the output.
    fn sum_samples(x: Matrix<Self>, output: (usize, usize)) -> Result<Matrix<Self>, Self::Err> {
        ops::sum_samples(x, output)
    }

    /// Row by row, without overflow.
    fn softmax(x: Matrix<Self>) -> Result<Matrix<Self>, Self::Err> {
        x.try_softmax::<Axis<1>>()
    }
}

#[cfg(feature = "cuda")]
impl Kernels for ::dfdx::tensor::Cuda {}

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
            Op::Unary(op) => ops::unary(op, one(inputs)?),
            Op::Scale(s) => one(inputs)?.try_mul(number(s) as f32),
            Op::Shift(s) => one(inputs)?.try_add(number(s) as f32),
            Op::Power(exponent) => one(inputs)?.try_powf(exponent),
            Op::SumRows => ops::sum_rows(one(inputs)?),
            Op::SumColumns => ops::sum_columns(one(inputs)?),
            Op::Softmax => D::softmax(one(inputs)?),
            Op::LogSumExp => ops::log_sum_exp(one(inputs)?),
            Op::MatMul { transpose } => two(inputs).map(|[x, y]| ops::matmul(x, y, transpose))?,
            Op::Binary(op) => match self.sign(op, &inputs) {
                Some(sign) => ops::blend(operands(inputs)?, 1.0, sign),
                None => two(inputs).map(|[x, y]| D::binary(op, x, y, output))?,
            },
            Op::Repeat(_) => D::repeat(one(inputs)?, output),
            Op::Tile => ops::tile(one(inputs)?, output),
            Op::SumSamples => D::sum_samples(one(inputs)?, output),
            Op::Flatten | Op::Unflatten(_) => one(inputs)?.try_reshape_like(&output),
            Op::Blend { alpha, beta } => ops::blend(operands(inputs)?, number(alpha), number(beta)),
            Op::Special(_) | Op::Concat | Op::Slice(_) | Op::Transpose | Op::Inverse | Op::LnDet => {
                return self.on_host(op, inputs, output);
            }
        };
        made.map_err(failed)
    }
}

impl<D: Kernels> Dfdx<D> {
    /// What a sum or difference of equal shapes adds the second operand with: such a one needs no new memory.
    fn sign(&self, op: Binary, inputs: &[Operand<Matrix<D>>]) -> Option<f64> {
        let [x, y] = inputs else { return None };
        match (self.shape(x.get()) == self.shape(y.get()), op) {
            (true, Binary::Add) => Some(1.0),
            (true, Binary::Subtract) => Some(-1.0),
            _ => None,
        }
    }

    /// What dfdx has no kernel for, in f64 by the reference. On CUDA the numbers travel to the host and back.
    fn on_host(
        &self,
        op: &Op,
        inputs: Vec<Operand<Matrix<D>>>,
        output: (usize, usize),
    ) -> Result<Matrix<D>, ExecError> {
        let fetch = |x: Operand<Matrix<D>>| {
            let (rows, columns) = self.shape(x.get());
            let values = self.download(x.get())?.into_iter().map(f64::from).collect();
            Reference.upload(rows, columns, values).map(Operand::Owned)
        };
        let inputs = inputs.into_iter().map(fetch).collect::<Result<Vec<_>, _>>()?;
        let made = Reference.run(op, &[], inputs, output)?;
        self.upload(output.0, output.1, made.values.iter().map(|x| *x as f32).collect())
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
