//! Every construct, and how much of the text it covers.

use super::*;

/// The expression with every operation in brackets, to see how it groups.
fn grouped(text: &str) -> String {
    fn show(term: &Term) -> String {
        let list = |terms: &[Term]| terms.iter().map(show).collect::<Vec<_>>().join(" ");
        match &term.kind {
            TermKind::Number(n) => n.to_string(),
            TermKind::Text(t) => format!("'{t}'"),
            TermKind::Name(n) => n.clone(),
            TermKind::Negate(a) => format!("(- {})", show(a)),
            TermKind::Binary(op, a, b) => format!("({op:?} {} {})", show(a), show(b)),
            TermKind::Call { callee, args } => {
                let args: Vec<String> = args
                    .iter()
                    .map(|a| a.name.as_ref().map_or(String::new(), |n| format!("{}=", n.text)) + &show(&a.value))
                    .collect();
                format!("{}<{}>", callee.text, args.join(" "))
            }
            TermKind::Index { base, index } => format!("(at {} {})", show(base), list(index)),
            TermKind::List(items) => format!("[{}]", list(items)),
            TermKind::Range(a, b) => format!("(to {} {})", show(a), show(b)),
            TermKind::Draw(a) => format!("(draw {})", show(a)),
            TermKind::Part { base, name, args } => {
                let args: Vec<String> = args.iter().map(|a| show(&a.value)).collect();
                format!("(part {} {} {})", name.text, show(base), args.join(" "))
            }
            TermKind::Hole => "?".into(),
        }
    }
    show(&term(text))
}

#[test]
fn the_programs_of_the_design_are_read() {
    let counts: Vec<usize> = PROGRAMS.iter().map(|text| good(text).decls.len()).collect();
    assert_eq!(counts, [4, 1, 2, 3, 3]);
}

#[test]
fn declarations_read_by_their_outlines_are_those_of_the_whole_text() {
    for (_, text) in nemlang::stdlib::FILES {
        let outlines = syntax::outline(text);
        let decls: Vec<Decl> = outlines.iter().filter_map(|o| syntax::parse_outlined(FILE, text, o)).collect();
        assert_eq!(decls, good(text).decls);
        assert!(outlines.iter().zip(&decls).all(|(o, d)| d.kind() == o.kind && d.name().unwrap().text == o.name));
    }
}

#[test]
fn operators_group_as_in_mathematics() {
    assert_eq!(grouped("a - b - c * d / e @ f"), "(Subtract (Subtract a b) (Dot (Divide (Multiply c d) e) f))");
    assert_eq!(grouped("-a ^ b ^ c"), "(- (Power a (Power b c)))");
    assert_eq!(grouped("a ^ -b * c"), "(Multiply (Power a (- b)) c)");
    assert_eq!(grouped("2 ^ -b ^ c"), "(Power 2 (- (Power b c)))");
    assert_eq!(grouped("a * -b - -c"), "(Subtract (Multiply a (- b)) (- c))");
    assert_eq!(grouped("1 .. n + 1"), "(to 1 (Add n 1))");
    assert_eq!(grouped("1..10"), "(to 1 10)");
    assert_eq!(grouped("csv(\"a\", n = .5)[1..3][z] ^ 2"), "(Power (at (at csv<'a' n=0.5> (to 1 3)) z) 2)");
    assert_eq!(grouped("2 * draw f(x) + draw (a + b)"), "(Add (Multiply 2 (draw f<x>)) (draw (Add a b)))");
    assert_eq!(grouped("draw + init(take, seed)"), "(Add draw init<take seed>)");
    assert_eq!(grouped("[x, [μ₁, 1e-3], ]"), "[x [μ₁ 0.001]]");
}

#[test]
fn lines_end_items_but_not_open_expressions() {
    let Decl::Model(m) = one("model M { a = b\n - c +\n d\n e = f\n g ~ h(\n1\n) i = j (k) l=m [n] }") else {
        panic!()
    };
    assert_eq!(m.items.len(), 5);
    assert!(messages("model M { a = b\n(c) }").contains("expected an item"));
    assert!(messages("model M { a = b\n[c] }").contains("expected an item"));
}

