//! Samplers: every draw inside, distributed as plain rejection draws, with fixed seeds and p-values above 0.001.

use nemlang::derive::Sampler;
use nemlang::diag::codes;
use nemlang::model::{Bound, Criterion, Injection};
use nemlang::sample::{Draws, NoiseAt, Proposal, Random, Wish, draws, ends, goodness};

use super::{added, noise_at, proposal};

const LEAST: f64 = 1e-3;

fn drawn(noise: &NoiseAt, proposal: &Proposal, count: usize) -> Draws {
    let found = draws(noise, proposal, Wish { count, seed: 3, best_of: 1 }).unwrap();
    assert_eq!(found.noises.len(), count);
    assert!(found.noises.iter().all(|n| noise.contains(n)), "a draw lies outside");
    found
}

/// Draws of the plain proposal that fall inside; where outcomes keep their sum, of its projection onto that plane.
fn kept(noise: &NoiseAt, proposal: &Proposal, count: usize) -> Vec<Vec<f64>> {
    let mut random = Random::new(99, 0);
    let total = noise.derived.support.iter().any(|bound| matches!(bound, Bound::Total(_)));
    let plain = std::iter::repeat_with(|| {
        let n = proposal.draws(noise.dim(), &mut random);
        let mean = if total { n.iter().sum::<f64>() / n.len() as f64 } else { 0.0 };
        n.into_iter().map(|x| x - mean).collect::<Vec<f64>>()
    });
    plain.take(2_000_000).filter(|n| noise.contains(n)).take(count).collect()
}

/// The sampler that is used, after a comparison of its draws with plain rejection.
fn agrees(noise: &NoiseAt, text: &str) -> Sampler {
    let proposal = proposal(text);
    let found = drawn(noise, &proposal, 1_500);
    let p = goodness::vectors(&found.noises, &kept(noise, &proposal, 1_500));
    assert!(p > LEAST, "{text}, {:?}: p = {p}", found.sampler);
    found.sampler
}

#[test]
fn half_spaces_are_mirrored_where_that_is_exact() {
    let noise = added("categorical", "y=[1, 0, 0], p=[0.2, 0.3, 0.5]");
    assert_eq!(agrees(&noise, "gaussian(0, 1)"), Sampler::Mirror);
    // Independent components of any other distribution are not isotropic; nor is a gaussian about another point.
    assert_eq!(agrees(&noise, "laplace(0, 1)"), Sampler::HitAndRun);
    assert_eq!(agrees(&noise, "gaussian(0.3, 1)"), Sampler::HitAndRun);
    let line = added("bernoulli", "y=1, p=0.8");
    assert_eq!(agrees(&line, "laplace(0, 1)"), Sampler::Mirror);
}

#[test]
fn intervals_are_drawn_by_the_quantile_function() {
    let interval = added("gaussian", "y=2, mu=0");
    for text in ["gaussian(0, 1)", "gaussian(1, 2)", "laplace(0, 1)", "cauchy(0, 1)", "uniform(-3, 3)"] {
        assert_eq!(agrees(&interval, text), Sampler::Inverse, "{text}");
    }
    assert_eq!(agrees(&interval, "plain(-3, 3)"), Sampler::Rejection);
    // Two intervals.
    let two = added("two_peaks", "y=0.5, mu=2");
    assert_eq!(agrees(&two, "gaussian(0, 2)"), Sampler::Inverse);
}

#[test]
fn what_repeats_with_every_turn_is_drawn_on_all_of_them() {
    for injection in [Injection::Add, Injection::Multiply] {
        let turns = noise_at("wrapped", "y=1, mu=0, rho=0.5", injection, Criterion::Nem);
        assert_eq!(agrees(&turns, "gaussian(0, 10)"), Sampler::Rejection, "{injection:?}");
        let one = ends(&turns);
        let length: f64 = one.iter().map(|piece| piece.upper - piece.lower).sum();
        assert!((length - 2.0).abs() < 1e-6, "{one:?}: cos(1 + n) ≥ cos(1) on 2 of 2 π");
    }
}

#[test]
fn truncated_normals_are_exact_far_out() {
    use nemlang::special::Special;
    // The interval [−4, 0] and a proposal 30 standard deviations away.
    let noise = added("gaussian", "y=2, mu=0");
    let found = drawn(&noise, &proposal("gaussian(6, 0.2)"), 2_000);
    let tail = |n: f64| Special::LnNormalCdf.value(&[(n - 6.0) / 0.2]);
    let numbers: Vec<f64> = found.noises.concat();
    assert!(goodness::one_sample(&numbers, |n| (tail(n) - tail(0.0)).exp()) > LEAST);
}

