//! Reading and writing programs.
use nemlang::source::FileId;
use nemlang::syntax::{self, ast::*};

#[test]
fn tmp() {
    let text = std::fs::read_to_string("/tmp/all.nem").unwrap();
    let (p, problems) = syntax::parse(FileId(0), &text);
    for d in problems.sorted() {
        println!("{d:?}");
    }
    println!("{}", p.decls.len());
    println!("{}", syntax::format(FileId(0), &text).unwrap());
    println!("-------\n{}", syntax::print(&p));
}
