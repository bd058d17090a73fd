//! Commands that show what there is, and what follows from it.

use super::*;

#[test]
fn declarations_are_listed_by_kind() {
    let mut prompt = Prompt::default();
    says(&mut prompt, &[":list"], &["Nothing is declared yet."]);
    says(&mut prompt, &[":list all"], &["likelihoods   gaussian,", "layers        affine"]);
    says(&mut prompt, &[":list layers"], &["layers        affine"]);
    refuses(&mut prompt, &[":list modls"], "E0901", "did you mean `models`?");
}

#[test]
fn an_entry_of_the_library_shows_its_doc_signature_and_source() {
    let mut prompt = Prompt::default();
    let wanted = [
        "Johnson, Kotz",
        "likelihood cauchy(μ: real, σ: positive = 1) over y: real",
        "// <stdlib>/likelihoods/real.nem",
        "    cdf  ",
    ];
    says(&mut prompt, &[":info cauchy"], &wanted);
    says(
        &mut prompt,
        &[":info affine"],
        &["layer affine(x: real[N], size, scale = glorot, prior = flat) -> real[size]\n", "return x @ W + b"],
    );
    says(&mut prompt, &[":info :derive"], &["what follows from a likelihood"]);
    refuses(&mut prompt, &[":info cauhcy"], "E0201", "did you mean `cauchy`?");
    refuses(&mut prompt, &[":info"], "E0201", "needs the name");
}

#[test]
fn derivations_are_those_of_the_command_line() {
    let mut prompt = Prompt::default();
    let page = std::process::Command::new(env!("CARGO_BIN_EXE_nem")).args(["derive", "gaussian"]).output().unwrap();
    assert_eq!(answered(&mut prompt, &[":derive gaussian"]), String::from_utf8(page.stdout).unwrap());
    says(
        &mut prompt,
        &[":derive gaussian at y=2 mu=0 sigma=1 n=-0.5"],
        &["ln f            −2.918939", "inside          yes"],
    );
    says(&mut prompt, &[":derive gaussian noise=\"sigma *= n\""], &["noise σ n"]);
    // Without a name, the last one declared.
    let Told { out, err, .. } = told(&mut prompt, &[ROBUST, ":derive"]);
    assert!(out.starts_with("likelihood robust") && err.contains("W0302"), "{out}{err}");
    refuses(&mut prompt, &[":derive gausian"], "E0201", "did you mean `gaussian`?");
    refuses(&mut prompt, &[":derive gaussian twice"], "E0901", "`twice` has no meaning here");
    refuses(&mut Prompt::default(), &[":derive"], "E0901", "which likelihood or model");
}

