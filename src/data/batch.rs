//! The order of examples in an epoch, and batches of it. This is part of the contract on randomness: see
//! [`epoch_order`].

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Keeps this stream apart from every other that starts from the same seed.
const PURPOSE: [u8; 16] = *b"nem epoch order ";

/// The order in which `epoch` visits the rows `0..rows`: a permutation that depends on the three arguments alone, so
/// every noise arm sees the same batches, and a resumed run the ones it would have seen.
///
/// The contract, which stays the same from release to release: ChaCha8 keyed by `seed` and `epoch` (8 bytes each,
/// little-endian) and the 16 bytes `nem epoch order `; Fisher–Yates from the last row to the second, each partner
/// drawn by Lemire's method (ACM TOMACS 29(1), 2019) from 64 bits at a time.
pub fn epoch_order(seed: u64, epoch: u64, rows: usize) -> Vec<usize> {
    let mut random = stream(seed, epoch);
    let mut order: Vec<usize> = (0..rows).collect();
    for last in (1..rows).rev() {
        order.swap(last, below(&mut random, last as u64 + 1) as usize);
    }
    order
}

fn stream(seed: u64, epoch: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&epoch.to_le_bytes());
    key[16..].copy_from_slice(&PURPOSE);
    ChaCha8Rng::from_seed(key)
}

/// Uniform on `0..bound`, without bias; `bound` is at least 1.
fn below(random: &mut impl Rng, bound: u64) -> u64 {
    let refused = bound.wrapping_neg() % bound;
    loop {
        let product = u128::from(random.next_u64()) * u128::from(bound);
        if product as u64 >= refused {
            return (product >> 64) as u64;
        }
    }
}

/// `order` in pieces of `size` rows; the last may be smaller. A size of 0 counts as 1.
pub fn batches(order: &[usize], size: usize) -> std::slice::Chunks<'_, usize> {
    order.chunks(size.max(1))
}

/// Replaces `out` with the given rows of `values` (rows of `width` elements), one after the other. Every row must lie
/// inside `values`.
pub fn gather<T: Copy>(values: &[T], width: usize, rows: &[usize], out: &mut Vec<T>) {
    out.clear();
    out.reserve(rows.len() * width);
    for row in rows {
        out.extend_from_slice(&values[row * width..(row + 1) * width]);
    }
}
