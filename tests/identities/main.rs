//! [K] Theorem 1 on a hundred small networks: the gradient of Q, summed over all states of the hidden variables, is that of
//! ln p(y | x); the gradients of samples come near it as M^−½; and noise in samples adds what it does by hand.

mod marginal;
mod networks;
mod noise;
mod samples;

use networks::{Network, OUTPUTS};

/// How many networks.
const COUNT: usize = 100;

#[test]
fn every_likelihood_of_the_library_is_an_outcome() {
    let library = nemlang::session::Session::library();
    let mut known: Vec<String> = library.declarations.likelihoods().iter().map(|l| l.name.clone()).collect();
    let mut used: Vec<&str> = OUTPUTS.iter().map(|(name, _)| *name).collect();
    known.sort();
    used.sort_unstable();
    assert_eq!(used, known);
    let all: Vec<Network> = (0..COUNT).map(Network::new).collect();
    for latent in ["bernoulli(", "bipolar_bernoulli(", "categorical(", "h2 ~", "h3 ~"] {
        assert!(all.iter().filter(|n| n.text.contains(latent)).count() >= 20, "{latent}");
    }
}
