//! From text to the typed program.

use nemlang::check::{Checked, Declarations, check_all, check_library};
use nemlang::diag::{MessageFormat, render};
use nemlang::expr::print::text;
use nemlang::model::{Init, Instance, Kind, Leaf, Model};
use nemlang::source::Sources;
use nemlang::stdlib;
use nemlang::syntax;

/// Checks a program; everything there is to say about it as text.
fn check(program: &str) -> (Checked, String) {
    let mut sources = Sources::default();
    let (declarations, mut problems) = Declarations::from_text("test.nem", program, None, &mut sources);
    let (checked, found) = check_all(&declarations);
    problems.extend(found);
    (checked, render(&problems, &sources, MessageFormat::Text, false))
}

/// A program that there is nothing to say about.
fn clean(program: &str) -> Checked {
    let (checked, said) = check(program);
    assert_eq!(said, "", "{program}");
    checked
}

/// A model as text: every node with its expressions.
fn printed(model: &Model) -> Vec<String> {
    let node = |n: &nemlang::model::Node| {
        let kind = match &n.kind {
            Kind::Input => "input".to_string(),
            Kind::Parameter(p) => format!("parameter {} {:?}", text(p.value), init(&p.init)),
            Kind::Definition { value, .. } => format!("= {}", text(*value)),
            Kind::Random { observed, instance } => {
                let args: Vec<String> = instance.args.iter().map(|a| text(*a)).collect();
                format!("~ {observed} {args:?} {}", text(instance.log_density(n.var)))
            }
        };
        format!("{}: {}{:?} {kind}", n.name, n.support, n.shape)
    };
    model.nodes.iter().map(node).collect()
}

fn init(init: &Init) -> Vec<f64> {
    match init {
        Init::Constant(x) => vec![*x],
        Init::Draw(instance) => instance.args.iter().filter_map(|a| a.as_num()).collect(),
    }
}

const CLASSIFIER: &str = r#"
data digits {
    x: real[784]   = idx("train-images.gz") / 255
    y: one_hot[10] = idx("train-labels.gz")
    test {
        x = idx("test-images.gz") / 255
        y = idx("test-labels.gz")
    }
}
model Classifier(hidden = 40) {
    input x: real[784]
    h1 ~ bernoulli(logistic(affine(x, hidden)))
    h2 ~ bernoulli(logistic(affine(h1, hidden)))
    observe y: one_hot[10] ~ categorical(softmax(affine(h2, 10)))
}
train Classifier(hidden = 80) on digits {
    epochs 40
    batch 100
    optimizer sgd(rate = 1.0)
    seeds 1..5
    noise y += gaussian(0, 0.42) cooled 1
    compare none, blind, nem, anti
}
"#;

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
fn a_classifier_is_laid_out_in_the_order_of_computation() {
    let checked = clean(CLASSIFIER);
    let model = &checked.models[0];
    assert_eq!(model.sizes, [("hidden".to_string(), 40)]);
    let names: Vec<&str> = model.nodes.iter().map(|n| n.name.as_str()).collect();
    let expected = ["x", "h1.W", "h1.b", "h1.o", "h1", "h2.W", "h2.b", "h2.o", "h2", "y.W", "y.b", "y.o", "y"];
    assert_eq!(names, expected);
    assert_eq!(model.node("h1.W").unwrap().shape, (784, 40));
    assert_eq!(model.node("y.b").unwrap().shape, (1, 10));
    let training = &checked.trainings[0];
    assert_eq!(training.model.node("h1.W").unwrap().shape, (784, 80));
    assert_eq!((training.epochs, training.batch, training.seeds.len(), training.arms.len()), (40, 100, 5, 4));
    assert_eq!(training.noise[0].cooling, 1.0);
    assert_eq!(checked.data[0].train[0].leaves.len(), 1);
}

