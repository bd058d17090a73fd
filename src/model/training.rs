//! A checked `train` declaration and the data it trains on.

use std::fmt;
use std::path::PathBuf;

use super::{Instance, Model, Support, Varied};
use crate::expr::Expr;
use crate::plan::FillKind;
use crate::source::Span;

#[derive(Clone, Debug)]
pub struct Training {
    pub model: Model,
    pub data: DataSpec,
    pub epochs: usize,
    pub batch: usize,
    pub optimizer: Optimizer,
    pub seeds: Vec<u64>,
    /// With the first number of each list; so is the optimizer.
    pub noise: Vec<Noise>,
    /// Where the program gives several numbers for one; `variants` has every choice of them.
    pub varied: Vec<Varied>,
    pub compared: Vec<Compared>,
    /// Energies that give the network parameters to start from, from the data upwards.
    pub pretraining: Vec<Stage>,
    pub select: Select,
    pub estep: EStep,
    /// Where the E-step is said; the whole declaration where it is not.
    pub estep_span: Span,
    /// For a model with an energy.
    pub method: Method,
    pub sparsity: Option<Sparsity>,
    pub normaliser: Renormalise,
    /// How many times on the way the parameters are kept, besides at the end.
    pub checkpoints: usize,
    /// Whether the noise is audited at these after training.
    pub audit: bool,
    pub gradient: GradientLaw,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Optimizer {
    Sgd { rate: f64, momentum: f64 },
    Adam { rate: f64, beta1: f64, beta2: f64, epsilon: f64 },
}

impl Optimizer {
    pub fn rate(self) -> f64 {
        let (Optimizer::Sgd { rate, .. } | Optimizer::Adam { rate, .. }) = self;
        rate
    }

    pub fn rate_mut(&mut self) -> &mut f64 {
        let (Optimizer::Sgd { rate, .. } | Optimizer::Adam { rate, .. }) = self;
        rate
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arm {
    None,
    Blind,
    Nem,
    Anti,
    Ascent,
}

impl Arm {
    /// What the arm asks of its noise; `None` where it takes none, or all.
    pub fn criterion(self) -> Option<Criterion> {
        match self {
            Arm::None | Arm::Blind => None,
            Arm::Nem => Some(Criterion::Nem),
            Arm::Anti => Some(Criterion::Anti),
            Arm::Ascent => Some(Criterion::Ascent),
        }
    }
}

/// What is trained: an arm, and where it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    pub arm: Arm,
    /// From the parameters of pretrained energies instead of those that the model draws.
    pub pretrained: bool,
}

/// An energy that is trained before a network, on the means of what its visible units stand for there.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The energy with its settings; it has one variant, and its data are the network's.
    pub training: Training,
    /// The energy's visible and hidden group.
    pub visible: String,
    pub hidden: String,
    /// The variable of the network in the place of the visible units.
    pub below: String,
    /// The layers that compute what units of the energy are on average.
    pub given: Vec<Given>,
}

/// A layer of a network whose parameters an energy gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub variable: String,
    pub shared: Vec<Shared>,
}

/// A parameter of the network and the energy's that stands for it, both by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared {
    pub parameter: usize,
    pub from: usize,
    pub transposed: bool,
}

/// What happens to a draw that falls outside the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select {
    /// It is not used: that example gets no noise (the papers' rule).
    Drop,
    /// It is mirrored into the region (half-spaces only).
    Reflect,
    /// Another is drawn, up to so many in all; the first one inside is used.
    Resample(usize),
    /// So many are drawn, and the one that raises the likelihood most is used, if it lies inside.
    BestOf(usize),
}

/// What stands for the hidden variables: the E-step of generalized EM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EStep {
    /// Their means, layer after layer: ordinary backpropagation.
    MeanField,
    /// So many samples an example, weighted by how well they explain what is observed ([K] (102)-(113)).
    Importance(usize),
    /// All states they can be in, weighted by their probability given what is observed.
    Exact,
}

impl fmt::Display for EStep {
    /// As programs write it.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            EStep::MeanField => f.write_str("mean_field"),
            EStep::Importance(count) => write!(f, "importance({count})"),
            EStep::Exact => f.write_str("exact"),
        }
    }
}

impl EStep {
    /// What `Display` writes; `None` for anything else.
    pub fn parse(text: &str) -> Option<EStep> {
        match text {
            "mean_field" => Some(EStep::MeanField),
            "exact" => Some(EStep::Exact),
            _ => text.strip_prefix("importance(")?.strip_suffix(')')?.parse().ok().map(EStep::Importance),
        }
    }
}

/// How the part of an energy's gradient that is a mean under the model is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// So many sweeps of block Gibbs sampling from the data on (Hinton 2002; [K] Theorem 8).
    ContrastiveDivergence(usize),
    /// So many sweeps from where the last step's chains ended, one chain for each example of a batch (Tieleman 2008).
    Persistent(usize),
    /// So many rounds from the data on in which each group takes its mean given the others, nothing drawn (Welling and Hinton 2002).
    MeanField(usize),
    /// All states of the units.
    Exact,
    /// The model's part left out: what the data have together is added up ([K] (157)-(160)).
    Hebbian,
}

