//! Small networks, made from a seed: one to three hidden layers, and each outcome of the library in its turn.

use nemlang::data::{Column, Table};
use nemlang::sample::Random;
use nemlang::session::Session;
use nemlang::verify::{Lists, Numbers, made};

/// A likelihood of the library, and how it stands behind a hidden layer: `@2` is a pre-activation of two units.
pub const OUTPUTS: &[(&str, &str)] = &[
    ("gaussian", "y: real[2] ~ gaussian(@2, softplus(@2))"),
    ("masked_gaussian", "y: real[2] ~ masked_gaussian(@2, 0.7, 1)"),
    ("laplace", "y: real[2] ~ laplace(@2, softplus(@2))"),
    ("asymmetric_laplace", "y: real[2] ~ asymmetric_laplace(@2, 0.8, logistic(@2))"),
    ("student_t", "y: real[2] ~ student_t(@2, softplus(@2), 3)"),
    ("cauchy", "y: real[2] ~ cauchy(@2, softplus(@2))"),
    ("logistic_distribution", "y: real[2] ~ logistic_distribution(@2, softplus(@2))"),
    ("gumbel", "y: real[2] ~ gumbel(@2, softplus(@2))"),
    ("huber", "y: real[2] ~ huber(@2, softplus(@2))"),
    ("skew_gaussian", "y: real[2] ~ skew_gaussian(@2, softplus(@2), @2)"),
    ("exponential", "y: positive[2] ~ exponential(softplus(@2))"),
    ("gamma", "y: positive[2] ~ gamma(softplus(@2), softplus(@2))"),
    ("inverse_gamma", "y: positive[2] ~ inverse_gamma(softplus(@2), softplus(@2))"),
    ("chi_squared", "y: positive[2] ~ chi_squared(softplus(@2))"),
    ("weibull", "y: positive[2] ~ weibull(softplus(@2), softplus(@2))"),
    ("rayleigh", "y: positive[2] ~ rayleigh(softplus(@2))"),
    ("log_normal", "y: positive[2] ~ log_normal(@2, softplus(@2))"),
    ("pareto", "y: above(0.5)[2] ~ pareto(0.5, softplus(@2))"),
    ("half_gaussian", "y: above(0)[2] ~ half_gaussian(softplus(@2))"),
    ("half_cauchy", "y: above(0)[2] ~ half_cauchy(softplus(@2))"),
    ("inverse_gaussian", "y: positive[2] ~ inverse_gaussian(softplus(@2), softplus(@2))"),
    ("rectified_gaussian", "y: above(0)[2] ~ rectified_gaussian(@2, softplus(@2))"),
    ("uniform", "y: real[2] ~ uniform(0, softplus(@2))"),
    ("truncated_gaussian", "y: interval(-1, 2)[2] ~ truncated_gaussian(@2, softplus(@2), -1, 2)"),
    ("beta", "y: unit[2] ~ beta(softplus(@2), softplus(@2))"),
    ("kumaraswamy", "y: unit[2] ~ kumaraswamy(softplus(@2), softplus(@2))"),
    ("von_mises", "y: circle[2] ~ von_mises(@2, softplus(@2))"),
    ("bernoulli", "y: binary[3] ~ bernoulli(logistic(@3))"),
    ("masked_bernoulli", "y: binary[3] ~ masked_bernoulli(logistic(@3), 1)"),
    ("bipolar_bernoulli", "y: bipolar[2] ~ bipolar_bernoulli(tanh(@2))"),
    ("multi_label", "y: binary[3] ~ multi_label(logistic(@3))"),
    ("categorical", "y: one_hot[3] ~ categorical(softmax(@3))"),
    ("ordinal", "y: one_hot[3] ~ ordinal(@1, cut)"),
    ("binomial", "y: whole(0, 5)[2] ~ binomial(5, logistic(@2))"),
    ("beta_binomial", "y: whole(0, 5)[2] ~ beta_binomial(5, softplus(@2), softplus(@2))"),
    ("poisson", "y: count[2] ~ poisson(softplus(@2))"),
    ("zero_inflated_poisson", "y: count[2] ~ zero_inflated_poisson(softplus(@2), logistic(@2))"),
    ("negative_binomial", "y: count[2] ~ negative_binomial(softplus(@2), softplus(@2))"),
    ("geometric", "y: count[2] ~ geometric(logistic(@2))"),
    ("multinomial", "y: count[3] ~ multinomial(4, softmax(@3))"),
    ("diagonal_gaussian", "y: real[2] ~ diagonal_gaussian(@2, softplus(@2))"),
    ("multivariate_gaussian", "y: real[2] ~ multivariate_gaussian(@2, L)"),
    ("gaussian_covariance", "y: real[2] ~ gaussian_covariance(@2, S)"),
    ("gaussian_precision", "y: real[2] ~ gaussian_precision(@2, S)"),
    ("multivariate_student_t", "y: real[2] ~ multivariate_student_t(@2, L, 3)"),
    ("dirichlet", "y: simplex[3] ~ dirichlet(softplus(@3))"),
];

