//! The same networks written with dfdx's own operations and differentiated by its tape, in f64.

use dfdx::prelude::*;

use crate::network::{Link, Network, Output};

type Matrix<T = NoneTape> = Tensor<(usize, usize), f64, Cpu, T>;
type Taped = Matrix<OwnedTape<f64, Cpu>>;

/// ∂ Σ ln p / ∂ parameter, in the network's order.
pub fn gradients(network: &Network) -> Vec<Vec<f64>> {
    let device = Cpu::default();
    let matrix = |values: &[f64], shape: (usize, usize)| -> Matrix { device.tensor_from_vec(values.to_vec(), shape) };
    let parameters: Vec<Matrix> =
        network.parameters.iter().zip(network.shapes()).map(|(v, shape)| matrix(v, shape)).collect();
    let x = matrix(&network.x, (network.batch, network.inputs));
    let y = matrix(&network.y, (network.batch, network.width));
    let mut h: Taped = x.leaky_trace();
    for (layer, pair) in parameters.chunks(2).enumerate() {
        // The bias enters as a product with a column of ones: a broadcast would make it another tensor.
        let ones = device.tensor_from_vec(vec![1.0; network.batch], (network.batch, 1usize));
        let o = h.matmul(pair[0].clone()) + ones.leaky_trace().matmul(pair[1].clone());
        h = match network.hidden.get(layer) {
            Some((_, link)) => activate(o, *link),
            None => log_density(o, y.clone(), network.output),
        };
    }
    let gradients = h.sum::<Rank0, _>().backward();
    parameters.iter().map(|p| gradients.get(p).as_vec()).collect()
}

fn activate(o: Taped, link: Link) -> Taped {
    match link {
        Link::Identity => o,
        Link::Logistic => o.sigmoid(),
        Link::Tanh => o.tanh(),
        Link::Relu => o.relu(),
        Link::Softplus => softplus(o),
        Link::Softmax => o.softmax::<Axis<1>>(),
    }
}

/// ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|)
fn softplus(x: Taped) -> Taped {
    let tail = (x.with_empty_tape().abs().negate().exp() + 1.0).ln();
    x.relu() + tail
}

fn log_density(o: Taped, y: Matrix, output: Output) -> Taped {
    match output {
        Output::Categorical => o.log_softmax::<Axis<1>>() * y,
        Output::Bernoulli => o.bce_with_logits(y).negate(),
        Output::Bipolar => (o * 2.0).bce_with_logits((y + 1.0) * 0.5).negate(),
        Output::Gaussian(link) => ((activate(o, link) - y) / 0.7).square() * -0.5,
        Output::Laplace => (o - y).abs() / -1.3,
        Output::Exponential => {
            let rate = softplus(o);
            rate.with_empty_tape().ln() - rate * y
        }
    }
}
