//! Noise in the samples of a hidden variable.
