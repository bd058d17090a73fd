//! What a prompt answers, without a terminal.

mod distributions;
mod expressions;
mod holes;
mod random;

use nemlang::prompt::{Listener, Prompt};

/// Everything that was said and told.
#[derive(Default)]
struct Heard {
    said: Vec<String>,
    told: Vec<String>,
}

impl Listener for Heard {
    fn say(&mut self, text: &str) {
        self.said.push(text.into());
    }

    fn tell(&mut self, text: &str) {
        self.told.push(text.into());
    }
}

/// The answer to each of these inputs, entered one after the other; what is wrong with them stands in it as well.
fn answers(inputs: &[&str]) -> Vec<String> {
    let mut prompt = Prompt::default();
    let each = inputs.iter().map(|input| {
        let mut heard = Heard::default();
        prompt.enter(input, &mut heard);
        heard.said.into_iter().chain(heard.told).collect::<Vec<_>>().join("\n")
    });
    each.collect()
}

/// The answer to the last of these inputs.
fn last(inputs: &[&str]) -> String {
    answers(inputs).pop().unwrap_or_default()
}

fn answer(input: &str) -> String {
    last(&[input])
}
