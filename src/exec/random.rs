//! Random numbers by contract: the same ones whatever the batch, the order, the arm or the thread.
//!
//! Every number is named by (seed, purpose, source, step, row, column). The key of a ChaCha8 generator is made of the
//! first three, its stream is the step, and row `r` starts at word `r · stride`. ChaCha is a counter-based generator
//! (Bernstein 2008), so to jump there costs nothing. Every number takes one draw of 64 bits (32 for coarse
//! ones), normals through their quantile function: a rejection method would use an unknown count of draws and could run
//! into the next row.

use std::iter::zip;

use multiversion::multiversion;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::device::Element;
use crate::plan::{Fill, FillKind};
use crate::special::quantiles;

/// What random numbers are for. Two purposes never share a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Purpose {
    /// `Role::Random` buffers.
    Fill = 0,
    /// First values of parameters.
    Initial = 1,
    /// Columns of data that are drawn.
    Data = 3,
    /// Noise drawn outside of training, and the numbers of checks.
    Sample = 4,
    /// Samples of hidden variables in training.
    Hidden = 5,
}

/// Every stream of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams {
    pub seed: u64,
}

/// Words of 32 bits in one block of ChaCha: rows start at blocks.
const BLOCK: usize = 16;

/// Bytes in a word.
const WORD: usize = 4;

impl Streams {
    pub fn new(seed: u64) -> Streams {
        Streams { seed }
    }

    /// A generator of its own for (purpose, source, step).
    pub fn generator(&self, purpose: Purpose, source: u32, step: u64) -> ChaCha8Rng {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..12].copy_from_slice(&(purpose as u32).to_le_bytes());
        key[12..16].copy_from_slice(&source.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(step);
        generator
    }

    /// Appends `rows.len() · columns` numbers to `out`, row after row. Row `r` gets the same ones in every call with
    /// this purpose, fill, step and count of columns; coarse ones are the same in both precisions.
    pub fn fill<E: Element>(
        &self,
        purpose: Purpose,
        fill: &Fill,
        step: u64,
        rows: &[usize],
        columns: usize,
        out: &mut Vec<E>,
    ) {
        let generator = self.generator(purpose, fill.source, step);
        let bytes = if fill.coarse { 4 } else { 8 };
        let mut numbers = vec![0.0; columns];
        each_row(generator, rows, bytes * columns, |random| {
            match fill.coarse {
                true => coarse_cells(random, &mut numbers),
                false => cells(random, &mut numbers),
            }
            append(fill.kind, &mut numbers, out);
        });
    }
}

/// Hands out so many random bytes a row, each row's from a place of its own in the stream.
fn each_row(mut generator: ChaCha8Rng, rows: &[usize], bytes: usize, mut take: impl FnMut(&[u8])) {
    let stride = (bytes / WORD).next_multiple_of(BLOCK) as u128;
    let mut random = vec![0; bytes];
    for row in rows {
        generator.set_word_pos(*row as u128 * stride);
        generator.fill_bytes(&mut random);
        take(&random);
    }
}

/// Uniform numbers, or the normal ones that they stand for, in the precision of the device.
fn append<E: Element>(kind: FillKind, uniform: &mut [f64], out: &mut Vec<E>) {
    match kind {
        FillKind::StandardNormal => {
            quantiles(uniform);
            out.extend(uniform.iter().map(|x| E::from_f64(*x)));
        }
        // Rounded, a number may be 1, where logarithms of 1 − u have no value.
        FillKind::StandardUniform => out.extend(uniform.iter().map(|x| E::from_f64(x.min(E::BELOW_ONE)))),
    }
}

#[multiversion(targets("x86_64+avx2"))]
fn cells(random: &[u8], numbers: &mut [f64]) {
    zip(numbers, random.as_chunks().0).for_each(|(x, b)| *x = cell(u64::from_le_bytes(*b)));
}

#[multiversion(targets("x86_64+avx2"))]
fn coarse_cells(random: &[u8], numbers: &mut [f64]) {
    zip(numbers, random.as_chunks().0).for_each(|(x, b)| *x = coarse_cell(u32::from_le_bytes(*b)));
}

