//! The devices against hand-written values and against each other, and the machine's promises: nothing that is still
//! needed is overwritten, random numbers belong to their rows, faults are named, and threads change no bit.

#[path = "exec/plans.rs"]
mod plans;

use nemlang::exec::{
    Call, Device, Dfdx, Element, ExecError, Feed, Operand, Program, Reference, State, Streams, run, run_checked,
};
use nemlang::plan::*;
use plans::{BATCH, Builder, SIZES, network, numbers, product, targets};
use proptest::prelude::*;

type Values = (usize, usize, Vec<f64>);

/// One instruction on borrowed inputs.
fn apply<D: Device>(device: &D, op: Op, slots: &[f64], inputs: &[Values], output: (usize, usize)) -> Vec<f64> {
    let upload = |(rows, columns, values): &Values| {
        device.upload(*rows, *columns, values.iter().map(|x| D::Element::from_f64(*x)).collect()).unwrap()
    };
    let buffers: Vec<D::Buffer> = inputs.iter().map(upload).collect();
    let made = device.run(&op, slots, buffers.iter().map(Operand::Borrowed).collect(), output).unwrap();
    assert_eq!(device.shape(&made), output, "{op:?}");
    for (buffer, (_, _, values)) in buffers.iter().zip(inputs) {
        let left: Vec<f64> = device.download(buffer).unwrap().iter().map(|x| x.to_f64()).collect();
        assert!(near(&left, values, 1e-6, 1e-30), "{op:?} changed a borrowed input");
    }
    device.download(&made).unwrap().iter().map(|x| x.to_f64()).collect()
}

/// Equal to `relative` times the larger of the expected value and `scale`; infinities and NaN where expected.
fn near(found: &[f64], expected: &[f64], relative: f64, scale: f64) -> bool {
    let close =
        |(f, e): (&f64, &f64)| f == e || (f.is_nan() && e.is_nan()) || (f - e).abs() <= relative * e.abs().max(scale);
    found.len() == expected.len() && found.iter().zip(expected).all(close)
}

fn row(values: &[f64]) -> Values {
    (1, values.len(), values.to_vec())
}

fn both(op: Op, slots: &[f64], inputs: &[Values], output: (usize, usize), expected: &[f64]) {
    for found in [apply(&Reference, op, slots, inputs, output), apply(&Dfdx::cpu(), op, slots, inputs, output)] {
        assert!(near(&found, expected, 3e-7, 0.0), "{op:?}: {found:?}, not {expected:?}");
    }
}

#[test]
fn unary_instructions_have_their_values() {
    use Unary::*;
    let e = std::f64::consts::E;
    let table: &[(Unary, &[f64], &[f64])] = &[
        (Negate, &[1.5, -2.0], &[-1.5, 2.0]),
        (Exp, &[0.0, 1.0, -1.0], &[1.0, e, 1.0 / e]),
        (Ln, &[1.0, 8.0], &[0.0, 8f64.ln()]),
        (Sqrt, &[0.0, 2.25], &[0.0, 1.5]),
        (Square, &[-3.0, 0.5], &[9.0, 0.25]),
        (Reciprocal, &[4.0, -0.5], &[0.25, -2.0]),
        (Abs, &[-2.0, 3.0, 0.0], &[2.0, 3.0, 0.0]),
        (Sign, &[-2.0, 0.0, 1e-40, 7.0], &[-1.0, 0.0, 1.0, 1.0]),
        (Step, &[-1e-40, 0.0, 2.0], &[0.0, 1.0, 1.0]),
        (Relu, &[-2.0, 0.0, 3.0], &[0.0, 0.0, 3.0]),
        (Sin, &[0.5, -2.0], &[0.5f64.sin(), (-2f64).sin()]),
        (Cos, &[0.5, -2.0], &[0.5f64.cos(), (-2f64).cos()]),
        (Tanh, &[0.5, -30.0], &[0.5f64.tanh(), -1.0]),
        (Logistic, &[0.0, 2.0, -2.0], &[0.5, 0.880_797_077_977_882_3, 0.119_202_922_022_117_67]),
        (Softplus, &[0.0, 3.0, -20.0], &[2f64.ln(), 3.048_587_351_573_742, 2.061_153_620_314_381e-9]),
    ];
    for (op, x, expected) in table {
        both(Op::Unary(*op), &[], &[row(x)], (1, x.len()), expected);
    }
}

