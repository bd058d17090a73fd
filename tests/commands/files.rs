//! Programs read and written.

use super::*;

#[test]
fn a_session_is_saved_as_a_program_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.nem").display().to_string();
    let mut prompt = Prompt::default();
    refuses(&mut prompt, &[&format!(":save {file}")], "E0901", "nothing was declared");
    refuses(&mut prompt, &[":save"], "E0901", "needs a file");
    says(&mut prompt, &[ROBUST, DATA, MODEL, &format!(":save {file}")], &["mine.nem: 3 declarations"]);
    refuses(&mut prompt, &[&format!(":save {file}")], "E0901", "is there already");
    says(&mut prompt, &[&format!(":save {file} replace")], &["mine.nem: 3 declarations"]);
    let mut other = Prompt::default();
    says(&mut other, &[&format!(":load {file}")], &["likelihood robust, data d, model M"]);
    says(&mut other, &[":info robust"], &["Tails that fall off exponentially."]);
    refuses(&mut other, &[":load nothing.nem"], "E0105", "does not exist");
    refuses(&mut other, &[":load"], "E0901", "needs a file");
}

#[test]
fn data_declared_at_the_prompt_are_found_from_another_folder() {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("a.nem");
    let data = "data d { x: real = csv(\"tests/commands/line.csv\", \"x\")  y: real = x }";
    answered(&mut Prompt::default(), &[data, &format!(":save {}", saved.display())]);
    let here = std::path::absolute("tests/commands/line.csv").unwrap();
    assert!(std::fs::read_to_string(&saved).unwrap().contains(&here.display().to_string()));
}

#[test]
fn files_are_read_again_in_the_order_in_which_they_were_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
        format!(":load {}", folder.path().join(name).display())
    };
    let (a, b) = (file("a.nem", "fn f(x) = x\nfn g(x) = x\n"), file("b.nem", "fn f(x) = 2 * x\n"));
    let out = answered(&mut Prompt::default(), &["fn g(x) = 3 * x", &a, &b, ":reload"]);
    assert!(out.find("a.nem").unwrap() < out.find("b.nem").unwrap() && out.lines().count() == 2, "{out}");
    assert_eq!(answered(&mut Prompt::default(), &[&a, &b, ":reload", "f(1)"]), "2\n");
}

#[test]
fn what_a_file_declares_that_is_used_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.nem");
    std::fs::write(&file, "fn f(x) = x\n").unwrap();
    let list = answered(&mut Prompt::default(), &[&format!("use \"{}\"", file.display()), ":list"]);
    assert_eq!(list, "functions     f\n");
}

#[test]
fn what_a_file_declares_twice_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.nem");
    std::fs::write(&file, "fn f(x) = x\nfn f(x) = 2 * x\n").unwrap();
    refuses(&mut Prompt::default(), &[&format!(":load {}", file.display())], "E0202", "a.nem:2:4");
}

#[test]
fn values_are_saved_as_comments() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.nem");
    says(
        &mut Prompt::default(),
        &["x = softmax([1, 2])", DATA, &format!(":save {}", file.display())],
        &["as comments"],
    );
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.ends_with("\n\n// Values of the prompt:\n// x = softmax([1, 2])\n"), "{text}");
    answered(&mut Prompt::default(), &[&format!(":load {}", file.display())]);
}

#[test]
fn a_file_says_what_it_takes_the_place_of() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.nem");
    std::fs::write(&file, "fn f(x: real) -> real = x\nfn g(x: real) -> real = x\n").unwrap();
    let mut prompt = Prompt::default();
    let load = format!(":load {}", file.display());
    says(&mut prompt, &["fn f(x: real) -> real = 2 * x", &load], &["fn f, fn g; gone is fn f of input 1"]);
    assert!(!answered(&mut prompt, &[":reload"]).contains("gone"));
}

#[test]
fn loaded_files_are_read_again_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.nem");
    std::fs::write(&file, "// A function.\nfn f(x: real) -> real = x\n\nfn g(x: real) -> real = 2 * x\n").unwrap();
    let mut prompt = Prompt::default();
    refuses(&mut prompt, &[":reload"], "E0901", "no file was loaded");
    says(&mut prompt, &[&format!(":load {}", file.display())], &["fn f, fn g"]);
    std::fs::write(&file, "fn f(x: real) -> real = 3 * x\n").unwrap();
    says(&mut prompt, &[":reload"], &["a.nem: fn f\n"]);
    assert!(!answered(&mut prompt, &[":list"]).contains('g'));
    // What is wrong in the file is told with its line there, and what was there before stays.
    std::fs::write(&file, "fn f(x: real) -> real = 3 * x\n\nfn g(x: real) -> real = z\n").unwrap();
    let Told { out, err, .. } = told(&mut prompt, &[":reload"]);
    assert!(err.contains("a.nem:3:25") && out.contains("nothing of it was taken in"), "{err}{out}");
    says(&mut prompt, &[":list"], &["functions     f"]);
}

#[test]
fn data_of_a_loaded_file_are_found_from_wherever_the_session_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let (near, far) = (folder.path().join("near"), folder.path().join("far"));
    [&near, &far].iter().for_each(|f| std::fs::create_dir(f).unwrap());
    std::fs::write(near.join("d.csv"), "x,y\n1,2\n2,4\n").unwrap();
    std::fs::write(near.join("a.nem"), "data d { x: real = csv(\"d.csv\", \"x\")  y: real = csv(\"d.csv\", \"y\") }")
        .unwrap();
    let mut prompt = Prompt { out: folder.path().join("runs"), ..Prompt::default() };
    let model = "model L { input x: real  observe y: real ~ gaussian(affine(x, 1), 1) }";
    let load = format!(":load {}", near.join("a.nem").display());
    says(&mut prompt, &[&load, model, ":train L epochs=1"], &["Median over 1 seed after 1 epoch"]);
    let saved = far.join("b.nem");
    answered(&mut prompt, &[&format!(":save {}", saved.display())]);
    let mut other = Prompt { out: folder.path().join("runs"), ..Prompt::default() };
    says(&mut other, &[&format!(":load {}", saved.display()), ":train L epochs=1"], &["Median over 1 seed"]);
}
