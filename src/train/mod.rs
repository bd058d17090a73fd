//! Training runs: arms, seeds, epochs, and what they add up to.
