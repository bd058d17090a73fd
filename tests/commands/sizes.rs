//! Models whose sizes have no default: they are called with them.

use super::*;

const RBM: &str = "model Rbm(visible, hidden) {
    observe v: binary[visible]
    latent h: binary[hidden]
    param W: real[visible, hidden] = 0
    energy -(v @ W @ h)
}";
const BITS: &str = "data bits { v: binary[6] = draw bernoulli(0.5) take 20 }";

#[test]
fn a_model_is_looked_at_with_the_sizes_of_a_call() {
    let _turn = turn();
    let mut prompt = Prompt::default();
    says(&mut prompt, &[RBM], &[":derive Rbm(visible = …, hidden = …)"]);
    says(&mut prompt, &[":shapes Rbm(6, 4)"], &["model Rbm(visible = 6, hidden = 4)", "W: real[6, 4]"]);
    says(&mut prompt, &[":derive Rbm(hidden = 2, visible = 3)"], &["v: binary[3]", "h: binary[2]", "noise v + n"]);
    says(&mut prompt, &[":verify Rbm(3, 2)"], &["ok       free energy"]);
    says(&mut prompt, &[":region Rbm(2, 2) at h=[1, 0] W=[[1, 2], [3, 4]] v=[0, 1] noise=\"v += n\""], &["Rbm, v + n"]);
    // The sizes are those of one input.
    refuses(&mut prompt, &[":derive Rbm"], "E0303", "needs values for `visible` and `hidden`");
    refuses(&mut prompt, &[":derive Rbm(3)"], "E0303", "without `hidden`");
    refuses(&mut prompt, &[":derive Rbm(3, 2, 1)"], "E0303", "takes 2 arguments");
    refuses(&mut prompt, &[":shapes Rbm(3, 0)"], "E0304", "");
    refuses(&mut prompt, &[":shapes Rbm(3, "], "E0101", "");
}

#[test]
fn a_training_is_declared_with_the_sizes_that_it_had() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let mut prompt = Prompt { out: folder.path().join("runs"), ..Prompt::default() };
    answered(&mut prompt, &[RBM, BITS]);
    refuses(&mut prompt, &[":train Rbm on bits epochs=1"], "E0303", "needs values for `visible` and `hidden`");
    says(&mut prompt, &[":train Rbm(6, 2) on bits epochs=1", ":params Rbm"], &["W: real[6, 2]"]);
    // From here on they are those of the declaration, where no others are asked for.
    says(&mut prompt, &[":train Rbm epochs=1", ":params Rbm"], &["W: real[6, 2]"]);
    says(&mut prompt, &[":derive Rbm"], &["h: binary[2]"]);
    says(&mut prompt, &[":train Rbm(6, 3) epochs=1", ":params Rbm"], &["W: real[6, 3]"]);
}

#[test]
fn what_is_no_model_is_not_called() {
    let mut prompt = Prompt::default();
    refuses(&mut prompt, &[":derive gaussian(0, 1)"], "E0901", "`gaussian at y=… mu=… sigma=…`");
    refuses(&mut prompt, &[":derive nothing(1)"], "E0201", "nothing");
    refuses(&mut prompt, &[":train gaussian"], "E0203", "is a likelihood, not a model");
    refuses(&mut prompt, &[":train"], "E0901", "no model is declared");
}