#[test]
fn words_of_the_grammar_are_names_where_nothing_else_is_meant() {
    let Decl::Data(d) = one("data d { seed: real = 1 take = 2 seed 3 test = take take seed test { init = 1 } }") else {
        panic!()
    };
    let seeds: Vec<bool> = d.columns.iter().map(|c| c.seed.is_some()).collect();
    assert_eq!((seeds, d.test.len()), (vec![false, true, false], 1));
    assert!(d.columns[2].take.is_some());
    let Decl::Model(m) = one("model M(input) { input = 1 observe ~ f(input) param = 2 observe observe ~ g() }") else {
        panic!()
    };
    let observed = m.items.iter().map(|i| matches!(i, Item::Random { observed: true, .. }));
    assert_eq!(observed.collect::<Vec<_>>(), [false, false, false, true]);
    good("model M { param b: real = init\n param c: real = init + 1 param d: real = init (1) }");
    good("likelihood l(over) over y: real { where = over where u ~ where, v ~ f }");
}

#[test]
fn doc_comments_belong_to_the_declaration_below() {
    let doc = |text: &str| match one(text) {
        Decl::Fn(d) => d.doc,
        other => panic!("{other:?}"),
    };
    assert_eq!(doc("/// One.\n///\n///  Two. \nfn f(x) = x"), Some("One.\n\n Two.".into()));
    assert_eq!(doc("/// Apart.\n\nfn f(x) = x"), None);
    assert_eq!(doc("// Plain.\nfn f(x) = x /// After."), None);
    assert_eq!(doc("\u{FEFF}/// Dos.\r\nfn f(x) = x\r\n"), Some("Dos.".into()));
}

#[test]
fn spans_cover_exactly_what_was_written() {
    let text =
        "model M {\n  param W: real[2, 3]  ~ g(0) // c\n  observe y : real ~ n((a + b) * -c[1] , 1)  // d\n\n}  // e\n";
    let sources = sources(text);
    let at = |span: Span| sources.text(span);
    let Decl::Model(m) = one(text) else { panic!() };
    assert_eq!(at(m.span), text.trim_end().trim_end_matches("  // e"));
    let Item::Param { ty, span, .. } = &m.items[0] else { panic!() };
    assert_eq!((at(*span), at(ty.span)), ("param W: real[2, 3]  ~ g(0)", "real[2, 3]"));
    let Item::Random { name, ty: Some(ty), likelihood, span, .. } = &m.items[1] else { panic!() };
    assert_eq!(at(*span), "observe y : real ~ n((a + b) * -c[1] , 1)");
    assert_eq!((at(name.span), at(ty.span), at(likelihood.span)), ("y", "real", "n((a + b) * -c[1] , 1)"));
    let TermKind::Call { callee, args } = &likelihood.kind else { panic!() };
    let TermKind::Binary(_, left, right) = &args[0].value.kind else { panic!() };
    assert_eq!(at(callee.span), "n");
    assert_eq!((at(args[0].value.span), at(left.span), at(right.span)), ("(a + b) * -c[1]", "(a + b)", "-c[1]"));
}

#[test]
fn parts_bind_like_brackets_and_numbers_have_none() {
    assert_eq!(grouped("f(0, 1).mean"), "(part mean f<0 1> )");
    assert_eq!(grouped("-d.density(2)^2"), "(- (Power (part density d 2) 2))");
    assert_eq!(grouped("d.draw(5)[2..3].x"), "(part x (at (part draw d 5) (to 2 3)) )");
    assert_eq!(grouped("(1).x + 0.5"), "(Add (part x 1 ) 0.5)");
    assert_eq!(grouped("draw d.mean"), "(part mean (draw d) )");
    assert!(syntax::parse_term(FILE, "1.x").is_err());
    assert!(syntax::parse_term(FILE, "d. mean").is_err());
}

#[test]
fn what_is_entered_may_have_a_name() {
    let entered = |text: &str| syntax::parse_entered(FILE, text).map(|arg| arg.name.map(|name| name.text));
    assert_eq!(entered("x = 3 * 2").unwrap(), Some("x".into()));
    assert_eq!(entered("x * 2").unwrap(), None);
    assert!(entered("x = ").is_err() && entered("?").is_err());
}

#[test]
fn more_has_to_follow_an_operator_but_not_a_question_mark() {
    assert!(syntax::is_unfinished("d.") && syntax::is_unfinished("noise y +="));
    assert!(!syntax::is_unfinished("noise y += ?") && !syntax::is_unfinished("d.mean"));
}