#[test]
fn weights_start_with_the_deviation_that_the_layer_asks_for() {
    let checked = clean(CLASSIFIER);
    let Kind::Parameter(p) = &checked.models[0].node("h1.W").unwrap().kind else { panic!() };
    assert_eq!(init(&p.init), [0.0, (2.0 / 824.0_f64).sqrt()]);
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
fn regression_on_drawn_data() {
    let checked = clean(
        r#"
        data waves {
            x: real = draw uniform(0, 6) take 200 seed 7
            y: real = sin(x) + draw gaussian(0, 0.1)
            test { x = linspace(0, 6)  y = sin(x) }
        }
        model Sine {
            input x: real
            h ~ bernoulli(logistic(affine(x, 10)))
            observe y: real ~ gaussian(affine(h, 1), 1)
        }
        train Sine on waves { noise y += gaussian(0, 0.5) cooled 1  compare none, nem  select reflect }
        "#,
    );
    let y = checked.models[0].node("y").unwrap();
    assert_eq!(y.shape, (1, 1));
    let data = &checked.data[0];
    assert_eq!(data.train[0].seed, 7);
    assert!(data.train[1].leaves.iter().any(|(_, leaf)| matches!(leaf, Leaf::Column(name) if name == "x")));
    assert_ne!(data.train[1].seed, data.test.as_ref().unwrap()[1].seed);
    assert_eq!(data.test.as_ref().unwrap()[0].rows, Some(200));
}

/// Programs whose «first error» is marked, its code, and a part of what is said about it.
const WRONG: &[(&str, &str, &str)] = &[
    // names
    ("model M { input x: real  observe y ~ gaussian(«z», 1) }", "E0201", "declare `z`; known here: x"),
    ("model M { input x: real  observe y ~ «gausian»(x, 1) }", "E0201", "did you mean `gaussian`?"),
    ("model M { input x: real  observe y ~ gaussian(«afine»(x, 1), 1) }", "E0201", "did you mean `affine`?"),
    ("train «M» on d { }", "E0201", "there is no model `M`"),
    ("fn f(x: real) = x  fn «f»(y: real) = y", "E0202", "first declared here"),
    ("fn «exp»(x: real) = x", "E0202", "mathematical function"),
    ("model M { input x: real  input «x»: real  observe y ~ gaussian(x, 1) }", "E0202", "first declared here"),
    ("model M(n = 2) { input «n»: real  observe y ~ gaussian(n, 1) }", "E0202", "first declared here"),
    ("model M { input x: real  observe y ~ «logistic»(x) }", "E0203", "`logistic` is a function, and a likelihood"),
    ("model M { input x: real  a = «gaussian»(x, 1)  observe y ~ gaussian(a, 1) }", "E0203", "`h ~ gaussian(…)`"),
    ("model M { input x: real  observe y ~ gaussian(«relu», 1) }", "E0203", "call it with arguments"),
    ("model M { input x: real  observe y ~ gaussian(«x»(1), 1) }", "E0203", "cannot be called"),
    ("model M { input x: real  observe y ~ «gaussian» }", "E0203", "write `gaussian(…)`"),
    ("fn f(x: real) = «affine(x, 3)»", "E0203", "outside a model"),
    ("model M { input x: «reel»  observe y ~ gaussian(x, 1) }", "E0204", "did you mean `real`?"),
    ("model M { input x: real  «a» = b + x  b = a  observe y ~ gaussian(a, 1) }", "E0205", "a → b → a"),
    ("fn «f»(x: real) = g(x)  fn g(x: real) = f(x)", "E0205", "f → g → f"),
    ("data d { «x»: real = y take 3  y: real = x }", "E0205", "x → y → x"),
    // shapes
    (
        "model M { input x: real[3]  observe y ~ gaussian(«x + affine(x, 2)», 1) }",
        "E0301",
        "a vector of length 3 meets",
    ),
    (
        "model M { input x: real[3]  observe y: real[2] ~ gaussian(«x», 1) }",
        "E0301",
        "the variable is a vector of length 2",
    ),
    ("model M { input x: real[3]  param W: real[2, 3] = 1  observe y ~ gaussian(«x @ W», 1) }", "E0301", "`v @ W`"),
    ("model M { observe y: one_hot[4] ~ categorical(softmax(«0»)) }", "E0301", ""),
    ("model M { input x: «simplex»  observe y ~ gaussian(x, 1) }", "E0301", "write `simplex[10]`"),
    ("model M { input x: «real[2, 3]»  observe y ~ gaussian(x, 1) }", "E0301", "put the elements into one vector"),
    ("fn f(x: real) = sum(«x»)", "E0301", "`x: real[K]`"),
    ("likelihood l(m: real[K]) over y: real[K] { log_density = «y - m» }", "E0301", "`sum(…)`"),
    (
        "model M { input x: real  param c: ordered[3]  observe y: one_hot[3] ~ ordinal(x, «c») }",
        "E0301",
        "the variable is a vector of length 2",
    ),
    (
        "model M { param c: ordered[3]  observe y: «one_hot[1]» ~ ordinal(0, c) }",
        "E0301",
        "the variable is a vector of length 2",
    ),
    ("model M { input x: real[2]  observe y ~ multivariate_gaussian(x, «x») }", "E0301", "give a matrix"),
    (
        "layer l(x: real[N]) -> real[3] { param W: real[N, 2]  return «x @ W» }
      model M { input x: real[4]  observe y ~ gaussian(l(x), 1) }",
        "E0301",
        "called here",
    ),
    // supports
    ("model M { input x: real  observe y ~ gaussian(x, «-1») }", "E0302", "must be positive, and -1 is not"),
    ("model M { input x: real  observe y ~ bernoulli(«affine(x, 1)») }", "E0302", "`bernoulli(p = logistic(…))`"),
    ("model M { input x: real[3]  observe y ~ categorical(«x») }", "E0302", "`categorical(p = softmax(…))`"),
    ("model M { input x: real  observe y ~ bipolar_bernoulli(«x») }", "E0302", "tanh(…)"),
    ("model M { input x: unit  observe y: «binary» ~ gaussian(x, 1) }", "E0302", "declare it `real`"),
    ("model M { param p: «binary» = 1  observe y ~ bernoulli(p) }", "E0302", "gradients do not move"),
    ("model M { param p: positive = «0»  observe y ~ gaussian(0, p) }", "E0302", "strictly inside"),
    ("model M { param p: positive ~ «bernoulli(0.5)»  observe y ~ gaussian(0, p) }", "E0302", "covers the support"),
    ("fn f(_o: real) -> unit = «2»", "E0302", "never lies in"),
    ("fn f(x: real) = x * «ln(0)»", "E0302", "`ln` has no value at 0"),
    ("fn f(x: real) = «x / 0»", "E0302", "division by zero"),
    ("data d { x: binary = «draw gaussian(0, 1)» take 3 }", "E0302", "declare it `real`"),
    // arguments
    ("model M { observe y: real ~ «gaussian()» }", "E0303", "write `gaussian(mu, sigma = …)`"),
    ("model M { observe y: real ~ gaussian(0, 1, «2») }", "E0303", "takes 2 arguments"),
    ("model M { observe y: real ~ gaussian(0, «tau» = 2) }", "E0303", "takes no argument `tau`"),
    ("model M { observe y: real ~ gaussian(0, mu = «2») }", "E0303", "given twice"),
    ("model M { observe y: real ~ gaussian(mu = 0, «2») }", "E0303", "name this argument too"),
    ("fn f(x: real) = «max(x)»", "E0303", "write `max(x, y)`"),
    ("model M { input x: «interval(1, 0)»  observe y ~ gaussian(x, 1) }", "E0303", "lower one first"),
    ("data d { x: real = «csv(\"a.csv\")» }", "E0303", "write `csv("),
    // sizes
    ("model M(n = «2.5») { input x: real[n]  observe y ~ gaussian(x, 1) }", "E0304", "2.5 is not"),
    ("model M { input x: real[«0»]  observe y ~ gaussian(x, 1) }", "E0304", "positive whole number"),
    ("model M { input x: real  observe y ~ gaussian(«affine(x, 1e12)», 1) }", "E0304", "beyond the limit"),
    ("data d { x: real = draw gaussian(0, 1) take «0» }", "E0304", "whole number from 1"),
    ("data d { x: real = «csv(\"a.csv\", \"x\")[3..1]» }", "E0304", "[1..3]"),
    ("fn f(x: real[3]) = sum(«x[2..4]»)", "E0304", "not all within 1..3"),
    ("fn f(x: real[K]) = sum(«x[0..K]»)", "E0304", "components count from 1"),
    ("fn f(x: real[K]) = sum(«x[3..K]»)", "E0304", "not all within 1..K"),
    ("fn f(x: real[K]) = sum(x[«K / 2»..K])", "E0304", "the name of a length"),
    ("fn f(x: real) = sum(«x»[1..2])", "E0301", "such as `x: real[K]`"),
    // what is missing
    ("model «M» { input _x: real }", "E0305", "`observe y: … ~ likelihood(…)`"),
    ("likelihood «l»(_m: real) over y: real { }", "E0306", "`log_density = …`"),
    ("likelihood l(«m») over y: real { log_density = y - m }", "E0306", "`m: real`"),
    (
        "likelihood l(m: real) over y: real { log_density = -(y - m)^2 }
      model M { input x: real  h ~ «l(x)»  observe y ~ gaussian(h, 1) }",
        "E0306",
        "stands for its mean",
    ),
    ("data d { «x» = idx(\"a\") }", "E0306", "needs a type"),
    ("data d { «x: real = linspace(0, 1)» }", "E0306", "add `take 200`"),
    ("data d { «x: real = idx(\"a\")»  y: real = idx(\"b\")  test { y = idx(\"c\") } }", "E0306", "add a line `x = …`"),
    // randomness, and what is not there yet
    (
        "likelihood l(m: real) over y: real { log_density = y - m  draw = u where u ~ «uniform(0, 1)» }",
        "E0308",
        "standard_uniform()",
    ),
    ("likelihood l(m: real) over y: real { log_density = y - m + «standard_normal»() }", "E0308", "where u ~"),
    (
        "likelihood l(m: real) over y: real { log_density = y - m  mean = m where «u» ~ standard_normal() }",
        "E0308",
        "remove the `where`",
    ),
    ("model M { input x: real  a = «draw gaussian(0, 1)»  observe y ~ gaussian(a + x, 1) }", "E0308", "h ~ likelihood"),
    ("model M { input x: real[2]  observe y ~ gaussian(«x[1]», 1) }", "E0309", "not know elements picked"),
    (
        "model M { input x: real[2]  param W: real[2, 2]  observe y ~ gaussian([x, «W»], 1) }",
        "E0301",
        "holds numbers and vectors",
    ),
    ("model M { input x: real[2]  observe y ~ gaussian(«[]», 1) }", "E0302", "an empty list"),
    ("data d { x: real = «[1, 2]» take 3 }", "E0309", "lists in data"),
    // data against data
    ("data d { x: real[2] = idx(\"a\")  y: real = «x» }", "E0406", "give both the same length"),
    ("data d { x: real = idx(\"a\")  test { x: «unit» = idx(\"b\") } }", "E0406", "leave the type out"),
    // noise where there is no density
    (
        "data d { x: real = linspace(0, 1) take 9  y: positive = exp(x) }
         model M { input x: real  observe y ~ exponential(softplus(affine(x, 1))) }
         train M on d { compare none, blind «noise y += gaussian(0, 1)» }",
        "W0502",
        "out of its support",
    ),
    (
        "model M { input x: real[2]  param S: «positive_definite[2, 2]»  observe y ~ gaussian_covariance(x, S) }",
        "E0306",
        "init gaussian(0, 1)",
    ),
    // growth
    ("fn f(x: real) = «x + sin(x)»  fn g(x: real) = f(f(f(f(f(f(f(f(f(f(f(f(f(f(x))))))))))))))", "E0602", "split it"),
];

/// A training of a small model, with these settings.
fn training(settings: &str) -> String {
    format!(
        "data d {{ x: real = draw uniform(0, 1) take 9  y: real = sin(x) }}
         model M {{ input x: real  h ~ bernoulli(logistic(affine(x, 3)))  observe y: real ~ gaussian(affine(h, 1), 1) }}
         train M on d {{ {settings} }}"
    )
}

/// The same for settings of a training.
const WRONG_SETTINGS: &[(&str, &str, &str)] = &[
    ("«bach» 10", "E0501", "did you mean `batch`?"),
    ("epochs 1 «epochs» 2", "E0202", "set twice"),
    ("epochs «0»", "E0502", "a whole number from 1"),
    ("«epochs 1, 2»", "E0502", "takes one value"),
    ("batch «1.5»", "E0502", "a whole number from 1"),
    ("optimizer «sdg»(rate = 1)", "E0502", "did you mean `sgd`?"),
    ("optimizer sgd(rate = «-1»)", "E0502", "above 0"),
    ("optimizer adam(beta1 = «1»)", "E0502", "below 1"),
    ("seeds «3..1»", "E0502", "`seeds 1..3`"),
    ("«seeds 1, 1»", "E0502", "names 1 twice"),
    ("seeds «1..1000000000»", "E0502", "more than 10000"),
    ("compare «nme»", "E0502", "`nem`"),
    ("«compare none, none»", "E0502", "names none twice"),
    ("select «flip»", "E0502", "drop, reflect"),
    ("compare none, nem noise y += gaussian(0, 1) cooled «-1»", "E0502", "would grow"),
    ("select «best_of»", "E0502", "takes one number"),
    ("estep «often»", "E0502", "mean_field"),
    ("compare none, nem noise «z» += gaussian(0, 1)", "E0201", "no variable `z`"),
    ("compare none, nem noise y += gaussian(0, 1) «noise y *= gaussian(1, 1)»", "E0503", "keep one"),
    ("compare none, nem noise y <- «y + 1» where n ~ gaussian(1, 1)", "E0503", "free of the noise"),
    ("compare none, nem noise y <- y + «m» where n ~ gaussian(1, 1)", "E0201", "`m` is not declared"),
    ("compare none, nem noise y += categorical(«0.5»)", "E0302", ""),
    ("compare none, nem noise y += gaussian(0, «0»)", "E0302", "must be positive"),
    ("«compare none, nem»", "E0503", "`noise y += gaussian(0, 0.4) cooled 1`"),
    ("«noise y += gaussian(0, 1)»", "W0501", "`compare none, nem`"),
    ("compare none, blind noise y += gaussian(0, 1) «select reflect»", "W0501", "no arm selects"),
];

#[test]
fn every_error_is_told_at_its_place_with_its_remedy() {
    let settings = WRONG_SETTINGS.iter().map(|(marked, code, said)| (training(marked), *code, *said));
    let cases = WRONG.iter().map(|(marked, code, said)| (marked.to_string(), *code, *said)).chain(settings);
    let differences: Vec<String> = cases.filter_map(|(marked, code, said)| difference(&marked, code, said)).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// How what is said about a program differs from what should be.
fn difference(marked: &str, code: &str, said: &str) -> Option<String> {
    let program = marked.replace(['«', '»'], "");
    let place = (marked.find('«')?, marked.find('»')? - '«'.len_utf8());
    let mut sources = Sources::default();
    let (declarations, mut problems) = Declarations::from_text("test.nem", &program, None, &mut sources);
    problems.extend(check_all(&declarations).1);
    let text = render(&problems, &sources, MessageFormat::Text, false);
    let sorted = problems.sorted();
    let first = sorted.iter().find(|d| d.is_error()).or(sorted.first());
    let same = first.is_some_and(|d| {
        let span = d.primary.as_ref().map(|(span, _)| (span.start, span.end));
        d.code.id == code && span == Some(place) && d.help.is_some() && text.contains(said)
    });
    (!same).then(|| format!("expected {code}, {said}: {marked}\n{text}"))
}

#[test]
fn no_mutilated_program_stops_the_checker() {
    let programs = [CLASSIFIER.to_string(), training("epochs 3 noise y += gaussian(0, 1) cooled 1 compare none, nem")];
    let library = stdlib::FILES.iter().map(|(_, text)| text.to_string());
    for program in programs.into_iter().chain(library) {
        // Of a long program only some words are broken.
        const MOST: usize = 60;
        let words: Vec<&str> = program.split_inclusive([' ', '(', ')', '[', ']', ',', '\n']).collect();
        for at in (0..words.len()).step_by(words.len().div_ceil(MOST)) {
            let other = [words[(at * 7 + 3) % words.len()]];
            let replacements: [&[&str]; 5] = [&[], &other, &["1e9 "], &["x "], &["-0.5)"]];
            let broken = [&words[..at], replacements[at % 5], &words[at + 1..]].concat().concat();
            check(&broken);
        }
    }
}

/// The warnings about a program without errors, as `code name`.
fn warnings(program: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let (declarations, problems) = Declarations::from_text("test.nem", program, None, &mut sources);
    assert!(problems.is_empty());
    let found = check_all(&declarations).1;
    assert!(!found.has_errors(), "{}", render(&found, &sources, MessageFormat::Text, false));
    let place =
        |d: &nemlang::diag::Diagnostic| d.primary.as_ref().map_or("", |(span, _)| sources.text(*span)).to_string();
    found.sorted().iter().map(|d| format!("{} {}", d.code.id, place(d))).collect()
}

#[test]
fn what_is_declared_and_never_used_is_a_warning() {
    let program = "
        fn f(a, b) = a
        likelihood l(m: real, k: real) over y: real { log_density = y - m  draw = u where u ~ standard_normal(), v ~ standard_normal() }
        layer e(x: real[N], size, rest) -> real[size] { param W: real[N, size]  param V: real  d = 2  return x @ W }
        model M(n = 2, k = 3) { input x: real[n]  input z: real  param p: real  s = x * 2  h ~ gaussian(x, 1)  observe y ~ gaussian(x, 1) }
    ";
    let expected = ["b", "k", "v", "rest", "V", "d", "k", "z", "p", "s", "h"].map(|name| format!("W0201 {name}"));
    assert_eq!(warnings(program), expected);
    assert!(warnings("fn f(a, _b) = a").is_empty());
}

#[test]
fn lines_of_a_model_stand_in_any_order() {
    let shuffled = "model M { observe y: real ~ gaussian(a * b, 1)  a = b + 1  b = x * 2  input x: real }";
    let sorted = "model M { input x: real  b = x * 2  a = b + 1  observe y: real ~ gaussian(a * b, 1) }";
    assert_eq!(printed(&clean(shuffled).models[0]), printed(&clean(sorted).models[0]));
}

#[test]
fn every_layer_has_parameters_of_its_own() {
    let checked = clean(
        "layer two(x: real[N], size) -> real[size] { return relu(affine(x, size)) + affine(x, size) }
         model M { input x: real[3]  observe y ~ gaussian(two(affine(x, 4), 2), 1) }",
    );
    let names: Vec<&str> = checked.models[0].parameters().map(|(n, _)| n.name.as_str()).collect();
    assert_eq!(names, ["y.W", "y.b", "y.3.W", "y.3.b", "y.4.W", "y.4.b"]);
    assert_eq!(checked.models[0].node("y.3.W").map(|n| n.shape), Some((4, 2)));
}

#[test]
fn a_parameter_moves_freely_and_its_value_stays_in_the_support() {
    let checked = clean(
        "model M {
             param r: real = 2
             param s: positive ~ exponential(3) = 2
             param u: unit = 0.25
             param i: interval(-1, 3) = 0
             param w: simplex[4] = 0.25
             observe y: real ~ gaussian(r * u + i, s)
             observe z ~ categorical(w)
         }",
    );
    let expected =
        [("raw_s", "exp(raw_s)", 2.0), ("raw_u", "logistic(raw_u)", 0.25), ("raw_i", "4 logistic(raw_i) − 1", 0.0)];
    let model = &checked.models[0];
    for ((node, p), (raw, value, start)) in model.parameters().skip(1).zip(expected) {
        let simple = nemlang::expr::simplify(p.value, &mut Default::default());
        assert_eq!((text(p.raw).as_str(), text(simple).as_str()), (raw, value), "{}", node.name);
        let Init::Constant(x) = p.init else { panic!() };
        let bound = [(p.raw, nemlang::expr::Value::Scalar(x))].into();
        let at_start = nemlang::expr::evaluate(p.value, &bound).unwrap().scalar();
        assert!((at_start - start).abs() < 1e-12, "{} starts at {at_start}", node.name);
    }
    let (node, real) = model.parameters().next().unwrap();
    assert!(real.raw == node.var && real.value == node.var);
    assert!(model.parameters().nth(1).unwrap().1.prior.is_some());
}

/// The prior of each parameter, as it is called.
fn priors(checked: &Checked) -> Vec<(String, Option<String>)> {
    let call = |i: &Instance| {
        format!("{}({})", i.likelihood.name, i.args.iter().map(|a| text(*a)).collect::<Vec<_>>().join(", "))
    };
    let parameters = checked.models[0].parameters();
    parameters.map(|(node, p)| (node.name.clone(), p.prior.as_ref().map(call))).collect()
}

#[test]
fn a_layer_takes_a_prior_for_its_weights_and_none_by_default() {
    let checked = clean(
        "layer gated(x: real[N], size, belief = laplace(0, 1 / 4), start = gaussian(0, 0.1)) -> real[size] {
             param V: real[N, size] ~ belief = init start
             return affine(x, size, prior = belief) * (x @ V)
         }
         model M {
             input x: real[3]
             param w: real[3] ~ flat = init gaussian(0, 1)
             h ~ bernoulli(logistic(affine(x, 4, prior = gaussian(0, 2))))
             g ~ bernoulli(logistic(gated(h, 2)))
             k ~ bernoulli(logistic(gated(g, 2, flat)))
             observe y ~ gaussian(affine(k, 1) + w @ x, 1)
         }",
    );
    let expected = [
        ("w", None),
        ("h.W", Some("gaussian(0, 2)")),
        ("h.b", None),
        ("g.V", Some("laplace(0, 1/4)")),
        ("g.2.W", Some("laplace(0, 1/4)")),
        ("g.2.b", None),
        ("k.V", None),
        ("k.2.W", None),
        ("k.2.b", None),
        ("y.W", None),
        ("y.b", None),
    ];
    let expected = expected.map(|(name, prior)| (name.to_string(), prior.map(String::from)));
    assert_eq!(priors(&checked), expected);
}

