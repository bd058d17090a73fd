//! Noise conditions of log-densities that nobody chose: random compositions, three ways of injecting noise, and the
//! shapes that regions can have.

mod random;
mod shapes;
mod sites;
