//! Element-wise work on the CPU, over slices that the compiler can vectorise. dfdx walks two operands by index, element
//! after element, and calls libm for each exponential: four times slower, copies into and out of its tensors included.

use std::iter::{repeat_n, zip};

use ::dfdx::shapes::HasShape;
use ::dfdx::tensor::{Cpu, HasErr, TensorFromVec};

use multiversion::multiversion;

use super::{Kernels, Matrix};
use crate::plan::Binary;

type Made = Result<Matrix<Cpu>, <Cpu as HasErr>::Err>;

impl Kernels for Cpu {
    fn binary(op: Binary, x: Matrix<Cpu>, y: Matrix<Cpu>, output: (usize, usize)) -> Made {
        match op {
            Binary::Add => pairwise(&x, &y, output, |x, y| x + y),
            Binary::Subtract => pairwise(&x, &y, output, |x, y| x - y),
            Binary::Multiply => pairwise(&x, &y, output, |x, y| x * y),
            Binary::Divide => pairwise(&x, &y, output, |x, y| x / y),
            Binary::Maximum => pairwise(&x, &y, output, |x, y| if x > y || x.is_nan() { x } else { y }),
            Binary::Minimum => pairwise(&x, &y, output, |x, y| if x < y || x.is_nan() { x } else { y }),
        }
    }

    fn relu(x: Matrix<Cpu>) -> Made {
        change(&x, |values| values.iter_mut().for_each(|x| *x = if *x < 0.0 { 0.0 } else { *x }))
    }

    fn step(x: Matrix<Cpu>) -> Made {
        change(&x, |values| values.iter_mut().for_each(|x| *x = f32::from(u8::from(*x >= 0.0))))
    }

    fn logistic(x: Matrix<Cpu>) -> Made {
        change(&x, logistics)
    }

    fn softplus(x: Matrix<Cpu>) -> Made {
        change(&x, softpluses)
    }

    fn repeat(x: Matrix<Cpu>, output: (usize, usize)) -> Made {
        let values = full(&x, *x.shape());
        let times = output.0 / x.shape().0;
        let mut repeated = Vec::with_capacity(output.0 * output.1);
        for row in values.chunks_exact(output.1) {
            (0..times).for_each(|_| repeated.extend_from_slice(row));
        }
        x.device().try_tensor_from_vec(repeated, output)
    }

    fn sum_samples(x: Matrix<Cpu>, output: (usize, usize)) -> Made {
        let values = full(&x, *x.shape());
        let mut sums = vec![0.0; output.0 * output.1];
        let samples = values.chunks_exact(values.len() / output.0);
        for (sum, samples) in sums.chunks_exact_mut(output.1).zip(samples) {
            samples.chunks_exact(output.1).for_each(|row| zip(&mut *sum, row).for_each(|(s, x)| *s += x));
        }
        x.device().try_tensor_from_vec(sums, output)
    }

    fn softmax(x: Matrix<Cpu>) -> Made {
        change(&x, |values| values.chunks_exact_mut(x.shape().1).for_each(softmax))
    }
}

fn change(x: &Matrix<Cpu>, f: impl FnOnce(&mut [f32])) -> Made {
    let mut values = full(x, *x.shape());
    f(&mut values);
    x.device().try_tensor_from_vec(values, *x.shape())
}

/// Into a copy of the operand that has the shape of the result.
fn pairwise(x: &Matrix<Cpu>, y: &Matrix<Cpu>, output: (usize, usize), f: impl Fn(f32, f32) -> f32) -> Made {
    let values = match *x.shape() == output || *y.shape() != output {
        true => combined(full(x, output), output.1, y, f),
        false => combined(full(y, output), output.1, x, |y, x| f(x, y)),
    };
    x.device().try_tensor_from_vec(values, output)
}

/// `f(value, other)` for each value, a row of the other repeated down and a column repeated across.
fn combined(mut values: Vec<f32>, width: usize, other: &Matrix<Cpu>, f: impl Fn(f32, f32) -> f32) -> Vec<f32> {
    let ((rows, columns), other) = (*other.shape(), full(other, *other.shape()));
    // So many rows in a row meet the same row of the other.
    let together = values.len() / rows;
    let lines = other.chunks_exact(columns);
    match columns == width {
        _ if other.len() == values.len() => zip(&mut values, other).for_each(|(x, y)| *x = f(*x, y)),
        true => zip(values.chunks_exact_mut(together), lines).for_each(|(group, line)| {
            group.chunks_exact_mut(width).for_each(|row| zip(row, line).for_each(|(x, y)| *x = f(*x, *y)));
        }),
        false => zip(values.chunks_exact_mut(together), other).for_each(|(group, y)| {
            group.iter_mut().for_each(|x| *x = f(*x, y));
        }),
    }
    values
}

