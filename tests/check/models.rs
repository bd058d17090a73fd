//! Models as they are laid out: nodes in order, shapes, supports, functions.

use nemlang::expr::print::text;
use nemlang::model::Leaf;

use super::{CLASSIFIER, clean, printed};

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
    assert_eq!((training.epochs, training.batch, training.seeds.len(), training.compared.len()), (40, 100, 5, 4));
    assert_eq!(training.noise[0].cooling, 1.0);
    assert_eq!(checked.data[0].train[0].leaves.len(), 1);
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

#[test]
fn lines_of_a_model_stand_in_any_order() {
    let shuffled = "model M { observe y: real ~ gaussian(a * b, 1)  a = b + 1  b = x * 2  input x: real }";
    let sorted = "model M { input x: real  b = x * 2  a = b + 1  observe y: real ~ gaussian(a * b, 1) }";
    assert_eq!(printed(&clean(shuffled).models[0]), printed(&clean(sorted).models[0]));
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
