//! Reading programs, telling what is wrong with them, and writing them.

use nemlang::diag::{MessageFormat, Problems, render};
use nemlang::source::{FileId, SourceFile, Sources, Span};
use nemlang::syntax::{self, ast::*};
use proptest::prelude::*;

const FILE: FileId = FileId(0);

fn sources(text: &str) -> Sources {
    let mut sources = Sources::default();
    sources.add(SourceFile { name: "test.nem".into(), text: text.into(), folder: None });
    sources
}

fn messages(text: &str) -> String {
    let (_, problems) = syntax::parse(FILE, text);
    render(&problems, &sources(text), MessageFormat::Text, false)
}

fn good(text: &str) -> Program {
    let (program, problems) = syntax::parse(FILE, text);
    assert!(problems.is_empty(), "{text}\n{}", messages(text));
    program
}

fn one(text: &str) -> Decl {
    good(text).decls.remove(0)
}

fn term(text: &str) -> Term {
    syntax::parse_term(FILE, text).unwrap_or_else(|d| panic!("{text}: {d:?}"))
}

/// The tree as text, without its spans.
fn shape(tree: &impl std::fmt::Debug) -> String {
    let text = format!("{tree:?}");
    let mut pieces = text.split("Span {");
    let first = pieces.next().unwrap_or("").to_string();
    pieces.fold(first, |shape, piece| shape + piece.split_once('}').map_or(piece, |(_, rest)| rest))
}

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
        }
    }
    show(&term(text))
}

/// The programs of the design that this version covers.
const PROGRAMS: &[&str] = &[
    r#"use "layers.nem"

/// Handwritten digits.
///
/// A thousand of them.
data digits {
    x: real[784]   = idx("data/mnist-1k/train-images.gz") / 255
    y: one_hot[10] = idx("data/mnist-1k/train-labels.gz")  // integer labels become one-hot
    test {
        x = idx("data/mnist-1k/test-images.gz") / 255
        y = idx("data/mnist-1k/test-labels.gz")
    }
}

model Classifier(hidden = 40) {
    input x: real[784]
    h1 ~ bernoulli(logistic(affine(x, hidden)))
    h2 ~ bernoulli(logistic(affine(h1, hidden)))
    // the last layer
    observe y: one_hot[10] ~ categorical(softmax(affine(h2, 10)))
}

train Classifier(hidden = 20) on digits {
    epochs 40
    batch 100
    optimizer sgd(rate = 1.0)
    seeds 1..5
    noise y += gaussian(0, 0.42) cooled 1  // cooled τ: scale times epoch^−τ
    compare none, blind, nem, anti
}
"#,
    r#"likelihood laplace(mu: real, b: positive = 1) over y: real {
    log_density = -abs(y - mu) / b - ln(2 * b)
    mean        = mu
    draw        = mu - b * sign(u) * ln(1 - 2 * abs(u)) where u ~ uniform(-0.5, 0.5)
}
"#,
    r#"model Sine {
    input x: real
    h ~ bernoulli(logistic(affine(x, 10)))
    observe y: real ~ gaussian(affine(h, 1), 1)
}
train Sine on waves {
    noise y += gaussian(0, 0.5) cooled 1
    noise h *= gaussian(0, 0.1)
    noise y <- y * (1 + n) where n ~ uniform(-0.2, 0.2) cooled 2
    select reflect      // or drop, resample, best_of(8)
    estep importance(10)  // or mean_field, exact
}
"#,
    r#"model Mixture(K = 2) {
    param weight: simplex[K]
    param mu: real[K]
    param sigma: positive[K]
    z ~ categorical(weight)
    observe y: real ~ gaussian(mu[z], sigma[z])
}
data pairs { y: real = draw Mixture(weight = [0.5, 0.5], mu = [-2, 2], sigma = [2, 2]) take 400 seed 7 }
train Mixture on pairs { method em(tolerance = 1e-3)  noise y += gaussian(0, 1.9) cooled 2  compare none, blind, nem }
"#,
    r#"fn logistic(o: real) -> unit = 1 / (1 + exp(-o))
layer affine(x: real[N], size, scale = glorot) -> real[size] {
    param W: real[N, size] ~ gaussian(0, 1) = init scale(N, size)
    param b: interval(-1, 1)[size] = 0
    z = x @ W
    return z + b
}
likelihood cauchy(mu: real, g: positive) over y: real { log_density = -ln(1 + ((y - mu) / g)^2) - ln(pi * g) }
"#,
];

