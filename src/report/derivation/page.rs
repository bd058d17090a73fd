//! Lines with a label on the left and mathematics on the right.

use crate::report::wrap;

const COLUMNS: usize = 100;

/// Where the text of every line starts.
const TEXT: usize = 20;

/// Collects the lines of a block.
#[derive(Default)]
pub struct Page {
    text: String,
}

impl Page {
    pub fn heading(&mut self, text: &str) {
        self.text += &wrap(text, COLUMNS);
        self.text.push('\n');
    }

    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A heading inside a block.
    pub fn part(&mut self, text: &str) {
        self.text += &format!("\n  {text}\n");
    }

    /// A labelled line; long text goes on below itself. An empty label continues the one above.
    pub fn line(&mut self, label: &str, text: &str) {
        let label = format!("    {label}");
        let padding = " ".repeat(TEXT.saturating_sub(label.chars().count() + 1) + 1);
        let wrapped = wrap(text, COLUMNS - TEXT);
        let indent = " ".repeat(TEXT);
        for (i, line) in wrapped.lines().enumerate() {
            self.text += &if i == 0 { format!("{label}{padding}{line}\n") } else { format!("{indent}{line}\n") };
        }
    }

    pub fn finish(self) -> String {
        self.text
    }
}