#[test]
fn regions_are_drawn_of_characters_or_into_a_file() {
    let mut prompt = Prompt::default();
    says(
        &mut prompt,
        &[":region gaussian at y=2 μ=0 sigma=1"],
        &["gaussian, y + n: interval", "━ n helps", "o changes nothing", "⠤"],
    );
    says(&mut prompt, &[":region gaussian y=[1, 2] mu=0 sigma=1"], &["ball", "⣿⣿⣿", "+ centre", "n₂ (up)"]);
    says(&mut prompt, &[":region gaussian y=[1, 2] mu=0 sigma=1 from gaussian(0, 3)"], &["x a draw outside"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("region.svg").display().to_string();
    says(&mut prompt, &[&format!(":region gaussian y=2 mu=0 sigma=1 to {file}")], &[&file]);
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("<svg"));
    let png = folder.path().join("region.png");
    match answered_or_refused(&mut prompt, &format!(":region gaussian y=2 mu=0 sigma=1 to {}", png.display())) {
        Ok(_) => assert_eq!(std::fs::read(&png).unwrap()[..4], *b"\x89PNG"),
        Err(refused) => assert!(refused.contains("no fonts are installed"), "{refused}"),
    }
    // What harms and what ascends are called so.
    says(&mut prompt, &[":region laplace y=1 mu=0 criterion=anti"], &["that harms", "━ n harms: Δ(n) ≤ 0"]);
    says(&mut prompt, &[":region gaussian y=1 mu=0 criterion=ascent"], &["δᵀ(δ_n − δ) (up)"]);
    refuses(&mut prompt, &[":region"], "E0901", "nothing says which likelihood");
    refuses(&mut prompt, &[":region gaussian"], "E0901", "`gaussian at y=… mu=…`");
    refuses(&mut prompt, &[":region gaussian y=2 mu=0 to"], "E0901", "nothing stands behind `to`");
    refuses(&mut prompt, &[":region gaussian y=2 mu=0 to a.jpg"], "E0901", "region.png");
    refuses(&mut prompt, &[":region gaussian y=2"], "E0303", "the point says nothing of `mu`");
    refuses(&mut prompt, &[":region gaussian y=[1, 2] mu=0 sigma=1 dims=[1, 3]"], "E0901", "components 1 to 2");
    refuses(&mut prompt, &[":region gaussian y=2 mu=0 sigma=1 criterion=nme"], "E0901", "did you mean `nem`?");
}

/// Where there are no fonts there are no PNGs.
fn answered_or_refused(prompt: &mut Prompt, input: &str) -> Result<String, String> {
    let Told { out, err, .. } = told(prompt, &[input]);
    if err.is_empty() { Ok(out) } else { Err(err) }
}

#[test]
fn noise_is_drawn_with_the_seed_of_the_session() {
    let mut prompt = Prompt::default();
    let draw = ":noise gaussian at y=2 mu=0 sigma=1 from gaussian(0, 1) count=3";
    let first = answered(&mut prompt, &[draw]);
    assert_eq!(first.lines().filter(|line| line.ends_with(",true")).count(), 3, "{first}");
    assert_eq!(first, answered(&mut prompt, &[draw]));
    assert_ne!(first, answered(&mut prompt, &[":set seed 2", draw]));
    refuses(&mut prompt, &[":noise gaussian y=2 mu=0 sigma=1"], "E0901", "drawn from");
    refuses(&mut prompt, &[":noise gaussian y=2 mu=0 sigma=1 from gaussian(0, 1) count=many"], "E0901", "whole number");
}

#[test]
fn likelihoods_and_models_are_verified() {
    let _turn = turn();
    let mut prompt = Prompt::default();
    says(&mut prompt, &[ROBUST, ":verify robust"], &["ok       density integrates to 1", "ok       score of b"]);
    says(
        &mut prompt,
        &["model L { input x: real  observe y: real ~ gaussian(affine(x, 1), 1) }", ":verify L"],
        &["gradient of y.W"],
    );
    let wrong = "likelihood wrong(mu: real) over y: real { log_density = -abs(y - mu)  mean = mu }";
    assert!(told(&mut prompt, &[wrong, ":verify wrong"]).err.contains("W0601"));
}

#[test]
fn a_model_is_looked_at_by_the_letters_of_its_page() {
    let mut prompt = Prompt::default();
    let model = "model L { input x: real  observe y: real ~ gaussian(affine(x, 1), 1) }";
    for point in ["y=2 y.o=0", "y.o=0, y=2", "y=2 o=0"] {
        says(
            &mut prompt,
            &[model, &format!(":noise L at {point} from gaussian(0, 1) noise=\"y += n\"")],
            &["interval"],
        );
    }
    // Nothing is said before it is known that all can be.
    let Told { out, err, .. } = told(&mut prompt, &[":derive L at y=2"]);
    assert!(out.is_empty() && err.contains("noise=\"y += n\""), "{out}{err}");
}

#[test]
fn draws_of_harmful_noise_have_the_difference_that_they_make() {
    let out = answered(&mut Prompt::default(), &[":noise laplace at y=1 mu=0 from gaussian(0, 1) criterion=anti"]);
    let deltas: Vec<f64> = out.lines().skip(1).filter_map(|line| line.split(',').nth(1)?.parse().ok()).collect();
    assert!(deltas.len() == 8 && deltas.iter().all(|delta| *delta <= 0.0), "{out}");
}
