//! Answers on standard output, problems on standard error.

use std::io::{self, IsTerminal, Write};

use crate::prompt::Listener;

pub struct Screen {
    /// Whether anyone sees what a command is at.
    live: bool,
    /// Whether the last line is what a command was at.
    shown: bool,
}

impl Screen {
    pub fn new() -> Screen {
        Screen { live: io::stdout().is_terminal(), shown: false }
    }

    /// Takes back what a command was at.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            write("\r\x1b[K");
        }
    }
}

impl Listener for Screen {
    fn say(&mut self, text: &str) {
        self.clear();
        write(&format!("{}\n", text.trim_end_matches('\n')));
    }

    fn tell(&mut self, text: &str) {
        self.clear();
        let _ = writeln!(io::stderr(), "{}", text.trim_end_matches('\n'));
    }

    fn show(&mut self, text: &str) {
        if self.live {
            write(&format!("\r{}\x1b[K", text.trim_end()));
            self.shown = true;
        }
    }
}

/// Writes to standard output. A reader that has seen enough, such as `head`, ends the program quietly.
pub fn write(text: &str) {
    let mut out = io::stdout().lock();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Passes problems on and nothing else.
pub struct Quiet<'s>(pub &'s mut Screen);

impl Listener for Quiet<'_> {
    fn say(&mut self, _: &str) {}

    fn tell(&mut self, text: &str) {
        self.0.tell(text);
    }
}
