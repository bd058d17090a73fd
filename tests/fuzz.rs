//! Programs with tokens and lines deleted, doubled, swapped and exchanged: whatever comes out, checking and deriving
//! answer, soon, and without a panic.
//!
//! The seed is fixed. More and other cases: `NEM_FUZZ=20000 NEM_FUZZ_SEED=8 cargo test --test fuzz --release`.

use std::time::{Duration, Instant};

use nemlang::diag::{MessageFormat, render};
use nemlang::report::derivation;
use nemlang::session::Session;
use nemlang::stdlib;
use nemlang::train::network::Network;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const EXAMPLES: &[&str] = &[
    include_str!("../examples/digits.nem"),
    include_str!("../examples/digits8.nem"),
    include_str!("../examples/laplace.nem"),
    include_str!("../examples/sine.nem"),
];

/// The examples and the library.
fn programs() -> Vec<&'static str> {
    EXAMPLES.iter().copied().chain(stdlib::FILES.iter().map(|(_, text)| *text)).collect()
}

/// How long one answer may take. A debug build on a busy machine is slow; a run without limits takes for ever.
const PATIENCE: Duration = if cfg!(debug_assertions) { Duration::from_secs(8) } else { Duration::from_secs(2) };

/// A stack as the command has it; the one of a test thread is far smaller.
const STACK: usize = 256 << 20;

/// One change of a sequence of pieces. Places are taken modulo its length.
#[derive(Clone, Debug)]
enum Edit {
    Delete(usize),
    Double(usize),
    Swap(usize, usize),
    /// Puts a piece in the place of another.
    Copy(usize, usize),
    /// Puts a word that means something in the place of a piece.
    Insert(usize, &'static str),
}

const WORDS: &[&str] = &[
    "0",
    "1",
    "-1",
    "1e9",
    "0.5",
    "1e308",
    "x",
    "y",
    "h",
    "K",
    "pi",
    "ln",
    "exp",
    "sum",
    "sqrt",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    "+",
    "-",
    "*",
    "/",
    "@",
    "^",
    "~",
    "=",
    "..",
    "real",
    "positive",
    "unit",
    "binary",
    "bipolar",
    "count",
    "simplex[3]",
    "one_hot[3]",
    "interval(-1, 1)",
    "input",
    "param",
    "observe",
    "draw",
    "softmax",
    "logistic",
    "affine",
    "gaussian",
    "categorical",
    "test",
    "take",
    "seed",
    "noise",
    "train",
    "model",
    "layer",
    "fn",
    "\"a\"",
    "\n",
];

fn edit() -> impl Strategy<Value = Edit> {
    let at = || 0usize..2000;
    prop_oneof![
        at().prop_map(Edit::Delete),
        at().prop_map(Edit::Double),
        (at(), at()).prop_map(|(a, b)| Edit::Swap(a, b)),
        (at(), at()).prop_map(|(a, b)| Edit::Copy(a, b)),
        (at(), prop::sample::select(WORDS)).prop_map(|(a, word)| Edit::Insert(a, word)),
    ]
}

impl Edit {
    fn apply<'t>(&self, pieces: &mut Vec<&'t str>)
    where
        'static: 't,
    {
        let n = pieces.len().max(1);
        match *self {
            _ if pieces.is_empty() => {}
            Edit::Delete(a) => drop(pieces.remove(a % n)),
            Edit::Double(a) => pieces.insert(a % n, pieces[a % n]),
            Edit::Swap(a, b) => pieces.swap(a % n, b % n),
            Edit::Copy(a, b) => pieces[a % n] = pieces[b % n],
            Edit::Insert(a, word) => pieces[a % n] = word,
        }
    }
}

/// Tokens with the blanks between them.
fn tokens(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut pieces = vec![];
    let mut start = 0;
    let mut last = None;
    for (i, c) in text.char_indices() {
        let now = class(c);
        if last.is_some_and(|l| l != now || now == 2) {
            pieces.push(&text[start..i]);
            start = i;
        }
        last = Some(now);
    }
    pieces.push(&text[start..]);
    pieces
}

fn mutated(which: usize, lines: bool, edits: &[Edit]) -> String {
    let text = programs()[which];
    let mut pieces: Vec<&str> = if lines { text.split_inclusive('\n').collect() } else { tokens(text) };
    edits.iter().for_each(|edit| edit.apply(&mut pieces));
    pieces.concat()
}

/// Everything short of training. Problems have a help; what checks derives, or says why not.
fn answer(text: &str) {
    let session = Session::from_text("fuzz.nem", text, None);
    let told = render(&session.problems, &session.sources, MessageFormat::Text, false);
    assert!(session.problems.iter().all(|p| p.help.is_some()), "{told}\n{text}");
    assert!(!told.contains("something else"), "{told}\n{text}");
    if !session.problems.has_errors() {
        session.trainings(None, &[]).unwrap_or_default().iter().for_each(|t| drop(Network::new(t)));
        match session.derive(None) {
            Ok(derived) => drop(derivation::program(&derived)),
            Err(problems) => {
                let told = render(&problems, &session.sources, MessageFormat::Text, false);
                assert!(problems.iter().all(|p| p.help.is_some()), "{told}\n{text}");
            }
        }
    }
}

/// A number from the environment, or else this one.
fn wish(name: &str, usual: u32) -> u32 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

#[test]
fn mutated_programs_are_answered_soon_and_without_a_panic() {
    let fuzz = || {
        let config = Config {
            cases: wish("NEM_FUZZ", 300),
            failure_persistence: None,
            max_shrink_iters: 500,
            ..Config::default()
        };
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[wish("NEM_FUZZ_SEED", 7) as u8; 32]);
        let program = (0..programs().len(), any::<bool>(), prop::collection::vec(edit(), 1..6));
        let outcome = TestRunner::new_with_rng(config, random).run(&program, |(which, lines, edits)| {
            let text = mutated(which, lines, &edits);
            let began = Instant::now();
            answer(&text);
            prop_assert!(began.elapsed() < PATIENCE, "{:?} for\n{}", began.elapsed(), text);
            Ok(())
        });
        outcome.unwrap_or_else(|failure| panic!("{failure}"));
    };
    std::thread::Builder::new().stack_size(STACK).spawn(fuzz).unwrap().join().unwrap();
}
