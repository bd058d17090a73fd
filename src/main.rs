//! The command `nem`.

use std::process::ExitCode;

/// Derivations make many small lists, which this allocator is quick with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Deep expressions are walked by recursion; a generous stack costs nothing until it is used.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(nemlang::cli::main);
    match worker.map(|w| w.join()) {
        Ok(Ok(code)) => code,
        _ => ExitCode::from(101),
    }
}
