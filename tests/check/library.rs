//! The standard library against the checker: nothing of it is known by name.

use nemlang::check::{Declarations, check_all, check_library};
use nemlang::diag::{MessageFormat, render};
use nemlang::source::Sources;
use nemlang::{stdlib, syntax};

use super::{CLASSIFIER, clean, printed};

#[test]
fn the_standard_library_has_no_problems() {
    let mut sources = Sources::default();
    let (declarations, mut problems) = Declarations::from_text("empty.nem", "fn f(x: real) = x", None, &mut sources);
    problems.extend(check_library(&declarations).1);
    assert_eq!(render(&problems, &sources, MessageFormat::Text, false), "");
    assert!(declarations.likelihoods().len() >= 34);
}

#[test]
fn no_name_of_the_standard_library_is_taken() {
    let mut names = std::collections::HashSet::new();
    for outline in stdlib::FILES.iter().flat_map(|(_, text)| syntax::outline(text)) {
        assert!(names.insert(outline.name), "`{}` is declared twice", outline.name);
        // The program may declare what the library does, but no mathematical function.
        clean(&format!("fn {}(x: real) = x", outline.name));
    }
}

#[test]
fn nothing_is_known_by_its_name() {
    let renames = ["bernoulli", "logistic", "softmax", "affine", "categorical"];
    let rename = |text: &str| renames.iter().fold(text.to_string(), |t, name| t.replace(name, &format!("my_{name}x")));
    let library: Vec<(&str, &'static str)> =
        stdlib::FILES.iter().map(|(name, text)| (*name, &*rename(text).leak())).collect();
    let mut sources = Sources::default();
    let program = rename(CLASSIFIER);
    let (declarations, _) = Declarations::from_text_with_library(&library, "t.nem", &program, None, &mut sources);
    let (checked, problems) = check_all(&declarations);
    assert!(problems.is_empty(), "{}", render(&problems, &sources, MessageFormat::Text, false));
    assert_eq!(printed(&checked.models[0]), printed(&clean(CLASSIFIER).models[0]));
}

#[test]
fn shadowing_a_name_of_the_library_changes_nothing_inside_it() {
    let model = "model M { input x: real[3]  observe y ~ gaussian(affine(x, 2), 1) }";
    let shadowed = format!("fn glorot(a, b) = a + b + 100 {model}");
    assert_eq!(printed(&clean(&shadowed).models[0]), printed(&clean(model).models[0]));
    let own = "likelihood gaussian(m: real, s: positive) over y: real { log_density = -abs(y - m) / s - ln(2 * s) }";
    let checked = clean(&format!("{own} {model}"));
    assert!(printed(&checked.models[0]).last().unwrap().contains("‖"), "{:?}", printed(&checked.models[0]));
}
