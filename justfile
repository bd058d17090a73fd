# Common tasks; `just` lists them.

default:
    @just --list

# Train the main example
train:
    cargo run --release -- train examples/digits.nem

# Tests, as the README has them
test:
    cargo test --release

# Formatting and lints
lint:
    cargo fmt --all --check
    cargo clippy --release --all-targets -- -D warnings

# Speed of one training step
bench:
    cargo bench --bench step

# Everything that has to hold before a change lands
ci:
    bash .ci/run

# The book, with mdbook installed
book:
    mdbook serve docs