/// What noise in an energy has to reach: c in Δ(n) ≥ c, which is ln Z_n/Z where the noisy model is renormalised ([K] (176)-(179)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renormalise {
    /// 0: the same density is evaluated at the noisy data ([K] (180)).
    Shared,
    /// Over all states of the units.
    Exact,
    /// Over so many chains.
    Sampled(usize),
}

impl fmt::Display for Renormalise {
    /// As programs write it.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Renormalise::Shared => f.write_str("shared"),
            Renormalise::Exact => f.write_str("exact"),
            Renormalise::Sampled(chains) => write!(f, "sampled({chains})"),
        }
    }
}

/// What keeps hidden units of an energy from being on too often: −½ weight Σ_j (q_j − target)² is added to what is maximised, with
/// q_j the mean of unit j over the batch (Lee, Ekanadham and Ng 2008).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sparsity {
    pub target: f64,
    pub weight: f64,
}

impl fmt::Display for Method {
    /// As programs write it.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Method::ContrastiveDivergence(steps) => write!(f, "contrastive_divergence({steps})"),
            Method::Persistent(steps) => write!(f, "persistent({steps})"),
            Method::MeanField(rounds) => write!(f, "mean_field({rounds})"),
            Method::Exact => f.write_str("exact"),
            Method::Hebbian => f.write_str("hebbian"),
        }
    }
}

impl Method {
    /// What `Display` writes; `None` for anything else.
    pub fn parse(text: &str) -> Option<Method> {
        let steps = |word: &str| text.strip_prefix(word)?.strip_prefix('(')?.strip_suffix(')')?.parse().ok();
        match text {
            "exact" => Some(Method::Exact),
            "hebbian" => Some(Method::Hebbian),
            _ => steps("contrastive_divergence")
                .map(Method::ContrastiveDivergence)
                .or_else(|| steps("persistent").map(Method::Persistent))
                .or_else(|| steps("mean_field").map(Method::MeanField)),
        }
    }
}

impl fmt::Display for Select {
    /// As programs write it.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Select::Drop => f.write_str("drop"),
            Select::Reflect => f.write_str("reflect"),
            Select::Resample(count) => write!(f, "resample({count})"),
            Select::BestOf(count) => write!(f, "best_of({count})"),
        }
    }
}

/// How the noisy target enters the gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GradientLaw {
    /// The gradient of ln f(φ(y, n) | θ).
    Exact,
    /// δ with the target replaced: t + n − a, as the papers print it.
    Printed,
}

/// How noise gets into a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Injection {
    Add,
    Multiply,
    Custom(Custom),
}

/// `y <- y * (1 + n)`: the variable's new value, as an expression of these letters for the variable and the noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Custom {
    pub variable: Expr,
    pub noise: Expr,
    pub value: Expr,
}

/// What is asked of noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Criterion {
    /// Δ(n) ≥ 0: the noisy value is at least as probable ([K] Theorem 2, [G] Theorem 1).
    Nem,
    /// Δ(n) ≤ 0: the dual, noise that harms ([K] §5, end).
    Anti,
    /// δᵀ(δ_n − δ) ≥ 0: the noise turns the gradient towards where it points already.
    Ascent,
}

/// `noise y += gaussian(0, 0.42) cooled 1`
#[derive(Clone, Debug)]
pub struct Noise {
    /// The variable of the model's node that it acts on.
    pub target: Expr,
    pub target_name: String,
    pub injection: Injection,
    pub proposal: Instance,
    /// τ: the noise of epoch k is scaled by k^−τ; 0 without cooling.
    pub cooling: f64,
    /// Hidden variables whose conditions it has to meet as it arrives there ([K] (130)-(132)).
    pub through: Vec<String>,
    pub span: Span,
}

/// A checked `data` declaration.
#[derive(Clone, Debug)]
pub struct DataSpec {
    pub name: String,
    pub span: Span,
    pub train: Vec<ColumnSpec>,
    pub test: Option<Vec<ColumnSpec>>,
}

/// A column: an expression over leaves, computed for all rows at once.
#[derive(Clone, Debug)]
pub struct ColumnSpec {
    pub name: String,
    pub support: Support,
    pub width: usize,
    pub leaves: Vec<(Expr, Leaf)>,
    pub value: Expr,
    /// `take`: the number of rows, where the leaves do not say.
    pub rows: Option<usize>,
    pub seed: u64,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Leaf {
    /// Another column of the same part.
    Column(String),
    Idx {
        path: PathBuf,
        rows: Option<(usize, usize)>,
        span: Span,
    },
    /// Columns `first` to `last` of a CSV file; rows counted from 1, both ends included.
    Csv {
        path: PathBuf,
        first: String,
        last: Option<String>,
        rows: Option<(usize, usize)>,
        span: Span,
    },
    /// Equally spaced from the first to the last number, both included.
    Linspace(f64, f64),
    Random(FillKind),
}
