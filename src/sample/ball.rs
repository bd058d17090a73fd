//! Balls and ellipsoids, drawn directly.
//!
//! A uniform proposal that covers an ellipsoid is uniform in it: a point of the unit ball, stretched. A gaussian about a
//! point of a ball's boundary, as the noise that changes nothing is: with ρ its distance from that point and θ the angle
//! between its direction and the one to the centre, the ball is ρ ≤ 2 r cos θ. So θ has a density proportional to
//! sin^{K−2} θ F(2 r cos θ / s), F the distribution function of a chi variable with K degrees of freedom, and ρ is such a
//! variable below its bound; what is left of the direction is uniform.

use super::method::{Source, Task};
use super::proposal::Gaussian;
use super::random::Random;
use super::vector::{along, dot, minus, norm, unit};
use crate::derive::Kind;
use crate::special::Special;

pub fn direct<'a>(task: Task<'a>) -> Option<Box<dyn Source + 'a>> {
    if let Some(ellipsoid) = Uniform::new(task) {
        return Some(Box::new(ellipsoid));
    }
    Cap::new(task).map(|cap| Box::new(cap) as Box<dyn Source>)
}

/// Uniform in an ellipsoid with its axes along the components.
struct Uniform {
    centre: Vec<f64>,
    half_axes: Vec<f64>,
}

impl Uniform {
    fn new(task: Task) -> Option<Uniform> {
        let noise = task.noise;
        let (centre, half_axes) = match noise.derived.region.kind {
            Kind::Ball { centre, radius } => {
                (noise.data(centre), vec![noise.value(radius, &noise.middle()).scalar(); noise.dim()])
            }
            Kind::Ellipsoid { centre, weight } => {
                let (centre, weight) = (noise.data(centre), noise.data(weight));
                let from = minus(&noise.still()?, &centre);
                let square: f64 = from.iter().zip(&weight).map(|(d, w)| w * d * d).sum();
                (centre, weight.iter().map(|w| (square / w).sqrt()).collect())
            }
            _ => return None,
        };
        let (low, high) = task.proposal.support();
        let covered = centre.iter().zip(&half_axes).all(|(c, a)| c - a >= low && c + a <= high);
        (task.proposal.is_uniform() && covered).then_some(Uniform { centre, half_axes })
    }
}

impl Source for Uniform {
    fn next(&mut self, random: &mut Random) -> Option<(Vec<f64>, u64)> {
        let dim = self.centre.len();
        let direction = unit(&random.normals(dim))?;
        let radius = random.uniform().powf(1.0 / dim as f64);
        let stretched = direction.iter().zip(&self.half_axes).map(|(d, a)| radius * d * a);
        Some((stretched.zip(&self.centre).map(|(d, c)| c + d).collect(), 1))
    }
}

/// A gaussian about a point of the boundary.
struct Cap {
    still: Vec<f64>,
    /// The direction to the centre.
    towards: Vec<f64>,
    /// 2 r / s
    width: f64,
    deviation: f64,
    /// Angles, and the distribution function at each.
    angles: Vec<(f64, f64)>,
}

impl Cap {
    fn new(task: Task) -> Option<Cap> {
        let noise = task.noise;
        let Kind::Ball { centre, .. } = noise.derived.region.kind else { return None };
        let Gaussian { deviation, .. } = task.proposal.gaussian?;
        let still = noise.still()?;
        let to_centre = minus(&noise.data(centre), &still);
        let (towards, width) = (unit(&to_centre)?, 2.0 * norm(&to_centre) / deviation);
        let about_still = still.iter().all(|x| task.proposal.is_even_about(*x));
        let angles = angles(noise.dim(), width)?;
        about_still.then_some(Cap { still, towards, width, deviation, angles })
    }
}

impl Source for Cap {
    fn next(&mut self, random: &mut Random) -> Option<(Vec<f64>, u64)> {
        let dim = self.still.len();
        let angle = inverted(&self.angles, random.uniform());
        let distance = self.deviation * chi_below(dim, self.width * angle.cos(), random.uniform());
        let any = random.normals(dim);
        let across = unit(&along(&any, -dot(&any, &self.towards), &self.towards))?;
        let n = along(&self.still, distance * angle.cos(), &self.towards);
        Some((along(&n, distance * angle.sin(), &across), 1))
    }
}