#[test]
fn the_programs_of_the_design_are_read() {
    let counts: Vec<usize> = PROGRAMS.iter().map(|text| good(text).decls.len()).collect();
    assert_eq!(counts, [4, 1, 2, 3, 3]);
}

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

/// Wrong programs; the part between `⟦` and `⟧` is what should be underlined.
const WRONG: &[(&str, &str, &str)] = &[
    ("E0101", "model M { input x ⟦real⟧[3] }", "expected `:`"),
    ("E0101", "⟦modle⟧ M { }", "did you mean `model`"),
    ("E0101", "fn f(x) = x ⟦==⟧ 3", "single `=`"),
    ("E0101", "fn f(x) ⟦:=⟧ 3", "plain `=`"),
    ("E0101", "model M { x = a⟦;⟧ y = b }", "leave it out"),
    ("E0101", "fn f(x) = x ⟦**⟧ 2", "`x^2`"),
    ("E0101", "data d { x: real = csv(⟦'a b'⟧) }", "`\"a b\"`"),
    ("E0101", "data d { x: real = csv(⟦\"a b) }⟧", "closing quote"),
    ("E0101", "fn f(x) = x\n⟦# (note⟧\nfn g(x) = x", "`//"),
    ("E0101", "⟦import⟧ \"a.nem\"", "`use \"layers.nem\"`"),
    ("E0101", "likelihood l(m: real) ⟦y⟧: real { }", "over y: real"),
    ("E0101", "train M ⟦d⟧ { }", "train M on"),
    ("E0101", "train M on d { ⟦epochs⟧\n batch 3 }", "no value"),
    ("E0101", "train M on d {\n epochs 40⟦,⟧\n batch 3 }", "comma"),
    ("E0101", "train M on d { noise y ⟦-=⟧ n(1) }", "`+=`"),
    ("E0101", "train M on d { noise y <- y * n ⟦}⟧", "`where`"),
    ("E0101", "⟦cell⟧ c(x) { state h: real = 0 }", "not in this version"),
    ("E0101", "model M { observe v: real ~ n(1)\n ⟦energy⟧ -v @ v }", "not in this version"),
    ("E0101", "model M { s = ⟦scan⟧ lstm(x, 50) }", "not in this version"),
    ("E0101", "model M { h ~ f(g(1)\n ⟦x⟧ = 2 }", "`(` is never closed"),
    ("E0101", "model M { h ~ f(g(1))⟦)⟧ }", "closes nothing"),
    ("E0101", "model M { h = [1, 2 ⟦}⟧", "`[` is never closed"),
    ("E0101", "model M { h = ⟦1⟧\n", "`{` is never closed"),
    ("E0101", "fn f(x) = x\n⟦}⟧", "closes nothing"),
    ("E0101", "fn f(x) ⟦=⟧", "an expression after this"),
    ("E0101", "fn f(x) = ⟦2x⟧", "`2 * x`"),
    ("E0101", "fn f(x) = ⟦1e999⟧", "too large"),
    ("E0101", "fn f(x) = s⟦.⟧h", "point"),
    ("E0101", "fn f(x) = x ⟦−⟧ 1", "write `-`"),
    ("E0101", "model ⟦data⟧ { }", "cannot be a name"),
    ("E0101", "layer l(x) { y ⟦~⟧ n(1) return y }", "draws nothing"),
    ("E0101", "layer l(x) { y = x ⟦}⟧", "return x @ W"),
    ("E0101", "fn f(x) = ⟦\0⟧", "control character"),
    ("E0103", "⟦⟧\n // nothing\n", "declares nothing"),
];

#[test]
fn wrong_programs_are_told_what_is_wrong_and_where() {
    for (code, marked, words) in WRONG {
        let text = marked.replace(['⟦', '⟧'], "");
        let text = if *code == "E0101" && marked.contains("y * n ⟦}") { text + " }" } else { text };
        let start = marked.find('⟦').unwrap();
        let end = marked.find('⟧').unwrap() - '⟦'.len_utf8();
        let (_, problems) = syntax::parse(FILE, &text);
        let first = problems.iter().next().unwrap_or_else(|| panic!("no error in {text}"));
        let span = first.primary.as_ref().unwrap().0;
        assert_eq!((first.code.id, span.start, span.end), (*code, start, end), "{}", messages(&text));
        assert!(messages(&text).contains(words), "{words}?\n{}", messages(&text));
        assert!(first.help.is_some(), "no help:\n{}", messages(&text));
    }
}