/// The values, a row repeated down and a column repeated across to fill the shape.
fn full(x: &Matrix<Cpu>, (rows, columns): (usize, usize)) -> Vec<f32> {
    let (x_rows, x_columns) = *x.shape();
    let mut values = vec![0.0; x_rows * x_columns];
    x.copy_into(&mut values);
    if x_columns != columns {
        values = values.into_iter().flat_map(|value| repeat_n(value, columns)).collect();
    }
    if x_rows != rows {
        values = values.chunks_exact(columns).flat_map(|row| row.repeat(rows / x_rows)).collect();
    }
    values
}

#[multiversion(targets("x86_64+avx2"))]
fn logistics(values: &mut [f32]) {
    values.iter_mut().for_each(|x| *x = logistic(*x));
}

/// 1 / (1 + e^−x); 0 where x < −88.
#[inline(always)]
fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

#[multiversion(targets("x86_64+avx2"))]
fn softpluses(values: &mut [f32]) {
    values.iter_mut().for_each(|x| *x = softplus(*x));
}

/// ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|)
#[inline(always)]
fn softplus(x: f32) -> f32 {
    (if x < 0.0 { 0.0 } else { x }) + ln_1p(exp(-x.abs()))
}

/// ln(1 + t) to 4 units in the last place for 0 ≤ t ≤ 1. The polynomial is that of `logf` in Cephes (Moshier 1992); what 1 + t
/// loses of t is put back by the quotient (Kahan).
#[inline(always)]
fn ln_1p(t: f32) -> f32 {
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    const POLYNOMIAL: [f32; 9] = [
        7.037_683_6e-2,
        -1.151_461e-1,
        1.167_699_9e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_7e-1,
        2.000_071_5e-1,
        -2.499_999_4e-1,
        3.333_333e-1,
    ];
    let sum = 1.0 + t;
    // 1 + t = 2^e (1 + r) with r between √½ − 1 and √2 − 1.
    let (e, r) = if sum > std::f32::consts::SQRT_2 { (1.0, 0.5 * sum - 1.0) } else { (0.0, sum - 1.0) };
    let tail = POLYNOMIAL.iter().fold(0.0, |total, c| total * r + c);
    let ln = r + (r * r * r * tail + e * LN_2[1] - 0.5 * r * r) + e * LN_2[0];
    if sum == 1.0 { t } else { ln * (t / (sum - 1.0)) }
}

#[multiversion(targets("x86_64+avx2"))]
fn softmax(row: &mut [f32]) {
    let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    row.iter_mut().for_each(|x| *x = exp(*x - largest));
    let sum: f32 = row.iter().sum();
    row.iter_mut().for_each(|x| *x /= sum);
}

/// e^x to 2 units in the last place for −87 ≤ x ≤ 88, 0 below and infinite above. The method and the polynomial are
/// those of `expf` in Cephes (Moshier 1992), without its branches: x = n ln 2 + r with |r| ≤ ½ ln 2.
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// 1.5 · 2²³: a sum with it has its fraction rounded off and the integer in its lowest bits.
    const ROUND: f32 = 12_582_912.0;
    /// ln 2 as a short number and the rest, so that n times the first is exact.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    const POLYNOMIAL: [f32; 6] = [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5];
    let held = x.clamp(-87.0, 88.0);
    let shifted = held * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (held - n * LN_2[0]) - n * LN_2[1];
    let tail = POLYNOMIAL.iter().fold(0.0, |sum, c| sum * r + c);
    let power_of_two = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    let inside = (1.0 + r + r * r * tail) * power_of_two;
    if x < -87.0 {
        0.0
    } else if x > 88.0 {
        f32::INFINITY
    } else {
        inside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_right_to_two_units_in_the_last_place() {
        for i in -870_000..=880_000 {
            let x = i as f32 * 1e-4;
            let (found, expected) = (exp(x), f64::from(x).exp());
            assert!(((f64::from(found) - expected) / expected).abs() < 2.4e-7, "e^{x}: {found}, not {expected}");
        }
    }

    #[test]
    fn softplus_is_right_to_four_units_in_the_last_place() {
        for i in -850_000..=850_000 {
            let x = i as f32 * 1e-4;
            let wide = f64::from(x);
            let (found, expected) = (softplus(x), wide.max(0.0) + (-wide.abs()).exp().ln_1p());
            assert!(((f64::from(found) - expected) / expected).abs() < 4.8e-7, "{x}: {found}, not {expected}");
        }
        assert_eq!([f32::NEG_INFINITY, f32::INFINITY].map(softplus), [0.0, f32::INFINITY]);
        assert!(softplus(f32::NAN).is_nan());
    }

    #[test]
    fn logistic_has_its_limits_and_keeps_what_is_not_a_number() {
        assert_eq!([-1e4, -200.0, 0.0, 200.0, 1e4].map(logistic), [0.0, 0.0, 0.5, 1.0, 1.0]);
        assert_eq!([f32::NEG_INFINITY, f32::INFINITY].map(logistic), [0.0, 1.0]);
        assert!(logistic(f32::NAN).is_nan());
        assert_eq!([-1e4, f32::NEG_INFINITY, 1e4].map(exp), [0.0, 0.0, f32::INFINITY]);
    }
}
