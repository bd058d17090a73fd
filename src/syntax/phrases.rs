//! The words of syntax errors, as tables.

use super::grammar::Rule;

/// How likely a thing was meant: `Rare` things are named only when nothing else could have stood there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    Usual,
    Rare,
}

/// What a reader calls the things the grammar may expect, in the order in which a message lists them.
#[rustfmt::skip]
const PHRASES: &[(&[Rule], Meant, &str)] = &[
    (&[Rule::decl, Rule::file], Meant::Usual, "a declaration such as `model M { … }`"),
    (&[Rule::name, Rule::formal, Rule::binding, Rule::arg_name, Rule::stacked], Meant::Usual, "a name"),
    (&[Rule::ty, Rule::support], Meant::Usual, "a type such as `real[10]`"),
    (&[Rule::lone_term, Rule::term, Rule::sum, Rule::operand, Rule::arg, Rule::axis, Rule::values, Rule::drawn, Rule::initial],
        Meant::Usual, "an expression"),
    (&[Rule::string], Meant::Usual, "a text in double quotes"),
    (&[Rule::formals], Meant::Usual, "parameters in brackets"),
    (&[Rule::kw_over], Meant::Usual, "`over`"),
    (&[Rule::kw_on], Meant::Usual, "`on`"),
    (&[Rule::kw_where], Meant::Usual, "`where`"),
    (&[Rule::colon], Meant::Usual, "`:`"),
    (&[Rule::tilde], Meant::Usual, "`~`"),
    (&[Rule::eq], Meant::Usual, "`=`"),
    (&[Rule::noise_add, Rule::plus_eq], Meant::Usual, "`+=`"),
    (&[Rule::noise_multiply, Rule::times_eq], Meant::Usual, "`*=`"),
    (&[Rule::noise_custom, Rule::left_arrow], Meant::Usual, "`<-`"),
    (&[Rule::open_brace], Meant::Usual, "`{`"),
    (&[Rule::open_paren], Meant::Usual, "`(`"),
    (&[Rule::return_item, Rule::kw_return], Meant::Usual, "`return`"),
    (&[Rule::comma], Meant::Usual, "`,`"),
    (&[Rule::close_paren], Meant::Usual, "`)`"),
    (&[Rule::close_square], Meant::Usual, "`]`"),
    (&[Rule::entry], Meant::Usual, "an entry such as `log_density = …`"),
    (&[Rule::model_item], Meant::Usual, "an item such as `h ~ …`"),
    (&[Rule::layer_item], Meant::Usual, "an item such as `y = …`"),
    (&[Rule::data_item, Rule::column], Meant::Usual, "a column such as `x: real = …`"),
    (&[Rule::setting], Meant::Usual, "a setting such as `epochs 40`"),
    (&[Rule::close_brace], Meant::Usual, "`}`"),
    (&[Rule::add, Rule::sub, Rule::mul, Rule::div, Rule::dot, Rule::pow, Rule::infix, Rule::dots], Meant::Rare,
        "an operator"),
    (&[Rule::result, Rule::right_arrow], Meant::Rare, "`->` and a type"),
    (&[Rule::EOI], Meant::Rare, "the end of the file"),
];

/// What could have stood there, for a reader: `a name`, or `` `,` or `)` ``. `None` when the grammar has no opinion.
pub fn expected(rules: &[Rule]) -> Option<String> {
    let matching = |meant: Meant| -> Vec<&str> {
        let named = PHRASES.iter().filter(|(of, m, _)| *m == meant && of.iter().any(|r| rules.contains(r)));
        named.map(|(_, _, words)| *words).collect()
    };
    either(&matching(Meant::Usual)).or_else(|| either(&matching(Meant::Rare)))
}

fn either(words: &[&str]) -> Option<String> {
    let (last, rest) = words.split_last()?;
    Some(if rest.is_empty() { last.to_string() } else { format!("{} or {last}", rest.join(", ")) })
}

/// Every construct as it should look, by the word that begins it.
#[rustfmt::skip]
const EXAMPLES: &[(&str, &str, &str)] = &[
    ("use",        "another file is used",  "use \"layers.nem\""),
    ("fn",         "a function is written", "fn logistic(o: real) -> unit = 1 / (1 + exp(-o))"),
    ("likelihood", "a likelihood is written",
        "likelihood laplace(mu: real, b: positive = 1) over y: real { log_density = -abs(y - mu) / b - ln(2 * b) }"),
    ("layer",      "a layer is written",
        "layer affine(x: real[N], size) -> real[size] { param W: real[N, size] = init gaussian(0, 0.1)  return x @ W }"),
    ("model",      "a model is written",
        "model M(hidden = 10) { input x: real[4]  h ~ bernoulli(logistic(affine(x, hidden)))  observe y: real ~ gaussian(affine(h, 1), 1) }"),
    ("data",       "data are declared",     "data d { x: real[4] = csv(\"iris.csv\", \"a\"..\"d\") }"),
    ("train",      "training is set up",    "train M(hidden = 20) on d { epochs 40  noise y += gaussian(0, 0.4) }"),
    ("input",      "an input is written",   "input x: real[784]"),
    ("param",      "a parameter is written", "param W: real[4, 10] = init gaussian(0, 0.1)"),
    ("observe",    "an observation is written", "observe y: real ~ gaussian(mean, 1)"),
    ("latent",     "hidden units of an energy are written", "latent h: binary[40]"),
    ("energy",     "an energy is written",  "energy -(v @ W @ h) - b @ v - c @ h"),
    ("return",     "a layer ends with",     "return x @ W + b"),
    ("test",       "test data are written", "test { x = csv(\"test.csv\", \"a\") }"),
    ("pretrain",   "pretraining is written",
        "pretrain Rbm(784, 200), Rbm(200, 100) { epochs 10  method contrastive_divergence(1) }"),
    ("noise",      "noise is written",
        "noise y += gaussian(0, 0.4) cooled 1`, `noise y *= …` or `noise y <- y * (1 + n) where n ~ uniform(-0.2, 0.2)"),
];