#[test]
fn each_wrong_declaration_gives_one_error_and_the_others_are_kept() {
    let text = "fn f(x) = \nmodel M {\n  x = (1\n\ndata d { x: real = 1 }\nmodle N { y = }\nfn g(x) = x";
    let (program, problems) = syntax::parse(FILE, text);
    let names: Vec<&str> = program.decls.iter().filter_map(|d| d.name().map(|n| n.text.as_str())).collect();
    assert_eq!(names, ["d", "g"]);
    assert_eq!(problems.iter().count(), 3, "{}", messages(text));
}

// ---- any input at all

fn spans_are_inside(problems: &Problems, text: &str) -> bool {
    let inside = |span: &Span| span.start <= span.end && text.get(span.start..span.end).is_some();
    problems.iter().all(|d| d.primary.iter().chain(&d.related).all(|(span, _)| inside(span)))
}

#[test]
fn deep_nesting_and_long_chains_are_refused_and_never_overflow() {
    let deep = [
        "(".repeat(100_000),
        "f(".repeat(5000) + "x" + &")".repeat(5000),
        "[".repeat(129) + &"]".repeat(129),
        "-".repeat(100_000) + "x",
        "2^".repeat(5000) + "2",
        "x + ".repeat(10_000) + "x",
        "draw ".repeat(100_000) + "x",
    ];
    for body in deep {
        let text = format!("fn f(x) = {body}\nfn g(x) = x");
        let (program, problems) = syntax::parse(FILE, &text);
        assert!(problems.has_errors() && spans_are_inside(&problems, &text));
        assert_eq!(program.decls.len(), 1);
        if !body.starts_with("draw") {
            assert_eq!(problems.iter().next().unwrap().code.id, "E0104");
        }
    }
    good(&format!("fn f(x) = {}x{}", "f((".repeat(64), "))".repeat(64)));
    good(&format!("fn f(x) = {}x", "x + ".repeat(1000)));
    good(&format!("fn f(x) = {}x", "-".repeat(1000)));
    good(&format!("fn f(x) = {}x", "x^".repeat(1000)));
}

#[test]
fn large_inputs_are_answered_quickly() {
    let mut state = 1u64;
    let mut noise = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        char::from((state >> 33) as u8)
    };
    let junk: String = (0..500_000).map(|_| noise()).collect();
    let numbers = format!("fn f(x) = [{}]", "1.5, ".repeat(50_000));
    let quotes = "'a' ".repeat(1 << 18);
    let large = [
        quotes,
        junk,
        "\0".repeat(1 << 20),
        "}\n".repeat(1 << 19),
        "a".repeat(1 << 20),
        "fn f(x) = x\n".repeat(20_000),
        numbers,
    ];
    for text in large {
        let start = std::time::Instant::now();
        let (_, problems) = syntax::parse(FILE, &text);
        assert!(spans_are_inside(&problems, &text));
        let taken = start.elapsed().as_millis();
        assert!(taken < 3000, "{taken} ms for {:?}…", text.chars().take(20).collect::<String>());
    }
}