/// Uniform on the open (0, 1): the midpoints of 2⁵² equal cells.
pub fn open_uniform(generator: &mut impl Rng) -> f64 {
    cell(generator.next_u64())
}

/// The midpoint of the cell, of 2⁵², that 64 random bits choose.
#[inline(always)]
fn cell(bits: u64) -> f64 {
    const WIDTH: f64 = 1.0 / (1u64 << 52) as f64;
    ((bits >> 12) as f64 + 0.5) * WIDTH
}

/// The midpoint of the cell, of 2²³, that 32 random bits choose.
#[inline(always)]
fn coarse_cell(bits: u32) -> f64 {
    const WIDTH: f64 = 1.0 / (1u32 << 23) as f64;
    (f64::from(bits >> 9) + 0.5) * WIDTH
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(kind: FillKind, source: u32, step: u64, rows: &[usize], columns: usize) -> Vec<f64> {
        let mut out = Vec::new();
        Streams::new(7).fill(Purpose::Fill, &Fill { kind, source, coarse: false }, step, rows, columns, &mut out);
        out
    }

    #[test]
    fn a_row_has_its_numbers_whatever_the_batch() {
        for (kind, columns) in [(FillKind::StandardNormal, 7), (FillKind::StandardUniform, 33)] {
            let whole = draw(kind, 1, 3, &Vec::from_iter(0..50), columns);
            let batch = draw(kind, 1, 3, &[41, 2, 17], columns);
            for (row, numbers) in [41, 2, 17].into_iter().zip(batch.chunks(columns)) {
                assert_eq!(numbers, &whole[row * columns..][..columns]);
            }
        }
    }

    #[test]
    fn rows_steps_sources_purposes_and_seeds_differ() {
        let base = draw(FillKind::StandardNormal, 1, 3, &[0], 40);
        let shares = |other: &[f64]| base.iter().any(|x| other.contains(x));
        assert!(!shares(&draw(FillKind::StandardNormal, 1, 3, &[1], 40)));
        assert!(!shares(&draw(FillKind::StandardNormal, 1, 4, &[0], 40)));
        assert!(!shares(&draw(FillKind::StandardNormal, 2, 3, &[0], 40)));
        let first = |seed, purpose| Streams::new(seed).generator(purpose, 1, 3).next_u64();
        assert_ne!(first(7, Purpose::Fill), first(7, Purpose::Data));
        assert_ne!(first(7, Purpose::Fill), first(8, Purpose::Fill));
    }

    #[test]
    fn single_precision_gets_the_same_numbers_rounded() {
        let mut single: Vec<f32> = Vec::new();
        let fill = Fill { kind: FillKind::StandardNormal, source: 1, coarse: false };
        Streams::new(7).fill(Purpose::Fill, &fill, 3, &[5, 6], 9, &mut single);
        let double = draw(FillKind::StandardNormal, 1, 3, &[5, 6], 9);
        assert!(single.iter().zip(&double).all(|(s, d)| *s == *d as f32));
    }

    /// Sample moments within five standard errors of those of the distribution.
    #[test]
    fn moments_are_those_of_the_distribution() {
        let rows = Vec::from_iter(0..10_000);
        let moment = |xs: &[f64], k| xs.iter().map(|x: &f64| x.powi(k)).sum::<f64>() / xs.len() as f64;
        let close = |found: f64, expected: f64, variance: f64| {
            assert!((found - expected).abs() < 5.0 * (variance / 100_000.0).sqrt(), "{found} is not near {expected}");
        };
        let z = draw(FillKind::StandardNormal, 0, 0, &rows, 10);
        close(moment(&z, 1), 0.0, 1.0);
        close(moment(&z, 2), 1.0, 2.0);
        close(moment(&z, 3), 0.0, 15.0);
        close(moment(&z, 4), 3.0, 96.0);
        close(z.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / z.len() as f64, 0.0, 1.0);
        let u = draw(FillKind::StandardUniform, 0, 0, &rows, 10);
        assert!(u.iter().all(|u| 0.0 < *u && *u < 1.0));
        close(moment(&u, 1), 0.5, 1.0 / 12.0);
        close(moment(&u, 2), 1.0 / 3.0, 4.0 / 45.0);
    }
}
