//! Theorems 9 and 10 of [K], Corollaries 5 and 6, and what a change of one support changes.

use nemlang::derive::energy::{EnergyDerivation, Normaliser};
use nemlang::derive::{Kind, ModelDerivation};
use nemlang::expr::print::text;
use nemlang::session::Session;

fn derived(units: &str, energy: &str) -> EnergyDerivation {
    let program = format!(
        "model M {{ param W: real[5, 3] = init gaussian(0, 0.1)  param b: real[5] = 0  param c: real[3] = 0
                    {units}  energy {energy} }}"
    );
    let session = Session::from_text("energy.nem", &program, None);
    let ModelDerivation { energy, .. } = session.derive(None).unwrap().models.remove(0);
    energy.unwrap()
}

const BINARY: &str = "observe v: binary[5]  latent h: binary[3]";
const PLAIN: &str = "-(v @ W @ h) - b @ v - c @ h";

#[test]
fn theorem_9_binary_visible_units_have_a_half_space() {
    let derived = derived(BINARY, PLAIN);
    let [added, multiplied] = &derived.noise[0].noise[..] else { panic!() };
    assert_eq!(text(added.delta), "Σ_k n_k (b_k + h @ Wᵀ_k)");
    let Kind::HalfSpace { normal } = added.region.kind else { panic!("{:?}", added.region.kind) };
    assert_eq!(text(normal), "b + h @ Wᵀ");
    assert_eq!(text(multiplied.delta), "Σ_k (n_k − 1) v_k (b_k + h @ Wᵀ_k)");
    assert_eq!(derived.noise[0].normaliser, Normaliser::Expected(vec!["h".into()]));
}

#[test]
fn theorem_10_real_visible_units_have_a_ball() {
    let derived = derived("observe v: real[5]  latent h: binary[3]", "sum((v - b)^2) / 2 - v @ W @ h - c @ h");
    let added = &derived.noise[0].noise[0];
    let Kind::Ball { centre, .. } = added.region.kind else { panic!("{:?}", added.region.kind) };
    assert_eq!(text(centre), "b + h @ Wᵀ − v");
    assert_eq!(derived.noise[0].normaliser, Normaliser::Unchanged);
}

#[test]
fn one_word_changes_the_conditional_the_free_energy_and_the_region() {
    let plain = derived(BINARY, PLAIN);
    let bipolar = derived(&BINARY.replace("h: binary", "h: bipolar"), PLAIN);
    let mean = |d: &EnergyDerivation| text(d.groups[1].conditional.mean);
    assert_eq!(mean(&plain), "logistic(c + v @ W)");
    assert_eq!(mean(&bipolar), "tanh(c + v @ W)");
    assert_ne!(text(plain.free_energy.unwrap()), text(bipolar.free_energy.unwrap()));
    assert_eq!(text(plain.phases[0].statistic), "v hᵀ");
}

#[test]
fn groups_that_do_not_interact_share_a_block() {
    let units =
        "observe v: binary[5]  latent h: binary[3]  param U: real[3, 2] = init gaussian(0, 0.1)  latent g: binary[2]";
    let deep = derived(units, "-(v @ W @ h) - h @ U @ g - b @ v - c @ h");
    assert_eq!(deep.blocks, vec![vec![1], vec![2, 0]]);
    assert_eq!(deep.free_energy, Err(("h".into(), "g".into())));
}
