//! What is derived of an energy against brute force: a random energy for every kind of visible and of hidden units, each
//! certified by sums and integrals over single states, and the closed forms of the papers.

mod annealing;
mod certified;
mod judging;
mod normaliser;
mod papers;
mod pretraining;
mod programs;
mod recall;
mod training;
