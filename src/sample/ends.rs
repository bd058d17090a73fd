//! Where a region of noise on a line begins and ends.
//!
//! Membership is looked up on a fixed grid of noises (a geometric one about the noise that changes nothing, 48 points a
//! decade over 24 decades, and an even one near it); between two neighbours of which one lies inside, the end is found by
//! bisection. What repeats with every turn of an angle is looked at over one. An end that the region's own data give is taken as
//! they give it. A piece narrower than the grid can be missed; what was found is exact to rounding. The work is bounded: below
//! 4,000 points and 200 halvings an end.

use super::noise::NoiseAt;
use crate::derive::Kind;
use crate::expr::Expr;

/// From `lower` to `upper`; infinite where there is no end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub lower: f64,
    pub upper: f64,
}

const PER_DECADE: i32 = 48;
const DECADES: i32 = 12;
/// Even points on each side, as far as four times the scale.
const EVEN: i32 = 480;

/// The region as intervals, from left to right; for an angle, those of one turn about the noise that changes nothing.
pub fn ends(noise: &NoiseAt) -> Vec<Interval> {
    let known = known(noise);
    let grid = grid(noise, &known);
    let inside: Vec<bool> = grid.iter().map(|n| noise.contains(&[*n])).collect();
    let mut pieces = vec![];
    let mut start = None;
    for i in 0..grid.len() {
        match (inside[i], i.checked_sub(1).map(|before| inside[before])) {
            (true, None) => start = Some(outer(noise, grid[0])),
            (true, Some(false)) => start = Some(settled(end(noise, grid[i], grid[i - 1]), &known)),
            (false, Some(true)) => {
                let upper = settled(end(noise, grid[i - 1], grid[i]), &known);
                pieces.extend(start.take().map(|lower| Interval { lower, upper }));
            }
            _ => {}
        }
    }
    let last = grid.last().copied().unwrap_or(0.0);
    pieces.extend(start.map(|lower| Interval { lower, upper: outer(noise, last) }));
    joined(pieces)
}

/// Pieces that settled on the same end are one.
fn joined(pieces: Vec<Interval>) -> Vec<Interval> {
    let mut joined: Vec<Interval> = vec![];
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if piece.lower <= last.upper => last.upper = last.upper.max(piece.upper),
            _ => joined.push(piece),
        }
    }
    joined
}

/// The length of one turn, for regions of angles: arcs, and others that are seen to repeat.
pub fn turn(noise: &NoiseAt) -> Option<f64> {
    if !noise.is_line() {
        return None;
    }
    let turn = std::f64::consts::TAU / noise.slope()[0].abs();
    let is_arc = matches!(noise.derived.region.kind, Kind::Arc { .. });
    Some(turn).filter(|turn| turn.is_finite() && (is_arc || repeats(noise, *turn)))
}

/// Parts of a turn, such that no part of one lies between them.
const PARTS: [f64; 5] = [0.071, 0.233, 0.419, 0.677, 0.859];

/// Whether Δ is what it was after a turn, and after four, and not the same throughout.
fn repeats(noise: &NoiseAt, turn: f64) -> bool {
    let at = |turns: f64| noise.delta(&[noise.middle()[0] + turns * turn]);
    let same = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + a.abs());
    let flat = PARTS.iter().all(|part| same(at(*part), at(PARTS[0])));
    !flat && PARTS.iter().all(|part| same(at(*part), at(part + 1.0)) && same(at(*part), at(part - 4.0)))
}

/// Past the grid a region goes on as it is, but a turn ends.
fn outer(noise: &NoiseAt, n: f64) -> f64 {
    if turn(noise).is_some() { n } else { f64::INFINITY.copysign(n - noise.middle()[0]) }
}

/// Numbers that can be ends: the noise that changes nothing, the region's data, and the ends of the support.
fn known(noise: &NoiseAt) -> Vec<f64> {
    let data = noise.derived.region.kind.data().into_iter().filter_map(|(name, e)| e.filter(|_| name != "normal"));
    let mut known: Vec<f64> = data.map(|e: Expr| noise.data(e)[0]).chain(noise.still().map(|s| s[0])).collect();
    let (at_zero, slope) = (noise.noisy(&[0.0])[0], noise.slope()[0]);
    for bound in &noise.derived.support {
        let mut reached = f64::NAN;
        bound.map(|e| {
            reached = (noise.data(e)[0] - at_zero) / slope;
            e
        });
        known.push(reached);
    }
    known.retain(|x| x.is_finite());
    known.sort_by(f64::total_cmp);
    known.dedup();
    known
}

fn grid(noise: &NoiseAt, known: &[f64]) -> Vec<f64> {
    let middle = noise.middle()[0];
    let scale = known.iter().map(|x| (x - middle).abs()).fold(0.0, f64::max);
    let scale = if scale > 0.0 { scale } else { 1.0 };
    if let Some(turn) = turn(noise) {
        return (-EVEN..=EVEN).map(|i| middle + turn / 2.0 * f64::from(i) / f64::from(EVEN)).collect();
    }
    let reach = DECADES * PER_DECADE;
    let geometric = (-reach..=reach).map(|i| scale * 10f64.powf(f64::from(i) / f64::from(PER_DECADE)));
    let even = (1..=EVEN).map(|i| 4.0 * scale * f64::from(i) / f64::from(EVEN));
    let offsets: Vec<f64> = geometric.chain(even).collect();
    let mut grid: Vec<f64> = offsets.iter().flat_map(|t| [middle - t, middle + t]).chain([middle]).collect();
    // Between two known numbers there is a point of the grid.
    grid.extend(known.windows(2).map(|w| (w[0] + w[1]) / 2.0));
    grid.sort_by(f64::total_cmp);
    grid.dedup();
    grid
}

/// The last number on the way from `inside` to `outside` that lies inside.
fn end(noise: &NoiseAt, inside: f64, outside: f64) -> f64 {
    let (mut inside, mut outside) = (inside, outside);
    for _ in 0..200 {
        let middle = inside + (outside - inside) / 2.0;
        if middle == inside || middle == outside {
            break;
        }
        if noise.contains(&[middle]) { inside = middle } else { outside = middle }
    }
    inside
}

/// An end within rounding of one that the data give is that one: Δ is flat where its two sides cancel.
fn settled(found: f64, known: &[f64]) -> f64 {
    let near = |x: &f64| (x - found).abs() <= 1e-7 * (1.0 + x.abs());
    known.iter().copied().filter(near).min_by(|a, b| (a - found).abs().total_cmp(&(b - found).abs())).unwrap_or(found)
}
