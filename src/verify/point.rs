//! Parameters for checks: the model's own initial values, each moved a little, so that no bias stands at 0, no two units
//! are alike and nothing is flat.

use super::numbers::{Lists, Use, random};
use crate::model::Model;
use crate::train::start::initial_values;

pub struct Point {
    pub seed: u64,
    /// The deviation of a move; in a matrix over the root of its rows, so that a unit with many inputs does not saturate.
    pub deviation: f64,
}

pub const POINTS: [Point; 2] = [Point { seed: 1, deviation: 0.3 }, Point { seed: 2, deviation: 0.8 }];

impl Point {
    /// In raw coordinates.
    pub fn parameters(&self, model: &Model) -> Lists {
        let mut random = random(Use::Point, self.seed);
        let starts = model.parameters().zip(initial_values(model, self.seed));
        let moved = starts.map(|((node, _), start)| {
            let deviation = self.deviation / (node.shape.0 as f64).sqrt();
            start.into_iter().map(|x| x + deviation * random.normal()).collect()
        });
        moved.collect()
    }

    pub fn text(&self) -> String {
        format!("the start of seed {}, moved by {}", self.seed, self.deviation)
    }
}
