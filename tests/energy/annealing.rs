//! ln Z by annealed importance sampling against the sum over all states.

use nemlang::exec::{Program, Reference};
use nemlang::model::{EStep, Method};
use nemlang::plan::energy::{FREE_ENERGY, anneal, possible};
use nemlang::plan::network::{LOG_LIKELIHOOD, evaluation_of};
use nemlang::train::anneal::anneal as run_annealing;

use super::programs::every;
use super::training::{model, ran, start};

/// Nearly all estimates lie within four standard errors; here all do, the seed being fixed.
#[test]
fn annealing_finds_the_normaliser_within_its_stated_error() {
    let (mut tried, mut beyond_two) = (0, 0);
    for (.., text) in every() {
        let model = model(&text);
        if possible(&model, Method::Exact, model.span).is_err() {
            continue;
        }
        let plan = evaluation_of(&model, EStep::MeanField, Method::Exact).unwrap();
        let parameters = start(&plan);
        let names: Vec<&str> = plan.outputs.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[..2], [LOG_LIKELIHOOD, FREE_ENERGY]);
        let outputs = ran(plan, &model, 4, &parameters).1;
        let exact = -outputs[1][0] - outputs[0][0];
        let plan = anneal::anneal(&model, model.energy.unwrap(), 1000).unwrap();
        let program = Program::new(plan).unwrap();
        let found = run_annealing(&Reference, &program, &parameters, 100, 1).unwrap();
        let apart = (found.log_normaliser - exact).abs() / found.error.max(1e-12);
        assert!(
            found.error < 0.2 && (apart < 4.0 || (found.log_normaliser - exact).abs() < 1e-9),
            "{exact} {} ± {}\n{text}",
            found.log_normaliser,
            found.error
        );
        tried += 1;
        beyond_two += usize::from(apart > 2.0);
    }
    assert!(tried > 50 && beyond_two * 5 < tried, "{beyond_two} of {tried}");
}
