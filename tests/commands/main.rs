//! The commands of a prompt, without a terminal: what each answers, and what it says of what it cannot do.

mod session;

use nemlang::prompt::{Listener, Next, Prompt};

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
