//! Where the time of a training step goes: its instructions one by one, on one thread. `cargo bench --bench parts`.

use divan::Bencher;
use nemlang::exec::{Device, Dfdx, Operand, single_threaded};
use nemlang::plan::{Binary, Op, Unary};

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    assert!(single_threaded());
    divan::main();
}

type Shape = (usize, usize);

const MATMUL: Op = Op::MatMul { transpose: [false, false] };
const GRADIENT: Op = Op::MatMul { transpose: [true, false] };
const BACK: Op = Op::MatMul { transpose: [false, true] };

/// Name, instruction, shapes of the inputs and of the output; all of a 784-40-40-40-10 network at batch 100.
const PARTS: &[(&str, Op, &[Shape], Shape)] = &[
    ("x @ W, 784 to 40", MATMUL, &[(100, 784), (784, 40)], (100, 40)),
    ("gradient of W, 784 × 40", GRADIENT, &[(100, 784), (100, 40)], (784, 40)),
    ("h @ W, 40 to 40", MATMUL, &[(100, 40), (40, 40)], (100, 40)),
    ("gradient of W, 40 × 40", GRADIENT, &[(100, 40), (100, 40)], (40, 40)),
    ("δ @ Wᵀ, 40 to 40", BACK, &[(100, 40), (40, 40)], (100, 40)),
    ("bias", Op::Binary(Binary::Add), &[(1, 40), (100, 40)], (100, 40)),
    ("logistic", Op::Unary(Unary::Logistic), &[(100, 40)], (100, 40)),
    ("multiply", Op::Binary(Binary::Multiply), &[(100, 40), (100, 40)], (100, 40)),
    ("softmax, 10", Op::Softmax, &[(100, 10)], (100, 10)),
    ("gradient of b", Op::SumRows, &[(100, 40)], (1, 40)),
];

#[divan::bench(args = PARTS.iter().map(|p| p.0), sample_count = 300, sample_size = 20)]
fn part(bencher: Bencher, name: &str) {
    let (_, op, inputs, output) = PARTS.iter().find(|p| p.0 == name).unwrap();
    let device = Dfdx::cpu();
    let fill = |(rows, columns): &Shape| {
        let values = (0..rows * columns).map(|i| (i as f32 * 0.618_034).fract() - 0.5).collect();
        device.upload(*rows, *columns, values).unwrap()
    };
    let inputs: Vec<_> = inputs.iter().map(fill).collect();
    bencher.bench_local(|| device.run(op, &[], inputs.iter().map(Operand::Borrowed).collect(), *output).unwrap());
}
