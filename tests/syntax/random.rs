//! Random programs survive printing, and no random text does harm.

use proptest::prelude::*;

use super::*;

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
    ".mean",
    "?",
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
        let arg = || (prop::option::of(any_name()), inner.clone()).prop_map(|(name, value)| Arg { name, value });
        prop_oneof![
            boxed().prop_map(|a| at(TermKind::Negate(a))),
            (any_op(), boxed(), boxed()).prop_map(|(op, a, b)| at(TermKind::Binary(op, a, b))),
            (boxed(), boxed()).prop_map(|(a, b)| at(TermKind::Range(a, b))),
            boxed().prop_map(|a| at(TermKind::Draw(a))),
            prop::collection::vec(inner.clone(), 0..3).prop_map(|items| at(TermKind::List(items))),
            (any_name(), prop::collection::vec(arg(), 0..3))
                .prop_map(|(callee, args)| at(TermKind::Call { callee, args })),
            (boxed(), prop::collection::vec(inner.clone(), 1..3))
                .prop_map(|(base, index)| at(TermKind::Index { base, index })),
            (boxed(), any_name(), prop::collection::vec(arg(), 0..3))
                .prop_map(|(base, name, args)| at(TermKind::Part { base, name, args })),
        ]
    })
}

/// A likelihood, or `?` in its place.
fn open_term() -> impl Strategy<Value = Term> {
    prop_oneof![4 => any_term(), 1 => Just(at(TermKind::Hole))]
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
    let random = (any::<bool>(), any_name(), prop::option::of(any_type()), open_term());
    prop_oneof![
        any_layer_item(),
        (any_name(), any_type()).prop_map(|(name, ty)| Item::Input { name, ty, span: nowhere() }),
        (any::<bool>(), any_name(), any_type()).prop_map(|(observed, name, ty)| Item::Unit {
            observed,
            name,
            ty,
            span: nowhere()
        }),
        any_term().prop_map(|value| Item::Energy {
            name: Name { text: "energy".into(), span: nowhere() },
            value,
            span: nowhere()
        }),
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
    let custom = (any_term(), any_name()).prop_map(|(value, noise)| Injection::Custom(Box::new(value), noise));
    let injected = prop_oneof![
        (Just(Injection::Add), open_term()),
        (Just(Injection::Multiply), open_term()),
        (custom, any_term()),
        Just((Injection::Open, at(TermKind::Hole))),
    ];
    let through = prop::collection::vec(any_name(), 0..3);
    let noise = (any_name(), injected, prop::option::of(any_term()), through);
    let simple = prop_oneof![
        (any_name(), prop::collection::vec(any_term(), 1..3)).prop_map(|(key, values)| Setting::Option {
            key,
            values,
            span: nowhere()
        }),
        noise.prop_map(|(target, (injection, proposal), cooled, through)| {
            Setting::Noise(Noise { target, injection, proposal, cooled, through, span: nowhere() })
        }),
    ];
    let arg = (prop::option::of(any_name()), any_term()).prop_map(|(name, value)| Arg { name, value });
    let stacked = (any_name(), prop::collection::vec(arg, 0..3)).prop_map(|(model, args)| Stacked {
        model,
        args,
        span: nowhere(),
    });
    let pretrain = (prop::collection::vec(stacked, 1..3), prop::collection::vec(simple.clone(), 0..3));
    let pretrain = pretrain.prop_map(|(energies, settings)| Pretrain { energies, settings, span: nowhere() });
    prop_oneof![4 => simple, 1 => pretrain.prop_map(Setting::Pretrain)]
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
    prop::collection::vec(any_decl(), 1..4).prop_map(|decls| Program { decls, unread: vec![] })
}
