//! The E-step of generalized EM: what stands for the hidden variables of a model in a plan.
//!
//! With `importance(M)` each example has M samples of the hidden variables, drawn from p(h | x, Θ), with weights
//! γ_m = p(y | h_m) / Σ p(y | h_m) ([K] (102)-(107)); with `exact` it has every state they can be in, weighted by
//! p(h | x, y, Θ). Both are rows of their own (`Rows::Samples`), so that what does not depend on the hidden variables is
//! computed once for all of them.

use super::draw::drawn;
use super::ir::*;
use super::lower::Lowering;
use crate::derive::{Backward, Hidden};
use crate::expr::{Expr, Trace, simplify};
use crate::model::{EStep, Instance, Model, Node, Support};

/// Output: for each example, 1/Σ γ_m²: how many samples of equal weight its samples are worth (Kong 1992).
pub const EFFECTIVE: &str = "effective samples";

/// The most states that `exact` goes through: those of 16 binary units.
pub const MOST_STATES: usize = 1 << 16;

/// The numbers of random sources that hidden variables take begin here, after those of noise statements.
const FIRST_SOURCE: usize = 1 << 16;

/// The source of random variable `k` of a draw of node number `index`.
pub fn source(index: usize, k: usize) -> u32 {
    Fill::source(FIRST_SOURCE + index, k)
}

/// Where the hidden variables of a model are; a model without any has nothing to draw.
pub fn hidden(model: &Model, estep: EStep) -> Hidden {
    match estep {
        EStep::Importance(_) | EStep::Exact if hidden_nodes(model).next().is_some() => Hidden::Given,
        _ => Hidden::Means,
    }
}

/// Whether an example has samples or states of its hidden variables.
pub fn are_given(model: &Model, estep: EStep) -> bool {
    hidden(model, estep) == Hidden::Given
}

/// The hidden random variables.
pub fn hidden_nodes(model: &Model) -> impl Iterator<Item = (&Node, &Instance)> {
    model.random().filter(|(_, observed, _)| !observed).map(|(node, _, instance)| (node, instance))
}

/// How many states a hidden variable has; `None` where they are not finitely many, or too many to count.
pub fn states(node: &Node) -> Option<usize> {
    count_of_states(node.support, node.shape.1)
}

/// The same of a variable of this support and width.
pub fn count_of_states(support: Support, width: usize) -> Option<usize> {
    match support {
        Support::Binary | Support::Bipolar => 2usize.checked_pow(width as u32),
        Support::OneHot => Some(width),
        _ => None,
    }
}

/// The states of all hidden variables together; `None` as above.
pub fn all_states(model: &Model) -> Option<usize> {
    hidden_nodes(model).try_fold(1usize, |all, (node, _)| all.checked_mul(states(node)?))
}

/// State number `at` of a variable.
fn state(support: Support, width: usize, at: usize) -> Vec<f64> {
    let digit = |k: usize| (at >> k & 1) as f64;
    let units = 0..width;
    match support {
        Support::Bipolar => units.map(|k| 2.0 * digit(k) - 1.0).collect(),
        Support::OneHot => units.map(|k| f64::from(u8::from(k == at))).collect(),
        _ => units.map(digit).collect(),
    }
}

/// The states of one variable in each of `count` states of several, of which the next variable's stand `stride` apart.
pub fn table_of_states(
    l: &mut Lowering,
    (support, width): (Support, usize),
    count: usize,
    stride: &mut usize,
) -> BufferId {
    let own = count_of_states(support, width).unwrap_or(1);
    let before = *stride;
    *stride *= own;
    let rows = (0..count).flat_map(|s| state(support, width, s / before % own)).collect();
    l.builder.buffer(Rows::Fixed(count), width, Role::Table(rows))
}

/// The samples or states of the hidden variables, as far as a plan has them.
pub struct Samples {
    /// How many an example has.
    pub count: usize,
    estep: EStep,
    /// Where the states of the next variable stand in the number of a state of all.
    stride: usize,
}

impl Samples {
    /// `None` where the hidden variables stand at their means.
    pub fn new(model: &Model, estep: EStep) -> Option<Samples> {
        let count = match (hidden(model, estep), estep) {
            (Hidden::Given, EStep::Importance(count)) => count,
            (Hidden::Given, EStep::Exact) => all_states(model)?,
            _ => return None,
        };
        Some(Samples { count, estep, stride: 1 })
    }

    /// Whether they are a sample, and not all there are.
    pub fn are_drawn(&self) -> bool {
        self.estep != EStep::Exact
    }

    /// Lets the variable stand for its samples or states; its parameters have their values already.
    pub fn enter(&mut self, l: &mut Lowering, index: usize, node: &Node, instance: &Instance) {
        l.builder.origin(format!("samples of {}", node.name), Some(node.span));
        match self.estep {
            EStep::Exact => self.enumerate(l, node),
            _ => self.draw(l, index, node, instance),
        }
    }

    fn draw(&self, l: &mut Lowering, index: usize, node: &Node, instance: &Instance) {
        let rows = Rows::Samples(self.count);
        if let Some(value) = drawn(l, instance, node.var, rows, |k| source(index, k)) {
            l.define(node.var, simplify(value, &mut Trace::default()));
        }
    }