/// «… is written like this: `…`», for the construct that `word` begins.
pub fn example(word: &str) -> Option<String> {
    EXAMPLES.iter().find(|(w, ..)| *w == word).map(|(_, what, code)| format!("{what} like this: `{code}`"))
}

/// How expressions look.
pub const EXPRESSION: &str =
    "an expression is written like this: `2 * logistic(0.3)`, `gaussian(0, 1).log_density(0.5)`";

/// Help for one missing token, where the general example would be less to the point.
#[rustfmt::skip]
pub const MISSING: &[(Rule, &str)] = &[
    (Rule::kw_over, "a likelihood says what it is over, after its parameters: `likelihood laplace(mu: real) over y: real { … }`"),
    (Rule::kw_on, "training names its data: `train M on digits { … }`"),
    (Rule::kw_return, "a layer ends with the value it gives: `return x @ W + b`"),
    (Rule::kw_where, "noise of a form of its own says what is drawn: `noise y <- y * (1 + n) where n ~ uniform(-0.2, 0.2)`"),
    (Rule::tilde, "`h ~ bernoulli(p)` draws, `s = x @ W` defines"),
    (Rule::comma, "several stand with `,` between them: `f(a, b)`"),
    (Rule::entry, "an entry is written like this: `log_density = -abs(y - mu)`"),
];

/// Symbols that no program holds, with what to say and what to write instead.
#[rustfmt::skip]
pub const SLIPS: &[(&str, &str, &str)] = &[
    ("==", "`==` has no meaning in nem",               "a definition has a single `=`; nem has no comparisons"),
    (":=", "`:=` has no meaning in nem",               "a definition has a plain `=`"),
    ("=>", "`=>` has no meaning in nem",              "write `=` to define, `->` before the type of a result"),
    (";",  "nem has no `;`",                          "leave it out: a new line, or just blanks, separate items"),
    ("**", "powers are written with `^`",             "write `x^2`"),
    ("-=", "noise is not subtracted",                 "write `+=`; for noise of another sign, negate what is drawn"),
    ("/=", "noise does not divide",                   "write `*=`, or `noise y <- y / n where n ~ …`"),
    ("<=", "nem has no comparisons",                  "say where a value lies by its type: `positive`, `unit`, `interval(0, 2)`"),
    (">=", "nem has no comparisons",                  "say where a value lies by its type: `positive`, `unit`, `interval(0, 2)`"),
    ("<",  "nem has no comparisons",                  "say where a value lies by its type: `positive`, `unit`, `interval(0, 2)`"),
    (">",  "nem has no comparisons",                  "say where a value lies by its type: `positive`, `unit`, `interval(0, 2)`"),
    (".",  "a point stands only inside of numbers",   "write `0.5`; a part of a distribution stands right after it, as in `gaussian(0, 1).mean`"),
    ("%",  "nem has no `%`",                          "comments begin with `//`"),
    ("−",  "this minus is not the one of the keyboard", "write `-`"),
    ("–",  "this dash is not a minus",                "write `-`"),
    ("×",  "this sign is not an operator",            "write `*`"),
    ("·",  "this sign is not an operator",            "write `*`, or `@` for an inner product"),
    ("²",  "powers are written with `^`",             "write `^2`"),
    ("³",  "powers are written with `^`",             "write `^3`"),
    ("→",  "this arrow is not the one of nem",        "write `->`"),
    ("←",  "this arrow is not the one of nem",        "write `<-`"),
    ("“",  "these quotes are not the ones of nem",    "write `\"`"),
    ("”",  "these quotes are not the ones of nem",    "write `\"`"),
    ("…",  "`…` stands for something left out",       "write it out"),
    ("\u{a0}", "this blank is a no-break space",      "write a plain blank"),
];

/// Words from other languages at the start of a declaration or an item, with what nem writes.
#[rustfmt::skip]
pub const FOREIGN: &[(&str, &str)] = &[
    ("import",   "another file is brought in with `use \"layers.nem\"`"),
    ("include",  "another file is brought in with `use \"layers.nem\"`"),
    ("from",     "another file is brought in with `use \"layers.nem\"`"),
    ("def",      "a function is written like this: `fn half(x: real) -> real = x / 2`"),
    ("func",     "a function is written like this: `fn half(x: real) -> real = x / 2`"),
    ("function", "a function is written like this: `fn half(x: real) -> real = x / 2`"),
    ("let",      "leave it out: `y = x / 2`"),
    ("var",      "leave it out: `y = x / 2`"),
    ("const",    "leave it out: `y = x / 2`"),
    ("if",       "nem has no branches; say what is random with `~`"),
    ("for",      "nem has no loops; give a name a shape, as in `h: real[10]`, and all its elements are computed at once"),
    ("while",    "nem has no loops; give a name a shape, as in `h: real[10]`, and all its elements are computed at once"),
];

/// Words of the language to come, with what they will be.
#[rustfmt::skip]
pub const LATER: &[(&str, &str)] = &[
    ("cell",   "recurrent cells"),
    ("scan",   "recurrent cells"),
    ("state",  "recurrent cells"),
    ("next",   "recurrent cells"),
];