const CELLS: usize = 4_000;

/// The distribution function of θ from 0 to π/2 on a grid, by the trapezoid rule; the grid covers where the density is
/// above e^−40 of its largest value. `None` where the density has no value.
fn angles(dim: usize, width: f64) -> Option<Vec<(f64, f64)>> {
    // In the plane every direction is as likely; there 0 ln 0 would be no number.
    let ln_directions = |angle: f64| if dim == 2 { 0.0 } else { (dim as f64 - 2.0) * angle.sin().ln() };
    let ln_density = |angle: f64| ln_directions(angle) + ln_chi_cdf(dim, width * angle.cos());
    let grid = |from: f64, to: f64| -> Vec<(f64, f64)> {
        let angle = |i: usize| from + (to - from) * i as f64 / CELLS as f64;
        (0..=CELLS).map(|i| (angle(i), ln_density(angle(i)))).collect()
    };
    let top = |points: &[(f64, f64)]| points.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
    let coarse = grid(0.0, std::f64::consts::FRAC_PI_2);
    let most = top(&coarse);
    let high = |(_, d): &(f64, f64)| *d > most - 40.0;
    let (first, last) = (coarse.iter().position(high)?, coarse.iter().rposition(high)?);
    let fine = grid(coarse[first.saturating_sub(1)].0, coarse[(last + 1).min(CELLS)].0);
    let most = top(&fine);
    let mut sum = 0.0;
    let mut table = vec![(fine[0].0, 0.0)];
    for pair in fine.windows(2) {
        sum += (pair[1].0 - pair[0].0) * ((pair[0].1 - most).exp() + (pair[1].1 - most).exp()) / 2.0;
        table.push((pair[1].0, sum));
    }
    (sum > 0.0 && sum.is_finite()).then(|| table.into_iter().map(|(x, s)| (x, s / sum)).collect())
}

/// Where a tabulated distribution function reaches this value, between its points along a line.
fn inverted(table: &[(f64, f64)], p: f64) -> f64 {
    let after = table.partition_point(|(_, q)| *q < p).clamp(1, table.len() - 1);
    let ((x0, p0), (x1, p1)) = (table[after - 1], table[after]);
    if p1 > p0 { x0 + (x1 - x0) * (p - p0) / (p1 - p0) } else { x1 }
}

/// ln P(χ ≤ x), χ² having `dim` degrees of freedom.
fn ln_chi_cdf(dim: usize, x: f64) -> f64 {
    let (a, half_square) = (dim as f64 / 2.0, x * x / 2.0);
    let plain = Special::GammaCdf.value(&[a, half_square]);
    if plain > 1e-290 || x <= 0.0 { plain.ln() } else { ln_lower_gamma(a, half_square) }
}

/// ln P(a, x) where P underflows, which is where x < a: the series of DLMF 8.7.1 converges fast.
fn ln_lower_gamma(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..10_000 {
        term *= x / (a + f64::from(k));
        sum += term;
        if term < 1e-17 * sum {
            break;
        }
    }
    a * x.ln() - x - Special::LnGamma.value(&[a + 1.0]) + f64::ln(sum)
}

/// A chi variable below a bound, by one uniform number.
fn chi_below(dim: usize, bound: f64, u: f64) -> f64 {
    let a = dim as f64 / 2.0;
    let p = u * Special::GammaCdf.value(&[a, bound * bound / 2.0]);
    if p > 1e-290 {
        return (2.0 * Special::GammaQuantile.value(&[a, p])).sqrt().min(bound);
    }
    // Where the probability underflows its logarithm does not; it rises with the number, so that halving finds it.
    let wanted = u.ln() + ln_chi_cdf(dim, bound);
    let (mut low, mut high) = (0.0, bound);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if ln_chi_cdf(dim, middle) < wanted { low = middle } else { high = middle }
    }
    high
}
