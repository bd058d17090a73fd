//! The prompt: what it completes and colours, and how `nem` alone behaves at a pipe and in a terminal.

mod colours;
mod completion;
#[cfg(unix)]
mod recorded;
mod robust;
mod scripts;
mod settings;
#[cfg(unix)]
mod terminal;

use std::path::Path;

use assert_cmd::Command;
use nemlang::prompt::{Listener, Prompt};

/// Remembers what it hears.
#[derive(Default)]
struct Heard {
    said: String,
    told: String,
}

impl Listener for Heard {
    fn say(&mut self, text: &str) {
        self.said += &format!("{text}\n");
    }

    fn tell(&mut self, text: &str) {
        self.told += &format!("{text}\n");
    }
}

/// A prompt at which this was entered without a problem.
fn prompt(inputs: &[&str]) -> Prompt {
    let (mut prompt, mut heard) = (Prompt::default(), Heard::default());
    for input in inputs {
        prompt.enter(input, &mut heard);
    }
    assert_eq!(heard.told, "");
    prompt
}

/// How a run of `nem` ended.
struct Ended {
    well: bool,
    out: String,
    err: String,
}

/// Runs `nem` with the folders of its files below `home`.
fn nem(home: &Path, args: &[&str], input: &str) -> Ended {
    let mut command = Command::cargo_bin("nem").unwrap();
    command.env("XDG_CONFIG_HOME", home.join("config")).env("XDG_STATE_HOME", home.join("state"));
    let output = command.args(args).write_stdin(input).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ended { well: output.status.success(), out: text(output.stdout), err: text(output.stderr) }
}