    fn enumerate(&mut self, l: &mut Lowering, node: &Node) {
        let table = table_of_states(l, (node.support, node.shape.1), self.count, &mut self.stride);
        let tiled = l.builder.emit(Op::Tile, &[table], (Rows::Samples(self.count), node.shape.1));
        l.bind(node.var, tiled);
    }

    /// The logarithms of what the samples weigh before they are normalised: ln p(y | h), with ln p(h) for states.
    pub fn log_weights(&self, l: &mut Lowering, derived: &Backward) -> BufferId {
        let total = match self.estep {
            EStep::Exact => derived.log_likelihood + derived.log_prior,
            _ => derived.log_likelihood,
        };
        self.for_each(l, total)
    }

    /// γ: the weights of an example's samples, which sum to 1.
    pub fn weights(&self, l: &mut Lowering, derived: &Backward) -> BufferId {
        let log_weights = self.log_weights(l, derived);
        l.builder.normalised(log_weights, self.count)
    }

    /// What the samples weigh while nothing is known of the observed variables.
    pub fn prior_weights(&self, l: &mut Lowering, derived: &Backward) -> BufferId {
        match self.estep {
            EStep::Exact => {
                let log_prior = self.for_each(l, derived.log_prior);
                l.builder.normalised(log_prior, self.count)
            }
            _ => l.builder.constant(1.0 / self.count as f64, 1),
        }
    }

    /// ln p(observed | inputs) of each example: exact, or estimated from the samples, which is too low on average.
    pub fn log_marginal(&self, l: &mut Lowering, derived: &Backward) -> BufferId {
        let log_weights = self.log_weights(l, derived);
        let side_by_side = l.builder.emit(Op::Flatten, &[log_weights], (Rows::Batch, self.count));
        let total = l.builder.emit(Op::LogSumExp, &[side_by_side], (Rows::Batch, 1));
        match self.estep {
            EStep::Exact => total,
            _ => l.builder.shift(total, -(self.count as f64).ln()),
        }
    }

    /// Σ_m w_m e_m of each example.
    pub fn average(&self, l: &mut Lowering, weights: BufferId, e: Expr) -> BufferId {
        let each = self.for_each(l, e);
        let weighted = l.builder.binary(Binary::Multiply, each, weights);
        l.builder.sum_samples(weighted)
    }

    /// 1/Σ γ²
    pub fn effective(&self, l: &mut Lowering, weights: BufferId) -> BufferId {
        let squares = l.builder.unary(Unary::Square, weights);
        let sum = l.builder.sum_samples(squares);
        l.builder.unary(Unary::Reciprocal, sum)
    }

    /// A value with one row a sample, also of what is the same for all samples or for all examples.
    fn for_each(&self, l: &mut Lowering, e: Expr) -> BufferId {
        let value = l.lower(e);
        match l.builder.shape(value).0 {
            Rows::Samples(_) => value,
            Rows::Batch => l.builder.repeat(value, self.count),
            Rows::Fixed(_) => {
                let zeros = self.zeros(l);
                l.builder.binary(Binary::Add, value, zeros)
            }
        }
    }

    fn zeros(&self, l: &mut Lowering) -> BufferId {
        let table = l.builder.buffer(Rows::Fixed(self.count), 1, Role::Table(vec![0.0; self.count]));
        l.builder.emit(Op::Tile, &[table], (Rows::Samples(self.count), 1))
    }
}

#[cfg(test)]
mod tests {
    use crate::exec::{Call, Device, Feed, Program, Reference, State, Streams, run};
    use crate::model::EStep;
    use crate::plan::network::{evaluation, mean_output};
    use crate::session::Session;

    /// One of three classes is drawn for each sample; y is its number.
    #[test]
    fn a_hidden_class_is_drawn_by_its_probabilities() {
        let text = "model M {\n input x: real[3]\n param w: real[3, 1] = 1\n h ~ categorical(softmax(x))\n \
                    observe y: real ~ gaussian((h * [0, 1, 2]) @ w, 1)\n}";
        let session = Session::from_text("m.nem", text, None);
        assert!(!session.problems.has_errors(), "{:?}", session.problems);
        let program = Program::new(evaluation(&session.checked.models[0], EStep::Importance(4000))).unwrap();
        let mut state = State::new(&Reference, &program.plan().persistent, vec![vec![1.0; 3]]).unwrap();
        let data = |name: &str| if name == "x" { [0.2f64, 0.3, 0.5].map(f64::ln).to_vec() } else { vec![0.0] };
        let feeds = program.data_names().map(|name| Feed::Values(data(name))).collect();
        let call = Call { rows: &[0], step: 0, streams: &Streams::new(1), feeds, slots: &[] };
        let outputs = run(&Reference, &program, &mut state, call).unwrap();
        let mean = Reference.download(&outputs[program.output(&mean_output("y")).unwrap()]).unwrap();
        // The deviation of a class is 0.78, that of the mean of 4000 one 0.0124.
        assert!((mean[0] - 1.3).abs() < 0.05, "{mean:?}");
    }
}
