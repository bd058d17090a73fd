//! What a device must do: hold matrices and run one instruction at a time.

use crate::plan::{Op, Scalar};

/// Why a run stopped.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ExecError {
    #[error("the device failed: {0}")]
    Device(String),
    #[error("the plan is not well formed: {0}")]
    Plan(String),
    #[error("{what} is {} by {}, but {} by {} was expected", found.0, found.1, expected.0, expected.1)]
    Shape { what: String, expected: (usize, usize), found: (usize, usize) },
    #[error("{what}: expected {expected}, found {found}")]
    Count { what: &'static str, expected: usize, found: usize },
    #[error("the state's `{found}` stands where the plan has `{expected}`")]
    State { expected: String, found: String },
    /// An earlier run failed after it had taken this parameter to change it in place.
    #[error("the value of `{0}` was lost in an earlier run that failed")]
    Lost(String),
    /// The value was not a number before the first instruction.
    #[error("`{0}` is not finite before the run starts")]
    NonFiniteInput(String),
    /// The inputs of an instruction were finite and its output is not; the index is into `Plan::origins`.
    #[error("an expression gave a value that is not finite (origin {origin})")]
    NonFinite { origin: usize },
}

/// The numbers a device computes with.
pub trait Element: Copy + Send + Sync + 'static {
    /// The largest number below 1.
    const BELOW_ONE: f64;
    fn from_f64(x: f64) -> Self;
    fn to_f64(self) -> f64;
}

impl Element for f32 {
    const BELOW_ONE: f64 = 1.0 - f32::EPSILON as f64 / 2.0;

    fn from_f64(x: f64) -> f32 {
        x as f32
    }
    fn to_f64(self) -> f64 {
        self.into()
    }
}

impl Element for f64 {
    const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;

    fn from_f64(x: f64) -> f64 {
        x
    }
    fn to_f64(self) -> f64 {
        self
    }
}

/// An input of one instruction. An owned one is used here for the last time, so its memory may hold the output.
#[derive(Debug)]
pub enum Operand<'a, B> {
    Owned(B),
    Borrowed(&'a B),
}

impl<B> Operand<'_, B> {
    pub fn get(&self) -> &B {
        match self {
            Operand::Owned(buffer) => buffer,
            Operand::Borrowed(buffer) => buffer,
        }
    }

    pub fn is_owned(&self) -> bool {
        matches!(self, Operand::Owned(_))
    }
}

impl<B: Clone> Operand<'_, B> {
    pub fn into_owned(self) -> B {
        match self {
            Operand::Owned(buffer) => buffer,
            Operand::Borrowed(buffer) => buffer.clone(),
        }
    }
}

/// Something that can hold matrices, row after row, and run instructions on them.
pub trait Device {
    type Element: Element;
    type Buffer: Clone;

    /// What messages and reports call it.
    fn name(&self) -> String;

    /// `values` row after row; an error when there are not `rows · columns` of them or the device has no room.
    fn upload(&self, rows: usize, columns: usize, values: Vec<Self::Element>) -> Result<Self::Buffer, ExecError>;

    /// The values row after row.
    fn download(&self, buffer: &Self::Buffer) -> Result<Vec<Self::Element>, ExecError>;

    /// Rows and columns.
    fn shape(&self, buffer: &Self::Buffer) -> (usize, usize);

    /// One instruction whose operands fit `op` (see `plan::verify`) and whose result has shape `output`.
    fn run(
        &self,
        op: &Op,
        slots: &[f64],
        inputs: Vec<Operand<Self::Buffer>>,
        output: (usize, usize),
    ) -> Result<Self::Buffer, ExecError>;
}

/// The number a scalar stands for; 0 for a slot that `machine` would have refused.
pub fn number(scalar: Scalar, slots: &[f64]) -> f64 {
    match scalar {
        Scalar::Constant(x) => x,
        Scalar::Slot(index) => slots.get(index).copied().unwrap_or_default(),
    }
}

/// `inputs` as exactly `N` operands.
pub fn operands<'a, B, const N: usize>(inputs: Vec<Operand<'a, B>>) -> Result<[Operand<'a, B>; N], ExecError> {
    let found = inputs.len();
    inputs.try_into().map_err(|_| ExecError::Count { what: "operands", expected: N, found })
}

/// Refuses a vector that does not fill the matrix.
pub fn check_len(rows: usize, columns: usize, found: usize) -> Result<(), ExecError> {
    match rows * columns {
        expected if expected == found => Ok(()),
        expected => Err(ExecError::Count { what: "values to upload", expected, found }),
    }
}
