//! Random networks: as program text for nem, and as a description for the oracles.

use nemlang::exec::{Call, Device, Dfdx, Element, Feed, Program, Reference, State, Streams, run};
use nemlang::model::{EStep, Model};
use nemlang::plan::{Plan, network};
use nemlang::session::Session;
use proptest::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Link {
    Identity,
    Logistic,
    Tanh,
    Relu,
    Softplus,
    Softmax,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Output {
    Categorical,
    Bernoulli,
    Bipolar,
    Gaussian(Link),
    Laplace,
    Exponential,
}

#[derive(Clone, Debug)]
pub struct Network {
    pub inputs: usize,
    /// Width and link of each hidden layer.
    pub hidden: Vec<(usize, Link)>,
    pub width: usize,
    pub output: Output,
    pub batch: usize,
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    /// Weights and biases in turn.
    pub parameters: Vec<Vec<f64>>,
}

impl Output {
    pub fn link(self) -> Link {
        match self {
            Output::Categorical => Link::Softmax,
            Output::Bernoulli => Link::Logistic,
            Output::Bipolar => Link::Tanh,
            Output::Gaussian(link) => link,
            Output::Laplace => Link::Identity,
            Output::Exponential => Link::Softplus,
        }
    }

    fn text(self, width: usize, last: &str) -> String {
        let mean = call(self.link(), &format!("affine({last}, {width})"));
        match self {
            Output::Categorical => format!("y: one_hot[{width}] ~ categorical({mean})"),
            Output::Bernoulli => format!("y: binary[{width}] ~ bernoulli({mean})"),
            Output::Bipolar => format!("y: bipolar[{width}] ~ bipolar_bernoulli({mean})"),
            Output::Gaussian(_) => format!("y: real[{width}] ~ gaussian({mean}, 0.7)"),
            Output::Laplace => format!("y: real[{width}] ~ laplace({mean}, 1.3)"),
            Output::Exponential => format!("y: positive[{width}] ~ exponential({mean})"),
        }
    }

    /// Turns uniform numbers into a target of the right support.
    fn target(self, uniform: &[f64], width: usize) -> Vec<f64> {
        match self {
            Output::Categorical => uniform
                .chunks(width)
                .flat_map(|row| {
                    let class = ((row[0] * width as f64) as usize).min(width - 1);
                    (0..width).map(move |k| f64::from(k == class))
                })
                .collect(),
            Output::Bernoulli => uniform.iter().map(|u| f64::from(*u > 0.5)).collect(),
            Output::Bipolar => uniform.iter().map(|u| if *u > 0.5 { 1.0 } else { -1.0 }).collect(),
            Output::Gaussian(_) | Output::Laplace => uniform.iter().map(|u| 4.0 * u - 2.0).collect(),
            Output::Exponential => uniform.iter().map(|u| 0.1 + 3.0 * u).collect(),
        }
    }
}

fn call(link: Link, inner: &str) -> String {
    match link {
        Link::Identity => inner.to_string(),
        _ => format!("{}({inner})", format!("{link:?}").to_lowercase()),
    }
}

fn hidden_text(link: Link, inner: &str) -> String {
    let mean = call(link, inner);
    match link {
        Link::Logistic => format!("bernoulli({mean})"),
        Link::Tanh => format!("bipolar_bernoulli({mean})"),
        _ => format!("gaussian({mean}, 1)"),
    }
}

impl Network {
    pub fn text(&self) -> String {
        let mut text = format!("model M {{\n    input x: real[{}]\n", self.inputs);
        let mut last = "x".to_string();
        for (at, (width, link)) in self.hidden.iter().enumerate() {
            let name = format!("h{}", at + 1);
            text += &format!("    {name} ~ {}\n", hidden_text(*link, &format!("affine({last}, {width})")));
            last = name;
        }
        text + &format!("    observe {}\n}}\n", self.output.text(self.width, &last))
    }

    pub fn model(&self) -> Model {
        let session = Session::from_text("random.nem", &self.text(), None);
        let told: Vec<String> = session.problems.iter().map(|p| p.message.clone()).collect();
        assert!(!session.problems.has_errors(), "{told:?}\n{}", self.text());
        session.checked.models[0].clone()
    }

    /// Rows and columns of each parameter.
    pub fn shapes(&self) -> Vec<(usize, usize)> {
        let mut shapes = vec![];
        let mut from = self.inputs;
        for width in self.hidden.iter().map(|(w, _)| *w).chain([self.width]) {
            shapes.extend([(from, width), (1, width)]);
            from = width;
        }
        shapes
    }

    pub fn derived_gradients_f64(&self) -> Vec<(String, Vec<f64>)> {
        self.gradients(&Reference)
    }

    pub fn derived_gradients_f32(&self) -> Vec<(String, Vec<f64>)> {
        self.gradients(&Dfdx::cpu())
    }

    fn gradients<D: Device>(&self, device: &D) -> Vec<(String, Vec<f64>)> {
        let plan = network::gradients(&self.model(), EStep::MeanField);
        let names: Vec<String> = plan.outputs.iter().map(|(name, _)| name.clone()).collect();
        names.into_iter().zip(self.outputs(device, plan, &self.parameters)).collect()
    }

    /// The log-likelihood of the batch at other parameters.
    pub fn log_likelihood(&self, evaluation: &Plan, parameters: &[Vec<f64>]) -> f64 {
        let outputs = self.outputs(&Reference, evaluation.clone(), parameters);
        outputs[0].iter().sum()
    }

    fn outputs<D: Device>(&self, device: &D, plan: Plan, parameters: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let program = Program::new(plan).unwrap();
        let convert = |v: &Vec<f64>| v.iter().map(|x| D::Element::from_f64(*x)).collect::<Vec<_>>();
        let values = parameters.iter().map(convert).collect();
        let mut state = State::new(device, &program.plan().persistent, values).unwrap();
        let rows: Vec<usize> = (0..self.batch).collect();
        let feeds = program
            .data_names()
            .map(|name| Feed::Values(convert(if name == "x" { &self.x } else { &self.y })))
            .collect();
        let slots = vec![self.batch as f64; program.plan().slots.len()];
        let call = Call { rows: &rows, step: 0, streams: &Streams::new(0), feeds, slots: &slots };
        let outputs = run(device, &program, &mut state, call).unwrap();
        outputs.iter().map(|b| device.download(b).unwrap().iter().map(|x| x.to_f64()).collect()).collect()
    }

    pub fn example() -> Network {
        let (inputs, hidden, width) = (4, vec![(3, Link::Logistic), (2, Link::Tanh)], 3);
        build((inputs, hidden, width, Output::Categorical, 2), &vec![0.3; 200])
    }
}

type Form = (usize, Vec<(usize, Link)>, usize, Output, usize);

/// Fills a form with numbers from a list of uniform ones.
fn build((inputs, hidden, width, output, batch): Form, uniform: &[f64]) -> Network {
    let mut numbers = uniform.iter().copied().cycle();
    let mut take = |n: usize| (0..n).map(|_| numbers.next().unwrap()).collect::<Vec<f64>>();
    let x = take(batch * inputs).iter().map(|u| 4.0 * u - 2.0).collect();
    let y = output.target(&take(batch * width), width);
    let mut network = Network { inputs, hidden, width, output, batch, x, y, parameters: vec![] };
    network.parameters =
        network.shapes().iter().map(|(r, c)| take(r * c).iter().map(|u| 2.4 * u - 1.2).collect()).collect();
    network
}

pub fn networks() -> impl Strategy<Value = Network> {
    let hidden_link =
        prop::sample::select(vec![Link::Identity, Link::Logistic, Link::Tanh, Link::Relu, Link::Softplus]);
    let output = prop::sample::select(vec![
        Output::Categorical,
        Output::Bernoulli,
        Output::Bipolar,
        Output::Gaussian(Link::Identity),
        Output::Gaussian(Link::Logistic),
        Output::Gaussian(Link::Tanh),
        Output::Gaussian(Link::Relu),
        Output::Laplace,
        Output::Exponential,
    ]);
    let form = (1..6usize, prop::collection::vec((1..6usize, hidden_link), 0..4), 1..5usize, output, 1..5usize);
    (form, prop::collection::vec(0.0..1.0f64, 400)).prop_map(|((inputs, hidden, width, output, batch), uniform)| {
        // One class alone has a constant density.
        let width = if output == Output::Categorical { width + 1 } else { width };
        build((inputs, hidden, width, output, batch), &uniform)
    })
}
