//! The tensor program: a flat list of instructions over numbered buffers.
//!
//! Every buffer is a matrix. A value that each example has one of is `rows × columns` with one row an example, or as many
//! as there are samples of the hidden variables; what examples share has one row. Shapes are known when the plan is made,
//! but for the number of examples (`Rows::Batch`).

use crate::source::Span;
use crate::special::Special;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BufferId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rows {
    /// One row an example; how many is said when the plan runs.
    Batch,
    /// So many rows an example, one below the other: samples of the hidden variables, or the states they can be in.
    Samples(usize),
    Fixed(usize),
}

/// What a buffer holds and who fills it.
#[derive(Clone, Debug, PartialEq)]
pub enum Role {
    /// A column of data of this name; uploaded before the run.
    Data(String),
    /// A random fill, made afresh before each run.
    Random(Fill),
    /// Numbers known when the plan is made, row after row.
    Table(Vec<f64>),
    /// A parameter or optimiser state: lives from run to run, index into `Plan::persistent`.
    Persistent(usize),
    /// Made by one instruction.
    Temporary,
}

/// Where a random buffer's numbers come from. `source` numbers the noise statement (and the variable in it), so that
/// two fills never share a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Fill {
    pub kind: FillKind,
    pub source: u32,
    /// Numbers of 23 random bits in the place of 52: half the work, and enough for draws of units, of which there are many.
    pub coarse: bool,
}

impl Fill {
    /// The source of random variable `variable` of a noise statement or parameter: a number of its own for each pair, as
    /// long as there are fewer than 2²⁰ statements and 2¹² variables.
    pub fn source(statement: usize, variable: usize) -> u32 {
        (16 * statement + variable % 16) as u32 | ((variable / 16) as u32) << 24
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FillKind {
    StandardNormal,
    /// Uniform on the open interval (0, 1).
    StandardUniform,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Buffer {
    pub rows: Rows,
    pub columns: usize,
    pub role: Role,
}

/// A number known when the plan is made, or one that the caller sets before each run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    Constant(f64),
    /// Index into the slots given to the run; see `Plan::slots`.
    Slot(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    Negate,
    Exp,
    Ln,
    Sqrt,
    Square,
    Reciprocal,
    Abs,
    /// −1, 0 or 1.
    Sign,
    /// 1 where the argument is ≥ 0, else 0.
    Step,
    /// max(x, 0)
    Relu,
    Sin,
    Cos,
    Tanh,
    /// 1 / (1 + e^−x), without overflow.
    Logistic,
    /// ln(1 + e^x), without overflow.
    Softplus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Maximum,
    Minimum,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// `inputs[0] · inputs[1]`, either one transposed first.
    MatMul {
        transpose: [bool; 2],
    },
    Unary(Unary),
    /// Element by element. An input of one row is repeated down, of one row an example for each of its samples, of one
    /// column across.
    Binary(Binary),
    /// x · s
    Scale(Scalar),
    /// x + s
    Shift(Scalar),
    /// x^s for a constant exponent.
    Power(f64),
    /// `alpha · inputs[0] + beta · inputs[1]`, equal shapes.
    Blend {
        alpha: Scalar,
        beta: Scalar,
    },
    /// Sum over the columns: `r × c → r × 1`.
    SumColumns,
    /// Sum over the rows: `r × c → 1 × c`.
    SumRows,
    /// Row by row, without overflow.
    Softmax,
    /// Row by row: ln Σ exp, `r × c → r × 1`, without overflow.
    LogSumExp,
    /// Every element of the output this number; no inputs.
    Fill(f64),
    /// A special function, element by element. An input of one row is repeated down, of one column repeated across.
    Special(Special),
    /// The columns of all inputs side by side; an input of one row is repeated down.
    Concat,
    /// The columns from this one on, as many as the output has.
    Slice(usize),
    /// Each row so many times, one below the other: `batch × c → samples × c`.
    Repeat(usize),
    /// All rows again for each example: `n × c → samples × c` with n samples an example.
    Tile,
    /// Sum over the samples of each example: `samples × c → batch × c`.
    SumSamples,
    /// The samples of an example side by side: `samples × c → batch × m c`.
    Flatten,
    /// The same numbers with so many rows an example: `batch × m c → samples × c`.
    Unflatten(usize),
    /// `r × c → c × r`
    Transpose,
    /// Of a square matrix.
    Inverse,
    /// ln |det| of a square matrix: `n × n → 1 × 1`.
    LnDet,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Instr {
    pub op: Op,
    pub inputs: Vec<BufferId>,
    pub output: BufferId,
    /// Index into `Plan::origins`: the expression that this instruction computes, for messages.
    pub origin: usize,
}

/// The expression an instruction came from, as text, and where the program says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    pub text: String,
    pub span: Option<Span>,
}

/// A parameter or optimiser state.
#[derive(Clone, Debug, PartialEq)]
pub struct Persistent {
    pub name: String,
    pub rows: usize,
    pub columns: usize,
}

/// Slot: how many examples a run has.
pub const ROWS: &str = "rows";

/// A tensor program. Instructions run in order; `outputs` are what the caller reads afterwards; an instruction whose
/// output has `Role::Persistent` replaces that value.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Plan {
    pub buffers: Vec<Buffer>,
    pub instrs: Vec<Instr>,
    pub persistent: Vec<Persistent>,
    /// Names of the numbers the caller sets before each run: learning rate, cooling factor, ….
    pub slots: Vec<String>,
    pub outputs: Vec<(String, BufferId)>,
    pub origins: Vec<Origin>,
}
