//! What holds for the session.

use super::*;

#[test]
fn settings_are_shown_and_set() {
    let mut prompt = Prompt::default();
    says(&mut prompt, &[":set"], &["seed       1", "device     cpu", "precision  6"]);
    says(
        &mut prompt,
        &[":set seed 7", ":set precision=3", ":set device reference", ":set threads 1", ":set"],
        &["seed       7", "device     reference", "precision  3", "threads    1"],
    );
    refuses(&mut prompt, &[":set sed 7"], "E0901", "did you mean `seed`?");
    refuses(&mut prompt, &[":set sed"], "E0901", "did you mean `seed`?");
    refuses(&mut prompt, &[":set seed=7 threads=5"], "E0901", "one setting is set at a time");
    if cfg!(not(feature = "cuda")) {
        refuses(&mut prompt, &[":set device cuda"], "E0702", "built without CUDA");
    }
    assert_eq!(answered(&mut prompt, &[":set device"]), "device     reference\n");
    refuses(&mut prompt, &[":set precision 0"], "E0901", "it is a whole number from 1 to 17");
    refuses(&mut prompt, &[":set device gpu"], "E0901", "cannot be `gpu`");
}

#[test]
fn time_is_told_after_the_answer() {
    let out = answered(&mut Prompt::default(), &[":time :list layers"]);
    assert!(out.starts_with("layers") && (out.ends_with(" ms\n") || out.ends_with(" s\n")), "{out}");
    refuses(&mut Prompt::default(), &[":time"], "E0901", "needs an input");
}

#[test]
fn declarations_are_forgotten_by_name_or_all() {
    let mut prompt = Prompt::default();
    let out = answered(&mut prompt, &[ROBUST, DATA, ":clear robust", ":list"]);
    assert_eq!(out, "data          d\n");
    refuses(&mut prompt, &[":clear rbust"], "E0201", "the session has no `rbust`");
    says(&mut prompt, &[":clear all"], &["forgot everything"]);
    says(&mut prompt, &[":list"], &["Nothing is declared yet."]);
}

#[test]
fn what_breaks_when_something_is_forgotten_is_told() {
    let Told { out, err, .. } = told(&mut Prompt::default(), &[ROBUST, MODEL, ":clear robust"]);
    assert!(out == "forgot robust\n" && err.contains("E0201") && err.contains("`robust`"), "{out}{err}");
}

#[test]
fn values_are_listed_and_forgotten() {
    let mut prompt = Prompt::default();
    says(&mut prompt, &["x = 3", "y = [1, x]", ":list"], &["values        x, y"]);
    says(&mut prompt, &[":clear x"], &["forgot x"]);
    refuses(&mut prompt, &["x + 1"], "E0201", "x");
    says(&mut prompt, &["y @ y"], &["10"]);
    says(&mut prompt, &[":clear all"], &["forgot everything"]);
    refuses(&mut prompt, &["y"], "E0201", "y");
}