#[test]
fn nothing_overflows_far_out() {
    let x = row(&[-1e4, -200.0, 200.0, 1e4]);
    for (op, expected) in [(Unary::Logistic, [0.0, 0.0, 1.0, 1.0]), (Unary::Softplus, [0.0, 0.0, 200.0, 1e4])] {
        let single = apply(&Dfdx::cpu(), Op::Unary(op), &[], std::slice::from_ref(&x), (1, 4));
        assert_eq!(single, expected, "{op:?}");
        let double = apply(&Reference, Op::Unary(op), &[], std::slice::from_ref(&x), (1, 4));
        assert!(near(&double, &expected, 1e-12, 1e-60), "{op:?}");
    }
    both(Op::Softmax, &[], std::slice::from_ref(&x), (1, 4), &[0.0, 0.0, 0.0, 1.0]);
    both(Op::LogSumExp, &[], std::slice::from_ref(&x), (1, 1), &[1e4]);
    both(Op::LogSumExp, &[], &[row(&[-1e4, -1e4])], (1, 1), &[-1e4 + 2f64.ln()]);
}

#[test]
fn other_instructions_have_their_values() {
    let x: Values = (2, 3, vec![1.0, 2.0, 3.0, -1.0, 0.0, 4.0]);
    let y: Values = (2, 3, vec![2.0, 2.0, 2.0, 3.0, -1.0, 0.5]);
    let one = std::slice::from_ref(&x);
    let two = &[x.clone(), y.clone()];
    both(Op::Scale(Scalar::Slot(1)), &[7.0, 2.0], one, (2, 3), &[2.0, 4.0, 6.0, -2.0, 0.0, 8.0]);
    both(Op::Shift(Scalar::Constant(-1.0)), &[], one, (2, 3), &[0.0, 1.0, 2.0, -2.0, -1.0, 3.0]);
    both(Op::Power(3.0), &[], one, (2, 3), &[1.0, 8.0, 27.0, -1.0, 0.0, 64.0]);
    both(Op::SumColumns, &[], one, (2, 1), &[6.0, 3.0]);
    both(Op::SumRows, &[], one, (1, 3), &[0.0, 2.0, 7.0]);
    both(Op::Fill(2.5), &[], &[], (2, 2), &[2.5; 4]);
    let blend = Op::Blend { alpha: Scalar::Slot(0), beta: Scalar::Constant(-1.0) };
    both(blend, &[2.0], two, (2, 3), &[0.0, 2.0, 4.0, -5.0, 1.0, 7.5]);
    both(product(false, true), &[], two, (2, 2), &[12.0, 2.5, 6.0, -1.0]);
    both(product(true, false), &[], two, (3, 3), &[-1.0, 3.0, 1.5, 4.0, 4.0, 4.0, 18.0, 2.0, 8.0]);
    let z: Values = (2, 2, vec![1.0, 2.0, 3.0, 4.0]);
    both(product(false, false), &[], &[z.clone(), z.clone()], (2, 2), &[7.0, 10.0, 15.0, 22.0]);
    both(product(true, true), &[], &[z.clone(), z], (2, 2), &[7.0, 15.0, 10.0, 22.0]);
    both(Op::Softmax, &[], &[row(&[1.0, 2.0, 3.0])], (1, 3), &[0.090_030_573, 0.244_728_471, 0.665_240_956]);
    both(Op::LogSumExp, &[], &[row(&[1.0, 2.0, 3.0])], (1, 1), &[3.407_605_964_444_38]);
}

