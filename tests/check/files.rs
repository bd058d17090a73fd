//! Programs in several files, and paths.

use nemlang::check::{Declarations, check_all};
use nemlang::diag::{MessageFormat, render};
use nemlang::model::Leaf;
use nemlang::source::Sources;

/// A program in several files; what there is to say about the first.
fn check_files(files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut sources = Sources::default();
    let (declarations, mut problems) = Declarations::load(&folder.path().join(files[0].0), &mut sources);
    problems.extend(check_all(&declarations).1);
    render(&problems, &sources, MessageFormat::Text, false)
}

#[test]
fn files_use_each_other_by_paths_from_their_own_folder() {
    let model = "model M { input x: real  observe y ~ gaussian(g(f(x)), 1) }";
    let parts = [
        ("a.nem", &*format!("use \"parts/f.nem\" use \"parts/g.nem\" {model}")),
        ("parts/f.nem", "use \"g.nem\" fn f(x: real) = g(x)"),
        ("parts/g.nem", "fn g(x: real) = 2 * x"),
    ];
    assert_eq!(check_files(&parts), "");
}

#[test]
fn files_that_cannot_be_read_or_use_each_other_in_a_circle_are_errors() {
    let circle = check_files(&[("a.nem", "use \"b.nem\" fn f(x) = x"), ("b.nem", "use \"a.nem\" fn g(x) = x")]);
    assert!(circle.contains("E0106") && circle.matches("error").count() == 1, "{circle}");
    assert!(check_files(&[("a.nem", "use \"nothing.nem\" fn f(x) = x")]).contains("E0105"));
    let twice = check_files(&[("a.nem", "use \"b.nem\" fn f(x) = x"), ("b.nem", "fn f(x) = x")]);
    assert!(twice.contains("E0202") && twice.contains("b.nem"), "{twice}");
}

#[test]
fn data_paths_start_from_the_folder_of_their_file() {
    let folder = std::path::Path::new("/somewhere");
    let mut sources = Sources::default();
    let program = "data d { x: real[64] = csv(\"t.csv\", \"p0\"..\"p63\")[1..9]  y: real = 2 * idx(\"y.gz\") + 1 }";
    let (declarations, _) = Declarations::from_text("t.nem", program, Some(folder), &mut sources);
    let data = declarations.data("d").unwrap();
    let Leaf::Csv { path, first, last, rows, .. } = &data.train[0].leaves[0].1 else { panic!() };
    assert_eq!(
        (path.as_path(), first.as_str(), last.as_deref(), *rows),
        (&*folder.join("t.csv"), "p0", Some("p63"), Some((1, 9)))
    );
}