proptest! {
    #[test]
    fn random_text_never_panics(text in ".{0,200}") {
        let (_, problems) = syntax::parse(FILE, &text);
        prop_assert!(spans_are_inside(&problems, &text));
        let _ = (messages(&text), syntax::parse_term(FILE, &text), syntax::format(FILE, &text));
    }

    #[test]
    fn programs_with_a_piece_cut_out_never_panic(which in 0..PROGRAMS.len(), from in 0usize..1000, length in 1usize..60) {
        let chars: Vec<char> = PROGRAMS[which].chars().collect();
        let text: String = chars.iter().enumerate().filter(|(i, _)| !(from..from + length).contains(i)).map(|(_, c)| c).collect();
        let (_, problems) = syntax::parse(FILE, &text);
        prop_assert!(spans_are_inside(&problems, &text));
        prop_assert!(problems.iter().all(|d| d.help.is_some() && d.primary.is_some()), "{}", messages(&text));
        prop_assert!(!messages(&text).contains("something else"), "{}", messages(&text));
    }

    #[test]
    fn random_tokens_never_panic_and_format_to_the_same_tree(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
        let text = words.join(" ");
        let (program, problems) = syntax::parse(FILE, &text);
        prop_assert!(spans_are_inside(&problems, &text));
        if let Ok(formatted) = syntax::format(FILE, &text) {
            prop_assert_eq!(shape(&good(&formatted)), shape(&program));
            prop_assert_eq!(syntax::format(FILE, &formatted).unwrap(), formatted);
        }
    }

    #[test]
    fn printing_and_reading_gives_the_same_expression(tree in any_term()) {
        let text = syntax::print_term(&tree);
        prop_assert_eq!(shape(&term(&text)), shape(&tree), "{}", text);
    }

    #[test]
    fn printing_and_reading_gives_the_same_program(program in any_program()) {
        let text = syntax::print(&program);
        let (again, problems) = syntax::parse(FILE, &text);
        prop_assert!(problems.is_empty(), "{}\n{}", text, messages(&text));
        prop_assert_eq!(shape(&again), shape(&program), "{}", text);
        prop_assert_eq!(syntax::format(FILE, &text).unwrap(), text);
    }
}

const WORDS: &[&str] = &[
    "fn f(x) =",
    "model M {",
    "}",
    "data d {",
    "train M on d {",
    "x",
    "y",
    "=",
    "~",
    ":",
    "real",
    "1",
    "2.5",
    "\"t\"",
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "*",
    "/",
    "@",
    "^",
    "..",
    "+=",
    "<-",
    "->",
    "noise y",
    "where",
    "n ~",
    "draw",
    "init",
    "param W:",
    "input",
    "observe",
    "take",
    "seed",
    "cooled",
    "test {",
    "\n",
    "// note\n",
    "epochs",
    "return",
];

// ---- random programs

fn nowhere() -> Span {
    Span::new(FILE, 0, 0)
}

fn any_name() -> impl Strategy<Value = Name> {
    const NAMES: &[&str] = &["x", "y", "W", "hidden", "mu_1", "σ", "model_2", "_", "uniform", "time"];
    prop::sample::select(NAMES).prop_map(|n| Name { text: n.to_string(), span: nowhere() })
}

fn at(kind: TermKind) -> Term {
    Term { kind, span: nowhere() }
}

fn any_term() -> impl Strategy<Value = Term> {
    let number = prop_oneof![(0u32..1000).prop_map(f64::from), prop::num::f64::POSITIVE, Just(0.1), Just(1e-3)];
    let leaf = prop_oneof![
        number.prop_map(|n| at(TermKind::Number(n))),
        "[a-z /.#'()]{0,8}".prop_map(|t| at(TermKind::Text(t))),
        any_name().prop_map(|n| at(TermKind::Name(n.text))),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let arg = (prop::option::of(any_name()), inner.clone()).prop_map(|(name, value)| Arg { name, value });
        prop_oneof![
            boxed().prop_map(|a| at(TermKind::Negate(a))),
            (any_op(), boxed(), boxed()).prop_map(|(op, a, b)| at(TermKind::Binary(op, a, b))),
            (boxed(), boxed()).prop_map(|(a, b)| at(TermKind::Range(a, b))),
            boxed().prop_map(|a| at(TermKind::Draw(a))),
            prop::collection::vec(inner.clone(), 0..3).prop_map(|items| at(TermKind::List(items))),
            (any_name(), prop::collection::vec(arg, 0..3))
                .prop_map(|(callee, args)| at(TermKind::Call { callee, args })),
            (boxed(), prop::collection::vec(inner.clone(), 1..3))
                .prop_map(|(base, index)| at(TermKind::Index { base, index })),
        ]
    })
}

fn any_op() -> impl Strategy<Value = BinaryOp> {
    use BinaryOp::*;
    prop::sample::select(&[Add, Subtract, Multiply, Divide, Dot, Power][..])
}

fn any_type() -> impl Strategy<Value = Type> {
    let terms = || prop::collection::vec(any_term(), 0..3);
    (any_name(), terms(), terms()).prop_map(|(support, args, shape)| Type { support, args, shape, span: nowhere() })
}

fn any_formals() -> impl Strategy<Value = Vec<Formal>> {
    let formal = (any_name(), prop::option::of(any_type()), prop::option::of(any_term()));
    prop::collection::vec(formal.prop_map(|(name, ty, default)| Formal { name, ty, default }), 0..3)
}