#[test]
fn element_wise_instructions_repeat_rows_and_columns() {
    let matrix: Values = (2, 3, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let (down, across, single) = (row(&[10.0, 20.0, 30.0]), (2, 1, vec![1.0, -1.0]), row(&[2.0]));
    let check = |op, inputs: [&Values; 2], expected: &[f64]| {
        both(Op::Binary(op), &[], &inputs.map(Clone::clone), (2, 3), expected);
    };
    check(Binary::Add, [&matrix, &down], &[11.0, 22.0, 33.0, 14.0, 25.0, 36.0]);
    check(Binary::Subtract, [&down, &matrix], &[9.0, 18.0, 27.0, 6.0, 15.0, 24.0]);
    check(Binary::Multiply, [&matrix, &across], &[1.0, 2.0, 3.0, -4.0, -5.0, -6.0]);
    check(Binary::Divide, [&matrix, &single], &[0.5, 1.0, 1.5, 2.0, 2.5, 3.0]);
    check(Binary::Maximum, [&across, &down], &[10.0, 20.0, 30.0, 10.0, 20.0, 30.0]);
    check(Binary::Minimum, [&down, &across], &[1.0, 1.0, 1.0, -1.0, -1.0, -1.0]);
}

/// The shapes of the inputs and of the output of `op` on matrices of `r`, `k` and `c`, with or without repetition.
fn shapes(op: Op, [r, k, c]: [usize; 3], repeat: [bool; 4]) -> (Vec<(usize, usize)>, (usize, usize)) {
    let flip = |(a, b), yes| if yes { (b, a) } else { (a, b) };
    let squeeze = |rows, columns| (if rows { 1 } else { r }, if columns { 1 } else { c });
    match op {
        Op::MatMul { transpose: [x, y] } => (vec![flip((r, k), x), flip((k, c), y)], (r, c)),
        Op::Binary(_) => {
            let (x, y) = (squeeze(repeat[0], repeat[1]), squeeze(repeat[2], repeat[3]));
            (vec![x, y], (x.0.max(y.0), x.1.max(y.1)))
        }
        Op::Blend { .. } => (vec![(r, c); 2], (r, c)),
        Op::SumColumns | Op::LogSumExp => (vec![(r, c)], (r, 1)),
        Op::SumRows => (vec![(r, c)], (1, c)),
        _ => (vec![(r, c)], (r, c)),
    }
}

const UNARY: [Unary; 15] = [
    Unary::Negate,
    Unary::Exp,
    Unary::Ln,
    Unary::Sqrt,
    Unary::Square,
    Unary::Reciprocal,
    Unary::Abs,
    Unary::Sign,
    Unary::Step,
    Unary::Relu,
    Unary::Sin,
    Unary::Cos,
    Unary::Tanh,
    Unary::Logistic,
    Unary::Softplus,
];
const BINARY: [Binary; 6] =
    [Binary::Add, Binary::Subtract, Binary::Multiply, Binary::Divide, Binary::Maximum, Binary::Minimum];

fn any_op() -> impl Strategy<Value = Op> {
    let scalar = (-3.0..3.0f64).prop_map(Scalar::Constant);
    prop_oneof![
        4 => prop::sample::select(&UNARY[..]).prop_map(Op::Unary),
        3 => prop::sample::select(&BINARY[..]).prop_map(Op::Binary),
        2 => any::<[bool; 2]>().prop_map(|transpose| Op::MatMul { transpose }),
        1 => scalar.clone().prop_map(Op::Scale),
        1 => scalar.clone().prop_map(Op::Shift),
        1 => prop::sample::select(vec![-1.0, 0.5, 2.0, 3.0]).prop_map(Op::Power),
        1 => (scalar.clone(), scalar).prop_map(|(alpha, beta)| Op::Blend { alpha, beta }),
        1 => Just(Op::SumColumns),
        1 => Just(Op::SumRows),
        1 => Just(Op::Softmax),
        1 => Just(Op::LogSumExp),
    ]
}

/// A few numbers that single precision holds exactly, positive where the instruction asks for it.
fn inputs_for(op: Op, shapes: &[(usize, usize)], seed: u64) -> Vec<Values> {
    let positive = matches!(op, Op::Unary(Unary::Ln | Unary::Sqrt | Unary::Reciprocal) | Op::Power(_))
        || op == Op::Binary(Binary::Divide);
    let number = |i: u64| (i.wrapping_add(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 44) as f64 / f64::from(1 << 17);
    let value = |i: u64| if positive { number(i) + 0.0625 } else { number(i) - 4.0 };
    let fill = |(j, (rows, columns)): (usize, &(usize, usize))| {
        (*rows, *columns, (0..(rows * columns) as u64).map(|i| value(i + 1000 * j as u64)).collect())
    };
    shapes.iter().enumerate().map(fill).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn dfdx_agrees_with_the_reference_on_any_instruction(
        op in any_op(), sizes in prop::array::uniform3(1..20usize), repeat: [bool; 4], seed: u64,
    ) {
        let (shapes, output) = shapes(op, sizes, repeat);
        let inputs = inputs_for(op, &shapes, seed);
        let expected = apply(&Reference, op, &[], &inputs, output);
        let found = apply(&Dfdx::cpu(), op, &[], &inputs, output);
        // Sums may cancel: their error is relative to what was added.
        prop_assert!(near(&found, &expected, 1e-4, 0.1), "{:?}: {:?}, not {:?}", op, found, expected);
    }

    #[test]
    fn dfdx_agrees_with_the_reference_on_any_plan(
        picks in prop::collection::vec((0..9usize, any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..30),
        rows in 1..12usize, columns in 1..9usize,
    ) {
        let program = Program::new(any_plan(&picks, columns)).unwrap();
        let (expected, expected_state) = two_runs(&Reference, &program, rows);
        let (found, found_state) = two_runs(&Dfdx::cpu(), &program, rows);
        for (found, expected) in found.iter().zip(&expected).chain(found_state.iter().zip(&expected_state)) {
            prop_assert!(near(found, expected, 1e-4, 1.0), "{:?}, not {:?}", found, expected);
        }
    }
}

/// Tame instructions on values made before, so that f32 stays near f64; a parameter that is used and then updated.
fn any_plan(picks: &[(usize, prop::sample::Index, prop::sample::Index)], columns: usize) -> Plan {
    let mut b = Builder::default();
    let mut made = vec![b.data("x", columns)];
    let w = b.parameter("w".into(), columns, columns);
    let v = b.parameter("v".into(), 1, columns);
    let noise = Role::Random(Fill { kind: FillKind::StandardNormal, source: 3, coarse: false });
    made.push(b.buffer(Rows::Batch, columns, noise));
    let half = Scalar::Constant(0.5);
    let small = Scalar::Constant(0.1);
    for (pick, x, y) in picks {
        let (x, y) = (made[x.index(made.len())], made[y.index(made.len())]);
        let output = match pick {
            0 => b.batch(Op::Unary(Unary::Logistic), &[x], columns),
            1 => b.batch(Op::Unary(Unary::Tanh), &[x], columns),
            2 => b.batch(Op::Blend { alpha: half, beta: small }, &[x, y], columns),
            3 => b.batch(Op::Binary(Binary::Maximum), &[x, y], columns),
            4 => b.batch(Op::Softmax, &[x], columns),
            5 => b.batch(Op::Binary(Binary::Subtract), &[x, v], columns),
            6 => {
                let product = b.batch(product(false, false), &[x, w], columns);
                b.batch(Op::Unary(Unary::Tanh), &[product], columns)
            }
            7 => {
                let bounded = b.batch(Op::Unary(Unary::Sin), &[x], columns);
                b.batch(Op::Binary(Binary::Multiply), &[bounded, bounded], columns)
            }
            _ => {
                let gradient = b.buffer(Rows::Fixed(1), columns, Role::Temporary);
                b.emit(Op::SumRows, &[y], gradient);
                b.emit(Op::Blend { alpha: half, beta: small }, &[v, gradient], v);
                x
            }
        };
        made.push(output);
    }
    b.0.outputs = made.iter().map(|id| (format!("b{}", id.0), *id)).chain([("v".into(), v)]).collect();
    b.0
}

/// The outputs of the second of two runs and the state after it.
fn two_runs<D: Device>(device: &D, program: &Program, rows: usize) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let elements =
        |count| -> Vec<D::Element> { numbers(count).iter().map(|x| D::Element::from_f64(f64::from(*x))).collect() };
    let persistent = &program.plan().persistent;
    let mut state =
        State::new(device, persistent, persistent.iter().map(|p| elements(p.rows * p.columns)).collect()).unwrap();
    let columns = program.plan().buffers[0].columns;
    let (ids, streams) = (Vec::from_iter(0..rows), Streams::new(5));
    let f64s = |values: Vec<D::Element>| values.iter().map(|x| x.to_f64()).collect::<Vec<f64>>();
    let mut step = |step| {
        let feeds = vec![Feed::Values(elements(rows * columns))];
        let call = Call { rows: &ids, step, streams: &streams, feeds, slots: &[] };
        let outputs = run(device, program, &mut state, call).unwrap();
        outputs.iter().map(|b| f64s(device.download(b).unwrap())).collect()
    };
    step(0);
    let outputs = step(1);
    (outputs, (0..persistent.len()).map(|i| f64s(state.download(device, i).unwrap())).collect())
}

fn call<'a, E, B>(rows: &'a [usize], streams: &'a Streams, feeds: Vec<Feed<E, B>>) -> Call<'a, E, B> {
    Call { rows, step: 0, streams, feeds, slots: &[] }
}

/// w ← w + x, with the new w, x itself and x·x as outputs.
fn accumulate() -> Program {
    let mut b = Builder::default();
    let x = b.data("x", 2);
    let w = b.parameter("w".into(), 1, 2);
    let square = b.batch(Op::Binary(Binary::Multiply), &[x, x], 2);
    let sum = b.buffer(Rows::Fixed(1), 2, Role::Temporary);
    b.emit(Op::SumRows, &[x], sum);
    b.emit(Op::Binary(Binary::Add), &[w, sum], w);
    b.0.outputs = vec![("w".into(), w), ("square".into(), square)];
    Program::new(b.0).unwrap()
}

#[test]
fn what_a_caller_holds_is_never_overwritten() {
    let (device, program, streams) = (Dfdx::cpu(), accumulate(), Streams::new(1));
    let mut state = State::new(&device, &program.plan().persistent, vec![vec![10.0, 20.0]]).unwrap();
    let before = state.clone();
    let x = device.upload(1, 2, vec![1.0, 2.0]).unwrap();
    let mut go = || run(&device, &program, &mut state, call(&[0], &streams, vec![Feed::Buffer(x.clone())])).unwrap();
    let (first, second) = (go(), go());
    let read = |buffer| device.download(buffer).unwrap();
    assert_eq!([read(&first[0]), read(&first[1])], [[11.0, 22.0], [1.0, 4.0]]);
    assert_eq!(read(&second[program.output("w").unwrap()]), [12.0, 24.0]);
    assert_eq!(read(&x), [1.0, 2.0]);
    assert_eq!(before.download(&device, 0).unwrap(), [10.0, 20.0]);
    assert_eq!(state.download(&device, 0).unwrap(), [12.0, 24.0]);
}

#[test]
fn a_call_that_does_not_fit_is_refused_and_leaves_the_state_alone() {
    let (device, program, streams) = (Reference, accumulate(), Streams::new(1));
    let mut state = State::new(&device, &program.plan().persistent, vec![vec![1.0, 1.0]]).unwrap();
    let mut go = |rows: &[usize], feeds, slots: &[f64]| {
        run(&device, &program, &mut state, Call { rows, step: 0, streams: &streams, feeds, slots }).unwrap_err()
    };
    let feed = |count| vec![Feed::Values(vec![0.0; count])];
    assert_eq!(go(&[0], feed(2), &[1.0]), ExecError::Count { what: "slots", expected: 0, found: 1 });
    assert_eq!(go(&[0], vec![], &[]), ExecError::Count { what: "feeds", expected: 1, found: 0 });
    assert_eq!(go(&[], feed(0), &[]), ExecError::Count { what: "examples", expected: 1, found: 0 });
    assert_eq!(go(&[0], feed(3), &[]), ExecError::Count { what: "values to upload", expected: 2, found: 3 });
    let wide = vec![Feed::Buffer(device.upload(2, 2, vec![0.0; 4]).unwrap())];
    assert_eq!(go(&[0], wide, &[]).to_string(), "the data `x` is 2 by 2, but 1 by 2 was expected");
    assert_eq!(state.download(&device, 0).unwrap(), [1.0, 1.0]);
}

#[test]
fn a_plan_may_use_the_leading_part_of_a_state_and_no_other() {
    let (device, program, streams) = (Reference, accumulate(), Streams::new(1));
    let named = |name: &str| Persistent { name: name.into(), rows: 1, columns: 2 };
    let go = |names: &[&str]| {
        let persistent: Vec<Persistent> = names.iter().map(|name| named(name)).collect();
        let mut state = State::new(&device, &persistent, vec![vec![0.0; 2]; names.len()]).unwrap();
        let feeds = vec![Feed::Values(vec![1.0, 1.0])];
        run(&device, &program, &mut state, call(&[0], &streams, feeds)).map(|outputs| outputs[0].values.clone())
    };
    assert_eq!(go(&["w", "momentum"]), Ok(vec![1.0, 1.0]));
    assert!(matches!(go(&["momentum", "w"]), Err(ExecError::State { .. })));
    assert!(matches!(go(&[]), Err(ExecError::Count { .. })));
}

#[test]
fn a_checked_run_names_the_expression_that_made_a_nan() {
    let mut b = Builder::default();
    let x = b.data("x", 2);
    let safe = b.batch(Op::Unary(Unary::Exp), &[x], 2);
    let ln = b.batch(Op::Unary(Unary::Ln), &[x], 2);
    let sum = b.batch(Op::Binary(Binary::Add), &[ln, safe], 2);
    b.0.outputs = vec![("sum".into(), sum)];
    b.0.origins = ["exp(x)", "ln(x)", "ln(x) + exp(x)"].map(|t| Origin { text: t.into(), span: None }).to_vec();
    (0..3).for_each(|i| b.0.instrs[i].origin = i);
    let (program, streams) = (Program::new(b.0).unwrap(), Streams::new(1));
    let go = |x: [f32; 2]| {
        let (device, feeds) = (Dfdx::cpu(), vec![Feed::Values(x.to_vec())]);
        let mut state = State::new(&device, &[], vec![]).unwrap();
        run_checked(&device, &program, &mut state, call(&[0], &streams, feeds)).map(|outputs| outputs.len())
    };
    assert_eq!(go([1.0, 2.0]), Ok(1));
    assert_eq!(go([1.0, -2.0]), Err(ExecError::NonFinite { origin: 1 }));
    assert_eq!(go([1.0, 200.0]), Err(ExecError::NonFinite { origin: 0 }));
    assert_eq!(go([1.0, f32::NAN]), Err(ExecError::NonFiniteInput("x".into())));
}

#[test]
fn random_buffers_belong_to_their_rows() {
    let mut b = Builder::default();
    let [batch, fixed] = [Rows::Batch, Rows::Fixed(2)].map(|rows| {
        b.buffer(rows, 3, Role::Random(Fill { kind: FillKind::StandardUniform, source: 4, coarse: false }))
    });
    b.0.outputs = vec![("batch".into(), batch), ("fixed".into(), fixed)];
    let (program, streams) = (Program::new(b.0).unwrap(), Streams::new(9));
    let go = |rows: &[usize]| {
        let mut state = State::new(&Reference, &[], vec![]).unwrap();
        let outputs = run(&Reference, &program, &mut state, call(rows, &streams, vec![])).unwrap();
        outputs.into_iter().map(|m| m.values).collect::<Vec<_>>()
    };
    let (whole, part) = (go(&[0, 1, 2, 3]), go(&[3, 1]));
    assert_eq!(part[0][..3], whole[0][9..]);
    assert_eq!(part[0][3..], whole[0][3..6]);
    // Chains are named by the first example of their batch.
    assert_eq!(whole[1], whole[0][..6]);
    assert_ne!(part[1], whole[1]);
    assert_eq!(part[1], go(&[3, 2])[1]);
}

/// The parameters after three steps of the classifier, in a rayon pool of so many threads.
fn trained(threads: usize) -> Vec<Vec<f32>> {
    let steps = || {
        let (device, program, streams) = (Dfdx::cpu(), Program::new(network()).unwrap(), Streams::new(1));
        let persistent = &program.plan().persistent;
        let values = persistent.iter().map(|p| numbers(p.rows * p.columns)).collect();
        let mut state = State::new(&device, persistent, values).unwrap();
        for _ in 0..3 {
            let feeds = vec![Feed::Values(numbers(BATCH * SIZES[0])), Feed::Values(targets())];
            run(&device, &program, &mut state, call(&Vec::from_iter(0..BATCH), &streams, feeds)).unwrap();
        }
        (0..persistent.len()).map(|i| state.download(&device, i).unwrap()).collect()
    };
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(steps)
}

#[test]
fn the_count_of_threads_changes_no_bit() {
    let bits = |threads| trained(threads).concat().into_iter().map(f32::to_bits).collect::<Vec<_>>();
    assert_eq!(bits(1), bits(2));
}
