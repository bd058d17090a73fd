//! Noise at given numbers, in f64: where its region ends, draws from it, and the checks that what was derived agrees with
//! the numbers.

mod ball;
mod contour;
mod draw;
mod ends;
mod fit;
pub mod goodness;
pub mod letters;
mod line;
mod method;
mod mirror;
mod noise;
mod place;
mod plane;
pub mod point;
mod portrait;
mod proposal;
pub mod quadrature;
mod random;
mod scene;
mod shape;
mod values;
mod vector;
mod verify;
mod walk;
mod words;

pub use draw::{Draws, Wish, draws};
pub use ends::{Interval, ends, turn};
pub use noise::NoiseAt;
pub use place::Place;
pub use portrait::{Content, Curve, Map, Portrait, View, portrait};
pub use proposal::Proposal;
pub use random::Random;
pub use scene::Scene;
pub use values::{Values, number};
pub use verify::{Certificate, Check, Verdict, verify};
pub use words::Words;
