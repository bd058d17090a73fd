//! From text to the typed program.

use nemlang::check::{Checked, Declarations, check_all, check_library};
use nemlang::diag::{MessageFormat, render};
use nemlang::expr::print::text;
use nemlang::model::{Init, Kind, Leaf, Model};
use nemlang::source::Sources;
use nemlang::stdlib;

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
    assert!(declarations.likelihoods().len() >= 7);
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
    let library: Vec<(String, String)> =
        stdlib::FILES.iter().map(|(name, text)| (name.to_string(), rename(text))).collect();
    let library: Vec<(&str, &str)> = library.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
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
