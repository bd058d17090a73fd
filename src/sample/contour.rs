//! The outline of a set in a window, from membership alone: marching squares (Lorensen and Cline 1987, in two
//! dimensions), each crossing of an edge found by bisection.

use super::ends::Interval;

/// Squares along each side.
const SIDE: usize = 140;

#[derive(Default)]
pub struct Contour {
    /// Filled strips: from and to along the first axis, from and to along the second.
    pub strips: Vec<[f64; 4]>,
    /// Pieces of the outline.
    pub outline: Vec<[(f64, f64); 2]>,
}

type Inside<'a> = &'a dyn Fn(f64, f64) -> bool;

pub fn contour(inside: Inside, (across, up): (Interval, Interval)) -> Contour {
    let x = |i: usize| across.lower + (across.upper - across.lower) * i as f64 / SIDE as f64;
    let y = |j: usize| up.lower + (up.upper - up.lower) * j as f64 / SIDE as f64;
    let row = |j: usize| -> Vec<bool> { (0..=SIDE).map(|i| inside(x(i), y(j))).collect() };
    let rows: Vec<Vec<bool>> = (0..=SIDE).map(row).collect();
    let mut found = Contour::default();
    for j in 0..SIDE {
        for i in 0..SIDE {
            let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)].map(|(i, j)| ((x(i), y(j)), rows[j][i]));
            found.outline.extend(segments(inside, corners));
        }
        let half = (y(1) - y(0)) / 2.0;
        let middle = y(j) + half;
        // A little more than half, so that no seam shows between two strips.
        let reach = 1.05 * half;
        found.strips.extend(runs(inside, &x, middle).into_iter().map(|(a, b)| [a, b, middle - reach, middle + reach]));
    }
    found
}

/// Where the outline crosses a square, as segments between neighbouring crossings.
fn segments(inside: Inside, corners: [((f64, f64), bool); 4]) -> Vec<[(f64, f64); 2]> {
    let crossing = |k: usize| {
        let ((p, a), (q, b)) = (corners[k], corners[(k + 1) % 4]);
        (a != b).then(|| if a { boundary(inside, p, q) } else { boundary(inside, q, p) })
    };
    let crossings: Vec<(f64, f64)> = (0..4).filter_map(crossing).collect();
    crossings.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
}

/// The last point inside on the way from one inside to one outside.
fn boundary(inside: Inside, mut within: (f64, f64), mut beyond: (f64, f64)) -> (f64, f64) {
    for _ in 0..20 {
        let middle = ((within.0 + beyond.0) / 2.0, (within.1 + beyond.1) / 2.0);
        if inside(middle.0, middle.1) { within = middle } else { beyond = middle }
    }
    within
}

/// The pieces of a row that lie inside.
fn runs(inside: Inside, x: &dyn Fn(usize) -> f64, y: f64) -> Vec<(f64, f64)> {
    let (mut runs, mut start) = (vec![], None);
    let mut before = None;
    for i in 0..=SIDE {
        let now = inside(x(i), y);
        match (before, now, start) {
            (None, true, _) => start = Some(x(0)),
            (Some(false), true, _) => start = Some(boundary(inside, (x(i), y), (x(i - 1), y)).0),
            (Some(true), false, Some(from)) => runs.push((from, boundary(inside, (x(i - 1), y), (x(i), y)).0)),
            _ => {}
        }
        before = Some(now);
    }
    if let (Some(true), Some(from)) = (before, start) {
        runs.push((from, x(SIDE)));
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_of_a_disc_is_its_circle() {
        let window = Interval { lower: -2.0, upper: 2.0 };
        let found = contour(&|x, y| x * x + y * y <= 1.0, (window, window));
        assert!(found.outline.len() > 200);
        let distance = |p: &(f64, f64)| (p.0.hypot(p.1) - 1.0).abs();
        assert!(found.outline.iter().flatten().all(|p| distance(p) < 1e-5));
        let area: f64 = found.strips.iter().map(|[a, b, c, d]| (b - a) * (d - c)).sum();
        assert!((area / 1.05 - std::f64::consts::PI).abs() < 0.01, "{area}");
    }
}
