//! Derivatives by central differences, extrapolated to step 0 (Richardson; Ridders 1982).
//!
//! A central difference with step h has an error in h², h⁴, …, of which each further halving of the step removes one. The
//! errors that are left are weighed against rounding, which grows as the step shrinks; the best of the table is taken,
//! with what it claims to be off by. Where a corner or a jump of the function lies within reach, no three steps agree, and
//! the claim says so. (Two can agree by chance: two jumps within the larger step and one within the smaller.)

use super::numbers::Lists;
use crate::exec::ExecError;
use crate::sample::Random;

/// A derivative, and how far off it may be.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    pub value: f64,
    pub error: f64,
}

/// The largest step, and how often it is halved at most: inputs in the thousands make a weight matter a thousand times as
/// much.
const STEP: f64 = 0.25;
const LEVELS: i32 = 24;

/// f′(0)
pub fn derivative(f: impl Fn(f64) -> Result<f64, ExecError>) -> Result<Measured, ExecError> {
    let noise = noise(&f)?;
    let mut best = Measured { value: f64::NAN, error: f64::INFINITY };
    let mut before: Vec<f64> = vec![];
    for level in 0..LEVELS {
        let h = STEP * 0.5f64.powi(level);
        let (up, down) = (f(h)?, f(-h)?);
        let rounding = noise.max(2.0 * f64::EPSILON * up.abs().max(down.abs())) / h;
        let mut row = vec![(up - down) / (2.0 * h)];
        for (k, old) in before.iter().enumerate() {
            let power = 4f64.powi(k as i32 + 1);
            let value = (power * row[k] - old) / (power - 1.0);
            let error = (value - row[k]).abs().max((value - old).abs()) + rounding;
            if k > 0 && error < best.error {
                best = Measured { value, error };
            }
            row.push(value);
        }
        // Further halving can only add rounding.
        if best.error <= 2.0 * rounding {
            break;
        }
        before = row;
    }
    Ok(best)
}

/// How far values of f are off for rounding inside of it: what is left of second differences so close by that f has no
/// bend (Hamming 1973).
fn noise(f: &impl Fn(f64) -> Result<f64, ExecError>) -> Result<f64, ExecError> {
    let middle = f(0.0)?;
    let bend = |i: i32| {
        let step = f64::from(i) * 1e-10;
        Ok((f(step)? - 2.0 * middle + f(-step)?).abs())
    };
    (1..=4).map(bend).try_fold(0.0, |most: f64, bend| Ok(most.max(bend?)))
}

/// A way to move parameters: a parameter, one of its elements, and how far that goes.
pub type Direction = Vec<(usize, usize, f64)>;

/// Every element of a parameter on its own; of more than `most` some, and besides all of them at once.
pub fn directions(which: usize, size: usize, most: usize, random: &mut Random) -> Vec<Direction> {
    if size <= most {
        return (0..size).map(|i| vec![(which, i, 1.0)]).collect();
    }
    let some: Vec<Direction> =
        (0..most).map(|_| vec![(which, (random.uniform() * size as f64) as usize, 1.0)]).collect();
    let elements: Vec<(usize, usize)> = (0..size).map(|i| (which, i)).collect();
    some.into_iter().chain((0..SIGNS).map(|_| all_at_once(&elements, random))).collect()
}

/// How often all elements are moved at once.
pub const SIGNS: usize = 3;

/// Up or down at random, together by a length of 1.
pub fn all_at_once(elements: &[(usize, usize)], random: &mut Random) -> Direction {
    let length = 1.0 / (elements.len() as f64).sqrt();
    let mut share = || if random.uniform() < 0.5 { -length } else { length };
    elements.iter().map(|(which, i)| (*which, *i, share())).collect()
}

pub fn moved(parameters: &Lists, direction: &Direction, by: f64) -> Lists {
    let mut parameters = parameters.clone();
    direction.iter().for_each(|(which, i, share)| parameters[*which][*i] += by * share);
    parameters
}

/// The slope of a gradient along a direction.
pub fn along(gradient: &Lists, direction: &Direction) -> f64 {
    direction.iter().map(|(which, i, share)| share * gradient[*which][*i]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(f: impl Fn(f64) -> f64) -> Measured {
        derivative(|x| Ok(f(x))).unwrap()
    }

    #[test]
    fn smooth_functions_have_their_derivatives_to_twelve_digits() {
        for (f, wanted) in [
            ((|x| (1.0 + x).exp()) as fn(f64) -> f64, std::f64::consts::E),
            (|x| (3.0 + 10.0 * x).sin(), 10.0 * 3f64.cos()),
            (|x| (0.3 + x).ln(), 1.0 / 0.3),
            (|x| -(2.0 - 3.0 * x).powi(2), 12.0),
            (|_| 5.0, 0.0),
            (|x| (1e3 * x).sin(), 1e3),
        ] {
            let found = of(f);
            assert!((found.value - wanted).abs() <= 1e-12 * wanted.abs().max(1.0), "{found:?}, not {wanted}");
            assert!((found.value - wanted).abs() <= found.error, "{found:?}, not {wanted}");
        }
    }

    #[test]
    fn rounding_inside_of_a_function_is_seen() {
        let found = of(|x| (1e6 + (3.0 + 1.7 * x).sin()) - 1e6);
        assert!((1e-10..1e-6).contains(&found.error), "{found:?}");
        assert!((found.value - 1.7 * 3f64.cos()).abs() <= found.error, "{found:?}");
    }

    /// A corner much nearer than the steps looks like a slope halfway; that its claim is no small one leaves it out.
    #[test]
    fn corners_and_jumps_within_reach_are_seen() {
        for distance in [1e-3, 1e-5, 1e-7] {
            let found = of(|x| (x - distance).max(0.0) + x.exp());
            assert!((found.value - 1.0).abs() <= found.error || found.error > 1e-7, "{distance}: {found:?}");
        }
        let jumps = of(|x| x + f64::from(u8::from(x > 0.05)) + f64::from(u8::from(x > 0.2)));
        assert!((jumps.value - 1.0).abs() <= jumps.error, "{jumps:?}");
    }

    #[test]
    fn every_element_is_moved_by_one_direction_at_least() {
        let mut random = Random::new(1, 1);
        assert_eq!(directions(0, 3, 5, &mut random).len(), 3);
        let many = directions(0, 50, 5, &mut random);
        assert_eq!(many.len(), 8);
        assert!(many.iter().filter(|d| d.len() == 50).count() == 3);
    }
}
