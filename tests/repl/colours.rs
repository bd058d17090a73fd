//! Colours of a line.

use nemlang::repl::highlight;

use super::prompt;

/// A line in colours, with each of them as its number in angles.
fn coloured(line: &str, cursor: Option<usize>) -> String {
    highlight(&prompt(&[]), line, cursor).replace("\x1b[0m", "<>").replace("\x1b[", "<").replace('m', ">")
}

#[test]
fn words_have_the_colours_of_their_classes() {
    assert_eq!(coloured("data d { x = 2 }", None), "<1;35>data<> d { x = <36>2<> }");
    assert_eq!(coloured("observe y ~ beta(1)", None), "<35>observe<> y ~ <34>beta<>(<36>1<>)");
    assert_eq!(coloured("a // b", None), "a <2>// b<>");
    assert_eq!(coloured("\"a\" \"b", None), "<32>\"a\"<> <31>\"b<>");
}

#[test]
fn commands_have_a_colour_of_their_own() {
    assert_eq!(coloured(":load 1", None), "<1;36>:load<> <36>1<>");
    assert_eq!(coloured(":", None), "<1;36>:<>");
    assert_eq!(coloured("", None), "");
}

#[test]
fn the_partner_of_a_bracket_stands_out() {
    assert_eq!(coloured("f(g(x))", Some(1)), "f<1;4>(<>g(x)<1;4>)<>");
    assert_eq!(coloured("f(g(x))", Some(7)), "f<1;4>(<>g(x)<1;4>)<>");
    assert_eq!(coloured("f(", Some(2)), "f(");
}

#[test]
fn nothing_but_colours_is_added() {
    for line in ["  μ ~ gaussian( 0,\n 1)  ", ":a  b ", "'", "\t{ }\n"] {
        let plain = without_colours(&highlight(&prompt(&[]), line, Some(3)));
        assert_eq!(plain, line);
    }
}

/// The text without what begins with an escape and ends with `m`.
fn without_colours(text: &str) -> String {
    let mut pieces = text.split('\x1b');
    let first = pieces.next().unwrap_or("").to_string();
    pieces.fold(first, |plain, piece| plain + piece.split_once('m').map_or("", |(_, rest)| rest))
}