/// Outcomes for those without `draw`.
const GIVEN: &[(&str, &[f64])] = &[
    ("multinomial", &[2.0, 1.0, 1.0, 0.0, 4.0, 0.0]),
    ("gaussian_covariance", &[0.3, -0.5, 1.2, 0.1]),
    ("gaussian_precision", &[0.3, -0.5, 1.2, 0.1]),
];

/// Parameters that only some of the outcomes have.
const PARAMETERS: &[(&str, &str)] =
    &[("cut", "ordered[2]"), ("L", "real[2, 2]"), ("S", "positive_definite[2, 2] = init gaussian(0, 1)")];

const EXAMPLES: usize = 2;
const INPUTS: usize = 2;

pub struct Network {
    pub text: String,
    pub session: Session,
    pub parameters: Lists,
    pub examples: Table,
}

impl Network {
    /// Network number `seed`; every likelihood comes after so many.
    pub fn new(seed: usize) -> Network {
        let (likelihood, outcome) = OUTPUTS[seed % OUTPUTS.len()];
        let mut random = Random::new(seed as u64, 1);
        let text = text(outcome, &mut random);
        let session = Session::from_text("network.nem", &text, None);
        let told: Vec<String> = session.problems.iter().map(|p| p.message.clone()).collect();
        assert!(!session.problems.has_errors(), "{told:?}\n{text}");
        let model = &session.checked.models[0];
        let size = |(rows, columns): (usize, usize)| rows * columns;
        let numbers = |shape| (0..size(shape)).map(|_| 0.8 * random.normal()).collect();
        let parameters: Lists = model.parameters().map(|(node, _)| node.shape).map(numbers).collect();
        let examples = match GIVEN.iter().find(|(name, _)| *name == likelihood) {
            Some((_, y)) => given(y),
            None => made(model, &parameters, EXAMPLES, seed as u64).unwrap_or_else(|p| panic!("{:?}", p.sorted())),
        };
        Network { text, session, parameters, examples }
    }

    pub fn numbers(&self) -> Numbers<'_> {
        let (parameters, examples) = (self.parameters.clone(), self.examples.clone());
        Numbers { model: &self.session.checked.models[0], parameters, examples }
    }
}

fn given(y: &[f64]) -> Table {
    let x = (0..EXAMPLES * INPUTS).map(|i| (i as f64 + 1.0).sin()).collect();
    let column = |name: &str, values: Vec<f64>| Column { name: name.into(), width: values.len() / EXAMPLES, values };
    Table { columns: vec![column("x", x), column("y", y.to_vec())] }
}

fn text(outcome: &str, random: &mut Random) -> String {
    let mut below = |n: f64| (random.uniform() * n) as usize;
    let mut lines = format!("model M {{\n    input x: real[{INPUTS}]\n");
    for (name, ty) in PARAMETERS.iter().filter(|(name, _)| outcome.contains(&format!(", {name}"))) {
        lines += &format!("    param {name}: {ty}\n");
    }
    let mut last = "x".to_string();
    for layer in 1..=1 + below(3.0) {
        let width = 1 + below(3.0);
        let mean = |link: &str, width: usize| format!("{link}(affine({last}, {width}))");
        let likelihood = match below(3.0) {
            0 => format!("bernoulli({})", mean("logistic", width)),
            1 => format!("bipolar_bernoulli({})", mean("tanh", width)),
            _ => format!("categorical({})", mean("softmax", width + 1)),
        };
        last = format!("h{layer}");
        lines += &format!("    {last} ~ {likelihood}\n");
    }
    let outcome = ["1", "2", "3"]
        .iter()
        .fold(outcome.to_string(), |text, n| text.replace(&format!("@{n}"), &format!("affine({last}, {n})")));
    lines + &format!("    observe {outcome}\n}}\n")
}
