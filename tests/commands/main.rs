//! The commands of a prompt, without a terminal: what each answers, and what it says of what it cannot do.

mod declarations;
mod files;
mod look;
mod networks;
mod settings;
mod sizes;

use std::sync::{Mutex, MutexGuard, PoisonError};

use nemlang::prompt::{COMMANDS, Listener, Next, Prompt};

/// Whether training is asked to stop is one for all threads.
pub fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was answered.
#[derive(Default)]
pub struct Told {
    pub out: String,
    pub err: String,
    /// Pictures that took each other's place.
    pub shown: Vec<String>,
}

impl Listener for Told {
    fn say(&mut self, text: &str) {
        self.out += &format!("{text}\n");
    }

    fn tell(&mut self, text: &str) {
        self.err += text;
    }

    fn show(&mut self, text: &str) {
        self.shown.push(text.into());
    }
}

/// Enters these inputs one after the other; the answer to the last.
pub fn told(prompt: &mut Prompt, inputs: &[&str]) -> Told {
    let mut last = Told::default();
    for input in inputs {
        last = Told::default();
        assert_eq!(prompt.enter(input, &mut last), Next::Go, "{input}");
    }
    last
}

/// What is printed by the last of these, which finds nothing wrong.
pub fn answered(prompt: &mut Prompt, inputs: &[&str]) -> String {
    let Told { out, err, .. } = told(prompt, inputs);
    assert_eq!(err, "", "{inputs:?}");
    out
}

/// Everything in it is found in the answer to the last of these.
pub fn says(prompt: &mut Prompt, inputs: &[&str], wanted: &[&str]) {
    let out = answered(prompt, inputs);
    for words in wanted {
        assert!(out.contains(words), "`{words}` is not in the answer to {inputs:?}:\n{out}");
    }
}

/// The last of these is refused, with this code and these words, and a remedy.
pub fn refuses(prompt: &mut Prompt, inputs: &[&str], code: &str, words: &str) {
    let Told { err, .. } = told(prompt, inputs);
    assert!(err.contains(&format!("[{code}]")) && err.contains(words), "{code} {words} of {inputs:?}:\n{err}");
    assert!(err.contains("help: "), "no remedy:\n{err}");
}

pub const ROBUST: &str = "/// Tails that fall off exponentially.
likelihood robust(mu: real, b: positive = 1) over y: real {
    log_density = -abs(y - mu) / b - ln(2 * b)
    mean = mu
}";
pub const DATA: &str = "data d { x: real = linspace(0, 6) take 20  y: real = sin(x) }";
pub const MODEL: &str = "model M(hidden = 3) { input x: real  h ~ bernoulli(logistic(affine(x, hidden)))  observe y: real ~ robust(affine(h, 1)) }";

#[test]
fn every_command_is_listed_and_explained() {
    let mut prompt = Prompt::default();
    let all = answered(&mut prompt, &[":help"]);
    for command in COMMANDS {
        assert!(all.contains(&format!("  :{}", command.name)), "{all}");
        let own = answered(&mut prompt, &[&format!(":help {}", command.name)]);
        assert!(own.starts_with(&format!(":{}", command.name)) && own.contains(command.does), "{own}");
    }
    refuses(&mut prompt, &[":helf"], "E0901", "did you mean `help`?");
    refuses(&mut prompt, &[":help derivve"], "E0901", "did you mean `derive`?");
    refuses(&mut prompt, &[":"], "E0901", "a command stands behind the colon");
    says(&mut prompt, &[": he qu"], &[":quit"]);
    refuses(&mut prompt, &[":t"], "E0901", "`:train`, `:time`, `:tour`");
    refuses(&mut prompt, &[":quit now"], "E0901", "`:quit` takes nothing");
    refuses(&mut prompt, &[":derive gaussian --at \"y=2\""], "E0901", "here it is `:derive NAME [at y=2 mu=0]");
}

#[test]
fn quitting_ends_it_and_nothing_else_does() {
    let mut prompt = Prompt::default();
    assert_eq!(prompt.enter(":quit", &mut Told::default()), Next::Quit);
    assert_eq!(prompt.enter("   ", &mut Told::default()), Next::Go);
}
