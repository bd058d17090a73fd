//! Regions in which the components of the noisy outcome keep their sum: noise on a plane.
//!
//! A gaussian with independent components of one variance, conditioned on a plane, is its orthogonal projection onto it:
//! the part along the normal is independent of the rest. For added noise this subtracts the mean.

use super::noise::NoiseAt;
use super::vector::{along, dot};
use crate::model::Bound;

pub struct Plane {
    normal: Vec<f64>,
    /// normal · n on the plane
    height: f64,
}

impl Plane {
    /// The plane that a region lies in; `None` for a region that lies in none.
    pub fn of(noise: &NoiseAt) -> Option<Plane> {
        let total = |b: &Bound| if let Bound::Total(e) = b { Some(*e) } else { None };
        let total = noise.derived.support.iter().find_map(total)?;
        let zero = vec![0.0; noise.dim()];
        let sum: f64 = noise.noisy(&zero).iter().sum();
        Some(Plane { normal: noise.slope(), height: noise.value(total, &zero).scalar() - sum })
    }

    pub fn project(&self, n: &[f64]) -> Vec<f64> {
        along(n, (self.height - dot(&self.normal, n)) / dot(&self.normal, &self.normal), &self.normal)
    }

    /// The nearest point of the plane with these components left as they are.
    pub fn kept(&self, n: &[f64], fixed: impl Fn(usize) -> bool) -> Vec<f64> {
        let free: Vec<f64> = self.normal.iter().enumerate().map(|(k, x)| if fixed(k) { 0.0 } else { *x }).collect();
        along(n, (self.height - dot(&self.normal, n)) / dot(&free, &free), &free)
    }

    /// The part of a direction that stays within the plane.
    pub fn flatten(&self, d: &[f64]) -> Vec<f64> {
        along(d, -dot(&self.normal, d) / dot(&self.normal, &self.normal), &self.normal)
    }
}
