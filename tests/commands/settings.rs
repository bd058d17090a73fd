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
    refuses(&mut prompt, &[":set precision 0"], "E0901", "cannot be `0`");
    refuses(&mut prompt, &[":set device gpu"], "E0901", "cannot be `gpu`");
}

#[test]
fn time_is_told_after_the_answer() {
    let out = answered(&mut Prompt::default(), &[":time :list layers"]);
    assert!(out.starts_with("layers") && (out.ends_with(" ms\n") || out.ends_with(" s\n")), "{out}");
}

#[test]
fn declarations_are_forgotten_by_name_or_all() {
    let mut prompt = Prompt::default();
    let out = answered(&mut prompt, &[ROBUST, DATA, ":clear robust", ":list"]);
    assert_eq!(out, "data          d\n");
    refuses(&mut prompt, &[":clear rbust"], "E0201", "declares no `rbust`");
    says(&mut prompt, &[":clear all", ":list"], &["Nothing is declared yet."]);
}