#[test]
fn a_program_may_call_something_else_flat() {
    let checked =
        clean("fn flat(x: real) = x / 2  model M { input x: real  observe y ~ gaussian(flat(affine(x, 1)), 1) }");
    assert_eq!(priors(&checked)[0], ("y.W".to_string(), None));
}

#[test]
fn functions_are_values_and_lift_over_vectors() {
    let checked = clean(
        "fn twice(f, x) = f(f(x))
         fn shifted(x: real, by = 1) = x + by
         model M { input x: real[3]  observe y ~ gaussian(twice(shifted, x), 1)  observe z ~ gaussian(shifted(x, by = 5), 1) }",
    );
    let args: Vec<String> = checked.models[0].observed().map(|(_, i)| text(i.args[0])).collect();
    assert_eq!(args, ["x + 2", "x + 5"]);
}

#[test]
fn a_support_is_shown_by_range_or_by_declaration() {
    clean(
        "model M {
             input x: real  input u: unit  input p: positive  input k: binary  input s: simplex[3]  input t: bipolar
             observe a ~ bernoulli(1 - u)
             observe b ~ bernoulli(k)
             observe c ~ gaussian(x, p + 1)
             observe d ~ gaussian(x, exp(x))
             observe e ~ categorical(s)
             observe f ~ bernoulli(1 / (1 + x^2))
             observe g ~ bipolar_bernoulli(t)
         }",
    );
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