fn any_layer_item() -> impl Strategy<Value = Item> {
    let init = prop_oneof![any_term().prop_map(Init::Draw), any_term().prop_map(Init::Value)];
    let param = (any_name(), any_type(), prop::option::of(any_term()), prop::option::of(init));
    prop_oneof![
        param.prop_map(|(name, ty, prior, init)| Item::Param { name, ty, prior, init, span: nowhere() }),
        (any_name(), any_term()).prop_map(|(name, value)| Item::Define { name, value, span: nowhere() }),
    ]
}

fn any_item() -> impl Strategy<Value = Item> {
    let random = (any::<bool>(), any_name(), prop::option::of(any_type()), any_term());
    prop_oneof![
        any_layer_item(),
        (any_name(), any_type()).prop_map(|(name, ty)| Item::Input { name, ty, span: nowhere() }),
        random.prop_map(|(observed, name, ty, likelihood)| Item::Random {
            observed,
            name,
            ty,
            likelihood,
            span: nowhere()
        }),
    ]
}

fn any_columns() -> impl Strategy<Value = Vec<Column>> {
    let optional = || prop::option::of(any_term());
    let column = (any_name(), prop::option::of(any_type()), any_term(), optional(), optional());
    let column =
        column.prop_map(|(name, ty, source, take, seed)| Column { name, ty, source, take, seed, span: nowhere() });
    prop::collection::vec(column, 0..3)
}

fn any_setting() -> impl Strategy<Value = Setting> {
    let injection = prop_oneof![
        Just(Injection::Add),
        Just(Injection::Multiply),
        (any_term(), any_name()).prop_map(|(value, noise)| Injection::Custom(Box::new(value), noise)),
    ];
    let noise = (any_name(), injection, any_term(), prop::option::of(any_term()));
    prop_oneof![
        (any_name(), prop::collection::vec(any_term(), 1..3)).prop_map(|(key, values)| Setting::Option {
            key,
            values,
            span: nowhere()
        }),
        noise.prop_map(|(target, injection, proposal, cooled)| {
            Setting::Noise(Noise { target, injection, proposal, cooled, span: nowhere() })
        }),
    ]
}

fn any_decl() -> impl Strategy<Value = Decl> {
    let span = nowhere();
    let head = || (prop::option::of("[a-z.]{0,4}(\n[a-z]{0,4})?"), any_name(), any_formals());
    let ty = || prop::option::of(any_type());
    let items = || prop::collection::vec(any_item(), 0..4);
    let layer_items = prop::collection::vec(any_layer_item(), 0..3);
    let randomness = prop::collection::vec((any_name(), any_term()), 0..3);
    let entry = (any_name(), any_term(), randomness);
    let entry = entry.prop_map(move |(name, value, randomness)| Entry { name, value, randomness, span });
    prop_oneof![
        Just(Decl::Use(Use { path: "a b.nem".into(), span })),
        (head(), ty(), any_term()).prop_map(move |((doc, name, formals), result, body)| {
            Decl::Fn(FnDecl { doc, name, formals, result, body, span })
        }),
        (head(), any_name(), any_type(), prop::collection::vec(entry, 0..3)).prop_map(
            move |((doc, name, formals), outcome, outcome_ty, entries)| {
                Decl::Likelihood(LikelihoodDecl { doc, name, formals, outcome, outcome_ty, entries, span })
            }
        ),
        (head(), ty(), layer_items, any_term()).prop_map(move |((doc, name, formals), result, items, value)| {
            Decl::Layer(LayerDecl { doc, name, formals, result, items, value, span })
        }),
        (head(), items()).prop_map(move |((doc, name, formals), items)| {
            Decl::Model(ModelDecl { doc, name, formals, items, span })
        }),
        (head(), any_columns(), any_columns()).prop_map(move |((doc, name, _), columns, test)| {
            Decl::Data(DataDecl { doc, name, columns, test, span })
        }),
        (head(), any_name(), prop::collection::vec(any_setting(), 0..4)).prop_map(
            move |((doc, model, _), data, settings)| {
                let args = vec![];
                Decl::Train(TrainDecl { doc, model, args, data, settings, span })
            }
        ),
    ]
}

fn any_program() -> impl Strategy<Value = Program> {
    prop::collection::vec(any_decl(), 1..4).prop_map(|decls| Program { decls })
}
