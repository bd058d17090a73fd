//! Every energy passes every check, and what can be checked is not left out.

use nemlang::session::Session;
use serde_json::Value;

use super::programs::every;

fn checks(text: &str) -> Vec<(String, String, String)> {
    let session = Session::from_text("energy.nem", text, None);
    assert!(!session.problems.has_errors(), "{text}\n{:?}", session.problems.iter().next());
    let bound = session.models(None).remove(0).unwrap_or_else(|_| panic!("{text}"));
    let certificate = session.certificate(&bound).unwrap_or_else(|p| panic!("{text}\n{:?}", p.iter().next()));
    let json = certificate.json();
    let of = |check: &Value, key: &str| check[key].as_str().unwrap_or_default().to_string();
    let places = json["places"].as_array().unwrap().iter().flat_map(|place| place["checks"].as_array().unwrap());
    places.map(|check| (of(check, "check"), of(check, "verdict"), of(check, "detail"))).collect()
}

#[test]
fn random_energies_of_every_kind_agree_with_brute_force() {
    let mut learned = 0;
    for (_, hidden, _, text) in every() {
        for (check, verdict, detail) in checks(&text) {
            let is_large = check == "learning law" && ["real", "positive"].contains(&hidden);
            assert!(verdict == "ok" || is_large && verdict == "skipped", "{check}: {verdict}, {detail}\n{text}");
            learned += usize::from(check.starts_with("∂ ln p"));
        }
    }
    assert!(learned > 200, "{learned}");
}

#[test]
fn the_free_energy_follows_what_the_energy_says() {
    let [a, b] = ["energy -(v @ W @ h)", "energy -(v @ W @ h) - sum(h)"].map(|energy| {
        format!("model M {{ param W: real[3, 2] = init gaussian(0, 0.5)  observe v: binary[3]  latent h: binary[2]  {energy} }}")
    });
    let free = |text: &str| {
        let session = Session::from_text("energy.nem", text, None);
        let derived = session.derive(None).unwrap().models.remove(0).energy.unwrap();
        nemlang::expr::print::text(derived.free_energy.unwrap())
    };
    assert_eq!(free(&a), "−Σ_k softplus(v @ W_k)");
    assert_eq!(free(&b), "−Σ_k softplus(v @ W_k + 1)");
}
