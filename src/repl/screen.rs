//! Answers on standard output, problems on standard error.

use std::io::{self, IsTerminal, Write};

use crate::prompt::Listener;

pub struct Screen {
    /// Whether anyone sees what a command is at.
    live: bool,
    /// How many of the last lines are what a command was at.
    shown: usize,
}

impl Screen {
    pub fn new() -> Screen {
        Screen { live: io::stdout().is_terminal(), shown: 0 }
    }

    /// Takes back what a command was at.
    pub fn take_back(&mut self) {
        match std::mem::take(&mut self.shown) {
            0 => {}
            1 => write("\r\x1b[J"),
            lines => write(&format!("\r\x1b[{}A\x1b[J", lines - 1)),
        }
    }
}

impl Listener for Screen {
    fn say(&mut self, text: &str) {
        self.take_back();
        write(&format!("{}\n", text.trim_end_matches('\n')));
    }

    fn tell(&mut self, text: &str) {
        self.take_back();
        let _ = writeln!(io::stderr(), "{}", text.trim_end_matches('\n'));
    }

    fn show(&mut self, text: &str) {
        if self.live {
            self.take_back();
            write(text.trim_end());
            self.shown = text.trim_end().lines().count();
        }
    }

    fn clear(&mut self) {
        if self.live {
            write("\x1b[2J\x1b[H");
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
