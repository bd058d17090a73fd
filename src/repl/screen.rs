//! Answers on standard output, problems on standard error.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use terminal_size::{Width, terminal_size};

use super::fold::folded;
use crate::prompt::{Listener, WIDEST};

/// How many of the last lines are what a command is at; none when it is at nothing.
static SHOWN: AtomicUsize = AtomicUsize::new(0);

/// Says something in a line of its own below what a command is at, which goes with it.
pub fn notice(text: &str) {
    eprintln!("\n{text}");
    let _ = SHOWN.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |lines| (lines > 0).then_some(lines + 2));
}

pub struct Screen {
    /// Whether anyone sees what a command is at.
    live: bool,
}

impl Screen {
    pub fn new() -> Screen {
        Screen { live: io::stdout().is_terminal() }
    }

    /// Takes back what a command was at.
    pub fn take_back(&mut self) {
        match SHOWN.swap(0, Ordering::Relaxed) {
            0 => {}
            1 => write("\r\x1b[J"),
            lines => write(&format!("\r\x1b[{}A\x1b[J", lines - 1)),
        }
    }
}

impl Listener for Screen {
    fn say(&mut self, text: &str) {
        self.take_back();
        let text = text.trim_end_matches('\n');
        let text = if self.live { folded(text, width()) } else { text.into() };
        write(&format!("{text}\n"));
    }

    fn columns(&self) -> usize {
        if self.live { width().min(WIDEST) } else { WIDEST }
    }

    fn tell(&mut self, text: &str) {
        self.take_back();
        let _ = writeln!(io::stderr(), "{}", text.trim_end_matches('\n'));
    }

    fn show(&mut self, text: &str) {
        if self.live {
            self.take_back();
            write(&cut(text.trim_end()));
            SHOWN.store(text.trim_end().lines().count(), Ordering::Relaxed);
        }
    }

    fn clear(&mut self) {
        if self.live {
            write("\x1b[2J\x1b[H");
        }
    }
}

/// How many characters a line of the terminal holds, all but the last, after which terminals differ.
pub fn width() -> usize {
    terminal_size().map_or(usize::MAX, |(Width(columns), _)| usize::from(columns).max(2) - 1)
}

/// What does not fit into a line of the terminal is left out: a line that goes on below could not be taken back.
fn cut(text: &str) -> String {
    let columns = width();
    text.lines().map(|line| line.chars().take(columns).collect::<String>()).collect::<Vec<_>>().join("\n")
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