#[test]
fn balls_are_drawn_directly() {
    for point in ["y=[1, 2], mu=0", "y=[1, 2, 0], mu=[0, 1, 1]", "y=[0.1, 0, 0, 0, 0.2, 0], mu=0, sigma=2"] {
        let noise = added("gaussian", point);
        assert_eq!(agrees(&noise, "gaussian(0, 0.3)"), Sampler::Direct, "{point}");
    }
    let disc = added("gaussian", "y=[1, 2], mu=0");
    assert_eq!(agrees(&disc, "gaussian(0, 5)"), Sampler::Direct);
    assert_eq!(agrees(&disc, "uniform(-6, 6)"), Sampler::Direct);
    assert_eq!(agrees(&disc, "gaussian(1, 1)"), Sampler::HitAndRun);
    let ellipse = added("gaussian", "y=[1, 2], mu=0, sigma=[1, 2]");
    assert_eq!(agrees(&ellipse, "uniform(-6, 6)"), Sampler::Direct);
    assert_eq!(agrees(&ellipse, "gaussian(0, 1)"), Sampler::HitAndRun);
}

/// In 784 dimensions the probability of a ball underflows; the draws lie inside all the same.
#[test]
fn balls_of_many_dimensions_do_not_underflow() {
    let y = vec!["0.01"; 784].join(", ");
    let noise = added("gaussian", &format!("y=[{y}], mu=0"));
    let found = drawn(&noise, &proposal("gaussian(0, 1)"), 20);
    assert_eq!(found.sampler, Sampler::Direct);
}

#[test]
fn convex_regions_are_walked_through() {
    let cross = added("laplace", "y=[1, 2, 0], mu=0");
    assert_eq!(agrees(&cross, "gaussian(0, 1)"), Sampler::HitAndRun);
    assert_eq!(agrees(&cross, "laplace(0, 1)"), Sampler::HitAndRun);
    assert_eq!(agrees(&cross, "uniform(-1, 1)"), Sampler::HitAndRun);
}

#[test]
fn regions_that_are_convex_at_these_numbers_are_walked_through() {
    let amounts = |shape: &str| added("amounts", &format!("y=[1.5, 0.7, 2], shape={shape}"));
    assert_eq!(agrees(&amounts("[2, 3, 1]"), "gaussian(0, 1)"), Sampler::HitAndRun);
    assert_eq!(agrees(&amounts("[2, 3, 1]"), "laplace(0, 1)"), Sampler::HitAndRun);
    assert_eq!(agrees(&amounts("[2, 0.5, 1]"), "gaussian(0, 1)"), Sampler::Rejection);
    let shares = |alpha: &str| added("dirichlet", &format!("y=[0.2, 0.3, 0.5], alpha={alpha}"));
    assert_eq!(agrees(&shares("[2, 1, 4]"), "gaussian(0, 0.2)"), Sampler::HitAndRun);
    assert_eq!(agrees(&shares("[2, 0.5, 4]"), "gaussian(0, 0.2)"), Sampler::Rejection);
}

#[test]
fn other_regions_fall_back_on_rejection() {
    let harm = noise_at("gaussian", "y=[1, 2], mu=0", Injection::Add, Criterion::Anti);
    assert_eq!(agrees(&harm, "gaussian(0, 1)"), Sampler::Rejection);
    let angle = added("von_mises", "y=1, mu=0, kappa=2");
    assert_eq!(agrees(&angle, "gaussian(0, 4)"), Sampler::Rejection);
}

#[test]
fn noise_on_shares_keeps_their_sum() {
    let noise = added("dirichlet", "y=[0.2, 0.3, 0.5], alpha=[2, 3, 4]");
    let found = drawn(&noise, &proposal("gaussian(0, 0.1)"), 200);
    assert!(found.noises.iter().all(|n| n.iter().sum::<f64>().abs() < 1e-12));
    let refused = draws(&noise, &proposal("laplace(0, 0.1)"), Wish { count: 1, seed: 1, best_of: 1 });
    assert_eq!(refused.err().unwrap().code, codes::UNREACHED);
}

#[test]
fn a_proposal_that_never_reaches_the_region_is_told_within_its_bound() {
    let noise = added("gaussian", "y=[2, 1], mu=0");
    let refused = draws(&noise, &proposal("uniform(100, 101)"), Wish { count: 5, seed: 1, best_of: 1 });
    let told = refused.err().unwrap();
    assert_eq!(told.code, codes::UNREACHED);
    assert!(told.help.is_some() && told.notes[0].contains("ball"), "{told:?}");
}

#[test]
fn the_best_of_several_is_better_and_seeds_repeat() {
    let noise = added("gaussian", "y=[1, 2, 0], mu=0");
    let proposal = proposal("gaussian(0, 1)");
    let mean = |best_of: usize| {
        let found = draws(&noise, &proposal, Wish { count: 300, seed: 5, best_of }).unwrap();
        found.noises.iter().map(|n| noise.delta(n)).sum::<f64>() / 300.0
    };
    assert!(mean(8) > mean(1) + 0.3, "{} and {}", mean(8), mean(1));
    assert_eq!(mean(4), mean(4));
}