#[test]
fn what_rests_on_something_broken_is_not_reported_again() {
    let (_, said) = check(
        "likelihood l(m: rael) over y: real { log_density = y - m  mean = m }
         model M { input x: real[2]  h ~ l(x)  a = h + 1  observe y ~ gaussian(a, 1)  observe z ~ gaussian(affine(h, 2), -1) }
         data d { x: real[2] = idx(\"a\")  y: real[2] = idx(\"b\")  z: real[2] = idx(\"c\") }
         train M on d { compare none }",
    );
    assert_eq!(said.matches("error[").count(), 2, "{said}");
}

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

#[test]
fn lengths_that_a_likelihood_names_follow_from_what_it_is_given() {
    let checked = clean(
        "model M {
             input x: real[3]
             param cut: ordered[3]
             param L: real[2, 2]
             param S: positive_definite[2, 2] = init gaussian(0, 1)
             observe a ~ ordinal(affine(x, 1), cut)
             observe b: one_hot[4] ~ ordinal(affine(x, 1), cut)
             observe c ~ multivariate_gaussian(affine(x, 2), L)
             observe d: real[2] ~ gaussian_covariance(affine(x, 2), S)
             param one: ordered[1]
             observe e ~ ordinal(affine(x, 1), one)
         }",
    );
    let widths = ["a", "b", "c", "d", "e"].map(|name| checked.models[0].node(name).unwrap().shape);
    assert_eq!(widths, [(1, 4), (1, 4), (1, 2), (1, 2), (1, 2)]);
    let (node, instance) = checked.models[0].observed().nth(2).unwrap();
    let left = nemlang::expr::free_variables(instance.log_density(node.var));
    assert!(left.iter().all(|v| v.name().as_deref() != Some("K")), "{left:?}");
}

#[test]
fn the_ends_of_a_support_follow_from_the_arguments() {
    let checked = clean(
        "model M {
             input x: real
             input n: count
             observe a ~ truncated_gaussian(affine(x, 1), 2, 0, 10)
             observe b: whole(0, 20) ~ binomial(20, logistic(affine(x, 1)))
             observe c: count ~ binomial(n, logistic(affine(x, 1)))
             observe d: above(1) ~ pareto(1, softplus(affine(x, 1)))
             observe e: real ~ uniform(0, 1)
         }",
    );
    let supports = checked.models[0].observed().map(|(node, _)| node.support.to_string()).collect::<Vec<_>>();
    assert_eq!(supports, ["interval(0, 10)", "whole(0, 20)", "count", "above(1)", "real"]);
}

#[test]
fn brackets_pick_components_that_may_be_none() {
    let program = "fn rises(x: real[K]) = sum(exp(x[2..K] - x[1..K - 1]))
         model M {
             input x: real[3]
             input z: real[1]
             observe a: real ~ gaussian(rises(x), 1)
             observe b: real ~ gaussian(rises(z), 1)
         }";
    let checked = clean(program);
    let means = checked.models[0].observed().map(|(_, instance)| nemlang::expr::print::text(instance.args[0]));
    assert_eq!(means.collect::<Vec<_>>(), ["Σ_k exp(x[2..3]_k − x[1..2]_k)", "0"]);
}
