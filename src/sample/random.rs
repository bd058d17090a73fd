//! Random numbers for draws: one stream for each seed, uniform numbers and what is made of them.

use rand_chacha::ChaCha8Rng;

use crate::exec::random::{Purpose, Streams, open_uniform};
use crate::special::Special;

pub struct Random(ChaCha8Rng);

impl Random {
    /// `source` tells streams of one seed apart.
    pub fn new(seed: u64, source: u32) -> Random {
        Random(Streams::new(seed).generator(Purpose::Sample, source, 0))
    }

    /// Between 0 and 1, without the two.
    pub fn uniform(&mut self) -> f64 {
        open_uniform(&mut self.0)
    }

    pub fn normal(&mut self) -> f64 {
        Special::NormalQuantile.value(&[self.uniform()])
    }

    pub fn normals(&mut self, dim: usize) -> Vec<f64> {
        (0..dim).map(|_| self.normal()).collect()
    }
}
