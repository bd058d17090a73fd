//! `normaliser exact` and `sampled` against ln Σ p(h) exp nᵀ(W h + b), summed by hand ([K] (176)-(179)).

use nemlang::exec::{Purpose, Streams};
use nemlang::model::{Arm, Method, Renormalise};
use nemlang::plan::network::StepSpec;
use nemlang::plan::{Fill, FillKind, Role};
use nemlang::session::Session;

use super::training::{planned, ran, ran_at, spec, start};

const TEXT: &str = "model M { param W: real[3, 2] = init gaussian(0, 1)  param b: real[3] = 0  param c: real[2] = 0
    observe v: binary[3]  latent h: binary[2]  energy -(v @ W @ h) - b @ v - c @ h }
    data d { v: binary[3] = draw bernoulli(0.5) take 20 seed 1 }
    train M on d { noise v += gaussian(0, 1)  compare none, nem }";
const ROWS: usize = 300;

fn bits(state: usize, count: usize) -> Vec<f64> {
    (0..count).map(|k| (state >> k & 1) as f64).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn renormalised_noise_reaches_the_constant_of_its_own() {
    let session = Session::from_text("energy.nem", TEXT, None);
    let training = &session.checked.trainings[0];
    let accepted = |normaliser| {
        let of = spec(&training.model, Method::Exact, ROWS, (&training.noise, Arm::Nem));
        let plan = planned(&StepSpec { normaliser, ..of });
        let start = start(&plan);
        ran(plan, &training.model, ROWS, &start).1.remove(0)
    };
    let parameters = start(&planned(&spec(&training.model, Method::Exact, ROWS, (&[], Arm::None))));
    let [w, b, c] = &parameters[..] else { panic!("three parameters") };
    // W h + b, and the field of h.
    let field = |h: &[f64]| -> Vec<f64> { (0..3).map(|i| b[i] + dot(&w[2 * i..2 * i + 2], h)).collect() };
    let mut shares: Vec<(Vec<f64>, f64)> = vec![];
    for h in (0..4).map(|s| bits(s, 2)) {
        let weight = (dot(c, &h)).exp() * field(&h).iter().map(|x| 1.0 + x.exp()).product::<f64>();
        shares.push((h, weight));
    }
    let total: f64 = shares.iter().map(|(_, weight)| weight).sum();
    let mut noise = vec![];
    let fill = Fill { kind: FillKind::StandardNormal, source: Fill::source(0, 0), coarse: false };
    Streams::new(3).fill::<f64>(Purpose::Fill, &fill, 1, &Vec::from_iter(0..ROWS), 3, &mut noise);
    let v = super::training::data(&training.model, "v", ROWS);
    let inside = |row: usize, is_renormalised: bool| {
        let (n, v) = (&noise[3 * row..3 * row + 3], &v[3 * row..3 * row + 3]);
        let mean: Vec<f64> =
            (0..2).map(|j| 1.0 / (1.0 + (-(c[j] + (0..3).map(|i| v[i] * w[2 * i + j]).sum::<f64>())).exp())).collect();
        let constant = shares.iter().map(|(h, weight)| weight / total * dot(n, &field(h)).exp()).sum::<f64>().ln();
        f64::from(u8::from(dot(n, &field(&mean)) >= if is_renormalised { constant } else { 0.0 }))
    };
    let by_hand = |is_renormalised| Vec::from_iter((0..ROWS).map(|row| inside(row, is_renormalised)));
    let (shared, exact) = (accepted(Renormalise::Shared), accepted(Renormalise::Exact));
    assert_eq!(shared, by_hand(false));
    assert_eq!(exact, by_hand(true));
    let apart = |a: &[f64], b: &[f64]| a.iter().zip(b).filter(|(a, b)| a != b).count();
    assert!(apart(&shared, &exact) > 20, "{}", apart(&shared, &exact));
    // 10,000 chains forget that they started at 0; the parameters are put back after each step.
    let of = spec(&training.model, Method::Exact, ROWS, (&training.noise, Arm::Nem));
    let plan = planned(&StepSpec { normaliser: Renormalise::Sampled(10_000), ..of });
    let mut state = start(&plan);
    let mut sampled = vec![];
    for step in (1..=5).rev() {
        let (after, mut outputs) = ran_at(step, plan.clone(), &training.model, ROWS, &state);
        state[3..].clone_from_slice(&after[3..]);
        sampled = outputs.remove(0);
    }
    assert!(apart(&sampled, &exact) < 10, "{}", apart(&sampled, &exact));
}

/// Of units that depend on no others, Δ is the same in every state, and so is c.
#[test]
fn noise_in_independent_units_reaches_its_constant_always() {
    let text = "model M { param b: real[4] = 0  observe v: binary[4]  energy -(b @ v) }
        data d { v: binary[4] = draw bernoulli(0.5) take 20 seed 1 }
        train M on d { noise v += gaussian(0, 1)  compare none, nem }";
    let session = Session::from_text("energy.nem", text, None);
    let training = &session.checked.trainings[0];
    for normaliser in [Renormalise::Exact, Renormalise::Sampled(7)] {
        let of = spec(&training.model, Method::Exact, 30, (&training.noise, Arm::Nem));
        let plan = planned(&StepSpec { normaliser, ..of });
        let start = start(&plan);
        assert_eq!(ran(plan, &training.model, 30, &start).1[0], [1.0; 30]);
    }
}

/// Those of the method and of each statement, by name and by random numbers.
#[test]
fn chains_for_different_purposes_share_nothing() {
    let session = Session::from_text("energy.nem", TEXT, None);
    let training = &session.checked.trainings[0];
    let of = spec(&training.model, Method::Persistent(1), 100, (&training.noise, Arm::Nem));
    let plan = planned(&StepSpec { normaliser: Renormalise::Sampled(100), ..of });
    let mut names: Vec<&str> = plan.persistent.iter().map(|p| p.name.as_str()).collect();
    let random =
        plan.buffers.iter().filter_map(|b| if let Role::Random(fill) = &b.role { Some(fill.source) } else { None });
    let mut sources = Vec::from_iter(random);
    let (chains, draws) = (names.len(), sources.len());
    names.sort_unstable();
    names.dedup();
    sources.sort_unstable();
    sources.dedup();
    assert_eq!((names.len(), sources.len(), draws), (chains, draws, 5));
}
