//! The canonical look of programs, with their comments and without.

use super::*;
use nemlang::stdlib;

#[test]
fn the_programs_survive_printing_and_formatting() {
    for text in PROGRAMS {
        let program = good(text);
        let printed = syntax::print(&program);
        assert_eq!(shape(&good(&printed)), shape(&program), "{printed}");
        let formatted = syntax::format(FILE, text).unwrap();
        assert_eq!(shape(&good(&formatted)), shape(&program), "{formatted}");
        assert_eq!(syntax::format(FILE, &formatted).unwrap(), formatted);
        assert_eq!(syntax::format(FILE, &printed).unwrap(), printed);
    }
}

#[test]
fn the_look_of_the_design_is_the_canonical_one() {
    assert_eq!(syntax::format(FILE, PROGRAMS[0]).unwrap(), PROGRAMS[0]);
    assert_eq!(syntax::format(FILE, PROGRAMS[1]).unwrap(), PROGRAMS[1]);
    assert_eq!(syntax::format(FILE, PROGRAMS[4]).unwrap(), PROGRAMS[4]);
}

#[test]
fn the_standard_library_survives_printing_and_formatting() {
    for (_, text) in stdlib::FILES {
        let program = good(text);
        let formatted = syntax::format(FILE, text).unwrap();
        assert_eq!(shape(&good(&formatted)), shape(&program));
        assert_eq!(shape(&good(&syntax::print(&program))), shape(&program));
    }
}

#[test]
fn formatting_sets_blanks_and_indentation_and_keeps_lines_and_comments() {
    let text = "// top\r\n\n\n/// Doc.\nmodel  M(a=1,b = 2){\n\n  input x:real [3,a]   // in\nh~f( x,-a )*2^ -1 //h\n\n\n\
        z = a\n-b + g(\n1,\n  2\n)\n   // end\n\n}\ntrain M(a=2)on d{rate  -1\nseeds (1) ..(3)\n}";
    insta::assert_snapshot!(syntax::format(FILE, text).unwrap(), @r###"
// top

/// Doc.
model M(a = 1, b = 2) {
    input x: real[3, a]  // in
    h ~ f(x, -a) * 2^-1  //h

    z = a
        - b + g(
        1,
        2
    )
    // end
}
train M(a = 2) on d { rate -1
    seeds (1)..(3)
}
"###);
}

#[test]
fn lists_of_designs_are_laid_out_like_any_list() {
    let text = "train M on d{\nnoise y+=gaussian( 0,[ 0.1 ,0.28])cooled  [0,1]\noptimizer sgd(rate=[0.5,1])\n}";
    let expected = "train M on d {
    noise y += gaussian(0, [0.1, 0.28]) cooled [0, 1]
    optimizer sgd(rate = [0.5, 1])
}
";
    assert_eq!(syntax::format(FILE, text).unwrap(), expected);
    assert_eq!(syntax::format(FILE, expected).unwrap(), expected);
}
