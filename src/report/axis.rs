//! Axes of a figure: their range, whether they are logarithmic, and ticks at round numbers.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

use super::format::significant;
use crate::train::stats::quantile;

/// From this ratio of the largest to the smallest value on, a linear axis would hide the small ones.
const LOGARITHMIC_FROM: f64 = 5.0;

#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub low: f64,
    pub high: f64,
    pub logarithmic: bool,
    pub ticks: Vec<f64>,
}

impl Axis {
    /// An axis on which all finite values fit: logarithmic when none is negative and they span a wide range. Values of 0
    /// then lie on its lower edge.
    pub fn around(values: impl IntoIterator<Item = f64>) -> Axis {
        let finite: Vec<f64> = values.into_iter().filter(|v| v.is_finite()).collect();
        let (low, high) = ends(&finite);
        let least = finite.iter().copied().filter(|v| *v > 0.0).fold(high, f64::min);
        if low >= 0.0 && high > 0.0 && high / least >= LOGARITHMIC_FROM {
            return Axis::logarithmic(least.log10(), high.log10());
        }
        let margin = if high > low { 0.05 * (high - low) } else { 0.5 * high.abs().max(1e-3) };
        Axis::linear(if low >= 0.0 { (low - margin).max(0.0) } else { low - margin }, high + margin)
    }

    /// A linear axis with 0 on it, on which these values and their ends fit, but no further than ten times what most of the
    /// values are: one that is far out would flatten all the others.
    pub fn with_zero(values: &[f64], ends: impl IntoIterator<Item = f64>) -> Axis {
        let sizes: Vec<f64> = values.iter().map(|v| v.abs()).filter(|size| size.is_finite()).collect();
        let most = 10.0 * quantile(&sizes, 0.75).unwrap_or(0.0);
        let shown = ends.into_iter().chain(values.iter().copied()).filter(|v| v.abs() <= most);
        let (low, high) = shown.fold((0.0, 0.0), |(low, high): (f64, f64), v| (low.min(v), high.max(v)));
        let margin = if high > low { 0.05 * (high - low) } else { 1.0 };
        Axis::linear(low - margin, high + margin)
    }

    /// From `low` to `high`, without a margin.
    pub fn linear(low: f64, high: f64) -> Axis {
        let step = round_step((high - low) / 5.0);
        let ticks = (low / step).ceil() as i64..=(high / step).floor() as i64;
        Axis { low, high, logarithmic: false, ticks: ticks.map(|i| i as f64 * step).collect() }
    }

    /// From and to these powers of ten, with a margin.
    fn logarithmic(low: f64, high: f64) -> Axis {
        let margin = 0.04 * (high - low);
        let (low, high) = (low - margin, high + margin);
        let ticks = decades(low, high).filter(|t| (low..=high).contains(t)).map(|t| 10f64.powf(t)).collect();
        Axis { low: 10f64.powf(low), high: 10f64.powf(high), logarithmic: true, ticks }
    }

    /// The value this share of the axis further on, for marks that would else cover each other.
    pub fn beside(&self, value: f64, share: f64) -> f64 {
        match self.logarithmic {
            true => value * (self.high / self.low).powf(share),
            false => value + share * (self.high - self.low),
        }
    }

    /// The multiples of each power of ten, for the faint lines that show an axis to be logarithmic.
    fn between(&self) -> Vec<f64> {
        if !self.logarithmic || self.high / self.low > 1e6 {
            return vec![];
        }
        let powers = self.low.log10().floor() as i32..=self.high.log10().floor() as i32;
        let multiples = powers.flat_map(|p| (1..10).map(move |m| f64::from(m) * 10f64.powi(p)));
        multiples.filter(|v| (self.low..self.high).contains(v)).collect()
    }

    /// The number of characters of the longest label, for which a figure leaves room.
    pub fn widest_label(&self) -> u32 {
        let widths = self.ticks.iter().map(|tick| self.format_ext(tick).chars().count() as u32);
        widths.max().unwrap_or(0)
    }

    /// Where a value stands between the ends, from 0 to 1; what lies beyond an end stands on it.
    fn share(&self, value: f64) -> f64 {
        let scale = |v: f64| if self.logarithmic { v.log10() } else { v };
        let [low, high] = [self.low, self.high].map(scale);
        (scale(value.clamp(self.low, self.high)) - low) / (high - low)
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        from + (self.share(*value) * f64::from(to - from)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() { self.between() } else { self.ticks.clone() }
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Axis {
    /// The value without needless digits.
    fn format_ext(&self, tick: &f64) -> String {
        let text = significant(*tick, 3);
        if text.contains('.') && !text.contains('e') {
            return text.trim_end_matches('0').trim_end_matches('.').into();
        }
        text
    }
}

fn ends(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if low <= high { (low, high) } else { (0.0, 1.0) }
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `step`.
fn round_step(step: f64) -> f64 {
    let power = 10f64.powf(step.max(f64::MIN_POSITIVE).log10().floor());
    [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|s| *s >= step * 0.999).unwrap_or(10.0 * power)
}

/// Logarithms of 1, 2, 5 times the powers of ten over a short range, of the powers alone over a long one.
fn decades(low: f64, high: f64) -> impl Iterator<Item = f64> {
    let span = high - low;
    let every = (span / 6.0).ceil().max(1.0) as usize;
    let within: &[f64] = if span <= 2.5 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let powers = (low.floor() as i32..=high.ceil() as i32).step_by(every);
    powers.flat_map(|p| within.iter().map(move |m| f64::from(p) + m.log10()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks.iter().map(|t| axis.format_ext(t)).collect()
    }

    #[test]
    fn ticks_stand_at_round_numbers() {
        assert_eq!(labels(&Axis::linear(0.0, 40.0)), ["0", "10", "20", "30", "40"]);
        assert_eq!(labels(&Axis::around([0.31, 0.52])), ["0.3", "0.35", "0.4", "0.45", "0.5"]);
        assert_eq!(labels(&Axis::around([-1.0, 1.0])), ["−1", "−0.5", "0", "0.5", "1"]);
        assert_eq!(labels(&Axis::around([0.02, 2.3])), ["0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"]);
        assert_eq!(labels(&Axis::around([1e-4, 10.0])), ["0.0001", "0.001", "0.01", "0.1", "1", "10"]);
    }

    #[test]
    fn zero_and_infinity_stand_on_the_edges_of_a_logarithmic_axis() {
        let axis = Axis::around([0.0, 0.01, 1.0, f64::INFINITY]);
        assert!(axis.logarithmic);
        assert_eq!([0.0, 0.1, f64::INFINITY].map(|v| axis.map(&v, (0, 200))), [0, 100, 200]);
    }

    #[test]
    fn an_axis_with_zero_leaves_out_what_is_far_off() {
        let axis = Axis::with_zero(&[1.0, 1.0, 1.0, 2.0, -50.0], [0.5, 3.0, f64::NAN, f64::INFINITY]);
        let margin = 0.05 * 3.0;
        assert_eq!((axis.low, axis.high, axis.logarithmic), (-margin, 3.0 + margin, false));
        assert!(Axis::with_zero(&[], []).low < 0.0);
    }

    #[test]
    fn any_values_give_an_axis() {
        for values in [vec![], vec![0.0], vec![3.0, 3.0], vec![f64::NAN], vec![1e-300, 1e300], vec![-5.0]] {
            let axis = Axis::around(values.clone());
            assert!(axis.low < axis.high && axis.ticks.len() < 20, "{values:?}: {axis:?}");
        }
    }
}
