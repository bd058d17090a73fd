//! From text to the typed program.

mod errors;
mod files;
mod library;
mod models;
mod parameters;

use nemlang::check::{Checked, Declarations, check_all};
use nemlang::diag::{MessageFormat, render};
use nemlang::expr::print::text;
use nemlang::model::{Init, Kind, Model};
use nemlang::source::Sources;

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
            Kind::Unit { observed } => if *observed { "visible" } else { "hidden" }.to_string(),
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

fn init(init: &Init) -> Vec<f64> {
    match init {
        Init::Constant(x) => vec![*x],
        Init::Draw(instance) => instance.args.iter().filter_map(|a| a.as_num()).collect(),
    }
}
