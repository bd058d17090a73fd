//! Noise that lies in a region, drawn in the best way, never without a bound.

use super::method::{Source, TRIES, Task, source};
use super::noise::NoiseAt;
use super::plane::Plane;
use super::proposal::Proposal;
use super::random::Random;
use super::shape::shown;
use super::values::number;
use crate::derive::Sampler;
use crate::diag::{Diagnostic, codes};
use crate::expr::Value;

/// What is wished for.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub count: usize,
    pub seed: u64,
    /// Of so many draws inside, the one with the largest Δ.
    pub best_of: usize,
}

/// Draws of the proposal restricted to the region.
pub struct Draws {
    pub noises: Vec<Vec<f64>>,
    pub sampler: Sampler,
    /// How many proposals were used.
    pub proposals: u64,
    /// How many of them were used.
    pub used: u64,
}

impl Draws {
    /// Which share of the proposals was used.
    pub fn acceptance(&self) -> f64 {
        self.used as f64 / self.proposals.max(1) as f64
    }

    /// One line a draw: its components, Δ or what the criterion asks about, and whether it lies inside.
    pub fn csv(&self, noise: &NoiseAt) -> String {
        let names = match noise.dim() {
            1 => "n".to_string(),
            dim => (1..=dim).map(|k| format!("n{k}")).collect::<Vec<_>>().join(","),
        };
        let row = |n: &Vec<f64>| {
            let numbers = n.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
            format!("{numbers},{},{}\n", noise.shown(n), noise.contains(n))
        };
        format!("{names},{},inside\n{}", noise.words().column, self.noises.iter().map(row).collect::<String>())
    }

    /// How they came about, in one line.
    pub fn told(&self, noise: &NoiseAt) -> String {
        let region = noise.derived.region.kind.name();
        let words = self.sampler.words();
        let work = match self.sampler {
            // No move is a draw that was thrown away.
            Sampler::HitAndRun => format!("{} moves for {} draws", self.proposals, self.used),
            _ => {
                let share = number(100.0 * self.acceptance());
                format!("{} of {} proposals used ({share} %)", self.used, self.proposals)
            }
        };
        format!("region: {region}; method: {words}; {work}")
    }
}

/// Errors: `UNREACHED`.
pub fn draws(noise: &NoiseAt, proposal: &Proposal, wish: Wish) -> Result<Draws, Diagnostic> {
    let plane = Plane::of(noise);
    if plane.is_some() && proposal.gaussian.is_none() {
        return Err(on_a_plane(noise, proposal));
    }
    let (sampler, mut source) = source(Task { noise, proposal, plane: plane.as_ref() });
    let mut random = Random::new(wish.seed, 0);
    let mut draws = Draws { noises: vec![], sampler, proposals: 0, used: 0 };
    for _ in 0..wish.count {
        let mut best: Option<(f64, Vec<f64>)> = None;
        for _ in 0..wish.best_of.max(1) {
            let (n, proposals) =
                inside(noise, source.as_mut(), &mut random).ok_or_else(|| unreached(noise, proposal))?;
            draws.proposals += proposals;
            draws.used += 1;
            let delta = noise.delta(&n);
            if best.as_ref().is_none_or(|(most, _)| delta > *most) {
                best = Some((delta, n));
            }
        }
        draws.noises.extend(best.map(|(_, n)| n));
    }
    Ok(draws)
}

/// How often a point may fall just outside by rounding.
const ROUNDED: usize = 100;

fn inside(noise: &NoiseAt, source: &mut dyn Source, random: &mut Random) -> Option<(Vec<f64>, u64)> {
    let mut proposals = 0;
    for _ in 0..ROUNDED {
        let (n, tries) = source.next(random)?;
        proposals += tries;
        if noise.contains(&n) {
            return Some((n, proposals));
        }
    }
    None
}

fn unreached(noise: &NoiseAt, proposal: &Proposal) -> Diagnostic {
    let region = &noise.derived.region.kind;
    let data = region.data().into_iter().filter_map(|(name, e)| Some((name, e?)));
    let data: Vec<String> =
        data.map(|(name, e)| format!("{name} {}", shown(&noise.value(e, &noise.middle())))).collect();
    let still = noise.still().map_or("unknown".into(), |s| shown(&Value::Vector(s)));
    let message = format!("none of {TRIES} draws of `{}` fell into the region", proposal.name);
    Diagnostic::new(codes::UNREACHED, message)
        .note(format!("the region here: {}", [vec![region.name().to_string()], data].concat().join(", ")))
        .note(format!("the noise that changes nothing: {still}; it lies in the region or on its boundary"))
        .help("take a proposal that is spread about the noise that changes nothing, or a narrower one")
}

fn on_a_plane(noise: &NoiseAt, proposal: &Proposal) -> Diagnostic {
    let still = noise.still().map_or(0.0, |s| s[0]);
    Diagnostic::new(codes::UNREACHED, format!("draws of `{}` never keep the sum of the outcome", proposal.name))
        .note(
            "the components of the noisy outcome have a fixed sum: the region lies in a plane, which no draw of \
               independent components hits",
        )
        .help(format!(
            "take a gaussian, such as `gaussian({still}, 0.1)`: conditioned on the plane it is its projection"
        ))
}
